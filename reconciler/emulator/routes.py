"""Every call that is served: the tables of all areas as one map from method and path."""

from __future__ import annotations

from werkzeug.routing import Map, Rule

from reconciler.emulator import auth
from reconciler.emulator.account.routes import ROUTES as ACCOUNT
from reconciler.emulator.messages.routes import ROUTES as MESSAGES
from reconciler.emulator.moves.routes import ROUTES as MOVES
from reconciler.emulator.numbers.routes import ROUTES as NUMBERS
from reconciler.emulator.options.routes import ROUTES as OPTIONS
from reconciler.emulator.orders.routes import ROUTES as ORDERS
from reconciler.emulator.places.routes import ROUTES as PLACES
from reconciler.emulator.products.routes import ROUTES as PRODUCTS
from reconciler.emulator.route import JsonRoute, Route

TOKEN_PATH = "/oauth2/token"  # noqa: S105 - a path
JSON_SERVED = (JsonRoute("POST", TOKEN_PATH, auth.grant), *MESSAGES)
SERVED = (*ACCOUNT, *PLACES, *PRODUCTS, *NUMBERS, *ORDERS, *OPTIONS, *MOVES)

_ALL: tuple[Route | JsonRoute, ...] = (*SERVED, *JSON_SERVED)

ROUTES = Map(
    [Rule(route.path, endpoint=route, methods=[route.method]) for route in _ALL],
    strict_slashes=False,
    merge_slashes=False,
)
