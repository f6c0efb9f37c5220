"""Disconnects: numbers given up one by one, what the order tells of it, and the list."""

from __future__ import annotations

import pytest
from caller import ACCOUNT, PEER, Reply, World, by_area_code, furnished, numbers

DISCONNECTS = f"{ACCOUNT}/disconnects"
GONE = "DisconnectedTelephoneNumberList/TelephoneNumber"
TYPE = "DisconnectTelephoneNumberOrderType"


def stocked(count: int = 2) -> tuple[World, list[str]]:
    """An account with numbers at its location, and these."""
    world = furnished()
    world.order(by_area_code(count))
    return world, numbers(world)


def disconnect(world: World, given: list[str], extra: str = "", tail: str = "") -> Reply:
    """Gives numbers up, lets time pass, and reads the order."""
    listed = "".join(f"<TelephoneNumber>{number}</TelephoneNumber>" for number in given)
    body = (
        f"<DisconnectTelephoneNumberOrder><{TYPE}><TelephoneNumberList>{listed}</TelephoneNumberList>"
        f"{extra}</{TYPE}></DisconnectTelephoneNumberOrder>"
    )
    order_id = world.made("gone", DISCONNECTS, body)
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
