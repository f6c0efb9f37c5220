"""Back-orders that are filled later, and what an order keeps beside it: history, notes, what it got."""

from __future__ import annotations

import pytest
from caller import ACCOUNT, ORDERS, World, by_area_code, furnished, numbers, order
from hypothesis import given, settings
from hypothesis import strategies as st

ORDER = f"{ORDERS}/{{order}}"
FLAGS = "<BackOrderRequested>{}</BackOrderRequested><PartialAllowed>{}</PartialAllowed>"
WAITS = FLAGS.format("true", "true")
EXISTING = (
    "<ExistingTelephoneNumberOrderType><TelephoneNumberList>{}</TelephoneNumberList>"
    "<ReservationIdList>{}</ReservationIdList></ExistingTelephoneNumberOrderType>"
)
TN = "<TelephoneNumber>{}</TelephoneNumber>"
NOTE = "<Note><UserId>{}</UserId><Description>{}</Description></Note>"
FREE = "9193298838"


def status(world: World) -> str | None:
    """What the latest order has come to."""
    return world.call("GET", ORDER).text("OrderStatus")


def waiting(**options: object) -> World:
    """An account whose latest order got two numbers of three and waits for the third."""
    world = furnished(inventory={"919": 2}, **options)
    assert world.order(by_area_code(3), extra=WAITS).text("OrderStatus") == "BACKORDERED"
    return world


def test_a_backorder_is_filled_after_a_time() -> None:
    """With backorder_seconds the missing numbers come on sale then, and the order completes."""
    world = waiting(backorder_seconds=60)
    world.clock.now += 58
    assert (status(world), len(numbers(world))) == ("BACKORDERED", 2)
    world.clock.now += 2
    assert len(numbers(world)) == 3
    done = world.call("GET", ORDER)
    assert [done.text(name) for name in ("OrderStatus", "CompletedQuantity", "FailedQuantity")] == [
        "COMPLETE",
        "3",
        "0",
    ]
    assert done.texts("ErrorList/Error") == []


def test_a_backorder_is_filled_after_looks() -> None:
    """With backorder_looks=2 it is shown BACKORDERED twice, the order it got first included."""
    world = waiting(backorder_looks=2)
    assert [status(world), status(world)] == ["BACKORDERED", "COMPLETE"]


def test_a_backorder_takes_what_others_leave() -> None:
    """A number that is no longer held goes to the back-order that waits for it, with no timer set."""
    world = furnished(inventory={"919": 2})
    held = f"{ACCOUNT}/tnreservation"
    world.made("held", held, f"<Reservation><ReservedTn>{first_free(world)}</ReservedTn></Reservation>")
    assert world.order(by_area_code(2), extra=WAITS).text("CompletedQuantity") == "1"
    assert world.call("DELETE", f"{held}/{{held}}").status == 200
    assert status(world) == "COMPLETE"


def first_free(world: World) -> str:
    """A number of 919 that is on sale."""
    found = world.call("GET", f"{ACCOUNT}/availableNumbers?areaCode=919&quantity=1")
    return found.texts("TelephoneNumberList/TelephoneNumber")[0]


@settings(deadline=None, max_examples=40)
@given(stock=st.integers(0, 5), wanted=st.integers(1, 5), backorder=st.booleans(), partial=st.booleans())
def test_an_order_gets_what_its_flags_allow(stock: int, wanted: int, backorder: bool, partial: bool) -> None:
    """What is got, listed and counted agrees in every cell of the table; a waiting order ends complete."""
    flags = FLAGS.format(str(backorder).lower(), str(partial).lower())
    world = furnished(inventory={"919": stock}, backorder_seconds=60)
    reply = world.order(by_area_code(wanted), extra=flags)
    got = min(stock, wanted) if partial or stock >= wanted else 0
    assert (reply.text("CompletedQuantity"), len(numbers(world))) == (str(got), got)
    short = got < wanted
    ends = "BACKORDERED" if backorder else "PARTIAL" if got else "FAILED"
    assert reply.text("OrderStatus") == (ends if short else "COMPLETE")
    world.clock.now += 60
    expected = wanted if backorder or not short else got
    assert len(numbers(world)) == expected
    assert world.call("GET", f"{ORDER}/tns").text("Count") == str(expected)


