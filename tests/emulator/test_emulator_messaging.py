"""SMS and MMS of a location, and what numbers take over from them."""

from __future__ import annotations

import pytest
from caller import MMS, PEER, PRODUCTS, World, by_area_code, furnished, numbers, sms
from option_orders import carried_out

SMS_PATH = f"{PRODUCTS}/messaging/features/sms"
MMS_PATH = f"{PRODUCTS}/messaging/features/mms"
SETTINGS = "SipPeerSmsFeature/SipPeerSmsFeatureSettings"
LISTED = "SipPeerTelephoneNumbers/SipPeerTelephoneNumber"
A2P = "<A2pLongCode>{}</A2pLongCode><A2pMessageClass>K</A2pMessageClass><A2pCampaignId>C1</A2pCampaignId>"
TOLL_FREE = (
    "<TollFreeWildCharSearchAndOrderType><TollFreeWildCardPattern>8**</TollFreeWildCardPattern>"
    "<Quantity>1</Quantity></TollFreeWildCharSearchAndOrderType>"
)
MM4 = (
    "<MmsFeature><MmsSettings><Protocol>MM4</Protocol></MmsSettings><Protocols><MM4>"
    "<MmsMM4TermHosts><TermHosts><TermHost><HostName>192.0.2.1</HostName></TermHost></TermHosts>"
    "</MmsMM4TermHosts></MM4></Protocols></MmsFeature>"
)
SMPP = (
    sms(protocol="SMPP")
    .replace("<HttpSettings/>", "<SmppHosts>{}</SmppHosts>")
    .replace("<TollFree>true", "<TollFree>false")
)


def messaging(world: World) -> list[tuple[str, ...]]:
    """SmsEnabled, campaign and class of each number of the location, as its list shows them."""
    rows = world.call("GET", f"{PEER}/tns").tree.findall(LISTED)
    names = ("SmsEnabled", "CampaignId", "MessageClass")
    return [tuple(row.findtext(f"MessagingSettings/{n}") or "" for n in names) for row in rows]


def test_sms_is_created_read_changed_and_removed() -> None:
    """POST, GET, PUT and DELETE of SMS show the settings and the proxy peer of the server."""
    world = furnished()
    assert world.call("POST", SMS_PATH, sms()).status == 201
    read = world.call("GET", SMS_PATH)
    assert read.text(f"{SETTINGS}/TollFree") == "true"
    assert (read.text("SipPeerSmsFeature/HttpSettings/ProxyPeerId") or "").isdigit()
    changed = world.call("PUT", SMS_PATH, sms(toll_free="false"))
    assert (changed.status, changed.text(f"{SETTINGS}/TollFree")) == (200, "false")
    assert world.call("DELETE", SMS_PATH).status == 200
    assert world.call("GET", SMS_PATH).status == 404


def test_mms_answers_get_in_lower_camel_case() -> None:
    """POST shows MMS in capitals, GET in lower camel case, PUT shows nothing."""
    world = furnished()
    world.call("POST", SMS_PATH, sms())
    made = world.call("POST", MMS_PATH, MMS)
    assert made.text("MmsFeature/MmsSettings/Protocol") == "HTTP"
    read = world.call("GET", MMS_PATH)
    assert read.text("MmsFeature/MmsSettings/protocol") == "HTTP"
    assert read.text("MmsFeature/Protocols/HTTP/HttpSettings/proxyPeerId")
    put = world.call("PUT", MMS_PATH, MMS.replace("Protocol>", "protocol>"))
    assert (put.status, put.body) == (200, b"")
    assert world.call("GET", f"{MMS_PATH}/settings").text("MmsSettings/Protocol") == "HTTP"
    assert world.call("DELETE", MMS_PATH).status == 200


