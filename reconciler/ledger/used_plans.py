"""A saved plan's digest to the promise that it is applied once: an object that only one run can create."""

from __future__ import annotations

from reconciler.ledger.store import Store
from reconciler.model import Problem, Problems

APPLIED_BEFORE = Problem("this plan was applied before", hint="make a new plan; a saved plan applies once")


def was_applied(store: Store, digest: str) -> bool:
    """Whether a run has claimed the plan, though its mark be torn. Raises `LedgerFailed`."""
    return store.modified(_key(digest)) is not None


def claim(store: Store, digest: str) -> None:
    """Mark the plan as applied. Raises `Problems` (exit 3) when it was before, or `LedgerFailed`."""
    if not store.create(_key(digest), {"plan": digest}):
        raise Problems([APPLIED_BEFORE], 3)


def _key(digest: str) -> str:
    return f"used-plans/{digest}"
