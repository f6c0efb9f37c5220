"""What an order for numbers got, counted in the ways that its sub-resources show."""

from __future__ import annotations

from collections import Counter

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.numbers import inventory
from reconciler.emulator.orders.orders import find
from reconciler.emulator.xml import Tree

_REPORT = "TelephoneDetailsReport"
_ROWS = {
    "States": ("StateWithCount", "State", "state"),
    "RateCenters": ("RateCenterWithCount", "RateCenter", "rate_center"),
    "Cities": ("CityWithCount", "City", "city"),
}


def numbers(call: Call) -> Answer:
    """The numbers that the order got, and how many."""
    shown = [call.shown(number) for number in find(call).granted]
    return Answer(200, {"Count": len(shown), "TelephoneNumber": shown})


def by_prefix(call: Call, element: str, digits: int) -> Answer:
    """How many numbers the order got of each prefix of so many digits."""
    counts = Counter(number[:digits] for number in find(call).granted)
    return Answer(200, {_REPORT: [{element: prefix, "Count": n} for prefix, n in counts.items()]})


def total(call: Call) -> Answer:
    """How many numbers the order got."""
    return Answer(200, {_REPORT: {"Count": len(find(call).granted)}})


def places(numbers: list[str]) -> Tree:
    """Where numbers (10 digits) are, as a row of a list of orders counts them."""
    known = [where for number in numbers if (where := inventory.place(number))]
    counted: Tree = {}
    for outer, (inner, element, attribute) in _ROWS.items():
        counts = Counter(getattr(where, attribute) for where in known)
        counted[outer] = {inner: [{element: name, "Count": n} for name, n in counts.items()]}
    counted["Tiers"] = {"TierWithCount": {"Tier": 0, "Count": len(numbers)}}
    vendor = {"VendorId": 49, "VendorName": "Bandwidth CLEC", "Count": len(numbers)}
    return counted | {"Vendors": {"VendorWithCount": vendor}}
