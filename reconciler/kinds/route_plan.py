"""Where calls to a location go by priority and weight: its `OriginationRoutePlan` (numbers.yml, SipPeer).

A full replace says what is to become of the plan: `asSpecified`, `unchanged` or `off`. Accounts without
the feature are refused any word of it (5200), so that it is said only where there are routes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import ClassVar

from reconciler.document import Node, leaf
from reconciler.kinds.entries import Entries, Entry, Part
from reconciler.kinds.fields import Flaw, Text, Whole, Word
from reconciler.kinds.hosts import network, twice
from reconciler.model import Fields, Value, without_user

FIELD, ELEMENT = "origination_route_plan", "OriginationRoutePlan"
PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))  # RFC 1918
_NUMBER = re.compile(r"(\+?1)?([2-9][0-9]{2}[2-9][0-9]{6})")
_ADDRESS = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3}){3})(?:/[0-9]{1,2})?(?::[0-9]+)?")
_URI = re.compile(r"(sips?:)?(?:([^@\s]+)@)?([^@\s]+)", re.IGNORECASE)
_TEL = re.compile(r"tel:\+?[0-9().-]+(;\S*)?", re.IGNORECASE)
_DOMAIN = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_.-]+(:[0-9]+)?")


class SipUri(Text):
    """A SIP URI. `sip:` may be left out (sources of line options disagree); its host has no case."""

    def canonical(self, value: Value) -> Value:
        found = _URI.fullmatch(str(value).strip()) if value else None
        if not found:
            return value or None
        scheme = (found[1] or "").lower().removeprefix("sip:")
        return f"{scheme}{found[2]}@{found[3].lower()}" if found[2] else scheme + found[3].lower()


class Endpoint(SipUri):
    """A number, a SIP URI, an address or a domain name; a number is sent as its ten digits (5201)."""

    def canonical(self, value: Value) -> Value:
        number = _NUMBER.fullmatch(str(value).strip()) if value else None
        return number[2] if number else super().canonical(value)

    def write(self, name: str, value: Value) -> Node:
        number = _NUMBER.fullmatch(str(value))
        return leaf(name, number[2] if number else str(value))


@dataclass(frozen=True)
class RoutePlan(Entries):
    """Routes, whose order means nothing beside their priorities."""

    spoken: ClassVar[bool] = True

    def over(self, name: str, value: Value, live: Node | None) -> Node | None:
        """What becomes of the live plan: as specified, unchanged, off, or nothing where there is none."""
        shown = self.read(live) if live else None
        if not value:
            return self._said(name, "off") if shown else None
        if self.same(value, shown, None):
            return self._said(name, "unchanged")
        routes = self.elements(value, live)
        return Node(name, children=(leaf("Action", "asSpecified"), *routes))

    @staticmethod
    def _said(name: str, action: str) -> Node:
        return Node(name, children=(leaf("Action", action),))

    def untouched(self, live: Node | None) -> Node | None:
        """What a full replace says of a plan that the manifest does not name."""
        return self._said(ELEMENT, "unchanged") if live and self.read(live) else None


ROUTES = RoutePlan(
    "Route",
    (
        Part("endpoint", "Endpoint", Endpoint(), "Number, SIP URI, IP address or domain name."),
        Part("endpoint_type", "EndpointType",
             Word(words=("TN", "IPv4", "SIP", "FQDN"), aliases={"Ipv4": "IPv4", "IP_V4": "IPv4"}),
             "What the endpoint is; the API sees it from its form."),
        Part("name", "Name", Text({"maxLength": 255}), "What the route is called."),
        Part("priority", "Priority", Whole(1, 1000), "1 is tried first, then 2, and so on."),
        # what Bandwidth's own CLI sends for a route that has no other beside it
        Part("weight", "Weight", Whole(1, 1_000_000), "Its share of the calls of its priority.",
             sent=100),
    ),
    names=("endpoint", "priority"),
    most=0,
    ordered=False,
)  # fmt: skip


def flaws(fields: Fields) -> Iterator[Flaw]:
    """What is wrong with the routes of a location."""
    routes = ROUTES.entries(fields.get(FIELD))
    for entry in routes:
        yield from _unfit(entry)
    keys = (Endpoint().canonical(e["endpoint"]) for e in routes)
    for endpoint, _ in twice(zip(keys, (e["priority"] for e in routes), strict=True)):
        yield Flaw(
            f"{without_user(str(endpoint))} is there twice with one priority (5186)",
            "add up its weights in one route",
            FIELD,
        )
    given = {e["priority"] for e in routes}
    missing = set(range(1, len(given) + 1)) - given
    if missing:
        yield Flaw(
            f"no route has priority {min(missing)} (5223)", "priorities count from 1, without a gap", FIELD
        )


def _unfit(entry: Entry) -> Iterator[Flaw]:
    text, public = str(entry["endpoint"]), "calls come from outside: write a public one"
    form, said = _form(text), entry.get("endpoint_type")
    address, uri = _ADDRESS.fullmatch(text), _URI.fullmatch(text)
    if not form:
        hint = "write ten digits, an address, a domain name or a SIP URI"
        yield Flaw(f"{without_user(text)} is no endpoint (5188)", hint, FIELD)
    elif said == "TN" and form != "TN":
        yield Flaw(f"{without_user(text)} is no telephone number (5201)", "write its ten digits", FIELD)
    elif said and form not in (said, _BARE.get(str(said))):
        hint = f"its form is that of {form}; left out, endpoint_type is seen from the form"
        yield Flaw(f"{without_user(text)} does not fit endpoint_type {said}", hint, FIELD)
    elif address and _private(address[1]):
        yield Flaw(f"{text} is a private address (5218)", public, FIELD)
    elif uri and form == "SIP" and _private(uri[3].partition(":")[0]):
        yield Flaw(f"{without_user(text)} has a private address (5220)", public, FIELD)


_BARE = {"SIP": "FQDN"}  # nobody says whether a SIP endpoint may be its host alone


def _form(text: str) -> str:
    """Which endpoint_type has this form; "" for none."""
    address, uri = _ADDRESS.fullmatch(text), _URI.fullmatch(text)
    if _NUMBER.fullmatch(text):
        return "TN"
    if address:
        return "IPv4" if network(address[1]) else ""
    if uri and (uri[1] or uri[2]):
        return "SIP"
    return "FQDN" if _DOMAIN.fullmatch(text) else ""


def is_destination(text: str) -> bool:
    """Whether calls may go there in the end: a SIP URI, with or without `sip:`, a `tel:` one, number or host.

    The error catalogue (13510) says only that it is to be valid; what has none of these forms is not.
    """
    form = _form(text) or ("SIP" if _TEL.fullmatch(text) else "")
    return bool(form) and "://" not in text and (form != "FQDN" or "." in text)


def _private(text: str) -> bool:
    try:
        address = IPv4Address(text)
    except ValueError:
        return False
    return any(address in block for block in PRIVATE)
