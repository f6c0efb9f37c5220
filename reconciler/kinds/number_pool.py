"""Number pools: a criterion and how many numbers of it a location should have (numbers.yml, /orders).

A pool's manifest entry to its fields and its order, and an order back to the criterion that it asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from reconciler.document import Node, leaf
from reconciler.kinds.criteria import (
    BY_WORD,
    CRITERIA,
    TOLL_FREE,
    WORDS,
    Seen,
    asked,
    canonical,
    criterion_of,
    written,
)
from reconciler.kinds.kind import Kind, Orders
from reconciler.model import Address, Change, Fields, Finding, Problem, Resource, Severity, World

# the fields that say how to order: their element, and what they say
OPTIONS = {
    "protected": (
        "TnAttributes/TnAttribute",
        "Whether the numbers that are ordered are protected; said when ordering, never compared.",
    ),
    "backorder": ("BackOrderRequested", "Whether an order waits for numbers that are not on sale yet."),
}
_TYPES = tuple(dict.fromkeys(criterion.order_type for criterion in CRITERIA))


def order_document(fields: Fields, *, site: str, peer: str, customer_order_id: str, quantity: int) -> Node:
    """The `Order` that asks for `quantity` numbers of a pool, every default that costs money said aloud.

    An order without Quantity means 5000, PartialAllowed has two documented defaults (RAML and guides of
    the numbers API disagree), and EnableLCA is on unless said otherwise (RAML), so all are always sent.
    """
    pool = asked(written(fields))
    search = Node(pool.criterion.order_type)
    for name, value in pool.values.items():
        search = search.put(BY_WORD[name].element, _element(name, value))
    if pool.criterion.widens:
        search = search.put("EnableLCA", leaf("EnableLCA", False))
    if pool.criterion.word != "telephone_number":
        search = search.put("Quantity", leaf("Quantity", quantity))
    attributes = Node("TnAttributes", children=(leaf("TnAttribute", "Protected"),))
    return Node(
        "Order",
        children=(
            leaf("CustomerOrderId", customer_order_id),
            leaf("BackOrderRequested", fields.get("backorder") is True),
            search,
            *([attributes] if fields.get("protected") is True else []),
            leaf("PartialAllowed", True),
            leaf("SiteId", site),
            leaf("PeerId", peer),
        ),
    )


def _element(name: str, value: str) -> Node:
    """A word's element; version 1 of the API writes numbers with ten digits."""
    text = value.removeprefix("+1") if name == "telephone_number" else value
    return leaf(BY_WORD[name].element.rpartition("/")[2], text)


def order_criterion(order: Node) -> str:
    """What an order asked for, as a pool's criterion is written; "" for a way to ask that is no pool's.

    What only a combined search can ask for makes a text that is no pool's either.
    """
    search = next((node for name in _TYPES if (node := order.first(name))), None)
    if search is None:
        return ""
    found = {word.name: each.text for word in WORDS for each in search.all(word.element) if each.text}
    if len(found.pop("npa_nxx_x", "")) == 7:  # both are NpaNxx, of six digits or of seven (numbers.yml)
        found["npa_nxx_x"] = found.pop("npa_nxx")
    numbers = search.all(BY_WORD["telephone_number"].element)
    several = [f"telephone_number={canonical('telephone_number', node.text)}" for node in numbers]
    others = [f"npa_nxx_x={node.text}" for node in search.all("NpaNxxX") if node.text]
    ends = ["ends_in=TRUE"] if (search.value("EndsIn") or "").lower() == "true" else []
    found.pop("telephone_number", None)
    return ",".join(filter(None, [written(found), *several, *others, *ends]))


def _shorthand(value: Any) -> tuple[bool, Fields]:
    fields = {name: canonical(name, each) if name in BY_WORD else each for name, each in value.items()}
    return True, {"count": 1, **fields} if "telephone_number" in fields else fields


