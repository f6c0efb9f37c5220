"""The client against an emulator that fails: what goes wrong is noticed, and nothing is made twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from account import Account, Applied

from reconciler.api.errors import ApiError
from reconciler.chain import SETTLE
from reconciler.execute import State

MANIFEST = """
version: 1
sub_accounts:
  main:
    address: {house_number: "900", street_name: Main Campus Dr, city: Raleigh, state_code: NC, zip: "27606"}
    locations:
      desk:
        features: {sms: true}
        numbers: [{area_code: "919", count: 3}]
"""


def failing(folder: Path, *faults: str) -> Account:
    """An empty account with these faults; orders are carried out at the first look."""
    return Account(folder, parallelism=1, order_seconds=0, faults=faults)


def made(account: Account) -> tuple[int, int, int, int]:
    """How many sub-accounts, locations, orders and numbers there are."""
    held = account.emulator.dump()
    peers = sum(len(site["peers"]) for site in held["sites"].values())
    return len(held["sites"]), peers, len(held["orders"]), len(held["numbers"])


BORNE = (
    "latency=0.5",
    "limit=0 nth=4",
    "limit=0 POST orders nth=1",
    "redirect GET nth=5",
    "truncate GET nth=1",
    "drop-before GET nth=2",
    "html GET orders nth=1",
    "error-before=502 GET sites nth=1 times=2",
    "drop-after POST sites",
    "drop-after POST sippeers",
    "drop-after POST sms",
    "drop-after POST orders",
    "stall-after POST orders",
    "truncate POST orders",
    "truncate=0 POST orders",
    "empty POST orders",
    "error-after=503 POST orders",
    "error-after POST orders code=5086",
    "error-after POST orders code=5019",
)


@pytest.mark.parametrize("fault", BORNE)
def test_what_was_done_is_found_and_adopted(fault: str, tmp_path: Path) -> None:
    """Late, limited, redirected and lost answers do not stop an apply, and nothing is made twice."""
    account = failing(tmp_path, fault)
    applied = account.apply(MANIFEST)
    assert (applied.code, made(account)) == (0, (1, 1, 1, 3))
    assert not applied.residue.steps


TOLD = (
    # the fault, the exit code, and how many sub-accounts, locations, orders and numbers there then are
    ("drop-before POST sites", 4, (0, 0, 0, 0)),
    ("drop-before POST orders", 5, (1, 1, 0, 0)),
    ("error-before POST orders", 5, (1, 1, 0, 0)),
    ("stall-before POST orders", 5, (1, 1, 0, 0)),
    ("e911-down", 1, (0, 0, 0, 0)),
    ("forbidden POST orders", 5, (1, 1, 0, 0)),
    ("html GET orders nth=1 times=4", 4, (1, 1, 0, 0)),
)


@pytest.mark.parametrize(("fault", "code", "there"), TOLD, ids=[fault for fault, *_ in TOLD])
def test_what_was_not_done_is_told_and_done_the_next_time(
    fault: str, code: int, there: tuple[int, ...], tmp_path: Path
) -> None:
    """An order whose end nobody knows is undetermined, other failures are told; a run later on converges."""
    account = failing(tmp_path, fault)
    assert stopped(account.apply(MANIFEST)) == code
    assert made(account) == there
    account.emulator.faults.clear()
    account.clock.wait(2 * SETTLE)
    assert account.apply(MANIFEST).code == 0
    assert made(account) == (1, 1, 1, 3)


def stopped(applied: Applied) -> int:
    """The exit code of an apply that did not do all that it wanted."""
    assert {result.state for result in applied.outcome.results} & {State.FAILED, State.UNDETERMINED}
    return applied.code


UNREAD = ("refuse GET sites", "html GET sites", "empty GET sites", "drop-before GET sites", "forbidden GET")


@pytest.mark.parametrize("fault", UNREAD)
def test_a_failed_read_stops_a_plan(fault: str, tmp_path: Path) -> None:
    """An account that cannot be read is no empty account: there is no plan, and nothing is sent."""
    account = failing(tmp_path, fault)
    with pytest.raises(ApiError):
        account.apply(MANIFEST)
    assert made(account) == (0, 0, 0, 0)


def test_lists_that_lag_do_not_buy_twice(tmp_path: Path) -> None:
    """While orders and numbers show late a run that is repeated orders nothing more."""
    account = failing(tmp_path, "lag=3")
    for _ in range(3):
        account.apply(MANIFEST)
    assert made(account) == (1, 1, 1, 3)
