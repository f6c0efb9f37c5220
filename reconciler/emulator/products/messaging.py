"""SMS, MMS and messaging application of a location: their rules and the calls that serve them."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection

from reconciler.emulator.account.applications import MESSAGING
from reconciler.emulator.call import Answer, Call
from reconciler.emulator.documents import each
from reconciler.emulator.errors import Refusal
from reconciler.emulator.numbers.inventory import TOLL_FREE
from reconciler.emulator.settings import Settings
from reconciler.emulator.store import Number, SipPeer
from reconciler.emulator.xml import Tree

# The peer that carries HTTP messages; the server assigns it whatever a request says.
PROXY_PEER = "500000"

_SETTINGS = "SipPeerSmsFeatureSettings"


def show_sms(call: Call) -> Answer:
    """The SMS feature; 404 while it is off."""
    sms = call.peer().sms
    if sms is None:
        raise Refusal(None)
    return Answer(200, {"SipPeerSmsFeature": sms})


def create_sms(call: Call) -> Answer:
    """POST enables."""
    if call.peer().sms is not None:
        raise Refusal(1015, name="SipPeerSmsFeature")
    return Answer(201, {"SipPeerSmsFeature": _store_sms(call)})


def replace_sms(call: Call) -> Answer:
    """PUT changes what is enabled: a full replace."""
    if call.peer().sms is None:
        raise Refusal(1016, name="SipPeerSmsFeature")
    return Answer(200, {"SipPeerSmsFeature": _store_sms(call)})


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
    silent = disabled and settings["TollFree"] == settings["ShortCode"] == "false"
    faults = {
        13637: campaign and silent,
        13638: enabled and not campaign,
        13641: enabled and not message_class,
        13642: disabled and message_class,
    }
    for code, holds in faults.items():
        if holds:
            raise Refusal(code)
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
    """The MMS feature, in the lower camel case that GET has; 404 while it is off."""
    feature = _mms(call)
    shown: Tree = {
        "MmsSettings": {"protocol": feature["MmsSettings"]["Protocol"]},
        "Protocols": feature["Protocols"],
    }
    if "HTTP" in feature["Protocols"]:
        shown["Protocols"] = {"HTTP": {"HttpSettings": {"proxyPeerId": PROXY_PEER}}}
    return Answer(200, {"MmsFeature": shown})


def show_mms_settings(call: Call) -> Answer:
    """The protocol of MMS alone."""
    return Answer(200, {"MmsSettings": _mms(call)["MmsSettings"]})


def _mms(call: Call) -> Tree:
    feature = call.peer().mms
    if feature is None:
        raise Refusal(None)
    return feature


def create_mms(call: Call) -> Answer:
    """POST enables, on top of SMS."""
    peer = call.peer()
    if peer.mms is not None:
        raise Refusal(1015, name="MmsFeature")
    if peer.sms is None:
        raise Refusal(13623)
    peer.mms = _checked_mms(call.body)
    return Answer(201, {"MmsFeature": peer.mms})


def replace_mms(call: Call) -> Answer:
    """PUT changes what is enabled, and answers without a body."""
    peer = call.peer()
    if peer.mms is None:
        raise Refusal(1016, name="MmsFeature")
    peer.mms = _checked_mms(call.body)
    return Answer(200)


def delete_mms(call: Call) -> Answer:
    """DELETE disables."""
    _mms(call)
    call.peer().mms = None
    return Answer(200)


def _checked_mms(body: Tree) -> Tree:
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
    """The messaging application; an empty element when there is none."""
    application = call.peer().application
    content = {"HttpMessagingV2AppId": application} if application else {}
    return Answer(200, {"ApplicationsSettings": content})


def assign_application(call: Call) -> Answer:
    """Assigns one, or none with the word REMOVE, as the root's text or as the id (error 13628)."""
    peer = call.peer()
    wanted: str = call.body.get("") or call.body.get("HttpMessagingV2AppId", "")
    if wanted.upper() == "REMOVE":
        peer.application = None
        return show_application(call)
    if "" in call.body:
        raise Refusal(13628)
    if not _speaks_http(peer):
        raise Refusal(13645)
    service = call.store.application(wanted, status=400)["ServiceType"]
    if service != MESSAGING:
        raise Refusal(13648, value=service, name="messaging")
    peer.application = wanted
    return show_application(call)


def _speaks_http(peer: SipPeer) -> bool:
    sms, mms = peer.sms or {}, peer.mms or {}
    protocols = (sms.get(_SETTINGS, {}), mms.get("MmsSettings", {}))
    return any(settings.get("Protocol") == "HTTP" for settings in protocols)
