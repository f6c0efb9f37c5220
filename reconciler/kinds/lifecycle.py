"""What the manifest may say of any object besides its fields: who it is, and what may not happen to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.kinds.fields import Schema
from reconciler.kinds.kind import Kind
from reconciler.model import Fields, Lifecycle, Value

COLLECTIONS = {"applications": "application", "sub_accounts": "sub_account", "locations": "location"}
WORDS = ("id", "renamed_from", "prevent_destroy", "ignore", "state")


def lifecycle_schema(kind: Kind) -> Mapping[str, Schema]:
    """The words as JSON Schema; `ignore` names fields of the kind, or groups of them."""
    return {
        "id": {
            "type": "string",
            "pattern": "^[A-Za-z0-9-]+$",
            "description": "The id of the live one that is meant. One that is not there is an error.",
        },
        "renamed_from": {
            "type": "string",
            "minLength": 1,
            "description": "The name it had: the live one of that name is renamed, if none has the new name.",
        },
        "prevent_destroy": {"type": "boolean", "default": False, "description": "No plan deletes it."},
        "ignore": {
            "type": "array",
            "items": {"type": "string", "enum": list(_ignorable(kind))},
            "uniqueItems": True,
            "description": "Fields that are sent when it is created, and left alone afterwards.",
        },
        "state": {
            "type": "string",
            "enum": ["present", "absent"],
            "default": "present",
            "description": "absent asks for its deletion; then nothing else that is said of it counts.",
        },
    }


def lifecycle_of(kind: Kind, given: Fields) -> Lifecycle:
    """What the words of an object say; groups of ignored fields as the fields that are in them."""
    listed = given.get("ignore")
    ignored = listed if isinstance(listed, tuple) else ()
    rows = (row.name for row in kind.fields for word in ignored if _is_in(row.name, word))
    return Lifecycle(
        str(given.get("id", "")),
        str(given.get("renamed_from", "")),
        bool(given.get("prevent_destroy")),
        frozenset(rows),
    )


def _is_in(row: str, word: Value) -> bool:
    return row == word or row.startswith(f"{word}.")


def _ignorable(kind: Kind) -> Iterator[str]:
    names = [row.name for row in kind.fields if not row.hidden and row.name not in kind.identity]
    for name in dict.fromkeys(names):
        group, _, inner = name.partition(".")
        if inner and names[names.index(name) - 1].partition(".")[0] != group:
            yield group
        yield name
