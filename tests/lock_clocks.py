"""Clocks and machines that a test moves by hand, for locks that are taken on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from reconciler.ledger.lock import Lock, Machine, take
from reconciler.ledger.process import Process
from reconciler.ledger.store import Store

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass
class Clocks:
    """A wall clock and a steady one that a test moves; a pause moves both, and tells `on_pause`."""

    now: datetime = NOON
    steady: float = 100.0
    pauses: list[float] = field(default_factory=list)
    on_pause: Callable[[], object] = lambda: None

    def go(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)
        self.steady += seconds

    def pause(self, seconds: float) -> None:
        """Sleep."""
        self.pauses.append(seconds)
        self.go(seconds)
        self.on_pause()

    def machine(self, name: str = "one", *, dead: frozenset[int] = frozenset()) -> Machine:
        """A machine with these clocks on which processes with these pids are dead."""
        return Machine(
            owner=f"user-{name}",
            process=Process(name, f"boot-{name}", 42),
            now=lambda: self.now,
            steady=lambda: self.steady,
            pause=self.pause,
            is_dead=lambda process: process.pid in dead,
        )


def taken(store: Store, clocks: Clocks, run: str = "first", wait: float = 0.0, machine: str = "one") -> Lock:
    """The lock, taken on a machine with these clocks."""
    return take(store, run=run, purpose="apply bandwidth.yaml", wait=wait, machine=clocks.machine(machine))
