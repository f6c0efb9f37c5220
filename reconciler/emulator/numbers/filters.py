"""The filters of number lists: query parameters to a test of one number, or the catalogue's error."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from reconciler.emulator.errors import Refusal
from reconciler.emulator.numbers import inventory

Test = Callable[[str], bool]
"""Whether a number (10 digits) is one of those asked for."""

# The digits that a number begins with, by parameter: what they look like, and the code when they do not.
_NXX = "[2-9][0-9]{2}[2-9][0-9]{2}"
_PREFIXES = {
    "npa": ("[2-9][0-9]{2}", 15510),
    "areacode": ("[2-9][0-9]{2}", 15510),
    "npanxx": (_NXX, 15511),
    "npanxxx": (f"{_NXX}[0-9]", 15512),
}
# The place of a number, by parameter: its name in `Place`.
_PLACES = {"city": "city", "lata": "lata", "ratecenter": "rate_center", "state": "state"}
_DATES = ("%Y-%m-%d", "%y-%m-%d")
_DAY = 24 * 3600


def lower_case(query: Mapping[str, str]) -> dict[str, str]:
    """The parameters under names in lower case: one list spells areaCode, another areacode."""
    return {name.lower(): value.strip() for name, value in query.items() if value.strip()}


def by_number(query: Mapping[str, str]) -> list[Test]:
    """The tests of a number's digits, place, type and tier; raises 1008 and 15508 to 15512."""
    tests = [_starting(name, query[name]) for name in _PREFIXES if name in query]
    if "ratecenter" in query and "state" not in query:
        raise Refusal(15508, name="rateCenter", other="state")
    wanted = {_PLACES[name]: query[name].upper() for name in _PLACES if name in query}
    if wanted:
        tests.append(inventory.Search(place=tuple(wanted.items())).matches)
    country, kind = query.get("countrycodea3", "USA"), query.get("phonenumbertype")
    if country.upper() != "USA":
        tests.append(lambda _: False)
    if kind is not None:
        tests.append(lambda number: inventory.kind(number) == kind.upper())
    if "tier" in query:
        if query["tier"] not in ("0", "1", "2", "3", "4", "5"):
            raise Refusal(1008, name="tier", value=query["tier"])
        tests.append(lambda _: query["tier"] == "0")
    return tests


def _starting(name: str, text: str) -> Test:
    pattern, code = _PREFIXES[name]
    if not re.fullmatch(pattern, text):
        raise Refusal(code, value=text)
    return lambda number: number.startswith(text)


def between(query: Mapping[str, str], first: str, last: str) -> Callable[[float], bool]:
    """Whether a time (epoch seconds) is within two days, both included; raises 15501 and 15503."""
    start, end = (_day(query[name]) if name in query else None for name in (first, last))
    if start and end and start > end:
        raise Refusal(15501, start=query[first], end=query[last])
    low = start.timestamp() if start else float("-inf")
    high = end.timestamp() + _DAY if end else float("inf")
    return lambda moment: low <= moment < high


def _day(text: str) -> datetime:
    for form in _DATES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise Refusal(15503, name=text)
