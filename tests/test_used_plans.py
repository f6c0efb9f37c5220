"""The ledger's promise that a saved plan is applied once, without the commands around it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reconciler.ledger.store import LedgerFailed, Store, open_store
from reconciler.ledger.used_plans import APPLIED_BEFORE, claim, was_applied
from reconciler.model import Problems

DIGEST = "5" * 64


def test_a_plan_is_claimed_once(store: Store) -> None:
    """A second claim is refused with exit 3, and another plan's is not."""
    assert not was_applied(store, DIGEST)
    claim(store, DIGEST)
    assert was_applied(store, DIGEST)
    with pytest.raises(Problems) as refused:
        claim(store, DIGEST)
    assert (refused.value.problems, refused.value.exit_code) == ((APPLIED_BEFORE,), 3)
    claim(store, "6" * 64)


def test_of_runs_that_start_together_one_has_the_plan(store: Store) -> None:
    """Of eight claims at once one succeeds, though none of them saw the plan as applied."""

    def claimed(_: int) -> bool:
        try:
            claim(store, DIGEST)
        except Problems:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        ends = list(threads.map(claimed, range(8)))
    assert sorted(ends) == [False] * 7 + [True]


def test_a_torn_mark_is_a_mark(tmp_path: Path) -> None:
    """A plan whose mark is empty, as an older version left it, was applied."""
    (tmp_path / "used-plans").mkdir()
    (tmp_path / "used-plans" / DIGEST).touch()
    store = open_store(str(tmp_path), {})
    assert was_applied(store, DIGEST)
    with pytest.raises(Problems) as refused:
        claim(store, DIGEST)
    assert refused.value.problems == (APPLIED_BEFORE,)


def test_a_claim_that_cannot_be_kept_is_a_problem(tmp_path: Path) -> None:
    """Where the ledger cannot be written no plan counts as claimed."""
    (tmp_path / "ledger").write_text("")
    store = open_store(str(tmp_path / "ledger"), {})
    with pytest.raises(LedgerFailed):
        was_applied(store, DIGEST)
    with pytest.raises(LedgerFailed) as failed:
        claim(store, DIGEST)
    assert failed.value.message == f"the ledger {tmp_path / 'ledger'} cannot be written: File exists"
