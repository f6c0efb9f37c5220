"""What holds in a model world and what may happen there, as one value; and the states of such a world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from purchase_world import PROMPT, Lag, Late, Ledger, World

from reconciler.purchase import Move, Stop, next_move
from reconciler.standing import Assumptions, Progress

EVERY_END = ("COMPLETE", "PARTIAL", "FAILED", "BACKORDERED")
Machine = Callable[[Progress], Move]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What holds, and what may happen.

    `orders` and `numbers` are how the two lists lag; `told` is whether number details say where a number is.
    People may edit the count to one of `counts` or release a number, or with `forget` delete the ledger,
    `hands` times in all. Orders end as one of `ends`. Disturbances stop after `purchases` orders;
    `intents` of one generation may come to nothing. With `timed`, requests may be late and time passes.
    `runners` share the last of `ledgers`; `raced` is whether one may act between another's last look and
    its post. With `folded`, states that differ only in what no reading tells any more are one.
    `machine` decides.
    """

    assumptions: Assumptions
    orders: Lag = PROMPT
    numbers: Lag = PROMPT
    told: bool = True
    count: int = 2
    counts: tuple[int, ...] = ()
    hands: int = 0
    forget: bool = False
    ends: tuple[str, ...] = EVERY_END
    purchases: int = 3
    intents: int = 2
    timed: bool = False
    runners: int = 1
    ledgers: int = 1
    raced: bool = True
    folded: bool = True
    machine: Machine = next_move

    def start(self) -> State:
        """Nothing was ever ordered, and nobody runs."""
        world = World(ledgers=(Ledger(),) * self.ledgers, count=self.count, hands=self.hands)
        return State(world, (None,) * self.runners)


@dataclass(frozen=True, slots=True)
class State:
    """A world, and where each runner stands; None for one that does not run."""

    world: World
    runs: tuple[Progress | None, ...]

    def after(self, runner: int, world: World, progress: Progress | None) -> State:
        """After a runner's move; a run that ends gives up the lock that it has."""
        if progress is None:
            ledger = world.ledger_of(runner)
            if ledger.holder == runner:
                world = world.with_ledger(runner, replace(ledger, holder=None))
        return State(world, (*self.runs[:runner], progress, *self.runs[runner + 1 :]))


class Branch(NamedTuple):
    """One thing that may happen: what it is, where it leads, how a run ended by it, which order it made."""

    what: str
    state: State
    stop: Stop | None = None
    made: Late | None = None
