"""Circumstances to all that can come of them: each state once, what went wrong, how runs end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from purchase_circumstances import Branch, Circumstances, State
from purchase_steps import branches
from purchase_world import Late, World

from reconciler.purchase import End

QUIET = frozenset({End.DONE, End.BACKORDERED})


@dataclass
class Explored:
    """What an exploration saw.

    `faults` are promises that were broken, each with one way there; `ends` counts how runs ended;
    `runs` is the most undisturbed runs that any state was away from being quiet, or None where one never is.
    """

    states: int = 0
    steps: int = 0
    faults: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ends: Counter[End] = field(default_factory=Counter)
    runs: int | None = 0
    stuck: tuple[str, ...] = ()


def broken(before: World, made: Late) -> str:
    """Which promise an order breaks at the moment at which it is carried out; "" for none."""
    account, intent = before.account, made.intent
    generations = {placed.order.generation: placed.order for placed in account.orders}
    if intent.generation in generations:
        return "two orders of one generation"
    if account.present + account.pending + intent.quantity > made.count:
        return "more numbers than wanted"
    last = generations.get(intent.generation - 1)
    if intent.generation > 1 and (last is None or last.received):
        return "an order before the last one ended"
    return ""


def explore(given: Circumstances, stop_at_fault: bool = False) -> Explored:
    """Every state that can be reached, each once."""
    result, start = Explored(), given.start()
    seen, todo = {start: 0}, [start]
    came = [(0, "")]  # from which state, by what
    calm: list[tuple[int, int]] = []  # each state's undisturbed successor, and `_ended` of that step
    for at, state in enumerate(todo):
        for nth, branch in enumerate(_unbroken(state, given, result, partial(_way, came, at))):
            if branch.state not in seen:
                seen[branch.state] = len(todo)
                todo.append(branch.state)
                came.append((at, branch.what))
            if nth == 0:
                calm.append((seen[branch.state], _ended(state.world, branch, given)))
        if stop_at_fault and result.faults:
            break
    result.states = len(todo)
    if not result.faults:
        _measure(result, calm, came)
    return result


def _unbroken(
    state: State, given: Circumstances, result: Explored, way: Callable[[str], tuple[str, ...]]
) -> Iterator[Branch]:
    """What may happen next and keeps the promises; the rest is noted."""
    for branch in branches(state, given):
        result.steps += 1
        if branch.stop:
            result.ends[branch.stop.end] += 1
        fault = broken(state.world, branch.made) if branch.made else ""
        if fault:
            result.faults.setdefault(fault, way(branch.what))
        else:
            yield branch


def _way(came: list[tuple[int, str]], at: int, last: str) -> tuple[str, ...]:
    way = [last]
    while at:
        at, what = came[at]
        way.append(what)
    return tuple(reversed(way))


def _ended(world: World, branch: Branch, given: Circumstances) -> int:
    """0 for a run that goes on, 1 for one that ended, 2 for one that ended with what is wanted."""
    if branch.stop is None:
        return 0
    account = world.account
    unnoticed = account.unnoticed(given.assumptions.settle, given.told)
    coming = account.present + account.pending + unnoticed
    as_wanted = coming == world.count or (coming > world.count and not account.backorders)
    return 2 if branch.stop.end in QUIET and as_wanted else 1


def _measure(result: Explored, calm: list[tuple[int, int]], came: list[tuple[int, str]]) -> None:
    """How many undisturbed runs each state is away from a quiet end."""
    away: dict[int, int | None] = {}
    for start in range(len(calm)):
        way, at = [], start
        while at not in away:
            away[at] = None  # met again on the way: a circle that never gets quiet
            way.append(at)
            if calm[at][1] == 2:
                break
            at = calm[at][0]
        for back in reversed(way):
            following, ended = calm[back]
            further = 0 if ended == 2 else away[following]
            away[back] = None if further is None else further + bool(ended)
    stuck = next((at for at, runs in away.items() if runs is None), None)
    if stuck is not None:
        result.runs, result.stuck = None, _way(came, stuck, "")
    else:
        result.runs = max(runs for runs in away.values() if runs is not None)
