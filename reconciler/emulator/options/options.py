"""Option orders: the calls that place them, and show what became of them."""

from __future__ import annotations

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.catalogue import TEXTS
from reconciler.emulator.errors import Refusal
from reconciler.emulator.options import rules
from reconciler.emulator.options.provisioning import groups
from reconciler.emulator.orders import reports
from reconciler.emulator.orders.order import Order
from reconciler.emulator.orders.schedule import place
from reconciler.emulator.xml import Tree

ROOT = "TnOptionOrder"
REPORT = "TnOptionOrderReportResponse"


def create(call: Call) -> Answer:
    """Takes an option order in; its numbers are set later, each apart from the others."""
    wanted = [_group(call, group) for group in call.body["TnOptionGroups"]["TnOptionGroup"]]
    document = {**call.body, "TnOptionGroups": {"TnOptionGroup": wanted}}
    order = Order(call.store.new_uuid(), document, call.settings.username, call.now, call.now)
    order.numbers = [number for _, number in groups(order)]
    if len(set(order.numbers)) < len(order.numbers):
        raise Refusal(5072)
    place(order, "tn_options", call.store, call.outcomes, call.now)
    return Answer(201, {ROOT: _shown(call, order)}, f"{call.account_url}/tnoptions/{order.id}")


def _group(call: Call, group: Tree) -> Tree:
    """The group as stored: its numbers, and the one that calls go on to, as 10 digits."""
    numbers = []
    for sent in group["TelephoneNumbers"]["TelephoneNumber"]:
        digits = call.digits(sent)
        if digits is None:
            raise Refusal(1022 if call.e164 else 5070, value=sent)
        numbers.append(digits)
    rules.check_group(call, group, numbers)
    stored = {**group, "TelephoneNumbers": {"TelephoneNumber": numbers}}
    if "CallForward" in group:
        stored["CallForward"] = call.digits(group["CallForward"]) or group["CallForward"]
    return stored


def show(call: Call) -> Answer:
    """An option order with what has become of it."""
    return Answer(200, _shown(call, reports.looked_at(call, call.store.tn_options)))


def find(call: Call) -> Order:
    """The option order in the path, or a 404 without a code."""
    return reports.found(call, call.store.tn_options)


def _shown(call: Call, order: Order) -> Tree:
    errors = [
        {
            "Code": code,
            "Description": TEXTS[code].format_map({"name": ""}),
            "TelephoneNumber": call.shown(number),
        }
        for code, number in order.errors
    ]
    warnings = [
        {"TelephoneNumber": call.shown(number), "Description": text} for text, number in order.warnings
    ]
    wanted = [_shown_group(call, group) for group in order.document["TnOptionGroups"]["TnOptionGroup"]]
    return reports.header(call, order) | {
        "TnOptionGroups": {"TnOptionGroup": wanted},
        "ErrorList": {"Error": errors},
        "Warnings": {"Warning": warnings},
    }


def _shown_group(call: Call, group: Tree) -> Tree:
    shown = dict(group)
    numbers = [call.shown(number) for number in group["TelephoneNumbers"]["TelephoneNumber"]]
    if "CallForward" in group and not rules.is_literal(group["CallForward"]):
        shown["CallForward"] = call.shown(group["CallForward"])
    return shown | {"TelephoneNumbers": {"TelephoneNumber": numbers}}


def listing(call: Call) -> Answer:
    """The account's option orders as rows, or in full with orderDetails=true."""
    orders = reports.selected(call, call.store.tn_options, _number(call))
    if call.flag("orderDetails"):
        rows: Tree = {ROOT: [_shown(call, order) for order in orders]}
    else:
        rows = {"TnOptionOrderSummary": [reports.summary(call, order, "tn_option") for order in orders]}
    content = {"TotalCount": len(orders), **rows}
    if call.reads("options_root", "orders"):
        return Answer(200, content, root="TnOptionOrders")
    return Answer(200, {"TnOptionOrders": content})


def _number(call: Call) -> str | None:
    """The number that the list is filtered by, as 10 digits."""
    sent = call.query.get("tn")
    if sent is None:
        return None
    digits = sent if call.reads("options_numbers", "digits") else call.digits(sent)
    if digits is None:
        raise Refusal(None)
    return digits.removeprefix("+1")
