"""Numbers at a location: what they are set to, how they are counted, and how they are moved."""

from __future__ import annotations

from typing import Any

import pytest
from caller import (
    ACCOUNT,
    ADDRESS,
    LISTED,
    ORDERS,
    PEER,
    PEERS,
    PRODUCTS,
    SITES,
    World,
    by_area_code,
    furnished,
    sms,
)
from caller import numbers as listed_at
from caller import order as order_document

COUNTED = "SipPeerTelephoneNumbersCount"
ROW = "SipPeerTelephoneNumber"
NAMED = (
    "<SipPeer><PeerName>desk</PeerName><IsDefaultPeer>true</IsDefaultPeer><CallingName>"
    "<Display>{}</Display><Enforced>{}</Enforced></CallingName></SipPeer>"
)


def furnished_with(count: int = 1, text: bool = False, **options: Any) -> tuple[World, list[str]]:
    """An account whose location has numbers, with SMS if so asked."""
    world = furnished(**options)
    if text:
        world.call("POST", f"{PRODUCTS}/messaging/features/sms", sms())
    world.order(by_area_code(count))
    return world, listed_at(world)


def put(world: World, number: str, elements: str, **options: str) -> Any:
    """Changes a number of the location."""
    body = f"<SipPeerTelephoneNumber><FullNumber>{number}</FullNumber>{elements}</SipPeerTelephoneNumber>"
    return world.call("PUT", f"{PEER}/tns/{number}", body, **options)


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ("CallForward", "7042661720"),
        ("NumberFormat", "11digit"),
        ("RPIDFormat", "e164"),
        ("RewriteUser", "desk"),
        ("CallingNameDisplay", "true"),
    ],
)
def test_an_option_is_set_alone_and_cleared(element: str, value: str) -> None:
    """PUT sets what it names and leaves the rest; `false` takes it back; list and details agree."""
    world, [number, other] = furnished_with(2)
    put(world, number, "<RewriteUser>before</RewriteUser>")
    assert put(world, number, f"<{element}>{value}</{element}>").text(f"{ROW}/{element}") == value
    rows = world.call("GET", f"{PEER}/tns").tree.findall(f".//{ROW}")
    told = {row.findtext("FullNumber"): row.findtext(element) for row in rows}
    assert told == {number: value, other: "false" if element == "CallingNameDisplay" else None}
    details = world.call("GET", f"/tns/{number}/tndetails").tree.find(".//TnOptions")
    assert details is not None
    assert details.findtext(element) == ("on" if value == "true" else value)
    assert details.findtext("RewriteUser") == (value if element == "RewriteUser" else "before")
    cleared = put(world, number, f"<{element}>false</{element}>")
    assert cleared.text(f"{ROW}/{element}") in (None, "false")


def test_version_2_forwards_to_e164() -> None:
    """A number within an option is written as the version writes numbers."""
    world, [number] = furnished_with()
    put(world, f"+1{number}", "<CallForward>+17042661720</CallForward>", prefix="/api/v2")
    v1, v2 = (
        world.call("GET", f"{PEER}/tns", prefix=f"/api/{v}").text(".//CallForward") for v in ("v1", "v2")
    )
    assert (v1, v2) == ("7042661720", "+17042661720")


@pytest.mark.parametrize(
    ("elements", "code"),
    [
        ("<CallForward>704266172</CallForward>", 13513),
        ("<CallForward>9193290919</CallForward>", 13513),
        ("<NumberFormat>9digit</NumberFormat>", 13514),
        ("<RPIDFormat>9digit</RPIDFormat>", 13516),
        ("<RewriteUser>xxxxxxxxxxxxxxxxxxxxxxxxxx</RewriteUser>", 13515),
        ("<CallingNameDisplay>maybe</CallingNameDisplay>", 13575),
        ("<TnAttributes><TnAttribute>Precious</TnAttribute></TnAttributes>", 5102),
        ("<MessagingSettings><SmsEnabled>true</SmsEnabled></MessagingSettings>", 9011),
    ],
)
def test_an_option_that_cannot_be(elements: str, code: int) -> None:
    """It is refused with its code, and nothing has changed."""
    world, [number] = furnished_with()
    assert number == "9193290919"
    held = world.emulator.dump()
    assert (put(world, number, elements).status, put(world, number, elements).code) == (400, code)
    assert world.emulator.dump() == held


