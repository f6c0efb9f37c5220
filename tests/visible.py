"""All that an emulated account holds, element by element, and on which of it a manifest bears."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from account import Account

from reconciler.emulator.account import mirrors
from reconciler.emulator.places import sippeers
from reconciler.emulator.store import SipPeer

Place = tuple[str, ...]


def visible(account: Account) -> dict[Place, Any]:
    """All that the account holds, by names and elements, spelled as reads spell it.

    The store keeps an address as it was sent and a read shows it in one piece; a full replace sends what
    a read showed. The like holds of defaults. Passwords are there too.
    """
    state, names, settings = account.state(), account.names(), account.emulator.settings
    found: dict[Place, Any] = {}
    for id_, document in state["applications"].items():
        whole = {**mirrors.shown(id_, document, settings), **document}
        whole["RequestedCallbackTypes"] = sorted(
            whole.get("RequestedCallbackTypes", {}).get("CallbackType", ())
        )
        found |= _flat(("applications", names[id_]), whole)
    for site in state["sites"].values():
        place = ("sub_accounts", names[site["id"]])
        found |= _flat(place, site["document"])
        for peer in site["peers"].values():
            whole = {**peer, "document": sippeers.shown(SipPeer(**peer), settings)}
            found |= _flat((*place, "locations", peer["document"]["PeerName"]), whole)
    for kind in ("numbers", "orders", "disconnects"):
        found |= _flat((kind,), state[kind])
    return found


def _flat(place: Place, value: Any) -> dict[Place, Any]:
    if not isinstance(value, dict) or not value:
        return {place: value}
    return {path: each for key, inner in value.items() for path, each in _flat((*place, key), inner).items()}


# the elements of a declared field, where they are not its name in the API's spelling
ELEMENTS: Mapping[str, tuple[str, ...]] = {
    "callback_url": ("CallbackUrl", "MsgCallbackUrl", "InboundCallbackUrl", "OutboundCallbackUrl"),
    "callback_creds": ("CallbackCreds", "MsgCallbackCreds", "InboundCallbackCreds", "OutboundCallbackCreds"),
    "inbound_callback_url": ("CallbackUrl", "MsgCallbackUrl", "InboundCallbackUrl"),
    "outbound_callback_url": ("CallbackUrl", "OutboundCallbackUrl"),
    "inbound_callback_creds": ("CallbackCreds", "MsgCallbackCreds", "InboundCallbackCreds"),
    "outbound_callback_creds": ("CallbackCreds", "MsgCallbackCreds", "OutboundCallbackCreds"),
    "call_status_callback_url": ("CallStatusCallbackUrl", "CallStatusMethod"),
    "call_initiated_fallback_url": ("CallInitiatedFallbackUrl", "CallInitiatedFallbackMethod"),
    "zones": ("Zone1", "Zone2", "Zone3", "Zone4", "Zone5"),
    "a2p_long_code": ("A2pLongCode",),
    "messaging_application": ("application",),
    "voice_application": ("origination", "termination"),
}


def _elements(field: str) -> tuple[str, ...]:
    return ELEMENTS.get(field) or ("".join(part.capitalize() for part in field.split("_")),)


def named(path: Place, wanted: Any) -> bool:
    """Whether the manifest bears on the element at a path: it declares it, or what the API ties to it."""
    kind, *rest = path
    if kind in {"orders", "numbers", "disconnects"}:
        return False
    found = wanted.get(kind, {}).get(rest[0])
    if found is None:
        return False
    if kind == "sub_accounts" and rest[1:2] == ["locations"]:
        location = (found.get("locations") or {}).get(rest[2])
        return location is not None and _at_location(rest[3:], location)
    return _declares(found, rest[1])


def _declares(fields: Mapping[str, Any], element: str) -> bool:
    return any(element in _elements(field) for field in fields)


def _at_location(rest: list[str], location: Mapping[str, Any]) -> bool:
    """The same for an element of a location's record."""
    features, record = location.get("features", {}), rest[0]
    if rest[:2] == ["document", "CallingName"]:
        return location.get("calling_name", {}) is None or _declares(
            location.get("calling_name", {}), rest[2]
        )
    if record == "document":
        return _declares(location, rest[1])
    if record == "sms" and isinstance(features.get("sms"), dict):
        return _declares(features["sms"], rest[-1])
    if record == "sms":
        return features.get("sms") is False
    return record in features or record in location or _declares(location, record)
