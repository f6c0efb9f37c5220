"""A state of the model world to every state that may come next: each move's outcomes, crashes, and weather.

The driver does what `reconciler.purchase.next_move` says, with the same pure functions as the client.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from purchase_circumstances import Branch, Circumstances, State
from purchase_reading import look
from purchase_weather import ends, events, weather
from purchase_world import Late, Still, World

from reconciler.chain import Facts, Intent, Order, Record
from reconciler.purchase import Adopt, Close, CloseIntent, Intend, Look, LookUp, Move, Post, Stop, Wait
from reconciler.standing import Posted, Progress, Search

NO_FACTS = Facts(0, missing=Still(), record=Record(orders=Still()))
# what happens to the account before one of these might as well happen after it
LEDGER_ONLY = (Adopt, Intend, CloseIntent, Stop)


def branches(state: State, given: Circumstances) -> Iterator[Branch]:
    """Everything that may happen next; first what happens when nothing disturbs the first runner."""
    touched = not any(state.runs)
    for runner, progress in enumerate(state.runs):
        if progress is None:
            yield from _begun(state, runner, given)
        elif not _waits(state, runner, given):
            move = given.machine(progress)
            touched = touched or not isinstance(move, LEDGER_ONLY)
            yield from _carried_out(state, runner, progress, move, given)
            if progress.intent is None or progress.intent.number < given.intents:
                yield Branch("crash", state.after(runner, state.world, None))
    if touched:
        yield from weather(state, given)


def _waits(state: State, runner: int, given: Circumstances) -> bool:
    """Whether another runner is between its last look and its post, where that is one step."""
    others = (run for at, run in enumerate(state.runs) if at != runner and run)
    return not given.raced and any(run.intent and run.looked and not run.found for run in others)


def _begun(state: State, runner: int, given: Circumstances) -> Iterator[Branch]:
    """A run takes the lock; one that another has may be taken from it, as if its lease were over."""
    ledger = state.world.ledger_of(runner)
    if ledger.holder is not None and any(i.number >= given.intents for i in ledger.record.intents):
        return
    world = state.world.with_ledger(runner, replace(ledger, holder=runner))
    progress = Progress(world.count, assumptions=given.assumptions)
    yield Branch(f"run {runner} begins", state.after(runner, world, progress))


def _carried_out(
    state: State, runner: int, progress: Progress, move: Move, given: Circumstances
) -> Iterator[Branch]:
    match move:
        case Look():
            yield from _looked(state, runner, progress, given)
        case LookUp():
            yield from _looked_up(state, runner, progress, move, given)
        case Post(intent):
            yield from _posted(state, runner, progress, intent, given)
        case Wait(order) | Close(order):
            for what, world, after in _waited(state.world, progress, order, given, isinstance(move, Close)):
                yield Branch(what, state.after(runner, world, after))
        case Stop():
            world = state.world
            if given.timed and move.until:
                world = replace(world, account=world.account.at(max(move.until, world.account.now)))
            yield Branch(f"stop: {move.end}", state.after(runner, world, None), stop=move)
        case _:
            yield from _written_down(state, runner, progress, move, given)


def _written_down(
    state: State, runner: int, progress: Progress, move: Move, given: Circumstances
) -> Iterator[Branch]:
    ledger = state.world.ledger_of(runner)
    match move:
        case Adopt(order):
            world = state.world.with_ledger(runner, ledger.adopted(order))
            if given.folded:
                account = world.account.found(order.id).without_history(order.generation)
                world = replace(world, account=account)
                world = world.with_ledger(runner, world.ledger_of(runner).without_history(order.generation))
            yield Branch("adopt", state.after(runner, world, progress.adopted(order)))
            half = state.world.with_ledger(runner, ledger.kept(order))
            yield Branch("crash in adopting", state.after(runner, half, None))
        case Intend(intent):
            declared = ledger.declared(intent)
            # nothing asks for the facts once there is an intent: states that differ in them are one
            lean = replace(progress, facts=NO_FACTS)
            after = lean.intended(intent) if declared else progress.interfered()
            world = state.world.with_ledger(runner, declared or ledger)
            yield Branch("intend", state.after(runner, world, after))
        case CloseIntent(intent, how):
            world = state.world.with_ledger(runner, ledger.closed(intent, how))
            yield Branch(f"close intent: {how}", state.after(runner, world, progress.closed()))


def _looked(state: State, runner: int, progress: Progress, given: Circumstances) -> Iterator[Branch]:
    """Rules 4 to 8; something may happen between the number list and the orders."""
    lease = float("inf") if state.world.ledger_of(runner).holder == runner else 0.0
    for what, between in (("", state.world), *events(state.world, given)):
        world, facts = look(state.world, runner, given, between if what else None)
        if facts is None:
            yield Branch("the look-up failed", state.after(runner, world, None))
        else:
            after = progress.read(facts, world.account.now, lease)
            yield Branch(f"look {what}".strip(), state.after(runner, world, after))


def _looked_up(
    state: State, runner: int, progress: Progress, move: LookUp, given: Circumstances
) -> Iterator[Branch]:
    account, found = state.world.account.under(move.generation)
    world = replace(state.world, account=account)
    if progress.intent:
        after = progress.looked_up(found, account.now)
        yield Branch("last look", state.after(runner, world, after))
        if progress.intent.number < given.intents:
            yield Branch("last look fails", state.after(runner, world, progress.answered(Posted.NOT_SENT)))
        return
    search = progress.search
    if search is None:
        assert progress.facts is not None
        doubt = progress.facts.record.youngest_open(move.generation)
        assert doubt is not None
        search = Search(doubt, own=False)
    search = replace(search, looks=search.looks + 1, began=account.now)
    after = progress.searched(search, found, account.now)
    yield Branch("look up", state.after(runner, world, after))


def _posted(
    state: State, runner: int, progress: Progress, intent: Intent, given: Circumstances
) -> Iterator[Branch]:
    world, account = state.world, state.world.account
    unsent = Posted.NOT_SENT if world.ledger_of(runner).holder != runner else None
    if unsent is None and account.now >= intent.send_by:
        unsent = Posted.LATE
    if unsent:
        yield Branch("not sent", state.after(runner, world, progress.answered(unsent)))
        return
    progress = progress if progress.intent else progress.intended(intent)  # a machine without intents
    made = Late(intent, world.count, late_until(account.now, given))
    placed, order = account.placed(intent, given.orders.after(account.now))
    done = replace(world, account=placed)
    yield Branch("answer", state.after(runner, done, progress.accepted(order)), made=made)
    if intent.generation > given.purchases:
        return
    unknown = progress.answered(Posted.UNKNOWN)
    yield Branch("lost after", state.after(runner, done, unknown), made=made)
    yield Branch("5xx after", state.after(runner, done, unknown), made=made)
    yield Branch("crash after the effect", state.after(runner, done, None), made=made)
    if intent.number >= given.intents:
        return
    yield Branch("lost before", state.after(runner, world, unknown))
    yield Branch("refused", state.after(runner, world, progress.answered(Posted.REFUSED)))
    if given.timed:
        travelling = replace(world, account=replace(account, late=(*account.late, made)))
        yield Branch("late", state.after(runner, travelling, unknown))
        yield Branch("crash, late", state.after(runner, travelling, None))


def late_until(now: datetime, given: Circumstances) -> datetime:
    """The last moment at which a request that leaves now may be carried out (A2)."""
    rules = given.assumptions
    return now + timedelta(seconds=rules.request_timeout + rules.settle - 1)


def _waited(
    world: World, progress: Progress, order: Order, given: Circumstances, closing: bool
) -> Iterator[tuple[str, World, Progress | None]]:
    """The order is read until it ends, or until the run's patience is over."""
    now = world.account.order(order.id)
    if now.status not in {"RECEIVED", "BACKORDERED"} or (now.status == "BACKORDERED" and not closing):
        yield "poll", world, progress.polled(now)
        return
    if closing:
        closed = world.account.granted(order.id, "PARTIAL" if now.delivered else "FAILED", 0, given.numbers)
        done = replace(world, account=closed)
        yield "close", done, progress.polled(closed.order(order.id))
        yield "close, crash", done, None
    else:
        for what, done in ends(world, now, given):
            yield what, done, progress.polled(done.account.order(order.id))
    yield "still open", world, replace(progress, out_of_time=True)
