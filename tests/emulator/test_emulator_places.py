"""What sub-accounts and locations read back as, and what a PUT leaves of them."""

from __future__ import annotations

import pytest
from caller import (
    ADDRESS,
    APPS,
    MMS,
    PEER,
    PEERS,
    PRODUCTS,
    SITES,
    by_area_code,
    furnished,
    sms,
)
from lxml import etree

SITE = f"{SITES}/{{site}}"
FULL_SITE = (
    "<Site><Name>full</Name><Description>d</Description><CustomerName>c</CustomerName>"
    f"<CustomerProvidedId>42</CustomerProvidedId>{ADDRESS}<UcTrunkingConfiguration>"
    "<Type>Seats</Type><UsageCategory>UC500</UsageCategory></UcTrunkingConfiguration></Site>"
)
FULL_PEER = (
    "<SipPeer><PeerName>full</PeerName><Description>d</Description>"
    "<IsDefaultPeer>{default}</IsDefaultPeer><BillingIdentifier>B/1</BillingIdentifier>"
    "<VoiceHosts><Host><HostName>sbc.example.com</HostName></Host></VoiceHosts>"
    "<TerminationHosts><TerminationHost><HostName>198.51.100.0/28</HostName>"
    "<CustomerTrafficAllowed>DOMESTIC</CustomerTrafficAllowed></TerminationHost>"
    "</TerminationHosts><OriginationRoutePlan><Action>{action}</Action>{routes}"
    "</OriginationRoutePlan>{address}<CallingName><Display>true</Display>"
    "<Enforced>true</Enforced></CallingName></SipPeer>"
)
ROUTE = "<Route><Endpoint>9195550100</Endpoint><Priority>1</Priority><Weight>100</Weight></Route>"
PENNSYLVANIA = (
    "<Address><HouseNumber>1600</HouseNumber><StreetName>Pennsylvania</StreetName>"
    "<StreetSuffix>Ave</StreetSuffix><PostDirectional>NW</PostDirectional>"
    "<City>Washington</City><StateCode>DC</StateCode><Zip>20006</Zip><Country>US</Country></Address>"
)


def test_a_site_reads_back_as_sent_with_country_and_type() -> None:
    """A sub-account keeps the spelling of its address; country and type are filled in."""
    world = furnished()
    world.made("site", SITES, FULL_SITE)
    read = world.call("GET", SITE)
    assert read.text("Site/Address/StreetName") == "Main Campus Dr"
    assert read.text("Site/Address/Country") == "United States"
    assert read.text("Site/Address/AddressType") == "Service"
    assert read.text("Site/UcTrunkingConfiguration/UsageCategory") == "UC500"


def test_uc_trunking_is_said_where_the_account_has_it() -> None:
    """What an account without UC trunking is refused, one with it is given."""
    world = furnished(without=[], uc_configuration="refused")
    assert world.call("POST", SITES, FULL_SITE).status == 201


def test_hosts_of_other_customers_are_none_of_the_account() -> None:
    """An account may have 128 termination hosts, however many others have."""
    hosts = "".join(
        f"<TerminationHost><HostName>198.51.100.{n}</HostName></TerminationHost>" for n in range(128)
    )
    body = f"<SipPeer><PeerName>p</PeerName><TerminationHosts>{hosts}</TerminationHosts></SipPeer>"
    assert furnished(taken=["203.0.113.1"]).call("POST", PEERS, body).status == 201


def test_a_site_put_replaces_everything() -> None:
    """What a PUT of a sub-account leaves out is gone."""
    world = furnished()
    world.made("site", SITES, FULL_SITE)
    reply = world.call("PUT", SITE, f"<Site><Name>bare</Name>{ADDRESS}</Site>")
    assert reply.names("Site/*") == ["Id", "Name", "Address"]


def test_the_address_may_be_optional() -> None:
    """With site_address="optional" a sub-account may be only a name."""
    world = furnished(site_address="optional")
    assert world.call("POST", SITES, "<Site><Name>bare</Name></Site>").status == 201


