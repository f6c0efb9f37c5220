"""A manifest document to the resources that it wants, or every problem at once. Offline, pure.

The JSON Schema has already said that the shape is right; what is left are the rules between fields
and between resources: references, twins within the manifest, and each kind's own checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from reconciler.kinds import BY_NAME, KINDS
from reconciler.kinds.kind import Kind
from reconciler.manifest import Document
from reconciler.model import (
    Address,
    Fields,
    LiveResource,
    Position,
    Problem,
    Problems,
    Ref,
    Resource,
    Secret,
    Value,
)

Path = tuple[str | int, ...]
T = TypeVar("T", Resource, LiveResource)


@dataclass(frozen=True)
class Policy:
    """What one plan may do at most."""

    max_numbers_ordered: int = 50


@dataclass(frozen=True)
class Desired:
    """Everything that a manifest wants, parents first, siblings in file order."""

    resources: Mapping[Address, Resource] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    policy_position: Position | None = None
    account: str | None = None

    def wanted(self, address: Address) -> Resource | None:
        """What the manifest says of it, if anything."""
        return self.resources.get(address)

    def wanted_members(self, kind: str, parent: tuple[str, ...]) -> Sequence[Resource]:
        """The resources of a kind under one parent, in file order."""
        return self._members.get((kind, parent), ())

    @cached_property
    def _members(self) -> Mapping[tuple[str, tuple[str, ...]], Sequence[Resource]]:
        return by_parent(self.resources.values())

    def live(self, address: Address) -> LiveResource | None:
        """Nothing: no account has been read yet."""
        del address
        return None

    def live_members(self, kind: str, parent: tuple[str, ...]) -> Sequence[LiveResource]:
        """Nothing: no account has been read yet."""
        del kind, parent
        return ()

    def texting(self, location: tuple[str, ...]) -> Sequence[str]:
        """Nothing: no account has been read yet."""
        del location
        return ()


def by_parent(things: Iterable[T]) -> Mapping[tuple[str, tuple[str, ...]], Sequence[T]]:
    """Resources by kind and parent's names, in the order given."""
    found: dict[tuple[str, tuple[str, ...]], list[T]] = {}
    for thing in things:
        found.setdefault((thing.address.kind, thing.address.names[:-1]), []).append(thing)
    return found


def desired_from(document: Document) -> Desired:
    """The resources that the manifest wants. Raises `Problems` with all that is wrong with them."""
    resources: dict[Address, Resource] = {}
    problems: list[Problem] = []
    for kind in KINDS:
        for path, value in _entries(document.data, kind.where):
            resource = _resource(kind, path, value, document)
            if resource.address in resources:
                problems.append(_same_pool(resource))
            resources[resource.address] = resource
    policy = document.data.get("policy") or {}
    desired = Desired(
        resources,
        Policy(**{k: policy[k] for k in ("max_numbers_ordered",) if k in policy}),
        document.where("policy", "max_numbers_ordered"),
        document.data.get("account"),
    )
    for resource in resources.values():
        kind = BY_NAME[resource.address.kind]
        problems += [*_unfit_name(resource), *_dangling(kind, resource, desired)]
        problems += kind.check(resource, desired)
    problems += _twins(resources.values())
    if problems:
        raise Problems(sorted(problems, key=lambda p: (p.position is None, p.position, p.message)))
    return desired


