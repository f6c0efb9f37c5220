"""A plan to the plan that may be carried out: caps and hazards become refusals. Pure.

Every refusal names the thing, why, and the setting or words that would pass.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from reconciler.desired import Desired
from reconciler.model import Address, Finding, Severity
from reconciler.plan import Plan


def guarded(plan: Plan, desired: Desired, allowed_hazards: Collection[Address]) -> Plan:
    """The plan with its refusals settled: hazards that were allowed are warnings now."""
    refusals: list[Finding] = []
    warnings = list(plan.warnings)
    for finding in plan.refusals:
        if finding.severity is Severity.REFUSAL:
            refusals.append(finding)
        elif finding.address in allowed_hazards:
            warnings.append(replace(finding, severity=Severity.WARNING, hint=""))
        else:
            refusals.append(replace(finding, hint=f"--allow-hazard '{finding.address}' lets it happen"))
    return replace(plan, refusals=(*refusals, *_caps(plan, desired)), warnings=tuple(warnings))


def _caps(plan: Plan, desired: Desired) -> Iterator[Finding]:
    most, asked = desired.policy.max_numbers_ordered, plan.numbers_ordered
    if asked > most:
        first = next(step for step in plan.steps if step.quantity)
        yield Finding(
            Severity.REFUSAL, first.address,
            f"the plan orders {asked} numbers, and policy.max_numbers_ordered is {most}",
            f"policy: {{max_numbers_ordered: {asked}}} would let it pass", desired.policy_position,
        )  # fmt: skip