def _check(resource: Resource, world: World) -> Iterable[Problem]:
    fields = resource.fields
    criterion = criterion_of(fields)
    if criterion is None:
        yield _no_criterion(resource)
        return
    if "count" not in fields:
        yield Problem(
            f"{resource.address}: count is missing", resource.where(), "say how many there should be"
        )
    elif criterion.word == "telephone_number" and fields["count"] not in {0, 1}:
        yield Problem(
            f"{resource.address}: telephone_number is one number, and its count is {fields['count']}",
            resource.where("count"),
            "leave count out; count: 0 is for a number that is to be given up with --release",
        )
    for option, code in criterion.refuses.items():
        if fields.get(option) is True:
            yield Problem(
                f"{resource.address}: {option} does not combine with {criterion.word} ({code})",
                resource.where(option),
                f"the API does not take it there; leave {option} out",
            )
    yield from _toll_free_as_local(resource)
    if criterion.word == "telephone_number":
        yield from _at_two_locations(resource, world)


def _at_two_locations(resource: Resource, world: World) -> Iterator[Problem]:
    for site in world.wanted_members("sub_account", ()):
        for location in world.wanted_members("location", site.address.names):
            other = Address(resource.address.kind, location.address.names, resource.address.criterion)
            if other < resource.address and world.wanted(other):
                yield Problem(
                    f"{resource.address}: {other} asks for the same number",
                    resource.where(),
                    "a number is at one location",
                )


def _no_criterion(resource: Resource) -> Problem:
    given = [name for name in BY_WORD if name in resource.fields]
    lacking = next((set(c.words) - set(given) for c in CRITERIA if given and set(given) < set(c.words)), None)
    if lacking:
        told = f"{_listed(given, 'and')} needs {_listed(lacking, 'and')}"
    elif given:
        told = f"{_listed(given, 'and')} are no criterion together"
    else:
        told = "says how many, but not of what"
    ways = (" with ".join(criterion.words) for criterion in CRITERIA)
    return Problem(
        f"{resource.address}: {told}",
        resource.where(given[-1] if given else ""),
        f"a pool asks for {_listed(ways, 'or')}",
    )


def _toll_free_as_local(resource: Resource) -> Iterator[Problem]:
    for name in ("area_code", "npa_nxx", "npa_nxx_x"):
        code = str(resource.fields.get(name, ""))[:3]
        if code in TOLL_FREE:
            yield Problem(
                f"{resource.address}: {code} is toll-free, and {name} is of local numbers (5002)",
                resource.where(name),
                f'write toll_free: "{code}"',
            )


def _listed(words: Iterable[str], last: str) -> str:
    *others, final = sorted(words) if isinstance(words, set) else list(words)
    return f"{', '.join(others)} {last} {final}" if others else final


def _review(change: Change, world: World) -> Iterable[Finding]:
    del world
    criterion = criterion_of(change.wanted.fields)
    if criterion and criterion.seen is Seen.ORDERS and change.quantity:
        yield Finding(
            Severity.WARNING, change.address,
            f"only what this pool's own orders delivered counts: no number shows its {criterion.word}",
            "numbers that came here otherwise are not of this pool, whatever they were asked for by",
            change.wanted.where(),
        )  # fmt: skip


def _schema() -> dict[str, Any]:
    words = {w.name: {"type": "string", "pattern": w.pattern, "description": w.description} for w in WORDS}
    count = {"type": "integer", "minimum": 0, "description": "How many there should be."}
    options = {name: {"type": "boolean", "description": text} for name, (_, text) in OPTIONS.items()}
    return {
        "type": "object",
        "properties": {**words, "count": count, **options},
        "additionalProperties": False,
    }


KIND = Kind(
    name="numbers",
    where=("sub_accounts", "*", "locations", "*", "numbers", "#"),
    description="How many numbers of a kind the location should have. A surplus goes only by --release.",
    parent="location",
    after=("sms", "mms", "messaging_application", "voice_application"),
    serving=Orders(),
    block=_schema(),
    criterion=written,
    shorthand=_shorthand,
    check=_check,
    review=_review,
)
