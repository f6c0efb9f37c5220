"""The account: what it has, what it lacks, its products' settings, and the lists over all locations."""

from __future__ import annotations

from typing import Any

import pytest
from caller import (
    ACCOUNT,
    ADDRESS,
    APPS,
    CREDS,
    MMS,
    ORDERS,
    PEER,
    PEERS,
    PRODUCTS,
    SITES,
    World,
    by_area_code,
    furnished,
    order,
    sms,
)

OF_ACCOUNT = f"{ACCOUNT}/products"
TRUNKS = f"{OF_ACCOUNT}/uctrunking/features/hosted/settings"
COUNTRIES = f"{PRODUCTS}/messaging/settings"
SMPP = f"{PRODUCTS}/messaging/features/sms/smpp/hosts"
OUTBOUND = f"{PEER}/associatedOutboundNumbers"
HOSTS = f"{PRODUCTS}/termination/hosts"
GEOCODE = f"{ACCOUNT}/geocodeRequest"
TEXTS = "<Application><ServiceType>Messaging-V2</ServiceType><AppName>a</AppName><MsgCallbackUrl>https://a.example</MsgCallbackUrl></Application>"
CALLS = f"<Application><ServiceType>Voice-V2</ServiceType><AppName>a</AppName><CallInitiatedCallbackUrl>https://a.example</CallInitiatedCallbackUrl><CallbackCreds>{CREDS}</CallbackCreds></Application>"
HTTP = "<SipPeer{0}Settings><VoiceProtocol>HTTP</VoiceProtocol></SipPeer{0}Settings>"
MM4 = (
    "<MmsFeature><MmsSettings><Protocol>MM4</Protocol></MmsSettings>"
    "<Protocols><MM4/></Protocols></MmsFeature>"
)
TRUNK = "<SipPeer><PeerName>trunk</PeerName>{0}</SipPeer>"
VOICE_HOST = "<VoiceHosts><Host><HostName>sbc.example.com</HostName></Host></VoiceHosts>"
TERMINATION_HOST = (
    "<TerminationHosts><TerminationHost><HostName>192.0.2.7</HostName></TerminationHost></TerminationHosts>"
)
ROUTE_PLAN = (
    "<OriginationRoutePlan><Action>asSpecified</Action><Route><Endpoint>9195550100</Endpoint>"
    "<Name>a</Name><Priority>1</Priority><Weight>1</Weight></Route></OriginationRoutePlan>"
)
CNAM = "<CallingName><Display>true</Display><Enforced>false</Enforced></CallingName>"

