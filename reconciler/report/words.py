"""A plan's parts to the words that text and markdown share, one line each.

Names and values come from the account, where anyone may have typed them: what is not printable (control,
bidirectional and line-breaking characters) is escaped here, so that no name can fake a line or steer a
terminal.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.execute import Outcome, State
from reconciler.model import Action, FieldChange, Finding, Severity, Value
from reconciler.plan import Plan, Pool, Step
from reconciler.report.nested import inside

MOST_NAMED = 5
"""Addresses that one line names."""
NO_CHANGES = "No changes. The account matches the manifest."


@dataclass(frozen=True, slots=True)
class Verb:
    """How an action is said: its sign, ahead of time, afterwards, and its colour on a terminal."""

    sign: str
    ahead: str
    done: str
    color: str


VERBS: Mapping[Action, Verb] = {
    Action.CREATE: Verb("+", "to create", "created", "green"),
    Action.UPDATE: Verb("~", "to change", "changed", "yellow"),
    Action.DELETE: Verb("-", "to remove", "removed", "red"),
    Action.ORDER: Verb("$", "to order", "ordered", "cyan"),
    Action.RELEASE: Verb("!", "to release", "released", "red"),
}


def safe(text: str) -> str:
    """The text with every character that is not printable, line breaks included, as its escape."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def prose(text: str) -> str:
    """A message as one line: its line breaks are spaces, what else is not printable is escaped."""
    return safe(" ".join(text.splitlines()))


def cut(text: str, longest: int) -> str:
    """The text, or its beginning and an ellipsis, `longest` characters in all."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def said(value: Value) -> str:
    """A plain value as JSON spells it, on one line; nothing there is `(not set)`."""
    return "(not set)" if value is None else safe(json.dumps(value, ensure_ascii=False))


def counted(number: int, noun: str) -> str:
    """`1 number`, `1,843 numbers`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def headline(plan: Plan) -> str:
    """What the plan would do, counted: `Plan: 3 to create, 6 numbers to order`."""
    if not plan.steps:
        return "Plan: nothing that could be done" if plan.refusals else NO_CHANGES
    counts = [
        f"{plan.count(action):,} {verb.ahead}"
        for action, verb in VERBS.items()
        if plan.count(action) and action not in {Action.ORDER, Action.RELEASE}
    ]
    if plan.numbers_ordered:
        counts.append(f"{counted(plan.numbers_ordered, 'number')} to order")
    if plan.numbers_released:
        counts.append(f"{counted(plan.numbers_released, 'number')} to give up for ever")
    return "Plan: " + ", ".join(counts)


def refused(plan: Plan) -> str:
    """That the plan may not be applied, and how many reasons there are."""
    return f"Refused: apply will not start, for {counted(len(plan.refusals), 'reason')}."


def step_heading(step: Step) -> str:
    """`+ create application.support-sms`, with the count of numbers where some are ordered."""
    numbers = step.quantity or len(step.released)
    quantity = f": {counted(numbers, 'number')}" if numbers else ""
    return f"{VERBS[step.action].sign} {step.action} {safe(str(step.address))}{quantity}"


def step_lines(step: Step, pool: Pool | None) -> Iterator[str]:
    """What a step does to its object: a line per field that moves, or per number that goes, and its pool."""
    yield from step.released
    if pool is not None:
        if "back_order" in step.observed:
            yield f"closes back-order {said(step.observed['back_order'])}, which may deliver too many"
        yield pool_words(pool, step.released)
    elif not step.released:
        yield from _fields(step)


def _fields(step: Step) -> Iterator[str]:
    """What is made, what changes, or what was there; an id tells which of several is to be deleted."""
    if step.action is Action.DELETE and "id" in step.observed:
        yield f"id: {said(step.observed['id'])}"
    for change in step.changes:
        for part in inside(change):
            yield f"{safe(part.path)}: {_move(part, step.action)}"


def _move(change: FieldChange, action: Action) -> str:
    if change.secret:
        what = "rotated since it was last sent; will be sent" if change.rotated else "will be sent"
        return "(secret, will be cleared)" if change.after is None else f"(secret, {what})"
    before, after = said(change.before), said(change.after)
    return {Action.CREATE: after, Action.DELETE: before}.get(action, f"{before} -> {after}")


def pool_words(pool: Pool, released: Collection[str] = ()) -> str:
    """How many of a pool's numbers are wanted, there, coming, to be ordered, going, or too many."""
    parts = [f"{pool.count:,} wanted", f"{pool.present:,} there"]
    if pool.leaving:
        parts.append(f"{pool.leaving:,} of them leaving")
    if pool.pending:
        parts.append(f"{pool.pending:,} coming with open orders")
    if pool.ordered:
        parts.append(f"{pool.ordered:,} to order")
    if released:
        parts.append(f"{len(released):,} to give up for ever")
    if pool.surplus > len(released):
        left = pool.surplus - len(released)
        kept = [number for number in pool.numbers if number not in released]
        more = " more" if released else ""
        parts.append(f"{left:,}{more} too many (kept; {_proposed(kept[:left])})")
    return ", ".join(parts)


def _proposed(numbers: Sequence[str]) -> str:
    """How to give up what is too many, with the first of the numbers proposed."""
    if not numbers:
        return "the location does not list them yet"
    more = f" … {len(numbers) - MOST_NAMED:,} more" if len(numbers) > MOST_NAMED else ""
    words = " ".join(f"--release {number}" for number in numbers[:MOST_NAMED])
    return f"to give them up for ever: {words}{more}"


def noteworthy(plan: Plan) -> tuple[Pool, ...]:
    """The pools that no step is about and that are still not simply full."""
    told = {step.address for step in plan.steps}
    return tuple(p for p in plan.pools if p.address not in told and (p.pending or p.surplus or p.leaving))


def apart(findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """The hazards, which a reader has to see first, and the rest."""
    found = list(findings)
    hazards = [finding for finding in found if finding.severity is Severity.HAZARD]
    return hazards, [finding for finding in found if finding.severity is not Severity.HAZARD]


def grouped(findings: Iterable[Finding]) -> Sequence[Sequence[Finding]]:
    """The findings, those together that say the same of several things and of no place in the manifest."""
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        alike = finding if finding.position else (finding.message, finding.hint)
        groups.setdefault(alike, []).append(finding)
    return list(groups.values())


def finding_words(*alike: Finding) -> str:
    """Where the manifest causes it, whom it is about (the first few of many), and what it is."""
    where = f"{alike[0].position}: " if alike[0].position else ""
    named = [str(finding.address) for finding in alike[:MOST_NAMED]]
    more = [f"{len(alike) - MOST_NAMED:,} more"] if len(alike) > MOST_NAMED else []
    return prose(f"{where}{', '.join(named + more)}: {alike[0].message}")


def converged(outcome: Outcome, residue: Plan | None) -> bool:
    """Whether every step was done, and a second plan has nothing left to do, to refuse or to look at."""
    done = not outcome.interrupted and not any(
        map(outcome.count, (State.FAILED, State.SKIPPED, State.UNDETERMINED))
    )
    if not done or residue is None or residue.steps or residue.refusals:
        return False
    return not any(pool.unclear for pool in residue.pools)