def _entries(data: Any, where: Sequence[str], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value at a place in the manifest: `*` stands for any key, `#` for any index."""
    if not where:
        yield path, data
        return
    if where[0] == "#":
        keys: Iterable[Any] = range(len(data)) if isinstance(data, list) else ()
    elif isinstance(data, Mapping):
        keys = data.keys() if where[0] == "*" else {where[0]} & data.keys()
    else:
        keys = ()
    for key in keys:
        yield from _entries(data[key], where[1:], (*path, key))


def _resource(kind: Kind, path: Path, value: Any, document: Document) -> Resource:
    names = tuple(str(path[i]) for i, word in enumerate(kind.where) if word == "*")
    wanted, given = kind.shorthand(value)
    fields = dict(_spread(kind, given))
    if kind.is_object:
        fields = {"name": names[-1], **fields}
    address = Address(kind.name, names, kind.criterion(fields))
    positions = {name: document.where(*path, *name.split(".")) for name in fields}
    typed = {name: _value(kind, each, positions[name]) for name, each in fields.items()}
    return Resource(address, typed, {"": document.where(*path), **positions}, wanted)


def _spread(kind: Kind, fields: Fields) -> Iterator[tuple[str, Value]]:
    """Groups of fields as dotted names; a null group is a null for every field in it."""
    for name, value in fields.items():
        group = [row.name for row in kind.fields if row.name.startswith(name + ".")]
        if group and value is None:
            yield from ((row, None) for row in group)
        elif group and isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", each) for inner, each in value.items())
        else:
            yield name, value


def _value(kind: Kind, value: Value, position: Position) -> Value:
    if isinstance(value, str) and kind.refers_to:
        return Ref(Address(kind.refers_to[0], (value,)))
    if not isinstance(value, Mapping) or "password" not in value:
        return value
    reference = value["password"]
    assert isinstance(reference, Mapping)
    ((source, name),) = reference.items()
    return {**value, "password": Secret(source, str(name), position)}


def _same_pool(resource: Resource) -> Problem:
    return Problem(
        f"{resource.address}: a second pool with the same criterion",
        resource.where(),
        "add its count to the first one",
    )


def _dangling(kind: Kind, resource: Resource, desired: Desired) -> Iterator[Problem]:
    ref = next((v for v in resource.fields.values() if isinstance(v, Ref)), None)
    if ref is None or kind.refers_to is None:
        return
    target = desired.wanted(ref.address)
    if target is None:
        message = f"there is no application {ref.address.names[0]} in the manifest"
    elif target.fields.get("service_type") != kind.refers_to[1]:
        message = (
            f"{target.address} is a {target.fields['service_type']} application, "
            f"and this takes a {kind.refers_to[1]} one"
        )
    else:
        return
    yield Problem(f"{resource.address}: {message}", resource.where(), _fitting(*kind.refers_to, desired))


def _fitting(kind: str, service: str, desired: Desired) -> str:
    found = (r for r in desired.wanted_members(kind, ()) if r.fields.get("service_type") == service)
    names = ", ".join(sorted(r.address.names[0] for r in found))
    return f"the {service} applications here are: {names or 'none'}"


def _unfit_name(resource: Resource) -> Iterator[Problem]:
    """A name that the API would not take, or would hand back as another: a key is a name too."""
    kind = BY_NAME[resource.address.kind]
    name, row = str(resource.fields.get("name", "")), next((r for r in kind.fields if r.name == "name"), None)
    if row is None:
        return
    most = row.codec.schema.get("maxLength", len(name))
    if not name or name != name.strip():
        yield Problem(
            f"{resource.address}: the name is empty, or begins or ends with a space or line break",
            resource.where("name"),
            "the API drops those, and the thing would not be found again under its name",
        )
    elif len(name) > most:
        yield Problem(
            f"{resource.address}: the name has {len(name)} characters, and {most} are the most",
            resource.where("name"),
            "shorten it; a key stands for the name unless name says another",
        )


def _twins(resources: Iterable[Resource]) -> Iterator[Problem]:
    seen: dict[object, Address] = {}
    for resource in resources:
        kind, address = BY_NAME[resource.address.kind], resource.address
        if not kind.is_object:
            continue
        identity = tuple(str(resource.fields.get(name)).casefold() for name in kind.identity)
        other = seen.setdefault((kind.name, address.names[:-1], identity), address)
        if other != address:
            yield Problem(
                f"{address}: {other} has the same name, or one that differs only in case",
                resource.where("name"),
                "a name stands for one thing; give one of them another",
            )
