"""The sentences of error codes can be said wherever a table of documents refuses with them."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

import pytest

from reconciler.emulator.catalogue import STATUSES, TEXTS
from reconciler.emulator.documents import Document, Group, Leaf
from reconciler.emulator.route import Route
from reconciler.emulator.routes import SERVED

# what `documents` knows when it refuses a value, a length, or an element that is missing
KNOWN = {"bad": {"name", "value", "why"}, "long": {"name", "value", "limit"}, "required": {"name"}}
DOCUMENTS = {
    f"{route.method} {route.path}": route.document
    for route in SERVED
    if isinstance(route, Route) and route.document is not None
}


def _refusals(name: str, rule: Leaf | Group) -> Iterator[tuple[str, str, int]]:
    """Each way in which an element is refused: its name, why, and the code."""
    if rule.required:
        yield name, "required", 1003 if rule.required is True else rule.required
    if isinstance(rule, Leaf):
        yield name, "bad", rule.bad
        yield name, "long", rule.long
        return
    for child, of_child in rule.of.items():
        yield from _refusals(child, of_child)


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_every_refusal_of_a_document_can_be_said(document: Document) -> None:
    """Each code in a table has a sentence, and what the sentence tells is known where it is used."""
    for name, why, code in _refusals(document.root, document.body):
        told = {field for _, field, _, _ in Formatter().parse(TEXTS[code]) if field}
        assert told <= KNOWN[why], (name, why, code)


def test_every_status_is_of_a_code_that_has_a_sentence() -> None:
    """The table of statuses names no code that the table of sentences lacks, and only errors."""
    assert STATUSES.keys() <= TEXTS.keys()
    assert all(400 <= status < 600 for status in STATUSES.values())
