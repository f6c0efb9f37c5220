"""What is kept between runs in an object store: lock, journal, intents, creations, used plans, digests.

The account is the state. Without the ledger the plan stays right; lost are the history, the sight of
rotated passwords, and the second line of defence against buying twice.
"""
