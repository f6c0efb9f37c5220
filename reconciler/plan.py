"""Changes to a plan: steps in dependency order, what each needs, and the calls that it may make. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from reconciler.calls import Call, calls_for
from reconciler.chain import Facts
from reconciler.desired import Desired
from reconciler.diff import Differences
from reconciler.kinds import BY_NAME
from reconciler.kinds.kind import Orders
from reconciler.model import (
    Action,
    Address,
    Change,
    FieldChange,
    Fields,
    Finding,
    Ref,
    Secret,
    Severity,
    Source,
    Value,
)
from reconciler.paths import Ids, lineage
from reconciler.reads import pools_of
from reconciler.sequence import RANK, followed, in_order, step_id, with_needs
from reconciler.surplus import candidates
from reconciler.view import Live

_USER = re.compile(r"(?<=://)[^/?#\s]+(?=@)")  # somebody else may have set a URL with a password in it


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `changes` and `observed` hold plain values, secrets as "set".

    `quantity` is how many numbers an order step buys, `released` are those (E.164) that a release step
    gives up. `change` is what the step is carried out from, `follows` are the steps that it waits for even if
    they fail; a plan that was read from a file has neither.
    """

    id: str
    address: Address
    action: Action
    needs: tuple[str, ...]
    changes: tuple[FieldChange, ...]
    calls: tuple[Call, ...]
    observed: Fields
    quantity: int = 0
    released: tuple[str, ...] = ()
    change: Change | None = field(default=None, compare=False, repr=False)
    follows: tuple[str, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool's numbers: wanted, there, coming with open orders (and which), and to be ordered.

    `doubt` is the customer order id of an order that an earlier run sent and nobody knows of;
    `duplicates` are orders of which several have one customer order id. `numbers` are those at the
    location (E.164) that count for it, in the order in which they are proposed to be given up. `leaving` is
    how many of those there are known to go, or to be gone, where that was asked.
    """

    address: Address
    count: int
    present: int
    pending: int
    ordered: int
    open_orders: tuple[str, ...] = ()
    doubt: str = ""
    duplicates: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    leaving: int = 0

    @property
    def unclear(self) -> bool:
        """Whether somebody has to look at its orders."""
        return bool(self.doubt or self.duplicates)

    @property
    def surplus(self) -> int:
        """Numbers there beyond the count; they are reported, and given up only where one is named."""
        return max(0, self.present - self.leaving - self.count)

    @property
    def candidates(self) -> tuple[str, ...]:
        """The numbers that would be given up first, as many of those listed as are too many."""
        return self.numbers[: max(0, len(self.numbers) - self.count)]


@dataclass(frozen=True, slots=True)
class Unmanaged:
    """A live object that the manifest does not name."""

    address: Address
    id: str


@dataclass(frozen=True, slots=True)
class Options:
    """What was said with a plan that changes what it says: addresses and numbers, as they were written."""

    only: tuple[str, ...] = ()
    allow_hazard: tuple[str, ...] = ()
    resend_secrets: tuple[str, ...] = ()
    release: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What an apply would do, and everything that its reader has to know first."""

    account: str
    source: Source
    steps: tuple[Step, ...] = ()
    pools: tuple[Pool, ...] = ()
    unmanaged: tuple[Unmanaged, ...] = ()
    warnings: tuple[Finding, ...] = ()
    refusals: tuple[Finding, ...] = ()
    options: Options = Options()

    def count(self, action: Action) -> int:
        """How many steps do this."""
        return sum(step.action is action for step in self.steps)

    @property
    def numbers_ordered(self) -> int:
        """How many numbers it buys."""
        return sum(step.quantity for step in self.steps)

    @property
    def numbers_released(self) -> int:
        """How many numbers it gives up."""
        return sum(len(step.released) for step in self.steps)

    @property
    def numbers_pending(self) -> int:
        """How many numbers come with orders that are open already."""
        return sum(pool.pending for pool in self.pools)


def plan_from(
    desired: Desired, account: Live, found: Differences, *, account_id: str, source: Source
) -> Plan:
    """The whole plan, before the guards have looked at it: hazards are still hazards."""
    ids = {address: live.id for address, live in account.resources.items() if live.id}
    ordered = in_order(found.changes, list(desired.resources))
    needs, follows = with_needs(ordered), followed(ordered)
    steps = tuple(
        replace(_step(change, needs[step], account_id, ids), follows=follows.get(step, ()))
        for step, change in ((step_id(change), change) for change in ordered)
    )
    bought = {step.address: step.quantity for step in steps}
    unmanaged = (Unmanaged(a, m.id) for a, m in account.resources.items() if m.id and not desired.wanted(a))
    return Plan(
        account=account_id,
        source=source,
        steps=steps,
        pools=(
            *(
                _pool(pool, count, account.pools.get(pool) or Facts(count), bought.get(pool, 0))
                for pools in pools_of(desired).values()
                for pool, count in pools.items()
            ),
            *_leaving(desired, account),
        ),
        unmanaged=tuple(sorted(unmanaged, key=lambda u: (RANK[u.address.kind], u.address, u.id))),
        warnings=tuple(f for f in found.findings if f.severity is Severity.WARNING),
        refusals=tuple(f for f in found.findings if f.severity is not Severity.WARNING),
    )  # fmt: skip


def only(plan: Plan, chosen: Collection[Address]) -> Plan:
    """The part of the plan that concerns these addresses and what lies below them, with what it needs.

    What is refused about anything that they stand on (an owner, what they refer to) is refused still.
    """
    by_id = {step.id: step for step in plan.steps}
    kept = {step.id for step in plan.steps if not set(lineage(step.address)).isdisjoint(chosen)}
    waiting = list(kept)
    while waiting:
        needed = set(by_id[waiting.pop()].needs) - kept
        kept |= needed
        waiting += needed
    steps = tuple(step for step in plan.steps if step.id in kept)
    stood_on = {owner for address in chosen for owner in lineage(address)}
    stood_on |= {address for step in steps for address in _stands_on(step)}

    def concerns(address: Address) -> bool:
        return address.kind == "number" or address in stood_on or not set(lineage(address)).isdisjoint(chosen)

    return replace(
        plan,
        steps=steps,
        pools=tuple(pool for pool in plan.pools if concerns(pool.address)),
        warnings=tuple(finding for finding in plan.warnings if concerns(finding.address)),
        refusals=tuple(finding for finding in plan.refusals if concerns(finding.address)),
    )


def _stands_on(step: Step) -> Iterator[Address]:
    yield from lineage(step.address)
    for value in step.change.wanted.fields.values() if step.change else ():
        if isinstance(value, Ref):
            yield value.address


def _step(change: Change, needs: tuple[str, ...], account: str, ids: Ids) -> Step:
    kind = BY_NAME[change.address.kind]
    return Step(
        id=step_id(change),
        address=change.address,
        action=change.action,
        needs=needs,
        changes=tuple(shown for each in change.changes for shown in _shown(each)),
        calls=tuple(calls_for(kind, change, account, ids)),
        observed={name: plain(value) for name, value in change.observed.items()},
        quantity=change.quantity,
        released=tuple(f"+1{number}" for number in change.released),
        change=change,
    )


def plain(value: Value) -> Value:
    """A value as JSON can say it: references as addresses, secrets as "set", and no user in a live URL."""
    if isinstance(value, Ref | Secret):
        return str(value)
    if isinstance(value, str):
        return _USER.sub("…", value)
    if isinstance(value, tuple):
        return tuple(plain(each) for each in value)
    return {name: plain(each) for name, each in value.items()} if isinstance(value, Mapping) else value


def _shown(change: FieldChange) -> Iterator[FieldChange]:
    """Credentials are a unit in the API, and two lines for a reader: the user, and a password."""
    if not change.secret:
        yield replace(change, before=plain(change.before), after=plain(change.after))
        return
    before = change.before if isinstance(change.before, Mapping) else {}
    after = change.after if isinstance(change.after, Mapping) else {}
    if before.get("user_id") != after.get("user_id"):
        yield FieldChange(f"{change.path}.user_id", before.get("user_id"), after.get("user_id"))
    was, then = ("set" if side else None for side in (before, after))
    yield FieldChange(f"{change.path}.password", was, then, secret=True, rotated=change.rotated)


def _leaving(desired: Desired, account: Live) -> Iterator[Pool]:
    """All the numbers of each location that goes, as one pool of which none is wanted."""
    for address, resource in desired.resources.items():
        going = isinstance(BY_NAME[address.kind].serving, Orders) and not resource.wanted
        told = tuple(f"+1{n}" for n in sorted(account.numbers.get(address.names, ())) if going)
        if told:
            yield Pool(address, 0, len(told), 0, 0, numbers=told)


def _pool(address: Address, count: int, facts: Facts, ordered: int) -> Pool:
    return Pool(
        address,
        count,
        facts.present,
        facts.pending,
        ordered,
        tuple(sorted(order.id for order in facts.orders if order.pending)),
        facts.doubt,
        facts.duplicates,
        tuple(f"+1{number}" for number in candidates(facts)),
        len(facts.leaving),
    )
