"""Locations: the API's SIP peers (numbers.yml, …/sippeers). A PUT is a full replace with traps.

Leaving `CallingName` out resets it; both its parts are needed together (13581, 13582); the route plan
may be sent only where there is one (5200), as `unchanged`. Exactly one location of a sub-account is
the default, the first one always (13522).
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_network

from reconciler.document import Node, leaf
from reconciler.kinds.address import StreetAddress
from reconciler.kinds.default_location import DEFAULT, check_default, is_first, review_default
from reconciler.kinds.fields import Field, Flag, Text
from reconciler.kinds.kind import OBJECT_WORDS, Collection, Kind, Plain, edited
from reconciler.model import Action, Change, Fields, Finding, Problem, Resource, Severity, World

DISPLAY, ENFORCED = "calling_name.display", "calling_name.enforced"
WIDEST_MASK_ON_UPDATE = 24  # 20 on create (13593)


def _on_create(resource: Resource, world: World) -> Fields:
    added: dict[str, bool] = {DEFAULT: is_first(resource, world)}
    if DISPLAY in resource.fields or ENFORCED in resource.fields:
        added |= {DISPLAY: False, ENFORCED: False}
    return added


def _check(resource: Resource, world: World) -> Iterable[Problem]:
    yield from check_default(resource, world)


def _review(change: Change, world: World) -> Iterable[Finding]:
    yield from review_default(change, world)
    if change.action is Action.UPDATE and change.live and change.live.document:
        for reason, hint in _known_refusals(change.live.document):
            message = f"the API refuses any update of it: {reason}"
            yield Finding(Severity.REFUSAL, change.address, message, hint, change.wanted.where())


def _known_refusals(document: Node) -> Iterable[tuple[str, str]]:
    """Why a PUT of the document as it stands would be refused, and what to do about it."""
    hosts, groups = document.first("VoiceHosts"), document.first("VoiceHostGroups")
    if hosts and groups and not hosts.empty and not groups.empty:
        yield (
            "it has voice hosts and voice host groups (13504)",
            "remove one of them in the dashboard",
        )
    for host in document.all("TerminationHosts/TerminationHost"):
        if _too_wide(host.value("HostName") or ""):
            yield (
                f"its host {host.value('HostName')} is wider than /{WIDEST_MASK_ON_UPDATE} (13593)",
                "change the location in the dashboard",
            )


def _too_wide(host: str) -> bool:
    try:
        return "/" in host and ip_network(host, strict=False).prefixlen < WIDEST_MASK_ON_UPDATE
    except ValueError:
        return False


def _replace(kind: Kind, document: Node, fields: Plain) -> Node:
    body = edited(kind, document, fields)
    for part in ("Display", "Enforced"):
        if body.first("CallingName") and not body.value(f"CallingName/{part}"):
            body = body.put(f"CallingName/{part}", leaf(part, False))
    plan = document.first("OriginationRoutePlan")
    if plan is None or plan.first("Route") is None:
        return body.put("OriginationRoutePlan", None)
    return body.put(
        "OriginationRoutePlan",
        Node("OriginationRoutePlan", children=(leaf("Action", "unchanged"),)),
    )


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
              nullable=False),
        Field("address", "Address", StreetAddress(), "Street address."),
        Field(DISPLAY, "CallingName/Display", Flag(), "Show caller names.", default=False),
        Field(ENFORCED, "CallingName/Enforced", Flag(), "Forbid numbers to differ.", default=False),
    ),
    order=(
        "PeerName", "Description", "IsDefaultPeer", "FinalDestinationUri", "BillingIdentifier", "VoiceHosts",
        "VoiceHostGroups", "TerminationHosts", "OriginationRoutePlan", "Address", "PremiseTrunks",
        "CallingName", "SsSendToCustomer",
    ),
    later=(
        *OBJECT_WORDS, "voice_hosts", "voice_host_group", "termination_hosts", "final_destination_uri",
        "origination_route_plan", "premise_trunks", "ss_send_to_customer", "call_verification_enabled",
        "pindrop_enabled", "billing_identifier",
    ),
    first=DEFAULT,
    on_create=_on_create,
    check=_check,
    review=_review,
    replace=_replace,
)  # fmt: skip
