"""Points to what became of each, on several processes; each has worlds of its own."""

from __future__ import annotations

import math
import multiprocessing
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from crash.acts import ACTS
from crash.points import Point, all_points
from crash.score import Holdings, holdings
from crash.world import Lived, World, world, writes

AT_ONCE = 12  # points that a process takes at a time, at the most


@dataclass(frozen=True)
class Survey:
    """A run of an act that nobody disturbs: its writes to the account and the ledger, and what it leaves."""

    act: int
    writes: Sequence[str]
    ledger_writes: int
    wanted: Holdings


Choose = Callable[[Sequence[Survey]], Sequence[Point]]


def every_point(surveys: Sequence[Survey]) -> list[Point]:
    """The whole matrix."""
    return [point for one in surveys for point in all_points(len(one.writes), one.ledger_writes, one.act)]


def explored(choose: Choose, processes: int) -> Iterator[Lived]:
    """What became of the points that are chosen, in the order in which they are done."""
    # spawned: each of them has a forkserver of its own, whatever this process has
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as beginnings, ProcessPoolExecutor(processes, spawn) as pool:
        surveys = pool.submit(_surveys, beginnings).result()
        points = choose(surveys)
        count = max(math.ceil(len(points) / AT_ONCE), min(processes, len(points)))
        parts = (points[first::count] for first in range(count))
        for done in as_completed([pool.submit(_explore, part, surveys, beginnings) for part in parts]):
            yield from done.result()


def _surveys(beginnings: str) -> list[Survey]:
    with tempfile.TemporaryDirectory() as folder, world(Path(folder), Path(beginnings)) as one:
        return [_survey(one, act) for act in ACTS]


def _survey(one: World, act: int) -> Survey:
    ledger_writes = one.undisturbed(act)
    return Survey(act, writes(one.emulator.log), ledger_writes, holdings(one.emulator.dump()))


def _explore(points: Sequence[Point], surveys: Sequence[Survey], beginnings: str) -> list[Lived]:
    wanted = {survey.act: survey.wanted for survey in surveys}
    with tempfile.TemporaryDirectory() as folder, world(Path(folder), Path(beginnings)) as one:
        return [one.live(point, wanted[point.act]) for point in points]
