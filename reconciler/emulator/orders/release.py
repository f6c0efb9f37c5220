"""Disconnects whose time has come, to verdicts, and verdicts to the records: numbers given up."""

from __future__ import annotations

from reconciler.emulator.orders.order import Order, Verdict, shared_out
from reconciler.emulator.orders.tables import DISCONNECT_TYPE
from reconciler.emulator.store import Number, Store


def judge(order: Order, store: Store) -> Verdict:
    """How the disconnect ends: numbers that are not in service here cannot be given up (5006)."""
    beyond = order.beyond()
    refused = [n for n in order.numbers if n in beyond or in_service(store, n) is None]
    return shared_out(order.numbers, [(5006, number) for number in refused])


def carry_out(order: Order, verdict: Verdict, store: Store, now: float) -> None:
    """Gives the numbers up, and marks them as the disconnect asks."""
    protection = order.document[DISCONNECT_TYPE]["Protected"]
    for number in verdict.granted:
        release(store, number, now)
        protect(store.numbers[number], protection)


def in_service(store: Store, number: str) -> Number | None:
    """The number (10 digits), while the account has it."""
    record = store.numbers.get(number)
    return record if record is not None and record.status == "Inservice" else None


def release(store: Store, number: str, now: float) -> bool:
    """Gives a number up: it ages, is at no location, and no search finds it. False: not in service."""
    record = in_service(store, number)
    if record is None:
        return False
    if record.site is not None and record.peer is not None:
        store.sites[record.site].peers[record.peer].numbers.remove(number)
    record.status, record.site, record.peer, record.changed = "Aging", None, None, now
    record.sms, record.campaign, record.message_class, record.options = False, "", "", {}
    return True


def protect(number: Number, answer: str) -> None:
    """Marks a number as Protected (true), or as not (false); any other word leaves it as it is."""
    if answer.lower() in ("true", "false"):
        others = [one for one in number.attributes if one != "Protected"]
        number.attributes = ["Protected", *others] if answer.lower() == "true" else others
