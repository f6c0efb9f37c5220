"""A pool's deficit to an order and its end: the moves of `purchase`, carried out one after another."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from threading import Event

from reconciler.api.client import Answer, Writer
from reconciler.api.errors import (
    ApiError,
    Dropped,
    NotFound,
    RateLimited,
    ServerFailed,
    TimedOut,
    Unauthorised,
    Unreachable,
    Unreadable,
    find_error,
)
from reconciler.api.orders import OrderBook
from reconciler.api.pools import LocationPools, read_pools
from reconciler.document import Node, leaf
from reconciler.kinds.number_pool import order_document
from reconciler.model import Address, Fields
from reconciler.purchase import (
    FINAL,
    Adopt,
    Close,
    Facts,
    Look,
    Move,
    Order,
    Post,
    Posted,
    Progress,
    Stop,
    Wait,
    next_move,
)

# Codes that mean "nothing was ordered" (error catalogue); no other 4xx is proof of that.
NOTHING_DONE = frozenset({"5009", "5016", "5020", "5022", "5052", "5070", "5211", "5215", "5217", "5522"})
LEAST_LOOKS = 6
FIRST_POLL, LONGEST_POLL = 0.1, 5.0
ENDED = FINAL | {"BACKORDERED"}


@dataclass(frozen=True)
class Patience:
    """How long a run waits, in seconds: for an order to end, and for a lost order to show up.

    `wait` False leaves orders open and reports them; so does setting `stop`, while a run is on.
    """

    order_timeout: float = 600.0
    order_patience: float = 60.0
    wait: bool = True
    stop: Event = field(default_factory=Event, repr=False)
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)

    def pause(self, seconds: float) -> None:
        """Let time pass, unless the run is stopped meanwhile."""
        self.stop.wait(seconds)


@dataclass(frozen=True)
class Purchase:
    """How a pool's purchase ended: the last move, what the API said where it refused, whether it wrote."""

    stop: Stop
    error: ApiError | None = None
    wrote: bool = False


@dataclass
class Buyer:
    """Carries out one pool's purchase.

    `place` and `address` say which pool of which location it is; `said` is told of every look at an
    order that is waited for.
    """

    writer: Writer
    book: OrderBook
    place: LocationPools
    address: Address
    fields: Fields
    patience: Patience
    said: Callable[[Order], None]
    known: list[Order] = field(default_factory=list)
    error: ApiError | None = None
    wrote: bool = False

    def buy(self, planned: int) -> Purchase:
        """Buy up to `planned` numbers. Raises `ApiError` where a look-up before any post fails."""
        progress = Progress(planned)
        while True:
            move = next_move(progress)
            if isinstance(move, Stop):
                return Purchase(move, self.error, self.wrote)
            progress = self._carry_out(move, progress)

    def _carry_out(self, move: Move, progress: Progress) -> Progress:
        match move:
            case Look() if progress.posted is Posted.UNKNOWN:
                return self._look_for_lost(progress)
            case Look():
                return replace(progress, facts=self._read())
            case Post():
                return self._post(move, progress)
            case Adopt(order):
                self.known.append(order)
                return replace(
                    progress,
                    mine=order,
                    posted=Posted.NOTHING,
                    planned=progress.planned - order.quantity,
                )
            case Wait(order):
                return self._wait(order, progress)
            case Close(order):
                return self._close(order, progress)
        raise AssertionError(move)

    def _read(self) -> Facts:
        self.book.calibrate()
        backorders = self.book.backorders()
        reading = read_pools(self.writer, self.book, self.place, backorders, twice=True, known=self.known)
        return reading.facts[self.address]

    def _post(self, move: Post, progress: Progress) -> Progress:
        key, _ = self.place.pools[self.address]
        found = self.book.under(key, move.generation)
        if found:
            return replace(progress, facts=None)
        name = key.customer_order_id(move.generation)
        document = order_document(
            self.fields,
            site=key.site,
            peer=key.peer,
            customer_order_id=name,
            quantity=move.quantity,
        )
        after = replace(progress, facts=None, generation=move.generation)
        try:
            answer = self.writer.send("POST", self.book.path, document, fresh=True, errors_are_data=True)
        except ApiError as error:
            self.error = error
            posted = Posted.REFUSED if _nothing_done(error) else Posted.UNKNOWN
            self.wrote = self.wrote or posted is Posted.UNKNOWN
            return replace(after, posted=posted)
        self.wrote = True
        order_id = _order_id(answer)
        if not order_id:
            self.error = _told(answer)
            return replace(after, posted=Posted.UNKNOWN)
        mine = Order(order_id, move.generation, "RECEIVED", move.quantity)
        self.known.append(mine)
        return replace(after, mine=mine, planned=progress.planned - move.quantity)

    def _look_for_lost(self, progress: Progress) -> Progress:
        """Look for the order whose answer was lost, for as long as patience says and six times at least."""
        key, _ = self.place.pools[self.address]
        until = self.patience.clock() + self.patience.order_patience
        looks = 0
        while not self.patience.stop.is_set() and (looks < LEAST_LOOKS or self.patience.clock() < until):
            if looks:
                self.patience.pause(min(LONGEST_POLL, self.patience.order_patience / LEAST_LOOKS))
            looks += 1
            try:
                found = self.book.under(key, progress.generation)
            except ApiError as error:
                self.error = error
                continue
            if found:
                return replace(progress, facts=Facts(0, chain=tuple(found)))
        return replace(progress, facts=Facts(0), patience_over=True)

    def _wait(self, order: Order, progress: Progress, final: Collection[str] = ENDED) -> Progress:
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
                return self._seen(order, progress)
        return replace(progress, out_of_time=True)

    def _poll(self, order: Order) -> Order:
        """The order as it is now.

        A 404 soon after its 201 means that it is still open, and a look that fails says nothing of it.
        """
        try:
            return replace(self.book.order(order.id, order.generation)[0], quantity=order.quantity)
        except (NotFound, TimedOut, Dropped, ServerFailed, Unreachable, Unreadable):
            return order

    def _seen(self, order: Order, progress: Progress) -> Progress:
        self.known = [order if known.id == order.id else known for known in self.known]
        if progress.mine and progress.mine.id == order.id:
            return replace(progress, mine=order, facts=None)
        return replace(progress, facts=None)

    def _close(self, order: Order, progress: Progress) -> Progress:
        path = f"{self.book.path}/{order.id}"
        document = self.book.order(order.id, order.generation)[1]
        names = (document.first(f"Order/{name}") for name in ("Name", "CustomerOrderId"))
        kept = tuple(node for node in names if node)
        self.writer.send(
            "PUT",
            path,
            Node("Order", children=(*kept, leaf("CloseOrder", True))),
            errors_are_data=True,
        )
        self.wrote = True
        return self._wait(order, progress, FINAL)


def _nothing_done(error: ApiError) -> bool:
    return isinstance(error, Unreachable | RateLimited | Unauthorised) or error.code in NOTHING_DONE


def _told(answer: Answer) -> ApiError:
    """What an answer without an order id says of itself: no proof of anything."""
    code, text = find_error(answer.document, answer.status) or ("", "") if answer.document else ("", "")
    said = f" (error {code}): {text}" if code else ""
    return ApiError(
        f"POST orders: {answer.status} without an order id{said}", status=answer.status, code=code
    )


def _order_id(answer: Answer) -> str | None:
    return (answer.document.value("Order/id") if answer.document else None) or answer.new_id
