"""The numbers on sale: an area code or toll-free code to its numbers, a number to its place.

Deterministic: the same code has the same numbers in the same order everywhere.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reconciler.emulator.errors import Refusal

TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")
DEFAULT_COUNT = 5000
_PER_EXCHANGE = 250
# Exchanges [2-9]XX that are not N11 (North American Numbering Plan).
_EXCHANGES = [f"{n}" for n in range(200, 1000) if n % 100 != 11]
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")


@dataclass(frozen=True)
class Place:
    """Where numbers of an area code are: what the number details show."""

    state: str
    lata: str
    city: str
    rate_center: str
    zip: str


# State and LATA of some area codes, and their cities as "city, rate centre, ZIP"; other area codes
# have numbers too, but nothing is known of where they are.
_AREAS: dict[str, tuple[str, str, tuple[tuple[str, str, str], ...]]] = {
    "201": ("NJ", "224", (("JERSEY CITY", "JERSEYCITY", "07302"),)),
    "205": ("AL", "476", (("BIRMINGHAM", "BIRMINGHAM", "35203"),)),
    "206": ("WA", "674", (("SEATTLE", "SEATTLE", "98101"),)),
    "212": ("NY", "132", (("NEW YORK", "NWYRCYZN01", "10007"),)),
    "213": ("CA", "730", (("LOS ANGELES", "LSAN DA 01", "90012"),)),
    "303": ("CO", "656", (("DENVER", "DENVER", "80202"),)),
    "305": ("FL", "460", (("MIAMI", "MIAMI", "33128"),)),
    "312": ("IL", "358", (("CHICAGO", "CHICAGO", "60602"),)),
    "317": ("IN", "336", (("INDIANAPOLIS", "INDIANAPLS", "46204"),)),
    "404": ("GA", "438", (("ATLANTA", "ATLANTA", "30303"),)),
    "415": ("CA", "722", (("SAN FRANCISCO", "SNFC CNTRL", "94102"),)),
    "435": ("UT", "660", (("ST GEORGE", "ST GEORGE", "84770"),)),
    "512": ("TX", "558", (("AUSTIN", "AUSTIN", "78701"),)),
    "540": ("VA", "244", (("LADYSMITH", "LADYSMITH", "22501"), ("ROANOKE", "ROANOKE", "24011"))),
    "602": ("AZ", "666", (("PHOENIX", "PHOENIX", "85003"),)),
    "617": ("MA", "128", (("BOSTON", "BOSTON", "02108"), ("CAMBRIDGE", "CAMBRIDGE", "02139"))),
    "704": ("NC", "422", (("CHARLOTTE", "CHARLOTTE", "28202"),)),
    "720": ("CO", "656", (("DENVER", "DENVER", "80202"), ("BOULDER", "BOULDER", "80302"))),
    "804": (
        "VA",
        "248",
        (("RICHMOND", "RICHMOND", "23219"), ("GLOUCESTER", "GLOUCESTER", "23061")),
    ),
    "910": ("NC", "949", (("FAYETTEVILLE", "FAYETTEVL", "28301"),)),
    "919": (
        "NC",
        "426",
        (
            ("RALEIGH", "RALEIGH", "27606"),
            ("CARY", "CARY", "27511"),
            ("DURHAM", "DURHAM", "27701"),
        ),
    ),
    "984": ("NC", "426", (("RALEIGH", "RALEIGH", "27606"), ("DURHAM", "DURHAM", "27701"))),
}


@functools.cache
def stock(code: str, count: int) -> tuple[str, ...]:
    """The first `count` numbers of a code, 10 digits each, all valid."""
    return tuple(_number(code, index) for index in range(min(count, 10_000 * len(_EXCHANGES))))


def _number(code: str, index: int) -> str:
    run, step = divmod(index, _PER_EXCHANGE)
    # 37 and 7919 have no factor in common with 792 and 10,000: no number comes twice.
    lap, spot = divmod(run, len(_EXCHANGES))
    exchange = _EXCHANGES[(spot * 37 + int(code)) % len(_EXCHANGES)]
    line = ((lap * _PER_EXCHANGE + step) * 7919 + int(code)) % 10000
    return f"{code}{exchange}{line:04d}"


def kind(number: str) -> str:
    """What sort of number it is, as `phoneNumberType` spells it; all are of the USA."""
    return "TOLL_FREE" if number.startswith(TOLL_FREE) else "GEOGRAPHIC"


def place(number: str) -> Place | None:
    """Where a number is; None for toll-free numbers and area codes that the table does not have."""
    return _place(number[:3], int(number[3:6]))


@functools.cache
def _place(code: str, exchange: int) -> Place | None:
    area = _AREAS.get(code)
    if area is None:
        return None
    state, lata, cities = area
    return Place(state, lata, *cities[exchange % len(cities)])


@dataclass(frozen=True)
class Search:
    """What is looked for; blank parts ask for nothing. `prefix`: area code, NPANXX, NPANXXX.

    nearby: numbers of the same local calling area follow those that match.
    """

    codes: tuple[str, ...] = ()
    prefix: str = ""
    digits: str = ""
    ends_in: bool = False
    place: tuple[tuple[str, str], ...] = ()
    nearby: bool = False

    def matches(self, number: str) -> bool:
        """Whether a number is one that was asked for."""
        if not number.startswith(self.prefix):
            return False
        if self.digits and not self._spells(number):
            return False
        return not self.place or self._is_there(number)

    def _spells(self, number: str) -> bool:
        return number.endswith(self.digits) if self.ends_in else self.digits in number[3:]

    def _is_there(self, number: str) -> bool:
        where = place(number)
        return where is not None and all(getattr(where, k) == v for k, v in self.place)


# The elements of a search that say where numbers are: their names in `Place`.
_PLACES = {"State": "state", "City": "city", "RateCenter": "rate_center", "Zip": "zip", "Lata": "lata"}


# The criteria that take in the local calling area, by default (iris.min.raml, EnableLCA; numbers.yml, LCA).
_WITH_AREA = ({"NpaNxx"}, {"NpaNxxX"}, {"RateCenter", "State"})
_CRITERIA = {*_PLACES, "AreaCode", "NpaNxx", "NpaNxxX", "LocalVanity"}


def asked_for(wanted: Mapping[str, str]) -> Search:
    """What criteria, named like the elements of orders (AreaCode, EnableLCA ...), ask for."""
    if "TollFreeVanity" in wanted:
        return Search(TOLL_FREE, digits=keypad(wanted["TollFreeVanity"]))
    if "TollFreeWildCardPattern" in wanted:
        pattern = wanted["TollFreeWildCardPattern"].replace("*", ".")
        return Search(tuple(code for code in TOLL_FREE if re.fullmatch(pattern, code)))
    prefixes = [wanted[name] for name in ("AreaCode", "NpaNxx", "NpaNxxX") if name in wanted]
    longest = max(prefixes, key=len, default="")
    # Several prefixes that do not agree match no number at all.
    agree = all(longest.startswith(prefix) for prefix in prefixes)
    return Search(
        codes=(longest[:3],) if longest else (),
        prefix=longest if agree else "none",
        digits=keypad(wanted.get("LocalVanity", "")),
        ends_in=wanted.get("EndsIn") == "true",
        place=tuple((_PLACES[name], wanted[name].upper()) for name in _PLACES if name in wanted),
        nearby=wanted.keys() & _CRITERIA in _WITH_AREA and wanted.get("EnableLCA", "true") == "true",
    )


def keypad(word: str) -> str:
    """The digits that a vanity word is dialled with."""
    return word.upper().translate(_KEYPAD)


def is_area_code(code: str) -> bool:
    """Whether three digits can be an area code, toll-free ones included."""
    plain = re.fullmatch("[2-9][0-8][0-9]", code) is not None
    return plain and not code.endswith("11") and code[:2] not in ("37", "96")


def check_area_code(code: str) -> None:
    """Raises 5002 for what cannot be an area code, or is a toll-free one."""
    if not is_area_code(code):
        raise Refusal(5002, why=f"'{code}' is not an area code")
    if code in TOLL_FREE:
        raise Refusal(5002, why=f"Telephone number should not contain toll free {code}")


def find(search: Search, counts: Mapping[str, int]) -> Iterator[str]:
    """The numbers that match, in order, sold ones included. `counts` overrides DEFAULT_COUNT."""
    first = None
    for number in _matching(search, counts):
        first = first or number
        yield number
    where = place(first) if first and search.nearby else None
    if where is not None:
        around = Search(local_codes(where.state, where.lata))
        yield from (number for number in _matching(around, counts) if not search.matches(number))


def _matching(search: Search, counts: Mapping[str, int]) -> Iterator[str]:
    for code in search.codes or tuple(_AREAS):
        for number in stock(code, counts.get(code, DEFAULT_COUNT)):
            if search.matches(number):
                yield number


def local_codes(state: str, lata: str) -> tuple[str, ...]:
    """The area codes of a LATA within a state."""
    return tuple(code for code, area in _AREAS.items() if area[:2] == (state, lata))


def rate_centers(codes: tuple[str, ...]) -> list[str]:
    """The rate centres of area codes, in alphabetical order."""
    return sorted({city[1] for code in codes for city in _AREAS[code][2]})


def exists(number: str, counts: Mapping[str, int]) -> bool:
    """Whether the number was ever on sale."""
    return number in _stock_set(number[:3], counts.get(number[:3], DEFAULT_COUNT))


@functools.cache
def _stock_set(code: str, count: int) -> frozenset[str]:
    try:
        if code not in TOLL_FREE:
            check_area_code(code)
    except Refusal:
        return frozenset()
    return frozenset(stock(code, count))