def test_a_refused_address_comes_with_the_right_one() -> None:
    """12112 recommends the corrected address in parts and echoes the sub-account."""
    wrong = PENNSYLVANIA.replace("Pennsylvania", "PENNSYLVANIO")
    reply = furnished().call("POST", SITES, f"<Site><Name>x</Name>{wrong}</Site>")
    recommended = "AddressErrorDescription/RecommendedAddress"
    assert reply.text(f"{recommended}/AddressLine1") == "1600 PENNSYLVANIA Ave NW"
    assert reply.text(f"{recommended}/StreetName") == "PENNSYLVANIA"
    assert reply.text(f"{recommended}/Country") == "US"
    assert reply.text("Site/Address/StreetName") == "PENNSYLVANIO"


# An element of an address, what it is, and the code that says so; "" leaves it out.
UNFIT_ADDRESSES = (
    ("HouseNumber", "9" * 46, 12537),
    ("HouseSuffix", "x" * 46, 12547),
    ("HousePrefix", "x" * 7, 13044),
    ("PreDirectional", "UP", 12605),
    ("PostDirectional", "UP", 12605),
    ("StreetName", "", 12538),
    ("StreetName", "x" * 201, 12539),
    ("StreetSuffix", "x" * 46, 13045),
    ("AddressLine2", "x" * 201, 12550),
    ("City", "x" * 101, 12541),
    ("County", "x" * 46, 12553),
    ("StateCode", "", 12542),
    ("Zip", "", 12644),
    ("PlusFour", "12345", 12552),
)


@pytest.mark.parametrize(("element", "text", "code"), UNFIT_ADDRESSES)
def test_each_part_of_an_address_has_its_rule(element: str, text: str, code: int) -> None:
    """A part of an address that is missing, too long or unknown is refused with the code of that part."""
    parts = {"HouseNumber": "1", "StreetName": "Main", "City": "Raleigh", "StateCode": "NC", "Zip": "27606"}
    written = "".join(f"<{name}>{value}</{name}>" for name, value in ({**parts, element: text}).items())
    world, address = furnished(), f"<Address>{written}</Address>"
    assert world.call("POST", SITES, f"<Site><Name>x</Name>{address}</Site>").code == code
    assert world.call("POST", PEERS, f"<SipPeer><PeerName>x</PeerName>{address}</SipPeer>").code == code


def test_the_list_of_sites_has_names_and_what_its_flags_add() -> None:
    """The plain list has id, name and description; the flags add counts and locations."""
    world = furnished()
    world.order(by_area_code(2))
    plain = world.call("GET", SITES)
    assert plain.names("Sites/Site/*") == ["Id", "Name"]
    full = world.call("GET", f"{SITES}?tnCounts=true&sipPeerDetails=true")
    assert full.text("Sites/Site/TotalTnCount") == "2"
    assert full.text("Sites/Site/SipPeerCount") == "1"
    assert full.text("Sites/Site/SipPeers/SipPeer/CallingName/Display") == "false"
    summary = world.call("GET", f"{SITES}?summary=true&sipPeerDetails=true")
    assert summary.text("Sites/Site/SipPeers/SipPeer/CallingName") is None
    assert world.call("GET", f"{SITE}/totaltns").text("SiteTNs/TotalCount") == "2"


def test_a_new_location_is_named_in_location_only() -> None:
    """Creating a location answers without a body, unless created_peer=body asks for one."""
    bare = furnished().call("POST", PEERS, "<SipPeer><PeerName>p</PeerName></SipPeer>")
    assert (bare.status, bare.body) == (201, b"")
    world = furnished(created_peer="body")
    full = world.call("POST", PEERS, "<SipPeer><PeerName>p</PeerName></SipPeer>")
    assert full.text("SipPeer/PeerId") == full.new_id


