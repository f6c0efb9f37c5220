"""Orders for numbers: what may be ordered, and the calls that place, show and change orders."""

from __future__ import annotations

import re

from reconciler.emulator.call import Answer, Call, moment
from reconciler.emulator.catalogue import TEXTS
from reconciler.emulator.errors import Refusal
from reconciler.emulator.numbers import inventory
from reconciler.emulator.orders.fulfilment import (
    close,
    existing_numbers,
    order_type,
    reservations,
    search_of,
)
from reconciler.emulator.orders.tables import EXISTING
from reconciler.emulator.store import Order
from reconciler.emulator.xml import Tree

_LARGEST = 5000
_NO_BACKORDER = (
    EXISTING,
    "NPANXXSearchAndOrderType",
    "TollFreeVanitySearchAndOrderType",
)


def create(call: Call) -> Answer:
    """Places an order; refused ones echo it beside the error, as the sample of 5016 does."""
    try:
        document = _checked(call)
    except Refusal as refusal:
        refusal.beside = {"Order": {**call.body, "OrderCreateDate": moment(call.now)}}
        raise
    order = Order(call.store.new_uuid(), document, call.now, call.now, _peer_id(call, document))
    call.store.take(call.store.orders, order)
    order.at_most = call.outcomes.next_limit()
    echo = _echo(call, order, document.get("PeerId"), order.id)
    placed = {"Order": echo, "OrderStatus": "RECEIVED"}
    return Answer(201, placed, f"{call.account_url}/orders/{order.id}")


def _checked(call: Call) -> Tree:
    """The order as stored: defaults filled in, numbers as 10 digits."""
    document = {"BackOrderRequested": "false", "PartialAllowed": "true", **call.body}
    if document["SiteId"] not in call.store.sites:
        raise Refusal(5016)
    kind = order_type(document)
    if kind is None:
        raise Refusal(5087)
    if document["BackOrderRequested"] == "true" and _rules_out_backorder(kind, document[kind]):
        raise Refusal(5522)
    if kind == EXISTING:
        document[EXISTING] = _with_digits(call, document)
    else:
        _check_quantity(document[kind].get("Quantity", ""))
        search_of(kind, document[kind])
    _peer_id(call, document)
    return document


def _peer_id(call: Call, document: Tree) -> str:
    """Where the numbers go. A wrong PeerId is taken, and fails the order later (OrderStatus)."""
    if "PeerId" in document:
        return str(document["PeerId"])
    default = call.store.sites[document["SiteId"]].default_peer()
    if default is None:
        raise Refusal(5020)
    return default.id


def _rules_out_backorder(kind: str, wanted: Tree) -> bool:
    return kind in _NO_BACKORDER or not wanted.keys().isdisjoint({"NpaNxx", "NpaNxxX", "LocalVanity"})


def _check_quantity(text: str) -> None:
    # The RAML says that 5,000 are bought when it is left out: that must not pass in silence.
    if not re.fullmatch("0*[1-9][0-9]{0,17}", text):
        raise Refusal(5009, value=f"'{text}'")
    if int(text) > _LARGEST:
        raise Refusal(5211)


def _with_digits(call: Call, document: Tree) -> Tree:
    sent = existing_numbers(document)
    if not sent and not reservations(document):
        raise Refusal(5001)
    numbers = {"TelephoneNumber": given_numbers(call, sent)}
    return {**document[EXISTING], "TelephoneNumberList": numbers}


def given_numbers(call: Call, sent: list[str]) -> list[str]:
    """The numbers that an order or a disconnect names, as 10 digits; refuses bad, many, repeated."""
    numbers = [digits for number in sent if (digits := call.digits(number))]
    if len(numbers) < len(sent):
        raise Refusal(5070)
    if len(numbers) > _LARGEST:
        raise Refusal(5095, limit=_LARGEST)
    if len(set(numbers)) < len(numbers):
        raise Refusal(5093)
    return numbers


