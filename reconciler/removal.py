"""What is to leave the account: what `policy.prune` hands over, and what keeps a thing from going. Pure.

The blockers are those of the error catalogue; what the plan itself takes out of the way first is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from reconciler.desired import Desired, teardown
from reconciler.kinds import BY_NAME
from reconciler.model import (
    Action,
    Address,
    Change,
    Finding,
    LiveResource,
    Ref,
    Resource,
    Severity,
    User,
    World,
    few,
)

MOST_NAMED = 3
PRUNED = "policy.prune would delete {name} ({id}), but its name does not say which one it is"


class Surroundings(World, Protocol):
    """What is known about things that may have to go."""

    def users(self, application: Address) -> Sequence[User]:
        """The locations that an application's own list shows, where it was read."""

    def staying_numbers(self, location: tuple[str, ...]) -> Sequence[str]:
        """The numbers at a location that are not given up, ten digits each, where they were read."""

    def backorders(self, location: tuple[str, ...]) -> Sequence[str]:
        """The ids of the orders that still wait for numbers for a location that is to go."""

    def location_of(self, user: User) -> Address | None:
        """The location that uses an application, if it was read."""


def pruned(
    desired: Desired, kind: str, members: Iterable[LiveResource]
) -> tuple[list[Resource], list[Finding]]:
    """The live members of a kind that the manifest hands over and does not name, with all that is in them."""
    gone: list[Resource] = []
    findings: list[Finding] = []
    where = desired.policy.positions.get("prune")
    for member in sorted(members, key=lambda member: (member.address, member.id)):
        if kind not in desired.policy.prune or desired.wanted(member.address):
            continue
        if member.address.criterion:
            message = PRUNED.format(name=member.fields["name"], id=member.id)
            hint = "rename it or its twin, or name it in the manifest with its id and state: absent"
            findings.append(Finding(Severity.REFUSAL, member.address, message, hint, where))
            continue
        identity = {name: member.fields.get(name) for name in BY_NAME[kind].identity}
        resource = Resource(member.address, identity, {"": where} if where else {}, wanted=False)
        gone += [resource, *teardown(resource)]
    return gone, findings


def blocked(changes: Sequence[Change], world: Surroundings) -> Iterator[Finding]:
    """Why the API would not delete what the plan means to delete."""
    for change in changes:
        if change.action is Action.DELETE and BY_NAME[change.address.kind].is_object:
            for message, hint in _BLOCKERS[change.address.kind](change, changes, world):
                yield Finding(Severity.REFUSAL, change.address, message, hint, change.wanted.where())


def _application(change: Change, changes: Sequence[Change], world: Surroundings) -> Iterator[tuple[str, str]]:
    ref = Ref(change.address)
    freed = {
        each.address.names for each in changes for moved in each.changes
        if moved.before == ref and moved.after != ref
    }  # fmt: skip
    using = [u for u in world.users(change.address) if _names(u, world) not in freed]
    if using:
        yield (
            f"it is the application of {few(sorted(u.name for u in using))} (12107)",
            "give those locations another application, or null, in the manifest",
        )


def _names(user: User, world: Surroundings) -> tuple[str, ...]:
    address = world.location_of(user)
    return address.names if address else ()


def _sub_account(change: Change, changes: Sequence[Change], world: Surroundings) -> Iterator[tuple[str, str]]:
    del changes
    left = [m for m in world.live_members("location", change.address.names) if not _leaves(m, world)]
    if left:
        yield (
            f"it has locations, and they stay: {few([str(member.address) for member in left])} (12031)",
            "write state: absent on them, or policy: {prune: [locations]}",
        )


def _location(change: Change, changes: Sequence[Change], world: Surroundings) -> Iterator[tuple[str, str]]:
    del changes
    numbers = world.staying_numbers(change.address.names)
    if numbers:
        words = " ".join(f"--release +1{number}" for number in numbers[:MOST_NAMED])
        more = " …" if len(numbers) > MOST_NAMED else ""
        shown = "1 number is" if len(numbers) == 1 else f"{len(numbers):,} numbers are"
        yield (
            f"{shown} at it (13555): {few([f'+1{n}' for n in numbers])}",
            f"move them in the dashboard, or give them up for ever: {words}{more}",
        )
    waiting = world.backorders(change.address.names)
    if waiting:
        yield (
            f"back-orders wait for numbers for it: {few(waiting)} (13681)",
            "lower the counts of its pools to what is there and apply, or close them in the dashboard",
        )


_BLOCKERS = {"application": _application, "sub_account": _sub_account, "location": _location}


def _leaves(member: LiveResource, world: World) -> bool:
    wanted = world.wanted(member.address)
    return wanted is not None and not wanted.wanted
