"""Runs that write down what they do, and what can be read of them whatever happened to the objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from obstore.store import MemoryStore
from plans import CREATE, DELETE, EXAMPLE, FEW, ORDER, UPDATE

from reconciler.execute import Ids, Outcome, Result, State, execute
from reconciler.ledger.journal import Journal, new_run_id, past_runs, past_steps, run_ids
from reconciler.ledger.store import Store, open_store
from reconciler.model import Address
from reconciler.plan import Plan, Step
from reconciler.runs import UNKNOWN, Began, End, PastRun, PastStep, planned

MOMENT = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
RUN = "20300102T030405Z-abcdef"
BEGAN = Began(
    MOMENT, "apply", "0.1", "ana", "ci-7", "9900000", ("base.yaml",), "5" * 64, {"create": 1, "numbers": 2}
)
ENDS: Mapping[str, tuple[State, str]] = {
    CREATE.id: (State.DONE, ""),
    UPDATE.id: (State.FAILED, "12112"),
    DELETE.id: (State.SKIPPED, f"needs {UPDATE.id}, which was failed"),
    ORDER.id: (State.DONE, ""),
}


def clock() -> Callable[[], datetime]:
    """Make a clock that goes on by a second at each look."""
    seconds = count()
    return lambda: MOMENT + timedelta(seconds=next(seconds))


def perform(step: Step, ids: Ids) -> Result:
    """End a step as the table has it."""
    del ids
    state, message = ENDS[step.id]
    return Result.of(step, state, message, wrote=True, created="93de", numbers=step.quantity)


def quiet(step: Step, result: Result | None) -> None:
    """Hear of a step."""


def ran(store: Store, run: str = RUN, plan: Plan = EXAMPLE) -> Outcome:
    """Make a whole run."""
    journal = Journal.begin(store, run, BEGAN, clock())
    outcome = execute(plan, {}, journal.performing(perform), quiet, parallelism=1)
    journal.end(outcome, exit_code=4, converged=False)
    assert journal.trouble is None
    return outcome


def read(store: Store, run: str = RUN) -> PastRun:
    """Read a run with its steps."""
    (past,) = past_runs(store, [run])
    return replace(past, steps=past_steps(store, run))


def many(amount: int) -> Plan:
    """Make a plan of so many steps that stand on nothing."""
    addresses = [Address("application", (f"a{n}",)) for n in range(amount)]
    return Plan("1", EXAMPLE.source, tuple(replace(CREATE, id=f"{a}#create", address=a) for a in addresses))


def test_what_was_done_can_be_read() -> None:
    """Who began what, how it ended, and each step's end, the skipped ones last."""
    store = Store(MemoryStore())
    outcome = ran(store)
    past = read(store)
    assert (past.id, past.began, past.end) == (RUN, BEGAN, End.ENDED)
    assert past.ended is not None
    assert (past.ended.exit, past.ended.numbers, past.ended.done) == (4, 2, {"create": 1, "order": 1})
    assert past.ended.states == {"done": 2, "failed": 1, "skipped": 1}
    assert past.steps is not None
    assert [(step.step, step.state, step.message) for step in past.steps] == [
        (id_, str(state), message) for id_, (state, message) in sorted(ENDS.items(), key=_skipped_last)
    ]
    assert past.steps[0].id == "93de"
    assert past.open_steps == ()
    assert len(outcome.results) == 4


def _skipped_last(row: tuple[str, tuple[State, str]]) -> tuple[bool, int]:
    ids = [step.id for step in EXAMPLE.steps]
    return row[1][0] is State.SKIPPED, ids.index(row[0])


def test_a_plan_is_counted() -> None:
    """What is written of a plan is counts: of steps by action, and of numbers."""
    assert planned(EXAMPLE) == {"create": 1, "update": 1, "delete": 1, "order": 1, "numbers": 2}
    assert planned(replace(EXAMPLE, steps=())) == {}


def test_ids_sort_by_time() -> None:
    """Run ids sort as their moments do, in UTC, and those of one moment differ."""
    later = (MOMENT + timedelta(seconds=1)).astimezone()
    assert new_run_id(MOMENT).startswith("20300102T030405Z-")
    assert new_run_id(MOMENT) < new_run_id(MOMENT + timedelta(milliseconds=1)) < new_run_id(later)
    assert len({new_run_id(MOMENT) for _ in range(50)}) > 45


