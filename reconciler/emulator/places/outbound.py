"""Numbers of elsewhere that a location may show as its caller's: version 1 only."""

from __future__ import annotations

import re

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.documents import Document, Group, Leaf
from reconciler.emulator.errors import Refusal
from reconciler.emulator.numbers import paging
from reconciler.emulator.xml import Tree

_NUMBER = Group({"Number": Leaf(required=True)}, required=True, many=True)
REQUEST = Document("AssociatedOutboundNumbers", Group({"AssociatedOutboundNumber": _NUMBER}))
_E164 = re.compile(r"\+1[2-9][0-9]{9}")


def listing(call: Call) -> Answer:
    """A page of them; `page` counts from 1, `size` is 1,000 unless said."""
    numbers = _numbers(call)
    page, size = paging.positive(call, "page", 1), paging.positive(call, "size", 1000)
    shown = numbers[(page - 1) * size : page * size]
    content = {"TotalCount": len(numbers), "AssociatedOutboundNumbers": {"AssociatedOutboundNumber": shown}}
    return Answer(200, content)


def add(call: Call) -> Answer:
    """Adds those that are telephone numbers, and tells of the others."""
    numbers, errors = _numbers(call), []
    for sent in call.body["AssociatedOutboundNumber"]:
        number = sent["Number"]
        why = _fault(number, numbers)
        if why:
            errors.append({"Number": number, "ErrorReason": why})
        else:
            call.store.last_outbound += 1
            numbers.append({"Number": number, "Id": str(call.store.last_outbound)})
    count = len(call.body["AssociatedOutboundNumber"]) - len(errors)
    return Answer(200, {"SuccessCount": count, "Errors": {"AssociatedOutboundNumber": errors}})


def _fault(number: str, numbers: list[Tree]) -> str:
    if not _E164.fullmatch(number):
        return "Invalid Number Format"
    return "Duplicate Number" if any(known["Number"] == number for known in numbers) else ""


def delete(call: Call) -> Answer:
    """Takes one away; 404 for an id that is not there."""
    numbers = _numbers(call)
    found = next((number for number in numbers if number["Id"] == call.where["number"]), None)
    if found is None:
        raise Refusal(None)
    numbers.remove(found)
    return Answer(200)


def _numbers(call: Call) -> list[Tree]:
    if call.e164:  # numbers_v2.yml has no such call
        raise Refusal(None)
    return call.peer().outbound
