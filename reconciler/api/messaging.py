"""A text to one call of the messaging API, and its answer to an id, or to the `ApiError` that it amounts to.

Another host and another system than the XML API (guides to messaging errors and rate limits): JSON both
ways, errors as {type, description}, and a 429 that says nothing of when to come again. So nothing is waited
for here, and nothing sent twice but a call that a new token is needed for (401: it was not executed).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from reconciler.api.answer import excerpt
from reconciler.api.client import Connection
from reconciler.api.errors import (
    ApiError,
    Forbidden,
    NotFound,
    RateLimited,
    Redirected,
    ServerFailed,
    Unauthorised,
    Unreadable,
    error_class,
    saying,
)
from reconciler.api.exchange import Exchange, Received, open_http
from reconciler.api.secrecy import one_line, redact
from reconciler.smoke import Accepted, Text

_DESCRIPTION = 500  # characters of the API's own words
_HINTS: dict[type[ApiError], str] = {
    Unauthorised: "nothing was sent; check {variables}, and that account {account} is theirs",
    Forbidden: "nothing was sent; the account needs HTTP messaging, and {variables} the right to use it: "
    "ask Bandwidth support",
    NotFound: "nothing was sent; check BW_MESSAGING_URL and --api-url (BW_API_URL)",
    RateLimited: "nothing was sent; the account's queue is full: run it again later",
    Redirected: "check BW_MESSAGING_URL and --api-url (BW_API_URL)",
    ServerFailed: "",
}
_OTHER = "nothing was sent"


def send_text(connection: Connection, account: str, application: str, text: Text) -> Accepted:
    """Send it once, over a connection of its own. Raises `ApiError`; see its `lost`."""
    call = _Call(connection, account)
    body = {"applicationId": application, "to": [text.to], "from": text.sender, "text": text.text}
    received = call.send(body)
    if not 200 <= received.status < 300:
        raise call.failure(received)
    return call.accepted(received)


@dataclass(frozen=True)
class _Call:
    connection: Connection
    account: str

    @property
    def path(self) -> str:
        return f"/users/{self.account}/messages"

    @property
    def endpoint(self) -> str:
        return f"POST {self.path}"

    def send(self, body: dict[str, Any]) -> Received:
        authorization = self.connection.authorization
        header = authorization.header()
        received = self._attempt(body, header)
        if received.status == 401 and authorization.expire(header):
            return self._attempt(body, authorization.header())
        return received

    def _attempt(self, body: dict[str, Any], header: str) -> Received:
        connection = self.connection
        headers = {
            "Accept": "application/json",
            "Authorization": header,
            "Content-Type": "application/json; charset=utf-8",
        }
        with open_http(connection.transport) as http:
            url = connection.endpoints.messaging + self.path
            request = http.build_request("POST", url, content=json.dumps(body).encode(), headers=headers)
            secrets = connection.authorization.secrets
            return connection.trace.watch(Exchange(request, self.endpoint, connection.timeout, secrets), http)

    def failure(self, received: Received) -> ApiError:
        """What a status from 300 up amounts to, in the API's words."""
        status, secrets = received.status, self.connection.authorization.secrets
        kind = error_class(status) if status >= 400 else Redirected
        words = "; ".join(_words(_document(received))) or excerpt(received, secrets)
        description = one_line(redact(words, secrets), _DESCRIPTION)
        said = f"{self.endpoint}: {saying(status) if status >= 400 else f'{status} redirected'}"
        hint = _HINTS.get(kind, _OTHER).format(
            variables=self.connection.authorization.variables, account=self.account
        )
        message = f"{said}: {description}" if description else said
        return kind(message, self.endpoint, status, description=description, hint=hint)

    def accepted(self, received: Received) -> Accepted:
        """The id in an answer below 300; without one, only a 202 is known to mean that it was accepted."""
        document = _document(received)
        id_, count = (document.get(name) for name in ("id", "segmentCount"))
        if not isinstance(id_, str | int):
            id_ = ""
        if not str(id_) and received.status != 202:
            words = excerpt(received, self.connection.authorization.secrets) or "nothing"
            message = f"{self.endpoint}: {received.status} without the id of a message: {words}"
            raise Unreadable(message, self.endpoint, received.status)
        return Accepted(str(id_), count if isinstance(count, int) else None)


def _document(received: Received) -> dict[str, Any]:
    found: object = None
    with suppress(ValueError, RecursionError):
        found = json.loads(received.body)
    return found if isinstance(found, dict) else {}


def _words(document: dict[str, Any]) -> Iterator[str]:
    """The sentences of an error: its own, then those on single members; a 404 has a `message` instead."""
    sentence = document.get("description") or document.get("message") or document.get("type")
    if sentence:
        yield str(sentence)
    faults = document.get("fieldErrors") or document.get("errors")
    for fault in faults if isinstance(faults, list) else ():
        if isinstance(fault, dict):
            parts = (fault.get("fieldName"), fault.get("description"))
            yield ": ".join(str(part) for part in parts if part)
