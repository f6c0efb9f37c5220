"""A process that takes locks when told to, at the same moment as others: what test_lock_races.py starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

from reconciler.ledger.lock import Held, take
from reconciler.ledger.store import Store, open_store

TIMEOUT = 60  # seconds that a runner may be late


@dataclass(frozen=True)
class Task:
    """Locks to be taken, one a round: below which URL, and in how many rounds."""

    url: str
    environ: Mapping[str, str]
    rounds: int

    def ledgers(self) -> list[Store]:
        """The ledger of each round."""
        store = open_store(self.url, self.environ)
        return [store.below(f"{number:04d}") for number in range(self.rounds)]


@dataclass(frozen=True)
class Told:
    """What a runner found in one round: whether it got the lock, and the run and number of who has it."""

    won: bool
    run: str
    number: int
    kept: bool = True


def serve(name: str, barrier: Barrier, tasks: Connection) -> None:
    """Do tasks, and answer each with what was told in its rounds, until there is none."""
    while task := tasks.recv():
        tasks.send([attempt(ledger, name, barrier) for ledger in task.ledgers()])


def attempt(store: Store, name: str, barrier: Barrier) -> Told:
    """Take the lock when all are ready, and keep it until all have tried."""
    barrier.wait(TIMEOUT)
    try:
        lock = take(store, run=name, purpose="apply")
    except Held as held:
        barrier.wait(TIMEOUT)
        return Told(False, held.holder.run, held.holder.number)
    barrier.wait(TIMEOUT)
    with lock:
        return Told(True, lock.holder.run, lock.holder.number, kept=lock.held())
