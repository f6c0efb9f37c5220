"""Points to what became of each, on several processes; each has worlds of its own."""

from __future__ import annotations

import math
import multiprocessing
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from crash.points import Point, all_points
from crash.score import Holdings, holdings
from crash.world import Lived, world, writes

AT_ONCE = 12  # points that a process takes at a time


@dataclass(frozen=True)
class Survey:
    """A run that nobody disturbs: its writes to the account and to the ledger, and what it leaves."""

    writes: int
    ledger_writes: int
    wanted: Holdings


def every_point(survey: Survey) -> list[Point]:
    """The whole matrix."""
    return list(all_points(survey.writes, survey.ledger_writes))


def explored(choose: Callable[[Survey], Sequence[Point]], processes: int) -> Iterator[Lived]:
    """What became of the points that are chosen, in the order in which they are done."""
    # spawned: each of them has a forkserver of its own, whatever this process has
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        survey = pool.submit(_survey).result()
        points = choose(survey)
        count = math.ceil(len(points) / AT_ONCE)
        parts = (points[first::count] for first in range(count))
        for done in as_completed([pool.submit(_explore, part, survey.wanted) for part in parts]):
            yield from done.result()


def _survey() -> Survey:
    with tempfile.TemporaryDirectory() as folder, world(Path(folder)) as one:
        ledger_writes = one.undisturbed()
        return Survey(len(writes(one.emulator.log)), ledger_writes, holdings(one.emulator.dump()))


def _explore(points: Sequence[Point], wanted: Holdings) -> list[Lived]:
    with tempfile.TemporaryDirectory() as folder, world(Path(folder)) as one:
        return [one.live(point, wanted) for point in points]
