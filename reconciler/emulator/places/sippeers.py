"""Locations (the API's SIP peers): their rules and the calls that serve them."""

from __future__ import annotations

from dataclasses import replace as altered

from reconciler.emulator.account.fixed import PROXY_PEER
from reconciler.emulator.call import Answer, Call
from reconciler.emulator.documents import each
from reconciler.emulator.errors import Refusal, refuse_any
from reconciler.emulator.places import addresses, hosts, names
from reconciler.emulator.places.route_plans import route_plan
from reconciler.emulator.settings import Settings
from reconciler.emulator.store import SipPeer, Site, Store
from reconciler.emulator.xml import Tree

_ORDER = (
    "PeerName",
    "Description",
    "IsDefaultPeer",
    "BillingIdentifier",
    "FinalDestinationUri",
    "VoiceHosts",
    "VoiceHostGroups",
    "TerminationHosts",
    "OriginationRoutePlan",
    "Address",
    "PremiseTrunks",
    "CallingName",
    "SsSendToCustomer",
    "CallVerificationEnabled",
    "PindropEnabled",
)
# Shown as empty elements when there is nothing in them (samples of numbers.yml).
_BLANK = {
    "VoiceHosts": "",
    "VoiceHostGroups": "",
    "TerminationHosts": "",
    "OriginationRoutePlan": "",
}
HOST_FIELDS = ("VoiceHosts", "VoiceHostGroups", "TerminationHosts")
_QUIET = {"Display": "false", "Enforced": "false"}
_OPEN = ("RECEIVED", "BACKORDERED")


def listing(call: Call) -> Answer:
    """Every location of the sub-account in full."""
    found = [shown(peer, call.settings, e164=call.e164) for peer in call.site().peers.values()]
    return Answer(200, {"SipPeers": {"SipPeer": found}})


def show(call: Call) -> Answer:
    """One location."""
    return Answer(200, {"SipPeer": shown(call.peer(), call.settings, e164=call.e164)})


def create(call: Call) -> Answer:
    """A new location. Its id is in Location only, unless the emulator was asked for a body too."""
    site = call.site()
    if "PeerId" in call.body:
        raise Refusal(1005, name="PeerId")
    document = _checked(call, site, None)
    if not site.peers:
        document["IsDefaultPeer"] = _first_default(call, document.get("IsDefaultPeer"))
    peer = SipPeer("", {"IsDefaultPeer": "false", **document})
    _settle_default(call, site, peer)
    peer.id = call.store.new_peer_id(site if call.reads("peer_ids", "site") else None)
    site.peers[peer.id] = peer
    body = {"SipPeer": shown(peer, call.settings, e164=call.e164)}
    location = f"{call.account_url}/sites/{site.id}/sippeers/{peer.id}"
    return Answer(201, body if call.reads("created_peer", "body") else None, location)


def replace(call: Call) -> Answer:
    """A full replace: what is left out is gone; IsDefaultPeer and CallingName become false."""
    site = call.site()
    if call.where["peer"] not in site.peers and call.reads("missing_peer_put", "13525"):
        raise Refusal(13525, name=call.body["PeerName"])
    peer = call.peer()
    if call.body.get("PeerId", peer.id) != peer.id:
        raise Refusal(1008, name="PeerId", value=call.body["PeerId"])
    document = _checked(call, site, peer)
    document.setdefault("IsDefaultPeer", "false")
    withdrawn = peer.default and document["IsDefaultPeer"] == "false"
    if withdrawn and call.reads("default_withdrawn", "refused"):
        raise Refusal(13522)
    _settle_default(call, site, altered(peer, document=document))
    peer.document = document
    return Answer(200, {"SipPeer": shown(peer, call.settings, e164=call.e164)})


def delete(call: Call) -> Answer:
    """Gone, unless something still stands on it."""
    site = call.site()
    peer = site.peers.get(call.where["peer"])
    if peer is None:
        raise Refusal(13557)
    _check_unused(call.store, site, peer)
    del site.peers[peer.id]
    return Answer(200)


def _first_default(call: Call, said: str | None) -> str:
    """What the first location of a sub-account is: the default, but for what nobody says about silence."""
    silent = call.settings.answer("first_peer")
    if said == "false" or (said is None and silent == "refused"):
        raise Refusal(13522)
    return said or silent


