"""Every document that Bandwidth published, read in place, turned into what the emulator lacks of it.

A request has to be taken, an answer to be given: its status, its codes, and all of its elements, nested as
published. What a document wants to be there already comes from the project's own exchanges.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import yaml
from wire_account import Account
from wire_documents import Exchange, elements, exchanges, parse

from reconciler.emulator.routes import SERVED

SHARED = Path(__file__).parents[2] / "shared" / "wire"
GAPS: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "shared_wire_gaps.yaml").read_text())
NOT_SERVED = "the emulator does not serve the call"
NO_OWN = "no exchange of ours brings the emulator to this answer"
_TELLING_OF_ERRORS = {"ErrorList", "Errors"}  # which no answer to a request without fault has
_TRIED = 3  # own exchanges of one call that are tried before an answer counts as not given


@dataclass(frozen=True)
class Published:
    """A published document: its file, its call, the version of that, and whether it is an answer."""

    file: str
    call: str
    status: int
    version: str
    answer: bool

    @property
    def group(self) -> str:
        """The folder that the documents of one part of the API share."""
        return self.file.partition("/")[0]

    @property
    def document(self) -> bytes:
        """The document itself."""
        return (SHARED / self.file).read_bytes()

    @property
    def media_type(self) -> str:
        """XML, or JSON for a few answers of version 2."""
        return f"application/{self.file.rpartition('.')[2]}"

    @property
    def exchange(self) -> Exchange:
        """The document as one without a state before it."""
        return Exchange(self.file, self.call, "", self.status, self.version)


def shape(call: str) -> str:
    """Method and path with the names of variables, and case, out."""
    return re.sub(r"\{\w+\}|<\w+>|(?<=/)7\d{5,6}(?=/|$)", "*", call).lower()


SERVED_CALLS = frozenset(shape(f"{route.method} {route.path}") for route in SERVED)


def is_served(call: str) -> bool:
    """Whether the emulator has the call."""
    return shape(call) in SERVED_CALLS


@cache
def rows(listing: str) -> tuple[Mapping[str, Any], ...]:
    """One of the lists beside the documents, with the `call` of each row; none where they are not at hand."""
    if not SHARED.is_dir():
        return ()
    found = json.loads((SHARED / listing).read_text())
    return tuple({**row, "call": f"{row['method']} {row['path']}"} for row in found)


def _published() -> Iterator[Published]:
    for row in rows("index.json"):
        moved: str = GAPS["moved"].get(row["file"], row["method"])
        call = f"{moved} {row['path']}"
        yield Published(row["file"], call, row["status"] or 200, row["apiVersion"], row["kind"] == "response")


PUBLISHED = tuple(_published())
GROUPS = sorted({one.group for one in PUBLISHED})
SERVED_GROUPS = [group for group in GROUPS if group not in GAPS["groups"]]
DOCUMENTS = tuple(one for one in PUBLISHED if one.group in SERVED_GROUPS)


def reason(side: str, file: str) -> str:
    """Why a document is known not to pass on that side; "" where it has to."""
    known = (gap for gap in GAPS[side]["known"] for pattern in gap["files"] if fnmatch(file, pattern))
    return next((gap["reason"] for gap in known), "")


@cache
def lacking(published: Published) -> tuple[str, ...]:
    """What is wrong with the emulator's answer: its error, or the documented elements that it has not."""
    if not is_served(published.call):
        return (NOT_SERVED,)
    check = _lacks_of_answer if published.answer else _lacks_of_request
    try:
        return min((check(published, *way) for way in _ways(published)), key=len, default=(NO_OWN,))
    except (AssertionError, KeyError) as unprepared:  # what is given before does not bring it about
        return (f"{type(unprepared).__name__}: {unprepared}",)


def _ways(published: Published) -> Iterator[tuple[Exchange, Published]]:
    """How to ask for a document: in the state of which exchange of ours, with which published request.

    Of answers, first as published with them; then with our own requests, the most similar answer first.
    """
    request = _requests().get(published.file.replace(".response.", ".request."))
    if request is not None and published.status < 300:
        yield from ((row, request) for row in _most_like(request))
    if published.answer:
        own = [row for row in _own(published) if row.status == published.status and _is_coded(row, published)]
        own.sort(key=lambda row: -_likeness(published, row))
        yield from ((row, published) for row in own[:_TRIED])


