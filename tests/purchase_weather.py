"""A state of the model world to what may happen in it that is no move of any run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from purchase_circumstances import Branch, Circumstances, State
from purchase_world import Hidden, Ledger, World

from reconciler.chain import Order


def ends(world: World, order: Order, given: Circumstances) -> Iterator[tuple[str, World]]:
    """Every way in which an order may end; undisturbed, it delivers everything."""
    half = order.quantity // 2
    for status, numbers in (
        ("COMPLETE", order.quantity), ("PARTIAL", half), ("FAILED", 0), ("BACKORDERED", half),
    ):  # fmt: skip
        disturbed = order.generation <= given.purchases and (half or status != "PARTIAL")
        if status == "COMPLETE" or (status in given.ends and disturbed):
            account = world.account.granted(order.id, status, numbers, given.numbers)
            yield f"order {order.id} ends {status}", replace(world, account=account)


def events(world: World, given: Circumstances) -> Iterator[tuple[str, World]]:
    """What may happen to the account at any moment."""
    account = world.account
    for placed in account.orders:
        order = placed.order
        if order.status == "RECEIVED":
            yield from ends(world, order, given)
        elif order.status == "BACKORDERED":
            status = "COMPLETE" if order.pending == 1 else "BACKORDERED"
            granted = account.granted(order.id, status, 1, given.numbers)
            yield f"order {order.id} grants one", replace(world, account=granted)
    if world.hands and len(account.orders) < given.purchases:
        for number in {n.name[:-1]: n for n in account.numbers if n.there}.values():  # one of each order
            gone = account.released(number.name, given.numbers)
            yield f"release {number.name}", replace(world, account=gone, hands=world.hands - 1)


def weather(state: State, given: Circumstances) -> Iterator[Branch]:
    """Orders end, people interfere, requests arrive late, time passes."""
    world, account = state.world, state.world.account
    for what, after in events(world, given):
        yield Branch(what, replace(state, world=after))
    for late in account.late:
        rest = replace(account, late=tuple(other for other in account.late if other != late))
        arrived, _ = rest.placed(late.intent, Hidden(until=late.until))
        yield Branch("a late request", replace(state, world=replace(world, account=arrived)), made=late)
    if given.timed:
        for now in _moments(state, given):
            yield Branch("time passes", replace(state, world=replace(world, account=account.at(now))))
    if world.hands and not any(state.runs):
        yield from _edited(state, given)


def _edited(state: State, given: Circumstances) -> Iterator[Branch]:
    """What people do between two runs: edit the count, delete the ledger."""
    world = replace(state.world, hands=state.world.hands - 1)
    if len(world.account.orders) < given.purchases:
        for count in sorted(set(given.counts) - {world.count}):
            yield Branch(f"count {count}", replace(state, world=replace(world, count=count)))
    empty = (Ledger(),) * given.ledgers
    if given.forget and world.ledgers != empty and _may_forget(world, given):
        yield Branch("ledger deleted", replace(state, world=replace(world, ledgers=empty)))


def _moments(state: State, given: Circumstances) -> set[datetime]:
    """Moments to come that make a difference: around the end of a post's time, and of a doubt."""
    second = timedelta(seconds=1)
    intents = [run.intent for run in state.runs if run and run.intent]
    doubts = [i for ledger in state.world.ledgers for i in ledger.record.intents if i.closed is None]
    ends = [i.send_by for i in intents if i.number < given.intents and i.generation <= given.purchases]
    if not intents:
        ends = [given.assumptions.decidable(intent) for intent in doubts]
    instants = {moment for end in ends for moment in (end - second, end)}
    return {moment for moment in instants if moment > state.world.account.now}


def _may_forget(world: World, given: Circumstances) -> bool:
    """Rule 14: once no request was given up within the last H."""
    rules = given.assumptions
    doubts = [i for ledger in world.ledgers for i in ledger.record.intents if i.closed is None]
    return all(rules.settled(intent, world.account.now) for intent in doubts)
