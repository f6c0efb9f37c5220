"""The ways to ask for numbers: a pool's words to one canonical text, and a number's facts to whose it is.

`WORDS` are what the manifest says and the element that orders say it with; each row of `CRITERIA` is
one way to ask: which words go together, and the order's type (numbers.yml, /orders).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from reconciler.model import Fields

TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})


class Seen(IntEnum):
    """What tells that a number is of a criterion; of several, the last."""

    DIGITS = 1  # its digits
    DETAILS = 2  # its details
    ORDERS = 3  # nothing but that the pool's own order delivered it: no document shows it


@dataclass(frozen=True, slots=True)
class Details:
    """Where a number is, as its details say: upper case, single spaces; "" for what they do not say."""

    city: str = ""
    state: str = ""
    rate_center: str = ""
    lata: str = ""


UNKNOWN = Details()
Fits = Callable[[str, str, Details], bool]


def _begins(value: str, number: str, details: Details) -> bool:
    del details
    return number.startswith(value)


def _is_it(value: str, number: str, details: Details) -> bool:
    del details
    return value == f"+1{number}"


def _fits_pattern(value: str, number: str, details: Details) -> bool:
    del details
    return number[:3] in TOLL_FREE and all(p in {"*", d} for p, d in zip(value, number, strict=False))


def _never(value: str, number: str, details: Details) -> bool:
    del value, number, details
    return False


def _told(name: str) -> Fits:
    def fits(value: str, number: str, details: Details) -> bool:
        del number
        return bool(getattr(details, name) == value)

    return fits


@dataclass(frozen=True)
class Word:
    """One field of a criterion.

    `pattern` is what the manifest's value looks like; `fits` whether a ten-digit number with these
    details is of the (canonical) value.
    """

    name: str
    element: str
    pattern: str
    description: str
    seen: Seen
    fits: Fits


_PLACE = r"^\s*[^\s,=\[\]]+(\s+[^\s,=\[\]]+)*\s*$"
_VANITY = "^[A-Za-z0-9]{4,7}$"
WORDS = (
    Word("area_code", "AreaCode", "^[2-9][0-9]{2}$", "Local numbers of an area code, as text.",
         Seen.DIGITS, _begins),
    Word("npa_nxx", "NpaNxx", "^[2-9][0-9]{2}[2-9][0-9]{2}$",
         "Local numbers that begin with these six digits.", Seen.DIGITS, _begins),
    Word("npa_nxx_x", "NpaNxx", "^[2-9][0-9]{2}[2-9][0-9]{3}$",
         "Local numbers that begin with these seven digits.", Seen.DIGITS, _begins),
    Word("rate_center", "RateCenter", _PLACE, "Local numbers of a rate centre; needs state.",
         Seen.DETAILS, _told("rate_center")),
    Word("city", "City", _PLACE, "Local numbers of a city; needs state.", Seen.DETAILS, _told("city")),
    Word("state", "State", "^[A-Za-z]{2}$",
         "Local numbers of a state, two letters; by itself, or with rate_center or city.",
         Seen.DETAILS, _told("state")),
    Word("zip", "Zip", "^[0-9]{5}$", "Local numbers for a ZIP code, as text.", Seen.ORDERS, _never),
    Word("lata", "Lata", "^[0-9]{3,5}$", "Local numbers of a LATA, as text.", Seen.DETAILS, _told("lata")),
    Word("toll_free", "TollFreeWildCardPattern", "^8[0-9*]{2}$",
         'Toll-free numbers: 8 and two of digit or *, as "8**".', Seen.DIGITS, _fits_pattern),
    Word("toll_free_vanity", "TollFreeVanity", _VANITY, "Toll-free numbers that spell 4 to 7 characters.",
         Seen.ORDERS, _never),
    Word("local_vanity", "LocalVanity", _VANITY,
         "Local numbers that spell 4 to 7 characters; needs area_code.", Seen.ORDERS, _never),
    Word("telephone_number", "TelephoneNumberList/TelephoneNumber", r"^(\+1)?[2-9][0-9]{2}[2-9][0-9]{6}$",
         "This very number, +1 and ten digits or ten digits; its count is 1 or 0.", Seen.DIGITS, _is_it),
)  # fmt: skip
BY_WORD = {word.name: word for word in WORDS}


@dataclass(frozen=True)
class Criterion:
    """One way to ask for numbers: its words, the one that names it first, and the order's type.

    `widens` tells that the type has EnableLCA, which takes in the numbers around. `refuses` maps options
    of a pool that the API does not take with it to the error's code. `scarce` tells that so few numbers are
    of it that an order for others may take the last one.
    """

    words: tuple[str, ...]
    order_type: str
    refuses: Mapping[str, int]
    widens: bool = False
    scarce: bool = False

    @property
    def word(self) -> str:
        """The word that names it."""
        return self.words[0]

    @property
    def seen(self) -> Seen:
        """What tells that a number is of it."""
        return max(BY_WORD[name].seen for name in self.words)


# codes of the error catalogue
_WAITS: Mapping[str, int] = {}
_AT_ONCE = {"backorder": 5522}
_TOLL_FREE_SEARCH = {"protected": 5101}
# the most specific first: it has the first choice of numbers that several pools may take
CRITERIA = (
    Criterion(("telephone_number",), "ExistingTelephoneNumberOrderType", _AT_ONCE, scarce=True),
    Criterion(("npa_nxx_x",), "NPANXXSearchAndOrderType", _AT_ONCE, widens=True),
    Criterion(("npa_nxx",), "NPANXXSearchAndOrderType", _AT_ONCE, widens=True),
    Criterion(("toll_free_vanity",), "TollFreeVanitySearchAndOrderType", {**_AT_ONCE, **_TOLL_FREE_SEARCH},
              scarce=True),
    Criterion(("local_vanity", "area_code"), "CombinedSearchAndOrderType", _AT_ONCE, widens=True,
              scarce=True),
    Criterion(("zip",), "ZIPSearchAndOrderType", _WAITS),
    Criterion(("rate_center", "state"), "RateCenterSearchAndOrderType", _WAITS, widens=True),
    Criterion(("city", "state"), "CitySearchAndOrderType", _WAITS),
    Criterion(("lata",), "LATASearchAndOrderType", _WAITS),
    Criterion(("area_code",), "AreaCodeSearchAndOrderType", _WAITS),
    Criterion(("state",), "StateSearchAndOrderType", _WAITS),
    Criterion(("toll_free",), "TollFreeWildCharSearchAndOrderType", _TOLL_FREE_SEARCH),
)  # fmt: skip


def plain(text: str) -> str:
    """A value in the form in which two that mean the same are equal: upper case, single spaces."""
    return " ".join(text.split()).upper()


def canonical(name: str, value: str) -> str:
    """The value of a word as a criterion's text has it; a number is E.164."""
    return "+1" + re.sub(r"\D", "", value)[-10:] if name == "telephone_number" else plain(value)


