"""Eight processes that take the lock at the same moment: exactly one gets it, every time, in every place."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection

import pytest
from lock_runner import Task, Told, serve
from s3_server import Place

from reconciler.ledger.lock import Machine, take
from reconciler.ledger.process import Process
from reconciler.ledger.store import Store

RUNNERS = 8
Team = tuple[Connection, ...]


@pytest.fixture(scope="module")
def team() -> Iterator[Team]:
    """Processes that wait for tasks."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(RUNNERS)
    with ExitStack() as ends:
        team = []
        for number in range(RUNNERS):
            ours, theirs = context.Pipe()
            process = context.Process(target=serve, args=(f"run-{number}", barrier, theirs), daemon=True)
            process.start()
            ends.callback(process.join)
            ends.callback(ours.send, None)
            team.append(ours)
        yield tuple(team)


def free(store: Store, gone: Process) -> None:
    """Nobody ever had the lock."""
    del store, gone


def released(store: Store, gone: Process) -> None:
    """Somebody had the lock and gave it up."""
    del gone
    take(store, run="before", purpose="apply").release()


def expired(store: Store, gone: Process) -> None:
    """Somebody on another machine took the lock an hour ago, and was not heard of since."""
    machine = Machine(
        process=replace(gone, host="elsewhere"), now=lambda: datetime.now(UTC) - timedelta(hours=1)
    )
    assert take(store, run="before", purpose="apply", machine=machine).left()


def dead(store: Store, gone: Process) -> None:
    """A process of this machine took the lock just now, and is dead."""
    assert take(store, run="before", purpose="apply", machine=Machine(process=gone)).left()


BEFORE: dict[Callable[[Store, Process], None], int] = {free: 1, released: 2, expired: 2, dead: 2}
"""What was there before a round, and the number that the winner gets."""


@pytest.mark.parametrize("before", BEFORE, ids=lambda before: before.__name__)
@pytest.mark.parametrize("rounds", [4, pytest.param(50, marks=pytest.mark.full)])
def test_one_of_eight_processes_gets_the_lock(
    rounds: int, before: Callable[[Store, Process], None], place: Place, team: Team
) -> None:
    """In each round one process gets the lock and keeps it, and the others are told that it did."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    gone = replace(Process.current(), pid=child.pid)
    task = Task(place.url, place.environ, rounds)
    for ledger in task.ledgers():
        before(ledger, gone)
    for runner in team:
        runner.send(task)
    for told in zip(*[runner.recv() for runner in team], strict=True):
        (winner,) = [one for one in told if one.won]
        loser = Told(False, winner.run, BEFORE[before])
        assert winner == replace(loser, won=True)
        assert sorted(told, key=lambda one: one.won)[:-1] == [loser] * (RUNNERS - 1)
