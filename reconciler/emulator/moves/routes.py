"""The calls of moves, as a table."""

from __future__ import annotations

from reconciler.emulator.moves import moves, tables
from reconciler.emulator.orders import diary
from reconciler.emulator.route import ACCOUNT, Route

_MOVES = f"{ACCOUNT}/movetns"
_ANSWER = "MoveTnsOrderResponse"

ROUTES = (
    Route("POST", _MOVES, moves.create, _ANSWER, tables.MOVE_TNS_ORDER, bucket="MOVE_TNS", shape="errors"),
    Route("GET", _MOVES, moves.listing, "MoveTnsOrders"),
    Route("GET", f"{_MOVES}/<order>", moves.show, moves.ROOT, error_root=_ANSWER),
    diary.history_of(f"{_MOVES}/<order>", moves.find),
)
