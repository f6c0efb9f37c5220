"""Live members and wanted resources to pairs: who is who, or why nobody can say. Pure.

A name stands for one thing within its parent, compared exactly; where two live things share it, or
one differs only in case, nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from reconciler.kinds.kind import Kind
from reconciler.model import Address, Finding, LiveResource, Resource, Severity


def match(
    kind: Kind, wanted: Sequence[Resource], members: Sequence[LiveResource]
) -> tuple[list[LiveResource], list[Finding]]:
    """The live members under their wanted addresses, the others under their own, and what is in doubt.

    A member that is not the one meant by its address has its id in brackets behind it.
    """
    taken: dict[str, LiveResource] = {}
    findings: list[Finding] = []
    exactly = _grouped(members, lambda member: kind.called(member.fields))
    nearly = _grouped(members, lambda member: _folded(kind, member))
    for resource in wanted:
        same = exactly.get(kind.called(resource.fields), [])
        findings += _doubts(resource, same, nearly.get(_folded(kind, resource), []))
        if len(same) == 1:
            taken[same[0].id] = replace(same[0], address=resource.address)
    used = {resource.address for resource in wanted}
    return [taken.get(member.id) or _apart(member, used) for member in members], findings


def _grouped(
    members: Sequence[LiveResource], key: Callable[[LiveResource], tuple[str, ...]]
) -> dict[tuple[str, ...], list[LiveResource]]:
    found: dict[tuple[str, ...], list[LiveResource]] = {}
    for member in members:
        found.setdefault(key(member), []).append(member)
    return found


def _apart(member: LiveResource, used: set[Address]) -> LiveResource:
    """The member under an address of its own."""
    plain = member.address
    address = Address(plain.kind, plain.names, member.id) if plain in used else plain
    used.add(address)
    return replace(member, address=address)


def _folded(kind: Kind, thing: Resource | LiveResource) -> tuple[str, ...]:
    return tuple(part.casefold() for part in kind.called(thing.fields))


def _doubts(
    resource: Resource, same: Sequence[LiveResource], near: Sequence[LiveResource]
) -> Iterator[Finding]:
    name = resource.fields["name"]
    if len(same) > 1:
        ids = " and ".join(sorted(m.id for m in same))
        yield Finding(
            Severity.REFUSAL, resource.address,
            f"{len(same)} live ones are called {name} ({ids}), and the manifest means one of them",
            "rename or remove one of them in the dashboard", resource.where(),
        )  # fmt: skip
    elif not same:
        for member in near:
            yield Finding(
                Severity.REFUSAL, resource.address,
                f"a live one is called {member.fields['name']} ({member.id}), which differs from "
                f"{name} only in case",
                f"write {member.fields['name']} in the manifest, or rename the live one",
                resource.where("name"),
            )  # fmt: skip
