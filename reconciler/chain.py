"""What was read of a pool, its orders and its intents, to what is there, what is coming and what is missing.

The API has no idempotency, so a pool's orders form a chain: order g carries a customer order id
computed from the pool's key and g. What is missing is computed from the numbers that are there, never
from what was once ordered. The rules are those of docs/purchases.md. No I/O, no clock.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, StrEnum

SETTLE = 1800.0  # H, in seconds (A2, A3): by then a request has been carried out and every list shows it
FINAL = frozenset({"COMPLETE", "PARTIAL", "FAILED"})
ENDED = FINAL | {"BACKORDERED"}


@dataclass(frozen=True, slots=True)
class Key:
    """What makes two pools the same pool: ids, not names, so that a rename keeps the chain."""

    account: str
    site: str
    peer: str
    criterion: str  # "area_code=919"

    @property
    def chain(self) -> str:
        """What the ids of all the pool's orders begin with (rules 1 and 2)."""
        text = "|".join((self.account, self.site, self.peer, " ".join(self.criterion.upper().split())))
        return f"rc1-{base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()[:24]}"

    def customer_order_id(self, generation: int) -> str:
        """The id of the pool's order `generation` (from 1), at most 40 characters."""
        return f"{self.chain}-{generation}"


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
    def received(self) -> bool:
        """Whether no other may follow yet (rule 3). A state that no document names is one of these."""
        return self.status not in ENDED

    @property
    def pending(self) -> int:
        """How many numbers it may still deliver (rule 8)."""
        if self.status in FINAL:
            return 0
        if self.status == "BACKORDERED" and self.pending_quantity is not None:
            return self.pending_quantity
        return max(0, self.quantity - len(self.delivered))


class Closed(StrEnum):
    """Why an intent is no longer open."""

    NOT_SENT = "not sent"
    REFUSED = "refused"
    ORDERED = "ordered"
    NOT_PLACED = "not placed, as the operator said"


@dataclass(frozen=True, slots=True)
class Intent:
    """What a run wrote down before it sent an order; open (None) until it is known what became of it.

    `number` counts the intents of one generation from 1; the order is not sent after `send_by`, in the
    server's time.
    """

    generation: int
    number: int
    quantity: int
    run: str
    send_by: datetime
    closed: Closed | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What the ledger knows of a pool: intents, order ids by generation, duplicates that were accepted."""

    intents: tuple[Intent, ...] = ()
    orders: Mapping[int, frozenset[str]] = field(default_factory=dict)
    accepted: frozenset[int] = frozenset()

    @property
    def last_known(self) -> int:
        """The highest generation with an order id or an intent; 0 for none (rule 5)."""
        return max((*self.orders, *(intent.generation for intent in self.intents)), default=0)

    def of(self, generation: int) -> tuple[Intent, ...]:
        """The intents of a generation, oldest first."""
        return tuple(sorted((i for i in self.intents if i.generation == generation), key=lambda i: i.number))

    def youngest_open(self, generation: int) -> Intent | None:
        """The open intent that decides what may be done about a generation (rule 11)."""
        return next((i for i in reversed(self.of(generation)) if i.closed is None), None)

    def ordered(self, generation: int) -> bool:
        """Whether an order of the generation was once read, so that its absence is no answer (rule 9)."""
        return any(intent.closed is Closed.ORDERED for intent in self.of(generation))

    def knows(self, order: Order) -> bool:
        """Whether the order was adopted: its id is kept and no intent of its generation is open."""
        kept = order.id in self.orders.get(order.generation, ())
        return kept and self.youngest_open(order.generation) is None


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
    delivered numbers are that the location does not list. `lent` are delivered numbers that are listed
    and count for another pool. `began` is the server's time when the reading of the number list began;
    `settle` is how long the lists may lag, in seconds; `record` is what the ledger knows. `held` says
    where the account has the very number of the pool, if that is elsewhere: it cannot be ordered. `leaving`
    are listed numbers that are known to go, or to be gone; it is read where there are too many.
    """

    count: int
    listed: frozenset[str] = frozenset()
    chain: tuple[Order, ...] = ()
    backorders: tuple[Order, ...] = ()
    missing: Mapping[str, Whereabouts] = field(default_factory=dict)
    began: datetime | None = None
    settle: float = SETTLE
    record: Record = Record()
    key: Key | None = None
    lent: frozenset[str] = frozenset()
    held: str = ""
    leaving: frozenset[str] = frozenset()

    @property
    def orders(self) -> tuple[Order, ...]:
        """Every order that bears on the pool."""
        return self.chain + self.backorders

    @property
    def head(self) -> int:
        """The highest generation that exists (rule 5); 0 when nothing was ever ordered."""
        return max((order.generation for order in self.chain), default=0)

    @property
    def there(self) -> frozenset[str]:
        """The numbers that are there: listed, or delivered and not known to be gone (rule 7)."""
        return self.listed | {n for order in self.orders for n in self._still_there(order)}

    @property
    def present(self) -> int:
        """How many numbers are there."""
        return len(self.there)

    @property
    def pending(self) -> int:
        """Numbers that open orders may still deliver (rule 8)."""
        return sum(order.pending for order in self.orders)

    @property
    def deficit(self) -> int:
        """How many are missing; negative for a surplus (rule 8)."""
        return self.count - self.present - self.pending

    @property
    def backordered(self) -> Order | None:
        """The newest of the pool's own back-orders that are still open (rule 13)."""
        open_ones = [order for order in self.chain if order.status == "BACKORDERED"]
        return max(open_ones, key=lambda order: order.generation, default=None)

    @property
    def duplicated(self) -> tuple[int, ...]:
        """Generations under which there is more than one order, and nobody accepted it (rule 6)."""
        seen = [order.generation for order in self.chain]
        return tuple(sorted({g for g in seen if seen.count(g) > 1} - self.record.accepted))

    @property
    def duplicates(self) -> tuple[str, ...]:
        """The ids of the orders that share a customer order id, in order."""
        return tuple(sorted(order.id for order in self.chain if order.generation in self.duplicated))

    @property
    def doubt(self) -> str:
        """The id of a next order that may have been placed without anybody knowing (rule 11), or ""."""
        intent = self.record.youngest_open(self.head + 1)
        if intent is None or self.key is None or self.settle == 0:
            return ""
        decidable = intent.send_by + timedelta(seconds=self.settle)
        over = self.began is not None and self.began >= decidable
        return "" if over else self.key.customer_order_id(intent.generation)

    @property
    def undecided(self) -> bool:
        """Whether a number counts as gone only because nothing says where it is (rule 7, an H of 0)."""
        unknown = {n for n, where in self.missing.items() if where is Whereabouts.UNKNOWN}
        return any(unknown & set(order.delivered) and not self._recent(order) for order in self.orders)

    def _still_there(self, order: Order) -> set[str]:
        unlisted = set(order.delivered) - self.listed - self.lent
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


def next_generation(found: Mapping[int, bool], last_known: int = 0) -> int | None:
    """The generation to look up next, or None once the head is known (rule 5).

    From the last known one upward; where none is known, doubling from 1. All below the head are read too.
    """
    ceiling = max(1, last_known)
    while found.get(ceiling):
        ceiling = ceiling + 1 if last_known else ceiling * 2
    if ceiling not in found:
        return ceiling
    for generation in range(1, ceiling):
        if generation not in found:
            return generation
        if not found[generation] and not last_known:
            break
    return None