def test_a_bare_location_shows_its_defaults() -> None:
    """Reads of a location show empty hosts and route plan, and no caller name."""
    read = furnished().call("GET", PEER)
    assert read.names("SipPeer/*") == [
        "PeerId",
        "PeerName",
        "IsDefaultPeer",
        "VoiceHosts",
        "VoiceHostGroups",
        "TerminationHosts",
        "OriginationRoutePlan",
        "CallingName",
    ]
    assert read.texts("SipPeer/CallingName/*") == ["false", "false"]


def test_a_location_folds_and_capitalises_its_address() -> None:
    """A location's street comes back in one piece and in capitals, blank parts as empty elements."""
    world = furnished()
    body = f"<SipPeer><PeerName>p</PeerName>{PENNSYLVANIA}</SipPeer>"
    world.made("peer", PEERS, body)
    read = world.call("GET", PEER)
    assert read.text("SipPeer/Address/StreetName") == "PENNSYLVANIA AVE NW"
    assert read.text("SipPeer/Address/StreetSuffix") == ""
    assert read.text("SipPeer/Address/City") == "WASHINGTON"
    assert read.text("SipPeer/Address/Country") == "United States"
    assert read.text("SipPeer/Address/AddressType") == "Service"


def test_a_location_put_replaces_everything() -> None:
    """Hosts, plan, address and caller name that a PUT leaves out are gone."""
    world = furnished()
    full = FULL_PEER.format(default="false", action="asSpecified", routes=ROUTE, address=ADDRESS)
    world.made("peer", PEERS, full)
    read = world.call("GET", PEER)
    assert read.text("SipPeer/VoiceHosts/Host/HostName") == "sbc.example.com"
    assert read.text("SipPeer/TerminationHosts/TerminationHost/Port") == "0"
    assert read.text("SipPeer/OriginationRoutePlan/Route/EndpointType") == "TN"
    world.call("PUT", PEER, "<SipPeer><PeerName>full</PeerName></SipPeer>")
    left = world.call("GET", PEER)
    assert left.text("SipPeer/VoiceHosts/Host/HostName") is None
    assert left.text("SipPeer/TerminationHosts/TerminationHost") is None
    assert left.text("SipPeer/OriginationRoutePlan/Route") is None
    assert left.text("SipPeer/Address/City") is None
    assert left.text("SipPeer/CallingName/Display") == "false"


@pytest.mark.parametrize(("action", "kept"), [("unchanged", True), ("off", False)])
def test_a_route_plan_stays_or_goes_as_its_action_says(action: str, kept: bool) -> None:
    """PUT with unchanged keeps the routes and their id, PUT with off drops them."""
    world = furnished()
    texts = {"default": "false", "address": ""}
    world.made("peer", PEERS, FULL_PEER.format(action="asSpecified", routes=ROUTE, **texts))
    before = world.call("GET", PEER).text("SipPeer/OriginationRoutePlan/Id")
    assert world.call("PUT", PEER, FULL_PEER.format(action=action, routes="", **texts)).status == 200
    after = world.call("GET", PEER).text("SipPeer/OriginationRoutePlan/Id")
    assert after == (before if kept else None)


def test_a_new_default_demotes_the_old_one() -> None:
    """There is one default location: making another one default takes it from the first."""
    world = furnished()
    first = world.names["peer"]
    body = "<SipPeer><PeerName>p</PeerName><IsDefaultPeer>true</IsDefaultPeer></SipPeer>"
    second = world.made("peer", PEERS, body)
    listed = world.call("GET", PEERS)
    ids = listed.texts("SipPeers/SipPeer/PeerId")
    flags = listed.texts("SipPeers/SipPeer/IsDefaultPeer")
    assert dict(zip(ids, flags, strict=True)) == {first: "false", second: "true"}