# What an account without a feature is refused: the feature, the call, the document, status and code.
LACKS: dict[str, tuple[str, str, str, str, int, int]] = {
    "HTTP messaging": ("HTTPV2", "POST", APPS, TEXTS, 400, 12130),
    "messaging at all": ("MESSAGING", "POST", APPS, TEXTS, 400, 12130),
    "HTTP messaging, asked for locations": ("HTTPV2", "GET", f"{APPS}/x/associatedsippeers", "", 400, 12103),
    "SMS": ("SMS", "POST", f"{PRODUCTS}/messaging/features/sms", sms(), 400, 13607),
    "HTTP settings": ("HTTP", "POST", f"{PRODUCTS}/messaging/features/sms", sms(), 400, 13609),
    "SMPP": ("SMPP", "POST", f"{PRODUCTS}/messaging/features/sms", sms(protocol="SMPP"), 400, 13614),
    "MMS": ("MMS", "POST", f"{PRODUCTS}/messaging/features/mms", MMS, 400, 13603),
    "MM4": ("MM4", "POST", f"{PRODUCTS}/messaging/features/mms", MM4, 400, 13616),
    "origination over HTTP": ("OrigHttpVoice", "POST", f"{PRODUCTS}/origination/settings",
                              HTTP.format("Origination"), 400, 13651),
    "termination over HTTP": ("TermHttpVoice", "POST", f"{PRODUCTS}/termination/settings",
                              HTTP.format("Termination"), 400, 13651),
    "origination": ("Origination", "POST", PEERS, TRUNK.format(VOICE_HOST), 400, 13538),
    "termination": ("Termination", "POST", PEERS, TRUNK.format(TERMINATION_HOST), 400, 13542),
    "termination hosts that are networks": ("SubnetAddressing", "POST", PEERS, TRUNK.format(
        TERMINATION_HOST.replace("192.0.2.7", "192.0.2.8/30")), 400, 13626),
    "voice at the edge": ("EdgeManagement", "POST", f"{PRODUCTS}/termination/settings",
                          HTTP.format("Termination"), 400, 12161),
    "protected numbers": ("PROTECTED_TNS", "POST", ORDERS, order(by_area_code(), extra=(
        "<TnAttributes><TnAttribute>Protected</TnAttribute></TnAttributes>")), 400, 5097),
    "caller names": ("CNAM", "POST", PEERS, TRUNK.format(CNAM), 400, 13576),
    "route plans": ("OriginationRoutePlan", "POST", PEERS, TRUNK.format(ROUTE_PLAN), 409, 5200),
    "call verification": ("CallVerification", "POST", PEERS, TRUNK.format(
        "<CallVerificationEnabled>true</CallVerificationEnabled>"), 400, 13694),
    "Pindrop": ("Pindrop", "POST", PEERS,
                TRUNK.format("<PindropEnabled>true</PindropEnabled>"), 400, 13695),
    "ordering": ("ORDERING", "POST", ORDERS, order(by_area_code()), 400, 5183),
    "UC, its settings": ("UcTrunking", "GET", f"{OF_ACCOUNT}/uctrunking/settings", "", 404, 12034),
    "UC, its seats": ("UcTrunking", "GET", f"{PEER}/totalSeats", "", 400, 12017),
}  # fmt: skip


@pytest.mark.parametrize("case", LACKS)
def test_feature_that_the_account_lacks(case: str) -> None:
    """A call that needs a feature is refused without it, with the code of that, and done with it."""
    feature, method, path, document, status, code = LACKS[case]
    reply = furnished_without(feature).call(method, path, document)
    assert (reply.status, reply.code) == (status, code), reply.body
    assert furnished_without().call(method, path, document).code != code


def furnished_without(*features: str) -> World:
    """A sub-account with a location, in an account that has all but some features."""
    world = World({"without": features})
    world.made("site", SITES, f"<Site><Name>main</Name>{ADDRESS}</Site>")
    world.made("peer", PEERS, "<SipPeer><PeerName>desk</PeerName></SipPeer>")
    return world


@pytest.mark.parametrize(("without", "allowed"), [((), "true"), (("SubnetAddressing",), "false")])
def test_termination_settings_say_whether_hosts_may_be_networks(
    without: tuple[str, ...], allowed: str
) -> None:
    """The account's termination settings tell of subnets what its features allow."""
    reply = World({"without": without}).call("GET", f"{OF_ACCOUNT}/termination/settings")
    assert reply.texts(".//SubnetAddressingAllowed") == [allowed]


def test_voice_applications_need_voice() -> None:
    """Without voice over HTTP in either direction there is no voice application (12150, a 409)."""
    reply = World({"without": ["OrigHttpVoice", "TermHttpVoice"]}).call("POST", APPS, CALLS)
    assert (reply.status, reply.code) == (409, 12150)
    assert World({"without": ["OrigHttpVoice"]}).call("POST", APPS, CALLS).status == 201


def test_products_are_those_of_the_account() -> None:
    """The list of products leaves out what the account has not, and what belongs to that."""
    reply = World({"without": ["UcTrunking", "MESSAGING", "CNAM"]}).call("GET", OF_ACCOUNT)
    names = reply.texts("Products/Product/Name")
    assert "MESSAGING" not in names
    assert "Origination" in names
    assert not {"CNAM", "HTTPV2"} & set(reply.texts("Products/Product/Features/Feature"))


