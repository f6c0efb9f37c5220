"""The ledger's promise that a saved plan is applied once, without the commands around it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reconciler.ledger.used_plans import APPLIED_BEFORE, claim, was_applied
from reconciler.model import Problems

DIGEST = "5" * 64


def test_a_plan_is_claimed_once(tmp_path: Path) -> None:
    """A second claim is refused with exit 3, and another plan's is not."""
    assert not was_applied(tmp_path, DIGEST)
    claim(tmp_path, DIGEST)
    assert was_applied(tmp_path, DIGEST)
    with pytest.raises(Problems) as refused:
        claim(tmp_path, DIGEST)
    assert (refused.value.problems, refused.value.exit_code) == ((APPLIED_BEFORE,), 3)
    claim(tmp_path, "6" * 64)


def test_of_runs_that_start_together_one_has_the_plan(tmp_path: Path) -> None:
    """Of eight claims at once one succeeds, though none of them saw the plan as applied."""

    def claimed(_: int) -> bool:
        try:
            claim(tmp_path, DIGEST)
        except Problems:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        ends = list(threads.map(claimed, range(8)))
    assert sorted(ends) == [False] * 7 + [True]
