"""A plan to an outcome: many steps at once, each after what it needs. Knows no kind by name.

The main thread owns the graph and the ids; a worker does one step's calls and returns a value. What
stands on a failed step is skipped, with the cause named once; the rest goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from enum import StrEnum
from graphlib import TopologicalSorter
from threading import Event
from typing import Self

from reconciler.model import Action, Address
from reconciler.plan import Plan, Step

GLANCE = 0.5  # seconds between two looks of the main thread at what it is told meanwhile


class State(StrEnum):
    """What became of a step."""

    DONE = "done"
    PENDING = "pending"  # an order that is back-ordered, or left open on request
    FAILED = "failed"
    UNDETERMINED = "undetermined"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Result:
    """One step's end. `wrote` tells whether the account may have changed; `id` is a created thing's.

    `numbers` is how many were delivered or, where the step gives numbers up, how many of them are gone.
    """

    step: str
    address: Address
    action: Action
    state: State
    message: str = ""
    hint: str = ""
    id: str = ""
    wrote: bool = False
    numbers: int = 0

    @classmethod
    def of(
        cls,
        step: Step,
        state: State,
        message: str = "",
        hint: str = "",
        wrote: bool = False,
        *,
        created: str = "",
        numbers: int = 0,
    ) -> Self:
        """How the step ended; `created` is the id of what it made."""
        return cls(step.id, step.address, step.action, state, message, hint, created, wrote, numbers)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How every step of a plan ended, in the plan's order."""

    results: tuple[Result, ...] = ()
    interrupted: bool = False

    @property
    def wrote(self) -> bool:
        """Whether the account may have changed."""
        return any(result.wrote for result in self.results)

    @property
    def numbers(self) -> int:
        """How many numbers were delivered."""
        return sum(result.numbers for result in self.results if result.action is not Action.RELEASE)

    @property
    def released(self) -> int:
        """How many numbers were given up."""
        return sum(result.numbers for result in self.results if result.action is Action.RELEASE)

    def count(self, state: State) -> int:
        """How many steps ended so."""
        return sum(result.state is state for result in self.results)


Ids = Mapping[Address, str]
Perform = Callable[[Step, Ids], Result]
Watch = Callable[[Step, Result | None], None]


def execute(
    plan: Plan, ids: Ids, perform: Perform, watch: Watch, *, stop: Event | None = None, parallelism: int = 8
) -> Outcome:
    """Carry out the plan. `ids` are those known before; `watch` hears of each step's start and end.

    Once `stop` is set the calls in flight finish; what has not begun is skipped.
    """
    run = _Run(plan, dict(ids), perform, watch, stop or Event())
    with ThreadPoolExecutor(parallelism) as threads:
        run.steps(threads)
    return run.outcome()


@dataclass
class _Run:
    plan: Plan
    ids: dict[Address, str]
    perform: Perform
    watch: Watch
    stop: Event
    results: dict[str, Result] = field(default_factory=dict)
    flying: dict[Future[Result | None], Step] = field(default_factory=dict)

    def steps(self, threads: ThreadPoolExecutor) -> None:
        by_id = {step.id: step for step in self.plan.steps}
        graph = TopologicalSorter({step.id: _waits_for(step, by_id) for step in self.plan.steps})
        graph.prepare()
        while graph.is_active():
            if self.stop.is_set():
                break
            for step_id in graph.get_ready():
                step = by_id[step_id]
                failed = self._failed_need(step)
                if failed:
                    self._end(step, _skipped(step, failed))
                    graph.done(step_id)
                else:
                    self.watch(step, None)
                    self.flying[threads.submit(self._begin, step, dict(self.ids))] = step
            for step in self._landed():
                graph.done(step.id)
        while self.flying:
            self._landed()

    def _begin(self, step: Step, ids: Ids) -> Result | None:
        """Do it, on a worker; None where the run was stopped while it was only queued."""
        return None if self.stop.is_set() else self.perform(step, ids)

    def _landed(self) -> list[Step]:
        """Wait for the next calls to end, and take in what they say."""
        done: set[Future[Result | None]] = set()
        while self.flying and not done:  # a signal that comes just as a wait begins is heard when it ends
            done = wait(self.flying, GLANCE, FIRST_COMPLETED).done
        ended = []
        for future in [each for each in self.flying if each in done]:
            step = self.flying.pop(future)
            error = future.exception()
            result = _broken(step, error) if error else future.result()
            if result:
                self._end(step, result)
            ended.append(step)
        return ended

    def _end(self, step: Step, result: Result) -> None:
        self.results[step.id] = result
        if result.id:
            self.ids[step.address] = result.id
        self.watch(step, result)

    def _failed_need(self, step: Step) -> Result | None:
        ends = (self.results[need] for need in step.needs)
        return next((r for r in ends if r.state not in {State.DONE, State.PENDING}), None)

    def outcome(self) -> Outcome:
        never = "the run was interrupted before it began"
        results = tuple(
            self.results.get(step.id, replace(_skipped(step, None), message=never))
            for step in self.plan.steps
        )
        return Outcome(results, self.stop.is_set())


def _waits_for(step: Step, there: Collection[str]) -> list[str]:
    """What it needs, and what it lets go first where this is there: the plan may be a part of one."""
    return [*step.needs, *(each for each in step.follows if each in there)]


def _broken(step: Step, error: BaseException) -> Result:
    """A fault of the program's own must not cost the report of what was done."""
    message = f"unexpected {type(error).__name__}: {error}"
    hint = "this is a fault of reconciler; please report it"
    return Result.of(step, State.FAILED, message, hint, wrote=True)


def _skipped(step: Step, cause: Result | None) -> Result:
    message = f"needs {cause.step}, which was {cause.state}" if cause else ""
    return Result.of(step, State.SKIPPED, message)
