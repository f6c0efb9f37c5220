"""What came of each move of a purchase to where a run stands with a pool. No I/O, no clock.

The rules and assumptions cited are those of docs/purchases.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from reconciler.chain import SETTLE, Facts, Intent, Order

MOST_LATE = 3  # posts that came too late to be sent, before a run gives up


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What "at most once" rests on; times in seconds.

    `settle`: H of A2 and A3. `patience` and `looks`: how long, and how often at least, an order whose
    answer was lost is looked for. `request_timeout`: the longest that one request takes.
    `least_lease`: how many request timeouts the lock must still be ours for, to begin a post (A4).
    """

    settle: float = SETTLE
    patience: float = 60.0
    looks: int = 6
    request_timeout: float = 30.0
    least_lease: int = 3

    def send_by(self, now: datetime) -> datetime:
        """Until when an order may leave whose intent is written down now (rule 9)."""
        return now + timedelta(seconds=2 * self.request_timeout)

    def decidable(self, intent: Intent) -> datetime:
        """From when on an order that no list shows was never placed (rule 11)."""
        return intent.send_by + timedelta(seconds=self.request_timeout + self.settle)

    def settled(self, intent: Intent, at: datetime | None) -> bool:
        """Whether H has passed; with an H of 0 no request outlives its sender, so it always has."""
        return self.settle == 0 or (at is not None and at >= self.decidable(intent))


class Posted(Enum):
    """What became of the last order that this run meant to post."""

    NOTHING = "nothing was posted, or it is known by its id"
    REFUSED = "the API did nothing"
    NOT_SENT = "it did not leave: the lock was lost, or the last look failed"
    LATE = "it did not leave: its time was over"
    UNKNOWN = "no answer that says what happened"


@dataclass(frozen=True, slots=True)
class Search:
    """Looking for an order that may exist: `own` for one whose answer this run lost (rule 10).

    `looks` that were made, over `seconds`; the latest began at `began`, in the server's time.
    """

    intent: Intent
    own: bool
    looks: int = 0
    seconds: float = 0.0
    began: datetime | None = None
    given_up: bool = False

    @property
    def generation(self) -> int:
        """The generation that is looked for."""
        return self.intent.generation


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands with one pool.

    `planned` is how many numbers it may still buy, `mine` the order that it posted or adopted after a
    lost answer, `found` are orders to adopt. `now` is the server's time, `lease` the seconds for which
    the lock is still ours. `looked` tells that the intent's id was looked up after it was written down.
    """

    planned: int
    run: str = ""
    assumptions: Assumptions = Assumptions()
    facts: Facts | None = None
    now: datetime | None = None
    lease: float = math.inf
    intent: Intent | None = None
    looked: bool = False
    posted: Posted = Posted.NOTHING
    late: int = 0
    search: Search | None = None
    found: tuple[Order, ...] = ()
    mine: Order | None = None
    out_of_time: bool = False

    def read(self, facts: Facts, now: datetime, lease: float) -> Progress:
        """After `Look`."""
        return replace(self, facts=facts, now=now, lease=lease)

    def looked_up(self, found: tuple[Order, ...], now: datetime) -> Progress:
        """After the look-up of an intent that was just written down (rule 9)."""
        return replace(self, looked=True, found=found, now=now)

    def searched(self, search: Search, found: tuple[Order, ...], now: datetime) -> Progress:
        """After a look-up for an order that may exist; what was read before it is stale.

        The one that is found after a lost answer is this run's own (rule 10); several are duplicates.
        """
        looked = replace(self, search=search, found=found, facts=None, now=now)
        if not found:
            return looked
        looked = replace(looked, search=None, posted=Posted.NOTHING)
        if not search.own:
            return looked
        mine = found[0] if len(found) == 1 else None
        return replace(looked, mine=mine, planned=self.planned - sum(order.quantity for order in found))

    def intended(self, intent: Intent) -> Progress:
        """After `Intend`."""
        return replace(self, intent=intent, looked=False)

    def interfered(self) -> Progress:
        """After an `Intend` that found its place taken: read again."""
        return replace(self, facts=None)

    def accepted(self, order: Order) -> Progress:
        """After a `Post` whose answer has the order's id: it is this run's own, and to be adopted."""
        left = self.planned - order.quantity
        return replace(self, mine=order, found=(order,), planned=left, facts=None)

    def answered(self, posted: Posted) -> Progress:
        """After a `Post` without an order's id; an intent whose answer was lost stays open."""
        assert self.intent is not None
        if posted is Posted.UNKNOWN:
            search = Search(self.intent, own=True)
            return replace(self, posted=posted, search=search, intent=None, facts=None)
        return replace(self, posted=posted, late=self.late + (posted is Posted.LATE))

    def closed(self) -> Progress:
        """After `CloseIntent`."""
        again = self.posted is Posted.LATE and self.late < MOST_LATE
        posted = Posted.NOTHING if again else self.posted
        return replace(self, intent=None, facts=None, posted=posted)

    def adopted(self, order: Order) -> Progress:
        """After `Adopt`: bookkeeping, so that everything is read again (rule 6)."""
        left = tuple(each for each in self.found if each.id != order.id)
        return replace(self, found=left, facts=None, intent=None)

    def polled(self, order: Order) -> Progress:
        """After a `Wait` or `Close` that ended."""
        mine = order if self.mine and self.mine.id == order.id else self.mine
        return replace(self, mine=mine, facts=None)
