"""The account's number orders: lists and documents to orders, and a pool's chain of them.

How a list says "no such order" is not documented, so it is learnt once a run from an id that cannot
exist; any other answer is a failed look-up, never absence.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from reconciler.api.client import Answer, Params, Reader
from reconciler.api.errors import NotFound, Refused, Unreadable
from reconciler.api.numbers import next_page, parse_time, ten_digits
from reconciler.chain import FINAL, SETTLE, Intent, Key, Order, Record, next_generation
from reconciler.document import Node
from reconciler.kinds.number_pool import order_criterion

LIST = "ResponseSelectWrapper"
# the forms in which a list may say that there is no such order: its status and its root
ABSENCE = frozenset({(200, LIST), (204, ""), (404, "Links"), (404, "")})
PAGE = 1000  # the most that one call to the order list gives
STATUSES = {"COMPLETED": "COMPLETE"}  # one old table of states spells it so


def nothing_known(chain: str) -> Record:
    """Without a ledger nothing is known of any chain."""
    del chain
    return Record()


class ForeignOrder(Exception):
    """An order carries a pool's customer order id but is not of that pool."""

    hint = "order nothing here until it is explained"


@dataclass
class OrderBook:
    """The account's orders as one run reads them; safe to share between threads that only read.

    `record` tells what the ledger knows of a chain. `absence` is how this server says "no such order" to
    a list, learnt once from an id that cannot exist. `ended` are orders that cannot change any more, by id.
    """

    reader: Reader
    account: str
    settle: float = SETTLE
    record: Callable[[str], Record] = nothing_known
    absence: tuple[int, str] | None = None
    date: datetime | None = None
    ended: dict[str, tuple[Order, Node]] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The account's order list."""
        return f"/accounts/{self.account}/orders"

    def calibrate(self) -> None:
        """Learn how the list says that there is nothing. Raises `ApiError` for any unknown form."""
        impossible = f"rc0-{secrets.token_hex(12)}"
        params: Params = {"page": "1", "size": PAGE, "customerOrderId": impossible}
        answer = self.reader.get(self.path, params, tolerate=(404,))
        self.date = self.reader.server_time()
        self.absence = _form(answer)
        if self.absence not in ABSENCE:
            raise self._no_list(answer)

    def _no_list(self, answer: Answer) -> Refused:
        got = " ".join(map(str, _form(answer))).rstrip()
        return Refused(
            f"GET {self.path}: expected a list of orders, got {got}", f"GET {self.path}", answer.status
        )

    def rows(self, **filters: str) -> list[Node]:
        """The rows of the order list under a filter, every page. Raises `ApiError`."""
        found: dict[str, Node] = {}
        page, seen = "1", set[str]()
        while page not in seen:
            seen.add(page)
            params: Params = {"page": page, "size": PAGE, **filters}
            answer = self.reader.get(self.path, params, tolerate=(404,))
            nodes = answer.document.walk() if answer.document else ()
            rows = [n for n in nodes if n.name == "OrderIdUserIdDate"]
            if not rows and not found and _form(answer) not in {(200, LIST), self.absence}:
                raise self._no_list(answer)
            found |= {row.value("orderId") or "": row for row in rows}
            page = next_page(answer.document) or page
        return list(found.values())

    def order(self, order_id: str, generation: int) -> tuple[Order, Node]:
        """One order as it is now, and its document. Raises `ApiError`."""
        answer = self.reader.get(f"{self.path}/{order_id}", errors_are_data=True)
        if answer.document is None or answer.document.first("Order") is None:
            raise Unreadable(f"GET {self.path}/{order_id}: expected an order", f"GET {self.path}/{order_id}")
        return _order(answer.document, order_id, generation), answer.document

    def under(self, key: Key, generation: int) -> list[Order]:
        """Every order that the list has under the pool's id of `generation` (rule 4).

        Raises `ForeignOrder` for another pool's (rule 6).
        """
        wanted = key.customer_order_id(generation)
        found = []
        for row in self.rows(customerOrderId=wanted):
            if row.value("CustomerOrderId") not in {None, wanted}:
                continue
            order, document = self._read(row.value("orderId") or "", generation)
            if (document.value("Order/CustomerOrderId") or row.value("CustomerOrderId")) == wanted:
                _check_is_of(key, order, document)
                found.append(order)
        return found

    def chain(self, key: Key, record: Record) -> tuple[Order, ...]:
        """The pool's own orders, oldest first (rules 4 and 5). A gap in the chain is a failed look-up."""
        found: dict[int, dict[str, Order]] = {}
        last = record.last_known
        while (g := next_generation({g: bool(o) for g, o in found.items()}, last)) is not None:
            found[g] = self._by_id(key, g, record)
            if not found[g] or len(record.of(g)) > 1:
                found[g] |= {order.id: order for order in self.under(key, g)}
        head = max((g for g, orders in found.items() if orders), default=0)
        missing = [g for g in range(1, max(head, last)) if not found.get(g)]
        if missing:
            raise Unreadable(
                f"GET {self.path}: order {key.customer_order_id(missing[0])} is missing, but not a later one",
                f"GET {self.path}",
            )
        if head:
            found[head] |= {order.id: order for order in self.under(key, head)}
        return tuple(order for g in range(1, head + 1) for order in found[g].values())

    def _by_id(self, key: Key, generation: int, record: Record) -> dict[str, Order]:
        """The orders of a generation whose ids are known. One that is "not found" soon after is open (A1)."""
        found = {}
        for order_id in sorted(record.orders.get(generation, ())):
            try:
                order, document = self._read(order_id, generation)
                _check_is_of(key, order, document)
            except NotFound:
                open_ = self._fresh(order_id, record.of(generation))
                if open_ is None:
                    raise
                order = open_
            found[order_id] = order
        return found

    def _fresh(self, order_id: str, intents: Sequence[Intent]) -> Order | None:
        newest = intents[-1] if intents else None
        if newest is None or self.date is None:
            return None
        young = self.date - newest.send_by < timedelta(seconds=self.settle)
        return Order(order_id, newest.generation, "RECEIVED", newest.quantity) if young else None

    def _read(self, order_id: str, generation: int) -> tuple[Order, Node]:
        """An order, from memory where it was read as ended before."""
        if order_id not in self.ended:
            read = self.order(order_id, generation)
            if read[0].status not in FINAL:
                return read
            self.ended[order_id] = read
        order, document = self.ended[order_id]
        return replace(order, generation=generation), document

    def backorders(self) -> list[tuple[Key, Order, str]]:
        """The account's open back-orders, each with the key of the pool that it would be of."""
        found = []
        for row in self.rows(status="backordered"):
            if (row.value("OrderStatus") or "BACKORDERED").upper() == "BACKORDERED":
                order, document = self._read(row.value("orderId") or "", 0)
                inner = document.first("Order") or Node("Order")
                key = Key(
                    self.account,
                    inner.value("SiteId") or "",
                    inner.value("PeerId") or "",
                    order_criterion(inner),
                )
                found.append((key, order, inner.value("CustomerOrderId") or ""))
        return found


