"""The lists of orders and of disconnects: filtered, newest first, in pages that begin with an order's id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reconciler.emulator.call import Answer, Call, moment
from reconciler.emulator.errors import Refusal
from reconciler.emulator.numbers import paging
from reconciler.emulator.orders.details import places
from reconciler.emulator.orders.order import Order
from reconciler.emulator.orders.orders import word
from reconciler.emulator.orders.reports import TWO_YEARS
from reconciler.emulator.xml import Tree

_DEFAULT_SIZE = 300
_LISTED = "ListOrderIdUserIdDate"
_STATUSES = ("complete", "partial", "failed")


@dataclass(frozen=True)
class _List:
    """What differs between lists: statuses and their code, page size, OrderType, how ids are spelled."""

    statuses: tuple[str, ...]
    bad_status: int
    largest: int
    kind: str
    id: str = "orderId"
    dates_together: bool = False


_ORDERS = _List((*_STATUSES, "backordered"), 15518, 1000, "new_number")
_DISCONNECTS = _List(_STATUSES, 15532, 5000, "disconnect", "OrderId", dates_together=True)


def listing(call: Call) -> Answer:
    """The account's orders for numbers."""
    answer = _page(call, _ORDERS, _selected(call, _ORDERS, call.store.orders), f"{_account(call)}/orders")
    return _none(answer) if call.reads("no_orders", "404") else answer


def of_site(call: Call) -> Answer:
    """The orders of a sub-account (version 1 only); 404 with its links when there are none."""
    if call.e164:
        raise Refusal(None)
    site = call.site().id
    orders = {order_id: order for order_id, order in call.store.orders.items() if order.site == site}
    return _none(
        _page(call, _ORDERS, _selected(call, _ORDERS, orders), f"{_account(call)}/sites/{site}/orders")
    )


def of_disconnects(call: Call) -> Answer:
    """The account's disconnects; 404 with its links when there are none."""
    found = _selected(call, _DISCONNECTS, call.store.disconnects)
    return _none(_page(call, _DISCONNECTS, found, f"{_account(call)}/disconnects"))


def total(call: Call) -> Answer:
    """How many orders for numbers there are, of a status or at all."""
    status = _status(call, _ORDERS)
    count = sum(not status or order.status.lower() == status for order in call.store.orders.values())
    return Answer(200, {_LISTED: {"TotalCount": count}})


def _account(call: Call) -> str:
    return f"/accounts/{call.settings.account_id}"


def _none(page: Answer) -> Answer:
    content: Tree = (page.content or {})[_LISTED]
    return page if content["TotalCount"] else Answer(404, content["Links"], root="Links")


def _status(call: Call, rules: _List) -> str:
    status = call.query.get("status", "").lower()
    if status and status not in rules.statuses:
        raise Refusal(rules.bad_status, value=status, valid=", ".join(rules.statuses))
    return status


def _selected(call: Call, rules: _List, orders: dict[str, Order]) -> list[Order]:
    """The orders that the filters leave, newest first."""
    status, user = _status(call, rules), call.query.get("userid")
    own_id = call.query.get("customerOrderId") if rules is _ORDERS else None
    low, high = _window(call, rules, specific=own_id is not None)
    return [
        order
        for order in reversed(orders.values())
        if low <= order.created < high
        and (not status or order.status.lower() == status)
        and (user is None or order.user == user)
        and (own_id is None or order.document.get("CustomerOrderId") == own_id)
    ]


def _window(call: Call, rules: _List, specific: bool) -> tuple[float, float]:
    """From when until when orders were created: as asked, or the last two years; any time if `specific`."""
    start, end = _day(call, "startdate"), _day(call, "enddate")
    if rules.dates_together and (start is None) != (end is None):
        raise Refusal(15508, name="startdate", other="enddate")
    if start is not None and end is not None and end < start:
        raise Refusal(15501, start=call.query["startdate"], end=call.query["enddate"])
    if start is None and end is None and not specific:
        return call.now - TWO_YEARS.total_seconds(), float("inf")
    high = (end + timedelta(days=1)).timestamp() if end else float("inf")
    return (start.timestamp() if start else 0.0), high


def _day(call: Call, name: str) -> datetime | None:
    """A date as the lists' filters write it, YY-MM-DD."""
    text = call.query.get(name)
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise Refusal(15503, name=name) from None


def _page(call: Call, rules: _List, found: list[Order], path: str) -> Answer:
    """The page that begins with the order that `page` names ("1": the first)."""
    size = paging.at_most(call, _DEFAULT_SIZE, rules.largest)
    page = call.query.get("page", "1")
    start = 0 if page == "1" else next((i for i, order in enumerate(found) if order.id == page), -1)
    if start < 0:
        raise Refusal(5061)
    following = found[start + size].id if start + size < len(found) else None
    content = {
        "TotalCount": len(found),
        "Links": paging.links(call, path, following, size),
        "OrderIdUserIdDate": [_row(call, rules, order) for order in found[start : start + size]],
    }
    return Answer(200, {_LISTED: content})


def _row(call: Call, rules: _List, order: Order) -> Tree:
    row: Tree = {"CountOfTNs": len(order.granted)}
    if "CustomerOrderId" in order.document and call.reads("listed_customer_order_id", "present"):
        row["CustomerOrderId"] = order.document["CustomerOrderId"]
    row |= {
        "userId": order.user,
        "lastModifiedDate": moment(order.changed),
        "OrderType": rules.kind,
        "OrderDate": moment(order.created),
        "OrderId" if call.reads("order_id_case", "upper") else rules.id: order.id,
        "OrderStatus": word(call, order),
    }
    if order.granted:
        row["TelephoneNumberDetails"] = places(order.granted)
    return row
