"""A plan and an outcome to what a run writes down of itself; and what was read back to how a run ended.

No I/O, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from reconciler.execute import Outcome, Result, State
from reconciler.model import Action
from reconciler.plan import Plan, Step

NUMBERS = "numbers"
UNKNOWN = "unknown"  # the state of a step that began and whose end is not there to read


@dataclass(frozen=True, slots=True)
class Began:
    """Who began what, where, and what was planned. Words and counts, never a field's value.

    `planned` counts steps by action, and `numbers` to be bought; `sha256` is the manifest's.
    """

    at: datetime
    command: str
    tool: str = ""
    owner: str = ""
    host: str = ""
    account: str = ""
    files: tuple[str, ...] = ()
    sha256: str = ""
    planned: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended, with its beginning, so that one object tells of the run.

    `states` counts steps by how they ended, `done` those that were done by action.
    """

    began: Began
    at: datetime
    exit: int
    converged: bool = False
    interrupted: bool = False
    states: Mapping[str, int] = field(default_factory=dict)
    done: Mapping[str, int] = field(default_factory=dict)
    numbers: int = 0


@dataclass(frozen=True, slots=True)
class PastStep:
    """One step as it was written down. `at` is when that was; `id` is that of the thing that was made.

    Of one that cannot be read nothing is known but that it was the `step`-th to begin.
    """

    step: str
    address: str = ""
    action: str = ""
    at: datetime | None = None
    state: str = UNKNOWN
    message: str = ""
    hint: str = ""
    id: str = ""
    wrote: bool = False
    numbers: int = 0


@dataclass(frozen=True, slots=True)
class Rest:
    """The steps whose end was not written down when the run ended, the skipped ones among them."""

    steps: tuple[PastStep, ...]


class End(StrEnum):
    """What is known of how a run ended."""

    CONVERGED = "converged"
    ENDED = "ended"
    RUNNING = "running"
    LOST = "did not end"


@dataclass(frozen=True, slots=True)
class PastRun:
    """One run as the ledger has it: `began` is None where that cannot be read.

    `steps` are those that began, in that order, then those that were skipped; None where they were not
    read. `holds_lock` tells whether the ledger's lock is this run's.
    """

    id: str
    began: Began | None = None
    ended: Ended | None = None
    holds_lock: bool = False
    steps: tuple[PastStep, ...] | None = None

    @property
    def end(self) -> End:
        """How it ended. One that did not and holds no lock was killed, or could not write to the ledger."""
        if self.ended:
            return End.CONVERGED if self.ended.converged and not self.ended.exit else End.ENDED
        return End.RUNNING if self.holds_lock else End.LOST

    @property
    def open_steps(self) -> tuple[PastStep, ...]:
        """The steps that began and whose end is not known."""
        return tuple(step for step in self.steps or () if step.state == UNKNOWN)


def planned(plan: Plan) -> Mapping[str, int]:
    """What a plan would do, counted."""
    counts = {str(action): plan.count(action) for action in Action} | {NUMBERS: plan.numbers_ordered}
    return {what: count for what, count in counts.items() if count}


def ended_run(began: Began, outcome: Outcome, *, at: datetime, exit_code: int, converged: bool) -> Ended:
    """How a run ended."""
    done = [result.action for result in outcome.results if result.state is State.DONE]
    return Ended(
        began,
        at,
        exit_code,
        converged,
        outcome.interrupted,
        states={str(state): outcome.count(state) for state in State if outcome.count(state)},
        done={str(action): done.count(action) for action in Action if action in done},
        numbers=outcome.numbers,
    )


def begun_step(step: Step, at: datetime) -> PastStep:
    """A step whose calls are about to be made."""
    return PastStep(step.id, str(step.address), str(step.action), at)


def ended_step(result: Result, at: datetime) -> PastStep:
    """A step's end."""
    return PastStep(
        result.step,
        str(result.address),
        str(result.action),
        at,
        str(result.state),
        result.message,
        result.hint,
        result.id,
        result.wrote,
        result.numbers,
    )