def _form(answer: Answer) -> tuple[int, str]:
    if answer.document:
        return answer.status, answer.document.name
    return answer.status, "" if answer.empty else "something that is not XML"


def _order(document: Node, order_id: str, generation: int) -> Order:
    status = (document.value("OrderStatus") or "RECEIVED").upper()
    inner = document.first("Order") or Node("Order")
    named = sum(node.name == "TelephoneNumber" for node in inner.walk())  # an order of given numbers
    quantity = next((n.text for n in inner.walk() if n.name == "Quantity"), str(named))
    pending = document.value("PendingQuantity") or ""
    numbers = document.all("CompletedNumbers/TelephoneNumber/FullNumber")
    dates = (document.value(name) for name in ("OrderCompleteDate", "LastModifiedDate"))
    finished = next((moment for moment in map(parse_time, dates) if moment), None)
    return Order(
        id=order_id,
        generation=generation,
        status=STATUSES.get(status, status),
        quantity=int(quantity) if quantity.isdecimal() else 0,
        delivered=tuple(ten_digits(n.text) for n in numbers),
        pending_quantity=int(pending) if pending.isdecimal() else None,
        finished=finished,
        reasons=tuple(_reasons(document)),
    )


def _reasons(document: Node) -> Iterator[str]:
    for error in document.all("ErrorList/Error"):
        number = f" ({error.value('TelephoneNumber')})" if error.value("TelephoneNumber") else ""
        yield f"{error.value('Code') or ''} {error.value('Description') or ''}".strip() + number


def _check_is_of(key: Key, order: Order, document: Node) -> None:
    inner = document.first("Order") or Node("Order")
    seen = (inner.value("SiteId"), inner.value("PeerId") or key.peer, order_criterion(inner))
    if seen != (key.site, key.peer, key.criterion):
        raise ForeignOrder(
            f"order {order.id} carries this pool's customer order id, but is for site {seen[0]}, "
            f"location {seen[1]} and {seen[2] or 'another criterion'}"
        )
