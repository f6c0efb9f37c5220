"""The purchase machine, move by move, without sockets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.purchase import (
    MOST_PER_ORDER,
    Adopt,
    Close,
    End,
    Facts,
    Key,
    Look,
    Order,
    Post,
    Posted,
    Progress,
    Stop,
    Wait,
    Whereabouts,
    next_generation,
    next_move,
)

KEY = Key("9900000", "17", "501", "area_code=919")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1)


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


@pytest.mark.parametrize(
    ("progress", "move"),
    [
        (Progress(2), Look()),
        (Progress(2, Facts(2)), Post(1, 2)),
        (Progress(1, Facts(5)), Post(1, 1)),
        (Progress(9000, Facts(9000)), Post(1, MOST_PER_ORDER)),
        (Progress(2, Facts(2, chain=(order("FAILED"),))), Post(2, 2)),
        (Progress(2, Facts(2, listed=frozenset({"a", "b"}))), Stop(End.DONE)),
        (Progress(2, Facts(2, chain=(order("RECEIVED"),))), Wait(order("RECEIVED"))),
        (
            Progress(2, Facts(2, chain=(order("RECEIVED"),)), out_of_time=True),
            Stop(End.OPEN, order("RECEIVED")),
        ),
        (
            Progress(2, Facts(9, chain=(order("COMPLETE"), order("COMPLETE")))),
            Stop(End.DUPLICATED, order("COMPLETE")),
        ),
        (Progress(2, posted=Posted.REFUSED), Stop(End.REFUSED)),
        (Progress(2, posted=Posted.UNKNOWN, generation=1), Look()),
        (Progress(2, Facts(2), posted=Posted.UNKNOWN, generation=1), Look()),
        (
            Progress(2, Facts(2, chain=(order("RECEIVED"),)), posted=Posted.UNKNOWN, generation=1),
            Adopt(order("RECEIVED")),
        ),
        (
            Progress(2, Facts(2), posted=Posted.UNKNOWN, generation=1, patience_over=True),
            Stop(End.UNDETERMINED),
        ),
        (Progress(0, mine=order("RECEIVED")), Wait(order("RECEIVED"))),
        (Progress(0, mine=order("COMPLETE")), Stop(End.DONE, order("COMPLETE"))),
        (Progress(0, mine=order("PARTIAL")), Stop(End.SHORT, order("PARTIAL"))),
        (Progress(4, mine=order("FAILED")), Stop(End.SHORT, order("FAILED"))),
        (Progress(0, mine=order("BACKORDERED")), Stop(End.BACKORDERED, order("BACKORDERED"))),
        (Progress(4, mine=order("COMPLETE")), Look()),
        (Progress(0, Facts(1, chain=(order("BACKORDERED", 3),))), Close(order("BACKORDERED", 3))),
        (
            Progress(0, Facts(1, chain=(order("BACKORDERED", 3),)), out_of_time=True),
            Stop(End.OPEN, order("BACKORDERED", 3)),
        ),
    ],
)
def test_moves(progress: Progress, move: object) -> None:
    """The same facts give the same move."""
    assert next_move(progress) == move


STATUSES = ("RECEIVED", "COMPLETE", "PARTIAL", "FAILED", "BACKORDERED")


def test_a_post_never_goes_beyond_the_plan_or_the_deficit_and_never_reuses_a_generation() -> None:
    """Over all small histories a post is for a new generation, and for no more than is missing."""
    seen = 0
    for count, planned, listed in product(range(4), range(4), range(4)):
        for chain in product((None, *STATUSES), repeat=2):
            orders = tuple(order(s, 2, g) for g, s in enumerate((s for s in chain if s), start=1))
            facts = Facts(count, listed=frozenset(map(str, range(listed))), chain=orders)
            move = next_move(Progress(planned, facts))
            seen += 1
            if isinstance(move, Post):
                assert move.generation == facts.head + 1
                assert 0 < move.quantity <= min(planned, facts.deficit)
                assert not any(o.status == "RECEIVED" for o in orders)
    assert seen == 4**3 * 36
