"""Hosts of a location: what they may be, how many, and that an address is in use once."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import NoReturn

from reconciler.emulator.documents import each
from reconciler.emulator.errors import Refusal
from reconciler.emulator.given import TRAFFIC
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
    if own and own.partners and not any(document.get(name) for name in ("VoiceHosts", "VoiceHostGroups")):
        raise Refusal(13683, peer=own.id)
    groups = list(each(document, "VoiceHostGroups", "VoiceHostGroup"))
    voice = list(each(document, "VoiceHosts", "Host"))
    if voice and groups:
        raise Refusal(13504)
    most = _MOST_GROUPS[settings.answer("voice_host_groups")]
    if len(groups) > most:
        raise Refusal(13507, limit=most)
    for hosts in (voice, *(list(each(group, "Host")) for group in groups)):
        _check_voice(hosts)
    _check_termination(document, store, own, settings)


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


def _check_termination(document: Tree, store: Store, own: SipPeer | None, settings: Settings) -> None:
    widest = _WIDEST[settings.answer("masks")][own is not None]
    mine = list(each(document, "TerminationHosts", "TerminationHost"))
    live = own.document if own else {}
    known = {h["HostName"] for h in each(live, "TerminationHosts", "TerminationHost")}
    taken = [_network(name) for name in (*_elsewhere(store, own), *settings.taken)] if mine else []
    for host in mine[: _MOST_TERMINATION + 1]:
        _check_port(host)
        _check_traffic(host, settings)
        network = _network(host["HostName"])
        if network.prefixlen < widest and host["HostName"] not in known:
            raise Refusal(13593, value=host["HostName"], low=widest)
        others = [str(other) for other in taken if network.overlaps(other)]
        if others:
            _refuse_taken(host["HostName"], others, settings)
        taken.append(network)
    if len(taken) - len(settings.taken) > _MOST_TERMINATION:
        raise Refusal(18012, limit=_MOST_TERMINATION)


def _refuse_taken(name: str, others: list[str], settings: Settings) -> NoReturn:
    # 13654 has a second meaning, that of a country: the catalogue's sentence is the other one's.
    says = f"Termination IP {name} overlaps with an address that is already in use"
    code = int(settings.answer("host_in_use"))
    raise Refusal(code, says=says if code == 13654 else "", value=name, others=", ".join(others))


def _check_traffic(host: Tree, settings: Settings) -> None:
    said, has = host.get("CustomerTrafficAllowed"), settings.traffic
    if said is None or has is None:
        return
    code = int(settings.answer("traffic_class"))
    exceeds = TRAFFIC.index(said) > TRAFFIC.index(has)
    if exceeds if code == 13546 else said != has:
        raise Refusal(code, value=said, has=has, host=f"{host['HostName']}:{host.get('Port', 0)}")


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
