"""Orders and disconnects whose time has come, to verdicts, and verdicts to the records.

The table of back-order and partial follows the guide "Advanced ordering" of Bandwidth's earlier
documentation; the codes are those of the error catalogue.
"""

from __future__ import annotations

import itertools
from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reconciler.emulator.numbers import inventory
from reconciler.emulator.numbers.inventory import Search, keypad
from reconciler.emulator.orders.tables import EXISTING, SEARCHES
from reconciler.emulator.products.messaging import inherit
from reconciler.emulator.store import Number, Order, SipPeer, Store
from reconciler.emulator.xml import Tree

_DETAILS = {
    "State": "state",
    "City": "city",
    "RateCenter": "rate_center",
    "Zip": "zip",
    "Lata": "lata",
}


@dataclass(frozen=True)
class Verdict:
    """How an order ends: its status, the numbers it gets, those it does not, and why."""

    status: str
    granted: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    errors: tuple[tuple[int, str], ...] = ()


def order_type(document: Tree) -> str | None:
    """The element that says what is ordered; None when there is none, or more than one."""
    named = [name for name in (EXISTING, *SEARCHES) if name in document]
    return named[0] if len(named) == 1 else None


def search_of(kind: str, wanted: Tree) -> Search:
    """What a search order asks the inventory for. Raises 5002 for an impossible area code."""
    if kind == "TollFreeVanitySearchAndOrderType":
        return Search(inventory.TOLL_FREE, digits=keypad(wanted["TollFreeVanity"]))
    if kind == "TollFreeWildCharSearchAndOrderType":
        pattern = wanted["TollFreeWildCardPattern"]
        return Search(tuple(code for code in inventory.TOLL_FREE if _fits(code, pattern)))
    prefixes = [wanted[name] for name in ("AreaCode", "NpaNxx", "NpaNxxX") if name in wanted]
    for prefix in prefixes:
        inventory.check_area_code(prefix[:3])
    longest = max(prefixes, key=len, default="")
    # Several prefixes that do not agree match no number at all.
    agree = all(longest.startswith(prefix) for prefix in prefixes)
    return Search(
        codes=(longest[:3],) if longest else (),
        prefix=longest if agree else "none",
        digits=keypad(wanted.get("LocalVanity", "")),
        ends_in=wanted.get("EndsIn") == "true",
        place=tuple((_DETAILS[name], wanted[name].upper()) for name in _DETAILS if name in wanted),
    )


def _fits(code: str, pattern: str) -> bool:
    return all(want in ("*", digit) for want, digit in zip(pattern, code, strict=True))


def judge(order: Order, store: Store, peer: SipPeer | None, counts: Mapping[str, int]) -> Verdict:
    """How the order ends, from what is on sale now; changes nothing."""
    kind = order_type(order.document)
    assert kind is not None  # orders without a type are refused when they are placed
    if peer is None:
        return Verdict("FAILED", errors=((5023, ""),))
    if kind == EXISTING:
        return _judge_existing(order, store, counts)
    quantity = int(order.document[kind]["Quantity"])
    if order.at_most == 0:
        return Verdict("FAILED", errors=((5018, ""),))
    limit = quantity if order.at_most is None else min(quantity, order.at_most)
    on_sale = _unsold(search_of(kind, order.document[kind]), store, counts)
    return _by_table(order.document, quantity, tuple(itertools.islice(on_sale, limit)))


def _unsold(search: Search, store: Store, counts: Mapping[str, int]) -> Iterator[str]:
    # A number given up stays in the store as Aging, so it is never sold again.
    return (n for n in inventory.find(search, counts) if n not in store.numbers)


def _by_table(document: Tree, quantity: int, found: tuple[str, ...]) -> Verdict:
    if len(found) == quantity:
        return Verdict("COMPLETE", found)
    if document["PartialAllowed"] == "false":
        found = ()
    if document["BackOrderRequested"] == "true":
        return Verdict("BACKORDERED", found, errors=((5520 if found else 5521, ""),))
    if not found:
        return Verdict("FAILED", errors=((5018, ""),))
    return Verdict("PARTIAL", found, errors=((5017, ""),))


