"""Number lists and number details: documents to ten-digit numbers, and where each of them is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from reconciler.api.client import Answer, Reader
from reconciler.api.errors import ApiError, NotFound, Unreadable
from reconciler.chain import Key, Whereabouts
from reconciler.document import Node

PAGE = 5000  # the list's default size (numbers.yml)
GIVEN_UP = frozenset({"Available", "PortOut"})  # statuses of a number that the account has no more


@dataclass(frozen=True)
class Number:
    """A number at a location: ten digits, its 10DLC campaign if it has one, whether messaging is on."""

    digits: str
    campaign: str = ""
    texting: bool = False


def ten_digits(text: str) -> str:
    """A number as ten digits, from either form that the API's versions use."""
    digits = re.sub(r"\D", "", text)
    return digits[-10:] if len(digits) == 11 and digits.startswith("1") else digits


def parse_time(text: str | None) -> datetime | None:
    """A date of the API, or None: some have dashes in their time, some end in the middle."""
    match = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d)[:-](\d\d)[:-](\d\d)", text or "")
    return datetime.fromisoformat(f"{match[1]}T{match[2]}:{match[3]}:{match[4]}+00:00") if match else None


def read_numbers(reader: Reader, path: str) -> tuple[Number, ...]:
    """Every number that the location at `path` (…/tns) lists, page by page. Raises `ApiError`."""
    found: dict[str, Number] = {}
    page = 1
    while True:
        answer = reader.get(path, {"page": page, "size": PAGE}, tolerate=(404,))
        if answer.status == 404:
            return _nothing_listed(reader, path)
        rows = list(_numbers(answer, path))
        new = [row for row in rows if row.digits not in found]
        if rows and not new:
            raise Unreadable(f"GET {path}: page {page} repeats numbers of earlier pages", f"GET {path}")
        found |= {row.digits: row for row in rows}
        if len(rows) < PAGE and not next_page(answer.document):
            return tuple(found.values())
        page += 1


def _nothing_listed(reader: Reader, path: str) -> tuple[Number, ...]:
    """A list that is "not found" is empty only if the location's own total says so."""
    if read_total(reader, path.removesuffix("/tns") + "/totaltns") == 0:
        return ()
    raise NotFound(f"GET {path}: 404, though the location is there", f"GET {path}", 404)


def _numbers(answer: Answer, path: str) -> Iterator[Number]:
    document = answer.document
    if document is None:
        if answer.status != 204:
            raise Unreadable(f"GET {path}: expected a list of numbers, got nothing", f"GET {path}")
        return
    if not document.name.startswith("SipPeerTelephoneNumbers"):
        raise Unreadable(f"GET {path}: expected a list of numbers, got {document.name}", f"GET {path}")
    for node in document.walk():
        if node.name == "SipPeerTelephoneNumber" and node.value("FullNumber"):
            campaign = node.value("MessagingSettings/CampaignId") or ""
            texting = (node.value("MessagingSettings/SmsEnabled") or "").lower() == "true"
            yield Number(ten_digits(node.value("FullNumber") or ""), campaign, texting)


def next_page(document: Node | None) -> str | None:
    """The `page` of the next link of a list, whatever host the link names; None on the last page."""
    link = document.first("Links/next") if document else None
    if link is None and document is not None:
        link = next((n.first("next") for n in document.walk() if n.name == "Links"), None)
    match = re.search(r"[?&]page=([^&>;]+)", link.text) if link else None
    return unquote(match[1]) if match else None


def read_total(reader: Reader, path: str) -> int | None:
    """How many numbers the location at `path` (…/totaltns) says it has; None where it is not served (404).

    Raises `ApiError`; an answer without a count says nothing, least of all that there are none.
    """
    answer = reader.get(path, tolerate=(404,))
    if answer.status == 404:
        return None
    nodes = answer.document.walk() if answer.document else ()
    counts = [n.text for n in nodes if n.name == "SipPeerTelephoneNumbersCount" and n.text.isdecimal()]
    if not counts:
        raise Unreadable(f"GET {path}: expected a count of numbers, got none", f"GET {path}")
    return int(counts[-1])


@dataclass(frozen=True, slots=True)
class Placement:
    """What a document says of where one number is; "" for what it leaves out."""

    status: str
    account: str
    site: str
    peer: str


def placement(details: Node) -> Placement:
    """Read the element that has a number's status, in the forms of number details and of its status alone."""

    def text(*paths: str) -> str:
        return next(filter(None, map(details.value, paths)), "")

    return Placement(
        status=text("Status"),
        account=text("AccountId", "Account/Id", "Account/AccountId"),
        site=text("Site/Id", "SiteId", "Site/SiteId"),
        peer=text("SipPeer/PeerId", "SipPeer/Id", "SipPeerId", "PeerId"),
    )


def read_whereabouts(reader: Reader, number: str, key: Key) -> Whereabouts:
    """Where a number is that its location does not list: by its details, else by its status."""
    found = _described(reader, number)
    if found is None:
        return Whereabouts.UNKNOWN
    where = _whereabouts(found, key)
    at_site = where is Whereabouts.UNKNOWN and found.site == key.site
    return Whereabouts.HERE if at_site and _only_location(reader, key) else where


def read_place(reader: Reader, number: str, key: Key) -> tuple[Whereabouts, str]:
    """Where a number is, and in words at which other place the account has it; "" where it does not."""
    found = _described(reader, number)
    where = Whereabouts.UNKNOWN if found is None else _whereabouts(found, key)
    if found is None or where is not Whereabouts.ELSEWHERE or found.status in GIVEN_UP:
        return where, ""
    peer, site = found.peer and f"location {found.peer}", found.site and f"sub-account {found.site}"
    return where, " of ".join(filter(None, [peer, site]))


def _described(reader: Reader, number: str) -> Placement | None:
    """What the API says of a number, if anything."""
    for path in (f"/tns/{number}/tndetails", f"/tns/{number}"):
        with suppress(ApiError):
            document = reader.get(path).document
            found = next((n for n in document.walk() if n.value("Status")), None) if document else None
            if found is not None:
                return placement(found)
    return None


def _only_location(reader: Reader, key: Key) -> bool:
    """Whether the number's site has one location, so that the site decides which it is at."""
    try:
        document = reader.get(f"/accounts/{key.account}/sites/{key.site}/sippeers").document
    except ApiError:
        return False
    peers = [n.value("PeerId") for n in document.walk() if n.name == "SipPeer"] if document else []
    return peers == [key.peer]


def _whereabouts(found: Placement, key: Key) -> Whereabouts:
    if found.status in {"Aging", "Disconnected"} or found.account not in {"", key.account}:
        return Whereabouts.RELEASED
    if found.status in GIVEN_UP or found.site not in {"", key.site} or found.peer not in {"", key.peer}:
        return Whereabouts.ELSEWHERE
    return Whereabouts.HERE if found.site and found.peer else Whereabouts.UNKNOWN
