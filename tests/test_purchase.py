"""The purchase machine, move by move, without sockets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.chain import Closed, Facts, Intent, Key, Order, Record, Whereabouts, next_generation
from reconciler.purchase import (
    MOST_PER_ORDER,
    Adopt,
    Close,
    CloseIntent,
    End,
    Intend,
    Look,
    LookUp,
    Post,
    Stop,
    Wait,
    next_move,
)
from reconciler.standing import MOST_LATE, Assumptions, Posted, Progress, Search

KEY = Key("9900000", "17", "501", "area_code=919")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1)


RULES = Assumptions()
SEND_BY = RULES.send_by(NOW)


def intent(quantity: int = 2, generation: int = 1, number: int = 1, **more: object) -> Intent:
    """An open intent, declared now."""
    return replace(Intent(generation, number, quantity, "run", SEND_BY), **more)  # type: ignore[arg-type]


def pool(count: int, *chain: Order, **more: object) -> Facts:
    """What was read of a pool whose orders are all known."""
    record = Record(orders={o.generation: frozenset({o.id}) for o in chain})
    return replace(Facts(count, chain=chain, record=record), **more)  # type: ignore[arg-type]


def doubtful(count: int, *intents: Intent, **more: object) -> Facts:
    """What was read of a pool without orders, but with intents."""
    return Facts(count, record=Record(intents), **more)  # type: ignore[arg-type]


def run(planned: int, facts: Facts | None = None, **more: object) -> Progress:
    """Where a run stands that has read these facts."""
    return replace(Progress(planned, "run", facts=facts, now=NOW), **more)  # type: ignore[arg-type]


def searched(doubt: Intent, looks: int = 6, seconds: float = 60, **more: object) -> Search:
    """A search that is over unless said otherwise."""
    return replace(Search(doubt, False, looks, seconds, NOW), **more)  # type: ignore[arg-type]


def order(status: str, quantity: int = 2, generation: int = 1, **more: object) -> Order:
    """An old order of the pool's chain."""
    base = Order(f"order-{generation}", generation, status, quantity, finished=LONG_AGO)
    return replace(base, **more)  # type: ignore[arg-type]


def test_the_customer_order_id_has_the_documented_form() -> None:
    """An id is rc1-, 24 base32 characters and the generation, within the API's 40 characters."""
    name = KEY.customer_order_id(123456)
    prefix, digest, generation = name.split("-")
    assert (prefix, len(digest), generation) == ("rc1", 24, "123456")
    assert len(name) <= 40


@pytest.mark.parametrize(
    "other",
    [
        replace(KEY, account="1"),
        replace(KEY, site="18"),
        replace(KEY, peer="502"),
        replace(KEY, criterion="area_code=984"),
        replace(KEY, criterion="toll_free=8**"),
    ],
)
def test_each_part_of_the_key_makes_another_chain(other: Key) -> None:
    """Pools that differ in account, site, location or criterion never share an order id."""
    assert other.customer_order_id(1) != KEY.customer_order_id(1)


def test_case_and_spaces_of_a_criterion_do_not_make_another_chain() -> None:
    """A criterion is one in any case and with any spacing."""
    assert replace(KEY, criterion="AREA_CODE=919 ").customer_order_id(3) == KEY.customer_order_id(3)


@given(head=st.integers(0, 70))
def test_looking_up_the_chain_finds_its_head_and_reads_all_of_it(head: int) -> None:
    """Whatever the head is, the look-ups find it and have read every generation up to it."""
    found: dict[int, bool] = {}
    while (generation := next_generation(found)) is not None:
        assert generation not in found
        found[generation] = generation <= head
    assert [g for g, there in sorted(found.items()) if there] == list(range(1, head + 1))
    assert found[head + 1] is False


@given(head=st.integers(0, 9), more=st.integers(0, 1))
def test_with_a_ledger_the_look_up_begins_where_it_ends(head: int, more: int) -> None:
    """All below the last known generation are read, and those above it up to the first that is absent."""
    last_known = max(1, head + more)
    found: dict[int, bool] = {}
    while (generation := next_generation(found, last_known)) is not None:
        found[generation] = generation <= head
    assert set(found) == set(range(1, max(last_known, head + 1) + 1))


