"""The account's list of orders: filtered, newest first, in pages that begin with an order's id."""

from __future__ import annotations

from collections import Counter

from reconciler.emulator.call import Answer, Call, moment
from reconciler.emulator.errors import Refusal
from reconciler.emulator.numbers import inventory
from reconciler.emulator.store import Order
from reconciler.emulator.xml import Tree

_STATUSES = ("complete", "partial", "failed", "backordered")
_DEFAULT_SIZE, _LARGEST_PAGE = 300, 1000
_ROW = {
    "States": ("StateWithCount", "State", "state"),
    "RateCenters": ("RateCenterWithCount", "RateCenter", "rate_center"),
    "Cities": ("CityWithCount", "City", "city"),
}


def listing(call: Call) -> Answer:
    """The orders, newest first, a page from the order that `page` names ("1": the first)."""
    status = call.query.get("status", "").lower()
    if status and status not in _STATUSES:
        raise Refusal(15518, value=status)
    orders = reversed(call.store.orders.values())
    found = [order for order in orders if _selected(call, order, status)]
    size = _size(call.query.get("size", str(_DEFAULT_SIZE)))
    start = _start(call.query.get("page", "1"), found)
    rows = [_row(call, order) for order in found[start : start + size]]
    after = found[start + size].id if start + size < len(found) else None
    links = {"first": _link(call, "1", size, "first")}
    if after:
        links["next"] = _link(call, after, size, "next")
    content: Tree = {"TotalCount": len(found), "Links": links, "OrderIdUserIdDate": rows}
    return Answer(200, {"ListOrderIdUserIdDate": content})


def _selected(call: Call, order: Order, status: str) -> bool:
    wanted = call.query.get("customerOrderId", order.document.get("CustomerOrderId"))
    return order.document.get("CustomerOrderId") == wanted and (not status or order.status.lower() == status)


def _size(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refusal(13057)
    if not 1 <= int(text) <= _LARGEST_PAGE:
        raise Refusal(1006, name="size", low=1, high=_LARGEST_PAGE)
    return int(text)


def _start(page: str, found: list[Order]) -> int:
    if page == "1":
        return 0
    places = [index for index, order in enumerate(found) if order.id == page]
    if not places:
        raise Refusal(5061)
    return places[0]


def _link(call: Call, page: str, size: int, rel: str) -> str:
    filters = "".join(
        f"&{name}={call.query[name]}" for name in ("customerOrderId", "status") if name in call.query
    )
    return f'Link=<{call.account_url}/orders?page={page}&size={size}{filters}>;rel="{rel}";'


def _row(call: Call, order: Order) -> Tree:
    row: Tree = {"CountOfTNs": len(order.granted)}
    if "CustomerOrderId" in order.document:
        row["CustomerOrderId"] = order.document["CustomerOrderId"]
    row |= {
        "userId": call.settings.username,
        "lastModifiedDate": moment(order.changed),
        "OrderType": "new_number",
        "OrderDate": moment(order.created),
        "orderId": order.id,
        "OrderStatus": order.status,
    }
    if order.granted:
        row["TelephoneNumberDetails"] = _counts(order.granted)
    return row


def _counts(numbers: list[str]) -> Tree:
    places = [where for number in numbers if (where := inventory.place(number))]
    counted: Tree = {}
    for outer, (inner, element, attribute) in _ROW.items():
        counts = Counter(getattr(where, attribute) for where in places)
        counted[outer] = {inner: [{element: name, "Count": n} for name, n in counts.items()]}
    counted["Tiers"] = {"TierWithCount": {"Tier": 0, "Count": len(numbers)}}
    vendor = {"VendorId": 49, "VendorName": "Bandwidth CLEC", "Count": len(numbers)}
    return counted | {"Vendors": {"VendorWithCount": vendor}}