def show(call: Call) -> Answer:
    """An order with what has become of it."""
    order = _order(call)
    order.looks += 1
    found: Tree = {"CompletedQuantity": len(order.granted)}
    found["CreatedByUser"] = call.settings.username
    if order.status != "RECEIVED":
        found["ErrorList"] = {"Error": [_error(call, *error) for error in order.errors]}
        failed = [call.shown(number) for number in order.failed]
        found["FailedNumbers"] = {"FullNumber": failed}
    found["LastModifiedDate"] = moment(order.changed)
    if order.ended is not None:
        found["OrderCompleteDate"] = moment(order.ended)
    found["Order"] = _echo(call, order, order.peer, None)
    found["OrderStatus"] = order.status
    if order.status != "RECEIVED":
        found |= _outcome(call, order)
    return Answer(200, found)


def _order(call: Call) -> Order:
    order = call.store.orders.get(call.where["order"])
    if order is None:
        raise Refusal(5061)
    return order


def _outcome(call: Call, order: Order) -> Tree:
    detail = call.flag("tndetail")
    numbers = [
        {"FullNumber": call.shown(number)} | (_details(number) if detail else {}) for number in order.granted
    ]
    short = 0 if order.status == "BACKORDERED" else _quantity(order) - len(order.granted)
    return {
        "CompletedNumbers": {"TelephoneNumber": numbers},
        "Summary": _summary(order),
        "FailedQuantity": short,
    }


def _quantity(order: Order) -> int:
    kind = order_type(order.document) or EXISTING
    if kind == EXISTING:
        return len(existing_numbers(order.document))
    return int(order.document[kind]["Quantity"])


def _summary(order: Order) -> str:
    count = len(order.granted) or _quantity(order)
    noun = "number" if count == 1 else "numbers"
    if not order.granted:
        return f"{count} {noun} requested"
    codes = ", ".join(sorted({number[:3] for number in order.granted}))
    return f"{count} {noun} ordered in ({codes})"


def _error(call: Call, code: int, about: str) -> Tree:
    error: Tree = {"Code": code, "Description": TEXTS[code].format_map({"name": about})}
    if about.isdigit():
        error["TelephoneNumber"] = call.shown(about)
    return error


def _echo(call: Call, order: Order, peer: str | None, order_id: str | None) -> Tree:
    """The order as sent. POST answers with its id, and without a location that was not named."""
    sent = order.document
    kind = order_type(sent) or EXISTING
    wanted = dict(sent[kind])
    if kind == EXISTING:
        numbers = [call.shown(number) for number in existing_numbers(sent)]
        wanted["TelephoneNumberList"] = {"TelephoneNumber": numbers}
    echo = {
        "CustomerOrderId": sent.get("CustomerOrderId"),
        "Name": sent.get("Name"),
        "OrderCreateDate": moment(order.created),
        "PeerId": peer,
        "BackOrderRequested": sent["BackOrderRequested"],
        "id": order_id,
        kind: wanted,
        "TnAttributes": sent.get("TnAttributes"),
        "PartialAllowed": sent["PartialAllowed"],
        "SiteId": sent["SiteId"],
    }
    return {name: value for name, value in echo.items() if value is not None}


def change(call: Call) -> Answer:
    """Renames an order, or closes a back-order; answers with an empty root."""
    order = _order(call)
    if call.body.get("CloseOrder") == "true":
        if order.status != "BACKORDERED":
            raise Refusal(5060)
        close(order, call.now)
    for name in ("Name", "CustomerOrderId"):
        if name in call.body:
            order.document[name] = call.body[name]
            order.changed = call.now
    return Answer(200, {})


def _details(number: str) -> Tree:
    """What `tndetail=true` adds to a number."""
    where = inventory.place(number)
    if where is None:
        return {}
    return {
        "City": where.city,
        "Lata": where.lata,
        "State": where.state,
        "RateCenter": where.rate_center,
    }
