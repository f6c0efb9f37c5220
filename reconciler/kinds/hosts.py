"""The hosts of a location: where calls are sent to, and whose calls are taken; their spellings and rules.

`VoiceHosts` are tried in turn, one `VoiceHostGroup` at random (numbers.yml, SipPeer; the guide to SIP
peers). Termination hosts are addresses or networks, each of them in use once in all of Bandwidth (13552).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network
from typing import TypeVar

from reconciler.document import Node
from reconciler.kinds.entries import Entries, Part
from reconciler.kinds.fields import Flag, Flaw, Text, Whole, Word
from reconciler.model import Fields, Value, few

Networks = Sequence[tuple[str, IPv4Network]]
T = TypeVar("T", bound=Hashable)
NETWORK = r"^[0-9]{1,3}(\.[0-9]{1,3}){3}(/[0-9]{1,2})?$"
HOST = r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$"
WIDEST = 20  # of a new host: numbers.yml; the error catalogue (13593) has 14
WIDEST_ON_UPDATE = 24  # numbers.yml, PUT sippeers
CALLED = ("voice_hosts", "voice_host_group")
TERMINATING = "termination_hosts"
FIELDS = (*CALLED, TERMINATING)
ELEMENTS = ("VoiceHosts", "VoiceHostGroups", "TerminationHosts")


class HostName(Text):
    """An address or a domain name, whose case means nothing."""

    def canonical(self, value: Value) -> Value:
        return str(value).strip().rstrip(".").lower() if value else None


class NetworkName(Text):
    """An address, or a network as `198.51.100.16/30`; `/32` is the address alone."""

    def canonical(self, value: Value) -> Value:
        found = network(str(value)) if value else None
        return str(found) if found else value


@cache
def network(text: str) -> IPv4Network | None:
    """The network that a termination host is; None for what is none. Its host part does not count."""
    try:
        return IPv4Network(text.strip(), strict=False)
    except ValueError:
        return None


_HOST_NAME = HostName({"maxLength": 253, "pattern": HOST})
_PORT = Part("port", "Port", Whole(0, 65535), "Its port; left out, or 0, the API's own.", default=0)
VOICE = Entries(
    "Host",
    (
        Part("host_name", "HostName", _HOST_NAME,
             "IP address or domain name; a port has a word of its own, `port`."),
        _PORT,
    ),
    names=("host_name",),
    most=10,  # 13506
)  # fmt: skip
TERMINATION = Entries(
    "TerminationHost",
    (
        Part("host_name", "HostName", NetworkName({"pattern": NETWORK}),
             "IP address, or network as 198.51.100.16/30."),
        _PORT,
        Part("customer_traffic_allowed", "CustomerTrafficAllowed", Word(words=("LITE", "DOMESTIC", "ALL")),
             "Which calls it may make."),
        Part("data_allowed", "DataAllowed", Flag(), "Whether it may send data.", default=False),
    ),
    names=("host_name",),
    most=128,  # of an account: 18012
    ordered=False,
)  # fmt: skip


@dataclass(frozen=True)
class HostGroup(Entries):
    """The one group inside `VoiceHostGroups`; an older reference allowed five, which are shown as lists."""

    group: str = "VoiceHostGroup"

    def read(self, node: Node) -> Value:
        groups = tuple(super(HostGroup, self).read(each) or () for each in node.all(self.group))
        return groups if len(groups) > 1 else next(iter(groups), None) or None

    def elements(self, value: Value, live: Node | None) -> Iterator[Node]:
        inner = super().elements(value, live.first(self.group) if live else None)
        yield Node(self.group, children=tuple(inner))


GROUP = HostGroup(VOICE.item, VOICE.parts, VOICE.names, VOICE.most, ordered=False)


def live_hosts(document: Node | None) -> dict[str, list[str]]:
    """The names of the hosts that a location's document has, by the manifest's word for their list."""
    lists = zip(FIELDS, ELEMENTS, strict=True) if document else ()
    found = {word: list(_names(document, element)) for word, element in lists if document}
    return {word: names for word, names in found.items() if names}


def _names(document: Node, element: str) -> Iterator[str]:
    for node in (node for top in document.all(element) for node in top.walk()):
        if node.name.lower() == "hostname" and node.text:
            yield node.text


def without_hosts(document: Node) -> Node:
    """A location's document with empty elements for its hosts, which keep it from being deleted (13556)."""
    for element in ELEMENTS:
        document = document.put(element, Node(element)) if document.first(element) else document
    return document


def networks(fields: Fields) -> Networks:
    """A location's termination hosts, as they are written and as networks."""
    names = (str(entry.get("host_name")) for entry in TERMINATION.entries(fields.get(TERMINATING)))
    return [(name, found) for name in names if (found := network(name))]


def wide(found: Networks) -> Networks:
    """Those that a location takes only when it is created."""
    return [(name, net) for name, net in found if net.prefixlen < WIDEST_ON_UPDATE]


def overlapping(mine: Networks, theirs: Networks) -> Iterator[str]:
    """Those of the one list that have an address in common with any of the other."""
    return (name for name, net in mine if any(net.overlaps(other) for _, other in theirs))


def twice(keys: Iterable[T]) -> Iterator[T]:
    """The keys that stand there again."""
    seen = set[T]()
    for key in keys:
        if key in seen:
            yield key
        seen.add(key)


def flaws(fields: Fields) -> Iterator[Flaw]:
    """What is wrong with the hosts of a location."""
    for word in CALLED:
        called = VOICE.entries(fields.get(word))
        for name, _ in twice((_HOST_NAME.canonical(e["host_name"]), e.get("port") or 0) for e in called):
            yield Flaw(f"{name} is there twice (13553)", "name each host and port once", word)
    if all(fields.get(word) for word in CALLED):
        yield Flaw(
            "voice_hosts and voice_host_group exclude each other (13504)",
            "voice_hosts are tried in turn, a voice_host_group at random: keep one of them",
            "voice_host_group",
        )
    for entry in TERMINATION.entries(fields.get(TERMINATING)):
        if network(str(entry["host_name"])) is None:
            yield Flaw(
                f"{entry['host_name']} is no address or network (13594)",
                "write it as 198.51.100.16/30",
                TERMINATING,
            )
    yield from _unfit_networks(networks(fields))


def _unfit_networks(found: Networks) -> Iterator[Flaw]:
    for name, net in found:
        shifted, wide = name.partition("/")[0] != str(net.network_address), net.prefixlen < WIDEST
        narrower = f"write networks from /{WIDEST} to /32"
        if shifted and wide:
            yield Flaw(
                f"{name} has a host part (13595), and is wider than /{WIDEST} (13593)",
                f"{narrower}, each as its first address and mask",
                TERMINATING,
            )
        elif shifted:
            yield Flaw(f"{name} has a host part (13595)", f"write {net}", TERMINATING)
        elif wide:
            yield Flaw(f"{name} is wider than /{WIDEST} (13593)", narrower, TERMINATING)
    for place, (name, net) in enumerate(found):
        others = [other for other, before in found[:place] if net.overlaps(before)]
        if others:
            once = "each address may be in use once"
            yield Flaw(f"{name} overlaps with {few(others)} (13552)", once, TERMINATING)
