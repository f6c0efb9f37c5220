"""A pool's deficit to an order and its end: the moves of `purchase`, carried out one after another."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from reconciler.api.client import Answer, Writer
from reconciler.api.errors import (
    ApiError,
    Dropped,
    NotFound,
    RateLimited,
    Refused,
    ServerFailed,
    TimedOut,
    Unauthorised,
    Unreachable,
    Unreadable,
    find_error,
)
from reconciler.api.guard import Guard
from reconciler.api.number_details import Directory
from reconciler.api.orders import ForeignOrder, OrderBook
from reconciler.api.patience import Patience
from reconciler.api.pools import LocationPools, read_pools
from reconciler.chain import ENDED, FINAL, Intent, Key, Order
from reconciler.document import Node, leaf
from reconciler.kinds.number_pool import order_document
from reconciler.model import Address, Fields
from reconciler.purchase import (
    Adopt,
    Close,
    CloseIntent,
    Intend,
    Look,
    LookUp,
    Move,
    Post,
    Stop,
    Wait,
    next_move,
)
from reconciler.standing import Assumptions, Posted, Progress, Search

# A5: codes of a 4xx that mean "nothing was ordered" (error catalogue); no other 4xx is proof of that.
_INVALID = (5002, 5009, 5016, 5020, 5022, 5052, 5070, 5087, 5101, 5211, 5215, 5217, 5522)
_NOT_ALLOWED = (5094, 5097, 5183)  # a locked sub-account, no protected numbers, no ordering
NOTHING_DONE = frozenset(map(str, (*_INVALID, *_NOT_ALLOWED)))
FIRST_POLL, LONGEST_POLL = 0.1, 5.0


@dataclass(frozen=True)
class Purchase:
    """How a pool's purchase ended.

    The last move, what the API said where it refused or failed, whether the account may have changed, and
    the orders of this run as they were last read.
    """

    stop: Stop
    error: ApiError | None = None
    wrote: bool = False
    orders: tuple[Order, ...] = ()


class _NotSent(Exception):
    def __init__(self, posted: Posted) -> None:
        super().__init__(posted.value)
        self.posted = posted


@dataclass
class Buyer:
    """Carries out one pool's purchase.

    `place` and `address` say which pool of which location it is; `said` is told of every look at an
    order that is waited for. `own` are the orders of this run, by id.
    """

    writer: Writer
    book: OrderBook
    directory: Directory
    place: LocationPools
    address: Address
    fields: Fields
    guard: Guard
    assumptions: Assumptions
    patience: Patience
    said: Callable[[Order], None]
    own: dict[str, Order] = field(default_factory=dict)
    error: ApiError | None = None
    foreign: ForeignOrder | None = None
    wrote: bool = False
    tries: int = 0
    began: float = 0.0

    def buy(self, planned: int) -> Purchase:
        """Buy up to `planned`. Raises `ApiError` or `ForeignOrder` where a look-up fails before a post.

        What the ledger raises passes through; what was posted by then is in `own`, and its intent is open.
        """
        progress = Progress(planned, self.guard.run, self.assumptions)
        while True:
            move = next_move(progress)
            if isinstance(move, Stop):
                if self.foreign:
                    raise self.foreign
                return Purchase(move, self.error, self.wrote, tuple(self.own.values()))
            progress = self._carry_out(move, progress)

    @property
    def _key(self) -> Key:
        return self.place.pools[self.address][0]

    def _now(self) -> datetime:
        return self.writer.server_time()

    def _carry_out(self, move: Move, progress: Progress) -> Progress:
        match move:
            case Look():
                return self._look(progress)
            case LookUp():
                return self._look_up(move, progress)
            case Post(intent):
                return self._post(intent, progress)
            case Wait(order):
                return self._wait(order, progress, ENDED)
            case Close(order):
                return self._close(order, progress)
        return self._write_down(move, progress)

    def _write_down(self, move: Move, progress: Progress) -> Progress:
        match move:
            case Adopt(order):
                self.guard.adopt(self._key.customer_order_id(order.generation), order)
                return progress.adopted(order)
            case Intend(intent):
                name = self._key.customer_order_id(intent.generation)
                declared = self.guard.intents.declare(name, intent)
                return progress.intended(intent) if declared else progress.interfered()
            case CloseIntent(intent, how):
                self.guard.intents.close(self._key.customer_order_id(intent.generation), intent.number, how)
                return progress.closed()
        raise AssertionError(move)

    def _look(self, progress: Progress) -> Progress:
        """Rule 9: back-orders first, then the number list until it settles, orders, number details."""
        self.book.calibrate()
        reading = read_pools(self.directory, self.book, self.place, self.book.backorders(), twice=True)
        return progress.read(reading.facts[self.address], self._now(), self.guard.lease.left())

    def _look_up(self, move: LookUp, progress: Progress) -> Progress:
        if progress.intent:
            return self._look_once_more(progress)
        search = progress.search
        if search is None:
            doubt = progress.facts.record.youngest_open(move.generation) if progress.facts else None
            assert doubt is not None
            search = Search(doubt, own=False)
        return self._search(search, move.pause, progress)

    def _look_once_more(self, progress: Progress) -> Progress:
        """Rule 9: between the intent and its post. A look-up that fails keeps the order from being sent."""
        assert progress.intent is not None
        try:
            found = self.book.under(self._key, progress.intent.generation)
        except ApiError as error:
            self.error = error
        except ForeignOrder as foreign:
            self.foreign = foreign
        else:
            return progress.looked_up(tuple(found), self._now())
        return progress.answered(Posted.NOT_SENT)

    def _search(self, search: Search, pause: float, progress: Progress) -> Progress:
        """Rules 10 and 11: one more look for an order that may exist. One that fails is no look."""
        if search.began is None:
            self.tries, self.began = 0, self.patience.clock()
        self.patience.pause(pause)
        self.tries += 1
        began = self._now()
        found: list[Order] = []
        looks = search.looks
        try:
            found = self.book.under(self._key, search.generation)
            looks += 1
        except ApiError as error:
            self.error = error
        given_up = self.patience.stop.is_set() or self.tries > looks + self.assumptions.looks
        seconds = self.patience.clock() - self.began
        search = replace(search, looks=looks, seconds=seconds, began=began, given_up=given_up)
        if search.own:
            self.own |= {order.id: order for order in found}
        return progress.searched(search, tuple(found), self._now())

    def _post(self, intent: Intent, progress: Progress) -> Progress:
        document = order_document(
            self.fields,
            site=self._key.site,
            peer=self._key.peer,
            customer_order_id=self._key.customer_order_id(intent.generation),
            quantity=intent.quantity,
        )
        try:
            answer = self.writer.send(
                "POST",
                self.book.path,
                document,
                fresh=True,
                errors_are_data=True,
                before=lambda: self._check(intent),
            )
        except _NotSent as unsent:
            return progress.answered(unsent.posted)
        except ApiError as error:
            self.error = error
            posted = Posted.REFUSED if nothing_done(error) else Posted.UNKNOWN
            self.wrote = self.wrote or posted is Posted.UNKNOWN
            return progress.answered(posted)
        return self._answered(answer, intent, progress)

    def _check(self, intent: Intent) -> None:
        """Rule 9: right before it leaves, after any wait for the rate limit."""
        if self.patience.stop.is_set():
            self.error = ApiError("the run was interrupted")
            raise _NotSent(Posted.NOT_SENT)
        if not self.guard.lease.held():
            raise _NotSent(Posted.NOT_SENT)
        if self._now() >= intent.send_by:
            raise _NotSent(Posted.LATE)

    def _answered(self, answer: Answer, intent: Intent, progress: Progress) -> Progress:
        """Rule 10: an answer with an id is an order; any other 2xx proves nothing."""
        self.wrote = True
        order_id = (answer.document.value("Order/id") if answer.document else None) or answer.new_id
        if not order_id:
            self.error = _told(answer)
            return progress.answered(Posted.UNKNOWN)
        mine = Order(order_id, intent.generation, "RECEIVED", intent.quantity)
        self.own[mine.id] = mine
        return progress.accepted(mine)

    def _wait(self, order: Order, progress: Progress, final: Collection[str]) -> Progress:
        until = self.patience.clock() + self.patience.order_timeout
        pause = FIRST_POLL
        self.said(order)
        patience = self.patience
        while patience.wait and not patience.stop.is_set() and patience.clock() < until:
            patience.pause(pause)
            pause = min(LONGEST_POLL, pause * 1.5)
            order = self._poll(order)
            self.said(order)
            if order.status in final:
                return progress.polled(order)
        return replace(progress, out_of_time=True)

    def _poll(self, order: Order) -> Order:
        """The order as it is now.

        A1: a 404 soon after its 201 means that it is still open; a look that fails says nothing of it.
        """
        with contextlib.suppress(NotFound, TimedOut, Dropped, ServerFailed, Unreachable, Unreadable):
            order = replace(self.book.order(order.id, order.generation)[0], quantity=order.quantity)
        if order.id in self.own:
            self.own[order.id] = order
        return order

    def _close(self, order: Order, progress: Progress) -> Progress:
        """Rule 13."""
        path = f"{self.book.path}/{order.id}"
        document = self.book.order(order.id, order.generation)[1]
        names = (document.first(f"Order/{name}") for name in ("Name", "CustomerOrderId"))
        kept = tuple(node for node in names if node)
        body = Node("Order", children=(*kept, leaf("CloseOrder", True)))
        try:
            self.writer.send("PUT", path, body, errors_are_data=True)
        except Refused:  # a PUT whose answer was lost is repeated, and an order that is closed refuses it
            order = self._poll(order)
            if order.status not in FINAL:
                raise
        self.wrote = True
        return self._wait(order, progress, FINAL)


def nothing_done(error: ApiError) -> bool:
    """Whether a failed post is known to have ordered nothing (rule 10, A5)."""
    certain = Unreachable | RateLimited | Unauthorised
    return error.refused_with(NOTHING_DONE) or isinstance(error, certain)


def _told(answer: Answer) -> ApiError:
    """What an answer without an order id says of itself: no proof of anything."""
    code, text = find_error(answer.document, answer.status) or ("", "") if answer.document else ("", "")
    said = f" (error {code}): {text}" if code else ""
    return ApiError(
        f"POST orders: {answer.status} without an order id{said}", status=answer.status, code=code
    )
