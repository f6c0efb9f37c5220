"""The merged tree turned into plain data: scalars interpolated, then typed as the schema wants."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from reconciler.manifest.interpolation import Interpolated, interpolate
from reconciler.manifest.shape import Path, Shape
from reconciler.manifest.text import UNPRINTABLE
from reconciler.manifest.wording import listed
from reconciler.manifest.yaml_tree import MappingNode, ScalarNode, SequenceNode, Tree
from reconciler.model import Position, Problem

# YAML 1.2.2 section 10.3.2 (core schema, tag resolution). No field has more than eighteen digits.
_NULL = re.compile(r"null|Null|NULL|~|")
_BOOLEAN = re.compile(r"true|True|TRUE|false|False|FALSE")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}|0o[0-7]{1,18}|0x[0-9a-fA-F]{1,15}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path of the data stands.

    `key` is the position of its key (in a list: of the item), `value` that of its value;
    `variables` are the environment variables that gave the value, whose content no message repeats.
    """

    key: Position
    value: Position
    variables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Values:
    """What was read: JSON-like data, the place of every path in it, and what could not be read."""

    data: dict[str, Any]
    places: Mapping[Path, Place]
    problems: tuple[Problem, ...]


def read_values(tree: MappingNode, environ: Mapping[str, str], shape: Shape) -> Values:
    """Read the data of `tree`, its top-level `x-…` entries dropped.

    A value that cannot be read stays in the data as its source text; a problem has its position.
    """
    reader = _Reader(environ)
    kept = {key: entry for key, entry in tree.entries.items() if not key.startswith("x-")}
    data = reader.read(MappingNode(kept, tree.at), shape, (), tree.at)
    return Values(data, reader.places, tuple(dict.fromkeys(reader.problems)))


def typed(text: str, plain: bool, types: frozenset[str]) -> str | int | bool | None:
    """Give a scalar's value: of the types admitted the one that it is spelled as, else its text.

    An unquoted null is null wherever it stands, so that a forgotten value is never taken for text.
    """
    if not plain:
        return text
    if _NULL.fullmatch(text):
        return None
    if "boolean" in types and _BOOLEAN.fullmatch(text):
        return text.lower() == "true"
    if "integer" in types and _INTEGER.fullmatch(text):
        return int(text, 0 if text[1:2] in {"o", "x"} else 10)
    return text


class _Reader:
    """Reads nodes depth first, collecting places and problems."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.places: dict[Path, Place] = {}
        self.problems: list[Problem] = []
        self._environ = environ

    def read(self, node: Tree, shape: Shape, path: Path, key: Position) -> Any:
        self.places[path] = Place(key, node.at)
        match node:
            case ScalarNode():
                return self._scalar(node, shape, path)
            case SequenceNode(items):
                inner = shape.item()
                return [self.read(item, inner, (*path, i), item.at) for i, item in enumerate(items)]
            case MappingNode(entries):
                kept = {
                    name: self.read(entry.value, shape.entry(name), (*path, name), entry.at)
                    for name, entry in entries.items()
                    if not (shape.removes_null and _is_null(entry.value))
                }
                return _resolved(kept, node.at) if shape.secret else kept

    def _scalar(self, node: ScalarNode, shape: Shape, path: Path) -> Any:
        if shape.secret:  # refused whatever it says, so nothing is read into it
            return node.text
        got = interpolate(node.text, self._environ)
        if message := _fault(got):
            self.problems.append(Problem(message, node.at, _hint(got)))
            return node.text
        if not got.names:
            return typed(got.text, node.plain, shape.types)
        place = self.places[path]
        self.places[path] = Place(place.key, place.value, got.names)
        if _NULL.fullmatch(got.text) or (not node.plain and "string" in shape.types):
            return got.text
        # Inside { } only a quoted reference is YAML at all, so here quotes do not make it text.
        return typed(got.text, True, shape.types)


def _fault(got: Interpolated) -> str:
    if got.malformed:
        return "${ starts no reference to a variable"
    if got.unset:
        verb = "is" if len(got.unset) == 1 else "are"
        return f"{listed((f'${{{name}}}' for name in got.unset), 'and')} {verb} not set"
    if found := UNPRINTABLE.search(got.text):
        origin = f" from ${{{got.names[0]}}}" if len(got.names) == 1 else ""
        return f"a control character (U+{ord(found[0]):04X}){origin} cannot stand in a value"
    return ""


def _hint(got: Interpolated) -> str:
    if got.malformed:
        return "write ${NAME} or ${NAME:-default}; $${ is a literal ${"
    if got.unset:
        return f"set it in the environment, or give a default: ${{{got.unset[0]}:-default}}"
    return "the API's documents cannot carry it; remove it"


def _is_null(node: Tree) -> bool:
    return isinstance(node, ScalarNode) and node.plain and bool(_NULL.fullmatch(node.text))


def _resolved(reference: dict[str, Any], at: Position) -> dict[str, Any]:
    """Make a secret's file relative to what its manifest, at `at`, is relative to."""
    file = reference.get("file")
    if isinstance(file, str) and file:
        return {**reference, "file": str(FilePath(at.file).parent / file)}
    return reference
