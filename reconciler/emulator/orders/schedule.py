"""When orders of every sort go on to their next status, and what their history says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.emulator.catalogue import TEXTS
from reconciler.emulator.moves import relocation
from reconciler.emulator.options import provisioning
from reconciler.emulator.orders import fulfilment, release
from reconciler.emulator.orders.order import ENDED, Order, Sort, Verdict
from reconciler.emulator.settings import Settings
from reconciler.emulator.store import Outcomes, Store

_NOTES = {
    "RECEIVED": "{name} has been received by the system.",
    "PROCESSING": "{name} processing has started.",
    "COMPLETE": "{name} is complete.",
    "PARTIAL": "{name} is partially complete.",
    "FAILED": "{name} has failed.",
}


@dataclass(frozen=True)
class _Way:
    """How orders of one sort go on: who judges, who carries out, and whether PROCESSING is shown."""

    judge: Callable[[Order, Store, Settings, float], Verdict]
    carry_out: Callable[[Order, Verdict, Store, Settings, float], None]
    processing: bool = False
    name: str = "Order"


_WAYS: dict[Sort, _Way] = {
    "orders": _Way(fulfilment.judge, fulfilment.carry_out),
    "disconnects": _Way(
        lambda order, store, _settings, _now: release.judge(order, store),
        lambda order, verdict, store, _settings, now: release.carry_out(order, verdict, store, now),
    ),
    "tn_options": _Way(
        lambda order, store, settings, _now: provisioning.judge(order, store, settings),
        lambda order, verdict, store, _settings, now: provisioning.carry_out(order, verdict, store, now),
        processing=True,
    ),
    "moves": _Way(
        lambda order, store, _settings, _now: relocation.judge(order, store),
        lambda order, verdict, store, _settings, now: relocation.carry_out(order, verdict, store, now),
        processing=True,
        name="Move TNs order",
    ),
}


def place(order: Order, sort: Sort, store: Store, outcomes: Outcomes, now: float) -> None:
    """Takes an order in; it is carried out later."""
    order.at_most = outcomes.next_limit(sort)
    order.enter("RECEIVED", _NOTES["RECEIVED"].format(name=_WAYS[sort].name), now)
    store.take(sort, order)


def advance(store: Store, settings: Settings, outcomes: Outcomes, now: float) -> None:
    """Takes the orders whose time has come to their next status, in the order of their coming."""
    if outcomes.held or not store.unfinished:
        return
    for order_id, sort in list(store.unfinished.items()):
        order = store.of_sort(sort)[order_id]
        if order.status == "BACKORDERED":
            _look_again(order, store, settings, now)
        elif _due(order, settings, now):
            _end(order, sort, store, settings, now)
        elif _WAYS[sort].processing and order.status == "RECEIVED" and _half_due(order, settings, now):
            _process(order, sort, now)


def _due(order: Order, settings: Settings, now: float) -> bool:
    if settings.order_looks is not None:
        return order.looks >= settings.order_looks
    return now >= order.created + settings.order_seconds


def _half_due(order: Order, settings: Settings, now: float) -> bool:
    if settings.order_looks is not None:
        return 0 < settings.order_looks <= 2 * order.looks
    return now >= order.created + settings.order_seconds / 2


def _process(order: Order, sort: Sort, now: float) -> None:
    looks = order.looks
    order.enter("PROCESSING", _NOTES["PROCESSING"].format(name=_WAYS[sort].name), now)
    order.looks = looks  # PROCESSING is part of the time that an order takes


def _end(order: Order, sort: Sort, store: Store, settings: Settings, now: float) -> None:
    way = _WAYS[sort]
    if way.processing and order.status == "RECEIVED":
        _process(order, sort, now)
    verdict = way.judge(order, store, settings, now)
    way.carry_out(order, verdict, store, settings, now)
    order.supply = fulfilment.supply(store, settings, now) if verdict.status == "BACKORDERED" else ""
    settle(order, verdict, way.name, now)
    if verdict.status in ENDED:
        del store.unfinished[order.id]


def settle(order: Order, verdict: Verdict, name: str, now: float) -> None:
    """Writes to the order what has become of it."""
    order.granted += verdict.granted
    order.failed, order.errors = list(verdict.failed), list(verdict.errors)
    waits = verdict.status == "BACKORDERED"
    note = TEXTS[verdict.errors[0][0]] if waits else _NOTES[verdict.status].format(name=name)
    order.enter(verdict.status, note, now)


def _look_again(order: Order, store: Store, settings: Settings, now: float) -> None:
    if _restocks(order, settings, now):
        _restock(order)
    if order.supply != fulfilment.supply(store, settings, now):
        verdict = fulfilment.judge(order, store, settings, now)
        if verdict.granted or verdict.status != "BACKORDERED":
            _end(order, "orders", store, settings, now)
        else:
            order.supply = fulfilment.supply(store, settings, now)


def _restocks(order: Order, settings: Settings, now: float) -> bool:
    if order.restocked:
        return False
    seconds, looks = settings.backorder_seconds, settings.backorder_looks
    in_time = seconds is not None and now >= order.since + seconds
    return in_time or (looks is not None and order.looks >= looks)


def _restock(order: Order) -> None:
    order.restocked, order.at_most, order.supply = True, None, ""


def restock(store: Store) -> None:
    """The numbers that back-orders wait for come on sale; they get them when the next call comes."""
    for order_id in store.unfinished:
        if order_id in store.orders and store.orders[order_id].status == "BACKORDERED":
            _restock(store.orders[order_id])


def close(order: Order, store: Store, now: float) -> None:
    """Ends a back-order; what it got stays."""
    settle(order, fulfilment.closed(order), "Order", now)
    del store.unfinished[order.id]
