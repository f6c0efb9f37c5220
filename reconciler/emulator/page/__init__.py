"""A page for people at `/`: what the account holds, and the requests that it was sent, without secrets.

It reads and never changes anything; it needs no credentials, and no other origin may read it.
"""

from reconciler.emulator.page.answers import LET_IN, Source, is_meant, respond

__all__ = ["LET_IN", "Source", "is_meant", "respond"]
