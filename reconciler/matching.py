"""Live members and wanted resources to pairs: who is who, or why nobody can say. Pure.

A pin (`id:`) decides; else a name stands for one thing within its parent, compared exactly. Where two
live things share it, or one differs only in case, nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from reconciler.kinds.kind import Kind
from reconciler.model import Address, Finding, LiveResource, Resource, Severity

Called = tuple[str, ...]


def match(
    kind: Kind, wanted: Sequence[Resource], members: Sequence[LiveResource]
) -> tuple[list[LiveResource], list[Finding]]:
    """The live members under their wanted addresses, the others under their own, and what is in doubt.

    A member that is not the one meant by its address has its id in brackets behind it.
    """
    pairing = _Pairing(kind, wanted, members)
    for resource in wanted:
        if resource.lifecycle.id:
            pairing.pin(resource)
    for resource in wanted:
        if not resource.lifecycle.id:
            pairing.find(resource)
    used = {resource.address for resource in wanted}
    others = sorted((m for m in members if m.id not in pairing.taken), key=lambda m: (len(m.id), m.id))
    found = pairing.taken | {member.id: _apart(member, used) for member in others}
    return [found[member.id] for member in members], pairing.findings


def _apart(member: LiveResource, used: set[Address]) -> LiveResource:
    """The member under an address of its own."""
    plain = member.address
    address = Address(plain.kind, plain.names, member.id) if plain in used else plain
    used.add(address)
    return replace(member, address=address)


def _grouped(
    members: Sequence[LiveResource], key: Callable[[LiveResource], Called]
) -> dict[Called, list[LiveResource]]:
    found: dict[Called, list[LiveResource]] = {}
    for member in members:
        found.setdefault(key(member), []).append(member)
    return found


@dataclass
class _Pairing:
    """Live members as they are found to be what the manifest means; `taken` has them by id."""

    kind: Kind
    wanted: Sequence[Resource]
    members: Sequence[LiveResource]
    taken: dict[str, LiveResource] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._exactly = _grouped(self.members, lambda member: self.kind.called(member.fields))
        self._nearly = _grouped(self.members, lambda member: self._folded(self.kind.called(member.fields)))

    def pin(self, resource: Resource) -> None:
        """Pair it with the member of its id."""
        member = next((m for m in self.members if m.id.lower() == resource.lifecycle.id.lower()), None)
        if member is not None:
            renamed = resource.wanted and member.fields.get("name") != resource.fields["name"]
            others = [each for each in self._near(resource) if renamed and each is not member]
            self.findings += _unfit(self.kind, resource, member, others)
            for rival in self._rivals(resource) if renamed else ():
                self._refuse(
                    resource, "name",
                    f"{rival.address} is to have the same name, or one that differs only in case",
                    "a name stands for one thing; give one of them another",
                )  # fmt: skip
            self.taken[member.id] = replace(member, address=resource.address)
        elif resource.wanted:
            self._refuse(
                resource, "id", f"nothing live has its id {resource.lifecycle.id}",
                "correct the id; without one it is looked for by its name, and created where there is none",
            )  # fmt: skip

    def find(self, resource: Resource) -> None:
        """Pair it with the one member of its name, else with the one of the name that it had."""
        same, old = self._called(resource), self._called_before(resource)
        near = [each for each in self._near(resource) if each not in old]
        if same and old:
            name, before = resource.fields["name"], resource.lifecycle.renamed_from
            self._refuse(
                resource, "renamed_from",
                f"{name} ({_ids(same)}) and {before} ({_ids(old)}), which it is renamed from, are both live",
                "take renamed_from out, or rename or delete one of them",
            )  # fmt: skip
        elif len(same or old) > 1:
            self._refuse_twins(resource, same or old)
        elif near and not same and resource.wanted:
            self._refuse_near(resource, near)
        elif same or old:
            self._take(resource, (same or old)[0])

    def _called(self, resource: Resource) -> list[LiveResource]:
        return self._free(self._exactly.get(self.kind.called(resource.fields), ()))

    def _called_before(self, resource: Resource) -> list[LiveResource]:
        old = resource.lifecycle.renamed_from
        if not old or old == resource.fields["name"]:
            return []
        return self._free(self._exactly.get(self.kind.called({**resource.fields, "name": old}), ()))

    def _near(self, resource: Resource) -> list[LiveResource]:
        """Those of its name in any case, also where they are known to be others."""
        return self._nearly.get(self._folded(self.kind.called(resource.fields)), [])

    def _rivals(self, resource: Resource) -> list[Resource]:
        """The others that the manifest wants under its name, in any case."""
        name = self._folded(self.kind.called(resource.fields))
        others = (each for each in self.wanted if each is not resource and each.wanted)
        return [each for each in others if self._folded(self.kind.called(each.fields)) == name]

    def _free(self, members: Collection[LiveResource]) -> list[LiveResource]:
        return [member for member in members if member.id not in self.taken]

    def _folded(self, called: Called) -> Called:
        return tuple(part.casefold() for part in called)

    def _take(self, resource: Resource, member: LiveResource) -> None:
        self.taken[member.id] = replace(member, address=resource.address)

    def _refuse(self, resource: Resource, word: str, message: str, hint: str) -> None:
        where = resource.where(word)
        self.findings.append(Finding(Severity.REFUSAL, resource.address, message, hint, where))

    def _refuse_twins(self, resource: Resource, twins: Sequence[LiveResource]) -> None:
        name = str(twins[0].fields["name"])
        lines = " or ".join(f'id: "{member.id}"' for member in sorted(twins, key=lambda m: m.id))
        instead = ", instead of renamed_from" if resource.lifecycle.renamed_from else ""
        self._refuse(
            resource, "",
            f"{len(twins)} live ones are called {name} ({_ids(twins)}), and the manifest means one of them",
            f"say which, in its block{instead}: {lines}",
        )  # fmt: skip

    def _refuse_near(self, resource: Resource, near: Sequence[LiveResource]) -> None:
        for member in near:
            live, pinned = member.fields["name"], self.taken.get(member.id)
            if pinned:
                self._refuse(
                    resource, "name",
                    f"a live one is called {live} ({member.id}), and that is {pinned.address} by its id",
                    "give this one another name; one that the other is to lose is free in the next run",
                )  # fmt: skip
                continue
            self._refuse(
                resource, "name",
                f"a live one is called {live} ({member.id}), which differs from {resource.fields['name']} "
                f"only in case",
                f"write {live} in the manifest, or renamed_from: {live} to rename the live one",
            )  # fmt: skip


def _unfit(
    kind: Kind, resource: Resource, member: LiveResource, others: Sequence[LiveResource]
) -> Iterator[Finding]:
    """Why the live one of this id cannot become what the manifest says."""
    fixed = [name for name in kind.identity if name != "name"]
    for name in fixed:
        if resource.fields.get(name) != member.fields.get(name):
            yield Finding(
                Severity.REFUSAL, resource.address,
                f"its id {member.id} is a {member.fields.get(name)} one, and {name} cannot change",
                f"correct the id or {name}", resource.where("id"),
            )  # fmt: skip
    if others:
        called = min(others, key=lambda each: each.id).fields["name"]
        yield Finding(
            Severity.REFUSAL, resource.address,
            f"its id {member.id} is called {member.fields['name']}, and another live one is called "
            f"{called} already ({_ids(others)})",
            "correct the id or the name, or rename the other one first", resource.where("id"),
        )  # fmt: skip


def _ids(members: Sequence[LiveResource]) -> str:
    return " and ".join(sorted(member.id for member in members))
