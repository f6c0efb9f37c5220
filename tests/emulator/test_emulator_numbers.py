"""The numbers of a location, what is known of each, and how they are given up."""

from __future__ import annotations

import pytest
from caller import ACCOUNT, LISTED, PEER, by_area_code, furnished, numbers

TN = "<TelephoneNumber>{}</TelephoneNumber>"
EXISTING = (
    "<ExistingTelephoneNumberOrderType><TelephoneNumberList>{}</TelephoneNumberList>"
    "</ExistingTelephoneNumberOrderType>"
)
DISCONNECT = (
    "<DisconnectTelephoneNumberOrder><DisconnectTelephoneNumberOrderType><TelephoneNumberList>{}"
    "</TelephoneNumberList></DisconnectTelephoneNumberOrderType></DisconnectTelephoneNumberOrder>"
)


def test_the_location_lists_its_numbers_page_by_page() -> None:
    """Pages count from 1; a page past the end is empty; attributes can be left out."""
    world = furnished()
    world.order(by_area_code(5))
    whole = numbers(world)
    pages = [world.call("GET", f"{PEER}/tns?page={n}&size=2").texts(LISTED) for n in range(1, 5)]
    assert pages == [whole[:2], whole[2:4], whole[4:], []]
    bare = world.call("GET", f"{PEER}/tns?includeAttributes=false&size=1")
    assert bare.names("SipPeerTelephoneNumbers/SipPeerTelephoneNumber/*") == ["FullNumber"]
    one = world.call("GET", f"{PEER}/tns/{whole[0]}")
    assert one.text("SipPeerTelephoneNumber/FullNumber") == whole[0]
    name = "SipPeerTelephoneNumbersCount"
    assert world.call("GET", f"{PEER}/totaltns").text(f"{name}/{name}") == "5"


def test_a_disconnected_number_ages_and_is_never_sold_again() -> None:
    """A disconnect takes time; then its numbers age, belong nowhere, and cannot be bought."""
    world = furnished(inventory={"919": 2})
    world.order(by_area_code(2))
    gone, kept = numbers(world)
    reply = world.call("POST", f"{ACCOUNT}/disconnects", DISCONNECT.format(TN.format(gone)))
    assert (reply.status, reply.text("OrderStatus")) == (201, "RECEIVED")
    assert numbers(world) == [gone, kept]
    world.clock.now += 1
    read = world.call("GET", f"{ACCOUNT}/disconnects/{reply.new_id}")
    assert read.text("OrderStatus") == "COMPLETE"
    assert read.texts("DisconnectedTelephoneNumberList/TelephoneNumber") == [gone]
    assert numbers(world) == [kept]
    details = world.call("GET", f"/tns/{gone}/tndetails")
    assert details.text("TelephoneNumberDetails/Status") == "Aging"
    assert details.text("TelephoneNumberDetails/SipPeer/PeerId") is None
    assert world.call("GET", f"/tns/{gone}").text("SiteId") is None
    assert world.order(by_area_code()).text("OrderStatus") == "FAILED"
    assert world.order(EXISTING.format(TN.format(gone))).text("OrderStatus") == "FAILED"


@pytest.mark.parametrize(("others", "status"), [(0, "FAILED"), (1, "PARTIAL")])
def test_a_number_that_is_not_ours_fails_a_disconnect(others: int, status: str) -> None:
    """A number not in service here is an error 5006 that names it."""
    world = furnished()
    world.order(by_area_code())
    wanted = [*numbers(world)[:others], "2015550100"]
    body = DISCONNECT.format("".join(map(TN.format, wanted)))
    disconnect = world.call("POST", f"{ACCOUNT}/disconnects", body).new_id
    world.clock.now += 1
    read = world.call("GET", f"{ACCOUNT}/disconnects/{disconnect}")
    assert (read.text("OrderStatus"), read.code) == (status, 5006)
    assert read.text("ErrorList/Error/TelephoneNumber") == "2015550100"


def test_a_person_can_give_a_number_up() -> None:
    """release() does what a person does in the dashboard, at once, and only for numbers in service."""
    world = furnished()
    world.order(by_area_code())
    number = numbers(world)[0]
    world.emulator.release(f"+1{number}")
    assert numbers(world) == []
    with pytest.raises(KeyError):
        world.emulator.release(number)


def test_number_details_name_place_and_location() -> None:
    """A number in service shows its place, sub-account and location; one on sale is Available."""
    world = furnished()
    world.order(by_area_code())
    number = numbers(world)[0]
    details = world.call("GET", f"/tns/{number}/tndetails")
    prefix = "TelephoneNumberDetails"
    assert details.text(f"{prefix}/Status") == "Inservice"
    assert details.text(f"{prefix}/State") == "NC"
    assert details.text(f"{prefix}/Site/Id") == world.names["site"]
    assert details.text(f"{prefix}/SipPeer/PeerId") == world.names["peer"]
    status = world.call("GET", f"/tns/{number}")
    assert (status.text("Status"), status.text("SiteId")) == ("Inservice", world.names["site"])
    on_sale = world.call("GET", "/tns/9193298838/tndetails")
    assert on_sale.text(f"{prefix}/Status") == "Available"


def test_version_2_speaks_e164_both_ways() -> None:
    """Under /api/v2 numbers are +1 and ten digits in requests and answers, and nothing else is taken."""
    world = furnished()
    world.order(by_area_code())
    number = numbers(world)[0]
    v2 = {"prefix": "/api/v2"}
    assert world.call("GET", f"{PEER}/tns", **v2).texts(LISTED) == [f"+1{number}"]
    assert world.call("GET", f"/tns/+1{number}", **v2).text("TelephoneNumber") == f"+1{number}"
    assert world.call("GET", f"/tns/{number}", **v2).code == 12512
    body = DISCONNECT.format(TN.format(f"+1{number}"))
    reply = world.call("POST", f"{ACCOUNT}/disconnects", body, **v2)
    inner = "orderRequest/DisconnectTelephoneNumberOrderType/TelephoneNumberList/TelephoneNumber"
    assert (reply.status, reply.text(inner)) == (201, f"+1{number}")
