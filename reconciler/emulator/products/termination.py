"""Termination of a location, read only: its protocol and its hosts, each with an id and its attributes."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.documents import each
from reconciler.emulator.errors import Refusal
from reconciler.emulator.xml import Tree

# The one attribute that numbers.yml shows; here it is off on every host, and nothing switches it on.
_ATTRIBUTE = {
    "id": "1",
    "type": "TRACE",
    "value": "false",
    "effectiveDate": "2014-11-13T17:48:33",
    "inEffectiveDate": "2014-12-13T17:48:33",
}


def show(call: Call) -> Answer:
    """The protocol, SIP unless settings say otherwise, with the hosts."""
    settings = call.peer().termination or {"VoiceProtocol": "SIP"}
    product = {
        "TerminationSettings": settings,
        "TerminationHosts": {"TerminationHost": list(_hosts(call))},
    }
    return Answer(200, {"TerminationProduct": product})


def hosts(call: Call) -> Answer:
    """The hosts."""
    return Answer(200, {"TerminationHost": list(_hosts(call))})


def host(call: Call) -> Answer:
    """One host; 404 for an id that none has."""
    return Answer(200, {"SipPeerGatewayIp": _host(call)})


def attributes(call: Call) -> Answer:
    """The attributes of one host."""
    shown = {"GatewayId": _host(call)["id"], "GatewayAttributes": {"GatewayAttribute": [_ATTRIBUTE]}}
    return Answer(200, {"SipPeerGatewayAttributes": shown})


def attribute(call: Call) -> Answer:
    """One attribute of one host."""
    host_id = _host(call)["id"]
    if call.where["attribute"] != _ATTRIBUTE["id"]:
        raise Refusal(None)
    return Answer(200, {"SipPeerGatewayAttribute": {"GatewayId": host_id, "GatewayAttribute": _ATTRIBUTE}})


def _host(call: Call) -> Tree:
    found = next((host for host in _hosts(call) if host["id"] == call.where["host"]), None)
    if found is None:
        raise Refusal(None)
    return found


def _hosts(call: Call) -> Iterator[Tree]:
    # An id has to stay with its host while others come and go; a host is nowhere twice (13552).
    for found in each(call.peer().document, "TerminationHosts", "TerminationHost"):
        name = found["HostName"]
        yield {"HostName": name, "Port": found["Port"], "id": str(zlib.crc32(name.encode()))}
