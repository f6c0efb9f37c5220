"""An account and a ledger as values: what each request does to them, and what the lists show of them.

A model for the enumeration of the purchase machine: no sockets, no randomness, no clock but `now`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from reconciler.chain import FINAL, Closed, Intent, Order, Record

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
K = TypeVar("K")
V = TypeVar("V")


class Still(dict[K, V]):
    """A mapping that nobody changes, so that what holds it can be a member of a set."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


@dataclass(frozen=True, slots=True)
class Lag:
    """How late a list shows a change: so many readings of it, and so many seconds."""

    looks: int = 0
    seconds: float = 0.0

    def after(self, now: datetime) -> Hidden:
        """What a change made now is to that list."""
        return Hidden(self.looks, now + timedelta(seconds=self.seconds) if self.seconds else NOW)


PROMPT = Lag()


@dataclass(frozen=True, slots=True)
class Hidden:
    """A change that a list does not show for `looks` more readings, nor before `until`."""

    looks: int = 0
    until: datetime = NOW

    def hides(self, now: datetime) -> bool:
        """Whether the list is silent about the change."""
        return self.looks > 0 or now < self.until

    def at(self, now: datetime) -> Hidden:
        """Later; what is over is over, whenever it was."""
        return self if now < self.until else replace(self, until=NOW)

    def read(self) -> Hidden:
        """After the list was read once more."""
        return replace(self, looks=max(0, self.looks - 1))


@dataclass(frozen=True, slots=True)
class Placed:
    """An order of the account, and how long the order list hides it."""

    order: Order
    hidden: Hidden = Hidden()


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was delivered once; while its last change is hidden, the list tells the opposite."""

    name: str
    there: bool
    hidden: Hidden

    def listed(self, now: datetime) -> bool:
        """Whether the location's list has it."""
        return self.there is not self.hidden.hides(now)


@dataclass(frozen=True, slots=True)
class Late:
    """A request that was given up, and that may still be carried out before `until` (A2)."""

    intent: Intent
    count: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """What the API has: orders and numbers of one pool, and requests that are still on their way."""

    orders: tuple[Placed, ...] = ()
    numbers: tuple[Number, ...] = ()
    late: tuple[Late, ...] = ()
    now: datetime = NOW

    @property
    def present(self) -> int:
        """How many numbers are at the location, whatever the lists say."""
        return sum(number.there for number in self.numbers)

    @property
    def pending(self) -> int:
        """How many numbers its orders may still deliver."""
        return sum(placed.order.pending for placed in self.orders)

    def unnoticed(self, settle: float, told: bool) -> int:
        """Numbers that are gone, but rightly count as present for now (rule 7).

        The list still has them, or nothing tells where they are while their order is open or recent.
        """
        recent = self.now - timedelta(seconds=settle)
        orders = [p.order for p in self.orders if p.order.finished is None or p.order.finished > recent]
        doubtful = set() if told else {name for order in orders for name in order.delivered}
        gone = [number for number in self.numbers if not number.there]
        return sum(number.name in doubtful or self.now < number.hidden.until for number in gone)

    @property
    def backorders(self) -> tuple[Order, ...]:
        """The orders that wait for numbers."""
        return tuple(placed.order for placed in self.orders if placed.order.status == "BACKORDERED")

    def order(self, order_id: str) -> Order:
        """One order by its id: always true (A1)."""
        return next(placed.order for placed in self.orders if placed.order.id == order_id)

    def under(self, generation: int) -> tuple[Account, tuple[Order, ...]]:
        """One reading of the order list, filtered by a customer order id."""
        found, left = [], []
        for placed in self.orders:
            asked = placed.order.generation == generation
            if asked and not placed.hidden.hides(self.now):
                found.append(placed.order)
            left.append(replace(placed, hidden=placed.hidden.read()) if asked else placed)
        return replace(self, orders=tuple(left)), tuple(found)

    def listing(self) -> tuple[Account, frozenset[str]]:
        """One reading of the location's number list."""
        listed = frozenset(number.name for number in self.numbers if number.listed(self.now))
        read = tuple(replace(number, hidden=number.hidden.read()) for number in self.numbers)
        return replace(self, numbers=read), listed

    def placed(self, intent: Intent, hidden: Hidden) -> tuple[Account, Order]:
        """After an order was carried out."""
        twins = sum(placed.order.generation == intent.generation for placed in self.orders)
        order_id = f"{intent.generation}{chr(ord('a') + twins)}"
        order = Order(order_id, intent.generation, "RECEIVED", intent.quantity)
        return replace(self, orders=(*self.orders, Placed(order, hidden))), order

    def granted(self, order_id: str, status: str, more: int, lag: Lag) -> Account:
        """After an order delivered some numbers and took a status."""
        order = self.order(order_id)
        had = len(order.delivered)
        names = tuple(f"{order_id}{k}" for k in range(had, had + more))
        finished = self.now if status in FINAL else None
        now = replace(order, status=status, delivered=order.delivered + names, finished=finished)
        orders = tuple(replace(p, order=now) if p.order.id == order_id else p for p in self.orders)
        new = tuple(Number(name, there=True, hidden=lag.after(self.now)) for name in names)
        numbers = tuple(sorted(self.numbers + new, key=lambda number: number.name))
        return replace(self, orders=orders, numbers=numbers)

    def released(self, name: str, lag: Lag) -> Account:
        """After a person gave a number up."""
        gone = Number(name, there=False, hidden=lag.after(self.now))
        return replace(self, numbers=tuple(gone if n.name == name else n for n in self.numbers))

    def without_history(self, head: int) -> Account:
        """With what no reading can tell any more of the orders before `head` left out.

        Of an ended order only the numbers still count, and of those that are gone not even they. This makes
        one state of many, so that an exploration ends sooner.
        """
        gone = {n.name for n in self.numbers if not n.there and not n.hidden.hides(self.now)}
        orders = []
        for placed in self.orders:
            order = placed.order
            if order.status in FINAL and order.generation < head:
                left = tuple(name for name in order.delivered if name not in gone)
                order = replace(order, status="COMPLETE", quantity=0, delivered=left)
            else:
                gone -= set(order.delivered)
            orders.append(replace(placed, order=order))
        numbers = tuple(number for number in self.numbers if number.name not in gone)
        return replace(self, orders=tuple(orders), numbers=numbers)

    def found(self, order_id: str) -> Account:
        """With an order that every list shows, since all that ask for it have its id."""
        shown = (replace(p, hidden=Hidden()) if p.order.id == order_id else p for p in self.orders)
        return replace(self, orders=tuple(shown))

    def at(self, now: datetime) -> Account:
        """Later. What did not arrive in time never will (A2)."""
        late = tuple(late for late in self.late if now <= late.until)
        orders = tuple(replace(placed, hidden=placed.hidden.at(now)) for placed in self.orders)
        numbers = tuple(replace(number, hidden=number.hidden.at(now)) for number in self.numbers)
        return replace(self, now=now, late=late, orders=orders, numbers=numbers)


