"""The calls of orders and disconnects, as a table."""

from __future__ import annotations

from functools import partial

from reconciler.emulator.orders import disconnects, listing, orders, tables
from reconciler.emulator.route import ACCOUNT, Route

_ORDERS = f"{ACCOUNT}/orders"
_DISCONNECTS = f"{ACCOUNT}/disconnects"
_DISCONNECT_ROOT = "DisconnectTelephoneNumberOrderResponse"

_Order = partial(Route, is_order=True)

# Buckets: "Rate limits" of Bandwidth's earlier documentation (bandwidth.github.io, numbers/rateLimits).
ROUTES = (
    _Order("GET", _ORDERS, listing.listing, "ResponseSelectWrapper", bucket="HISTORY"),
    _Order("POST", _ORDERS, orders.create, "OrderResponse", tables.ORDER, bucket="ORDER"),
    _Order("GET", f"{_ORDERS}/<order>", orders.show, "OrderResponse", bucket="HISTORY"),
    _Order("PUT", f"{_ORDERS}/<order>", orders.change, "OrderResponse", tables.ORDER_CHANGE, bucket="ORDER"),
    _Order(
        "POST", _DISCONNECTS, disconnects.create, _DISCONNECT_ROOT, tables.DISCONNECT, bucket="DISCONNECT"
    ),
    _Order("GET", f"{_DISCONNECTS}/<order>", disconnects.show, _DISCONNECT_ROOT, bucket="HISTORY"),
)
