"""Manifests drawn at random, each a small edit of the one before, and what somebody else does meanwhile.

A manifest is drawn as plain data and made right where its parts depend on each other, so that what is
left to refuse is what the account decides.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

Manifest = dict[str, Any]
Fields = Mapping[str, st.SearchStrategy[Any]]
PARTS = yaml.safe_load((Path(__file__).parent / "cases" / "stories.yaml").read_text(encoding="utf-8"))


def _url(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([f"https://{host}.example/{name}" for host in "abc"])


def _or_null(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, values, st.none())


CREDENTIALS = st.builds(
    lambda user, name: {"user_id": user, "password": {"env": name}},
    st.sampled_from(["hook-one", "hook-two"]),
    st.sampled_from(["HOOK_PASSWORD", "NEW_PASSWORD"]),
)
METHODS = _or_null(st.sampled_from(["GET", "POST"]))
TYPES = st.lists(
    st.sampled_from(["message-delivered", "message-failed", "message-sending"]), min_size=1, unique=True
)
WORDS = st.sampled_from(["One", "Two", "Fish & chips <3"])
TEXTS = st.sampled_from(["One", "Two"])
ADDRESSES = st.sampled_from(PARTS["addresses"])
TRUNKING = st.sampled_from(PARTS["trunking"])
A2P = st.sampled_from(PARTS["a2p"])
SMS_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "toll_free": st.booleans(),
        "short_code": st.booleans(),
        "zones": st.lists(st.integers(2, 5), unique=True).map(lambda zones: [1, *zones]),
    },
)
SMS = st.one_of(st.booleans(), st.builds(lambda plain, a2p: {**plain, **a2p}, SMS_FIELDS, A2P))
POOLS = st.lists(
    st.tuples(st.sampled_from(["area_code: 919", "area_code: 984", "toll_free: 8**"]), st.integers(0, 3)),
    unique_by=lambda pool: pool[0],
    max_size=2,
).map(lambda pools: [{**_criterion(pool), "count": count} for pool, count in pools])


def _criterion(pool: str) -> dict[str, str]:
    word, _, value = pool.partition(": ")
    return {word: value}


MESSAGING: Fields = {
    "inbound_callback_url": _url("in"),
    "inbound_callback_creds": _or_null(CREDENTIALS),
    "outbound_callback_url": _or_null(_url("out")),
    "outbound_callback_creds": _or_null(CREDENTIALS),
    "requested_callback_types": _or_null(TYPES),
}
ONE_URL: Fields = {
    "callback_url": _url("all"),
    "callback_creds": _or_null(CREDENTIALS),
    "requested_callback_types": _or_null(TYPES),
}
VOICE: Fields = {
    "call_initiated_callback_url": _url("call"),
    "call_initiated_method": METHODS,
    "call_status_callback_url": _or_null(_url("status")),
    "call_status_method": METHODS,
    "callback_creds": _or_null(CREDENTIALS),
    "call_initiated_fallback_url": _or_null(_url("fallback")),
    "call_initiated_fallback_method": METHODS,
    "call_initiated_fallback_creds": _or_null(CREDENTIALS),
    "callback_timeout": _or_null(st.integers(1, 25)),
}
SUB_ACCOUNT: Fields = {
    "description": _or_null(WORDS),
    "customer_name": _or_null(WORDS),
    "customer_provided_id": _or_null(st.sampled_from(["1", "4200000000"])),
    "address": _or_null(ADDRESSES),
    "uc_trunking_configuration": _or_null(TRUNKING),
}
LOCATION: Fields = {
    "description": _or_null(TEXTS),
    "address": _or_null(ADDRESSES),
    "calling_name": _or_null(
        st.fixed_dictionaries({}, optional={"display": st.booleans(), "enforced": st.booleans()})
    ),
    "sms": SMS,
    "mms": st.booleans(),
    "messaging_application": _or_null(st.just("texts")),
    "voice_application": _or_null(st.just("calls")),
    "numbers": POOLS,
}
# objects by their place in a manifest
OBJECTS: Mapping[tuple[str, ...], Fields] = {
    ("applications", "texts"): MESSAGING,
    ("applications", "all"): ONE_URL,
    ("applications", "calls"): VOICE,
    ("sub_accounts", "main"): SUB_ACCOUNT,
    ("sub_accounts", "main", "locations", "desk"): LOCATION,
    ("sub_accounts", "main", "locations", "back"): LOCATION,
    ("sub_accounts", "branch"): SUB_ACCOUNT,
    ("sub_accounts", "branch", "locations", "desk"): LOCATION,
}
ALWAYS = ("inbound_callback_url", "callback_url", "call_initiated_callback_url")
# what the API refuses without the other
DEPENDENT = {
    "call_status_method": "call_status_callback_url",
    "call_initiated_fallback_method": "call_initiated_fallback_url",
    "call_initiated_fallback_creds": "call_initiated_fallback_url",
}
DRIFTS = [(call, body) for call, body in PARTS["drifts"]]
RELEASE = ("release", "")


@dataclass(frozen=True)
class Turn:
    """Something that somebody else does (or nothing), and the manifest after it, as text."""

    drift: tuple[str, str] | None
    manifest: str


@st.composite
def stories(draw: st.DrawFn, turns: int = 2) -> list[Turn]:
    """A manifest and up to `turns` small edits of it."""
    manifest: Manifest = {"version": 1}
    for place, fields in OBJECTS.items():
        if draw(st.booleans()) and _inside(manifest, place[:-2]) is not None:
            _put(manifest, place, draw(_some(fields)))
    told = [Turn(None, written(manifest))]
    for _ in range(draw(st.integers(1, turns))):
        drift = draw(st.one_of(st.none(), st.sampled_from((*DRIFTS, RELEASE))))
        manifest = draw(edited(manifest))
        told.append(Turn(drift, written(manifest)))
    return told


def _some(fields: Fields) -> st.SearchStrategy[dict[str, Any]]:
    required = {name: values for name, values in fields.items() if name in ALWAYS}
    return st.fixed_dictionaries(required, optional={n: v for n, v in fields.items() if n not in ALWAYS})


@st.composite
def edited(draw: st.DrawFn, before: Manifest) -> Manifest:
    """The manifest with one object added or taken out, or one field set, changed or taken out."""
    manifest = copy.deepcopy(before)
    place = draw(st.sampled_from([p for p in OBJECTS if _inside(manifest, p[:-2]) is not None]))
    found, fields = _inside(manifest, place), OBJECTS[place]
    if found is None:
        _put(manifest, place, draw(_some(fields)))
    elif draw(st.integers(0, 9)) == 0:
        del _inside(manifest, place[:-1])[place[-1]]
    else:
        name = draw(st.sampled_from(list(fields)))
        found[name] = draw(fields[name])
        if name not in ALWAYS and draw(st.integers(0, 3)) == 0:
            del found[name]
    return manifest


def _inside(manifest: Manifest, place: tuple[str, ...]) -> Any:
    found: Any = manifest
    for key in place:
        found = (found or {}).get(key)
    return found


def _put(manifest: Manifest, place: tuple[str, ...], fields: dict[str, Any]) -> None:
    for key in place[:-1]:
        manifest = manifest.setdefault(key, {})
    manifest[place[-1]] = fields


def written(manifest: Manifest) -> str:
    """The manifest as text, made right: what depends on something that is not there is left out."""
    right = copy.deepcopy(manifest)
    applications = right.get("applications", {})
    for name, fields in applications.items():
        fields["service_type"] = "Voice-V2" if name == "calls" else "Messaging-V2"
        for field, other in DEPENDENT.items():
            if fields.get(field) is not None and fields.get(other) is None:
                del fields[field]
    for sub_account in right.get("sub_accounts", {}).values():
        for location in sub_account.get("locations", {}).values():
            _make_right(location, applications)
    return yaml.safe_dump(right, sort_keys=False)


def _make_right(location: dict[str, Any], applications: Mapping[str, Any]) -> None:
    for field in ("messaging_application", "voice_application"):
        if location.get(field) is not None and location[field] not in applications:
            del location[field]
    features = {name: location.pop(name) for name in ("sms", "mms") if name in location}
    if features.get("sms") is False:
        features["mms"], location["messaging_application"] = False, None
    elif features.get("mms") or location.get("messaging_application"):
        features.setdefault("sms", True)
    if features:
        location["features"] = features
