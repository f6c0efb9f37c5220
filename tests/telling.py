"""A drawn manifest to one that is right where its parts depend on each other, and to its text.

What is left to refuse then is what the account decides. In the text each object has its name for a key.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from drawn import Manifest

# what the API refuses without the other
DEPENDENT = {
    "call_status_method": "call_status_callback_url",
    "call_initiated_fallback_method": "call_initiated_fallback_url",
    "call_initiated_fallback_creds": "call_initiated_fallback_url",
}
HOSTS = ("voice_hosts", "voice_host_group", "termination_hosts")
POLICY = {"max_deletions": 99, "max_numbers_released": 99}
OF_DOOMED = {"state", "name", "renamed_from", "id", "service_type", "locations", "prevent_destroy"}


def right(manifest: Manifest) -> Manifest:
    """The manifest without what depends on something that is not there."""
    found = copy.deepcopy(manifest)
    found["policy"] = {**POLICY, **found.get("policy", {})}
    applications = found.get("applications", {})
    for name, fields in applications.items():
        _make_application_right(name, fields)
    asked: set[str] = set()
    staying = {name: not is_doomed(fields) for name, fields in applications.items()}
    for sub_account in found.get("sub_accounts", {}).values():
        for location in sub_account.get("locations", {}).values():
            if is_doomed(sub_account):
                location["state"] = "absent"
            _make_location_right(location, staying)
            _leave_out(location, asked)
    for fields in filter(is_doomed, objects(found)):
        for name in fields.keys() - OF_DOOMED:
            del fields[name]
    return found


def _make_application_right(name: str, fields: dict[str, Any]) -> None:
    fields["service_type"] = "Voice-V2" if name == "calls" else "Messaging-V2"
    for field, other in DEPENDENT.items():
        if fields.get(field) is not None and fields.get(other) is None:
            del fields[field]


def is_doomed(fields: Mapping[str, Any]) -> bool:
    """Whether the manifest asks for its deletion."""
    return fields.get("state") == "absent"


def objects(manifest: Manifest) -> Iterator[dict[str, Any]]:
    """Every object of a manifest."""
    yield from manifest.get("applications", {}).values()
    for sub_account in manifest.get("sub_accounts", {}).values():
        yield sub_account
        yield from sub_account.get("locations", {}).values()


def _make_location_right(location: dict[str, Any], staying: Mapping[str, bool]) -> None:
    """`staying` has the applications that the manifest names, and whether they are to stay."""
    for field in ("messaging_application", "voice_application"):
        if location.get(field) is not None and location[field] not in staying:
            del location[field]
        elif location.get(field) is not None and not staying[location[field]]:
            location[field] = None
    for field in HOSTS if location.get("voice_application") else HOSTS[1:2] if location.get(HOSTS[0]) else ():
        location.pop(field, None)
    features = {name: location.pop(name) for name in ("sms", "mms") if name in location}
    if features.get("sms") is False:
        features["mms"], location["messaging_application"] = False, None
    elif features.get("mms") or location.get("messaging_application"):
        features.setdefault("sms", True)
    if features:
        location["features"] = features


def _leave_out(location: dict[str, Any], asked: set[str]) -> None:
    """A number that is asked for at two locations is asked for at the first."""
    pools = [each for each in location.get("numbers", ()) if each.get("telephone_number") not in asked]
    asked |= {each["telephone_number"] for each in pools if "telephone_number" in each}
    if "numbers" in location:
        location["numbers"] = pools


Ids = Mapping[tuple[str, ...], str]


def written(manifest: Manifest, ids: Ids | None = None) -> str:
    """The manifest, made right, as text; `ids` of live objects by their names, for those that are pinned."""
    found = right(manifest)
    applications = _by_name(found.pop("applications", {}), ids or {}, ())
    sub_accounts = _by_name(found.pop("sub_accounts", {}), ids or {}, ())
    names = {key: name_of(key, each) for key, each in manifest.get("applications", {}).items()}
    for sub_account in sub_accounts.values():
        for location in sub_account.get("locations", {}).values():
            for field in ("messaging_application", "voice_application"):
                if location.get(field):
                    location[field] = names[location[field]]
    told = {"applications": applications, "sub_accounts": sub_accounts}
    return yaml.safe_dump({**found, **{key: each for key, each in told.items() if each}}, sort_keys=False)


def name_of(key: str, fields: Mapping[str, Any]) -> str:
    """What the object of a key is called."""
    return str(fields.get("name", key))


def _by_name(collection: Mapping[str, Any], ids: Ids, parents: tuple[str, ...]) -> dict[str, Any]:
    found = {}
    for key, given in collection.items():
        name, fields = name_of(key, given), {n: each for n, each in given.items() if n != "name"}
        names = [each for each in (fields.get("renamed_from"), name) if each]
        id_ = next((ids[(*parents, each)] for each in names if (*parents, each) in ids), None)
        if fields.pop("id", None) and id_:
            fields["id"] = id_
            fields.pop("renamed_from", None)
        if "locations" in fields:
            inside = next((each for each in names if (each,) in ids), name)
            fields["locations"] = _by_name(fields["locations"], ids, (inside,))
        found[name] = fields
    return found
