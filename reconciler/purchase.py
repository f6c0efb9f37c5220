"""Where a run stands with a pool to the next move of its purchase: a pure state machine. No I/O, no clock.

An order is posted once its intent was written down, and never while it is open what became of an
earlier one. Whoever carries a move out tells the `Progress` what came of it. The rules cited are those
of docs/purchases.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reconciler.chain import Closed, Facts, Intent, Order
from reconciler.standing import Posted, Progress

MOST_PER_ORDER = 5000  # numbers.yml: Quantity is 1 to 5000


@dataclass(frozen=True, slots=True)
class Look:
    """Read everything about the pool again (rules 4 to 8; before a post, the lists until they agree)."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """Look for orders under the customer order id of `generation`, once, after a pause in seconds."""

    generation: int
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Adopt:
    """Write down the order's id, and close the open intents of its generation."""

    order: Order


@dataclass(frozen=True, slots=True)
class Intend:
    """Write down that `intent` is about to be posted; nothing is posted unless that lasts."""

    intent: Intent


@dataclass(frozen=True, slots=True)
class Post:
    """Order what the intent says, if the lock is still ours and its time is not over."""

    intent: Intent


@dataclass(frozen=True, slots=True)
class CloseIntent:
    """Write down that nothing came of the intent."""

    intent: Intent
    how: Closed


@dataclass(frozen=True, slots=True)
class Wait:
    """Read this order until it ends."""

    order: Order


@dataclass(frozen=True, slots=True)
class Close:
    """Close this back-order: fewer numbers are wanted than it may deliver."""

    order: Order


class End(StrEnum):
    """How a run ended for a pool."""

    DONE = "done"
    BACKORDERED = "back-ordered"
    SHORT = "short"
    OPEN = "open"
    DUPLICATED = "duplicated"
    REFUSED = "refused"
    NOT_SENT = "not sent"
    LEASE = "lease"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing more to do in this run; `until` is when it can be decided what became of an intent."""

    end: End
    order: Order | None = None
    generation: int = 0
    until: datetime | None = None


Move = Look | LookUp | Adopt | Intend | Post | CloseIntent | Wait | Close | Stop


_AFTER_MINE = {"PARTIAL": End.SHORT, "FAILED": End.SHORT, "BACKORDERED": End.BACKORDERED}
_HOW = {Posted.REFUSED: Closed.REFUSED, Posted.NOT_SENT: Closed.NOT_SENT, Posted.LATE: Closed.NOT_SENT}


def next_move(progress: Progress) -> Move:
    """What to do now. The same progress gives the same move; only `Post` spends money."""
    if progress.found:
        return Adopt(progress.found[0])
    for decide in (_of_post, _of_mine, _of_search, _of_intent):
        move = decide(progress)
        if move:
            return move
    return _of_facts(progress, progress.facts) if progress.facts else Look()


def _of_post(progress: Progress) -> Move | None:
    """A post that did nothing closes its own intent, and no other; then the run is over (rule 10)."""
    if progress.posted not in _HOW:
        return None
    if progress.intent:
        return CloseIntent(progress.intent, _HOW[progress.posted])
    return Stop(End.REFUSED if progress.posted is Posted.REFUSED else End.NOT_SENT)


def _of_mine(progress: Progress) -> Move | None:
    """What this run's own order asks for (rule 12); None when it is done and more is planned."""
    mine = progress.mine
    if mine is None:
        return None
    if mine.received:
        return Stop(End.OPEN, mine) if progress.out_of_time else Wait(mine)
    if mine.status in _AFTER_MINE:
        return Stop(_AFTER_MINE[mine.status], mine)
    return Stop(End.DONE, mine) if progress.planned <= 0 else None


def _of_search(progress: Progress) -> Move | None:
    """An order that may exist is looked for with patience; None once it is decided that it does not.

    One whose answer this run lost is never posted again by this run (rule 10).
    """
    search, rules = progress.search, progress.assumptions
    if search is None or progress.facts:
        return None
    if search.given_up:
        return _undetermined(progress, search.intent)
    if search.looks < rules.looks or search.seconds < rules.patience:
        return LookUp(search.generation, rules.patience / rules.looks if search.looks else 0)
    return _undetermined(progress, search.intent) if search.own else None


def _of_intent(progress: Progress) -> Move | None:
    """Between an intent that lasts and its post there is one more look (rule 9)."""
    if progress.intent is None:
        return None
    return Post(progress.intent) if progress.looked else LookUp(progress.intent.generation)


def _of_facts(progress: Progress, facts: Facts) -> Move:
    unknown = next((order for order in facts.chain if not facts.record.knows(order)), None)
    if unknown:
        return Adopt(unknown)  # rule 5: before it is counted
    if facts.duplicated:  # rule 6
        doubled = facts.duplicated[-1]
        last = [order for order in facts.chain if order.generation == doubled][-1]
        return Stop(End.DUPLICATED, last, doubled)
    received = next((order for order in facts.chain if order.received), None)
    if received:
        return Stop(End.OPEN, received) if progress.out_of_time else Wait(received)  # rule 3
    newest = facts.backordered
    if facts.deficit < 0 and newest:
        return Stop(End.OPEN, newest) if progress.out_of_time else Close(newest)  # rule 13
    quantity = min(progress.planned, facts.deficit, MOST_PER_ORDER)
    return _buy(progress, facts, quantity) if quantity > 0 else _nothing_to_buy(progress, facts)


def _nothing_to_buy(progress: Progress, facts: Facts) -> Move:
    """A young intent may still become an order that nobody wants: that is not "done" (rule 9)."""
    doubt = facts.record.youngest_open(facts.head + 1)
    if doubt and not progress.assumptions.settled(doubt, progress.now):
        return _undetermined(progress, doubt)
    return Stop(End.BACKORDERED, facts.backordered) if facts.backordered else Stop(End.DONE)


def _buy(progress: Progress, facts: Facts, quantity: int) -> Move:
    """The next intent (rule 9), unless what became of an earlier one is still open (rule 11)."""
    rules, generation = progress.assumptions, facts.head + 1
    doubt = facts.record.youngest_open(generation)
    if doubt:
        search = progress.search
        if search is None or search.generation != generation:
            return LookUp(generation)
        if not rules.settled(doubt, progress.now):
            return _undetermined(progress, doubt)
        if not rules.settled(doubt, search.began):
            return LookUp(generation)
    if facts.record.ordered(generation):
        return Stop(End.UNDETERMINED, generation=generation)
    # A4: a lock that ends before the post does would let another runner in
    if progress.lease <= rules.least_lease * rules.request_timeout:
        return Stop(End.LEASE)
    assert progress.now is not None
    number = max((intent.number for intent in facts.record.of(generation)), default=0) + 1
    return Intend(Intent(generation, number, quantity, progress.run, rules.send_by(progress.now)))


def _undetermined(progress: Progress, doubt: Intent) -> Stop:
    until = progress.assumptions.decidable(doubt)
    return Stop(End.UNDETERMINED, generation=doubt.generation, until=until)
