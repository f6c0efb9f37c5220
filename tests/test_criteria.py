"""Every way to ask for numbers: its canonical text, its order, and an order back to the text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.addresses import address_from
from reconciler.api.xml import parse
from reconciler.chain import Key
from reconciler.document import Node
from reconciler.kinds.criteria import CRITERIA, asked, written
from reconciler.kinds.number_pool import KIND, order_criterion, order_document
from reconciler.model import Address, Fields

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "criteria.yaml").read_text(encoding="utf-8"))
POOLS: list[Mapping[str, Any]] = CASES["pools"]
TEXTS: list[str] = [row["text"] for row in POOLS]


def order(text: str) -> Node:
    """An order's document."""
    return parse(f"<Order>{text}<PeerId>1</PeerId></Order>".encode())


def ordered(fields: Fields) -> Node:
    """The order of two numbers of a pool."""
    return order_document(fields, site="1", peer="2", customer_order_id="rc1-a-1", quantity=2)


def test_every_criterion_is_here() -> None:
    """The cases are of every way to ask, the most specific first."""
    assert [asked(text).criterion for text in TEXTS] == list(CRITERIA)


@pytest.mark.parametrize("case", POOLS, ids=TEXTS)
def test_a_pool_and_its_order_have_one_text(case: Mapping[str, Any]) -> None:
    """However a pool is spelled its text is one, and its order, in either spelling, is read as that text."""
    _, fields = KIND.shorthand(case["pool"])
    assert KIND.criterion(fields) == written(case["pool"]) == case["text"]
    assert order_criterion(ordered(fields)) == case["text"]
    assert order_criterion(order(case["order"])) == case["text"]


@pytest.mark.parametrize("text", TEXTS)
def test_what_an_order_always_says(text: str) -> None:
    """Each default that costs money is said: how many, partly, not later, and not in the area around."""
    told = {node.name: node.text for node in ordered(asked(text).values).walk()}
    assert (told["PartialAllowed"], told["BackOrderRequested"]) == ("true", "false")
    assert told.get("Quantity") == (None if asked(text).number else "2")
    assert told.get("EnableLCA") == ("false" if asked(text).criterion.widens else None)
    assert "TnAttributes" not in told


@pytest.mark.parametrize("case", CASES["takes"], ids=lambda case: f"{case['order']} {case['others']}")
def test_an_order_may_take_what_another_asks_for(case: Mapping[str, Any]) -> None:
    """It is told by the digits where they tell it, and else by whether both are toll-free."""
    assert asked(case["order"]).may_take(asked(case["others"])) is case["may"]


def test_options_are_said_when_ordering() -> None:
    """A protected pool orders protected numbers, and one that may wait says so."""
    document = ordered({"city": "CARY", "state": "NC", "protected": True, "backorder": True})
    assert document.value("TnAttributes/TnAttribute") == "Protected"
    assert document.value("BackOrderRequested") == "true"
    assert order_criterion(document) == "city=CARY,state=NC"


@pytest.mark.parametrize("said", CASES["others"])
def test_an_order_that_is_no_pools(said: str) -> None:
    """What no pool can ask for has the text of none, so that such an order is never adopted or counted."""
    text = order_criterion(order(said))
    try:
        assert written(asked(text).values) != text
    except ValueError:
        assert text not in TEXTS


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_read_back(text: str) -> None:
    """Addresses and keys have the text; both lead back to it."""
    address = Address("numbers", ("main", "desk"), text)
    assert address_from(str(address)) == address
    assert written(asked(text).values) == text
    assert Key("1", "2", "3", text).chain == Key("1", "2", "3", text.lower()).chain
