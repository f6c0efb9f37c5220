"""Wanted objects to what is wrong with who they say they are: names, pins and renames. Offline, pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from reconciler.kinds import BY_NAME
from reconciler.model import Problem, Resource

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


def _claimed_twice(things: Sequence[Resource]) -> Iterator[Problem]:
    for thing, other in _again(things, _named):
        yield Problem(
            f"{thing.address}: {other.address} has the same name, or one that differs only in case",
            thing.where("name"),
            "a name stands for one thing; give one of them another",
        )
    yield from _renamed_twice(things)
    for thing, other in _again(things, _pinned):
        hint = "an id stands for one thing"
        yield Problem(f"{thing.address}: {other.address} has the same id", thing.where("id"), hint)


def _renamed_twice(things: Sequence[Resource]) -> Iterator[Problem]:
    called = {who: thing for thing in reversed(things) if (who := _named(thing))}
    free = []
    for thing in things:
        named_so = _called_so(thing, called)
        if named_so is None:
            free.append(thing)
            continue
        yield Problem(
            f"{thing.address}: its renamed_from is what {named_so.address} is called",
            thing.where("renamed_from"),
            _one_by_one(thing, named_so, called),
        )
    for thing, other in _again(free, _renamed):
        yield Problem(
            f"{thing.address}: its renamed_from is claimed by {other.address} too",
            thing.where("renamed_from"),
            "one live object cannot become two; keep renamed_from on one of them",
        )


def _again(
    things: Iterable[Resource], who: Callable[[Resource], Who | None]
) -> Iterator[tuple[Resource, Resource]]:
    """Those that claim what an earlier one does (None: nothing is claimed), and that one."""
    against: dict[Who, Resource] = {}
    for thing in things:
        claim = who(thing)
        first = against.setdefault(claim, thing) if claim else thing
        if first is not thing:
            yield thing, first


def _called_so(thing: Resource, called: Mapping[Who, Resource]) -> Resource | None:
    """The other one whose name is what this one is renamed from."""
    claim = _renamed(thing)
    found = called.get(claim) if claim else None
    return None if found is thing else found


def _one_by_one(thing: Resource, other: Resource, called: Mapping[Who, Resource]) -> str:
    """How both come by their names: a plan takes every name as it was before, so that it takes several."""
    if _in_a_ring(thing, called):
        return (
            "names change places over a third one, each in its own apply: this one to a name that is free, "
            "then the rest, then this one again"
        )
    if _renamed(other):
        return (
            f"apply this one first, while {other.address} is still called {other.lifecycle.renamed_from}; "
            f"then take this renamed_from out, and rename that one"
        )
    return f"apply without {other.address} first, then take this renamed_from out"


def _in_a_ring(thing: Resource, called: Mapping[Who, Resource]) -> bool:
    """Whether what it is renamed from is the name of one that is renamed from … its own name."""
    seen = [thing]
    while (following := _called_so(seen[-1], called)) and following not in seen:
        seen.append(following)
    return following is thing
