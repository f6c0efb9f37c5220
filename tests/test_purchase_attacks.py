"""Histories that make others buy twice, by name: what the machine buys when, in its model world."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from purchase_circumstances import Circumstances, State
from purchase_exploration import broken
from purchase_steps import branches
from purchase_world import Lag

from reconciler.chain import Key
from reconciler.purchase import End
from reconciler.standing import Assumptions

RULES = Assumptions(settle=0, patience=0)
GIVEN = Circumstances(RULES, counts=(1, 2, 3, 4, 5), hands=9, forget=True, folded=False, intents=9)
LAGGING = replace(GIVEN, orders=Lag(3), numbers=Lag(3), told=False)
HOUR = replace(GIVEN, assumptions=Assumptions(patience=0), timed=True)


def happened(state: State, what: str, given: Circumstances) -> State:
    """After one thing that happens by itself, or that a person does."""
    return next(branch.state for branch in branches(state, given) if branch.what == what)


def ran(state: State, given: Circumstances, *disturbances: str) -> tuple[State, End | None]:
    """After one run, and how it ended. Each disturbance happens at the first moment at which it can."""
    left = list(disturbances)
    while True:
        possible = list(branches(state, given))
        chosen = next((b for b in possible if left and b.what == left[0]), possible[0])
        if left and chosen.what == left[0]:
            left.pop(0)
        if chosen.made:
            assert not broken(state.world, chosen.made)
        state = chosen.state
        if not any(state.runs):
            assert not left
            return state, chosen.stop.end if chosen.stop else None


@dataclass(frozen=True)
class Attack:
    """A history and what it buys: each step is a run with its disturbances, or one thing that happens."""

    steps: tuple[str, ...]
    bought: tuple[tuple[int, int, str], ...]  # generation, quantity, how it ended
    ends: tuple[End | None, ...]
    present: int
    given: Circumstances = GIVEN


DONE, SHORT, OPEN, DOUBT = End.DONE, End.SHORT, End.OPEN, End.UNDETERMINED
ATTACKS = {
    "buy, release by hand, buy again": Attack(
        ("run", "release 1a1", "run", "run"),
        ((1, 2, "COMPLETE"), (2, 1, "COMPLETE")), (DONE, DONE, DONE), 2,
    ),
    "buy, release by hand, buy again, lists that lag": Attack(
        ("run", "release 1a1", "run", "run", "run"),
        ((1, 2, "COMPLETE"), (2, 1, "COMPLETE")), (DONE, DONE, DONE, DONE), 2, LAGGING,
    ),
    "release the number that was bought in place of another": Attack(
        ("run", "release 1a1", "run", "release 2a0", "run"),
        ((1, 2, "COMPLETE"), (2, 1, "COMPLETE"), (3, 1, "COMPLETE")), (DONE, DONE, DONE), 2,
    ),
    "partial, then the count is edited to what there is": Attack(
        ("run: order 1a ends PARTIAL", "count 1", "run"),
        ((1, 2, "PARTIAL"),), (SHORT, DONE), 1,
    ),
    "partial, then the count is edited up": Attack(
        ("run: order 1a ends PARTIAL", "count 4", "run"),
        ((1, 2, "PARTIAL"), (2, 3, "COMPLETE")), (SHORT, DONE), 4,
    ),
    "failed, then retried": Attack(
        ("run: order 1a ends FAILED", "run", "run"),
        ((1, 2, "FAILED"), (2, 2, "COMPLETE")), (SHORT, DONE, DONE), 2,
    ),
    "failed after its answer was lost, then retried": Attack(
        ("run: lost after, order 1a ends FAILED", "run"),
        ((1, 2, "FAILED"), (2, 2, "COMPLETE")), (SHORT, DONE), 2,
    ),
    "count edited up while the order is open": Attack(
        ("run: still open", "count 3", "run"),
        ((1, 2, "COMPLETE"), (2, 1, "COMPLETE")), (OPEN, DONE), 3,
    ),
    "count edited down while the order is open": Attack(
        ("run: still open", "count 1", "run"), ((1, 2, "COMPLETE"),), (OPEN, DONE), 2,
    ),
    "count edited up and down again": Attack(
        ("run", "count 3", "run", "count 2", "run", "count 3", "run"),
        ((1, 2, "COMPLETE"), (2, 1, "COMPLETE")), (DONE, DONE, DONE, DONE), 3,
    ),
    "ledger deleted": Attack(("run", "ledger deleted", "run"), ((1, 2, "COMPLETE"),), (DONE, DONE), 2),
    "ledger deleted while the order is open": Attack(
        ("run: still open", "ledger deleted", "run"), ((1, 2, "COMPLETE"),), (OPEN, DONE), 2,
    ),
    "ledger deleted after a crash that lost the answer": Attack(
        ("run: crash after the effect", "ledger deleted", "run"), ((1, 2, "COMPLETE"),), (None, DONE), 2,
    ),
    "ledger deleted after three orders": Attack(
        ("run", "count 3", "run", "count 4", "run", "ledger deleted", "run"),
        ((1, 2, "COMPLETE"), (2, 1, "COMPLETE"), (3, 1, "COMPLETE")), (DONE, DONE, DONE, DONE), 4,
    ),
    "back-order, then a smaller count": Attack(
        ("run: order 1a ends BACKORDERED", "count 1", "run", "run"),
        ((1, 2, "PARTIAL"),), (End.BACKORDERED, DONE, DONE), 1,
    ),
    "back-order that grants, then a smaller count": Attack(
        ("run: order 1a ends BACKORDERED", "order 1a grants one", "count 1", "run"),
        ((1, 2, "COMPLETE"),), (End.BACKORDERED, DONE), 2,
    ),
    "back-order, a smaller count, then the old count": Attack(
        ("run: order 1a ends BACKORDERED", "count 1", "run", "count 2", "run"),
        ((1, 2, "PARTIAL"), (2, 1, "COMPLETE")), (End.BACKORDERED, DONE, DONE), 2,
    ),
    "back-order, then a number is released": Attack(
        ("run: order 1a ends BACKORDERED", "release 1a0", "run"),
        ((1, 2, "BACKORDERED"), (2, 1, "COMPLETE")), (End.BACKORDERED, End.BACKORDERED), 1,
    ),
    "answer lost, lists that lag": Attack(
        ("run: lost after", "run"), ((1, 2, "COMPLETE"),), (DONE, DONE), 2, LAGGING,
    ),
    "request lost, then asked for again": Attack(
        ("run: lost before", "run"), ((1, 2, "COMPLETE"),), (DOUBT, DONE), 2,
    ),
    "request that is carried out after it was given up": Attack(
        ("run: late, a late request", "run", "run"),
        ((1, 2, "COMPLETE"),), (DOUBT, DONE, DONE), 2, HOUR,
    ),
    "refused, then asked for again": Attack(
        ("run: refused", "run"), ((1, 2, "COMPLETE"),), (End.REFUSED, DONE), 2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_buys_what_was_wanted_and_no_more(name: str) -> None:
    """Each order of the history is the next generation, for what was missing at that moment."""
    attack = ATTACKS[name]
    state, ends = attack.given.start(), []
    for step in attack.steps:
        if step.startswith("run"):
            disturbances = [what for what in step.removeprefix("run").removeprefix(": ").split(", ") if what]
            state, end = ran(state, attack.given, *disturbances)
            ends.append(end)
        else:
            state = happened(state, step, attack.given)
    account = state.world.account
    bought = tuple((p.order.generation, p.order.quantity, p.order.status) for p in account.orders)
    assert (bought, tuple(ends), account.present) == (attack.bought, attack.ends, attack.present)


def bought_by(key: Key, accounts: dict[str, State]) -> list[str]:
    """Run once for a pool, and tell the customer order ids under which its chain has orders by then."""
    accounts[key.chain], end = ran(accounts.get(key.chain, GIVEN.start()), GIVEN)
    assert end is DONE
    return [key.customer_order_id(p.order.generation) for p in accounts[key.chain].world.account.orders]


def test_two_locations_with_one_criterion_buy_for_themselves() -> None:
    """Each location's pool has a chain of its own, and neither buys again."""
    here, there = (Key("9900000", "17", peer, "area_code=919") for peer in ("501", "502"))
    accounts: dict[str, State] = {}
    first = [bought_by(here, accounts), bought_by(there, accounts)]
    assert first == [[here.customer_order_id(1)], [there.customer_order_id(1)]]
    assert len({*first[0], *first[1]}) == 2
    assert [bought_by(here, accounts), bought_by(there, accounts)] == first


def test_a_rename_keeps_the_chain_and_a_new_location_begins_another() -> None:
    """The key has ids and no names: the renamed location buys nothing, one that replaces it buys anew."""
    peers = {"support": "501"}
    accounts: dict[str, State] = {}
    before = bought_by(Key("9900000", "17", peers["support"], "area_code=919"), accounts)
    peers = {"helpline": peers["support"], "support": "502"}
    assert bought_by(Key("9900000", "17", peers["helpline"], "Area_Code=919 "), accounts) == before
    anew = bought_by(Key("9900000", "17", peers["support"], "area_code=919"), accounts)
    assert len(anew) == 1
    assert anew != before