@pytest.mark.parametrize(
    ("facts", "present", "pending", "deficit"),
    [
        (Facts(3), 0, 0, 3),
        (Facts(3, listed=frozenset({"a"})), 1, 0, 2),
        (Facts(1, listed=frozenset({"a", "b"})), 2, 0, -1),
        (Facts(3, chain=(order("RECEIVED", 3),)), 0, 3, 0),
        (Facts(3, chain=(order("RECEIVED", 3, delivered=("a",)),), listed=frozenset({"a"})), 1, 2, 0),
        (Facts(3, chain=(order("BACKORDERED", 3, pending_quantity=1),)), 0, 1, 2),
        (Facts(3, chain=(order("BACKORDERED", 3),)), 0, 3, 0),
        (Facts(3, backorders=(order("BACKORDERED", 2, generation=0),)), 0, 2, 1),
        (Facts(3, chain=(order("FAILED", 3),)), 0, 0, 3),
        (Facts(1, chain=(order("COMPLETE", 1, delivered=("a",)),)), 1, 0, 0),
        (Facts(1, chain=(order("COMPLETE", 1, delivered=("a",)),), lent=frozenset({"a"})), 0, 0, 1),
        (Facts(3, chain=(order("PARTIAL", 3, delivered=("a",)),), listed=frozenset({"a"})), 1, 0, 2),
    ],
)
def test_counting(facts: Facts, present: int, pending: int, deficit: int) -> None:
    """Present, pending and missing numbers follow from the list and the orders, not from history."""
    assert (facts.present, facts.pending, facts.deficit) == (present, pending, deficit)


@pytest.mark.parametrize(
    ("where", "recently", "there"),
    [
        (Whereabouts.HERE, False, True),
        (Whereabouts.HERE, True, True),
        (Whereabouts.RELEASED, False, False),
        (Whereabouts.RELEASED, True, False),
        (Whereabouts.ELSEWHERE, False, False),
        (Whereabouts.ELSEWHERE, True, True),
        (Whereabouts.UNKNOWN, False, False),
        (Whereabouts.UNKNOWN, True, True),
    ],
)
def test_a_delivered_number_that_is_not_listed(where: Whereabouts, recently: bool, there: bool) -> None:
    """While lists may lag, only a number that is known to be released is gone; later, doubt is gone too."""
    finished = NOW - timedelta(seconds=10) if recently else LONG_AGO
    done = order("COMPLETE", 1, delivered=("a",), finished=finished)
    facts = Facts(1, chain=(done,), missing={"a": where}, began=NOW, settle=1800)
    assert facts.present == int(there)


def test_an_order_without_a_readable_date_is_taken_for_a_recent_one() -> None:
    """When nobody can say how old an order is, its numbers count as present: never bought twice."""
    done = order("COMPLETE", 1, delivered=("a",), finished=None)
    assert Facts(1, chain=(done,), missing={"a": Whereabouts.UNKNOWN}, began=NOW).deficit == 0


LATER = RULES.decidable(intent())
UNDETERMINED = Stop(End.UNDETERMINED, generation=1, until=LATER)


@pytest.mark.parametrize(
    ("progress", "move"),
    [
        (run(2), Look()),
        (run(2, pool(2)), Intend(intent())),
        (run(1, pool(5)), Intend(intent(1))),
        (run(9000, pool(9000)), Intend(intent(MOST_PER_ORDER))),
        (run(2, pool(2, order("FAILED"))), Intend(intent(2, 2))),
        (run(2, pool(2, listed=frozenset("ab"))), Stop(End.DONE)),
        (run(2, pool(2, order("RECEIVED"))), Wait(order("RECEIVED"))),
        (run(2, pool(2, order("NEW"))), Wait(order("NEW"))),
        (run(2, pool(2, order("RECEIVED")), out_of_time=True), Stop(End.OPEN, order("RECEIVED"))),
        (run(2, Facts(2, chain=(order("COMPLETE"),))), Adopt(order("COMPLETE"))),
        (run(2, pool(2), lease=90), Stop(End.LEASE)),
        (run(0, pool(2)), Stop(End.DONE)),
        (run(0, mine=order("RECEIVED")), Wait(order("RECEIVED"))),
        (run(0, mine=order("NEW")), Wait(order("NEW"))),
        (run(0, mine=order("RECEIVED"), out_of_time=True), Stop(End.OPEN, order("RECEIVED"))),
        (run(0, mine=order("COMPLETE")), Stop(End.DONE, order("COMPLETE"))),
        (run(0, mine=order("PARTIAL")), Stop(End.SHORT, order("PARTIAL"))),
        (run(4, mine=order("FAILED")), Stop(End.SHORT, order("FAILED"))),
        (run(0, mine=order("BACKORDERED")), Stop(End.BACKORDERED, order("BACKORDERED"))),
        (run(4, mine=order("COMPLETE")), Look()),
        (run(0, pool(1, order("BACKORDERED", 3))), Close(order("BACKORDERED", 3))),
        (
            run(0, pool(1, order("BACKORDERED", 3)), out_of_time=True),
            Stop(End.OPEN, order("BACKORDERED", 3)),
        ),
    ],
)
def test_moves(progress: Progress, move: object) -> None:
    """The same facts give the same move."""
    assert next_move(progress) == move