def test_a_step_is_written_down_before_its_first_call() -> None:
    """While a step's calls are made its beginning is in the ledger already, and its end is not."""
    store, seen = Store(MemoryStore()), list[list[PastStep]]()

    def looking(step: Step, ids: Ids) -> Result:
        seen.append(list(past_steps(store, RUN)))
        return perform(step, ids)

    journal = Journal.begin(store, RUN, BEGAN, clock())
    journal.performing(looking)(CREATE, {})
    assert seen == [[PastStep(CREATE.id, str(CREATE.address), "create", MOMENT, UNKNOWN)]]
    assert read(store).end is End.LOST


def test_many_steps_at_once_are_each_written_down(tmp_path: Path) -> None:
    """Of 100 steps in 8 threads each has its own beginning and end."""
    store, plan = open_store(str(tmp_path / "ledger"), {}), many(100)
    journal = Journal.begin(store, RUN, BEGAN)

    def done(step: Step, ids: Ids) -> Result:
        del ids
        return Result.of(step, State.DONE)

    outcome = execute(plan, {}, journal.performing(done), quiet, parallelism=8)
    journal.end(outcome, exit_code=0, converged=True)
    past = read(store)
    assert past.end is End.CONVERGED
    assert {step.step: step.state for step in past.steps or ()} == {step.id: "done" for step in plan.steps}
    assert len(store.keys(f"steps/{RUN}/")) == 200


def test_runs_at_once_are_told_apart() -> None:
    """Two runs that write to one ledger in turns are read as two."""
    store = Store(MemoryStore())
    first, second = "20300102T030405Z-000000", "20300102T030405Z-111111"
    journals = [Journal.begin(store, run, BEGAN, clock()) for run in (first, second)]
    for journal, step in zip([*journals, *journals], [CREATE, UPDATE, ORDER, ORDER], strict=True):
        journal.performing(perform)(step, {})
    assert run_ids(store) == (second, first)
    assert [[step.step for step in past_steps(store, run)] for run in (first, second)] == [
        [CREATE.id, ORDER.id],
        [UPDATE.id, ORDER.id],
    ]


class Full:
    """A ledger in a directory, where from a step on nothing of steps can be written."""

    def __init__(self, folder: Path, step: str) -> None:
        self.store, self.folder, self.step = open_store(str(folder), {}), folder, step
        self.performed: list[str] = []

    def __call__(self, step: Step, ids: Ids) -> Result:
        """Do a step; at the chosen one a file takes the folder's place."""
        del ids
        self.performed.append(step.id)
        if step.id == self.step:
            (self.folder / "steps").rename(self.folder / "elsewhere")
            (self.folder / "steps").write_text("in the way")
        return Result.of(step, State.DONE, wrote=True)


def test_a_ledger_that_fails_stops_the_run_and_loses_nothing(tmp_path: Path) -> None:
    """The step whose end could not be written is done; of the later ones one says why, none is begun."""
    plan = many(4)
    full = Full(tmp_path / "ledger", plan.steps[1].id)
    journal = Journal.begin(full.store, RUN, BEGAN)
    outcome = execute(plan, {}, journal.performing(full), quiet, parallelism=1)
    states = [result.state for result in outcome.results]
    assert states == [State.DONE, State.DONE, State.FAILED, State.SKIPPED]
    assert full.performed == [step.id for step in plan.steps[:2]]
    assert outcome.results[2].message.startswith(f"the ledger {tmp_path / 'ledger'} cannot be written: ")
    assert not outcome.results[2].wrote
    assert outcome.results[3].message.startswith("not begun: ")
    assert journal.trouble is None


def test_what_could_not_be_written_is_written_at_the_end(tmp_path: Path) -> None:
    """Where the ledger can be written again when the run ends, every step's end is there."""
    plan = many(4)
    full = Full(tmp_path / "ledger", plan.steps[1].id)
    journal = Journal.begin(full.store, RUN, BEGAN)
    outcome = execute(plan, {}, journal.performing(full), quiet, parallelism=1)
    (full.folder / "steps").unlink()
    (full.folder / "elsewhere").rename(full.folder / "steps")
    journal.end(outcome, exit_code=4, converged=False)
    past = read(full.store)
    assert [step.state for step in past.steps or ()] == ["done", "done", "failed", "skipped"]
    assert past.open_steps == ()


def test_a_failure_that_no_step_told_of_is_the_callers_to_tell(tmp_path: Path) -> None:
    """Where only the last step's end could not be written, all is done, and the trouble is kept."""
    plan = many(2)
    full = Full(tmp_path / "ledger", plan.steps[1].id)
    journal = Journal.begin(full.store, RUN, BEGAN)
    outcome = execute(plan, {}, journal.performing(full), quiet, parallelism=1)
    journal.end(outcome, exit_code=0, converged=True)
    assert outcome.count(State.DONE) == 2
    assert journal.trouble is not None
    assert journal.trouble.message.startswith("the ledger ")


