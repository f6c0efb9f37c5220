"""Faults: what may go wrong, which requests it happens to, and what is then answered."""
