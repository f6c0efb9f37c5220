"""A location's pools to their facts: back-orders first, then the number list, orders, number details."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from reconciler.api.client import Reader
from reconciler.api.errors import Unreadable
from reconciler.api.number_details import Directory
from reconciler.api.numbers import Number, read_numbers, read_place, read_total, read_whereabouts
from reconciler.api.orders import OrderBook
from reconciler.chain import Facts, Key, Order, Whereabouts, delivered_by
from reconciler.kinds.assignment import Pool, assign
from reconciler.kinds.criteria import asked
from reconciler.model import Address

LOOKS = 6  # how often the number list is read for a number that only it can decide (docs/purchases.md)
# How often the number list may disagree with itself before a purchase is given up: what the location's other
# pools have ordered in the same run comes in between two readings, too.
READINGS = 20

Backorders = Sequence[tuple[Key, Order, str]]


@dataclass(frozen=True)
class LocationPools:
    """One live location's pools: its number list's path, and each pool's key and count."""

    tns_path: str
    pools: Mapping[Address, tuple[Key, int]]


@dataclass(frozen=True)
class Reading:
    """The facts of each pool of a location, and every number that it lists."""

    facts: Mapping[Address, Facts]
    numbers: tuple[Number, ...]


def read_pools(
    directory: Directory,
    book: OrderBook,
    place: LocationPools,
    backorders: Backorders,
    *,
    twice: bool = False,
) -> Reading:
    """Every fact about the pools of one location. Raises `ApiError` or `ForeignOrder`.

    `twice` reads the number list until two readings and the location's own total agree, as a purchase
    asks for. A number that nothing but the list can decide is looked for in it six times.
    """
    for _ in range(LOOKS):
        reading = _read_once(directory, book, place, backorders, twice=twice)
        if not any(facts.undecided for facts in reading.facts.values()):
            break
    return reading


def _read_once(
    directory: Directory, book: OrderBook, place: LocationPools, backorders: Backorders, *, twice: bool
) -> Reading:
    reader, began = directory.reader, book.date
    numbers = _steady_numbers(reader, place.tns_path) if twice else read_numbers(reader, place.tns_path)
    listed = frozenset(number.digits for number in numbers)
    facts = {
        address: _facts_of_orders(book, key, count, backorders, began)
        for address, (key, count) in place.pools.items()
    }
    for address, each in facts.items():
        facts[address] = _not_listed(reader, each, listed)
    return Reading(_shared_out(directory, facts, listed), numbers)


def _facts_of_orders(
    book: OrderBook, key: Key, count: int, backorders: Backorders, began: datetime | None
) -> Facts:
    record = book.record(key.chain)
    chain = book.chain(key, record)
    own = {order.id for order in chain}
    foreign = tuple(order for k, order, _ in backorders if k == key and order.id not in own)
    return Facts(
        count, chain=chain, backorders=foreign, began=began, settle=book.settle, record=record, key=key
    )


def _not_listed(reader: Reader, facts: Facts, listed: Collection[str]) -> Facts:
    """Where the pool's delivered numbers are that the location does not list."""
    assert facts.key is not None
    gone = sorted(delivered_by(facts.orders).difference(listed))
    return replace(facts, missing={number: read_whereabouts(reader, number, facts.key) for number in gone})


def _shared_out(
    directory: Directory, facts: Mapping[Address, Facts], listed: frozenset[str]
) -> dict[Address, Facts]:
    """The facts with the numbers that count for each pool."""
    pools = {address: _wanting(address.criterion, each, listed) for address, each in facts.items()}
    words = {word for address in facts for word in asked(address.criterion).details}
    assigned = assign(pools.values(), directory.read(listed, words))
    found = {}
    for address, each in facts.items():
        mine = assigned[address.criterion]
        lent = (delivered_by(each.orders) & listed) - mine
        found[address] = _very_number(directory.reader, replace(each, listed=mine, lent=lent))
    return found


def _wanting(criterion: str, facts: Facts, listed: frozenset[str]) -> Pool:
    """How many of the listed numbers the pool lacks: what is coming need not be taken from others."""
    delivered = delivered_by(facts.orders) & listed
    coming = replace(facts, lent=delivered)
    return Pool(criterion, facts.count - coming.present - coming.pending, delivered)


def _very_number(reader: Reader, facts: Facts) -> Facts:
    """Where the one number of a pool is that the location does not list: here all the same, or elsewhere.

    A number is not listed before it is in service (band CLI: InAccount), and one that the account has at
    another location cannot be ordered (5005).
    """
    assert facts.key is not None
    number = asked(facts.key.criterion).number
    if not number or facts.deficit <= 0 or facts.lent:
        return facts
    where, words = read_place(reader, number, facts.key)
    if where is Whereabouts.HERE:
        return replace(facts, listed=frozenset({number}))
    return replace(facts, held=words)


def _steady_numbers(reader: Reader, path: str) -> tuple[Number, ...]:
    before: Counter[Number] | None = None
    for _ in range(READINGS):
        numbers = read_numbers(reader, path)
        total = read_total(reader, path.removesuffix("/tns") + "/totaltns")
        if (found := Counter(numbers)) == before and total in {None, len(numbers)}:
            return numbers
        before = found  # no document says in what order the list is
    raise Unreadable(
        f"GET {path}: the list of numbers did not settle in {READINGS} readings", f"GET {path}",
        hint="nothing was ordered; run apply again",
    )  # fmt: skip
