"""SMS, MMS and messaging application of a location: their rules and the calls that serve them."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection

from reconciler.emulator.account.fixed import PROXY_PEER
from reconciler.emulator.account.mirrors import MESSAGING
from reconciler.emulator.call import Answer, Call
from reconciler.emulator.documents import each
from reconciler.emulator.errors import Refusal, refuse_any
from reconciler.emulator.numbers.inventory import TOLL_FREE
from reconciler.emulator.products.presence import check_changeable, check_creatable, off
from reconciler.emulator.settings import Settings
from reconciler.emulator.store import Number, SipPeer
from reconciler.emulator.xml import Tree

_SETTINGS = "SipPeerSmsFeatureSettings"


def show_sms(call: Call) -> Answer:
    """The SMS feature."""
    sms = call.peer().sms
    return off(call) if sms is None else Answer(200, {"SipPeerSmsFeature": sms})


def create_sms(call: Call) -> Answer:
    """POST enables."""
    check_creatable(call, call.peer().sms, "SipPeerSmsFeature")
    return Answer(201, {"SipPeerSmsFeature": _store_sms(call)})


def replace_sms(call: Call) -> Answer:
    """PUT changes what is enabled: a full replace."""
    peer = call.peer()
    check_changeable(call, peer.sms, "SipPeerSmsFeature")
    if call.body[_SETTINGS].get("TollFree") != "true" and _has_toll_free_overrides(call, peer):
        raise Refusal(13672)
    return Answer(200, {"SipPeerSmsFeature": _store_sms(call)})


def _has_toll_free_overrides(call: Call, peer: SipPeer) -> bool:
    numbers = (call.store.numbers[number] for number in peer.numbers if number.startswith(TOLL_FREE))
    return any("A2pSettings" in number.options for number in numbers)


def delete_sms(call: Call) -> Answer:
    """DELETE disables, after MMS and once no number has messaging on; the application goes too."""
    peer = call.peer()
    if peer.sms is None:
        raise Refusal(None)
    if peer.mms is not None:
        raise Refusal(13624)
    if any(call.store.numbers[number].sms for number in peer.numbers):
        raise Refusal(13673)
    peer.sms = peer.application = None
    return Answer(200)


def _store_sms(call: Call) -> Tree:
    peer = call.peer()
    peer.sms = _checked_sms(call)
    if peer.sms[_SETTINGS].get("A2pLongCode") in ("ON", "OFF"):
        for number in peer.numbers:
            _set_a2p(call.store.numbers[number], peer.sms[_SETTINGS])
    return peer.sms


def _checked_sms(call: Call) -> Tree:
    settings = {"TollFree": "false", "ShortCode": "false"} | call.body[_SETTINGS]
    _check_a2p(settings, call.settings)
    _check_zones(settings, call.settings)
    protocol = settings["Protocol"]
    smpp = list(each(call.body, "SmppHosts", "SmppHost"))
    if protocol != "SMPP" and smpp:
        raise Refusal(13612, value=protocol)
    if protocol == "HTTP":
        return {_SETTINGS: settings, "HttpSettings": {"ProxyPeerId": PROXY_PEER}}
    if "HttpSettings" in call.body:
        raise Refusal(13608)
    for host in smpp:
        if "/" in host["HostName"] and _prefix(host["HostName"]) < 20:
            raise Refusal(13674)
    hosts = {"SmppHosts": {"SmppHost": _with_ids(smpp)}} if smpp else {}
    return {_SETTINGS: settings, **hosts}


def _check_zones(settings: Tree, readings: Settings) -> None:
    for zone in ("Zone2", "Zone3", "Zone4", "Zone5"):
        if settings[zone] == "true" and readings.reads("zones", "first_only"):
            raise Refusal(1008, name=zone, value="true")


def _prefix(name: str) -> int:
    try:
        return ipaddress.IPv4Network(name, strict=False).prefixlen
    except ValueError as error:
        raise Refusal(13509, value=name) from error


def _with_ids(hosts: list[Tree]) -> list[Tree]:
    return [{**host, "HostId": host.get("HostId") or str(i)} for i, host in enumerate(hosts, 1)]


def _check_a2p(settings: Tree, allowed: Settings) -> None:
    state = settings.get("A2pLongCode", "OFF")
    campaign, message_class = settings.get("A2pCampaignId"), settings.get("A2pMessageClass")
    # Some samples carry class and campaign with DefaultOff, others leave them out: both pass.
    enabled, disabled = state in ("ON", "DefaultOn"), state == "OFF"
    alone = settings["TollFree"] == settings["ShortCode"] == "false"
    needed = enabled or (not alone and allowed.reads("campaign_needed", "any"))
    faults = {
        13637: campaign and disabled and alone,
        13638: needed and not campaign,
        13641: enabled and not message_class,
        13642: disabled and message_class,
    }
    refuse_any(faults)
    _check_authorised(13639, campaign, allowed.campaigns)
    _check_authorised(13640, message_class, allowed.message_classes)


def _check_authorised(code: int, value: str | None, allowed: Collection[str] | None) -> None:
    if value and allowed is not None and value not in allowed:
        raise Refusal(code, value=value)


def inherit(number: Number, peer: SipPeer) -> None:
    """What a number takes over from the location it is ordered into."""
    if peer.sms is None:
        return
    settings = peer.sms[_SETTINGS]
    toll_free = number.number.startswith(TOLL_FREE)
    number.sms = not toll_free or settings["TollFree"] == "true"
    if not toll_free:
        _set_a2p(number, settings)


def _set_a2p(number: Number, settings: Tree) -> None:
    on = settings.get("A2pLongCode") in ("ON", "DefaultOn")
    number.campaign = settings.get("A2pCampaignId", "") if on else ""
    number.message_class = settings.get("A2pMessageClass", "") if on else ""


def show_mms(call: Call) -> Answer:
    """The MMS feature."""
    mms = call.peer().mms
    return off(call) if mms is None else Answer(200, {"MmsFeature": mms})


def show_mms_settings(call: Call) -> Answer:
    """The protocol of MMS alone."""
    mms = call.peer().mms
    return off(call) if mms is None else Answer(200, {"MmsSettings": mms["MmsSettings"]})


def create_mms(call: Call) -> Answer:
    """POST enables, on top of SMS."""
    peer = call.peer()
    check_creatable(call, peer.mms, "MmsFeature")
    peer.mms = _checked_mms(peer, call.body)
    return Answer(201, {"MmsFeature": peer.mms})


def replace_mms(call: Call) -> Answer:
    """PUT changes what is enabled, and answers without a body."""
    peer = call.peer()
    check_changeable(call, peer.mms, "MmsFeature")
    peer.mms = _checked_mms(peer, call.body)
    return Answer(200)


def delete_mms(call: Call) -> Answer:
    """DELETE disables."""
    peer = call.peer()
    if peer.mms is None:
        raise Refusal(None)
    peer.mms = None
    return Answer(200)


def _checked_mms(peer: SipPeer, body: Tree) -> Tree:
    if peer.sms is None:
        raise Refusal(13623)
    protocol, protocols = body["MmsSettings"]["Protocol"], body["Protocols"]
    if len(protocols) > 1:
        raise Refusal(13606)
    if list(protocols) != [protocol]:
        raise Refusal(13608)
    if protocol == "HTTP":
        protocols = {"HTTP": {"HttpSettings": {"ProxyPeerId": PROXY_PEER}}}
    else:
        protocols = {"MM4": _checked_mm4(protocols["MM4"])}
    return {"MmsSettings": {"Protocol": protocol}, "Protocols": protocols}


def _checked_mm4(sent: Tree) -> Tree:
    found: Tree = {"Tls": sent.get("Tls", "OFF")}
    for side in ("Term", "Orig"):
        outer, middle, inner = f"MmsMM4{side}Hosts", f"{side}Hosts", f"{side}Host"
        hosts = list(each(sent, outer, middle, inner))
        for host in hosts:
            if found["Tls"] == "ON" and host["HostName"].replace(".", "").isdigit():
                raise Refusal(13635, value=host["HostName"])
        found[outer] = {middle: {inner: _with_ids(hosts)}}
    return found


def show_application(call: Call) -> Answer:
    """The messaging application."""
    application = call.peer().application
    if application is None and call.reads("no_assignment", "404"):
        raise Refusal(None)
    return _assigned(application)


def _assigned(application: str | None) -> Answer:
    content = {"HttpMessagingV2AppId": application} if application else {}
    return Answer(200, {"ApplicationsSettings": content})


def assign_application(call: Call) -> Answer:
    """Assigns one, or none with the word REMOVE, as the root's text or as the id (error 13628)."""
    peer = call.peer()
    wanted: str = call.body.get("") or call.body.get("HttpMessagingV2AppId", "")
    form = "text" if "" in call.body else "element"
    if wanted.upper() == "REMOVE" and call.settings.answer("removal") in ("either", form):
        peer.application = None
        return _assigned(None)
    if form == "text" or wanted.upper() == "REMOVE":
        raise Refusal(13628)
    if not _speaks_http(peer):
        raise Refusal(13645)
    service = call.store.application(wanted, status=400)["ServiceType"]
    if service != MESSAGING:
        raise Refusal(13648, value=service, name="messaging")
    peer.application = wanted
    return _assigned(wanted)


def _speaks_http(peer: SipPeer) -> bool:
    sms, mms = peer.sms or {}, peer.mms or {}
    protocols = (sms.get(_SETTINGS, {}), mms.get("MmsSettings", {}))
    return any(settings.get("Protocol") == "HTTP" for settings in protocols)