EMPTY = Record(orders=Still())


@dataclass(frozen=True, slots=True)
class Ledger:
    """What one ledger holds of the pool, and which run has its lock."""

    record: Record = EMPTY
    holder: int | None = None

    def declared(self, intent: Intent) -> Ledger | None:
        """After an intent was written down; None where its place is taken."""
        if any(i.number == intent.number for i in self.record.of(intent.generation)):
            return None
        return replace(self, record=replace(self.record, intents=(*self.record.intents, intent)))

    def closed(self, intent: Intent, how: Closed) -> Ledger:
        """After one intent was closed."""
        place = (intent.generation, intent.number)
        # of a closed intent, only whether an order came of it is ever asked for: the rest is left out
        how = how if how is Closed.ORDERED else Closed.NOT_SENT
        shut = Intent(*place, quantity=0, run="", send_by=NOW, closed=how)
        intents = (shut if (i.generation, i.number) == place else i for i in self.record.intents)
        return replace(self, record=replace(self.record, intents=tuple(intents)))

    def kept(self, order: Order) -> Ledger:
        """After an order's id was written down, and nothing else."""
        known: Mapping[int, frozenset[str]] = self.record.orders
        ids = known.get(order.generation, frozenset()) | {order.id}
        return replace(self, record=replace(self.record, orders=Still({**known, order.generation: ids})))

    def without_history(self, head: int) -> Ledger:
        """Without the intents before `head`: their generations have orders whose ids are known."""
        intents = tuple(intent for intent in self.record.intents if intent.generation >= head)
        return replace(self, record=replace(self.record, intents=intents))

    def adopted(self, order: Order) -> Ledger:
        """After an order's id was written down and the open intents of its generation were closed."""
        ledger = self.kept(order)
        for intent in self.record.of(order.generation):
            ledger = ledger.closed(intent, Closed.ORDERED)
        return ledger


@dataclass(frozen=True, slots=True)
class World:
    """An account, the ledgers of its runners, and how often people may still interfere."""

    account: Account = Account()
    ledgers: tuple[Ledger, ...] = (Ledger(),)
    count: int = 2
    hands: int = 0

    def ledger_of(self, runner: int) -> Ledger:
        """The ledger of a runner; the last one is shared by all that have none of their own."""
        return self.ledgers[min(runner, len(self.ledgers) - 1)]

    def with_ledger(self, runner: int, ledger: Ledger) -> World:
        """After something was written down."""
        at = min(runner, len(self.ledgers) - 1)
        return replace(self, ledgers=(*self.ledgers[:at], ledger, *self.ledgers[at + 1 :]))
