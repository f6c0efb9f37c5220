"""Disconnects: numbers given up one by one, what the order tells of it, and the list."""

from __future__ import annotations

import pytest
from caller import ACCOUNT, PEER, Reply, World, by_area_code, furnished, numbers

from reconciler.emulator import Dropped

DISCONNECTS = f"{ACCOUNT}/disconnects"
GONE = "DisconnectedTelephoneNumberList/TelephoneNumber"
TYPE = "DisconnectTelephoneNumberOrderType"


def stocked(count: int = 2) -> tuple[World, list[str]]:
    """An account with numbers at its location, and these."""
    world = furnished()
    world.order(by_area_code(count))
    return world, numbers(world)


ROOT = "DisconnectTelephoneNumberOrder"


def listed(given: list[str]) -> str:
    """The list of numbers of a disconnect."""
    of = "".join(f"<TelephoneNumber>{number}</TelephoneNumber>" for number in given)
    return f"<TelephoneNumberList>{of}</TelephoneNumberList>"


def document(given: list[str], extra: str = "") -> str:
    """A disconnect of these numbers."""
    return f"<{ROOT}><{TYPE}>{listed(given)}{extra}</{TYPE}></{ROOT}>"


def disconnect(world: World, given: list[str], extra: str = "", tail: str = "") -> Reply:
    """Gives numbers up, lets time pass, and reads the order."""
    order_id = world.made("gone", DISCONNECTS, document(given, extra))
    world.clock.now += 1
    return world.call("GET", f"{DISCONNECTS}/{order_id}{tail}")


def test_each_number_is_given_up_by_itself() -> None:
    """Numbers that are not in service are errors (5006); the others go, and the order is PARTIAL."""
    world, had = stocked()
    reply = disconnect(world, [had[0], "7575550121"])
    assert (reply.text("OrderStatus"), reply.texts(GONE)) == ("PARTIAL", [had[0]])
    assert reply.texts("ErrorList/Error/Code") == ["5006"]
    assert reply.texts("ErrorList/Error/TelephoneNumber") == ["7575550121"]
    assert numbers(world) == had[1:]


@pytest.mark.parametrize(("deliver", "status"), [(0, "FAILED"), (1, "PARTIAL"), (2, "COMPLETE")])
def test_the_next_disconnect_can_be_rehearsed(deliver: int, status: str) -> None:
    """A limit of the outcomes lets the next disconnect release so many numbers, and only that one."""
    world, had = stocked()
    world.emulator.outcomes.limit(deliver, "disconnects")
    assert disconnect(world, had).text("OrderStatus") == status
    assert len(numbers(world)) == 2 - deliver


PROTECTED = [("TRUE", ["Protected"]), ("FALSE", []), ("UNCHANGED", [])]


@pytest.mark.parametrize(("word", "attributes"), PROTECTED)
def test_a_disconnect_can_protect_what_it_gives_up(word: str, attributes: list[str]) -> None:
    """TRUE marks the numbers as protected, FALSE takes the mark away, UNCHANGED leaves it."""
    world, had = stocked(1)
    disconnect(world, had, f"<Protected>{word}</Protected>")
    details = world.call("GET", f"/tns/{had[0]}/tndetails")
    assert details.texts("*/TnAttributes/TnAttribute") == attributes
    assert world.emulator.dump()["numbers"][had[0]]["attributes"] == attributes


def test_details_say_where_the_numbers_are() -> None:
    """tndetail=true adds the place of each number, and leaves the plain list."""
    world, had = stocked(1)
    reply = disconnect(world, had, tail="?tndetail=true")
    assert reply.texts(GONE) == had
    assert reply.text("DisconnectedTelephoneNumberList/TelephoneNumberDetail/State") == "NC"


def test_the_list_shows_disconnects_and_no_orders() -> None:
    """Rows spell OrderId with a capital and count what went; without any the list is a 404 with links."""
    world, had = stocked()
    none = world.call("GET", DISCONNECTS)
    assert (none.status, none.tree.tag) == (404, "Links")
    disconnect(world, had)
    reply = world.call(
        "GET", f"{DISCONNECTS}?status=complete&userid=user&startdate=23-11-14&enddate=23-11-14"
    )
    row = "ListOrderIdUserIdDate/OrderIdUserIdDate"
    assert reply.texts(f"{row}/OrderId") == [world.names["gone"]]
    assert (reply.text(f"{row}/CountOfTNs"), reply.text(f"{row}/OrderType")) == ("2", "disconnect")


def test_a_disconnect_has_notes_and_no_other_order_has_them() -> None:
    """A note of a disconnect is listed there; its Location is under disconnects."""
    world, had = stocked()
    disconnect(world, had)
    notes = f"{DISCONNECTS}/{{gone}}/notes"
    made = world.call("POST", notes, "<Note><UserId>user</UserId><Description>bye</Description></Note>")
    assert "/disconnects/" in made.headers["Location"]
    assert world.call("GET", notes).texts("Note/Description") == ["bye"]
    assert world.call("GET", f"{ACCOUNT}/orders/{{gone}}/notes").status == 404


def test_numbers_that_are_gone_let_their_location_go() -> None:
    """A location that gave all its numbers up can be deleted."""
    world, had = stocked()
    assert world.call("DELETE", PEER).code == 13555
    disconnect(world, had)
    assert world.call("DELETE", PEER).status == 200


