"""The numbers of live locations to what is known of them for pools: which count, which come, which leave."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from reconciler import reads
from reconciler.api.client import Reader
from reconciler.api.departing import Departing, read_departing
from reconciler.api.disconnects import open_disconnects
from reconciler.api.errors import ApiError, Forbidden
from reconciler.api.looks import LOOKS, pauses
from reconciler.api.number_details import Directory
from reconciler.api.numbers import Number, read_place
from reconciler.api.orders import OrderBook
from reconciler.api.pools import Backorders, LocationPools, Reading, read_pools
from reconciler.api.standings import read_standing
from reconciler.chain import Facts, Key
from reconciler.desired import Desired
from reconciler.kinds.criteria import asked
from reconciler.kinds.default_location import DEFAULT
from reconciler.model import Address, LiveResource
from reconciler.past import Lag, Past

A = TypeVar("A")
B = TypeVar("B")
MOST_STAYING = 200  # numbers that are asked about one by one, before others of their pool are given up
Names = tuple[str, ...]


@dataclass(frozen=True)
class Inventory:
    """The numbers by the names of their location, the facts of pools, and what becomes of numbers that go.

    `backorders` are the ids of the back-orders at locations that are to go.
    """

    numbers: Mapping[Names, Sequence[Number]]
    pools: Mapping[Address, Facts]
    backorders: Mapping[Names, Sequence[str]]
    departing: Departing


@dataclass(frozen=True)
class Stocktaking:
    """What an inventory is taken with: the manifest with what it hands over, and what was read before."""

    reader: Reader
    threads: Executor
    desired: Desired
    account: str
    found: Mapping[Address, LiveResource]
    past: Past
    lag: Lag

    def take(self, named: Collection[str]) -> Inventory:
        """Read all of it. `named` are numbers (ten digits) that a person said to give up."""
        departing = self._departing(named) if named else Departing()
        book = OrderBook(self.reader, self.account, self.lag.settle, self.past.record)
        planned = list(reads.number_reads(self.desired, self.account, self._ids))
        leaving = list(reads.leaving(self.desired, self._ids))
        needed = any(place.pools for place in planned)
        backorders = self._backorders(book, needed=needed) if needed or leaving else ()
        places = self._places(planned, book, backorders)
        pools = {pool: facts for _, place in places for pool, facts in place.facts.items()}
        gone = (
            departing.leaving | self._gone(pools.values(), named) if named else self._leaving(pools.values())
        )
        return Inventory(
            numbers={location.names: place.numbers for location, place in places},
            pools={pool: replace(facts, leaving=facts.listed & gone) for pool, facts in pools.items()}
            | self._named_elsewhere(),
            backorders={address.names: self._waiting_at(address, backorders) for address in leaving},
            departing=departing,
        )

    @property
    def _ids(self) -> dict[Address, str]:
        return {address: live.id for address, live in self.found.items() if live.id}

    def _all(self, function: Callable[[A], B], items: Sequence[A]) -> Iterable[tuple[A, B]]:
        return zip(items, self.threads.map(function, items), strict=True)

    def _departing(self, named: Collection[str]) -> Departing:
        """What becomes of numbers that are to be given up; a disconnect order gets a moment to end.

        A run that was killed left it open, and the next one is started right after.
        """
        departing = read_departing(self.reader, self.account, named)
        for pause in islice(pauses(self.lag.settle), LOOKS - 1):
            if departing.leaving.isdisjoint(named):
                break
            self.lag.pause(pause)
            departing = read_departing(self.reader, self.account, named)
        return departing

    def _backorders(self, book: OrderBook, *, needed: bool) -> Backorders:
        """The account's open back-orders, where they are `needed` to count, or keep a location from going.

        Who may not read orders may delete a location all the same; the API refuses where one waits (13681).
        """
        try:
            book.calibrate()
            return book.backorders()
        except Forbidden:
            if needed:
                raise
            return ()

    def _places(
        self, planned: Sequence[reads.NumberRead], book: OrderBook, backorders: Backorders
    ) -> list[tuple[Address, Reading]]:
        """The numbers, and the orders of pools, of the live locations that ask for it."""
        directory = Directory(self.reader, self.account)

        def read(place: reads.NumberRead) -> Reading:
            return read_pools(directory, book, LocationPools(place.path, place.pools), backorders)

        return [(place.location, reading) for place, reading in self._all(read, planned)]

    def _gone(self, pools: Iterable[Facts], named: Collection[str]) -> frozenset[str]:
        """Numbers that are gone though a list shows them, of pools that are to give others up.

        Lists lag, and what is gone must not be taken for what stays.
        """

        def is_gone(number: str) -> bool:
            return read_standing(self.reader, self.account, [number])[number].gone

        shrinking = (facts for facts in pools if not facts.listed.isdisjoint(named))
        staying = sorted({number for facts in shrinking for number in facts.listed.difference(named)})
        return frozenset(number for number, gone in self._all(is_gone, staying[:MOST_STAYING]) if gone)

    def _leaving(self, pools: Iterable[Facts]) -> frozenset[str]:
        """What leaves already, where there is a surplus; nothing where nobody can tell: none goes now."""
        if any(len(facts.listed) > facts.count for facts in pools):
            with suppress(ApiError):
                return frozenset(open_disconnects(self.reader, self.account))
        return frozenset()

    def _named_elsewhere(self) -> dict[Address, Facts]:
        """Where the numbers are by now that pools of locations name which are still to be created."""

        def held(pool: tuple[Address, int, Key]) -> str:
            _, words = read_place(self.reader, asked(pool[2].criterion).number, pool[2])
            return words

        planned = list(reads.named_reads(self.desired, self.account, self._ids))
        return {pool: Facts(count, held=words) for (pool, count, _), words in self._all(held, planned)}

    def _waiting_at(self, location: Address, backorders: Backorders) -> Sequence[str]:
        """A location's open back-orders; what names none comes to the default one (numbers.yml, /orders)."""
        site, live = self._ids[Address("sub_account", location.names[:1])], self.found[location]
        here = {live.id, ""} if live.fields.get(DEFAULT) else {live.id}
        return [order.id for key, order, _ in backorders
                if key.site == site and key.peer in here and order.status == "BACKORDERED"]  # fmt: skip
