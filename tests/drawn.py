"""What a manifest may hold, as hypothesis draws it: objects, their fields, and other values for each."""

from __future__ import annotations

from collections.abc import Mapping
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


def pools(criteria: str, most: int = 2) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Up to so many pools of these criteria, by their name among the `PARTS`, with counts."""
    drawn = st.lists(
        st.tuples(st.sampled_from(range(len(PARTS[criteria]))), st.integers(0, 3)),
        unique_by=lambda pool: pool[0],
        max_size=most,
    )
    return drawn.map(lambda found: [_pool(PARTS[criteria][at], count) for at, count in found])


def _pool(criterion: dict[str, Any], count: int) -> dict[str, Any]:
    return {**criterion, **({} if "telephone_number" in criterion else {"count": count})}


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
SIP: Fields = {
    "voice_hosts": _or_null(st.sampled_from(PARTS["hosts"])),
    "voice_host_group": _or_null(st.sampled_from(PARTS["hosts"])),
    "origination_route_plan": _or_null(st.sampled_from(PARTS["routes"])),
    "final_destination_uri": _or_null(st.sampled_from(["sip:+19195550100@example.com", "sip:a@example.com"])),
    "ss_send_to_customer": _or_null(st.sampled_from(["VERSTAT", "IDENTITY", "NONE"])),
    "call_verification_enabled": _or_null(st.booleans()),
    "billing_identifier": _or_null(st.sampled_from(["B-1", "Clinic-01/A"])),
}


def _location(networks: str, criteria: str) -> Fields:
    """The fields of a location, whose termination hosts nobody else has."""
    return {
        "description": _or_null(TEXTS),
        "address": _or_null(ADDRESSES),
        "calling_name": _or_null(
            st.fixed_dictionaries({}, optional={"display": st.booleans(), "enforced": st.booleans()})
        ),
        "sms": SMS,
        "mms": st.booleans(),
        "messaging_application": _or_null(st.just("texts")),
        "voice_application": _or_null(st.just("calls")),
        "numbers": pools(criteria),
        **SIP,
        "termination_hosts": _or_null(
            st.sampled_from([[f"{networks}.9"], [{"host_name": f"{networks}.16/30", "port": 5060}]])
        ),
    }


Objects = Mapping[tuple[str, ...], Fields]


def _objects(criteria: str) -> Objects:
    """Objects by their place in a manifest."""
    return {
        ("applications", "texts"): MESSAGING,
        ("applications", "all"): ONE_URL,
        ("applications", "calls"): VOICE,
        ("sub_accounts", "main"): SUB_ACCOUNT,
        ("sub_accounts", "main", "locations", "desk"): _location("198.51.100", criteria),
        ("sub_accounts", "main", "locations", "back"): _location("198.18.1", criteria),
        ("sub_accounts", "branch"): SUB_ACCOUNT,
        ("sub_accounts", "branch", "locations", "desk"): _location("198.18.2", criteria),
    }


OBJECTS = _objects("pools")
APART = _objects("pools_apart")
ALWAYS = ("inbound_callback_url", "callback_url", "call_initiated_callback_url")


def some(fields: Fields) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the fields, and those that no object of their kind is without."""
    required = {name: values for name, values in fields.items() if name in ALWAYS}
    return st.fixed_dictionaries(required, optional={n: v for n, v in fields.items() if n not in ALWAYS})