def test_mm4_hosts_get_ids_and_no_port() -> None:
    """MM4 hosts come back with an id; TLS is off and no port is shown unless named."""
    world = furnished()
    world.call("POST", SMS_PATH, sms())
    made = world.call("POST", MMS_PATH, MM4)
    hosts = "MmsFeature/Protocols/MM4/MmsMM4TermHosts/TermHosts/TermHost"
    assert made.text("MmsFeature/Protocols/MM4/Tls") == "OFF"
    assert made.text(f"{hosts}/HostId") == "1"
    assert made.text(f"{hosts}/Port") is None
    secure = MM4.replace("<MM4>", "<MM4><Tls>ON</Tls>")
    assert world.call("PUT", MMS_PATH, secure).code == 13635


def test_smpp_hosts_get_ids_and_have_a_widest_mask() -> None:
    """SMPP hosts come back with an id; a mask wider than /20 is for staff (403)."""
    host = "<SmppHost><HostName>{}</HostName></SmppHost>"
    world = furnished()
    wide = world.call("POST", SMS_PATH, SMPP.format(host.format("192.0.0.0/19")))
    assert (wide.status, wide.code) == (403, 13674)
    made = world.call("POST", SMS_PATH, SMPP.format(host.format("192.0.2.0/24")))
    assert made.text("SipPeerSmsFeature/SmppHosts/SmppHost/HostId") == "1"


def test_toll_free_stays_while_a_number_has_settings_of_its_own() -> None:
    """SMS of toll-free numbers cannot go while one of them has A2P settings that are not the location's."""
    world = furnished()
    world.call("POST", SMS_PATH, sms(A2P.format("DefaultOn")))
    world.order(TOLL_FREE)
    carried_out(world, ("<A2pSettings><Action>off</Action></A2pSettings>", numbers(world)))
    less = sms(A2P.format("DefaultOn"), toll_free="false")
    assert world.call("PUT", SMS_PATH, less).code == 13672
    carried_out(world, ("<A2pSettings><Action>systemDefault</Action></A2pSettings>", numbers(world)))
    assert world.call("PUT", SMS_PATH, less).status == 200


def test_campaigns_and_classes_can_be_limited() -> None:
    """An account that names its campaigns and classes takes no other."""
    world = furnished(campaigns={"C2"}, message_classes={"K"})
    assert world.call("POST", SMS_PATH, sms(A2P.format("ON"))).code == 13639
    world = furnished(campaigns={"C1"}, message_classes={"L"})
    assert world.call("POST", SMS_PATH, sms(A2P.format("ON"))).code == 13640


def test_numbers_inherit_messaging_when_they_are_ordered() -> None:
    """A number ordered before SMS is off; one ordered after is on; the location cannot lose SMS then."""
    world = furnished()
    world.order(by_area_code())
    world.call("POST", SMS_PATH, sms())
    assert messaging(world) == [("false", "", "")]
    world.order(by_area_code())
    assert sorted(messaging(world)) == [("false", "", ""), ("true", "", "")]
    refused = world.call("DELETE", SMS_PATH)
    assert (refused.status, refused.code) == (400, 13673)


@pytest.mark.parametrize(("toll_free", "enabled"), [("true", "true"), ("false", "false")])
def test_toll_free_numbers_need_toll_free_sms(toll_free: str, enabled: str) -> None:
    """A toll-free number has messaging only where the location's SMS covers toll-free numbers."""
    world = furnished()
    world.call("POST", SMS_PATH, sms(toll_free=toll_free))
    world.order(TOLL_FREE)
    assert messaging(world) == [(enabled, "", "")]


def test_defaults_of_a2p_reach_new_numbers_and_on_reaches_all() -> None:
    """DefaultOn gives new numbers the campaign; ON and OFF force it on every number."""
    world = furnished()
    world.call("POST", SMS_PATH, sms())
    world.order(by_area_code())
    world.call("PUT", SMS_PATH, sms(A2P.format("DefaultOn")))
    assert messaging(world) == [("true", "", "")]
    world.order(by_area_code())
    assert sorted(messaging(world)) == [("true", "", ""), ("true", "C1", "K")]
    world.call("PUT", SMS_PATH, sms(A2P.format("ON")))
    assert messaging(world) == [("true", "C1", "K")] * 2
    world.call("PUT", SMS_PATH, sms("<A2pLongCode>OFF</A2pLongCode>"))
    assert messaging(world) == [("true", "", "")] * 2