def test_the_location_can_rule_names_of_callers() -> None:
    """A location that shows them does so for all; one that enforces it lets no number differ."""
    world, [number] = furnished_with()
    world.call("PUT", PEER, NAMED.format("true", "false"))
    assert world.call("GET", f"{PEER}/tns").text(".//CallingNameDisplay") == "true"
    assert world.call("GET", f"{PEER}/totaltns").text(f"{COUNTED}/CnamCount") == "1"
    put(world, number, "<CallingNameDisplay>false</CallingNameDisplay>")
    assert world.call("GET", f"{PEER}/totaltns").text(f"{COUNTED}/CnamCount") == "0"
    world.call("PUT", PEER, NAMED.format("true", "true"))
    assert put(world, number, "<CallingNameDisplay>true</CallingNameDisplay>").code == 13583


def test_text_messages_of_a_number() -> None:
    """They can be turned off and on; on where they are on is a warning."""
    world, [number] = furnished_with(text=True)
    switch = "<MessagingSettings><SmsEnabled>{}</SmsEnabled></MessagingSettings>".format
    assert put(world, number, switch("true")).text(f"{ROW}/Warnings/Warning/TelephoneNumber") == number
    assert put(world, number, switch("false")).text(f"{ROW}/MessagingSettings/SmsEnabled") == "false"
    assert put(world, number, switch("true")).names(f"{ROW}/Warnings") == []
    assert world.call("GET", f"{PEER}/tns").text(".//SmsEnabled") == "true"


def test_an_account_without_call_forwarding() -> None:
    """13576: the feature is the account's."""
    world, [number] = furnished_with(without=("CallForwarding",))
    assert put(world, number, "<CallForward>7042661720</CallForward>").code == 13576


def test_a_put_for_another_number_is_refused() -> None:
    """The number in the document is the one in the path."""
    world, [number] = furnished_with()
    body = "<SipPeerTelephoneNumber><FullNumber>9193298838</FullNumber></SipPeerTelephoneNumber>"
    assert world.call("PUT", f"{PEER}/tns/{number}", body).code == 13512


@pytest.mark.parametrize(
    ("query", "prefix", "names"),
    [
        ("", "/api", [COUNTED, "CnamCount", "LidbCount"]),
        ("?feature=cnam", "/api", [COUNTED, "CnamCount"]),
        ("?feature=E911", "/api", [COUNTED]),
        (
            "?feature=DLDA,LIDB",
            "/api/v2",
            [COUNTED, "DldaTelephoneNumbersCount", "LidbTelephoneNumbersCount"],
        ),
    ],
)
def test_the_total_counts_what_is_asked_for(query: str, prefix: str, names: list[str]) -> None:
    """`feature` picks among the counts of the version; without it all are there."""
    world, _ = furnished_with()
    assert world.call("GET", f"{PEER}/totaltns{query}", prefix=prefix).names(f"{COUNTED}/*") == names
    assert world.call("GET", f"{PEER}/totaltns?feature=FAX", prefix=prefix).code == 15525


def move(world: World, numbers: list[str], prefix: str = "/api") -> Any:
    """Moves numbers to the location `second`."""
    full = "".join(f"<FullNumber>{number}</FullNumber>" for number in numbers)
    path = f"{PEERS}/{{second}}/movetns"
    return world.call("POST", path, f"<SipPeerTelephoneNumbers>{full}</SipPeerTelephoneNumbers>", prefix)


def with_second(world: World) -> World:
    """The same account with another location."""
    world.made("second", PEERS, "<SipPeer><PeerName>second</PeerName></SipPeer>")
    return world


