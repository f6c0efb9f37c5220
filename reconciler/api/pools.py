"""A location's pools to their facts: back-orders first, then the number list, orders, number details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.api.client import Reader
from reconciler.api.errors import Unreadable
from reconciler.api.numbers import Number, read_numbers, read_total, read_whereabouts
from reconciler.api.orders import OrderBook
from reconciler.chain import Facts, Key, Order, delivered_by
from reconciler.kinds.number_pool import assign
from reconciler.model import Address

LOOKS = 6  # how often the number list is read for a number that only it can decide (docs/purchases.md)
READINGS = 5  # how often the number list may disagree with itself before a purchase is given up

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
    reader: Reader, book: OrderBook, place: LocationPools, backorders: Backorders, *, twice: bool = False
) -> Reading:
    """Every fact about the pools of one location. Raises `ApiError` or `ForeignOrder`.

    `twice` reads the number list until two readings and the location's own total agree, as a purchase
    asks for. A number that nothing but the list can decide is looked for in it six times.
    """
    for _ in range(LOOKS):
        reading = _read_once(reader, book, place, backorders, twice=twice)
        if not any(facts.undecided for facts in reading.facts.values()):
            break
    return reading


def _read_once(
    reader: Reader, book: OrderBook, place: LocationPools, backorders: Backorders, *, twice: bool
) -> Reading:
    began = book.date
    numbers = _steady_numbers(reader, place.tns_path) if twice else read_numbers(reader, place.tns_path)
    listed = frozenset(number.digits for number in numbers)
    facts: dict[Address, Facts] = {}
    for address, (key, count) in place.pools.items():
        record = book.record(key.chain)
        chain = book.chain(key, record)
        own = {order.id for order in chain}
        foreign = tuple(order for k, order, _ in backorders if k == key and order.id not in own)
        facts[address] = Facts(count, chain=chain, backorders=foreign, began=began, settle=book.settle,
                               record=record, key=key)  # fmt: skip
    assigned = assign(
        {key.criterion: count for key, count in place.pools.values()},
        listed,
        {place.pools[a][0].criterion: delivered_by(f.orders) for a, f in facts.items()},
    )
    for address, (key, _) in place.pools.items():
        gone = sorted(delivered_by(facts[address].orders) - listed)
        missing = {number: read_whereabouts(reader, number, key) for number in gone}
        facts[address] = replace(facts[address], listed=assigned[key.criterion], missing=missing)
    return Reading(facts, numbers)


def _steady_numbers(reader: Reader, path: str) -> tuple[Number, ...]:
    before: tuple[Number, ...] | None = None
    for _ in range(READINGS):
        numbers = read_numbers(reader, path)
        total = read_total(reader, path.removesuffix("/tns") + "/totaltns")
        if numbers == before and total in {None, len(numbers)}:
            return numbers
        before = numbers
    raise Unreadable(
        f"GET {path}: the list of numbers did not settle in {READINGS} readings", f"GET {path}",
        hint="nothing was ordered; run apply again",
    )  # fmt: skip
