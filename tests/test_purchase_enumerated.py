"""The purchase machine through every history that its model world allows: each state once, none at random."""

from __future__ import annotations

from dataclasses import replace

import pytest
from purchase_circumstances import EVERY_END, Circumstances
from purchase_exploration import Explored, explore
from purchase_world import Lag

from reconciler.purchase import End, Intend, LookUp, Move, Post, next_move
from reconciler.standing import Assumptions, Posted, Progress

H = 1800.0
TIMEOUT = 30.0
LATE_RULES = Assumptions(settle=H, patience=0, looks=2, request_timeout=TIMEOUT)


def quickly(lag: int, **more: object) -> Circumstances:
    """Lists that lag by some looks, `--settle 0`, and just enough looks."""
    rules = Assumptions(settle=0, patience=0, looks=max(2, lag + 1))
    given = Circumstances(rules, Lag(lag), Lag(lag), counts=(1, 3), told=False)
    return replace(given, **more)  # type: ignore[arg-type]


def slowly(**more: object) -> Circumstances:
    """A real H: requests may be carried out, and lists may be silent, until just before it is over."""
    lags = Lag(seconds=H + TIMEOUT - 1), Lag(seconds=H)
    given = Circumstances(LATE_RULES, *lags, counts=(3,), told=False, timed=True, ends=("COMPLETE",))
    return replace(given, **more)  # type: ignore[arg-type]


Case = tuple[Circumstances, int, int]
# What happens, the fewest states that this is, and the most undisturbed runs until all is as wanted.
QUICK: dict[str, Case] = {
    "no lag, three purchases, an edit or a release": (quickly(0, hands=1, told=True), 27_000, 4),
    "lag 1, three purchases": (quickly(1), 4_000, 4),
    "lag 2, three purchases": (quickly(2), 5_500, 4),
    "lag 3, three purchases": (quickly(3), 8_500, 4),
    "lag 3, one purchase, an edit or a release": (quickly(3, purchases=1, hands=1), 5_000, 4),
    "late requests, H waited": (slowly(purchases=1, hands=1), 5_000, 4),
    "ledger deleted, no lag": (quickly(0, purchases=1, hands=1, forget=True, folded=False), 2_000, 4),
    "ledger deleted after H, number list late": (
        slowly(orders=Lag(), purchases=1, hands=1, forget=True, folded=False), 500, 4,
    ),
    "two runners, one ledger, a lock that is taken away": (
        quickly(0, purchases=1, runners=2, intents=1, told=True, ends=("COMPLETE",)), 2_500, 4,
    ),
}  # fmt: skip
DEEP: dict[str, Case] = {
    **{
        f"lag {lag}, three purchases, an edit or a release": (quickly(lag, hands=1), 48_000, 4)
        for lag in (1, 2, 3)
    },
    "ledger deleted, two purchases": (quickly(0, purchases=2, hands=1, forget=True, folded=False), 18_000, 4),
    "no lag, two purchases, two edits or releases": (quickly(0, purchases=2, hands=2), 26_000, 4),
    "no lag, two purchases, an edit or a release, all history kept": (
        quickly(0, purchases=2, hands=1, folded=False), 14_000, 4,
    ),
    "order list lag 3 only": (quickly(3, numbers=Lag(), purchases=2, hands=1), 15_000, 4),
    "number list lag 3 only": (quickly(3, orders=Lag(), purchases=2, hands=1), 15_000, 4),
    "late requests, two purchases": (slowly(purchases=2, hands=1), 50_000, 4),
    "late requests, every end": (slowly(purchases=1, ends=EVERY_END), 20_000, 4),
}  # fmt: skip


