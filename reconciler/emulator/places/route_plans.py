"""Route plans of a location: what a request makes of the live one, and what routes may be."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter

from reconciler.emulator.errors import Refusal
from reconciler.emulator.xml import Tree

_NUMBER = re.compile(r"(\+?1)?[2-9][0-9]{9}")
_SIP = re.compile(r"sips?:(?:[^@\s]+@)?([^@:;\s]+)\S*", re.IGNORECASE)
_IPV4 = re.compile(r"([0-9]+(?:\.[0-9]+){3})(/[0-9]+)?(:[0-9]+)?")
_DOMAIN = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?(:[0-9]+)?")
_ENDPOINTS = (("TN", _NUMBER), ("SIP", _SIP), ("IPv4", _IPV4), ("FQDN", _DOMAIN))
# RFC 1918: what a private address is, the catalogue does not say.
_PRIVATE = tuple(map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
_ACTIONS = ("asSpecified", "unchanged", "off")


def route_plan(sent: Tree | None, live: Tree | None, creating: bool) -> Tree | None:
    """The routes that hold after a request: as specified, unchanged, or none; {"Route": [...]}."""
    if not sent:
        return None
    action = sent.get("Action")
    if creating and action != "asSpecified":
        raise Refusal(13686 if action else 13685, value=action)
    if action not in _ACTIONS:
        raise Refusal(5207)
    if action == "unchanged":
        return live
    if action == "off":
        if "Route" in sent:
            raise Refusal(5208)
        return None
    return {"Route": _checked(sent.get("Route") or [])}


def _checked(routes: list[Tree]) -> list[Tree]:
    if not routes:
        raise Refusal(5184)
    typed = with_types(routes)
    for route in typed:
        _check_endpoint(route["Endpoint"], route["EndpointType"])
    (_, _, endpoint), times = Counter(map(_place, typed)).most_common(1)[0]
    if times > 1:
        raise Refusal(5186, value=endpoint)
    given = {int(route["Priority"]) for route in typed}
    missing = set(range(1, len(given) + 1)) - given
    if missing:
        raise Refusal(5223, value=min(missing))
    return typed


def _place(route: Tree) -> tuple[int, str, str]:
    return int(route["Priority"]), route["Endpoint"].lower(), route["Endpoint"]


def with_types(routes: list[Tree]) -> list[Tree]:
    """Routes with the type of each endpoint, as sent, or as it looks."""
    return [{**route, "EndpointType": _endpoint_type(route)} for route in routes]


def _endpoint_type(route: Tree) -> str:
    guessed = (kind for kind, pattern in _ENDPOINTS if pattern.fullmatch(route["Endpoint"]))
    return str(route.get("EndpointType") or next(guessed, "FQDN"))


def _check_endpoint(endpoint: str, kind: str) -> None:
    if not any(pattern.fullmatch(endpoint) for _, pattern in _ENDPOINTS):
        raise Refusal(5188, value=endpoint)
    if kind == "TN" and not _NUMBER.fullmatch(endpoint):
        raise Refusal(5201, value=endpoint)
    address, uri = _IPV4.fullmatch(endpoint), _SIP.fullmatch(endpoint)
    if address and _is_private(address[1]):
        raise Refusal(5218, says=f"Origination route cannot have private IP endpoint: {endpoint}")
    if uri and _is_private(uri[1]):
        raise Refusal(5220, value=endpoint, host=uri[1])


def _is_private(text: str) -> bool:
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return any(address in block for block in _PRIVATE)