def test_version_2_neither_shows_nor_loses_the_billing_identifier() -> None:
    """BillingIdentifier is unknown to version 2, and a PUT there leaves it alone."""
    world = furnished()
    texts = {"default": "false", "action": "asSpecified", "routes": ROUTE, "address": ""}
    world.made("peer", PEERS, FULL_PEER.format(**texts))
    assert b"BillingIdentifier" not in world.call("GET", PEER, prefix="/api/v2").body
    bare = "<SipPeer><PeerName>p</PeerName></SipPeer>"
    assert world.call("PUT", PEER, bare, prefix="/api/v2").status == 200
    assert world.call("GET", PEER).text("SipPeer/BillingIdentifier") == "B/1"


@pytest.mark.parametrize("side", ["Origination", "Termination"])
def test_http_voice_wipes_the_hosts(side: str) -> None:
    """Switching either side to HTTP deletes all hosts; POST shows the settings, PUT says nothing."""
    world = furnished()
    texts = {"default": "false", "action": "asSpecified", "routes": ROUTE, "address": ""}
    world.made("peer", PEERS, FULL_PEER.format(**texts))
    path, root = f"{PRODUCTS}/{side.lower()}/settings", f"SipPeer{side}Settings"
    sip = f"<{root}><VoiceProtocol>SIP</VoiceProtocol></{root}>"
    assert world.call("POST", path, sip).text(f"{root}/VoiceProtocol") == "SIP"
    assert world.call("GET", PEER).text("SipPeer/VoiceHosts/Host/HostName") == "sbc.example.com"
    settings = "<HttpSettings><HttpVoiceV2AppId>{voice}</HttpVoiceV2AppId></HttpSettings>"
    http = f"<{root}><VoiceProtocol>HTTP</VoiceProtocol>{settings}</{root}>"
    put = world.call("PUT", path, http)
    assert (put.status, put.body) == (200, b"")
    assert world.call("GET", path).text(f"{root}/HttpSettings/HttpVoiceV2AppId")
    left = world.call("GET", PEER)
    assert left.text("SipPeer/VoiceHosts/Host/HostName") is None
    assert left.text("SipPeer/TerminationHosts/TerminationHost/HostName") is None
    assert world.call("GET", PRODUCTS).texts("Products/Product/Name") == [side]
    listed = world.call("GET", f"{APPS}/{{voice}}/associatedsippeers")
    assert listed.texts("AssociatedSipPeers/AssociatedSipPeer/PeerName") == ["full"]


READ_AND_WRITE = {
    "sub-account": (SITE, "Site"),
    "location": (PEER, "SipPeer"),
    "sms": (f"{PRODUCTS}/messaging/features/sms", "SipPeerSmsFeature"),
    "mms": (f"{PRODUCTS}/messaging/features/mms", "MmsFeature"),
}


@pytest.mark.parametrize(("path", "element"), READ_AND_WRITE.values(), ids=READ_AND_WRITE.keys())
def test_writing_what_was_read_changes_nothing(path: str, element: str) -> None:
    """A PUT of the very element that a GET showed leaves the account as it was."""
    world = furnished()
    world.call("PUT", SITE, FULL_SITE)
    body = f"<IsDefaultPeer>true</IsDefaultPeer>{PENNSYLVANIA}"
    world.call("PUT", PEER, f"<SipPeer><PeerName>p</PeerName>{body}</SipPeer>")
    world.call("POST", f"{PRODUCTS}/messaging/features/sms", sms())
    world.call("POST", f"{PRODUCTS}/messaging/features/mms", MMS)
    before = world.call("GET", path)
    shown = before.tree.find(element)
    assert shown is not None
    assert world.call("PUT", path, etree.tostring(shown)).status == 200
    assert world.call("GET", path).body == before.body


def test_a_clean_account_can_be_taken_down() -> None:
    """Locations go before their sub-account, and then nothing is left of either."""
    world = furnished()
    assert world.call("DELETE", PEER).status == 200
    assert world.call("DELETE", SITE).status == 200
    assert world.emulator.dump()["sites"] == {}
