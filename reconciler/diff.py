"""What is wanted and what is live to the changes between them, and what must be known about each. Pure.

Only declared fields are compared, in canonical form; nothing the manifest does not name shows up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from reconciler.chain import Facts
from reconciler.desired import Desired, by_parent
from reconciler.kinds import BY_NAME
from reconciler.kinds.kind import Kind, Orders
from reconciler.model import (
    Action,
    Address,
    Change,
    FieldChange,
    Finding,
    LiveResource,
    Resource,
    Severity,
    Value,
)
from reconciler.paths import lineage

SecretAt = tuple[Address, str]  # where a password is: whose, and its dotted path


@dataclass(frozen=True)
class Live:
    """What was read of the account.

    `resources` holds everything that is there and was read, objects under the manifest's address where
    the manifest names them. `pools` has the facts of each pool whose location is live. `findings` are
    doubts about who is who. `texting` has the numbers with messaging on, by their location's names.
    `without_campaign` are local numbers whose texts will not be delivered.
    """

    resources: Mapping[Address, LiveResource] = field(default_factory=dict)
    pools: Mapping[Address, Facts] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    texting: Mapping[tuple[str, ...], Sequence[str]] = field(default_factory=dict)
    without_campaign: tuple[str, ...] = ()


@dataclass(frozen=True)
class Differences:
    """The changes in the manifest's order, and the findings about them."""

    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class View:
    """The manifest and the account side by side, for the rules of the kinds."""

    desired: Desired
    account: Live

    def wanted(self, address: Address) -> Resource | None:
        """What the manifest says of it, if anything."""
        return self.desired.wanted(address)

    def live(self, address: Address) -> LiveResource | None:
        """What the account says of it, if it is there."""
        return self.account.resources.get(address)

    def wanted_members(self, kind: str, parent: tuple[str, ...]) -> Sequence[Resource]:
        """The resources of a kind under one parent that the manifest names, in file order."""
        return self.desired.wanted_members(kind, parent)

    def live_members(self, kind: str, parent: tuple[str, ...]) -> Sequence[LiveResource]:
        """The live resources of a kind under one parent, named by the manifest or not."""
        return self._members.get((kind, parent), ())

    def texting(self, location: tuple[str, ...]) -> Sequence[str]:
        """The numbers at a location that have messaging on, where they were read."""
        return self.account.texting.get(location, ())

    @cached_property
    def _members(self) -> Mapping[tuple[str, tuple[str, ...]], Sequence[LiveResource]]:
        return by_parent(self.account.resources.values())


def differences(
    desired: Desired, account: Live, resend: Collection[Address] = (), rotated: Collection[SecretAt] = ()
) -> Differences:
    """Every change that the manifest asks for.

    `resend` names addresses whose secrets are sent again, `rotated` passwords that are not those last
    sent.
    """
    view = View(desired, account)
    doubtful = {finding.address for finding in account.findings}
    changes: list[Change] = []
    findings = list(account.findings)
    for resource in desired.resources.values():
        kind = BY_NAME[resource.address.kind]
        if not doubtful.isdisjoint(lineage(resource.address)):
            continue
        findings += _duplicates(resource, account.pools.get(resource.address))
        findings += _doubt(resource, account.pools.get(resource.address))
        again = _sent_again(resource, kind, resource.address in resend, rotated)
        change = _change(kind, resource, view, again)
        if change is not None:
            changes.append(change)
            findings += [*kind.review(change, view), *_missing(kind, change)]
    return Differences(tuple(changes), tuple(findings))


def _sent_again(
    resource: Resource, kind: Kind, all_of_it: bool, rotated: Collection[SecretAt]
) -> Mapping[str, bool]:
    """The credentials blocks to send though they look right, and whether each was rotated."""
    blocks = (row.name for row in kind.rows(resource.fields) if row.secret)
    given = {
        name: (resource.address, f"{name}.password") in rotated
        for name in blocks
        if resource.fields[name] is not None
    }
    return {name: new for name, new in given.items() if new or all_of_it}


