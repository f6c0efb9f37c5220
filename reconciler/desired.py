"""A manifest document to the resources that it wants, or every problem at once. Offline, pure.

The JSON Schema has already said that the shape is right; what is left are the rules between fields
and between resources: references, twins within the manifest, and each kind's own checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from reconciler.addresses import address_from
from reconciler.kinds import BY_NAME, KINDS
from reconciler.kinds.kind import Kind, Orders, Settings
from reconciler.kinds.lifecycle import COLLECTIONS, WORDS, lifecycle_of
from reconciler.manifest import Document
from reconciler.model import (
    Address,
    Fields,
    Lifecycle,
    LiveResource,
    Position,
    Problem,
    Problems,
    Ref,
    Resource,
    Secret,
    Value,
)
from reconciler.naming import misnamed
from reconciler.paths import owner

Path = tuple[str | int, ...]
T = TypeVar("T", Resource, LiveResource)


@dataclass(frozen=True)
class Policy:
    """What one plan may do at most; `prune` holds kinds, `positions` where each word stands."""

    max_numbers_ordered: int = 50
    max_numbers_released: int = 0
    max_deletions: int = 0
    prune: frozenset[str] = frozenset()
    protect: frozenset[Address] = frozenset()
    positions: Mapping[str, Position] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Desired:
    """Everything that a manifest wants or wants gone, parents first, siblings in file order."""

    resources: Mapping[Address, Resource] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    account: str | None = None

    def extended(self, more: Mapping[Address, Resource]) -> Desired:
        """With what is to go because of `policy.prune`."""
        return replace(self, resources={**self.resources, **more}) if more else self

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
    resources, problems = _resources(document)
    policy, unreadable = _policy(document)
    desired = Desired(resources, policy, document.data.get("account"))
    problems += unreadable
    for resource in resources.values():
        kind = BY_NAME[resource.address.kind]
        if resource.wanted or isinstance(kind.serving, Settings):
            problems += [*_dangling(kind, resource, desired), *kind.check(resource, desired)]
    problems += misnamed(resources.values())
    if problems:
        raise Problems(sorted(problems, key=lambda p: (p.position is None, p.position, p.message)))
    return desired


def _resources(document: Document) -> tuple[dict[Address, Resource], list[Problem]]:
    found: dict[Address, Resource] = {}
    problems: list[Problem] = []
    leaving: list[Path] = []
    for kind in KINDS:
        for path, value in _entries(document.data, kind.where):
            inside = any(path[: len(place)] == place for place in leaving)
            if inside and not kind.is_object:
                continue
            resource = _resource(kind, path, value, document)
            if resource.address in found:
                problems.append(_same_pool(resource))
            found[resource.address] = resource
            if kind.is_object and not resource.wanted:
                leaving.append(path)
                found |= {each.address: each for each in teardown(resource)}
            elif inside:
                problems.append(_stays_behind(resource))
    return found, problems


def teardown(leaving: Resource) -> Iterator[Resource]:
    """What has to go before an object does: the settings and the numbers of a location."""
    for kind in KINDS:
        if kind.parent == leaving.address.kind and not kind.is_object:
            wanted, fields = (False, {}) if isinstance(kind.serving, Orders) else kind.shorthand(None)
            address = leaving.address.sibling(kind.name)
            yield Resource(address, fields, {"": place} if (place := leaving.where()) else {}, wanted)


def _stays_behind(resource: Resource) -> Problem:
    parent = owner(resource.address)
    return Problem(
        f"{resource.address}: {parent} is to be deleted, and this is in it",
        resource.where(),
        "write state: absent here too, or take the block out",
    )


def _policy(document: Document) -> tuple[Policy, list[Problem]]:
    given = document.data.get("policy") or {}
    caps = {name: most for name, most in given.items() if isinstance(most, int)}
    protect, problems = set[Address](), []
    for index, text in enumerate(given.get("protect", ())):
        try:
            protect.add(_known(address_from(text)))
        except ValueError as error:
            where = document.where("policy", "protect", index)
            problems.append(Problem(f"policy.protect: {error}", where, "plans print the addresses"))
    prune = frozenset(COLLECTIONS[name] for name in given.get("prune", ()))
    words = Policy.__dataclass_fields__ if "policy" in document.data else ()
    positions = {name: document.where("policy", name) for name in words}
    return Policy(**caps, prune=prune, protect=frozenset(protect), positions=positions), problems


def _known(address: Address) -> Address:
    """The address, if things can have it: one that is misspelt would protect nothing."""
    kind = BY_NAME.get(address.kind)
    if kind is None or len(address.names) != kind.where.count("*"):
        raise ValueError(f"nothing has an address like {address}")
    return address


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
    fields, lifecycle = dict(_spread(kind, given)), Lifecycle()
    if kind.is_object:
        lifecycle = lifecycle_of(kind, given)
        wanted = given.get("state") != "absent"
        fields = {"name": names[-1], **{n: v for n, v in fields.items() if n not in WORDS}}
        if not wanted:
            fields = {name: fields[name] for name in kind.identity}
    address = Address(kind.name, names, kind.criterion(fields))
    positions = {name: document.where(*path, *name.split(".")) for name in {**fields, **given}}
    typed = {name: _value(kind, each, positions[name]) for name, each in fields.items()}
    return Resource(address, typed, {"": document.where(*path), **positions}, wanted, lifecycle)


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
    elif not target.wanted:
        message = f"{target.address} is to be deleted (state: absent)"
    elif target.fields.get("service_type") != kind.refers_to[1]:
        message = (
            f"{target.address} is a {target.fields['service_type']} application, "
            f"and this takes a {kind.refers_to[1]} one"
        )
    else:
        return
    yield Problem(f"{resource.address}: {message}", resource.where(), _fitting(*kind.refers_to, desired))


def _fitting(kind: str, service: str, desired: Desired) -> str:
    members = desired.wanted_members(kind, ())
    found = (r for r in members if r.wanted and r.fields.get("service_type") == service)
    names = ", ".join(sorted(r.address.names[0] for r in found))
    return f"the {service} applications here are: {names or 'none'}"
