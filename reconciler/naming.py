"""Wanted objects to what is wrong with who they say they are: names, pins and renames. Offline, pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from reconciler.kinds import BY_NAME
from reconciler.model import Address, Problem, Resource

Who = tuple[object, ...]


def misnamed(resources: Iterable[Resource]) -> Iterator[Problem]:
    """Every name that the API would not take, and everything that two of them claim to be."""
    objects = [r for r in resources if BY_NAME[r.address.kind].is_object]
    for resource in objects:
        yield from _unfit(resource)
        yield from _pinned_and_renamed(resource)
    yield from _claimed_twice(objects)


def _unfit(resource: Resource) -> Iterator[Problem]:
    """A name that the API would not take, or would hand back as another: a key is a name too."""
    kind = BY_NAME[resource.address.kind]
    name, row = str(resource.fields["name"]), next(r for r in kind.fields if r.name == "name")
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


def _pinned_and_renamed(resource: Resource) -> Iterator[Problem]:
    if resource.lifecycle.id and resource.lifecycle.renamed_from:
        yield Problem(
            f"{resource.address}: renamed_from does not combine with id",
            resource.where("renamed_from"),
            "id says already which one is meant, whatever it is called",
        )


@dataclass(frozen=True)
class _Claim:
    """What two objects may not both be: `who` is meant (None: nothing is claimed), and what to say of it."""

    word: str
    who: Callable[[Resource], Who | None]
    message: str
    hint: str
    against: dict[Who, Address] = field(default_factory=dict)


def _named(resource: Resource) -> Who | None:
    return None if resource.lifecycle.id else _who(resource, str(resource.fields["name"]))


def _renamed(resource: Resource) -> Who | None:
    old = resource.lifecycle.renamed_from
    return _who(resource, old) if old and old != resource.fields["name"] else None


def _pinned(resource: Resource) -> Who | None:
    pin = resource.lifecycle.id.casefold()
    return (resource.address.kind, resource.address.names[:-1], pin) if pin else None


def _who(resource: Resource, name: str) -> Who:
    """The kind, the parent, and the name and what else tells it apart, in any case."""
    called = BY_NAME[resource.address.kind].called({**resource.fields, "name": name})
    return (resource.address.kind, resource.address.names[:-1], *(part.casefold() for part in called))


def _claimed_twice(objects: Iterable[Resource]) -> Iterator[Problem]:
    things = list(objects)
    names: dict[Who, Address] = {}
    claims = (
        _Claim("name", _named, "{other} has the same name, or one that differs only in case",
               "a name stands for one thing; give one of them another", names),
        _Claim("renamed_from", _renamed, "its renamed_from is claimed by {other} too",
               "one live object cannot become two; keep renamed_from on one of them", names),
        _Claim("id", _pinned, "{other} has the same id", "an id stands for one thing"),
    )  # fmt: skip
    for claim in claims:
        for thing in things:
            who = claim.who(thing)
            other = claim.against.setdefault(who, thing.address) if who else thing.address
            if other != thing.address:
                message = f"{thing.address}: {claim.message.format(other=other)}"
                yield Problem(message, thing.where(claim.word), claim.hint)
