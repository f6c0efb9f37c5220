"""All that an emulated account holds, element by element, and on which of it a manifest bears.

Objects are called as the drawn manifests of `stories` key them, whatever their names are by now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from account import Account
from drawn import PARTS
from telling import is_doomed

from reconciler.emulator.account import mirrors
from reconciler.emulator.places import sippeers
from reconciler.emulator.store import SipPeer

Place = tuple[str, ...]


def keys(account: Account) -> dict[str, str]:
    """The key of every application, sub-account and location in a drawn manifest, by id."""
    return {id_: PARTS["aliases"].get(name, name) for id_, name in account.names().items()}


def visible(account: Account) -> dict[Place, Any]:
    """All that the account holds, by keys and elements, spelled as reads spell it.

    The store keeps an address as it was sent and a read shows it in one piece; a full replace sends what
    a read showed. The like holds of defaults. Passwords are there too.
    """
    state, names, settings = account.state(), keys(account), account.emulator.settings
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
            found |= _flat((*place, "locations", names[peer["id"]]), whole)
    for kind in ("numbers", "orders", "disconnects"):
        found |= _flat((kind,), state[kind])
    return found


def _flat(place: Place, value: Any) -> dict[Place, Any]:
    if not isinstance(value, dict) or not value:
        return {place: value}
    return {path: each for key, inner in value.items() for path, each in _flat((*place, key), inner).items()}


CALLED = ("VoiceHosts", "VoiceHostGroups")
HOSTS = (*CALLED, "TerminationHosts")
# the elements of a declared field, where they are not its name in the API's spelling
ELEMENTS: Mapping[str, tuple[str, ...]] = {
    "name": ("AppName", "Name", "PeerName"),
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
    "voice_application": ("origination", "termination", *HOSTS),  # over HTTP the hosts are wiped
    "voice_hosts": CALLED,
    "voice_host_group": CALLED,
}


def _elements(field: str) -> tuple[str, ...]:
    return ELEMENTS.get(field) or ("".join(part.capitalize() for part in field.split("_")),)


def named(path: Place, wanted: Any) -> bool:
    """Whether the manifest bears on the element at a path, which is there.

    It declares it, or what the API ties to it, or dooms the object; a field that is ignored is no more its
    business.
    """
    kind, *rest = path
    if kind in {"orders", "numbers", "disconnects"}:
        return False
    found = wanted.get(kind, {}).get(rest[0])
    if found is None:
        return False
    if is_doomed(found):
        return True
    if kind == "sub_accounts" and rest[1:2] == ["locations"]:
        location = (found.get("locations") or {}).get(rest[2])
        return location is not None and (is_doomed(location) or _at_location(rest[3:], location))
    return _declares(found, rest[1])


def _declares(fields: Mapping[str, Any], element: str) -> bool:
    ignored = fields.get("ignore", ())
    return any(element in _elements(field) for field in ("name", *fields) if field not in ignored)


def _at_location(rest: list[str], location: Mapping[str, Any]) -> bool:
    """The same for an element of a location's record."""
    features, record = location.get("features", {}), rest[0]
    if rest[:2] == ["document", "CallingName"]:
        ignored = "calling_name" in location.get("ignore", ())
        names = {} if ignored else location.get("calling_name", {})
        return names is None or _declares(names, rest[2])
    if record == "document":
        return _declares(location, rest[1])
    if record == "sms" and isinstance(features.get("sms"), dict):
        return _declares(features["sms"], rest[-1])
    if record == "sms":
        return features.get("sms") is False
    return record in features or record in location or _declares(location, record)