def _judge_existing(order: Order, store: Store, counts: Mapping[str, int]) -> Verdict:
    wanted = existing_numbers(order.document)
    on_sale = (n for n in wanted if n not in store.numbers and inventory.exists(n, counts))
    free = dict.fromkeys(itertools.islice(on_sale, order.at_most))
    refused = [n for n in wanted if n not in free]
    errors = [(5005, number) for number in refused]
    errors += [(5043, one) for one in reservations(order.document)]
    if not errors:
        return Verdict("COMPLETE", tuple(free))
    if order.document["PartialAllowed"] == "false" or not free:
        return Verdict("FAILED", failed=tuple(wanted), errors=tuple(errors))
    return Verdict("PARTIAL", tuple(free), tuple(refused), tuple(errors))


def existing_numbers(document: Tree) -> list[str]:
    """The numbers that an order of given numbers names."""
    listed: list[str] = document[EXISTING].get("TelephoneNumberList", {}).get("TelephoneNumber", [])
    return listed


def reservations(document: Tree) -> list[str]:
    """The reservations that an order of given numbers names; none is ever found."""
    listed: list[str] = document[EXISTING].get("ReservationIdList", {}).get("ReservationId", [])
    return listed


def settle(order: Order, store: Store, counts: Mapping[str, int], now: float) -> None:
    """Ends an order for numbers: judges it and writes what it got to the records."""
    site = store.sites.get(order.document["SiteId"])
    peer = site.peers.get(order.peer) if site else None
    verdict = judge(order, store, peer, counts)
    for number in verdict.granted:
        assert peer is not None  # nothing is granted without a location
        record = Number(number, "Inservice", now, now, order.id, order.document["SiteId"], peer.id)
        record.attributes = order.document.get("TnAttributes", {}).get("TnAttribute", [])
        inherit(record, peer)
        store.numbers[number] = record
        insort(peer.numbers, number)
    _end(order, verdict, now)


def settle_disconnect(order: Order, store: Store, now: float) -> None:
    """Ends a disconnect: its numbers age, those that are not in service here are errors."""
    wanted = disconnected_numbers(order.document)
    gone = {number: release(store, number, now) for number in wanted}
    released = tuple(number for number in wanted if gone[number])
    failed = tuple(number for number in wanted if not gone[number])
    status = "COMPLETE" if not failed else "PARTIAL" if released else "FAILED"
    _end(order, Verdict(status, released, failed, tuple((5006, n) for n in failed)), now)


def disconnected_numbers(document: Tree) -> list[str]:
    """The numbers that a disconnect names."""
    of_type = document["DisconnectTelephoneNumberOrderType"]
    listed: list[str] = of_type["TelephoneNumberList"]["TelephoneNumber"]
    return listed


def release(store: Store, number: str, now: float) -> bool:
    """Gives a number up: it ages, is at no location, is never sold again. False: not in service."""
    record = store.numbers.get(number)
    if record is None or record.status != "Inservice":
        return False
    if record.site is not None and record.peer is not None:
        store.sites[record.site].peers[record.peer].numbers.remove(number)
    record.status, record.site, record.peer, record.changed = "Aging", None, None, now
    record.sms, record.campaign, record.message_class = False, "", ""
    return True


def close(order: Order, now: float) -> None:
    """Ends a back-order; what it got stays."""
    got = tuple(order.granted)
    status = "PARTIAL" if got else "FAILED"
    _end(order, Verdict(status, got, errors=((5017 if got else 5018, ""),)), now)


def _end(order: Order, verdict: Verdict, now: float) -> None:
    order.status = verdict.status
    order.granted, order.failed = list(verdict.granted), list(verdict.failed)
    order.errors = list(verdict.errors)
    order.changed = now
    order.ended = None if verdict.status == "BACKORDERED" else now
