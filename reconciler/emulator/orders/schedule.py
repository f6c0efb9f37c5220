"""When orders and disconnects are carried out."""

from __future__ import annotations

from reconciler.emulator.orders.fulfilment import settle, settle_disconnect
from reconciler.emulator.settings import Settings
from reconciler.emulator.store import Order, Outcomes, Store


def advance(store: Store, settings: Settings, outcomes: Outcomes, now: float) -> None:
    """Carries out, in the order of their coming, the orders whose time has come."""
    if outcomes.held or not store.received:
        return
    waiting = []
    for order_id in store.received:
        order = store.orders.get(order_id) or store.disconnects[order_id]
        if not _due(order, settings, now):
            waiting.append(order_id)
        elif order_id in store.orders:
            settle(order, store, settings.inventory or {}, now)
        else:
            settle_disconnect(order, store, now)
    store.received = waiting


def _due(order: Order, settings: Settings, now: float) -> bool:
    if settings.order_looks is not None:
        return order.looks >= settings.order_looks
    return now >= order.created + settings.order_seconds
