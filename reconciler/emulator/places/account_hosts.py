"""The hosts of every location in one list, by what they are for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.documents import each
from reconciler.emulator.errors import Refusal
from reconciler.emulator.store import SipPeer, Site
from reconciler.emulator.xml import Tree

# By the word of the `type` parameter: the element of the list, and where a location keeps such hosts.
_KINDS: Mapping[str, tuple[str, Callable[[SipPeer], Iterator[Tree]]]] = {
    "SMS": ("SmsHosts", lambda peer: each(peer.sms or {}, "SmppHosts", "SmppHost")),
    "ORIGINATION": ("VoiceHosts", lambda peer: _voice(peer.document)),
    "TERMINATION": (
        "TerminationHosts",
        lambda peer: each(peer.document, "TerminationHosts", "TerminationHost"),
    ),
}


def listing(call: Call) -> Answer:
    """Sub-accounts with the hosts of their locations; `type` and `host` narrow the list down."""
    kind = call.query.get("type", "").upper()
    if kind and kind not in _KINDS:
        raise Refusal(15505, value=call.query["type"])
    sites = [found for site in call.store.sites.values() if (found := _site(call, site, kind))]
    return Answer(200, {"SiteHosts": {"SiteHost": sites}})


def _site(call: Call, site: Site, kind: str) -> Tree | None:
    peers = [
        found for peer in site.peers.values() if (found := _peer(peer, kind, call.query.get("host", "")))
    ]
    return {"SiteId": site.id, "SipPeerHosts": {"SipPeerHost": peers}} if peers else None


def _peer(peer: SipPeer, kind: str, wanted: str) -> Tree | None:
    lists = {
        element: [
            {"HostName": host["HostName"]}
            for host in (hosts(peer) if kind in ("", name) else ())
            if wanted in ("", host["HostName"])
        ]
        for name, (element, hosts) in _KINDS.items()
    }
    if not any(lists.values()):
        return None
    # bandwidth-iris for .NET reads each list as elements Host.
    return {"SipPeerId": peer.id} | {element: {"Host": hosts} for element, hosts in lists.items()}


def _voice(document: Tree) -> Iterator[Tree]:
    yield from each(document, "VoiceHosts", "Host")
    for group in each(document, "VoiceHostGroups", "VoiceHostGroup"):
        yield from each(group, "Host")
