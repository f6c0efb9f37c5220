"""What is wanted and what is live to the changes between them, and what must be known about each. Pure.

Only declared fields are compared, in canonical form; nothing the manifest does not name shows up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.chain import Facts
from reconciler.desired import Desired
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
    few,
)
from reconciler.paths import lineage
from reconciler.removal import blocked
from reconciler.surplus import given_up, release, unplaced, unsteady
from reconciler.view import Live, View

SecretAt = tuple[Address, str]  # where a password is: whose, and its dotted path


@dataclass(frozen=True)
class Differences:
    """The changes in the manifest's order, and the findings about them."""

    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]


def differences(
    desired: Desired,
    account: Live,
    resend: Collection[Address] = (),
    rotated: Collection[SecretAt] = (),
    named: Collection[str] = (),
) -> Differences:
    """Every change that the manifest asks for.

    `resend` names addresses whose secrets are sent again, `rotated` passwords that are not those last
    sent, `named` the numbers (ten digits) that a person said to give up.
    """
    view = View(desired, account, frozenset(named))
    doubtful = {finding.address for finding in account.findings}
    changes: list[Change] = []
    findings = list(account.findings)
    for resource in desired.resources.values():
        kind = BY_NAME[resource.address.kind]
        if not doubtful.isdisjoint(lineage(resource.address)):
            continue
        findings += _duplicates(resource, account.pools.get(resource.address))
        findings += _doubt(resource, account.pools.get(resource.address))
        findings += _held(resource, account.pools.get(resource.address))
        again = _sent_again(resource, kind, resource.address in resend, rotated)
        change = _change(kind, resource, view, again)
        if isinstance(change, Finding):
            findings.append(change)
        elif change is not None:
            changes.append(change)
            findings += [*kind.review(change, view), *_missing(kind, change), *_gated(kind, change, account)]
            findings += _left_behind(kind, change, view)
    findings += [*blocked(changes, view), *_not_given_up(view, changes, findings)]
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


def _change(kind: Kind, resource: Resource, view: View, again: Mapping[str, bool]) -> Change | Finding | None:
    live = view.live(resource.address)
    if isinstance(kind.serving, Orders):
        return _of_numbers(resource, view)
    if not resource.wanted:
        return _removal(kind, resource, live)
    if live is None:
        return _creation(kind, resource, view)
    return _update(kind, resource, live, again)


def _update(kind: Kind, declared: Resource, live: LiveResource, again: Mapping[str, bool]) -> Change | None:
    ignored = declared.lifecycle.ignore
    fields = {name: value for name, value in declared.fields.items() if name not in ignored}
    resource = replace(declared, fields=fields)
    rows = kind.rows(resource.fields)
    found = [
        FieldChange(
            row.name,
            live.fields.get(row.name),
            row.codec.told(resource.fields[row.name], live.fields.get(row.name)),
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


def _removal(kind: Kind, resource: Resource, live: LiveResource | None) -> Change | None:
    if live is None:
        return None
    rows = {row.name: row for row in kind.fields}
    gone = {name: value for name, value in live.fields.items() if value is not None}
    changes = tuple(
        FieldChange(name, value, None, rows[name].secret)
        for name, value in gone.items()
        if not kind.is_object or name in kind.identity
    )
    observed = {"id": live.id} if live.id else {}
    seen = {change.path: gone[change.path] for change in changes}
    return Change(resource.address, Action.DELETE, changes, {**observed, **seen}, resource, live)


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


def _gated(kind: Kind, change: Change, account: Live) -> Iterator[Finding]:
    """A field that is to be set, and that needs a feature which the account's products do not list."""
    if account.features is None:
        return
    moved = {each.path for each in change.changes if each.after is not None}
    for row in kind.fields:
        if row.gate and row.name in moved and row.gate.casefold() not in account.features:
            yield Finding(
                Severity.WARNING, change.address,
                f"{row.name} needs {row.gate}, which the account's products do not list",
                "ask Bandwidth support to switch it on", change.wanted.where(row.name),
            )  # fmt: skip


def _left_behind(kind: Kind, change: Change, view: View) -> Iterator[Finding]:
    """What an earlier run created beside it, and the manifest does not name any more, as after a new key."""
    if change.action is not Action.CREATE or not kind.is_object:
        return
    parent, alike = change.address.names[:-1], kind.called(change.wanted.fields)[1:]
    meant = view.wanted_members(kind.name, parent)
    claimed = {name for each in meant for name in (each.fields["name"], each.lifecycle.renamed_from)}
    names = [
        str(each.fields["name"])
        for each in view.account.left_behind
        if (each.address.kind, each.address.names[:-1]) == (kind.name, parent)
        and kind.called(each.fields)[1:] == alike
        and each.fields["name"] not in claimed
    ]
    if names:
        yield Finding(
            Severity.WARNING, change.address,
            f"it is created beside {few(names)}, which an earlier run created and the manifest does not name",
            f"if it is the same under a new name: renamed_from: {names[0]}", change.wanted.where(),
        )  # fmt: skip


def _not_given_up(view: View, changes: Sequence[Change], findings: Sequence[Finding]) -> Iterator[Finding]:
    """The numbers that were named and that nothing gives up; one that a refused pool counts is told of."""
    going = {number for change in changes for number in change.released}
    refused = {finding.address for finding in findings if finding.severity is Severity.REFUSAL}
    told = {n for pool, facts in view.account.pools.items() if pool in refused for n in facts.listed}
    unlisted = {n for facts in view.account.pools.values() for n in facts.there - facts.listed}
    doubts = {**dict.fromkeys(unlisted, "its location does not list it yet"), **view.account.unsteady}
    for number in sorted(view.named):
        if number in doubts:
            yield unsteady(number, doubts[number])
        elif number not in going | told:
            yield unplaced(number, gone=number in view.account.given_up)


def _of_numbers(resource: Resource, view: View) -> Change | Finding | None:
    """What is ordered for a pool, closed of it, or given up."""
    if not resource.wanted:
        return given_up(resource, view.account.numbers.get(resource.address.names, ()), view.named)
    facts = view.account.pools.get(resource.address)
    released = release(resource, facts, view.named) if facts else None
    return released or _pool_change(resource, facts)


def _held(resource: Resource, facts: Facts | None) -> Iterator[Finding]:
    if facts and facts.held and facts.deficit > 0:
        yield Finding(
            Severity.REFUSAL, resource.address,
            f"the account has this number at {facts.held}, and cannot order it again (5005)",
            "move it here in the dashboard, or leave it out of the manifest", resource.where(),
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
