"""The calls of orders and disconnects, as a table."""

from __future__ import annotations

from functools import partial

from reconciler.emulator.account.features import Need, gated
from reconciler.emulator.orders import details, diary, disconnects, listing, orders, tables
from reconciler.emulator.orders.diary import Find
from reconciler.emulator.route import ACCOUNT, SITE, Route

_ORDERS = f"{ACCOUNT}/orders"
_ORDER = f"{_ORDERS}/<order>"
_DISCONNECTS = f"{ACCOUNT}/disconnects"
_DISCONNECT = f"{_DISCONNECTS}/<order>"
_SITE_ORDERS = f"{SITE}/orders"
_ANSWER, _LIST, _REPORTS = "OrderResponse", "ResponseSelectWrapper", "TelephoneDetailsReports"
_GONE = "DisconnectTelephoneNumberOrderResponse"

_ORDERING = Need(("ORDERING",), 5183)
_PROTECTING = Need(
    ("PROTECTED_TNS",), 5097, lambda body: "Protected" in body.get("TnAttributes", {}).get("TnAttribute", ())
)
_Placing = partial(Route, is_order=True)
_Seen = partial(Route, "GET", is_order=True, bucket="HISTORY")


def _notes(path: str, find: Find) -> tuple[Route, ...]:
    """The calls of the notes beside orders of one sort; their errors are no ErrorList."""
    of = partial(Route, is_order=True, shape="status", error_root="NoteResponse")
    return (
        of("GET", f"{path}/notes", partial(diary.list_notes, find=find), "Notes", bucket="HISTORY"),
        of("POST", f"{path}/notes", partial(diary.add_note, find=find), "", tables.NOTE),
        of("PUT", f"{path}/notes/<note>", partial(diary.change_note, find=find), "", tables.NOTE),
    )


# Buckets: "Rate limits" of Bandwidth's earlier documentation (bandwidth.github.io, numbers/rateLimits).
ROUTES = (
    _Seen(_ORDERS, listing.listing, _LIST),
    _Placing(
        "POST", _ORDERS, gated(orders.create, _ORDERING, _PROTECTING), _ANSWER, tables.ORDER, bucket="ORDER"
    ),
    _Seen(f"{_ORDERS}/totals", listing.total, _LIST),
    _Seen(_ORDER, orders.show, _ANSWER),
    _Placing("PUT", _ORDER, orders.change, _ANSWER, tables.ORDER_CHANGE, bucket="ORDER"),
    _Seen(f"{_ORDER}/tns", details.numbers, "TelephoneNumbers"),
    _Seen(f"{_ORDER}/areacodes", partial(details.by_prefix, element="AreaCode", digits=3), _REPORTS),
    _Seen(f"{_ORDER}/npanxx", partial(details.by_prefix, element="NPA-NXX", digits=6), _REPORTS),
    _Seen(f"{_ORDER}/totals", details.total, _REPORTS),
    diary.history_of(_ORDER, orders.find, capitals=True, is_order=True, bucket="HISTORY"),
    *_notes(_ORDER, orders.find),
    _Seen(_SITE_ORDERS, listing.of_site, _LIST),
    _Seen(f"{_SITE_ORDERS}/<order>", orders.show_at_site, _ANSWER),
    _Seen(f"{_SITE_ORDERS}/<order>/tns", details.numbers, "TelephoneNumbers"),
    _Seen(_DISCONNECTS, listing.of_disconnects, _LIST),
    _Placing("POST", _DISCONNECTS, disconnects.create, _GONE, tables.DISCONNECT, bucket="DISCONNECT"),
    _Seen(_DISCONNECT, disconnects.show, _GONE),
    *_notes(_DISCONNECT, disconnects.find),
)
