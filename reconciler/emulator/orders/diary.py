"""What is kept beside an order of any sort: the history of its statuses, and the notes of users."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from reconciler.emulator.call import Answer, Call, moment
from reconciler.emulator.errors import Refusal
from reconciler.emulator.orders.order import Event, Note, Order
from reconciler.emulator.route import Route
from reconciler.emulator.xml import Tree

Find = Callable[[Call], Order]
# Samples of numbers.yml: orders have their status in capitals and System as author, others not.
_AUTHOR = {True: "System", False: "admin"}


def history_of(path: str, find: Find, capitals: bool = False, **options: Any) -> Route:
    """The call of the history of orders that are at `path`; its errors have a root of their own."""
    handler = partial(history, find=find, capitals=capitals)
    options = {"shape": "status", "error_root": "ErrorResponse", **options}
    return Route("GET", f"{path}/history", handler, "OrderHistoryWrapper", **options)


def history(call: Call, find: Find, capitals: bool = False) -> Answer:
    """Every status that the order came to, oldest first; a 404 without a code where there is no order."""
    try:
        order = find(call)
    except Refusal:
        raise Refusal(None) from None
    return Answer(200, {"OrderHistory": [_event(event, capitals) for event in order.history]})


def _event(event: Event, capitals: bool) -> Tree:
    entry = {
        "OrderDate": moment(event.at),
        "Note": event.note,
        "Author": _AUTHOR[capitals],
        "Status": event.status if capitals else event.status.lower(),
    }
    return entry | ({"Difference": event.difference} if event.difference else {})


def list_notes(call: Call, find: Find) -> Answer:
    """The notes beside an order, oldest first; 204 when there are none."""
    notes = find(call).notes
    if not notes:
        return Answer(204)
    return Answer(200, {"Note": [_note(note) for note in notes]})


def _note(note: Note) -> Tree:
    return {
        "Id": note.id,
        "UserId": note.user,
        "Description": note.text,
        "LastDateModifier": moment(note.changed),
    }


def add_note(call: Call, find: Find) -> Answer:
    """Writes a note down; the answer has no body, the note's id is in Location."""
    order, sent = find(call), _sent(call)
    note = Note(call.store.new_note_id(), sent["UserId"], sent.get("Description", ""), call.now)
    order.notes.append(note)
    collection = "orders" if order.id in call.store.orders else "disconnects"
    return Answer(201, location=f"{call.account_url}/{collection}/{order.id}/notes/{note.id}")


def change_note(call: Call, find: Find) -> Answer:
    """Writes a note anew; the answer has no body."""
    note = next((one for one in find(call).notes if one.id == call.where["note"]), None)
    if note is None:
        raise Refusal(None)
    sent = _sent(call)
    note.user, note.text, note.changed = sent["UserId"], sent.get("Description", ""), call.now
    return Answer(200)


def _sent(call: Call) -> Tree:
    """The note; it is its user's own (numbers.yml: the UserId must match the user who is logged in)."""
    if call.body["UserId"] != call.settings.username:
        raise Refusal(12502, value=call.body["UserId"])
    return call.body