def _lacks_of_request(request: Published, like: Exchange, _: Published) -> tuple[str, ...]:
    answer = _asked(like, request)
    if answer.status_code not in _successes(request):
        return (answer.text or str(answer.status_code),)
    return _paths(_documented(request) - parts(answer.content))


def _lacks_of_answer(answer: Published, like: Exchange, request: Published) -> tuple[str, ...]:
    given = _asked(like, request)
    wrong_code = answer.status >= 400 and codes(given.content) != codes(answer.document)
    if given.status_code != answer.status or wrong_code or not given.content:
        return (given.text or str(given.status_code),)
    return _paths(parts(answer.document) - parts(given.content))


def _asked(like: Exchange, published: Published) -> httpx.Response:
    """The emulator's answer to a published request, or to our own request for a published answer."""
    document = like.request if published.answer else published.document
    with Account(like.settings) as account:
        account.give(like)
        return account.ask(replace(like, version=published.version), document, published.media_type)


def _paths(missing: Set[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted("/".join(path) for path in missing))


@cache
def _requests() -> Mapping[str, Published]:
    return {one.file: one for one in PUBLISHED if not one.answer}


def _own(published: Published) -> list[Exchange]:
    return [row for row in exchanges().values()
            if shape(row.call) == shape(published.call) and not row.client_only]  # fmt: skip


def _most_like(request: Published) -> list[Exchange]:
    """The project's own exchange of the same call whose request has most in common; none where none is."""
    own = [row for row in _own(request) if row.status < 400]
    return sorted(own, key=lambda row: -_likeness(request, row))[:1]


def _likeness(published: Published, row: Exchange) -> int:
    own = row.response if published.answer else row.request
    if own is None:
        return -1
    return 2 * len(parts(published.document) & parts(own)) + (row.version == published.version)


def _is_coded(row: Exchange, published: Published) -> bool:
    """Whether an answer of ours has the error codes of a published refusal; any other answer has."""
    return published.status < 400 or codes(row.response or b"") == codes(published.document)


def parts(document: bytes) -> Set[tuple[str, ...]]:
    """The path of every element of a document, or of every member of one in JSON; none of an empty one."""
    if not document:
        return set()
    return set(_members(json.loads(document))) if _is_json(document) else elements(parse(document))


def _is_json(document: bytes) -> bool:
    return document.lstrip().startswith(b"{")


def _members(value: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for each in value if isinstance(value, list) else ():
        yield from _members(each, above)
    for name, inner in value.items() if isinstance(value, dict) else ():
        yield (*above, name)
        yield from _members(inner, (*above, name))


def codes(document: bytes) -> list[str]:
    """The error codes in a document, in their order."""
    if not document or _is_json(document):
        return re.findall(r'"code": *"?(\d+)', document.decode())
    return [str(one.text).strip() for one in parse(document).iter("ErrorCode", "Code")]


@cache
def _successes_of(version: str, call: str) -> frozenset[int]:
    """The statuses below 300 that the specification has for the call."""
    found = (row for row in rows("operations.json") if (row["api"], shape(row["call"])) == (version, call))
    return frozenset(int(status) for row in found for status in row["responses"] if status < "300")


def _successes(published: Published) -> frozenset[int]:
    return _successes_of(published.version, shape(published.call))


def _documented(request: Published) -> set[tuple[str, ...]]:
    """The elements that every answer to the call has, what only other requests ask for left out.

    Nothing where an answer was published with the request: that is a document of its own.
    """
    answers = _answers(request.call)
    if not answers or request.file.replace(".request.", ".response.") in answers:
        return set()
    others = {path[-1] for one in _requests().values() if one.call == request.call
              for path in parts(one.document)}  # fmt: skip
    foreign = _TELLING_OF_ERRORS | others - {path[-1] for path in parts(request.document)}
    return {path for path in set.intersection(*answers.values()) if foreign.isdisjoint(path)}


@cache
def _answers(call: str) -> Mapping[str, set[tuple[str, ...]]]:
    given = [one for one in PUBLISHED if one.answer and one.call == call and one.status < 300]
    return {one.file: set(parts(one.document)) for one in given if one.file.endswith(".xml")}
