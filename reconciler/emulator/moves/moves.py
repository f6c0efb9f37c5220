"""Moves of numbers to another location: the calls that order them, and show what became of them."""

from __future__ import annotations

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.catalogue import TEXTS
from reconciler.emulator.errors import Refusal
from reconciler.emulator.orders import reports
from reconciler.emulator.orders.order import Order
from reconciler.emulator.orders.orders import given_numbers
from reconciler.emulator.orders.schedule import place
from reconciler.emulator.store import Store
from reconciler.emulator.xml import Tree

ROOT = "MoveTnsOrder"
_FAULTY = (7201, 7314, 7360)


def create(call: Call) -> Answer:
    """Takes a move in; its numbers are where they were until it is carried out."""
    codes = _wrong_place(call.store, call.body)
    if codes:
        errors = [{"Code": code, "Description": TEXTS[code]} for code in codes]
        raise Refusal(codes[0], beside={"ProcessingStatus": "FAILED", "Errors": errors})
    numbers = given_numbers(call, call.body["TelephoneNumbers"]["TelephoneNumber"], _FAULTY)
    document = {**call.body, "TelephoneNumbers": {"TelephoneNumber": numbers}}
    order = Order(call.store.new_uuid(), document, call.settings.username, call.now, call.now, numbers)
    order.site, order.peer = call.body["SiteId"], _peer_id(call.store, call.body)
    place(order, "moves", call.store, call.outcomes, call.now)
    return Answer(201, {ROOT: _shown(call, order)}, f"{call.account_url}/moveTns/{order.id}")


def _wrong_place(store: Store, wanted: Tree) -> list[int]:
    """The codes of all that is wrong with where the numbers are to go."""
    site, named = store.sites.get(wanted.get("SiteId", "")), wanted.get("SipPeerId")
    everywhere = {peer.id for _, peer in store.peers()}
    faults = {
        7309: site is None,
        7310: named is None and site is not None and site.default_peer() is None,
        7311: named in everywhere and site is not None and named not in site.peers,
        7312: named is not None and named not in everywhere,
    }
    return [code for code, holds in faults.items() if holds]


def _peer_id(store: Store, wanted: Tree) -> str:
    """The location: as named, or the sub-account's default one."""
    default = store.sites[wanted["SiteId"]].default_peer()
    named: str | None = wanted.get("SipPeerId")
    return named or (default.id if default else "")


def show(call: Call) -> Answer:
    """A move with what has become of it."""
    return Answer(200, _shown(call, reports.looked_at(call, call.store.moves)))


def find(call: Call) -> Order:
    """The move in the path, or a 404 without a code."""
    return reports.found(call, call.store.moves)


def _shown(call: Call, order: Order) -> Tree:
    sent = order.document
    named = ("SourceAccountId", "E911ServiceAction")
    numbers = [call.shown(number) for number in order.numbers]
    shown = reports.header(call, order) | {name: sent[name] for name in named if name in sent}
    shown |= {
        "SiteId": order.site,
        "SipPeerId": order.peer,
        "TelephoneNumbers": {"TelephoneNumber": numbers},
    }
    if order.errors:
        shown["Errors"] = {"Error": _errors(call, order)}
    return shown


def _errors(call: Call, order: Order) -> list[Tree]:
    """The errors, each once with its numbers; one without numbers is about the order."""
    by_code: dict[int, list[str]] = {}
    for code, number in order.errors:
        by_code.setdefault(code, []).extend([call.shown(number)] if number else [])
    return [
        {
            "Code": code,
            "Description": TEXTS[code],
            **({"TelephoneNumbers": {"TelephoneNumber": numbers}} if numbers else {}),
        }
        for code, numbers in by_code.items()
    ]


def listing(call: Call) -> Answer:
    """The account's moves, newest first."""
    number = call.query.get("tn")
    if number is not None and call.digits(number) is None:
        raise Refusal(None)
    orders = reports.selected(call, call.store.moves, number and call.digits(number))
    rows = [reports.summary(call, order, "move_tn_orders") for order in orders]
    return Answer(200, {"TotalCount": len(orders), "MoveTnsOrderSummary": rows})
