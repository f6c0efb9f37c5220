"""Every call that is served: the tables of all areas as one map from method and path."""

from __future__ import annotations

from werkzeug.routing import Map, Rule

from reconciler.emulator.account.routes import ROUTES as ACCOUNT
from reconciler.emulator.numbers.routes import ROUTES as NUMBERS
from reconciler.emulator.orders.routes import ROUTES as ORDERS
from reconciler.emulator.places.routes import ROUTES as PLACES
from reconciler.emulator.products.routes import ROUTES as PRODUCTS

TOKEN_PATH = "/oauth2/token"  # noqa: S105 - a path
SERVED = (*ACCOUNT, *PLACES, *PRODUCTS, *NUMBERS, *ORDERS)

ROUTES = Map(
    [
        *(Rule(route.path, endpoint=route, methods=[route.method]) for route in SERVED),
        Rule(TOKEN_PATH, endpoint=None, methods=["POST"]),
    ],
    strict_slashes=False,
    merge_slashes=False,
)
