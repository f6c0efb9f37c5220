"""The numbers of a location, what is known of each, and how they are given up."""

from __future__ import annotations

import pytest
from caller import ACCOUNT, LISTED, PEER, by_area_code, furnished, numbers

from reconciler.emulator.store import AGING_SECONDS

GIVEN = "TelephoneNumbers/TelephoneNumber"
COUNTED = "SipPeerTelephoneNumbersCount"
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


def test_a_disconnected_number_ages_and_can_be_had_back() -> None:
    """A disconnect takes time; then its numbers age, belong nowhere, and only their name buys them back."""
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
    assert world.order(EXISTING.format(TN.format(gone))).text("OrderStatus") == "COMPLETE"
    assert numbers(world) == [gone, kept]


def test_a_number_has_aged_after_thirty_days() -> None:
    """Then it is on sale to anybody, and the account's no more; the list of those given up still has it."""
    world = furnished(inventory={"919": 1})
    world.order(by_area_code())
    number = numbers(world)[0]
    world.emulator.release(number)
    world.clock.now += AGING_SECONDS
    assert world.call("GET", f"/tns/{number}").text("Status") == "Available"
    assert world.call("GET", "/tns").text("TelephoneNumberCount") == "0"
    assert world.call("GET", f"{ACCOUNT}/discnumbers").texts(GIVEN) == [number]
    assert world.order(by_area_code()).text("OrderStatus") == "COMPLETE"
    assert numbers(world) == [number]
    assert world.call("GET", f"{ACCOUNT}/discnumbers/totals").text("Count") == "0"


def test_a_number_is_not_listed_before_it_is_in_service() -> None:
    """While it is set up it is InAccount: its details are there, the lists of numbers in service lack it."""
    world = furnished(provision_seconds=60)
    world.order(by_area_code())
    number = world.call("GET", "/tns").text("TelephoneNumbers/TelephoneNumber/FullNumber")
    counted = (f"{ACCOUNT}/inserviceNumbers/totals", "Count"), (f"{PEER}/totaltns", f"{COUNTED}/{COUNTED}")
    assert world.call("GET", f"/tns/{number}").text("Status") == "InAccount"
    assert (numbers(world), world.call("GET", f"{ACCOUNT}/inserviceNumbers").status) == ([], 204)
    assert [world.call("GET", path).text(count) for path, count in counted] == ["0", "0"]
    assert world.call("GET", f"{ACCOUNT}/inserviceNumbers/{number}").status == 404
    world.clock.now += 60
    assert world.call("GET", f"/tns/{number}").text("Status") == "Inservice"
    assert (numbers(world), world.call("GET", f"{ACCOUNT}/inserviceNumbers").texts(GIVEN)) == ([number],) * 2
    assert [world.call("GET", path).text(count) for path, count in counted] == ["1", "1"]
    assert world.call("GET", f"{ACCOUNT}/inserviceNumbers/{number}").status == 200


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


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("sites", {"Id": "{site}", "Name": "main"}),
        ("sippeers", {"Id": "{peer}", "Name": "desk"}),
        ("lata", {"TelephoneNumberDetails/Lata": "426"}),
        ("ratecenter", {"TelephoneNumberDetails/State": "NC"}),
        ("lca", {"Location/RateCenters/State": "NC"}),
        ("availableNnRoutes", {"NNRoute/Nnid": "101601"}),
    ],
)
def test_parts_of_what_is_known_of_a_number(path: str, texts: dict[str, str]) -> None:
    """Each part agrees with the details; of a number that nobody has only its place and routes are known."""
    world = furnished()
    world.order(by_area_code())
    reply = world.call("GET", f"/tns/{numbers(world)[0]}/{path}")
    assert {name: reply.text(name) for name in texts} == {
        k: v.format(**world.names) for k, v in texts.items()
    }
    on_sale = world.call("GET", f"/tns/9193298838/{path}").status
    assert on_sale == (404 if path in {"sites", "sippeers"} else 200)
    assert world.call("GET", f"/tns/9990000000/{path}").status == 404
    assert world.call("GET", f"/tns/12345/{path}").code == 12512


def test_the_local_calling_area_is_where_numbers_are_sold() -> None:
    """Its exchanges are those of the area codes of the LATA, its rate centres theirs."""
    world = furnished()
    area = world.call("GET", "/tns/9193290919/lca")
    assert {code[:3] for code in area.texts("ListofNPANXX/NPANXX")} == {"919", "984"}
    assert "919329" in area.texts("ListofNPANXX/NPANXX")
    assert area.texts("Location/RateCenters/RCs/RC") == ["CARY", "DURHAM", "RALEIGH"]


def test_what_no_call_sets_can_be_told() -> None:
    """describe() adds facts to the details: an emergency address has a call of its own, counts know it."""
    world = furnished()
    world.order(by_area_code(2))
    number, other = numbers(world)
    address = {"HouseNumber": "9", "StreetName": "ELM"}
    features = {"E911": {"CallerName": "Jo", "Address": address}, "Lidb": {"Status": "Success"}}
    assert world.call("GET", f"/tns/{number}/e911").status == 404
    world.emulator.describe(f"+1{number}", {"Features": features})
    details = world.call("GET", f"/tns/{number}/tndetails")
    assert details.text("TelephoneNumberDetails/Features/E911/Address/StreetName") == "ELM"
    emergency = world.call("GET", f"/tns/{number}/e911")
    assert (emergency.text("Address/Name"), emergency.text("Address/HouseNumber")) == ("Jo", "9")
    assert world.call("GET", f"{PEER}/totaltns?feature=LIDB").text(f"{COUNTED}/LidbCount") == "1"
    assert world.call("GET", f"/tns/{other}/e911").status == 404
    with pytest.raises(KeyError):
        world.emulator.describe("2015550100", {})
