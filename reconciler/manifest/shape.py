"""A JSON Schema turned into answers about one place of a document: its types, its words.

Knows what the manifest's schema uses: properties, patternProperties, additionalProperties, items,
local `$ref` (its siblings win; no cycles), and the marks `x-replace` (a map that an overlay
replaces whole) and `x-remove-null` (a map of names whose null entries are taken out).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]

_JSON_TYPES: Mapping[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    type(None): "null",
    dict: "object",
    list: "array",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One place of a schema; `node` is empty where the schema says nothing."""

    root: Mapping[str, Any]
    node: Mapping[str, Any]

    @classmethod
    def of(cls, schema: Mapping[str, Any]) -> Shape:
        """Give the shape of a whole document."""
        return cls(schema, {})._inner(schema)

    def entry(self, key: str) -> Shape:
        """Give the shape of the value under `key` of a map."""
        if key in self.properties:
            return self._inner(self.properties[key])
        for pattern, schema in self.node.get("patternProperties", {}).items():
            if re.search(pattern, key):
                return self._inner(schema)
        return self._inner(self.node.get("additionalProperties"))

    def item(self) -> Shape:
        """Give the shape of a list's items."""
        return self._inner(self.node.get("items"))

    def at(self, path: Iterable[str | int]) -> Shape:
        """Give the shape of the place that `path` leads to from here."""
        found = self
        for step in path:
            found = found.item() if isinstance(step, int) else found.entry(step)
        return found

    def knows(self, key: str) -> bool:
        """Whether `key` is a word of this map or, in a map of names, may be one."""
        patterns = self.node.get("patternProperties", {})
        return (
            key in self.properties
            or self.node.get("additionalProperties") is not False
            or any(re.search(pattern, key) for pattern in patterns)
        )

    def places(self, above: Path = ()) -> Iterator[tuple[Path, Shape]]:
        """Every place that has a word of its own, with its path; a map's names read `<name>`."""
        for word, schema in self.properties.items():
            yield (*above, word), self._inner(schema)
            yield from self._inner(schema).places((*above, word))
        if self.item().node:
            yield from self.item().places((*above, 0))
        if isinstance(self.node.get("additionalProperties"), Mapping):
            yield from self.entry("<name>").places((*above, "<name>"))

    @property
    def properties(self) -> Mapping[str, Any]:
        """The schemas of the words that stand here."""
        found: Mapping[str, Any] = self.node.get("properties", {})
        return found

    @property
    def supported(self) -> bool:
        """False for a word that exists and that this version does not build yet (`not: {}`)."""
        return self.node.get("not") != {}

    @property
    def secret(self) -> bool:
        """Whether only a reference to a secret may stand here (`writeOnly`)."""
        return bool(self.node.get("writeOnly"))

    @property
    def replaced(self) -> bool:
        """Whether an overlay replaces this map whole."""
        return bool(self.node.get("x-replace"))

    @property
    def removes_null(self) -> bool:
        """Whether null takes an entry out of this map."""
        return bool(self.node.get("x-remove-null"))

    @property
    def types(self) -> frozenset[str]:
        """The JSON types admitted here; all of them where the schema names none."""
        named = self.node.get("type")
        if named is not None:
            return frozenset([named] if isinstance(named, str) else named)
        values = [self.node["const"]] if "const" in self.node else self.node.get("enum")
        return frozenset(_JSON_TYPES.values() if values is None else map(json_type, values))

    def _inner(self, schema: Any) -> Shape:
        node = schema if isinstance(schema, Mapping) else {}
        while "$ref" in node:
            target: Any = self.root
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = {**target, **{k: v for k, v in node.items() if k != "$ref"}}
        return Shape(self.root, node)


def json_type(value: Any) -> str:
    """Give the JSON Schema name of a value's type."""
    return _JSON_TYPES[type(value)]
