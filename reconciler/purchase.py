"""Facts about a pool and its orders to the next move: look, post, wait, close or stop. No I/O, no clock.

The API has no idempotency, so a pool's orders form a chain: order g carries a customer order id
computed from the pool's key and g, and order g+1 is posted only once order g was read in a final
state. What is missing is computed from the numbers that are there, never from what was once ordered.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, StrEnum

SETTLE = 1800.0  # seconds that the lists may lag behind what was ordered, unless the operator knows better
MOST_PER_ORDER = 5000  # numbers.yml: Quantity is 1 to 5000
FINAL = frozenset({"COMPLETE", "PARTIAL", "FAILED"})


@dataclass(frozen=True, slots=True)
class Key:
    """What makes two pools the same pool: ids, not names, so that a rename keeps the chain."""

    account: str
    site: str
    peer: str
    criterion: str  # "area_code=919"

    def customer_order_id(self, generation: int) -> str:
        """The id of the pool's order `generation` (from 1), at most 40 characters."""
        text = "|".join((self.account, self.site, self.peer, " ".join(self.criterion.upper().split())))
        digest = base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()
        return f"rc1-{digest[:24]}-{generation}"


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it was read. `generation` is 0 for one that is not of the pool's chain."""

    id: str
    generation: int
    status: str
    quantity: int
    delivered: tuple[str, ...] = ()
    pending_quantity: int | None = None
    finished: datetime | None = None
    reasons: tuple[str, ...] = ()

    @property
    def pending(self) -> int:
        """How many numbers it may still deliver."""
        if self.status in FINAL:
            return 0
        if self.status == "BACKORDERED" and self.pending_quantity is not None:
            return self.pending_quantity
        return max(0, self.quantity - len(self.delivered))


class Whereabouts(Enum):
    """What is known of a number that an order delivered and that its location does not list."""

    HERE = "at the location after all"
    RELEASED = "aging, disconnected, or another account's"
    ELSEWHERE = "at another location, available or ported out"
    UNKNOWN = "no answer, or none that decides it"


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was read of one pool.

    `listed` are the numbers at the location that count for the pool, `chain` its own orders by
    generation, `backorders` the account's other open back-orders of the same key, `missing` where the
    delivered numbers are that the location does not list. `began` is the server's time when the
    reading of the number list began; `settle` is how long the lists may lag, in seconds.
    """

    count: int
    listed: frozenset[str] = frozenset()
    chain: tuple[Order, ...] = ()
    backorders: tuple[Order, ...] = ()
    missing: Mapping[str, Whereabouts] = field(default_factory=dict)
    began: datetime | None = None
    settle: float = SETTLE

    @property
    def orders(self) -> tuple[Order, ...]:
        """Every order that bears on the pool."""
        return self.chain + self.backorders

    @property
    def head(self) -> int:
        """The highest generation that exists; 0 when nothing was ever ordered."""
        return max((order.generation for order in self.chain), default=0)

    @property
    def present(self) -> int:
        """Numbers that are there: listed, or delivered and not known to be gone."""
        return len(self.listed | {n for order in self.orders for n in self._still_there(order)})

    @property
    def pending(self) -> int:
        """Numbers that open orders may still deliver."""
        return sum(order.pending for order in self.orders)

    @property
    def deficit(self) -> int:
        """How many are missing; negative for a surplus."""
        return self.count - self.present - self.pending

    @property
    def backordered(self) -> Order | None:
        """The newest of the pool's own back-orders that are still open."""
        open_ones = [order for order in self.chain if order.status == "BACKORDERED"]
        return max(open_ones, key=lambda order: order.generation, default=None)

    @property
    def duplicated(self) -> tuple[int, ...]:
        """Generations under which there is more than one order."""
        seen = [order.generation for order in self.chain]
        return tuple(sorted({g for g in seen if seen.count(g) > 1}))

    def _still_there(self, order: Order) -> set[str]:
        unlisted = set(order.delivered) - self.listed
        return {n for n in unlisted if self._present(order, self.missing.get(n, Whereabouts.UNKNOWN))}

    def _present(self, order: Order, where: Whereabouts) -> bool:
        if where in {Whereabouts.HERE, Whereabouts.RELEASED}:
            return where is Whereabouts.HERE
        return self._recent(order)

    def _recent(self, order: Order) -> bool:
        """Whether the lists may not show yet what the order did. An unreadable date counts as recent."""
        if order.status not in FINAL or order.finished is None or self.began is None:
            return True
        return self.began - order.finished < timedelta(seconds=self.settle)