def check(name: str, case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    """Explore, print what was explored, and hold it to the promises."""
    given, states, runs = case
    seen = explore(given)
    with capsys.disabled():
        print(f"\n  {name}: {seen.states} states, {seen.steps} steps, at most {seen.runs} more runs", end="")  # noqa: T201
    assert seen.faults == {}
    assert (seen.stuck, seen.ends[End.DUPLICATED]) == ((), 0)
    assert seen.runs is not None
    assert seen.runs <= runs
    assert seen.states >= states


@pytest.mark.parametrize("name", QUICK)
def test_no_history_buys_twice_and_every_one_comes_to_rest(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever fails and whenever, a generation is bought once, never too much, and a few runs end it all."""
    check(name, QUICK[name], capsys)


@pytest.mark.full
@pytest.mark.parametrize("name", DEEP)
def test_no_longer_history_buys_twice(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The same for longer histories, and for each list lagging by itself."""
    check(name, DEEP[name], capsys)


def without_search(progress: Progress) -> Move:
    """A machine that posts again over an open intent without looking for its order (breaks rule 11)."""
    move = next_move(progress)
    if isinstance(move, LookUp) and progress.facts and progress.intent is None:
        record = replace(progress.facts.record, intents=())
        later = next_move(replace(progress, facts=replace(progress.facts, record=record)))
        assert isinstance(later, Intend)
        number = len(progress.facts.record.of(move.generation)) + 1
        return Intend(replace(later.intent, number=number))
    return move


def without_intent(progress: Progress) -> Move:
    """A machine that posts without writing down that it will (breaks rule 9)."""
    move = next_move(progress)
    return Post(move.intent) if isinstance(move, Intend) else move


def without_last_look(progress: Progress) -> Move:
    """A machine that posts without one more look after its intent (breaks rule 9)."""
    move = next_move(progress)
    return Post(progress.intent) if isinstance(move, LookUp) and progress.intent else move


def without_pending(progress: Progress) -> Move:
    """A machine that does not wait for an order that was received (breaks rules 3 and 8)."""
    facts = progress.facts
    if facts and any(order.received for order in facts.chain) and not progress.found:
        chain = tuple(replace(order, status="FAILED") for order in facts.chain)
        return next_move(replace(progress, facts=replace(facts, chain=chain)))
    return next_move(progress)


def posting_again(progress: Progress) -> Move:
    """A machine that takes a lost answer for a refusal (breaks rule 10)."""
    if progress.posted is Posted.UNKNOWN and progress.search and not progress.facts:
        return next_move(replace(progress, posted=Posted.NOTHING, search=None))
    return without_search(progress)


SMALL = {"purchases": 1, "ends": ("COMPLETE",), "hands": 0}
TWO = {"runners": 2, "ledgers": 2, "told": True, "folded": False, "intents": 1, **SMALL}
DOUBLE, TOO_MANY = "two orders of one generation", "more numbers than wanted"
UNSOUND = {
    "order list lags longer than the looks": (quickly(1, orders=Lag(30), **SMALL), DOUBLE),
    "number list lags longer than the looks": (quickly(1, numbers=Lag(30), **SMALL), TOO_MANY),
    "H shorter than a request travels": (
        slowly(assumptions=replace(LATE_RULES, settle=H - 60), orders=Lag(seconds=H + 29), **SMALL), DOUBLE,
    ),
    "ledger deleted while the order list lags": (
        quickly(3, forget=True, folded=False, **{**SMALL, "hands": 1}), DOUBLE,
    ),
    "two runners without a common ledger": (quickly(0, **TWO), DOUBLE),
    "two runners that cannot race, without the last look": (
        quickly(0, raced=False, machine=without_last_look, **TWO), DOUBLE,
    ),
    "no search for an open intent": (quickly(3, machine=without_search, **SMALL), DOUBLE),
    "no intent": (quickly(3, machine=without_intent, **SMALL), DOUBLE),
    "a lost answer taken for a refusal": (quickly(3, machine=posting_again, **SMALL), DOUBLE),
    "orders that were received do not count": (quickly(0, machine=without_pending, **SMALL), TOO_MANY),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSOUND)
def test_the_exploration_finds_what_a_broken_assumption_or_machine_buys(name: str) -> None:
    """Where an assumption does not hold, or a rule is not kept, a history that buys too much is found."""
    given, fault = UNSOUND[name]
    seen: Explored = explore(given, stop_at_fault=True)
    assert fault in seen.faults, (seen.faults, seen.states)


def test_the_last_look_leaves_two_runners_only_the_moment_of_the_post() -> None:
    """Without a common ledger, two runners double nothing unless both stand between last look and post."""
    assert explore(quickly(0, raced=False, **TWO)).faults == {}
