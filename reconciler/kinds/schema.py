"""The kinds to the manifest's JSON Schema (draft 2020-12): what editors complete and `validate` checks.

Keywords of our own: `x-replace` (an overlay replaces the value whole) and `x-remove-null` (a null entry
is taken out of the merged manifest). `not: {}` marks a word that later versions will know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.kinds import BY_NAME, KINDS
from reconciler.kinds.fields import SECRET, Field
from reconciler.kinds.kind import Kind
from reconciler.kinds.lifecycle import COLLECTIONS, lifecycle_schema

SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"
CAPS = {
    "max_numbers_ordered": (50, "How many numbers one plan may buy."),
    "max_numbers_released": (0, "How many numbers one plan may give up, for ever."),
    "max_deletions": (0, "How many objects one plan may delete."),
}


def manifest_schema() -> dict[str, Any]:
    """The schema of a whole manifest."""
    return {
        "$schema": SCHEMA_ID,
        "$id": "urn:bandwidth-reconciler:manifest:1",
        "title": "reconciler manifest",
        "description": "A Bandwidth account as it should be. What is not named is not touched.",
        "type": "object",
        "properties": {
            "version": {"type": "integer", "const": 1, "description": "The manifest's version."},
            "account": {
                "type": "string",
                "pattern": "^[0-9]+$",
                "description": "Account id, as text.",
            },
            "applications": _collection("application", {}),
            "sub_accounts": _collection(
                "sub_account", {"locations": _collection("location", _in_location())}
            ),
            "policy": _policy(),
        },
        "patternProperties": {"^x-": {"description": "Ignored: a place for anchors."}},
        "required": ["version"],
        "additionalProperties": False,
        "$defs": {"secret": dict(SECRET)},
    }


def _collection(name: str, children: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": BY_NAME[name].description,
        "x-remove-null": True,
        "additionalProperties": _object(BY_NAME[name], children),
    }


def _object(kind: Kind, children: Mapping[str, Any]) -> dict[str, Any]:
    required = [row.name for row in kind.fields if row.required]
    return {
        "type": "object",
        "description": kind.description,
        "properties": {**_properties(kind.fields), **children, **lifecycle_schema(kind)},
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _properties(rows: tuple[Field, ...]) -> dict[str, Any]:
    """The rows' schemas; dotted names nest, and a row per service type shares one word."""
    found: dict[str, Any] = {}
    for row in rows:
        group, _, name = row.name.rpartition(".")
        place = _group(found, group) if group else found
        if not row.hidden:
            place.setdefault(name, row.schema)
    return found


def _group(found: dict[str, Any], name: str) -> dict[str, Any]:
    block = {"type": ["object", "null"], "properties": {}, "additionalProperties": False}
    properties: dict[str, Any] = found.setdefault(name, block)["properties"]
    return properties


def _block(kind: Kind) -> dict[str, Any]:
    block = dict(kind.block or {})
    if "object" in block.get("type", ()) and "properties" not in block:
        block |= {"properties": _properties(kind.fields), "additionalProperties": False}
    return block | {"description": kind.description}


def _in_location() -> dict[str, Any]:
    """The settings of a location, each at the place that its kind names."""
    found: dict[str, Any] = {}
    for kind in KINDS:
        if kind.parent == "location":
            *group, name = [word for word in kind.where[4:] if word != "#"]
            place = _group(found, group[0]) if group else found
            many = {
                "type": ["array", "null"],
                "items": _block(kind),
                "description": kind.description,
            }
            place[name] = many if kind.where[-1] == "#" else _block(kind)
    found["features"] |= {"type": "object", "description": "What is switched on."}
    return found


def _policy() -> dict[str, Any]:
    caps = {
        name: {"type": "integer", "minimum": 0, "default": default, "description": text}
        for name, (default, text) in CAPS.items()
    }
    prune = {
        "type": "array",
        "items": {"type": "string", "enum": list(COLLECTIONS)},
        "uniqueItems": True,
        "default": [],
        "description": "Collections of which everything is deleted that the manifest does not name.",
    }
    protect = {
        "type": "array",
        "items": {"type": "string", "minLength": 1},
        "uniqueItems": True,
        "default": [],
        "description": "Addresses of what no plan may delete or give up, whatever the manifest says.",
    }
    return {
        "type": "object",
        "description": "What a plan may do at most.",
        "properties": {**caps, "prune": prune, "protect": protect},
        "additionalProperties": False,
    }
