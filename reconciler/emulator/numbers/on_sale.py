"""Which numbers can be ordered now: the inventory without what is owned, aging or held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.emulator.numbers import inventory
from reconciler.emulator.numbers.inventory import Search
from reconciler.emulator.numbers.reservations import held_numbers
from reconciler.emulator.store import Store


def is_free(store: Store, number: str, counts: Mapping[str, int], now: float) -> bool:
    """Whether a number (10 digits) is on sale, and neither owned nor held."""
    taken = not _is_back(store, number, now) or number in held_numbers(store, now)
    return inventory.exists(number, counts) and not taken


def free(search: Search, store: Store, counts: Mapping[str, int], now: float) -> Iterator[str]:
    """The numbers that a search finds, in the inventory's order."""
    held = held_numbers(store, now)
    found = inventory.find(search, counts)
    return (number for number in found if number not in held and _is_back(store, number, now))


def _is_back(store: Store, number: str, now: float) -> bool:
    """Whether nobody owns the number: never sold, or given up long enough ago."""
    record = store.numbers.get(number)
    return record is None or record.state(now) == "Available"