@pytest.mark.parametrize("lenient", [False, True])
def test_numbers_outside_the_type_are_no_list(lenient: bool) -> None:
    """Without the type it is 5001, wherever the numbers stand, and no order is taken in."""
    world = furnished(lenient=lenient)
    reply = world.call("POST", DISCONNECTS, f"<{ROOT}>{listed(['9195550121'])}</{ROOT}>")
    assert (reply.status, reply.code, reply.text("ErrorList/Error/Code")) == (400, 5001, "5001")
    assert world.call("GET", DISCONNECTS).status == 404


@pytest.mark.parametrize(("lenient", "answered"), [(False, (400, 1005)), (True, (201, 0))])
def test_a_second_list_of_numbers_is_a_stray_element(lenient: bool, answered: tuple[int, int]) -> None:
    """A list beside the type is refused like any element that no document has; --lenient does not see it."""
    world = furnished(lenient=lenient)
    body = document(["9195550121"]).replace(f"</{ROOT}>", f"{listed(['9195550122'])}</{ROOT}>")
    reply = world.call("POST", DISCONNECTS, body)
    assert (reply.status, reply.code) == answered


def test_what_is_not_in_service_here_is_an_error_each() -> None:
    """A number on sale, one that is nobody's, and one that was given up before are 5006; nothing changes."""
    world, had = stocked()
    disconnect(world, had[:1])
    found = world.call("GET", f"{ACCOUNT}/availableNumbers?areaCode=919&quantity=1")
    on_sale, nobodys = found.texts("TelephoneNumberList/TelephoneNumber")[0], "9990000000"
    reply = disconnect(world, [had[0], on_sale, nobodys])
    assert (reply.text("OrderStatus"), reply.texts(GONE)) == ("FAILED", [])
    assert reply.texts("ErrorList/Error/TelephoneNumber") == [had[0], on_sale, nobodys]
    assert set(reply.texts("ErrorList/Error/Code")) == {"5006"}
    assert numbers(world) == had[1:]


def test_of_two_disconnects_of_one_number_the_first_gets_it() -> None:
    """Both are taken in while the number is in service; the later one finds it gone."""
    world, had = stocked(1)
    first, second = (world.call("POST", DISCONNECTS, document(had)).new_id for _ in range(2))
    world.clock.now += 1
    ends = [world.call("GET", f"{DISCONNECTS}/{each}").text("OrderStatus") for each in (first, second)]
    assert ends == ["COMPLETE", "FAILED"]


def test_a_disconnect_is_received_until_its_time_has_come() -> None:
    """Until then it tells of no outcome, its numbers are in service, and its location stays."""
    world = furnished(order_seconds=60)
    world.order(by_area_code(), wait=60)
    reply = disconnect(world, numbers(world))
    assert (reply.text("OrderStatus"), reply.names("*")) == ("RECEIVED", ["orderRequest", "OrderStatus"])
    assert (len(numbers(world)), world.call("DELETE", PEER).code) == (1, 13555)
    world.clock.now += 60
    reply = world.call("GET", f"{DISCONNECTS}/{{gone}}")
    assert (reply.text("OrderStatus"), numbers(world)) == ("COMPLETE", [])


def test_a_protected_number_is_given_up_like_any_other() -> None:
    """Its mark is kept where the disconnect says UNCHANGED, or nothing."""
    world = furnished()
    world.order(by_area_code(2), "<TnAttributes><TnAttribute>Protected</TnAttribute></TnAttributes>")
    had = numbers(world)
    disconnect(world, had[:1], "<Protected>UNCHANGED</Protected>")
    disconnect(world, had[1:])
    held = world.emulator.dump()["numbers"]
    assert [(held[n]["status"], held[n]["attributes"]) for n in had] == [("Aging", ["Protected"])] * 2


FILTERS = [
    ("status=failed", 1),
    ("status=COMPLETE", 1),
    ("userid=nobody", 0),
    ("startdate=23-11-14&enddate=23-11-14", 1),
    ("startdate=23-11-16&enddate=23-11-16", 0),
]


@pytest.mark.parametrize(("query", "count"), FILTERS)
def test_the_list_is_filtered(query: str, count: int) -> None:
    """By status, user and day, both days included; nothing left is 404 with links, as without any."""
    world, had = stocked()
    disconnect(world, had)
    if not query.startswith("startdate"):
        disconnect(world, had)
    reply = world.call("GET", f"{DISCONNECTS}?{query}")
    assert (reply.status, reply.tree.tag) == ((200, "ResponseSelectWrapper") if count else (404, "Links"))
    assert len(reply.texts("ListOrderIdUserIdDate/OrderIdUserIdDate/OrderId")) == count


@pytest.mark.parametrize(("fault", "left"), [("drop-before", 2), ("drop-after", 0)])
def test_a_disconnect_can_lose_its_answer(fault: str, left: int) -> None:
    """It was taken in or not, as the fault says, and the next one is answered."""
    world, had = stocked()
    world.emulator.fail(f"{fault} POST disconnects nth=1")
    with pytest.raises(Dropped):
        world.call("POST", DISCONNECTS, document(had))
    world.clock.now += 1
    assert len(numbers(world)) == left
    assert world.call("POST", DISCONNECTS, document(had)).status == 201


def test_details_can_show_late_that_a_number_is_gone() -> None:
    """A lag that names the details shows a number in service for so many reads."""
    world, had = stocked(1)
    world.emulator.fail("lag=2 GET tndetails")
    disconnect(world, had)
    status = "TelephoneNumberDetails/Status"
    shown = [world.call("GET", f"/tns/{had[0]}/tndetails").text(status) for _ in range(3)]
    assert shown == ["Inservice", "Inservice", "Aging"]