def _change(kind: Kind, resource: Resource, view: View, again: Mapping[str, bool]) -> Change | None:
    live = view.live(resource.address)
    if isinstance(kind.serving, Orders):
        return _pool_change(resource, view.account.pools.get(resource.address))
    if not resource.wanted:
        return _removal(resource, live)
    if live is None:
        return _creation(kind, resource, view)
    rows = kind.rows(resource.fields)
    found = [
        FieldChange(
            row.name,
            live.fields.get(row.name),
            resource.fields[row.name],
            row.secret,
            again.get(row.name, False),
        )
        for row in rows
        if row.name in again or not row.same(resource.fields[row.name], live.fields.get(row.name))
    ]
    observed = {"id": live.id} if live.id else {}
    compared = {row.name: live.fields.get(row.name) for row in rows}
    change = Change(resource.address, Action.UPDATE, tuple(found), {**observed, **compared}, resource, live)
    return change if found else None


def _removal(resource: Resource, live: LiveResource | None) -> Change | None:
    if live is None:
        return None
    gone = {name: value for name, value in live.fields.items() if value is not None}
    changes = tuple(FieldChange(name, value, None) for name, value in gone.items())
    return Change(resource.address, Action.DELETE, changes, gone, resource, live)


def _creation(kind: Kind, resource: Resource, view: View) -> Change | None:
    if not kind.is_object and resource.fields and all(v is None for v in resource.fields.values()):
        return None
    # a null has nothing to clear yet, and a default sent in its stead may be refused (13048)
    given = {name: value for name, value in resource.fields.items() if value is not None}
    fields = {**kind.on_create(resource, view), **given}
    whole = replace(resource, fields=fields)
    changes = tuple(
        FieldChange(row.name, None, fields[row.name], row.secret)
        for row in kind.rows(fields)
        if fields[row.name] is not None
    )
    return Change(resource.address, Action.CREATE, changes, {}, whole)


def _missing(kind: Kind, change: Change) -> Iterator[Finding]:
    if change.action is not Action.CREATE:
        return
    for names in kind.create_needs:
        if not any(change.wanted.fields.get(name) is not None for name in names):
            fitting = [row.name for row in kind.rows(dict.fromkeys(names) | dict(change.wanted.fields))]
            choices = [name for name in names if name in fitting]
            yield Finding(
                Severity.REFUSAL, change.address,
                f"the API does not create it without {' or '.join(choices)}",
                f"add {choices[0]}", change.wanted.where(),
            )  # fmt: skip


def _duplicates(resource: Resource, facts: Facts | None) -> Iterator[Finding]:
    if facts and facts.key and facts.duplicates:
        name = facts.key.customer_order_id(facts.duplicated[-1])
        finding = Finding(
            Severity.WARNING, resource.address,
            f"several orders carry the customer order id {name}: {', '.join(facts.duplicates)}",
            "all of them count; nothing more is ordered for this pool until somebody has looked at them: "
            f"then apply --accept-duplicate {name}",
            resource.where(),
        )  # fmt: skip
        yield replace(finding, severity=Severity.REFUSAL) if facts.deficit > 0 else finding


def _doubt(resource: Resource, facts: Facts | None) -> Iterator[Finding]:
    if facts and facts.doubt:
        yield Finding(
            Severity.WARNING, resource.address,
            f"an earlier run sent order {facts.doubt}, and nobody knows what became of it",
            "apply looks for it before it orders anything, and orders nothing before that is decided",
            resource.where(),
        )  # fmt: skip


def _pool_change(resource: Resource, facts: Facts | None) -> Change | None:
    count = resource.fields["count"]
    assert isinstance(count, int)
    facts = facts or Facts(count)
    there = facts.present + facts.pending
    observed: dict[str, Value] = {
        "present": facts.present,
        "pending": facts.pending,
        "orders": facts.head,
    }
    change = (FieldChange("count", there, count),)
    if facts.deficit > 0:
        return Change(resource.address, Action.ORDER, change, observed, resource, quantity=facts.deficit)
    if facts.deficit < 0 and facts.backordered:
        observed["back_order"] = facts.backordered.id
        short = max(0, facts.deficit + facts.backordered.pending)
        return Change(resource.address, Action.UPDATE, change, observed, resource, quantity=short)
    return None