def test_countries_of_numbers_in_version_2() -> None:
    """Version 2 also tells of other countries, of which no numbers can be had."""
    path = "Products/Product/CountrySettings/CountrySetting/Features/Feature/IsDisabled"
    assert World().call("GET", OF_ACCOUNT).texts(path) == []
    assert set(World().call("GET", OF_ACCOUNT, prefix="/api/v2").texts(path)) == {"true"}


def test_unknown_feature() -> None:
    """A feature that there is not cannot be taken away."""
    with pytest.raises(ValueError, match="Teleport"):
        World({"without": ["Teleport"]})


def test_campaigns() -> None:
    """The account's campaigns are those that it may use, or those in use where it may use any."""
    path, name = (
        f"{OF_ACCOUNT}/messaging/a2pCampaigns",
        "MessagingA2pCampaigns/MessagingA2pCampaign/CampaignId",
    )
    assert World({"campaigns": ["C1", "C2"]}).call("GET", path).texts(name) == ["C1", "C2"]
    world = furnished()
    assert world.call("GET", path).texts(name) == []
    a2p = "<A2pLongCode>DefaultOn</A2pLongCode><A2pMessageClass>T</A2pMessageClass>"
    a2p += "<A2pCampaignId>C3</A2pCampaignId>"
    world.call("POST", f"{PRODUCTS}/messaging/features/sms", sms(a2p))
    assert world.call("GET", path).texts(name) == ["C3"]


def trunks(count: object) -> str:
    """A request for trunks of hosted UC."""
    root, inner = "UcTrunkingCloudSettings", "BiDirectionalTrunks"
    return f"<{root}><{inner}>{count}</{inner}></{root}>"


def test_trunks() -> None:
    """Trunks are set, shown and changed; there are none to show or change before."""
    world = World({"without": []})
    assert [world.call(method, TRUNKS, body).code for method, body in (("GET", ""), ("PUT", trunks(5)))] == [
        12034,
        12034,
    ]
    for method, count in (("POST", "200"), ("PUT", "5")):
        assert world.call(method, TRUNKS, trunks(count)).status == 200
        assert world.call("GET", TRUNKS).texts(".//BiDirectionalTrunks") == [count]


@pytest.mark.parametrize(
    ("count", "code"), [("201", 12609), ("0", 12608), ("-1", 12608), ("many", 12607), ("", 1003)]
)
def test_impossible_trunks(count: str, code: int) -> None:
    """A number of trunks that cannot be is refused, each with its code."""
    assert World({"without": []}).call("POST", TRUNKS, trunks(count)).code == code


def countries(*names: str) -> str:
    """A request to break out to countries."""
    listed = "".join(f"<Country>{name}</Country>" for name in names)
    root, inner = "SipPeerMessagingSettings", "BreakOutCountries"
    return f"<{root}><{inner}>{listed}</{inner}></{root}>"


def test_countries_of_a_location() -> None:
    """A location breaks out to the countries that it was last given, of those that the account has."""
    world = furnished(countries=["CAN", "GBR", "MEX"])
    assert world.call("GET", COUNTRIES).texts(".//Country") == []
    assert world.call("PUT", COUNTRIES, countries("MEX", "CAN")).status == 200
    assert world.call("GET", COUNTRIES).texts(".//Country") == ["MEX", "CAN"]
    assert world.call("GET", f"{OF_ACCOUNT}/messaging/settings").texts(".//Country") == ["CAN", "GBR", "MEX"]
    world.call("PUT", COUNTRIES, "<SipPeerMessagingSettings/>")
    assert world.call("GET", COUNTRIES).texts(".//Country") == []


@pytest.mark.parametrize(
    ("named", "options", "code"),
    [
        (("USA",), {}, 13654),
        (("USA",), {"country_code": "13656"}, 13656),
        (("CAN", "CAN"), {}, 13657),
        (("ca",), {}, 1008),
    ],
)
def test_impossible_countries(named: tuple[str, ...], options: dict[str, str], code: int) -> None:
    """Countries that the account has not, that stand twice, or that are none, are refused."""
    assert furnished(**options).call("PUT", COUNTRIES, countries(*named)).code == code