def delivered_by(orders: Sequence[Order]) -> frozenset[str]:
    """Every number that these orders delivered."""
    return frozenset(number for order in orders for number in order.delivered)


def next_generation(found: Mapping[int, bool]) -> int | None:
    """The generation to look up next, or None once the head is known: doubling from 1, then upward."""
    ceiling = 1
    while found.get(ceiling):
        ceiling *= 2
    if ceiling not in found:
        return ceiling
    for generation in range(1, ceiling):
        if generation not in found:
            return generation
        if not found[generation]:
            break
    return None


class Posted(Enum):
    """What became of the last order that this run posted."""

    NOTHING = "nothing was posted, or it is known by its id"
    REFUSED = "the API said that it did nothing"
    UNKNOWN = "no answer that says what happened"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands with one pool.

    `planned` is how many numbers it may still buy. `mine` is the order that this run posted or
    adopted, as last read. `generation` is that of the last post.
    """

    planned: int
    facts: Facts | None = None
    posted: Posted = Posted.NOTHING
    generation: int = 0
    mine: Order | None = None
    patience_over: bool = False
    out_of_time: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """Read everything about the pool again."""


@dataclass(frozen=True, slots=True)
class Post:
    """Order `quantity` numbers under the pool's customer order id of `generation`."""

    generation: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Adopt:
    """Take this order, found after a lost answer, as the one that this run posted."""

    order: Order


@dataclass(frozen=True, slots=True)
class Wait:
    """Read this order until it is final."""

    order: Order


@dataclass(frozen=True, slots=True)
class Close:
    """Close this back-order: fewer numbers are wanted than it may deliver."""

    order: Order


class End(StrEnum):
    """How a run ended for a pool."""

    DONE = "done"
    BACKORDERED = "back-ordered"
    SHORT = "short"
    OPEN = "open"
    DUPLICATED = "duplicated"
    REFUSED = "refused"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing more to do in this run."""

    end: End
    order: Order | None = None


Move = Look | Post | Adopt | Wait | Close | Stop
_AFTER_MINE = {"PARTIAL": End.SHORT, "FAILED": End.SHORT, "BACKORDERED": End.BACKORDERED}


def next_move(progress: Progress) -> Move:
    """What to do now. The same facts give the same move; only `Post` spends money."""
    if progress.posted is Posted.REFUSED:
        return Stop(End.REFUSED)
    if progress.mine is not None:
        move = _after_mine(progress.mine, progress)
        if move is not None:
            return move
    if progress.facts is None:
        return Look()
    if progress.facts.duplicated:
        return Stop(End.DUPLICATED, progress.facts.chain[-1])
    if progress.posted is Posted.UNKNOWN:
        return _settle(progress, progress.facts)
    return _buy_or_close(progress, progress.facts)


def _after_mine(mine: Order, progress: Progress) -> Move | None:
    """What this run's own order asks for; None when it is done and more is planned."""
    if mine.status == "RECEIVED":
        return Stop(End.OPEN, mine) if progress.out_of_time else Wait(mine)
    if mine.status in _AFTER_MINE:
        return Stop(_AFTER_MINE[mine.status], mine)
    return Stop(End.DONE, mine) if progress.planned <= 0 else None


def _settle(progress: Progress, facts: Facts) -> Move:
    found = next((o for o in facts.chain if o.generation == progress.generation), None)
    if found:
        return Adopt(found)
    return Stop(End.UNDETERMINED) if progress.patience_over else Look()


def _buy_or_close(progress: Progress, facts: Facts) -> Move:
    received = next((order for order in facts.chain if order.status == "RECEIVED"), None)
    if received:
        return Stop(End.OPEN, received) if progress.out_of_time else Wait(received)
    newest = facts.backordered
    if facts.deficit < 0 and newest:
        return Stop(End.OPEN, newest) if progress.out_of_time else Close(newest)
    quantity = min(progress.planned, facts.deficit, MOST_PER_ORDER)
    if quantity > 0:
        return Post(facts.head + 1, quantity)
    return Stop(End.BACKORDERED, newest) if newest else Stop(End.DONE)
