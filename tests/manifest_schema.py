"""A schema with one of everything that a manifest's schema may use, and texts loaded against it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconciler.manifest import Document, load

SECRET = {
    "type": "object",
    "writeOnly": True,
    "x-replace": True,
    "properties": {"env": {"type": "string"}, "file": {"type": "string", "minLength": 1}},
    "oneOf": [{"required": ["env"]}, {"required": ["file"]}],
    "additionalProperties": False,
}
SITE = {
    "type": "object",
    "properties": {
        "text": {"type": ["string", "null"], "minLength": 2, "maxLength": 4},
        "flag": {"type": "boolean"},
        "count": {"type": "integer", "minimum": 1, "maximum": 9},
        "switch": {"type": ["boolean", "object"], "properties": {"on": {"type": "boolean"}}},
        "list": {"type": ["array", "null"], "minItems": 1, "maxItems": 3, "uniqueItems": True},
        "even": {"type": "integer", "multipleOf": 2},
        "odd": {"type": "integer", "not": {"const": 2}},
        "word": {"enum": ["ON", "OFF"]},
        "address": {
            "type": "object",
            "x-replace": True,
            "additionalProperties": {"type": "string"},
        },
        "password": {"$ref": "#/$defs/secret"},
        "passwords": {"type": "object", "additionalProperties": {"type": "boolean"}},
        "hour": {"type": "integer", "enum": list(range(24))},
        "kind": {
            "type": "object",
            "properties": {"name": {"enum": ["a"]}, "of": {}},
            "required": ["name", "of"],
        },
        "later": {"not": {}},
        "options": {"type": "object", "patternProperties": {"^o-": {"type": "string"}}},
        "nothing": {"type": "object", "additionalProperties": False},
    },
    "additionalProperties": False,
}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "version": {"const": 1},
        "sites": {"type": "object", "x-remove-null": True, "additionalProperties": SITE},
        "any": {},
    },
    "required": ["version"],
    "additionalProperties": False,
    "$defs": {"secret": SECRET},
}


def loaded(folder: Path, *texts: str, **environ: str) -> Document:
    """Load the texts, in order, as files of `folder` named 0.yaml, 1.yaml and so on."""
    files = [folder / f"{number}.yaml" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return load(files, environ, SCHEMA)
