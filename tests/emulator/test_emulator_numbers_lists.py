"""The lists of numbers: all of them, those in service, those given up; filters, pages and counts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from caller import ACCOUNT, PEER, PEERS, SITES, World, by_area_code, furnished
from caller import order as order_document
from hypothesis import given, settings
from hypothesis import strategies as st

ALL = "TelephoneNumbers/TelephoneNumber/FullNumber"
ROW = "TelephoneNumbers/TelephoneNumber"
HOST = (
    "<SipPeer><PeerName>desk</PeerName><IsDefaultPeer>true</IsDefaultPeer><VoiceHosts><Host>"
    "<HostName>198.51.100.7</HostName></Host></VoiceHosts></SipPeer>"
)
PROTECTED = "<TnAttributes><TnAttribute>Protected</TnAttribute></TnAttributes>"


def spread(**options: Any) -> World:
    """Two numbers of 919 at the default location, then one of 720, Protected, at another a day later."""
    world = furnished(**options)
    world.order(by_area_code(2))
    world.made("second", PEERS, "<SipPeer><PeerName>second</PeerName></SipPeer>")
    world.clock.now += 24 * 3600
    world.order(by_area_code(1, "720"), extra=f"<PeerId>{{second}}</PeerId>{PROTECTED}")
    return world


def codes(world: World, path: str, at: str = ALL) -> list[str]:
    """The area codes of the numbers that a list has."""
    return [number.removeprefix("+1")[:3] for number in world.call("GET", path).texts(at)]


OURS, OTHER, EVERY = ["919", "919"], ["720"], ["720", "919", "919"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", EVERY),
        ("accountId=9900000", EVERY),
        ("npa=720", OTHER),
        ("npaNxx=919329", OURS),
        ("npaNxxX=9193290", ["919"]),
        ("state=nc", OURS),
        ("state=CO&city=denver", OTHER),
        ("lata=426", OURS),
        ("rateCenter=DENVER&state=CO", OTHER),
        ("tier=0", EVERY),
        ("tier=1", []),
        ("fullNumber=9193290919", ["919"]),
        ("siteId={site}", EVERY),
        ("sippeerId={second}", OTHER),
        ("status=Inservice,Aging", EVERY),
        ("status=aging", []),
        ("protected=true", OTHER),
        ("protected=false", OURS),
        ("host=198.51.100.7", OURS),
        ("host=nowhere.example", []),
        ("service=Voice", EVERY),
        ("service=E911", []),
        ("lastModifiedDateFrom=2023-11-15", OTHER),
        ("lastModifiedDateTo=2023-11-14", OURS),
        ("areaCode=720", OTHER),
        ("countryCodeA3=NLD", []),
        ("countryCodeA3=usa&phoneNumberType=geographic", EVERY),
        ("phoneNumberType=TOLL_FREE", []),
        ("unknown=1", EVERY),
    ],
)
def test_the_list_of_all_numbers_is_filtered(query: str, found: list[str]) -> None:
    """Each filter selects, several select together, and an unknown one is ignored."""
    world = spread()
    world.call("PUT", PEER, HOST)
    assert codes(world, f"/tns?page=1&size=500&{query}") == found
    assert world.call("GET", f"/tns?{query}").text("TelephoneNumberCount") == str(len(found))


@pytest.mark.parametrize(
    ("reading", "query", "names", "found"),
    [
        ({}, "", [], EVERY),
        ({"tns_places": "shown"}, "", ["Site", "SipPeer"], EVERY),
        ({"tns_filter": "ignored"}, "sippeerId={second}", [], EVERY),
    ],
)
def test_readings_of_the_list(reading: Any, query: str, names: list[str], found: list[str]) -> None:
    """Places are shown, and filters by place taken, as the readings say."""
    world = spread(**reading)
    row = world.call("GET", f"/tns?{query}").tree.find(ROW)
    assert row is not None
    assert [child.tag for child in row if child.tag in {"Site", "SipPeer"}] == names
    assert codes(world, f"/tns?{query}") == found


def test_the_list_can_be_forbidden() -> None:
    """403 with an empty body, for credentials without the role."""
    reply = spread(tns_list="forbidden").call("GET", "/tns")
    assert (reply.status, reply.body) == (403, b"")


def followed(world: World, path: str, at: str) -> tuple[list[list[str]], list[str]]:
    """The pages of a list whose links are followed as they are, and what they call the next page."""
    pages, nexts, where = [], [], path
    while where:
        reply = world.call("GET", where, prefix="")
        pages.append(reply.texts(at))
        link = reply.text("Links/next")
        where = re.findall("<http://localhost(.*)>", link)[0] if link else ""
        nexts += re.findall("page=([^&]*)", where)
    return pages, nexts


@pytest.mark.parametrize(
    ("reading", "version", "wanted"),
    [
        ("number", "/api/v1", r"[0-9]{10}"),
        ("number", "/api/v2", r"\+1[0-9]{10}"),
        ("counter", "/api/v1", "[23]"),
        ("counter", "/api/v2", "[23]"),
    ],
)
def test_pages_of_all_numbers(reading: str, version: str, wanted: str) -> None:
    """Links lead through every number once; they name the next page as the reading says."""
    world = furnished(tns_page=reading)
    world.order(by_area_code(5))
    whole = world.call("GET", "/tns", prefix=version).texts(ALL)
    pages, nexts = followed(world, f"{version}/tns?page=1&size=2&state=NC", ALL)
    assert pages == [whole[:2], whole[2:4], whole[4:]]
    assert all(re.fullmatch(wanted, page) for page in nexts)
    assert len(nexts) == 2


@given(count=st.integers(1, 7), size=st.integers(1, 8))
@settings(max_examples=15, deadline=None)
def test_every_paged_list_has_each_number_once(count: int, size: int) -> None:
    """In service, of a sub-account and given up: pages add up to the whole, and to the total."""
    world = furnished()
    world.order(by_area_code(count))
    at = "TelephoneNumbers/TelephoneNumber"
    in_service = world.call("GET", f"{ACCOUNT}/inserviceNumbers").texts(at)
    for path in (f"{ACCOUNT}/inserviceNumbers", f"{SITES}/{world.names['site']}/inserviceNumbers"):
        pages, _ = followed(world, f"/api{path}?size={size}", at)
        assert [number for page in pages for number in page] == in_service
    assert world.call("GET", f"{ACCOUNT}/inserviceNumbers/totals").text("Count") == str(count)
    for number in in_service:
        world.emulator.release(number)
    pages, _ = followed(world, f"/api{ACCOUNT}/discnumbers?page=1&size={size}", at)
    assert [number for page in pages for number in page] == in_service
    assert world.call("GET", f"{ACCOUNT}/discnumbers/totals").text("Count") == str(count)
    assert world.call("GET", f"{ACCOUNT}/inserviceNumbers").status == 204


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", EVERY),
        ("areacode=720", OTHER),
        ("npanxx=919329", OURS),
        ("state=CO", OTHER),
        ("lata=426", OURS),
        ("startdate=2023-11-15", OTHER),
        ("startdate=23-11-15", OTHER),
        ("enddate=2023-11-14", OURS),
    ],
)
def test_numbers_in_service_are_filtered(query: str, found: list[str]) -> None:
    """By place, and by the day since which they are in service; the page tells its own count."""
    world = spread()
    for path in (f"{ACCOUNT}/inserviceNumbers", f"{SITES}/{{site}}/inserviceNumbers"):
        reply = world.call("GET", f"{path}?{query}")
        assert codes(world, f"{path}?{query}", "TelephoneNumbers/TelephoneNumber") == found
        assert (reply.text("TotalCount"), reply.text("TelephoneNumbers/Count")) == (str(len(found)),) * 2


def test_numbers_given_up_by_day() -> None:
    """`startdate` and `enddate` are of the day on which they were given up."""
    world = furnished()
    world.order(by_area_code(2))
    first, second = world.call("GET", "/tns").texts(ALL)
    world.emulator.release(first)
    world.clock.now += 24 * 3600
    world.emulator.release(second)
    path, at = f"{ACCOUNT}/discnumbers?page=1&size=300", "TelephoneNumbers/TelephoneNumber"
    assert world.call("GET", path).texts(at) == [first, second]
    assert world.call("GET", f"{path}&startdate=2023-11-15").texts(at) == [second]
    assert world.call("GET", f"{ACCOUNT}/discnumbers/totals?enddate=2023-11-14").text("Count") == "1"


def look_up(world: World, numbers: list[str]) -> Any:
    """POST /tns."""
    return world.call("POST", "/tns", f"<TnList>{''.join(f'<Tn>{tn}</Tn>' for tn in numbers)}</TnList>")


def test_numbers_are_looked_up() -> None:
    """Ours and those on sale are rows; what is no number, or nobody's, is an error that lists them."""
    world = furnished()
    world.order(by_area_code())
    found = look_up(world, ["9193290919", "9193298838", "12345", "9990000000", "2110000000"])
    assert found.text("TelephoneNumberCount") == "2"
    assert found.texts(f"{ROW}/Status") == ["Inservice", "Available"]
    errors = {error.findtext("Code"): [e.text for e in error.iter("TelephoneNumber")]
              for error in found.tree.iter("Error")}  # fmt: skip
    assert errors == {"15608": ["12345"], "15610": ["9990000000", "2110000000"]}


def test_at_most_2500_numbers_are_looked_up() -> None:
    """One more is 15607."""
    world = furnished()
    assert look_up(world, ["9193290919"] * 2500).status == 200
    assert look_up(world, ["9193290919"] * 2501).code == 15607


def test_a_row_of_each_status() -> None:
    """The list has what the account has or had, each with its status; what has no place has no city."""
    world = furnished(provision_seconds=5)
    world.order(by_area_code(2))
    world.clock.now += 5
    first, _ = world.call("GET", "/tns").texts(ALL)
    world.emulator.release(first)
    wild = "<TollFreeWildCharSearchAndOrderType><TollFreeWildCardPattern>8**</TollFreeWildCardPattern>"
    toll_free = f"{wild}<Quantity>1</Quantity></TollFreeWildCharSearchAndOrderType>"
    world.call("POST", f"{ACCOUNT}/orders", order_document(toll_free))
    world.clock.now += 1
    rows = world.call("GET", "/tns").tree.findall(ROW)
    assert [row.findtext("Status") for row in rows] == ["InAccount", "Aging", "Inservice"]
    assert [row.find("City") is None for row in rows] == [True, False, False]
