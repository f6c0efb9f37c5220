"""Past runs to text for a person, and to the contract's JSON document; a ledger's words are anybody's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from reconciler.execute import State
from reconciler.model import Action
from reconciler.report.as_json import moment
from reconciler.report.words import VERBS, counted, cut, prose, safe
from reconciler.runs import NUMBERS, UNKNOWN, Began, End, Ended, PastRun, PastStep

HISTORY = "reconciler.history/1"
NO_RUNS = "No runs.\n"
COLORS = {End.CONVERGED: "green", End.ENDED: "red", End.RUNNING: "yellow", End.LOST: "red"}
LONGEST = 40  # characters of a name in a table
_GONE = "(cannot be read)"
_UNREAD = Began(datetime.min.replace(tzinfo=UTC), "")
_NO_END = Ended(_UNREAD, _UNREAD.at, 0)


def history_text(runs: Sequence[PastRun], earlier: int, *, color: bool) -> str:
    """A line for each run; `earlier` is how many more there are."""
    if not runs:
        return NO_RUNS
    rows = [(run, _row(run)) for run in runs]
    widths = [max(len(cells[column]) for _, cells in rows) for column in range(4)]
    lines = [
        "  ".join([*map(str.ljust, cells, widths), _styled(_end_words(run), run, color)])
        for run, cells in rows
    ]
    more = [f"{counted(earlier, 'earlier run')} not shown; -n shows more"] if earlier else []
    return "\n".join([*lines, *more]) + "\n"


def run_text(run: PastRun, *, color: bool) -> str:
    """One run: who and what, then the steps whose end is not known, then those whose end is."""
    parts = (_heading(run, color), _open_steps(run, color), _steps(run))
    return "\n\n".join(block for block in map("\n".join, parts) if block) + "\n"


def history_json(account: str, runs: Sequence[PastRun]) -> dict[str, Any]:
    """Runs as a document, newest first; `steps` is null where they were not read."""
    return {"format": HISTORY, "account": account, "runs": [_run_json(run) for run in runs]}


def _row(run: PastRun) -> tuple[str, str, str, str]:
    began = run.began
    if began is None:
        return safe(run.id), _GONE, _GONE, _GONE
    return safe(run.id), moment(began.at), cut(_who(began), LONGEST), cut(safe(began.command), LONGEST)


def _who(began: Began) -> str:
    return safe(f"{began.owner or '?'}@{began.host or '?'}")


def _styled(text: str, run: PastRun, color: bool) -> str:
    return click.style(text, fg=COLORS[run.end], bold=True) if color else text


def _end_words(run: PastRun) -> str:
    """`converged: 3 created, 6 numbers delivered`, `exit 4, 2 failed, interrupted: 1 created`."""
    if run.ended is None:
        return str(run.end)
    if run.end is End.CONVERGED:
        words = ["converged"]
    else:
        states = run.ended.states
        words = [f"exit {run.ended.exit}"]
        words += [f"{states[s]:,} {s}" for s in State if s is not State.DONE and states.get(s)]
        words += ["interrupted"] if run.ended.interrupted else []
    numbers = [f"{counted(run.ended.numbers, 'number')} delivered"] if run.ended.numbers else []
    done = ", ".join([*_by_action(run.ended.done, "done"), *numbers])
    return ", ".join(words) + (f": {done}" if done else "")


def _by_action(counts: Mapping[str, int], tense: str) -> Iterator[str]:
    for action, verb in VERBS.items():
        if action is not Action.ORDER and counts.get(action):
            yield f"{counts[action]:,} {getattr(verb, tense)}"


def _heading(run: PastRun, color: bool) -> Iterator[str]:
    yield _styled(f"Run {safe(run.id)}: {_end_words(run)}", run, color)
    if run.began is None:
        yield f"Its beginning {_GONE}"
        return
    began = run.began
    tool = f", reconciler {safe(began.tool)}" if began.tool else ""
    yield f"Began {moment(began.at)} by {_who(began)}: {prose(began.command)}{tool}"
    if run.ended:
        yield f"Ended {moment(run.ended.at)}"
    yield f"Account {safe(began.account)}, manifest {safe(', '.join(began.files))}"
    numbers = began.planned.get(NUMBERS, 0)
    ordered = [f"{counted(numbers, 'number')} to order"] if numbers else []
    yield "Planned: " + (", ".join([*_by_action(began.planned, "ahead"), *ordered]) or "nothing")


def _open_steps(run: PastRun, color: bool) -> Iterator[str]:
    steps = run.open_steps
    if not steps:
        return
    if run.end is End.RUNNING:
        yield f"Under way: {counted(len(steps), 'step')}"
    else:
        many = f"{counted(len(steps), 'step')} began, and no end was written down"
        yield _styled(f"Check by hand: {many}. Each was carried out, or was not:", run, color)
    for step in steps:
        since = f", begun {moment(step.at)}" if step.at else ""
        yield f"  {_what(step)}{since}"


def _what(step: PastStep) -> str:
    return safe(f"{step.action} {step.address}") if step.address else f"step {safe(step.step)}, which {_GONE}"


def _steps(run: PastRun) -> Iterator[str]:
    for step in run.steps or ():
        if step.state == UNKNOWN:
            continue
        made = f" (id {safe(step.id)})" if step.id else ""
        numbers = f": {counted(step.numbers, 'number')} delivered" if step.numbers else ""
        message = f": {prose(step.message)}" if step.message else ""
        yield f"  {safe(step.state)}: {_what(step)}{made}{numbers}{message}"
        if step.hint:
            yield f"      hint: {prose(step.hint)}"


def _run_json(run: PastRun) -> dict[str, Any]:
    began, ended = run.began or _UNREAD, run.ended or _NO_END
    return {
        "id": run.id,
        "end": str(run.end),
        "began_at": moment(began.at) if run.began else None,
        "ended_at": moment(ended.at) if run.ended else None,
        "exit": ended.exit if run.ended else None,
        "interrupted": ended.interrupted,
        "command": began.command,
        "tool": began.tool,
        "owner": began.owner,
        "host": began.host,
        "manifest": {"files": list(began.files), "sha256": began.sha256} if run.began else None,
        "planned": dict(began.planned),
        "states": dict(ended.states),
        "done": dict(ended.done),
        "numbers": ended.numbers,
        "steps": None if run.steps is None else [_step_json(step) for step in run.steps],
    }


def _step_json(step: PastStep) -> dict[str, Any]:
    return {
        "id": step.step,
        "address": step.address,
        "action": step.action,
        "state": step.state,
        "at": moment(step.at) if step.at else None,
        "message": step.message,
        "hint": step.hint,
        "id_created": step.id or None,
        "numbers": step.numbers,
    }