def written(values: Fields) -> str:
    """The canonical text of a criterion: `city=RALEIGH,state=NC`. What is no word of one is left out."""
    told = (f"{name}={canonical(name, str(values[name]))}" for name in sorted(values) if name in BY_WORD)
    return ",".join(told)


def criterion_of(names: Mapping[str, object]) -> Criterion | None:
    """The criterion that has these words and no other; options and counts are no words."""
    given = BY_WORD.keys() & names.keys()
    return next((each for each in CRITERIA if set(each.words) == given), None)


@dataclass(frozen=True)
class Asked:
    """A canonical text, read: the criterion and its words' values."""

    criterion: Criterion
    values: Mapping[str, str]

    def claims(self, number: str, details: Details = UNKNOWN) -> bool:
        """Whether a ten-digit number with these details is of it."""
        return all(BY_WORD[name].fits(value, number, details) for name, value in self.values.items())

    @property
    def details(self) -> tuple[str, ...]:
        """The words that only a number's details can tell, as `Details` has them."""
        only_details = self.criterion.seen is Seen.DETAILS
        return tuple(name for name in self.values if only_details and BY_WORD[name].seen is Seen.DETAILS)

    @property
    def number(self) -> str:
        """The ten digits of the only number that is of it; "" where there may be several."""
        return self.values.get("telephone_number", "").removeprefix("+1")

    @property
    def specificity(self) -> tuple[int, int]:
        """Where it stands among others: the lower, the more specific; stars leave a pattern open."""
        return CRITERIA.index(self.criterion), "".join(self.values.values()).count("*")

    @property
    def toll_free(self) -> bool:
        """Whether its numbers are toll-free."""
        return self.number[:3] in TOLL_FREE if self.number else self.criterion.word.startswith("toll_free")

    def may_take(self, other: Asked) -> bool:
        """Whether an order for it may be given a number that is of the other, as far as is known offline."""
        if other.number and self.criterion.seen is Seen.DIGITS:
            return self.claims(other.number)
        return self.toll_free == other.toll_free


def asked(text: str) -> Asked:
    """The inverse of `written`. Raises ValueError for the text of no criterion."""
    values = dict(part.split("=", 1) for part in text.split(","))
    criterion = criterion_of(values)
    if criterion is None:
        raise ValueError(f"{text} is no criterion")
    return Asked(criterion, values)
