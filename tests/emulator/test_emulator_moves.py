"""Moves: numbers that go to another location and take on its settings."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from caller import ACCOUNT, PEER, PEERS, PRODUCTS, Reply, World, by_area_code, furnished, numbers, sms

MOVES = f"{ACCOUNT}/moveTns"
OTHER = PEER.replace("{peer}", "{other}")
PLACE = "<SiteId>{site}</SiteId><SipPeerId>{other}</SipPeerId>"


def stocked(count: int = 2) -> tuple[World, list[str]]:
    """An account with two locations, numbers at the first one; and these."""
    world = furnished()
    world.made(
        "other", PEERS, "<SipPeer><PeerName>dock</PeerName><IsDefaultPeer>false</IsDefaultPeer></SipPeer>"
    )
    world.order(by_area_code(count))
    return world, numbers(world)


def body(given: Sequence[str], place: str = PLACE) -> str:
    """A request document of a move."""
    listed = "".join(f"<TelephoneNumber>{number}</TelephoneNumber>" for number in given)
    return f"<MoveTnsOrder>{place}<TelephoneNumbers>{listed}</TelephoneNumbers></MoveTnsOrder>"


def moved(world: World, given: Sequence[str]) -> Reply:
    """Orders a move, lets time pass, and reads it."""
    order_id = world.made("move", MOVES, body(given))
    world.clock.now += 1
    return world.call("GET", f"{MOVES}/{order_id}")


def at(world: World, peer: str) -> list[str]:
    """The numbers that a location lists."""
    return world.call("GET", f"{peer}/tns").texts("SipPeerTelephoneNumbers/SipPeerTelephoneNumber/FullNumber")


def test_a_move_goes_through_its_statuses() -> None:
    """RECEIVED, PROCESSING and COMPLETE are shown in turn and kept; the numbers go at the end."""
    world, had = stocked()
    placed = world.call("POST", MOVES, body(had))
    assert placed.text("MoveTnsOrder/ProcessingStatus") == "RECEIVED"
    assert placed.text("MoveTnsOrder/OrderId") == placed.new_id
    path = f"{MOVES}/{placed.new_id}"
    world.clock.now += 0.06
    assert world.call("GET", path).text("ProcessingStatus") == "PROCESSING"
    assert at(world, OTHER) == []
    world.clock.now += 0.06
    assert world.call("GET", path).text("ProcessingStatus") == "COMPLETE"
    assert (at(world, PEER), at(world, OTHER)) == ([], had)
    history = world.call("GET", f"{path}/history").texts("OrderHistory/Status")
    assert history == ["received", "processing", "complete"]


def test_a_moved_number_takes_on_the_settings_of_its_new_location() -> None:
    """A number without SMS that comes to a location with it has it then; its details name the location."""
    world, had = stocked(1)
    world.call("POST", PRODUCTS.replace("{peer}", "{other}") + "/messaging/features/sms", sms())
    moved(world, had)
    details = world.call("GET", f"/tns/{had[0]}/tndetails")
    assert details.text("*/SipPeer/PeerId") == world.names["other"]
    assert details.text("*/MessagingSettings/SmsEnabled") == "true"


def test_a_number_that_comes_to_a_location_without_sms_has_none() -> None:
    """SMS goes off with the move, and the location that it left can do without the feature."""
    world, _ = stocked(1)
    world.call("POST", f"{PRODUCTS}/messaging/features/sms", sms())
    world.order(by_area_code())
    moved(world, numbers(world))
    assert world.call("GET", f"{OTHER}/tns").texts(".//SmsEnabled") == ["false", "false"]
    assert world.call("DELETE", f"{PRODUCTS}/messaging/features/sms").status == 200


def test_a_number_that_is_not_active_stays_where_it_is() -> None:
    """Numbers that are not in service are one error (7518) with them all; the others are moved."""
    world, had = stocked()
    reply = moved(world, [had[0], "7575550121", "7575550122"])
    assert reply.text("ProcessingStatus") == "PARTIAL"
    assert reply.texts("Errors/Error/Code") == ["7518"]
    gone = reply.texts("Errors/Error/TelephoneNumbers/TelephoneNumber")
    assert gone == ["7575550121", "7575550122"]
    assert at(world, OTHER) == [had[0]]


def test_a_location_may_go_before_its_numbers_come() -> None:
    """A move to a location that was deleted meanwhile FAILS (7312), and moves nothing."""
    world, had = stocked()
    order_id = world.call("POST", MOVES, body(had)).new_id
    assert world.call("DELETE", OTHER).status == 200
    world.clock.now += 1
    reply = world.call("GET", f"{MOVES}/{order_id}")
    assert (reply.text("ProcessingStatus"), reply.code) == ("FAILED", 7312)
    assert at(world, PEER) == had


REFUSED = [
    (body(["9195550121"], "<SiteId>9</SiteId><SipPeerId>9</SipPeerId>"), [7309, 7312]),
    (body(["9195550121"], ""), [7309]),
    (body(["9195550121"], "<SiteId>{site}</SiteId><SipPeerId>9</SipPeerId>"), [7312]),
    (body(["555"]), [7201]),
    (body(["9195550121", "9195550121"]), [7360]),
    (body([]), [7316]),
    (body([f"919{n:07d}" for n in range(2_000_000, 2_005_001)]), [7314]),
    (body(["9195550121"], f"{PLACE}<CustomerOrderId>a_b</CustomerOrderId>"), [7318]),
    (body(["9195550121"], f"{PLACE}<E911ServiceAction>keep</E911ServiceAction>"), [1008]),
]


@pytest.mark.parametrize(("document", "codes"), REFUSED)
def test_what_cannot_be_moved_is_refused_with_every_reason(document: str, codes: list[int]) -> None:
    """Errors stand side by side, one Errors element each, and nothing is ordered."""
    world, _ = stocked(1)
    reply = world.call("POST", MOVES, document)
    assert (reply.status, reply.tree.tag) == (400, "MoveTnsOrderResponse")
    assert [int(code) for code in reply.texts("Errors/Code")] == codes
    assert world.call("GET", MOVES).text("TotalCount") == "0"


def test_without_a_location_numbers_go_to_the_default_one() -> None:
    """A move that names a sub-account only is to its default location."""
    world, had = stocked(1)
    moved(world, had)
    world.made("back", MOVES, body(had, "<SiteId>{site}</SiteId>"))
    world.clock.now += 1
    assert at(world, PEER) == had


FILTERS = [
    ("", 2),
    ("tn={first}", 2),
    ("tn={last}", 1),
    ("tn=7575550121", 0),
    ("status=complete", 1),
    ("status=complete,partial", 2),
    ("customerOrderId=none", 0),
    ("createdDateFrom=2023-11-14&createdDateTo=2023-11-14", 2),
    ("createdDateTo=2023-11-13", 0),
    ("modifiedDateFrom=2023-11-15", 0),
]


@pytest.mark.parametrize(("query", "count"), FILTERS)
def test_the_list_can_be_filtered(query: str, count: int) -> None:
    """Filters by number, status, customer's id and dates leave what they say."""
    world, had = stocked()
    moved(world, had)
    moved(world, [had[0], "7575550199"])
    world.names |= {"first": had[0], "last": had[1]}
    reply = world.call("GET", f"{MOVES}?{query}")
    assert (reply.text("TotalCount"), len(reply.tree.findall("MoveTnsOrderSummary"))) == (str(count), count)


@pytest.mark.parametrize("query", ["status=done", "createdDateFrom=now", "tn=555"])
def test_a_filter_that_cannot_be_read_is_a_404(query: str) -> None:
    """A bad query finds nothing, and says so with a 404."""
    assert furnished().call("GET", f"{MOVES}?{query}").status == 404
