"""Orders for numbers: what may be ordered, and the calls that place, show and change orders."""

from __future__ import annotations

import re

from reconciler.emulator.call import Answer, Call, moment
from reconciler.emulator.catalogue import TEXTS
from reconciler.emulator.errors import Refusal
from reconciler.emulator.numbers import inventory
from reconciler.emulator.orders import schedule
from reconciler.emulator.orders.fulfilment import order_type, quantity, reserved, search_of
from reconciler.emulator.orders.order import Event, Order
from reconciler.emulator.orders.tables import CRITERIA, EXISTING
from reconciler.emulator.xml import Tree

_LARGEST = 5000
_FAULTY = (5070, 5095, 5093)
_TOLL_FREE = ("TollFreeVanitySearchAndOrderType", "TollFreeWildCharSearchAndOrderType")
_NO_BACKORDER = (EXISTING, "NPANXXSearchAndOrderType", "TollFreeVanitySearchAndOrderType")


def create(call: Call) -> Answer:
    """Places an order; refused ones echo it beside the error, as the sample of 5016 does."""
    try:
        document = _checked(call)
    except Refusal as refusal:
        refusal.beside = {"Order": {**call.body, "OrderCreateDate": moment(call.now)}}
        raise
    order = Order(call.store.new_uuid(), document, call.settings.username, call.now, call.now)
    order.numbers = _named(document)
    order.site, order.peer = document["SiteId"], _peer_id(call, document)
    schedule.place(order, "orders", call.store, call.outcomes, call.now)
    echo = _echo(call, order, document.get("PeerId"), order.id)
    placed = {"Order": echo, "OrderStatus": "RECEIVED"}
    return Answer(201, placed, f"{call.account_url}/orders/{order.id}")


def _named(document: Tree) -> list[str]:
    listed: list[str] = document.get(EXISTING, {}).get("TelephoneNumberList", {}).get("TelephoneNumber", [])
    return listed


def _checked(call: Call) -> Tree:
    """The order as stored: defaults filled in, numbers as 10 digits."""
    partial = call.settings.answer("partial_default")
    document = {"BackOrderRequested": "false", "PartialAllowed": partial, **call.body}
    if document["SiteId"] not in call.store.sites:
        raise Refusal(5016)
    if call.store.sites[document["SiteId"]].locked:
        raise Refusal(5094)
    kind = order_type(document)
    if kind is None:
        raise Refusal(5087)
    if document["BackOrderRequested"] == "true" and _rules_out_backorder(kind, document[kind]):
        raise Refusal(5522)
    if kind in _TOLL_FREE and "Protected" in document.get("TnAttributes", {}).get("TnAttribute", []):
        raise Refusal(5101)
    if kind == EXISTING:
        document[EXISTING] = _with_digits(call, document)
    else:
        document[kind] = {**document[kind], "Quantity": _quantity(call, document[kind])}
        _check_criteria(document[kind])
    _peer_id(call, document)
    return document


def _check_criteria(wanted: Tree) -> None:
    for name, pattern in CRITERIA.items():
        if name in wanted and not re.fullmatch(pattern, wanted[name]):
            raise Refusal(5002, why=f"'{wanted[name]}' is not valid as {name}")
    if "LocalVanity" in wanted and "AreaCode" not in wanted:
        raise Refusal(5002, why="LocalVanity needs an AreaCode")
    search_of(wanted)


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


def _quantity(call: Call, wanted: Tree) -> str:
    """How many numbers are wanted, as text."""
    text: str = wanted.get("Quantity", "")
    if not text and call.reads("no_quantity", "bought"):
        return str(_LARGEST)
    if not re.fullmatch("0*[1-9][0-9]{0,17}", text):
        raise Refusal(5009, value=f"'{text}'")
    if int(text) > _LARGEST:
        raise Refusal(int(call.settings.answer("quantity_code")))
    return text


def _with_digits(call: Call, document: Tree) -> Tree:
    sent = _named(document)
    if not sent and not reserved(document):
        raise Refusal(5001)
    return {**document[EXISTING], "TelephoneNumberList": {"TelephoneNumber": given_numbers(call, sent)}}


