"""Carrying out a plan: order, failure, and interruption, with plain functions in place of the API."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.execute import Ids, Outcome, Result, State, execute
from reconciler.model import Action, Address, Source
from reconciler.plan import Plan, Step


def plan_of(needs: dict[str, list[str]]) -> Plan:
    """A plan whose steps are called by one letter each."""

    def step_id(name: str) -> str:
        return f"application.{name}#create"

    steps = tuple(
        Step(
            step_id(name),
            Address("application", (name,)),
            Action.CREATE,
            tuple(map(step_id, before)),
            (),
            (),
            {},
        )
        for name, before in needs.items()
    )
    return Plan("1", Source((Path("m.yaml"),), "0"), steps)


def end(step: Step, state: State) -> Result:
    """A result of a step that may have written."""
    return Result(step.id, step.address, step.action, state, id=f"id of {step.address}", wrote=True)


def run(plan: Plan, perform: Callable[[Step, Ids], Result]) -> Outcome:
    """Carry out a plan that nobody watches."""
    return execute(plan, {}, perform, lambda *_: None)


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, list[str]]:
    """Steps that need some of those before them."""
    names = "abcdefgh"[: draw(st.integers(0, 8))]
    return {
        name: draw(st.lists(st.sampled_from(names[:at]), unique=True)) if at else []
        for at, name in enumerate(names)
    }


@given(needs=graphs(), failing=st.sets(st.sampled_from("abcdefgh")))
def test_a_failure_skips_what_stands_on_it_and_nothing_else(
    needs: dict[str, list[str]], failing: set[str]
) -> None:
    """A step is done unless it fails, is skipped exactly when one of its needs was not done."""
    done: list[str] = []
    lock = threading.Lock()

    def perform(step: Step, ids: Ids) -> Result:
        name = step.address.names[0]
        with lock:
            assert {before[12] for before in step.needs} <= set(done)
            assert {address.names[0] for address in ids} >= {before[12] for before in step.needs}
            if name not in failing:
                done.append(name)
        return end(step, State.FAILED if name in failing else State.DONE)

    results = {r.address.names[0]: r.state for r in run(plan_of(needs), perform).results}
    assert list(results) == list(needs)
    for name, before in needs.items():
        blocked = any(results[each] is not State.DONE for each in before)
        assert (results[name] is State.SKIPPED) == blocked
        assert blocked or results[name] is (State.FAILED if name in failing else State.DONE)


def test_what_a_step_follows_goes_first_however_it_ends() -> None:
    """A step waits for the end of what it follows and is done though that failed, or is not in the plan."""
    plan = plan_of({"b": [], "a": []})
    first, second = (plan.steps[1], replace(plan.steps[0], follows=(plan.steps[1].id, "elsewhere#create")))
    done: list[str] = []

    def perform(step: Step, ids: Ids) -> Result:
        del ids
        time.sleep(0.05 if step is first else 0)
        done.append(step.address.names[0])
        return end(step, State.FAILED if step is first else State.DONE)

    outcome = run(replace(plan, steps=(second, first)), perform)
    assert done == ["a", "b"]
    assert [result.state for result in outcome.results] == [State.DONE, State.FAILED]


def test_a_skipped_step_names_its_cause() -> None:
    """What is skipped says which step it waited for, and what became of that."""
    outcome = run(plan_of({"a": [], "b": ["a"], "c": ["b"]}), lambda step, _: end(step, State.FAILED))
    assert [r.message for r in outcome.results[1:]] == [
        "needs application.a#create, which was failed",
        "needs application.b#create, which was skipped",
    ]


def test_what_waits_for_a_back_order_goes_on() -> None:
    """An order that is pending has been placed, so nothing is skipped for it."""
    outcome = run(plan_of({"a": [], "b": ["a"]}), lambda step, _: end(step, State.PENDING))
    assert [r.state for r in outcome.results] == [State.PENDING, State.PENDING]


def test_independent_steps_run_at_once() -> None:
    """Steps that need nothing of each other are carried out side by side."""
    together = threading.Barrier(3, timeout=10)

    def perform(step: Step, ids: Ids) -> Result:
        del ids
        together.wait()
        return end(step, State.DONE)

    assert run(plan_of({"a": [], "b": [], "c": []}), perform).count(State.DONE) == 3


@pytest.mark.parametrize(("parallelism", "at_once"), [(1, 1), (3, 3), (8, 5)])
def test_no_more_steps_at_once_than_are_allowed(parallelism: int, at_once: int) -> None:
    """Of five independent steps so many are under way as may be, and never more."""
    flying, most, lock = 0, 0, threading.Lock()
    together = threading.Barrier(at_once, timeout=10)

    def perform(step: Step, ids: Ids) -> Result:
        nonlocal flying, most
        del ids
        with lock:
            flying += 1
            most = max(most, flying)
        if step.address.names[0] in "abcde"[:at_once]:
            together.wait()
        with lock:
            flying -= 1
        return end(step, State.DONE)

    plan = plan_of({name: [] for name in "abcde"})
    outcome = execute(plan, {}, perform, lambda *_: None, parallelism=parallelism)
    assert (outcome.count(State.DONE), most) == (5, at_once)


def test_a_fault_of_the_program_costs_no_report() -> None:
    """A step that raises has failed and may have written; what does not need it is done."""

    def perform(step: Step, ids: Ids) -> Result:
        del ids
        if step.address.names == ("a",):
            raise ZeroDivisionError("by zero")
        return end(step, State.DONE)

    outcome = run(plan_of({"a": [], "b": ["a"], "c": []}), perform)
    assert [r.state for r in outcome.results] == [State.FAILED, State.SKIPPED, State.DONE]
    first = outcome.results[0]
    assert (first.message, first.wrote) == ("unexpected ZeroDivisionError: by zero", True)


@pytest.mark.parametrize("parallelism", [1, 2, 8])
def test_a_stopped_run_finishes_what_is_in_flight_and_starts_nothing_more(parallelism: int) -> None:
    """Once stopped, what is under way ends and is reported; what waits, or is queued, never begins."""
    stop, begun = threading.Event(), []

    def perform(step: Step, ids: Ids) -> Result:
        del ids
        begun.append(step.address.names[0])
        assert stop.wait(10)
        return end(step, State.DONE)

    def stopping(step: Step, result: Result | None) -> None:
        if step.address.names == ("d",) and result is None:
            stop.set()

    plan = plan_of({"a": [], "b": [], "c": [], "d": [], "e": ["a"]})
    outcome = execute(plan, {}, perform, stopping, stop=stop, parallelism=parallelism)
    assert outcome.interrupted
    results = {r.address.names[0]: r for r in outcome.results}
    done = [name for name, result in results.items() if result.state is State.DONE]
    assert sorted(begun) == done
    assert 1 <= len(done) <= min(parallelism, 4)
    never = {r.message for r in results.values() if r.state is State.SKIPPED}
    assert never == {"the run was interrupted before it began"}


def test_a_run_that_was_stopped_before_begins_nothing() -> None:
    """A run whose stop came before its first step sends nothing."""
    stop = threading.Event()
    stop.set()
    outcome = execute(
        plan_of({"a": []}), {}, lambda step, _: end(step, State.DONE), lambda *_: None, stop=stop
    )
    assert [r.state for r in outcome.results] == [State.SKIPPED]
    assert outcome.interrupted
    assert not outcome.wrote
