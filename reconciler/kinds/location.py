"""Locations: the API's SIP peers (numbers.yml, …/sippeers). A PUT is a full replace with traps.

Leaving `CallingName` out resets it; both its parts are needed together (13581, 13582); the route plan
is spoken of only where there is one (5200). Exactly one location of a sub-account is
the default, the first one always (13522).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reconciler.document import Node, leaf
from reconciler.kinds import hosts, route_plan, sip_voice
from reconciler.kinds.address import StreetAddress
from reconciler.kinds.default_location import DEFAULT, check_default, is_first, review_default
from reconciler.kinds.fields import Field, Flag, Text
from reconciler.kinds.kind import Collection, Kind, Plain, as_fields, edited
from reconciler.model import Action, Change, Fields, Finding, Problem, Resource, World

DISPLAY, ENFORCED = "calling_name.display", "calling_name.enforced"


def _on_create(resource: Resource, world: World) -> Fields:
    added: dict[str, bool] = {DEFAULT: is_first(resource, world)}
    if DISPLAY in resource.fields or ENFORCED in resource.fields:
        added |= {DISPLAY: False, ENFORCED: False}
    return added


def _shorthand(value: Any) -> tuple[bool, Fields]:
    wanted, fields = as_fields(value)
    return wanted, sip_voice.settled(fields)


def _check(resource: Resource, world: World) -> Iterable[Problem]:
    yield from check_default(resource, world)
    yield from sip_voice.check(resource, world)


def _review(change: Change, world: World) -> Iterable[Finding]:
    yield from review_default(change, world)
    document = change.live.document if change.live and change.action is Action.UPDATE else None
    body = _replace(KIND, document, change.wanted.fields) if document else None
    yield from sip_voice.review(change, world, body)


def _replace(kind: Kind, document: Node, fields: Plain) -> Node:
    body = edited(kind, document, fields)
    for part in ("Display", "Enforced"):
        if body.first("CallingName") and not body.value(f"CallingName/{part}"):
            body = body.put(f"CallingName/{part}", leaf(part, False))
    if route_plan.FIELD in fields:
        return body
    return body.put(route_plan.ELEMENT, route_plan.ROUTES.untouched(document.first(route_plan.ELEMENT)))


def _beside(fields: Fields) -> tuple[str, ...]:
    """Hosts are refused where voice is over HTTP (13646), whether or not the manifest says what it is."""
    return ("voice_application",) if any(fields.get(name) for name in hosts.FIELDS) else ()


KIND = Kind(
    name="location",
    where=("sub_accounts", "*", "locations", "*"),
    description="A location (SIP peer): numbers live in it and inherit its settings.",
    parent="sub_account",
    serving=Collection(
        path="/accounts/{account}/sites/{sub_account}/sippeers",
        member="SipPeer",
        id_element="PeerId",
        answers=("TNSipPeersResponse",),
        update="PUT",
        read_only=("PeerId", "Products"),
    ),
    fields=(
        # The error catalogue (13501) allows 50 characters, the specification 10; its samples have more.
        Field("name", "PeerName", Text({"maxLength": 50}), "Location name; the key when left out.",
              nullable=False),
        Field("description", "Description", Text({"maxLength": 50}), "Free text."),
        Field(DEFAULT, "IsDefaultPeer", Flag(), "Whether numbers ordered without a location land here.",
              default=False, nullable=False),
        Field("address", "Address", StreetAddress(), "Street address."),
        Field(DISPLAY, "CallingName/Display", Flag(), "Show caller names.", default=False, gate="CNAM"),
        Field(ENFORCED, "CallingName/Enforced", Flag(), "Forbid numbers to differ.", default=False,
              gate="CNAM"),
        *sip_voice.FIELDS,
    ),
    order=(
        "PeerName", "Description", "IsDefaultPeer", "FinalDestinationUri", "BillingIdentifier", "VoiceHosts",
        "VoiceHostGroups", "TerminationHosts", "OriginationRoutePlan", "Address", "PremiseTrunks",
        "CallingName", "SsSendToCustomer", "CallVerificationEnabled", "PindropEnabled",
    ),
    shorthand=_shorthand,
    first=DEFAULT,
    on_create=_on_create,
    check=_check,
    review=_review,
    replace=_replace,
    beside=_beside,
    strip=hosts.without_hosts,
)  # fmt: skip
