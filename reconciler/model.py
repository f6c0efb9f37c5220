"""The values that the stages hand to each other: addresses, references, secrets, problems.

All frozen, all without I/O. A stage's own result type lives in the stage's module; what more than one
stage speaks of lives here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from reconciler.document import Node

_PLAIN = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, order=True, slots=True)
class Address:
    """What a resource is called: its kind, its names (outermost parent first), a pool's criterion.

    `str()` gives the contract's form: `location.production/support`,
    `numbers.production/support[area_code=919]`; a name outside `[A-Za-z0-9._-]+` is JSON-quoted.
    """

    kind: str
    names: tuple[str, ...]
    criterion: str = ""

    def __str__(self) -> str:
        names = "/".join(n if _PLAIN.fullmatch(n) else json.dumps(n, ensure_ascii=False) for n in self.names)
        return f"{self.kind}.{names}" + (f"[{self.criterion}]" if self.criterion else "")

    def sibling(self, kind: str) -> Address:
        """The address of the resource of another kind under the same names."""
        return Address(kind, self.names)


@dataclass(frozen=True, order=True, slots=True)
class Position:
    """A place in a manifest file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Ref:
    """A field's value that is the id of another resource, known only once that one is live."""

    address: Address

    def __str__(self) -> str:
        return str(self.address)


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a password is to be read when a step sends it. It never holds the password itself."""

    source: str  # "env" or "file"
    name: str  # the variable, or the path as resolved against its manifest
    position: Position | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return "set"


def few(words: Sequence[str], most: int = 3) -> str:
    """The first of many words, and how many there are besides: `a, b, c and 4 more`."""
    more = len(words) - most
    return ", ".join(words[:most]) + (f" and {more:,} more" if more > 0 else "")


_USER = re.compile(r"(://|^(?:sips?:)?+(?![^@]*://)(?=[^@]*:)).*@", re.IGNORECASE | re.DOTALL)


def without_user(text: str) -> str:
    """The text of a URL with `…` for what stands before its host, where that may hold a password."""
    return _USER.sub(r"\1…@", text)


Scalar = str | int | bool | None
Value = Scalar | Ref | Secret | tuple["Value", ...] | Mapping[str, "Value"]
Fields = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that stops a run before it writes: what, where, why, and what would help."""

    message: str
    position: Position | None = None
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.position}: " if self.position else ""
        return where + self.message + (f"\n  hint: {self.hint}" if self.hint else "")


class Problems(Exception):
    """Every problem that a stage found, at once. `exit_code` is the contract's: 1, or 3 for a refusal."""

    def __init__(self, problems: list[Problem] | tuple[Problem, ...], exit_code: int = 1) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)
        self.exit_code = exit_code


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Who an object is besides its name, and what may not happen to it.

    `id` pins it to a live one, `renamed_from` is the name that it had, `ignore` are fields that are sent
    when it is created and never compared.
    """

    id: str = ""
    renamed_from: str = ""
    prevent_destroy: bool = False
    ignore: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Resource:
    """What the manifest says of one thing.

    `fields` holds the declared ones only (None: clear it). `wanted` is False where the manifest says
    that it should not be there (`sms: false`, `state: absent`, or what `policy.prune` hands over).
    `positions` maps field names to where they stand in the manifest; "" is the thing itself.
    """

    address: Address
    fields: Fields
    positions: Mapping[str, Position] = field(default_factory=dict, compare=False)
    wanted: bool = True
    lifecycle: Lifecycle = Lifecycle()

    def where(self, name: str = "") -> Position | None:
        """Where the manifest says it, or says this field of it."""
        return self.positions.get(name, self.positions.get(""))


@dataclass(frozen=True, slots=True)
class LiveResource:
    """What the account says of one thing: its id (empty for settings) and its fields, all it shows.

    `settings` names the documents that a setting consists of and that are there; `document` is what
    was read of a member of a collection.
    """

    address: Address
    fields: Fields
    id: str = ""
    settings: frozenset[str] = frozenset()
    document: Node | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class User:
    """A location that uses an application, as the application's list has it: ids, and how it is called."""

    site: str
    peer: str
    name: str


class World(Protocol):
    """What a rule about one resource may look up about the others."""

    def wanted(self, address: Address) -> Resource | None:
        """What the manifest says of it, if anything."""

    def live(self, address: Address) -> LiveResource | None:
        """What the account says of it, if it is there."""

    def wanted_members(self, kind: str, parent: tuple[str, ...]) -> Sequence[Resource]:
        """The resources of a kind under one parent that the manifest names, in file order."""

    def live_members(self, kind: str, parent: tuple[str, ...]) -> Sequence[LiveResource]:
        """The live resources of a kind under one parent, named by the manifest or not."""

    def texting(self, location: tuple[str, ...]) -> Sequence[str]:
        """The numbers at a location that have messaging on and are not given up, where they were read."""


class Action(StrEnum):
    """What a step does, in the contract's words."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    ORDER = "order"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's move. A secret's sides are None or "set".

    `rotated` tells that a secret is not the one last sent. Two runs need not know that alike, so it is
    not of what makes two changes the same.
    """

    path: str
    before: Value
    after: Value
    secret: bool = False
    rotated: bool = field(default=False, compare=False)


class Severity(StrEnum):
    """How much a finding weighs: a hazard is a refusal unless its address is allowed."""

    WARNING = "warning"
    HAZARD = "hazard"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a change that its reader must know, or that stops it."""

    severity: Severity
    address: Address
    message: str
    hint: str = ""
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a resource needs to become what the manifest wants.

    `observed` holds the compared fields as they were seen; `quantity` is how many numbers it buys,
    `released` are those that it gives up, ten digits each.
    """

    address: Address
    action: Action
    changes: tuple[FieldChange, ...]
    observed: Fields
    wanted: Resource
    live: LiveResource | None = None
    quantity: int = 0
    released: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """The manifest that a run was made from."""

    files: tuple[Path, ...]
    sha256: str