def _settle_default(call: Call, site: Site, peer: SipPeer) -> None:
    """Lets a new default take the place of the other one."""
    others = [other for other in site.peers.values() if other.id != peer.id and other.default]
    if not (peer.default and others):
        return
    if call.reads("second_default", "refused"):
        raise Refusal(1015, name="IsDefaultPeer")
    for other in others:
        other.document["IsDefaultPeer"] = "false"


def _check_unused(store: Store, site: Site, peer: SipPeer) -> None:
    waiting = {
        order.status
        for order in store.orders.values()
        if order.status in _OPEN and (order.document["SiteId"], order.peer) == (site.id, peer.id)
    }
    blockers = {
        13555: peer.numbers or "RECEIVED" in waiting,
        13681: "BACKORDERED" in waiting,
        13679: peer.id == PROXY_PEER,
        13684: peer.partners,
        13622: peer.mms is not None,
        13601: any(each(peer.sms or {}, "SmppHosts", "SmppHost")),
        13613: peer.sms is not None,
        13652: peer.speaks_http(),
        13556: any(each(peer.document, "TerminationHosts", "TerminationHost")),
        13558: peer.default and len(site.peers) > 1,
    }
    refuse_any(blockers, peer=peer.id)


def _checked(call: Call, site: Site, peer: SipPeer | None) -> Tree:
    live = peer.document if peer else {}
    document = {name: value for name, value in call.body.items() if name != "PeerId"}
    document = {name: live[name] for name in _kept(call) if name in live} | document
    _check_name(call, site, peer, document["PeerName"])
    if call.e164:
        _keep_billing(document, peer)
    _check_account(call, document)
    if document.get("CallVerificationEnabled") == document.get("PindropEnabled") == "true":
        raise Refusal(13693)
    hosts.check(document, call.store, peer, call.settings)
    if peer and peer.speaks_http():
        _refuse_hosts(document)
    for host in each(document, "TerminationHosts", "TerminationHost"):
        host.setdefault("Port", "0")
    plan = route_plan(
        document.pop("OriginationRoutePlan", None), live.get("OriginationRoutePlan"), peer is None
    )
    if plan:
        document["OriginationRoutePlan"] = {"Id": call.store.new_uuid(), **plan}
    if "Address" in document and not (peer and addresses.clears(document, call.settings)):
        document["Address"] = addresses.checked(document["Address"], call.settings)
    return {name: value for name, value in document.items() if value != {}}


def _kept(call: Call) -> tuple[str, ...]:
    """What a PUT that leaves it out does not clear."""
    kept = HOST_FIELDS if call.reads("omitted_hosts", "kept") else ()
    return (*kept, "Address") if call.reads("omitted_address", "kept") else kept


def _check_name(call: Call, site: Site, peer: SipPeer | None, name: str) -> None:
    names.OF_PEER.check(name, call.settings)
    for other in site.peers.values():
        if other is not peer and other.document["PeerName"] == name:
            account = call.settings.account_id
            raise Refusal(13524, name=name, account=account, site=site.id)


def _check_account(call: Call, document: Tree) -> None:
    if "FinalDestinationUri" in document and call.settings.account_route_plan:
        raise Refusal(13688, account=call.settings.account_id)


def _keep_billing(document: Tree, peer: SipPeer | None) -> None:
    # numbers_v2.yml has no BillingIdentifier: version 2 neither shows nor changes it.
    if "BillingIdentifier" in document:
        raise Refusal(1005, name="BillingIdentifier")
    if peer and "BillingIdentifier" in peer.document:
        document["BillingIdentifier"] = peer.document["BillingIdentifier"]


def _refuse_hosts(document: Tree) -> None:
    named = [name for name in HOST_FIELDS if document.get(name)]
    if named:
        raise Refusal(13646, names=", ".join(named))


def shown(peer: SipPeer, settings: Settings, *, e164: bool = False) -> Tree:
    """The location as a read has it: empty elements, caller name, the address's other spelling."""
    whole = {**_BLANK, "CallingName": _QUIET, **peer.document}
    if "Address" in whole:
        whole["Address"] = addresses.of_location(whole["Address"], settings)
    if e164:
        whole.pop("BillingIdentifier", None)
    return {"PeerId": peer.id} | {name: whole[name] for name in _ORDER if name in whole}
