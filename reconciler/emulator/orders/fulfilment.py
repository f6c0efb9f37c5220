"""Orders for numbers whose time has come, to verdicts, and verdicts to the records.

The table of back-order and partial follows the guide "Advanced ordering" of Bandwidth's earlier
documentation; the codes are those of the error catalogue.
"""

from __future__ import annotations

import itertools
from bisect import insort
from collections.abc import Iterator, Mapping

from reconciler.emulator.numbers import inventory, on_sale, reservations
from reconciler.emulator.numbers.inventory import Search
from reconciler.emulator.orders.order import Order, Verdict
from reconciler.emulator.orders.tables import EXISTING, SEARCHES
from reconciler.emulator.products.messaging import inherit
from reconciler.emulator.settings import Settings
from reconciler.emulator.store import Number, SipPeer, Store
from reconciler.emulator.xml import Tree


def order_type(document: Tree) -> str | None:
    """The element that says what is ordered; None when there is none, or more than one."""
    named = [name for name in (EXISTING, *SEARCHES) if name in document]
    return named[0] if len(named) == 1 else None


def reserved(document: Tree) -> list[str]:
    """The reservations that an order of given numbers names."""
    listed: list[str] = document.get(EXISTING, {}).get("ReservationIdList", {}).get("ReservationId", [])
    return listed


def quantity(order: Order) -> int:
    """How many numbers an order asks for."""
    kind = order_type(order.document) or EXISTING
    if kind == EXISTING:
        # A number that is named beside its own reservation is asked for once.
        unknown = sum(code == 5043 for code, _ in order.errors)
        settled = len(order.granted) + len(order.failed) + unknown
        return settled or len(order.numbers) + len(reserved(order.document))
    return int(order.document[kind]["Quantity"])


def search_of(wanted: Tree) -> Search:
    """What a search order asks the inventory for. Raises 5002 for an impossible area code."""
    for name in ("AreaCode", "NpaNxx", "NpaNxxX"):
        if name in wanted:
            inventory.check_area_code(wanted[name][:3])
    return inventory.asked_for(wanted)


def supply(store: Store, settings: Settings, now: float) -> str:
    """A text that changes when there may be other numbers to have than before."""
    had = sum(record.state(now) != "Available" for record in store.numbers.values())
    held = len(reservations.held_numbers(store, now))
    return f"{had} had, {held} held, {sorted((settings.inventory or {}).items())}"


def judge(order: Order, store: Store, settings: Settings, now: float) -> Verdict:
    """How the order goes on, from what is on sale now; changes nothing."""
    kind = order_type(order.document)
    assert kind is not None  # orders without a type are refused when they are placed
    if peer_of(order, store) is None:
        return Verdict("FAILED", errors=((5023, ""),))
    if kind == EXISTING:
        return _judge_existing(order, store, settings, now)
    if order.at_most == 0:
        return Verdict("FAILED", errors=((5018, ""),))
    missing = quantity(order) - len(order.granted)
    limit = missing if order.at_most is None else min(missing, order.at_most - len(order.granted))
    found = on_sale.free(search_of(order.document[kind]), store, _counts(order, settings), now)
    return _by_table(order, missing, tuple(itertools.islice(found, limit)))


def peer_of(order: Order, store: Store) -> SipPeer | None:
    """The location that the numbers are for, while there is one."""
    site = store.sites.get(order.site)
    return None if site is None else site.peers.get(order.peer)


def _counts(order: Order, settings: Settings) -> Mapping[str, int]:
    counts = settings.inventory or {}
    if not order.restocked:
        return counts
    return {code: max(count, inventory.DEFAULT_COUNT) for code, count in counts.items()}


def _by_table(order: Order, missing: int, found: tuple[str, ...]) -> Verdict:
    document = order.document
    if len(found) == missing:
        return Verdict("COMPLETE", found)
    if document["PartialAllowed"] == "false":
        found = ()
    some = bool(found or order.granted)
    if document["BackOrderRequested"] == "true":
        return Verdict("BACKORDERED", found, errors=((5520 if some else 5521, ""),))
    return Verdict("PARTIAL" if some else "FAILED", found, errors=((5017 if some else 5018, ""),))


def _judge_existing(order: Order, store: Store, settings: Settings, now: float) -> Verdict:
    holds = {one: reservations.find(store, one, now) for one in reserved(order.document)}
    held = {hold.number for hold in holds.values() if hold is not None}
    wanted = [*order.numbers, *sorted(held - set(order.numbers))]
    errors = [(5043, one) for one, hold in holds.items() if hold is None]
    errors += _unavailable(order, wanted, held, store, settings, now)
    refused = {about for _, about in errors}
    free = tuple(number for number in wanted if number not in refused)
    if not errors:
        return Verdict("COMPLETE", free)
    if order.document["PartialAllowed"] == "false" or not free:
        return Verdict("FAILED", failed=tuple(wanted), errors=tuple(errors))
    return Verdict("PARTIAL", free, tuple(n for n in wanted if n in refused), tuple(errors))


def _unavailable(
    order: Order, wanted: list[str], held: set[str], store: Store, settings: Settings, now: float
) -> Iterator[tuple[int, str]]:
    """The numbers that the order cannot have, each with its code; `held` are those that it has reserved."""
    free = 0
    earlier = _wanted_before(order, store)
    for number in wanted:
        if number in earlier:
            yield 5218, number
        elif free == order.at_most or not (number in held or _orderable(number, store, settings, now)):
            yield 5005, number
        else:
            free += 1


def _wanted_before(order: Order, store: Store) -> set[str]:
    before = itertools.takewhile(lambda one: one != order.id, store.unfinished)
    return {number for one in before if one in store.orders for number in store.orders[one].numbers}


def _orderable(number: str, store: Store, settings: Settings, now: float) -> bool:
    """Whether it is on sale, or one of the account's own that ages (numbers.yml, /tns/{tn})."""
    record = store.numbers.get(number)
    aging = record is not None and record.state(now) == "Aging"
    return aging or on_sale.is_free(store, number, settings.inventory or {}, now)


def carry_out(order: Order, verdict: Verdict, store: Store, settings: Settings, now: float) -> None:
    """Puts the numbers that the order gets at its location, and ends the reservations that it names."""
    peer = peer_of(order, store)
    for one in reserved(order.document):
        reservations.claim(store, one, now)
    for number in verdict.granted:
        assert peer is not None  # nothing is granted without a location
        record = Number(number, "Inservice", now, now, order.id, order.site, peer.id)
        record.active = now + settings.provision_seconds
        record.attributes = order.document.get("TnAttributes", {}).get("TnAttribute", [])
        inherit(record, peer)
        store.numbers[number] = record
        insort(peer.numbers, number)


def closed(order: Order) -> Verdict:
    """How a back-order ends that is closed; what it got stays."""
    got = bool(order.granted)
    return Verdict("PARTIAL" if got else "FAILED", errors=((5017 if got else 5018, ""),))
