"""Number details to where numbers are: one by one, or, of many, from the account's list of numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock

from reconciler.api.client import Params, Reader
from reconciler.api.errors import Forbidden, NotFound, Refused, Unreadable
from reconciler.api.numbers import next_page, ten_digits
from reconciler.document import Node
from reconciler.kinds.criteria import TOLL_FREE, UNKNOWN, Details, plain

ONE_BY_ONE = 50  # numbers; for more than these the account's list takes fewer requests
PAGE = 2500  # the most that the list gives (error 1006; band CLI)
ELEMENTS = {"city": "City", "state": "State", "rate_center": "RateCenter", "lata": "Lata"}


@dataclass
class Directory:
    """What the details of numbers say, each read once; threads that ask for different numbers may share it.

    `listed` has the rows of the account's list as far as it was read, `looked_up` the details of single
    numbers, both by ten digits.
    """

    reader: Reader
    account: str
    listed: dict[str, Details] = field(default_factory=dict)
    looked_up: dict[str, Details] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _pages: Iterator[Mapping[str, Details]] = field(init=False)

    def __post_init__(self) -> None:
        self._pages = _pages(self.reader, self.account)

    def read(self, numbers: Collection[str], words: Collection[str]) -> Mapping[str, Details]:
        """The details of ten-digit numbers, as far as `words` (names of `Details`) ask for them.

        Toll-free numbers are nowhere, and not read; one that the API does not know is nowhere either. The
        list need not have all numbers, or show all of them; those are looked up, and those that have no
        details (404) are looked for in the list. Raises `ApiError`: a number whose details cannot be read
        might be bought again.
        """
        local = [number for number in numbers if number[:3] not in TOLL_FREE] if words else []
        if len(lacking := self._lacking(local, words)) > ONE_BY_ONE:
            self._page_through(lacking, words)
        for number in self._lacking(lacking, words):
            self.looked_up[number] = _read_one(self.reader, number)
        self._page_through([n for n in local if self.looked_up.get(n) == UNKNOWN], words)
        known = {n: details for n, details in self.looked_up.items() if details != UNKNOWN}
        return {n: known.get(n) or self.listed.get(n, UNKNOWN) for n in numbers}

    def _page_through(self, numbers: Collection[str], words: Collection[str]) -> None:
        """Read the account's list on until it has told of these numbers what the words ask for."""
        with self._lock:
            while not all(self._is_listed(number, words) for number in numbers):
                rows = next(self._pages, None)
                if rows is None:
                    return
                self.listed |= rows

    def _lacking(self, numbers: Collection[str], words: Collection[str]) -> list[str]:
        """The numbers of which nobody has said yet what the words ask for."""
        unread = sorted({number for number in numbers if number not in self.looked_up})
        return [number for number in unread if not self._is_listed(number, words)]

    def _is_listed(self, number: str, words: Collection[str]) -> bool:
        return all(getattr(self.listed.get(number), word, "") for word in words)


def _read_one(reader: Reader, number: str) -> Details:
    path = f"/tns/{number}/tndetails"
    answer = reader.get(path, tolerate=(404,))
    if answer.status == 404:
        return UNKNOWN
    row = next(filter(_is_row, answer.document.walk()), None) if answer.document else None
    if row is None:
        raise Unreadable(f"GET {path}: expected the details of a number, got none", f"GET {path}")
    return _details(row)


def _is_row(node: Node) -> bool:
    """Whether an element describes a number; emergency addresses inside it have cities of their own."""
    return any(node.value(name) for name in ("FullNumber", "Status", *ELEMENTS.values()))


def _details(row: Node) -> Details:
    return Details(**{name: plain(row.value(element) or "") for name, element in ELEMENTS.items()})


def _pages(reader: Reader, account: str) -> Iterator[Mapping[str, Details]]:
    """The list's pages. `page` is the number that starts one or a count from 1; links say which, if any."""
    page, seen = "1", set[str]()
    while page not in seen:
        seen.add(page)
        params: Params = {"accountId": account, "page": page, "size": PAGE}
        try:
            document = reader.get("/tns", params).document
        except (Forbidden, NotFound, Refused):  # not for these credentials; or no such page (15516)
            return
        nodes = document.walk() if document else ()
        rows = {ten_digits(n.value("FullNumber") or ""): _details(n) for n in nodes if n.value("FullNumber")}
        yield rows
        linked = document is not None and document.first("Links") is not None
        following = next_page(document)
        if following is None and not linked and len(rows) >= PAGE and page.isdecimal():
            following = str(int(page) + 1)
        page = following or page