def test_moved_numbers_take_on_their_new_location() -> None:
    """They leave the old list for the new one; what a location also sets is forgotten, the rest stays."""
    world, [first, kept] = furnished_with(2)
    with_second(world)
    put(world, first, "<CallingNameDisplay>true</CallingNameDisplay><RewriteUser>desk</RewriteUser>")
    assert move(world, [first]).texts("SipPeerTelephoneNumbers/FullNumber") == [first]
    there = world.call("GET", f"{PEERS}/{{second}}/tns")
    assert (listed_at(world), there.texts(LISTED)) == ([kept], [first])
    assert (there.text(".//CallingNameDisplay"), there.text(".//RewriteUser")) == ("false", "desk")
    assert world.call("GET", f"/tns/{first}/sippeers").text("Id") == world.names["second"]
    assert world.call("GET", f"{SITES}/{{site}}/totaltns").text("SiteTNs/TotalCount") == "2"


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ([], 13505),
        (["12"], 13512),
        (["9193290919", "9193290919"], 13511),
        (["9843940984"], 13520),
        (["9193290919"] * 5001, 5095),
    ],
)
def test_moves_that_cannot_be(numbers: list[str], code: int) -> None:
    """Numbers that are none, not the account's, too many or named twice stay where they are."""
    world, [number] = furnished_with()
    with_second(world)
    assert move(world, numbers).code == code
    assert listed_at(world) == [number]


def test_messages_need_a_location_that_has_them() -> None:
    """A number with text messages on is not moved to a location without; a number is not moved to itself."""
    world, [number] = furnished_with(text=True)
    with_second(world)
    assert move(world, [number]).code == 9011
    world.names["second"] = world.names["peer"]
    assert move(world, [number]).code == 13526
    world.emulator.release(number)
    assert move(world, [number]).code == 13518


def test_locations_with_one_id_are_told_apart_by_their_sub_account() -> None:
    """Where ids repeat, a number moves between two locations that share one, and hosts are each one's own."""
    world, [number] = furnished_with(peer_ids="site")
    world.made("elsewhere", SITES, f"<Site><Name>elsewhere</Name>{ADDRESS}</Site>")
    there = f"{SITES}/{{elsewhere}}/sippeers"
    host = "<VoiceHosts><Host><HostName>198.51.100.7</HostName></Host></VoiceHosts>"
    twin = world.made("twin", there, f"<SipPeer><PeerName>twin</PeerName>{host}</SipPeer>")
    assert twin == world.names["peer"]
    by_host = "/tns?host=198.51.100.7"
    assert world.call("GET", by_host).text("TelephoneNumberCount") == "0"
    sent = f"<SipPeerTelephoneNumbers><FullNumber>{number}</FullNumber></SipPeerTelephoneNumbers>"
    assert world.call("POST", f"{there}/{{twin}}/movetns", sent).status == 200
    assert (listed_at(world), world.call("GET", f"{there}/{{twin}}/tns").texts(LISTED)) == ([], [number])
    assert world.call("GET", by_host).text("TelephoneNumberCount") == "1"


def test_version_2_has_no_moves_at_the_location() -> None:
    """They are orders there (numbers_v2.yml has no movetns)."""
    world, [number] = furnished_with()
    with_second(world)
    assert move(world, [f"+1{number}"], prefix="/api/v2").status == 404


def test_a_missing_number_can_be_a_200() -> None:
    """Under the reading `missing_number` 13536 comes with status 200."""
    world = furnished(missing_number="200")
    reply = world.call("GET", f"{PEER}/tns/9193290919")
    assert (reply.status, reply.code) == (200, 13536)


def test_a_number_that_is_not_here_cannot_be_shown_or_set() -> None:
    """13536 for a number on sale, and for one at another location."""
    world, [number] = furnished_with()
    assert world.call("GET", f"{PEER}/tns/9843940984").code == 13536
    with_second(world)
    world.names["peer"] = world.names["second"]
    assert put(world, number, "<RewriteUser>desk</RewriteUser>").code == 13536


def test_an_order_for_the_second_location_is_listed_there() -> None:
    """Each location lists its own numbers."""
    world = with_second(furnished())
    world.call("POST", ORDERS, order_document(by_area_code(), extra="<PeerId>{second}</PeerId>"))
    world.clock.now += 1
    there = world.call("GET", f"{PEERS}/{{second}}/tns").texts(LISTED)
    assert (listed_at(world), len(there)) == ([], 1)
    assert world.call("GET", f"{ACCOUNT}/inserviceNumbers/{there[0]}").status == 200
