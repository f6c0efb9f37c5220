"""Disconnects: the calls that give numbers up and show what became of it."""

from __future__ import annotations

from reconciler.emulator.call import Answer, Call, moment
from reconciler.emulator.catalogue import TEXTS
from reconciler.emulator.errors import Refusal
from reconciler.emulator.orders.fulfilment import disconnected_numbers
from reconciler.emulator.orders.orders import given_numbers
from reconciler.emulator.store import Order
from reconciler.emulator.xml import Tree

_TYPE = "DisconnectTelephoneNumberOrderType"


def create(call: Call) -> Answer:
    """Takes a disconnect in; its numbers stay in service until it is carried out."""
    try:
        document = _checked(call)
    except Refusal as refusal:
        refusal.beside = {"orderRequest": {"OrderCreateDate": moment(call.now), **call.body}}
        raise
    order = Order(call.store.new_uuid(), document, call.now, call.now)
    call.store.take(call.store.disconnects, order)
    content = {"orderRequest": _echo(call, order), "OrderStatus": "RECEIVED"}
    return Answer(201, content, f"{call.account_url}/disconnects/{order.id}")


def _checked(call: Call) -> Tree:
    wanted = {"DisconnectMode": "normal", "Protected": "UNCHANGED"} | call.body[_TYPE]
    if wanted["DisconnectMode"] != "normal":  # the other modes are for Bandwidth's staff
        raise Refusal(5085)
    numbers = given_numbers(call, disconnected_numbers(call.body))
    wanted["TelephoneNumberList"] = {"TelephoneNumber": numbers}
    return {**call.body, _TYPE: wanted}


def show(call: Call) -> Answer:
    """A disconnect with what has become of it."""
    order = call.store.disconnects.get(call.where["order"])
    if order is None:
        raise Refusal(5061)
    order.looks += 1
    found: Tree = {}
    if order.status != "RECEIVED":
        gone = [call.shown(number) for number in order.granted]
        found["DisconnectedTelephoneNumberList"] = {"TelephoneNumber": gone}
        found["ErrorList"] = {"Error": [_error(call, *error) for error in order.errors]}
    found |= {"orderRequest": _echo(call, order), "OrderStatus": order.status}
    return Answer(200, found)


def _error(call: Call, code: int, number: str) -> Tree:
    return {"Code": code, "Description": TEXTS[code], "TelephoneNumber": call.shown(number)}


def _echo(call: Call, order: Order) -> Tree:
    sent = order.document
    numbers = [call.shown(number) for number in disconnected_numbers(sent)]
    names = {name: sent[name] for name in ("CustomerOrderId", "Name") if name in sent}
    return names | {
        "id": order.id,
        "OrderCreateDate": moment(order.created),
        _TYPE: {**sent[_TYPE], "TelephoneNumberList": {"TelephoneNumber": numbers}},
    }
