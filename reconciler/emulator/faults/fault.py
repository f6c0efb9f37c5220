"""What may go wrong, as data: the kinds of fault, and one fault with the requests that it happens to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from reconciler.emulator.catalogue import TEXTS

ANY = "ANY"
_WRITES = ("POST", "PUT", "PATCH", "DELETE")
METHODS: Mapping[str, tuple[str, ...]] = {
    **{name: (name,) for name in ("GET", *_WRITES)},
    "WRITE": _WRITES,
    ANY: ("GET", *_WRITES, "HEAD", "OPTIONS"),
}
"""Words for methods, and what they stand for."""
_TOKEN = "/oauth2/token"  # noqa: S105 - a path
_LISTS = (
    "orders|disconnects|tnoptions|movetns|tns|totaltns|orders/totals"
    "|inservicenumbers|inservicenumbers/totals|discnumbers|discnumbers/totals"
)


@dataclass(frozen=True)
class Kind:
    """One kind of fault, and a line on what it is like.

    value: what its number is, as STATUS, with `usual` where none is given; "" where it takes none.
    method, path, times: which requests, and how often, where a fault does not say.
    later: only for pages after the first. told: it answers with a document, which `code` and `body` set.
    """

    about: str
    value: str = ""
    usual: float | None = None
    method: str = ANY
    path: str = ""
    times: int | None = None
    later: bool = False
    told: bool = False


KINDS: Mapping[str, Kind] = {
    "latency": Kind("the answer comes SECONDS later", "SECONDS", 1),
    "stall-before": Kind("nothing is done; silence, and a hang-up after SECONDS", "SECONDS", 60),
    "stall-after": Kind("it is done; silence, and a hang-up after SECONDS", "SECONDS", 60),
    "drop-before": Kind("nothing is done; a hang-up without an answer"),
    "drop-after": Kind("it is done; a hang-up without an answer"),
    "error-before": Kind("nothing is done; STATUS is answered", "STATUS", 500, told=True),
    "error-after": Kind("it is done; STATUS is answered all the same", "STATUS", 500, told=True),
    "refuse": Kind("nothing is done; 503 without a document"),
    "e911-down": Kind(
        "addresses cannot be checked: 503 with error 13566",
        method="POST|PUT",
        path="sites|sites/*|sippeers|sippeers/*",
    ),
    "forbidden": Kind("nothing is done; 403 without a document"),
    "html": Kind("nothing is done; a web page with STATUS", "STATUS", 200),
    "limit": Kind("nothing is done; 429, come back in SECONDS", "SECONDS", 1),
    "redirect": Kind("303 to the same place, once", method="GET", times=1),
    "empty": Kind("it is done; 200 without a document"),
    "truncate": Kind("it is done; a hang-up after BYTES (half) of the answer", "BYTES"),
    "repeat-page": Kind("the first page of a list instead of a later one", method="GET", later=True),
    "miss-page": Kind("the next page of a list instead of that asked for", method="GET"),
    "lag": Kind("a list is as it was READS reads of it ago", "READS", 1, "GET", _LISTS),
}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A rule: what happens, to which requests, how often.

    what: a name of `KINDS`. value: its number. method: one or more of `METHODS`, parted by "|".
    path: below the prefix, in any case, as `PurePath.match` takes it: from its beginning with a "/", else
    its end; "*" is one part; more than one parted by "|". Without a path it is every call but the token's.
    nth: from the nth such request on (1 is the first), once unless `times` says how often. chance: of
    happening to each, 0 to 1, by a dice with `seed`. code, body: of what an error answers.

    Raises ValueError for what makes no sense.
    """

    what: str
    value: float | None = None
    method: str = ""
    path: str = ""
    nth: int | None = None
    times: int | None = None
    chance: float = 1.0
    seed: int = 0
    code: int | None = None
    body: str | None = None

    def __post_init__(self) -> None:
        wrong = next(_faults_in(self), None)
        if wrong:
            raise ValueError(f"{self.what}: {wrong}")

    @property
    def kind(self) -> Kind:
        """What sort of thing happens."""
        return KINDS[self.what]

    @property
    def words(self) -> str:
        """What happens, as a line on it begins: "error-before=502"."""
        return self.what if self.value is None else f"{self.what}={whole(self.value)}"

    @property
    def number(self) -> float | None:
        """The value, or the usual one."""
        return self.kind.usual if self.value is None else self.value

    @property
    def at_most(self) -> int | None:
        """How often it happens; None for no end."""
        if self.times is not None:
            return self.times
        return 1 if self.nth is not None else self.kind.times

    def concerns(self, method: str, path: str, page: str) -> bool:
        """Whether it is about such a request; `page` as in the query, "" for none."""
        if self.kind.later and page in ("", "0", "1"):
            return False
        names = (self.method or self.kind.method).split("|")
        if not any(method in METHODS[name] for name in names):
            return False
        patterns = self.path or self.kind.path
        if not patterns:
            return path != _TOKEN
        asked = PurePosixPath(path)
        return any(asked.match(pattern) for pattern in patterns.lower().split("|"))


def whole(value: float) -> float:
    """The same number without a fraction that says nothing: 502 of 502.0."""
    return int(value) if float(value).is_integer() else value


def _faults_in(fault: Fault) -> Iterator[str]:
    """What makes no sense, in words."""
    if fault.what not in KINDS:
        yield f"is none of {', '.join(KINDS)}"
        return
    if fault.value is not None:
        yield from _faults_in_value(fault.kind, fault.value)
    answers = fault.code is not None or fault.body is not None
    wrong = {
        f"a method is one of {', '.join(METHODS)}, not {fault.method}": not all(
            name in METHODS for name in (fault.method or ANY).split("|")
        ),
        "a path is empty": not all((fault.path or "*").split("|")),
        "takes neither code nor body": answers and not fault.kind.told,
        f"{fault.code} is no error that the emulator knows": fault.code not in TEXTS,
        "nth counts from 1": fault.nth is not None and fault.nth < 1,
        "times is at least 1": fault.times is not None and fault.times < 1,
        "chance is from 0 to 1": not 0 <= fault.chance <= 1,
    }
    yield from (words for words, holds in wrong.items() if holds)


def _faults_in_value(kind: Kind, value: float) -> Iterator[str]:
    if not kind.value:
        yield "takes no value"
    elif not math.isfinite(value) or value < 0:
        yield "a value is not below 0"
    elif kind.value != "SECONDS" and value != int(value):
        yield f"{kind.value} is a whole number"
    elif kind.value == "STATUS" and not 200 <= value <= 599:
        yield "STATUS is from 200 to 599"
