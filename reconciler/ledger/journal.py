"""A run's events to objects, one for each, and the objects of past runs to what became of them.

`runs/ID/began` and `runs/ID/ended` tell of a run, the second repeating the first, so that a list of
runs reads one object for each. `steps/ID/00007-began` and `-ended` tell of its steps, `steps/ID/rest` of
those whose end is nowhere else. An object that is missing or torn is an event that nobody heard of.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar

import cattrs
from cattrs.preconf.json import make_converter

from reconciler.execute import Ids, Outcome, Perform, Result, State
from reconciler.ledger.store import LedgerFailed, Store
from reconciler.plan import Step
from reconciler.runs import Began, Ended, PastRun, PastStep, Rest, begun_step, ended_run, ended_step

T = TypeVar("T")
Clock = Callable[[], datetime]
READERS = 8  # objects that are read at a time
BEGAN, ENDED, REST = "began", "ended", "rest"
NOT_BEGUN = "not begun: what the run does could no longer be written down"

_converter = make_converter()


@_converter.register_structure_hook
def _moment(text: Any, _: type[datetime]) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def new_run_id(moment: datetime) -> str:
    """An id that sorts by time, as 20261122T112205Z-1f3a5c: half of its end is the millisecond."""
    at = moment.astimezone(UTC)
    return f"{at:%Y%m%dT%H%M%SZ}-{at.microsecond // 1000:03x}{secrets.randbelow(0x1000):03x}"


class Journal:
    """What one run writes down; safe to use from many threads.

    `trouble` is the first failure to write, until a step's result has told of it: what is left of it at
    the end is the caller's to tell.
    """

    def __init__(self, store: Store, run: str, began: Began, clock: Clock = now) -> None:
        self._store, self._run, self._began, self._clock = store, run, began, clock
        self._numbers = count(1)
        self._noted: set[str] = set()
        self._failed = False
        self._lock = threading.Lock()
        self.trouble: LedgerFailed | None = None

    @classmethod
    def begin(cls, store: Store, run: str, began: Began, clock: Clock = now) -> Journal:
        """Write down that the run begins. Raises `LedgerFailed`."""
        store.put(f"runs/{run}/{BEGAN}", _converter.unstructure(began))
        return cls(store, run, began, clock)

    def performing(self, perform: Perform) -> Perform:
        """`perform`, with each step's beginning written down before its first call, and its end after.

        Once something cannot be written no step begins: the first to find out fails with the reason, the
        others are skipped. A step that was done is done, whether or not its end could be written.
        """

        def noted(step: Step, ids: Ids) -> Result:
            with self._lock:
                number = next(self._numbers)
            if self._failed or not self._write(self._key(number, BEGAN), begun_step(step, self._clock())):
                return self._not_begun(step)
            result = perform(step, ids)
            if self._write(self._key(number, ENDED), ended_step(result, self._clock())):
                self._noted.add(step.id)
            return result

        return noted

    def end(self, outcome: Outcome, *, exit_code: int, converged: bool) -> None:
        """Write down how the run ended, and every step whose end is not written yet."""
        moment = self._clock()
        rest = [ended_step(result, moment) for result in outcome.results if result.step not in self._noted]
        if rest:
            self._write(f"steps/{self._run}/{REST}", Rest(tuple(rest)))
        end = ended_run(self._began, outcome, at=moment, exit_code=exit_code, converged=converged)
        self._write(f"runs/{self._run}/{ENDED}", end)

    def _key(self, number: int, event: str) -> str:
        return f"steps/{self._run}/{number:05d}-{event}"

    def _write(self, key: str, event: object) -> bool:
        try:
            self._store.put(key, _converter.unstructure(event))
        except LedgerFailed as failed:
            with self._lock:
                if not self._failed:
                    self._failed, self.trouble = True, failed
            return False
        return True

    def _not_begun(self, step: Step) -> Result:
        with self._lock:
            failed, self.trouble = self.trouble, None
        if failed:
            return Result.of(step, State.FAILED, failed.message, failed.hint)
        return Result.of(step, State.SKIPPED, NOT_BEGUN)


def run_ids(store: Store) -> tuple[str, ...]:
    """The ids of all runs, newest first."""
    return tuple(sorted({key.split("/")[1] for key in store.keys("runs/")}, reverse=True))


def past_runs(store: Store, ids: Iterable[str], holder: str = "") -> tuple[PastRun, ...]:
    """The runs of these ids, without their steps; `holder` is the run that holds the lock."""

    def read(run: str) -> PastRun:
        end = _read(store, f"runs/{run}/{ENDED}", Ended)
        began = end.began if end else _read(store, f"runs/{run}/{BEGAN}", Began)
        return PastRun(run, began, end, holds_lock=run == holder)

    with ThreadPoolExecutor(READERS) as readers:
        return tuple(readers.map(read, ids))


def past_steps(store: Store, run: str) -> tuple[PastStep, ...]:
    """The steps of a run in the order in which they began, then those that never did."""
    prefix = f"steps/{run}/"
    events = [key.removeprefix(prefix) for key in store.keys(prefix)]
    numbers = dict.fromkeys(event.partition("-")[0] for event in events if event != REST)

    def read(number: str) -> PastStep:
        """Its end, else its beginning, else that there was one."""
        notes = (_read(store, f"{prefix}{number}-{event}", PastStep) for event in (ENDED, BEGAN))
        return next(filter(None, notes), PastStep(number))

    with ThreadPoolExecutor(READERS) as readers:
        steps = {step.step: step for step in readers.map(read, numbers)}
    rest = _read(store, prefix + REST, Rest) if REST in events else None
    return tuple((steps | {step.step: step for step in (rest.steps if rest else ())}).values())


def _read(store: Store, key: str, kind: type[T]) -> T | None:
    facts = store.get(key)
    if facts is None:
        return None
    try:
        return _converter.structure(facts, kind)
    except cattrs.BaseValidationError:
        return None
