"""Disconnects: the calls that give numbers up and show what became of it."""

from __future__ import annotations

from reconciler.emulator.call import Answer, Call, moment
from reconciler.emulator.catalogue import TEXTS
from reconciler.emulator.errors import Refusal
from reconciler.emulator.orders import schedule
from reconciler.emulator.orders.order import Order
from reconciler.emulator.orders.orders import details_of, given_numbers
from reconciler.emulator.orders.tables import DISCONNECT_TYPE
from reconciler.emulator.xml import Tree


def create(call: Call) -> Answer:
    """Takes a disconnect in; its numbers stay in service until it is carried out."""
    try:
        document = _checked(call)
    except Refusal as refusal:
        refusal.beside = {"orderRequest": {"OrderCreateDate": moment(call.now), **call.body}}
        raise
    numbers: list[str] = document[DISCONNECT_TYPE]["TelephoneNumberList"]["TelephoneNumber"]
    order = Order(call.store.new_uuid(), document, call.settings.username, call.now, call.now, numbers)
    schedule.place(order, "disconnects", call.store, call.outcomes, call.now)
    content = {"orderRequest": _echo(call, order), "OrderStatus": "RECEIVED"}
    return Answer(201, content, f"{call.account_url}/disconnects/{order.id}")


def _checked(call: Call) -> Tree:
    if "TelephoneNumberList" in call.body and not call.settings.lenient:
        raise Refusal(1005, name="DisconnectTelephoneNumberOrder/TelephoneNumberList")
    wanted = {"DisconnectMode": "normal", "Protected": "UNCHANGED"} | call.body[DISCONNECT_TYPE]
    if wanted["DisconnectMode"] != "normal":  # the other modes are for Bandwidth's staff
        raise Refusal(5085)
    numbers = given_numbers(call, wanted["TelephoneNumberList"]["TelephoneNumber"])
    wanted["TelephoneNumberList"] = {"TelephoneNumber": numbers}
    return {**call.body, DISCONNECT_TYPE: wanted}


def show(call: Call) -> Answer:
    """A disconnect with what has become of it."""
    order = find(call)
    order.looks += 1
    found: Tree = {}
    if order.status != "RECEIVED":
        found["DisconnectedTelephoneNumberList"] = _gone(call, order)
        found["ErrorList"] = {"Error": [_error(call, *error) for error in order.errors]}
    found |= {"orderRequest": _echo(call, order), "OrderStatus": order.status}
    return Answer(200, found)


def find(call: Call) -> Order:
    """The disconnect in the path, or 5061."""
    order = call.store.disconnects.get(call.where["order"])
    if order is None:
        raise Refusal(5061)
    return order


def _gone(call: Call, order: Order) -> Tree:
    """The numbers that were given up; with tndetail=true, beside each where it is."""
    numbers = [call.shown(number) for number in order.granted]
    if not call.flag("tndetail"):
        return {"TelephoneNumber": numbers}
    details = [{"FullNumber": call.shown(number)} | details_of(number) for number in order.granted]
    return {"TelephoneNumber": numbers, "TelephoneNumberDetail": details}


def _error(call: Call, code: int, number: str) -> Tree:
    return {"Code": code, "Description": TEXTS[code], "TelephoneNumber": call.shown(number)}


def _echo(call: Call, order: Order) -> Tree:
    sent = order.document
    names = {name: sent[name] for name in ("CustomerOrderId", "Name") if name in sent}
    numbers = {"TelephoneNumber": [call.shown(number) for number in order.numbers]}
    return names | {
        "id": order.id,
        "OrderCreateDate": moment(order.created),
        DISCONNECT_TYPE: {**sent[DISCONNECT_TYPE], "TelephoneNumberList": numbers},
    }