class Counted(Store):
    """A store that counts what is asked of it."""

    def __init__(self) -> None:
        super().__init__(MemoryStore())
        self.asked: Counter[str] = Counter()

    def get(self, key: str) -> dict[str, Any] | None:
        """Count a reading."""
        self.asked["get"] += 1
        return super().get(key)

    def keys(self, prefix: str = "") -> list[str]:
        """Count a listing."""
        self.asked["keys"] += 1
        return super().keys(prefix)


def test_a_list_of_runs_reads_one_object_for_each() -> None:
    """However many steps runs had, a list is one listing and one reading for each that is shown."""
    store = Counted()
    for n in range(6):
        ran(store, f"20300102T03040{n}Z-abcdef")
    shown = past_runs(store, run_ids(store)[:4])
    assert [run.id[14] for run in shown] == ["5", "4", "3", "2"]
    assert store.asked == {"keys": 1, "get": 4}


def test_looking_makes_nothing(tmp_path: Path) -> None:
    """A ledger that is not there has no runs, and is not made by looking."""
    store = open_store(str(tmp_path / "ledger"), {})
    assert (run_ids(store), past_runs(store, []), past_steps(store, RUN)) == ((), (), ())
    assert list(tmp_path.iterdir()) == []


DAMAGES: Mapping[str, bytes | None] = {
    "missing": None,
    "empty": b"",
    "cut off": b'{"at": "2030-',
    "not UTF-8": b"\xff\xfe",
    "another thing": b'["a"]',
    "without its facts": b"{}",
    "facts of another kind": b'{"step": 5, "at": "tomorrow", "began": [], "steps": 7}',
    "before all time": b'{"step": "x", "began": {"at": "0001-01-01T00:00:00+23:00", "command": ""}, '
    b'"at": "0001-01-01T00:00:00+23:00", "exit": 1}',
}
ALL = {
    f"runs/{RUN}/began",
    f"runs/{RUN}/ended",
    *(f"steps/{RUN}/0000{n}-{event}" for n in (1, 2, 3) for event in ("began", "ended")),
    f"steps/{RUN}/rest",
}
NUMBERED = {f"0000{n}": step.id for n, step in enumerate((CREATE, UPDATE, ORDER), 1)}


@FEW
@given(st.dictionaries(st.sampled_from(sorted(ALL)), st.sampled_from(sorted(DAMAGES))))
def test_whatever_is_torn_the_rest_can_be_read(damaged: dict[str, str]) -> None:
    """Any objects may be missing or torn: what the others say is read, and no step with a trace is lost."""
    objects = MemoryStore()
    store = Store(objects)
    ran(store)
    assert set(store.keys()) == ALL
    for key, damage in damaged.items():
        store.delete(key)
        if (torn := DAMAGES[damage]) is not None:
            objects.put(key, torn)
    past = read(store)
    whole = {key for key in ALL if key not in damaged}
    assert (past.ended is not None) == (f"runs/{RUN}/ended" in whole)
    assert (past.began is not None) == bool(whole & {f"runs/{RUN}/began", f"runs/{RUN}/ended"})
    states = {step.step: step.state for step in past.steps or ()}
    for number, step in NUMBERED.items():
        began, ended = (f"steps/{RUN}/{number}-{event}" for event in ("began", "ended"))
        if ended in whole:
            assert states[step] == str(ENDS[step][0])
        elif began in whole:
            assert states[step] == UNKNOWN
        else:
            left = {began, ended} & set(store.keys())
            assert states.get(number) == (UNKNOWN if left else None)
    assert (DELETE.id in states) == (f"steps/{RUN}/rest" in whole)


@pytest.mark.parametrize(("converged", "code", "end"), [
    (True, 0, End.CONVERGED), (False, 0, End.ENDED), (True, 4, End.ENDED), (False, 5, End.ENDED),
])  # fmt: skip
def test_how_a_run_ended(converged: bool, code: int, end: End) -> None:
    """Converged is what ended so with exit 0."""
    store = Store(MemoryStore())
    Journal.begin(store, RUN, BEGAN).end(Outcome(), exit_code=code, converged=converged)
    assert read(store).end is end


def test_a_run_that_holds_the_lock_is_running() -> None:
    """Without an end, the run with the lock is running, and another did not end."""
    store = Store(MemoryStore())
    for run in ("a", "b"):
        Journal.begin(store, run, BEGAN)
    assert [run.end for run in past_runs(store, ["a", "b"], "b")] == [End.LOST, End.RUNNING]
