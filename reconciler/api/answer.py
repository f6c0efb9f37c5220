"""What came back on a call turned into an `Answer`, or into the `ApiError` that it amounts to."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from reconciler.api.dates import http_date, retry_after
from reconciler.api.errors import ApiError, Unreadable, error_class, find_error, hint_for, saying
from reconciler.api.exchange import Received
from reconciler.api.secrecy import one_line, redact
from reconciler.api.xml import parse
from reconciler.document import Node

_DESCRIPTION = 500  # characters of the API's own words
_EXCERPT = 200  # characters of anything else
_MARKUP = 8192  # bytes in which an excerpt is looked for
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Answer:
    """A call's answer: `document` is None for a body that is empty or, where tolerated, not XML.

    `empty` tells those apart; `date` is the Date header in UTC.
    """

    status: int
    document: Node | None = field(repr=False)
    location: str | None
    date: datetime | None
    empty: bool = False

    @property
    def new_id(self) -> str | None:
        """The last path segment of Location; its host may be any that Bandwidth uses."""
        path = urlsplit(self.location or "").path
        return path.rstrip("/").rpartition("/")[2] or None


@dataclass(frozen=True, slots=True)
class Expectation:
    """How a call's answer is to be read.

    `tolerate`: statuses to return rather than raise, whatever their body. `errors_are_data`: an
    error document under 2xx is returned too, as orders need (PARTIAL and FAILED carry one).
    """

    endpoint: str
    variables: str
    secrets: Collection[str] = field(repr=False)
    tolerate: Collection[int] = ()
    errors_are_data: bool = False


def read_answer(received: Received, expected: Expectation) -> Answer:
    """Return the answer, or raise what its status, error document or unreadable body mean."""
    status = received.status
    fine = 200 <= status < 300
    document: Node | None = None
    try:
        document = _document(received)
    except Unreadable as error:
        if fine:
            text = ": ".join(filter(None, [str(error), excerpt(received, expected.secrets)]))
            message = f"{expected.endpoint}: {status} with {text}"
            raise Unreadable(message, expected.endpoint, status) from None
    if not fine and status not in expected.tolerate:
        raise _failure(received, document, expected)
    if fine and document and not expected.errors_are_data and find_error(document, status):
        raise _failure(received, document, expected)
    location = received.headers.get("location")
    date = http_date(received.headers.get("date"))
    return Answer(status, document, location, date, empty=not received.body.strip())


def _document(received: Received) -> Node | None:
    if not received.body.strip():
        return None
    kind = one_line(received.headers.get("content-type", "no content type"), 60)
    try:
        document = parse(received.body)
    except Unreadable:
        if "xml" in kind and "html" not in kind:
            raise
        raise Unreadable(f"{kind} instead of XML") from None
    if document.name.lower() == "html":
        raise Unreadable(f"{kind} instead of XML")
    return document


def _failure(received: Received, document: Node | None, expected: Expectation) -> ApiError:
    status = received.status
    if document:
        code, text = find_error(document, status) or ("", "")
        description = one_line(redact(text, expected.secrets), _DESCRIPTION)
    else:
        code, description = "", excerpt(received, expected.secrets)
    kind = error_class(status)
    coded = f" (error {one_line(code, 20)})" if code else ""
    message = f"{expected.endpoint}: {saying(status)}{coded}"
    return kind(
        f"{message}: {description}" if description else message,
        expected.endpoint,
        status,
        code,
        description,
        hint_for(kind, expected.endpoint, code, expected.variables),
        document,
        retry_after(received.headers),
    )


def excerpt(received: Received, secrets: Collection[str]) -> str:
    """Cut a body's text down to its beginning, without tags and `secrets`."""
    # What is secret may hang on a tag, or be cut in two: it goes first, out of more than is shown.
    start = redact(received.body[: 2 * _MARKUP].decode(errors="replace"), secrets)[:_MARKUP]
    return one_line(_TAG.sub(" ", start), _EXCERPT)
