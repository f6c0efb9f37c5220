"""Number pools: a criterion and how many numbers of it a location should have (numbers.yml, /orders).

Each row of `CRITERIA` is one way to ask for numbers: its manifest word, the order's element, and how
a number at the location is seen to belong to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.document import Node, leaf
from reconciler.kinds.kind import Kind, Orders
from reconciler.model import Fields

TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})
NOT_YET = (
    "npa_nxx", "npa_nxx_x", "rate_center", "city", "state", "zip", "lata", "toll_free_vanity",
    "local_vanity", "telephone_number", "backorder", "protected",
)  # fmt: skip


def _has_area_code(number: str, value: str) -> bool:
    return number.startswith(value)


def _fits_pattern(number: str, value: str) -> bool:
    return number[:3] in TOLL_FREE and all(p in {"*", d} for p, d in zip(value, number, strict=False))


@dataclass(frozen=True)
class Criterion:
    """One way to ask for numbers. `claims` tells whether a ten-digit number is one of `value`."""

    word: str
    order_type: str
    element: str
    pattern: str
    description: str
    claims: Callable[[str, str], bool]


CRITERIA = (
    Criterion("area_code", "AreaCodeSearchAndOrderType", "AreaCode", "^[2-9][0-9]{2}$",
              "Local numbers of an area code, as text.", _has_area_code),
    Criterion("toll_free", "TollFreeWildCharSearchAndOrderType", "TollFreeWildCardPattern", "^8[0-9*]{2}$",
              'Toll-free numbers: 8 and two of digit or *, as "8**".', _fits_pattern),
)  # fmt: skip
BY_WORD = {criterion.word: criterion for criterion in CRITERIA}


def criterion_of(fields: Fields) -> tuple[Criterion, str]:
    """A pool's criterion and its value."""
    word = next(name for name in fields if name in BY_WORD)
    return BY_WORD[word], str(fields[word])


def order_document(fields: Fields, *, site: str, peer: str, customer_order_id: str, quantity: int) -> Node:
    """The `Order` that asks for `quantity` numbers of a pool, every default that costs money said aloud.

    An order without Quantity means 5000, and PartialAllowed has two documented defaults (RAML and
    guides of the numbers API disagree), so both are always sent.
    """
    criterion, value = criterion_of(fields)
    search = (leaf(criterion.element, value), leaf("Quantity", quantity))
    return Node(
        "Order",
        children=(
            leaf("CustomerOrderId", customer_order_id),
            leaf("BackOrderRequested", False),
            Node(criterion.order_type, children=search),
            leaf("PartialAllowed", True),
            leaf("SiteId", site),
            leaf("PeerId", peer),
        ),
    )


def order_criterion(order: Node) -> str:
    """What an order asked for, as `word=value`; "" for a way to ask that is not in the table."""
    for criterion in CRITERIA:
        value = order.value(f"{criterion.order_type}/{criterion.element}")
        if value:
            return f"{criterion.word}={value}"
    return ""


def assign(
    pools: Mapping[str, int], listed: Collection[str], delivered: Mapping[str, Collection[str]]
) -> dict[str, frozenset[str]]:
    """Which numbers at a location count for which of its pools; each number counts for one at most.

    `pools` maps criteria (`area_code=919`) to counts, `delivered` to the numbers of the pool's own
    orders, which are its own whatever their digits. The others go to the narrowest pool that claims
    them and is not full, then to the narrowest that claims them.
    """
    found = {pool: set(listed) & set(delivered.get(pool, ())) for pool in pools}
    free = sorted(set(listed) - set().union(*found.values()))
    narrowest = sorted(pools, key=lambda pool: (pool.count("*"), pool))
    for full in (False, True):
        for pool in narrowest:
            word, _, value = pool.partition("=")
            for number in [n for n in free if BY_WORD[word].claims(n, value)]:
                if full or len(found[pool]) < pools[pool]:
                    found[pool].add(number)
                    free.remove(number)
    return {pool: frozenset(numbers) for pool, numbers in found.items()}


def _criterion(fields: Fields) -> str:
    criterion, value = criterion_of(fields)
    return f"{criterion.word}={value}"


def _shorthand(value: Any) -> tuple[bool, Fields]:
    return True, dict(value)


def _schema() -> dict[str, Any]:
    words = {c.word: {"type": "string", "pattern": c.pattern, "description": c.description} for c in CRITERIA}
    count = {"type": "integer", "minimum": 0, "description": "How many there should be."}
    later = {word: {"not": {}, "description": "Not supported yet."} for word in NOT_YET}
    return {
        "type": "object",
        "properties": {**words, "count": count, **later},
        "required": ["count"],
        "oneOf": [{"required": [c.word]} for c in CRITERIA],
        "additionalProperties": False,
    }


KIND = Kind(
    name="numbers",
    where=("sub_accounts", "*", "locations", "*", "numbers", "#"),
    description="How many numbers of a kind the location should have. A surplus is reported, never released.",
    parent="location",
    after=("sms", "mms", "messaging_application", "voice_application"),
    serving=Orders(),
    block=_schema(),
    criterion=_criterion,
    shorthand=_shorthand,
)
