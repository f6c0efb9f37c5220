"""Option orders and moves as their answers show them: one in full, a row of a list, and which are listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from reconciler.emulator.call import Call, moment
from reconciler.emulator.errors import Refusal
from reconciler.emulator.orders.order import Order
from reconciler.emulator.xml import Tree

LARGEST_LIST = 1000
TWO_YEARS = timedelta(days=730)
_STATUSES = ("received", "processing", "complete", "partial", "failed")
_DAY_SECONDS = 86400
# The filters that are periods: the parameter, the record's time, and whether it is the period's end.
_PERIODS = (
    ("createdDateFrom", "created", False),
    ("createdDateTo", "created", True),
    ("modifiedDateFrom", "changed", False),
    ("modifiedDateTo", "changed", True),
    ("lastModifiedAfter", "changed", False),
)


def looked_at(call: Call, orders: dict[str, Order]) -> Order:
    """The order in the path, shown once more; a 404 without a code where there is none."""
    order = found(call, orders)
    order.looks += 1
    return order


def found(call: Call, orders: dict[str, Order]) -> Order:
    """The order in the path, or a 404 without a code."""
    order = orders.get(call.where["order"])
    if order is None:
        raise Refusal(None)
    return order


def header(call: Call, order: Order) -> Tree:
    """What an order begins with when it is shown in full."""
    return {
        "OrderCreateDate": moment(order.created),
        "AccountId": call.settings.account_id,
        "CreatedByUser": order.user,
        "OrderId": order.id,
        "LastModifiedDate": moment(order.changed),
        "ProcessingStatus": order.status,
        **{name: order.document[name] for name in ("CustomerOrderId",) if name in order.document},
    }


def summary(call: Call, order: Order, kind: str) -> Tree:
    """The order as a row of a list; `kind` is its OrderType."""
    named = ("SourceAccountId", "CustomerOrderId")
    return {
        "accountId": call.settings.account_id,
        "CountOfTNs": len(order.numbers),
        **{name: order.document[name] for name in named if name in order.document},
        "userId": order.user,
        "lastModifiedDate": moment(order.changed),
        "OrderDate": moment(order.created),
        "OrderType": kind,
        "OrderStatus": order.status,
        "OrderId": order.id,
    }


def selected(call: Call, orders: dict[str, Order], number: str | None) -> list[Order]:
    """The orders that the filters leave, newest first, 1,000 at the most.

    number: 10 digits that the order must name; None for any. Without a filter that says which orders are
    meant, those of the last two years. Raises 15518 or 15503 for a filter that cannot be read, as a 404.
    """
    wanted = _filter(call)
    named = (order for order in reversed(orders.values()) if number is None or number in order.numbers)
    return list(islice(filter(wanted.leaves, named), LARGEST_LIST))


@dataclass(frozen=True)
class _Filter:
    """What a listed order must be. periods: a time of the record, from when, and before when."""

    statuses: frozenset[str]
    customer_id: str | None
    user: str | None
    fragment: str
    periods: tuple[tuple[str, float, float], ...]

    def leaves(self, order: Order) -> bool:
        """Whether the order is one of them."""
        return (
            (not self.statuses or order.status.lower() in self.statuses)
            and self.customer_id in (None, order.document.get("CustomerOrderId"))
            and self.user in (None, order.user)
            and self.fragment in order.id
            and all(low <= getattr(order, field) < high for field, low, high in self.periods)
        )


def _filter(call: Call) -> _Filter:
    statuses = frozenset(one for one in call.query.get("status", "").lower().split(",") if one)
    if not statuses <= set(_STATUSES):
        raise Refusal(15518, status=404, value=call.query["status"], valid=", ".join(_STATUSES))
    customer_id, user = call.query.get("customerOrderId"), call.query.get("lastModifiedBy")
    fragment = call.query.get("orderIdFragment", "")
    periods = [_period(call, *row) for row in _PERIODS if call.query.get(row[0])]
    if not (periods or customer_id or user or fragment or call.query.get("tn")):
        periods.append(("created", call.now - TWO_YEARS.total_seconds(), float("inf")))
    return _Filter(statuses, customer_id, user, fragment, tuple(periods))


def _period(call: Call, name: str, field: str, is_end: bool) -> tuple[str, float, float]:
    """A date as these lists write it, yyyy-MM-dd, as a period; a time behind it is not looked at."""
    try:
        day = datetime.strptime(call.query[name].partition("T")[0], "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise Refusal(15503, status=404, name=name) from None
    at = day.timestamp()
    return (field, float("-inf"), at + _DAY_SECONDS) if is_end else (field, at, float("inf"))
