"""A plan to the plan that may be carried out: caps and hazards become refusals. Pure.

Every refusal names the thing, why, and the setting or words that would pass.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from reconciler.desired import Desired
from reconciler.kinds import BY_NAME
from reconciler.model import Action, Address, Finding, Severity
from reconciler.paths import lineage
from reconciler.plan import Plan, Step


def guarded(plan: Plan, desired: Desired, allowed_hazards: Collection[Address]) -> Plan:
    """The plan with its refusals settled: hazards that were allowed are warnings now."""
    refusals: list[Finding] = []
    warnings = list(plan.warnings)
    for finding in plan.refusals:
        if finding.severity is Severity.REFUSAL:
            refusals.append(finding)
        elif finding.address in allowed_hazards:
            warnings.append(replace(finding, hint=""))
        else:
            refusals.append(replace(finding, hint=f"--allow-hazard '{finding.address}' lets it happen"))
    guards = (*_caps(plan, desired), *_protections(plan, desired))
    return replace(
        plan, refusals=(*refusals, *guards), warnings=(*warnings, *_protecting_nothing(plan, desired))
    )


@dataclass(frozen=True)
class _Cap:
    """A setting of `policy`, how much of it each step takes, and in words what it does with that."""

    setting: str
    of: Callable[[Step], int]
    words: str


def _deletes_object(step: Step) -> int:
    return int(step.action is Action.DELETE and BY_NAME[step.address.kind].is_object)


CAPS = (
    _Cap("max_numbers_ordered", lambda step: step.quantity, "orders {} number{}"),
    _Cap("max_numbers_released", lambda step: len(step.released), "gives up {} number{} for ever"),
    _Cap("max_deletions", _deletes_object, "deletes {} object{}"),
)


def _caps(plan: Plan, desired: Desired) -> Iterator[Finding]:
    for cap in CAPS:
        most, asked = getattr(desired.policy, cap.setting), sum(map(cap.of, plan.steps))
        if asked > most:
            first = next(step for step in plan.steps if cap.of(step))
            does = cap.words.format(asked, "" if asked == 1 else "s")
            passes = f"{cap.setting}: {asked}"
            where = f"{passes} in policy" if desired.policy.positions else f"policy: {{{passes}}}"
            yield Finding(
                Severity.REFUSAL, first.address,
                f"the plan {does}, and policy.{cap.setting} is {most}",
                f"{where} would let it pass",
                desired.policy.positions.get(cap.setting),
            )  # fmt: skip


def _protections(plan: Plan, desired: Desired) -> Iterator[Finding]:
    losses = (address for step in plan.steps for address in _taken_away(step, desired))
    for address in dict.fromkeys(losses):
        wanted = desired.wanted(address)
        if address in desired.policy.protect:
            yield Finding(
                Severity.REFUSAL, address, "policy.protect names it, and the plan would take it away",
                "take it out of policy.protect, or keep it in the manifest",
                desired.policy.positions.get("protect"),
            )  # fmt: skip
        elif wanted and wanted.lifecycle.prevent_destroy:
            yield Finding(
                Severity.REFUSAL, address, "prevent_destroy is true, and state: absent would delete it",
                "prevent_destroy: false would let it pass", wanted.where("prevent_destroy"),
            )  # fmt: skip


def _protecting_nothing(plan: Plan, desired: Desired) -> Iterator[Finding]:
    """The protected addresses at which nothing is, as far as was read: a slip in one protects nothing."""
    known = {*desired.resources, *(u.address for u in plan.unmanaged), *(s.address for s in plan.steps)}
    read = {(address.kind, address.names[:-1]) for address in known}
    for protected in sorted(desired.policy.protect):
        objects = [each for each in lineage(protected) if BY_NAME[each.kind].is_object]
        missing = any((each.kind, each.names[:-1]) in read and each not in known for each in objects)
        if missing or _no_pool(protected, desired):
            yield Finding(
                Severity.WARNING, protected,
                "policy.protect names it, and neither the manifest nor the account has it",
                "protect it by its address of now, or take it out of policy.protect",
                desired.policy.positions.get("protect"),
            )  # fmt: skip


def _no_pool(protected: Address, desired: Desired) -> bool:
    """Whether it is a pool that its location, which stays, does not have."""
    location = desired.wanted(lineage(protected)[1]) if protected.criterion else None
    return bool(location and location.wanted) and desired.wanted(protected) is None


def _taken_away(step: Step, desired: Desired) -> Iterator[Address]:
    """What a step takes away, or begins to: of what leaves, `--only` may have chosen a part."""
    if step.action not in {Action.DELETE, Action.RELEASE}:
        return
    yield step.address
    for above in lineage(step.address)[1:]:
        wanted = desired.wanted(above)
        if wanted and not wanted.wanted:
            yield above
    yield step.address.sibling(step.address.kind)  # all the pools of the location
    if step.released and not step.address.criterion:  # it goes, and with it whatever pools it had
        yield from sorted(a for a in desired.policy.protect if a.sibling(a.kind) == step.address)