@pytest.mark.parametrize(
    ("progress", "move"),
    [
        (run(2, pool(2), intent=intent()), LookUp(1)),
        (run(2, pool(2), intent=intent(), looked=True), Post(intent())),
        (run(2, intent=intent(), posted=Posted.REFUSED), CloseIntent(intent(), Closed.REFUSED)),
        (run(2, intent=intent(), posted=Posted.NOT_SENT), CloseIntent(intent(), Closed.NOT_SENT)),
        (run(2, intent=intent(), posted=Posted.LATE), CloseIntent(intent(), Closed.NOT_SENT)),
        (run(2, intent=intent(), posted=Posted.LATE).closed(), Look()),
        (run(2, intent=intent(), posted=Posted.LATE, late=MOST_LATE).closed(), Stop(End.NOT_SENT)),
        (run(2, posted=Posted.REFUSED), Stop(End.REFUSED)),
        (run(2, pool(2), intent=intent()).answered(Posted.UNKNOWN), LookUp(1)),
        (run(2, search=searched(intent(), 5, own=True)), LookUp(1, 10)),
        (run(2, search=searched(intent(), 9, 59, own=True)), LookUp(1, 10)),
        (run(2, search=searched(intent(), own=True)), UNDETERMINED),
        (run(2, search=searched(intent(), 1, given_up=True)), UNDETERMINED),
        (run(2, search=searched(intent())), Look()),
        (run(2, doubtful(2, intent())), LookUp(1)),
        (run(2, doubtful(2, intent()), search=searched(intent())), UNDETERMINED),
        (run(2, doubtful(2, intent()), search=searched(intent()), now=LATER), LookUp(1)),
        (
            run(2, doubtful(2, intent()), search=searched(intent(), began=LATER), now=LATER),
            Intend(intent(number=2, send_by=RULES.send_by(LATER))),
        ),
        (run(0, doubtful(2, intent())), UNDETERMINED),
        (run(0, doubtful(2, intent()), now=LATER), Stop(End.DONE)),
        (run(2, doubtful(2, intent(closed=Closed.REFUSED))), Intend(intent(number=2))),
        (run(2, doubtful(2, intent(closed=Closed.NOT_PLACED))), Intend(intent(number=2))),
        (run(2, doubtful(2, intent(closed=Closed.ORDERED))), Stop(End.UNDETERMINED, generation=1)),
        (run(2, pool(2)).interfered(), Look()),
        (run(2, pool(2)).looked_up((order("RECEIVED"),), NOW), Adopt(order("RECEIVED"))),
    ],
)
def test_moves_about_what_was_posted_or_was_to_be(progress: Progress, move: object) -> None:
    """An intent, its look, its post and the doubt that it may leave follow each other in one order."""
    assert next_move(progress) == move


def test_several_orders_of_one_generation_stop_the_pool_until_somebody_accepts_them() -> None:
    """Both count, the pool is stopped, and once they are accepted it goes on with the next generation."""
    twins = (order("COMPLETE"), order("COMPLETE", id="order-1b"))
    record = Record(orders={1: frozenset(twin.id for twin in twins)})
    facts = Facts(9, chain=twins, record=record)
    assert next_move(run(9, facts)) == Stop(End.DUPLICATED, twins[1], 1)
    accepted = replace(facts, record=replace(record, accepted=frozenset({1})))
    assert next_move(run(9, accepted)) == Intend(intent(9, 2))


def test_an_order_that_is_found_after_a_lost_answer_is_this_runs_own() -> None:
    """It is adopted, uses up what was planned, and how it ended is how the run ends."""
    lost = run(2, pool(2), intent=intent()).answered(Posted.UNKNOWN)
    assert lost.search
    found = lost.searched(replace(lost.search, looks=1), (order("FAILED"),), NOW)
    assert next_move(found) == Adopt(order("FAILED"))
    adopted = found.adopted(order("FAILED"))
    assert (adopted.planned, next_move(adopted)) == (0, Stop(End.SHORT, order("FAILED")))


STATUSES = ("RECEIVED", "COMPLETE", "PARTIAL", "FAILED", "BACKORDERED")


def test_an_intent_never_goes_beyond_the_plan_or_the_deficit_and_never_reuses_a_generation() -> None:
    """Over all small histories an intent is for a new generation, and for no more than is missing."""
    seen = 0
    for count, planned, listed in product(range(4), range(4), range(4)):
        for chain in product((None, *STATUSES), repeat=2):
            orders = tuple(order(s, 2, g) for g, s in enumerate((s for s in chain if s), start=1))
            facts = pool(count, *orders, listed=frozenset(map(str, range(listed))))
            move = next_move(run(planned, facts))
            seen += 1
            if isinstance(move, Intend):
                assert move.intent.generation == facts.head + 1
                assert 0 < move.intent.quantity <= min(planned, facts.deficit)
                assert not any(o.status == "RECEIVED" for o in orders)
    assert seen == 4**3 * 36
