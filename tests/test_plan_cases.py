"""Manifests and accounts to exact plans: steps, what each is after, its changes and its calls.

A case says what is done by the API's own documents (`outside`), what was `applied` before, the `manifest`,
what else is said to `plan`, and the plan.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from account import Account, shown
from case_files import cases_in

from reconciler.plan import Options

FOLDER = Path(__file__).parent / "cases" / "plans"
CASES = cases_in(FOLDER)


@pytest.mark.parametrize("name", CASES)
def test_a_plan_is_exactly_this(name: str, tmp_path: Path) -> None:
    """The steps, in their order, and all that is said about them."""
    case = CASES[name]
    account = Account(tmp_path, parallelism=1, site_address="optional")
    for call, body in (pair for each in case.get("outside", ()) for pair in each.items()):
        answer = account.call(call, body)
        assert answer.is_success, f"{call}: {answer.status_code} {answer.text}"
    if "applied" in case:
        assert account.apply(case["applied"]).code == 0
    words = ("only", "allow_hazard", "resend_secrets")
    options = Options(**{word: tuple(case.get(word, ())) for word in words})
    got = shown(account.plan(case["manifest"], options=options).plan)
    assert got == case["plan"].rstrip(), f"the plan is\n{got}"