def given_numbers(call: Call, sent: list[str], codes: tuple[int, int, int] = _FAULTY) -> list[str]:
    """Numbers as 10 digits, refused with `codes` when one is bad, they are too many, or one is repeated."""
    bad, many, repeated = codes
    numbers = [digits for number in sent if (digits := call.digits(number))]
    if len(numbers) < len(sent):
        raise Refusal(bad)
    if len(numbers) > _LARGEST:
        raise Refusal(many, limit=_LARGEST)
    if len(set(numbers)) < len(numbers):
        raise Refusal(repeated)
    return numbers


def show(call: Call) -> Answer:
    """An order with what has become of it."""
    order = find(call)
    order.looks += 1
    found: Tree = {"CompletedQuantity": len(order.granted)}
    found["CreatedByUser"] = order.user
    if order.status != "RECEIVED":
        found["ErrorList"] = {"Error": [_error(call, *error) for error in order.errors]}
        failed = [call.shown(number) for number in order.failed]
        found["FailedNumbers"] = {"FullNumber": failed}
    found["LastModifiedDate"] = moment(order.changed)
    if order.ended is not None:
        found["OrderCompleteDate"] = moment(order.ended)
    found["Order"] = _echo(call, order, order.peer, None)
    found["OrderStatus"] = word(call, order)
    if order.status != "RECEIVED":
        found |= _outcome(call, order)
    return Answer(200, found)


def show_at_site(call: Call) -> Answer:
    """An order of a sub-account (version 1 only); it has the sub-account's id in two spellings."""
    found = show(call).content or {}
    return Answer(200, {**found, "Order": {"siteId": find(call).site, **found["Order"]}})


def find(call: Call) -> Order:
    """The order in the path, or 5061; under a sub-account (version 1 only) it must be one of its orders."""
    order = call.store.orders.get(call.where["order"])
    elsewhere = "site" in call.where and (call.e164 or order is None or order.site != call.site().id)
    if order is None or elsewhere:
        raise Refusal(5061)
    return order


def word(call: Call, order: Order) -> str:
    """The order's status as it is spelled."""
    completed = order.status == "COMPLETE" and order.id in call.store.orders
    return "COMPLETED" if completed and call.reads("complete_word", "completed") else order.status


def _outcome(call: Call, order: Order) -> Tree:
    detail = call.flag("tndetail")
    numbers = [
        {"FullNumber": call.shown(number)} | (details_of(number) if detail else {})
        for number in order.granted
    ]
    missing, waits = quantity(order) - len(order.granted), order.status == "BACKORDERED"
    outcome: Tree = {
        "CompletedNumbers": {"TelephoneNumber": numbers},
        "Summary": _summary(order),
        "FailedQuantity": 0 if waits else missing,
    }
    if waits and call.reads("pending_quantity", "present"):
        outcome["PendingQuantity"] = missing
    return outcome


def _summary(order: Order) -> str:
    count = len(order.granted) or quantity(order)
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
        numbers = [call.shown(number) for number in order.numbers]
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
    order = find(call)
    if call.body.get("CloseOrder") == "true":
        if order.status != "BACKORDERED":
            raise Refusal(5060)
        schedule.close(order, call.store, call.now)
    for name in ("Name", "CustomerOrderId"):
        if call.body.get(name, order.document.get(name)) != order.document.get(name):
            _rename(order, name, call.body[name], call.now)
    return Answer(200, {})


def _rename(order: Order, name: str, value: str, now: float) -> None:
    difference = f'{name} : "{order.document.get(name, "")}" --> {value}'
    order.history.append(Event(now, order.status, order.history[-1].note, difference))
    order.document[name], order.changed = value, now


def details_of(number: str) -> Tree:
    """What `tndetail=true` adds to a number (10 digits)."""
    where = inventory.place(number)
    if where is None:
        return {}
    return {
        "City": where.city,
        "Lata": where.lata,
        "State": where.state,
        "RateCenter": where.rate_center,
    }
