"""Moves whose time has come, to verdicts, and verdicts to the records: numbers at another location."""

from __future__ import annotations

from reconciler.emulator.numbers.moving import move
from reconciler.emulator.orders.order import Order, Verdict, shared_out
from reconciler.emulator.orders.release import in_service
from reconciler.emulator.store import Store


def judge(order: Order, store: Store) -> Verdict:
    """How the move ends: the location may be gone by now (7312), numbers may not be in service (7518)."""
    site = store.sites.get(order.site)
    if site is None or order.peer not in site.peers:
        return Verdict("FAILED", failed=tuple(order.numbers), errors=((7312, ""),))
    beyond = order.beyond()
    refused = [n for n in order.numbers if n in beyond or in_service(store, n) is None]
    return shared_out(order.numbers, [(7518, number) for number in refused])


def carry_out(order: Order, verdict: Verdict, store: Store, now: float) -> None:
    """Moves the numbers that can be moved; they take on the settings of the location."""
    if verdict.granted:
        site = store.sites[order.site]
        move(store, verdict.granted, site, site.peers[order.peer], now)