def test_smpp_hosts() -> None:
    """A host added by itself is one of the SMS feature's, with an id of its own."""
    world = furnished()
    host = "<SmsHost><HostName>{0}</HostName></SmsHost>"
    assert world.call("GET", SMPP).status == 404
    world.call("POST", f"{PRODUCTS}/messaging/features/sms", sms(protocol="HTTP"))
    assert world.call("POST", SMPP, host.format("192.0.2.9")).code == 13612
    world.call("DELETE", f"{PRODUCTS}/messaging/features/sms")
    world.call(
        "POST", f"{PRODUCTS}/messaging/features/sms", sms(protocol="SMPP").replace("<HttpSettings/>", "")
    )
    for name, status in (("192.0.2.9", 201), ("192.0.2.10", 201), ("192.0.2.9", 400)):
        assert world.call("POST", SMPP, host.format(name)).status == status
    assert world.call("GET", SMPP).texts(".//HostId") == ["1", "2"]
    shown = world.call("GET", f"{PRODUCTS}/messaging/features/sms")
    assert shown.texts(".//SmppHost/HostName") == ["192.0.2.9", "192.0.2.10"]


def outbound(*numbers: str) -> str:
    """A request to add numbers of elsewhere."""
    rows = "".join(
        f"<AssociatedOutboundNumber><Number>{number}</Number></AssociatedOutboundNumber>"
        for number in numbers
    )
    return f"<AssociatedOutboundNumbers>{rows}</AssociatedOutboundNumbers>"


def test_outbound_numbers() -> None:
    """Numbers of elsewhere are added one by one, told of when they are none, listed by page, taken away."""
    world = furnished()
    reply = world.call(
        "POST", OUTBOUND, outbound("+16175551212", "6175551212", "+16175551213", "+16175551212")
    )
    assert (reply.status, reply.text("SuccessCount")) == (200, "2")
    assert reply.texts("Errors/AssociatedOutboundNumber/ErrorReason") == [
        "Invalid Number Format",
        "Duplicate Number",
    ]
    listed = "AssociatedOutboundNumbers/AssociatedOutboundNumber/Number"
    assert world.call("GET", f"{OUTBOUND}?page=2&size=1").texts(listed) == ["+16175551213"]
    first = world.call("GET", OUTBOUND).text("AssociatedOutboundNumbers/AssociatedOutboundNumber/Id")
    assert [world.call("DELETE", f"{OUTBOUND}/{first}").status for _ in range(2)] == [200, 404]
    assert world.call("GET", OUTBOUND).text("TotalCount") == "1"


@pytest.mark.parametrize(
    ("query", "prefix", "answered"),
    [("page=x&size=1", "/api", (400, 13056)), ("page=1&size=x", "/api", (400, 13057)),
     ("page=0&size=1", "/api", (400, 13058)), ("page=1&size=1", "/api/v2", (404, 0))],
)  # fmt: skip
def test_outbound_numbers_that_cannot_be_listed(query: str, prefix: str, answered: tuple[int, int]) -> None:
    """Pages are numbers above 0; version 2 has no such list."""
    reply = furnished().call("GET", f"{OUTBOUND}?{query}", prefix=prefix)
    assert (reply.status, reply.code) == answered


def trunked() -> World:
    """A location with a host for each direction."""
    world = furnished()
    world.made("trunk", PEERS, TRUNK.format(VOICE_HOST + TERMINATION_HOST))
    return world


def test_termination_hosts() -> None:
    """Each termination host has an id, under which it and its attributes are shown; others are not there."""
    world = trunked()
    hosts = HOSTS.replace("{peer}", "{trunk}")
    listed = world.call("GET", hosts)
    assert listed.texts("TerminationHost/HostName") == ["192.0.2.7"]
    host = listed.text("TerminationHost/id")
    assert world.call("GET", f"{hosts}/{host}").text(".//HostName") == "192.0.2.7"
    assert world.call("GET", f"{hosts}/{host}/settings").text(".//GatewayAttribute/id") == "1"
    assert world.call("GET", f"{hosts}/{host}/settings/1").text(".//GatewayAttribute/type") == "TRACE"
    for missing in ("1", f"{host}/settings/2", "1/settings"):
        assert world.call("GET", f"{hosts}/{missing}").status == 404
    product = world.call("GET", hosts.removesuffix("/hosts"))
    assert (product.text(".//VoiceProtocol"), product.text(".//TerminationHost/id")) == ("SIP", host)


