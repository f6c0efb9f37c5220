"""A plan or an outcome to text for a person: first in short, then step by step, what stops it last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import click

from reconciler.execute import Outcome, Result, State
from reconciler.model import Action, Finding
from reconciler.plan import Plan, Pool
from reconciler.report.words import (
    VERBS,
    apart,
    converged,
    counted,
    finding_words,
    grouped,
    headline,
    noteworthy,
    pool_words,
    prose,
    refused,
    safe,
    step_heading,
    step_lines,
)

STATE_COLORS = {State.FAILED: "red", State.UNDETERMINED: "red", State.PENDING: "yellow"}


@dataclass(frozen=True, slots=True)
class _Line:
    text: str = ""
    indent: int = 0
    color: str | None = None
    bold: bool = False

    def rendered(self, color: bool) -> str:
        line = " " * self.indent + self.text
        return click.style(line, fg=self.color, bold=self.bold) if color and self.styled else line

    @property
    def styled(self) -> bool:
        return bool(self.color or self.bold)


def plan_text(plan: Plan, *, color: bool, verbose: bool = False) -> str:
    """The plan as lines, long ones whole.

    What a hazard breaks comes first. Nothing is lost without colour; `verbose` lists the numbers of each
    pool, and the objects that the manifest does not name.
    """
    stopping, refusals = apart(plan.refusals)
    allowed, warnings = apart(plan.warnings)
    parts = (
        _summary(plan),
        _findings("hazard, refused", "red", zip(stopping)),
        _findings("hazard, allowed", "yellow", zip(allowed)),
        _steps(plan),
        _pools(noteworthy(plan)),
        _assigned(plan.pools) if verbose else (),
        _unmanaged(plan, verbose),
        _findings("warning", "yellow", grouped(warnings)),
        _findings("refused", "red", zip(refusals)),
    )
    return _rendered(parts, color)


def outcome_text(outcome: Outcome, plan: Plan, residue: Plan | None, reminder: str, *, color: bool) -> str:
    """How an apply ended. `residue` is the plan made afterwards; None when it could not be made."""
    parts = (
        _done(outcome, plan),
        _not_done(outcome),
        _left(outcome, residue),
        _pools(noteworthy(residue) if residue else ()),
        [_Line(f"Reminder: {prose(reminder)}")] if reminder else [],
    )
    return _rendered(parts, color)


def _rendered(parts: Iterable[Iterable[_Line]], color: bool) -> str:
    blocks = ("\n".join(line.rendered(color) for line in part) for part in parts)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _summary(plan: Plan) -> Iterator[_Line]:
    yield _Line(headline(plan), bold=True)
    if plan.refusals:
        yield _Line(refused(plan), color="red", bold=True)
    files = ", ".join(map(str, plan.source.files))
    yield _Line(f"Account {safe(plan.account)}, manifest {safe(files)}")


def _steps(plan: Plan) -> Iterator[_Line]:
    pools = {pool.address: pool for pool in plan.pools}
    for step in plan.steps:
        yield _Line(step_heading(step), 2, VERBS[step.action].color)
        for line in step_lines(step, pools.get(step.address)):
            yield _Line(line, 6)


def _pools(pools: Iterable[Pool]) -> Iterator[_Line]:
    for pool in pools:
        yield _Line(f"{safe(str(pool.address))}: {pool_words(pool)}", 2)


def _assigned(pools: Iterable[Pool]) -> Iterator[_Line]:
    """Which number counts for which pool, in the order in which they would be given up."""
    for pool in pools:
        yield _Line(f"Counted for {safe(str(pool.address))}: {counted(len(pool.numbers), 'number')}")
        for number in pool.numbers:
            yield _Line(number, 2)


def _unmanaged(plan: Plan, verbose: bool) -> Iterator[_Line]:
    if not plan.unmanaged:
        return
    how = "" if verbose else " (-v lists them)"
    count = counted(len(plan.unmanaged), "live object")
    yield _Line(f"Not in the manifest, left alone: {count}{how}")
    for each in plan.unmanaged if verbose else ():
        yield _Line(f"{safe(str(each.address))} ({safe(each.id)})", 2)


def _findings(label: str, color: str, findings: Iterable[Sequence[Finding]]) -> Iterator[_Line]:
    for alike in findings:
        yield _Line(f"{label}: {finding_words(*alike)}", color=color)
        yield from _hint(alike[0].hint, 2)


def _hint(hint: str, indent: int) -> Iterator[_Line]:
    if hint:
        yield _Line(f"hint: {prose(hint)}", indent)


def _done(outcome: Outcome, plan: Plan) -> Iterator[_Line]:
    done = [result.action for result in outcome.results if result.state is State.DONE]
    counts = [
        f"{done.count(action):,} {verb.done}"
        for action, verb in VERBS.items()
        if action in done and action not in {Action.ORDER, Action.RELEASE}
    ]
    for numbers, words in ((outcome.numbers, "delivered"), (outcome.released, "given up")):
        if numbers:
            counts.append(f"{counted(numbers, 'number')} {words}")
    others = [
        f"{outcome.count(state):,} {state}"
        for state in State
        if state is not State.DONE and outcome.count(state)
    ]
    words = "; ".join(filter(None, [", ".join(counts), ", ".join(others)])) or "nothing"
    yield _Line(f"Applied to account {safe(plan.account)}: {words}", bold=True)
    if outcome.interrupted:
        yield _Line("Interrupted: what had not begun was not begun.", color="red")


def _not_done(outcome: Outcome) -> Iterator[_Line]:
    for result in outcome.results:
        if result.state is not State.DONE:
            yield _Line(_result(result), 2, STATE_COLORS.get(result.state))
            yield from _hint(result.hint, 6)


def _result(result: Result) -> str:
    message = f": {prose(result.message)}" if result.message else ""
    return f"{result.state}: {result.action} {safe(str(result.address))}{message}"


def _left(outcome: Outcome, residue: Plan | None) -> Iterator[_Line]:
    if residue is None:
        yield _Line("Not verified: the account was not read again, so what is left is not known.",
                    color="red", bold=True)  # fmt: skip
    elif converged(outcome, residue):
        yield _Line("Converged: a second plan shows no changes.", color="green", bold=True)
    elif not residue.steps and not residue.refusals:
        yield _Line("Not all was done. A second plan shows nothing left to change.", color="red", bold=True)
        unclear = {pool.address for pool in residue.pools if pool.unclear}
        yield from _findings("warning", "yellow", zip(f for f in residue.warnings if f.address in unclear))
    else:
        yield _Line(f"Not converged. {headline(residue)}", color="red", bold=True)
        for step in residue.steps:
            yield _Line(step_heading(step), 2, VERBS[step.action].color)
        yield from _findings("refused", "red", zip(residue.refusals))
