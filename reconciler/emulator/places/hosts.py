"""Hosts of a location: what they may be, how many, and that an address is in use once."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from reconciler.emulator.documents import each
from reconciler.emulator.errors import Refusal
from reconciler.emulator.settings import Settings
from reconciler.emulator.store import SipPeer, Store
from reconciler.emulator.xml import Tree

_NAME = re.compile(r"(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9-]+")
# The widest mask of a new location, and of one that is changed: numbers.yml, and error 13593.
_WIDEST = {"narrow": (20, 24), "wide": (14, 14)}
_MOST_GROUPS = {"one": 1, "five": 5}
_MOST_TERMINATION = 128


def check(document: Tree, store: Store, own: SipPeer | None, settings: Settings) -> None:
    """Checks the hosts of a location, `own` when it exists."""
    groups = list(each(document, "VoiceHostGroups", "VoiceHostGroup"))
    voice = list(each(document, "VoiceHosts", "Host"))
    if voice and groups:
        raise Refusal(13504)
    most = _MOST_GROUPS[settings.answer("voice_host_groups")]
    if len(groups) > most:
        raise Refusal(13507, limit=most)
    for hosts in (voice, *(list(each(group, "Host")) for group in groups)):
        _check_voice(hosts)
    _check_termination(document, store, own, _WIDEST[settings.answer("masks")][own is not None])


def _check_voice(hosts: list[Tree]) -> None:
    if len(hosts) > 10:
        raise Refusal(13506)
    if len({_key(host) for host in hosts}) < len(hosts):
        raise Refusal(13553, name="VoiceHosts")
    for host in hosts:
        if not _NAME.fullmatch(host["HostName"]):
            raise Refusal(13509, value=host["HostName"])
        _check_port(host)


def _key(host: Tree) -> tuple[str, str]:
    return host["HostName"].lower(), host.get("Port", "")


def _check_port(host: Tree) -> None:
    if not 0 <= int(host.get("Port", 0)) <= 65535:
        raise Refusal(13543, value=host["Port"])


def _check_termination(document: Tree, store: Store, own: SipPeer | None, widest: int) -> None:
    mine = list(each(document, "TerminationHosts", "TerminationHost"))
    live = own.document if own else {}
    known = {h["HostName"] for h in each(live, "TerminationHosts", "TerminationHost")}
    taken = [_network(name) for name in _elsewhere(store, own)] if mine else []
    for host in mine[: _MOST_TERMINATION + 1]:
        _check_port(host)
        network = _network(host["HostName"])
        if network.prefixlen < widest and host["HostName"] not in known:
            raise Refusal(13593, value=host["HostName"], low=widest)
        if any(network.overlaps(other) for other in taken):
            raise Refusal(13552, value=host["HostName"])
        taken.append(network)
    if len(taken) > _MOST_TERMINATION:
        raise Refusal(18012, limit=_MOST_TERMINATION)


def _elsewhere(store: Store, own: SipPeer | None) -> Iterator[str]:
    for _, peer in store.peers():
        if peer is not own:
            for host in each(peer.document, "TerminationHosts", "TerminationHost"):
                yield host["HostName"]


def _network(name: str) -> ipaddress.IPv4Network:
    try:
        return ipaddress.IPv4Network(name)
    except ValueError as error:
        if "host bits" in str(error):
            raise Refusal(13595, value=name) from error
        raise Refusal(13509, value=name) from error