HOST_QUERIES: dict[str, list[str]] = {
    "": ["VoiceHosts", "TerminationHosts"],
    "?type=ORIGINATION": ["VoiceHosts"],
    "?type=termination": ["TerminationHosts"],
    "?type=SMS": [],
    "?host=192.0.2.7": ["TerminationHosts"],
    "?host=192.0.2.8": [],
}


@pytest.mark.parametrize("query", HOST_QUERIES)
def test_hosts_of_the_account(query: str) -> None:
    """One list has the hosts of all locations, by kind; `type` and `host` leave out the others."""
    world = trunked()
    row = "SiteHosts/SiteHost/SipPeerHosts/SipPeerHost"
    reply = world.call("GET", f"{ACCOUNT}/hosts{query}")
    lists = [
        name
        for name in ("SmsHosts", "VoiceHosts", "TerminationHosts")
        if reply.texts(f"{row}/{name}/Host/HostName")
    ]
    assert lists == HOST_QUERIES[query]
    assert reply.texts(f"{row}/SipPeerId") == ([world.names["trunk"]] if HOST_QUERIES[query] else [])


def test_hosts_of_no_kind() -> None:
    """There are three types of hosts."""
    assert World().call("GET", f"{ACCOUNT}/hosts?type=FAX").code == 15505


def address(**parts: str) -> str:
    """A request to check an address; an empty part is left out."""
    whole = {"HouseNumber": "900", "StreetName": "Main Campus", "StreetSuffix": "Dr", "City": "Raleigh",
             "StateCode": "NC", "Zip": "27606", **parts}  # fmt: skip
    return (
        "<RequestAddress>" + "".join(f"<{n}>{v}</{n}>" for n, v in whole.items() if v) + "</RequestAddress>"
    )


CHECKED: dict[str, tuple[str, int, int, str | None]] = {
    "a good one": (address(), 200, 0, "900 MAIN CAMPUS DR"),
    "in one line": (address(HouseNumber="", StreetName="", StreetSuffix="",
                            AddressLine1="900 Main Campus Dr"), 200, 0, "900 MAIN CAMPUS DR"),
    "a direction as the house's suffix": (address(HouseSuffix="E"), 200, 0, "900 E MAIN CAMPUS DR"),
    "a misspelled street": (address(StreetName="Mian Campus"), 409, 0, "900 MAIN CAMPUS DR"),
    "a misspelled city": (address(City="Raliegh"), 409, 0, "900 MAIN CAMPUS DR"),
    "nowhere": (address(Zip="00000"), 400, 12110, None),
    "no street": (address(HouseNumber="", StreetName=""), 400, 1003, None),
}  # fmt: skip


@pytest.mark.parametrize("case", CHECKED)
def test_geocoding(case: str) -> None:
    """The geocoder writes an address its way, proposes a better one (409), or finds none."""
    document, status, code, line = CHECKED[case]
    world = World()
    reply = world.call("POST", GEOCODE, document)
    assert (reply.status, reply.code, reply.text("GeocodedAddress/AddressLine1")) == (status, code, line)
    assert (reply.text("ErrorMessage") is not None) is (status == 409)
    assert world.call("GET", SITES).texts("Sites/Site") == []


SEATS: tuple[tuple[dict[str, Any], str | None], ...] = (({"without": []}, "0"), ({}, None))


@pytest.mark.parametrize(("options", "count"), SEATS)
def test_seats(options: dict[str, Any], count: str | None) -> None:
    """A location of an account with UC trunking has seats, others have none to tell of."""
    assert furnished(**options).call("GET", f"{PEER}/totalSeats").text("UcTrunkingSeats/TotalCount") == count