def test_history_tells_every_status_with_its_time() -> None:
    """Statuses, and changes of the order with what was there before, are kept in their order."""
    world = waiting(backorder_seconds=60)
    world.clock.now += 10
    assert world.call("PUT", ORDER, "<Order><Name>spring</Name></Order>").status == 200
    world.clock.now += 60
    history = world.call("GET", f"{ORDER}/history")
    told = ["RECEIVED", "BACKORDERED", "BACKORDERED", "COMPLETE"]
    assert history.texts("OrderHistory/Status") == told
    assert history.texts("OrderHistory/Difference") == ['Name : "" --> spring']
    dates = history.texts("OrderHistory/OrderDate")
    assert (dates, len(set(dates))) == (sorted(dates), 4)
    unknown = world.call("GET", f"{ORDERS}/1/history")
    assert (unknown.status, unknown.tree.tag, unknown.code) == (404, "ErrorResponse", 0)


def test_notes_are_written_changed_and_listed() -> None:
    """A note is made with a Location, changed in place, and shown; without one the list is a 204."""
    world = furnished()
    world.order(by_area_code())
    notes = f"{ORDER}/notes"
    assert world.call("GET", notes).status == 204
    made = world.call("POST", notes, NOTE.format("user", "first"))
    assert (made.status, made.body) == (201, b"")
    changed = world.call("PUT", f"{notes}/{made.new_id}", NOTE.format("user", "second"))
    assert (changed.status, changed.body) == (200, b"")
    shown = world.call("GET", notes)
    assert [shown.texts(f"Note/{name}") for name in ("Id", "UserId", "Description")] == [
        [made.new_id],
        ["user"],
        ["second"],
    ]


NOTES = [
    (NOTE.format("user", "x" * 501), 1011),
    (NOTE.format("somebody", "text"), 12502),
    ("<Note><Description>text</Description></Note>", 12501),
    ("<Note><UserId>user</UserId></Note>", 1003),
]


@pytest.mark.parametrize(("body", "code"), NOTES)
def test_notes_are_the_users_own_and_short(body: str, code: int) -> None:
    """A note has its writer's name and at most 500 characters; errors have the root NoteResponse."""
    world = furnished()
    world.order(by_area_code())
    reply = world.call("POST", f"{ORDER}/notes", body)
    assert (reply.status, reply.tree.tag, reply.code) == (400, "NoteResponse", code)
    assert world.call("PUT", f"{ORDER}/notes/1", NOTE.format("user", "text")).status == 404


def test_what_an_order_got_is_counted_in_three_ways() -> None:
    """Numbers, area codes and exchanges of an order add up to what it got."""
    world = furnished()
    got = world.order(by_area_code(4)).texts("CompletedNumbers/TelephoneNumber/FullNumber")
    assert world.call("GET", f"{ORDER}/tns").texts("TelephoneNumber") == got
    codes = world.call("GET", f"{ORDER}/areaCodes")
    assert codes.texts("TelephoneDetailsReport/AreaCode") == ["919"]
    exchanges = world.call("GET", f"{ORDER}/npaNxx")
    assert set(exchanges.texts("TelephoneDetailsReport/NPA-NXX")) == {number[:6] for number in got}
    for path in ("areaCodes", "npaNxx", "totals"):
        counts = world.call("GET", f"{ORDER}/{path}").texts("TelephoneDetailsReport/Count")
        assert sum(map(int, counts)) == 4


def test_a_reservation_is_consumed_by_the_order_that_names_it() -> None:
    """The held number is delivered, nobody else can have it before, and the hold is gone after."""
    world = furnished()
    held = world.made(
        "held", f"{ACCOUNT}/tnreservation", f"<Reservation><ReservedTn>{FREE}</ReservedTn></Reservation>"
    )
    stranger = world.order(EXISTING.format(TN.format(FREE), ""))
    assert (stranger.text("OrderStatus"), stranger.code) == ("FAILED", 5005)
    reply = world.order(EXISTING.format("", f"<ReservationId>{held}</ReservationId>"))
    assert reply.text("OrderStatus") == "COMPLETE"
    assert reply.texts("CompletedNumbers/TelephoneNumber/FullNumber") == [FREE]
    assert world.order(EXISTING.format("", f"<ReservationId>{held}</ReservationId>")).code == 5043


UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("named", "end"),
    [
        ([FREE], ("COMPLETE", "1", "0")),
        ([], ("COMPLETE", "1", "0")),
        (["9193296757"], ("COMPLETE", "2", "0")),
        (["9195551212"], ("PARTIAL", "1", "1")),
        ([FREE, UNKNOWN], ("PARTIAL", "1", "1")),
    ],
)
def test_a_number_beside_its_reservation_is_asked_for_once(named: list[str], end: tuple[str, ...]) -> None:
    """What was completed and what failed add up to the numbers and holds, each counted once."""
    world = furnished()
    world.made(
        "held", f"{ACCOUNT}/tnreservation", f"<Reservation><ReservedTn>{FREE}</ReservedTn></Reservation>"
    )
    given = "".join(TN.format(one) for one in named if one != UNKNOWN)
    holds = ["{held}", *(one for one in named if one == UNKNOWN)]
    reserved = "".join(f"<ReservationId>{one}</ReservationId>" for one in holds)
    reply = world.order(EXISTING.format(given, reserved))
    told = [reply.text(name) for name in ("OrderStatus", "CompletedQuantity", "FailedQuantity")]
    assert told == list(end)


def test_a_number_given_up_can_be_ordered_back_by_its_digits() -> None:
    """A number of the account that ages is still to be had by name, and by no search."""
    world = furnished(inventory={"919": 1})
    number = world.order(by_area_code()).texts("CompletedNumbers/TelephoneNumber/FullNumber")[0]
    world.emulator.release(number)
    assert world.order(by_area_code()).text("OrderStatus") == "FAILED"
    assert world.order(EXISTING.format(TN.format(number), "")).text("OrderStatus") == "COMPLETE"
    assert numbers(world) == [number]


def test_two_open_orders_cannot_have_one_number() -> None:
    """While an earlier order for a number is open, a later one that ends first is refused it (5218)."""
    world = furnished(order_looks=1)
    body = order(EXISTING.format(TN.format(FREE), ""))
    first, second = (world.call("POST", ORDERS, body).new_id for _ in range(2))
    assert world.call("GET", f"{ORDERS}/{second}").text("OrderStatus") == "RECEIVED"
    assert world.call("GET", f"{ORDERS}/{second}").code == 5218
    assert world.call("GET", f"{ORDERS}/{first}").text("OrderStatus") == "RECEIVED"
    assert world.call("GET", f"{ORDERS}/{first}").text("OrderStatus") == "COMPLETE"


READINGS = [
    ({"no_quantity": "bought", "inventory": {"919": 3}}, "", "PARTIAL", "FailedQuantity", "4997"),
    (
        {"partial_default": "false", "inventory": {"919": 3}},
        "<Quantity>4</Quantity>",
        "FAILED",
        "FailedQuantity",
        "4",
    ),
    ({"complete_word": "completed"}, "<Quantity>1</Quantity>", "COMPLETED", "FailedQuantity", "0"),
]


@pytest.mark.parametrize(("options", "quantity", "ends", "element", "text"), READINGS)
def test_orders_can_be_read_in_several_ways(
    options: dict[str, object], quantity: str, ends: str, element: str, text: str
) -> None:
    """What is left out, and how an end is spelled, are readings."""
    kind = "AreaCodeSearchAndOrderType"
    reply = furnished(**options).order(f"<{kind}><AreaCode>919</AreaCode>{quantity}</{kind}>")
    assert (reply.text("OrderStatus"), reply.text(element)) == (ends, text)


@pytest.mark.parametrize(("answer", "pending"), [("present", "1"), ("absent", None)])
def test_a_backorder_may_say_what_it_waits_for(answer: str, pending: str | None) -> None:
    """PendingQuantity is what is missing, under the reading that has it."""
    assert waiting(pending_quantity=answer).call("GET", ORDER).text("PendingQuantity") == pending


def test_toll_free_searches_deliver_no_protected_numbers() -> None:
    """Protected does not go with a toll-free search (5101)."""
    protected = "<TnAttributes><TnAttribute>Protected</TnAttribute></TnAttributes>"
    kind = "TollFreeWildCharSearchAndOrderType"
    wanted = f"<{kind}><TollFreeWildCardPattern>8**</TollFreeWildCardPattern><Quantity>1</Quantity></{kind}>"
    assert furnished().call("POST", ORDERS, order(wanted, extra=protected)).code == 5101
