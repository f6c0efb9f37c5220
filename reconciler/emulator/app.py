"""The emulator as a WSGI application: a request found, let in, read, answered and logged."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from werkzeug.exceptions import (
    ClientDisconnected,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)
from werkzeug.wrappers import Request, Response

from reconciler.emulator import auth, documents, xml
from reconciler.emulator.call import Answer, Call
from reconciler.emulator.errors import Refusal
from reconciler.emulator.orders import fulfilment
from reconciler.emulator.orders.schedule import advance
from reconciler.emulator.readings import READINGS
from reconciler.emulator.route import Route
from reconciler.emulator.routes import ROUTES
from reconciler.emulator.settings import Settings
from reconciler.emulator.store import Outcomes, Store

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LARGEST_BODY = 10 * 1024 * 1024
# The prefixes in use: dashboard.bandwidth.com documents /api, /api/v1 and /api/v2, SDKs call /v1.0.
_PREFIX = re.compile(r"(/api/v1\.0|/api/v1|/api/v2|/api|/v1\.0)(?=/|$)", re.IGNORECASE)
_XML = "application/xml"
_XML_TYPES = ("", "application/xml", "text/xml")


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, as they were on the wire."""

    method: str
    path: str
    query: str
    request: bytes
    status: int
    response: bytes
    authorization: str


class Emulator:
    """A Bandwidth account in memory that speaks the Dashboard API; call it as a WSGI application.

    The options are those of `Settings` and the names of `READINGS`, by keyword. Safe to call from many
    threads.
    """

    def __init__(self, **options: Any) -> None:
        readings = {name: options.pop(name) for name in READINGS if name in options}
        self.settings = Settings(readings=readings, **options)
        self.log: list[Exchange] = []
        self.outcomes = Outcomes()
        self._store = Store(self.settings.seed)
        self._lock = threading.Lock()
        self._adapter = ROUTES.bind("emulator")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serves one request."""
        request = _Request(environ)
        response = self._respond(request)
        response.headers["Date"] = formatdate(self.settings.clock(), usegmt=True)
        return response(environ, start_response)

    def dump(self) -> dict[str, Any]:
        """The whole account as plain data, ids and passwords included, in a stable order."""
        with self._lock:
            return self._store.dump()

    def release(self, number: str) -> None:
        """Gives a number (10 digits, or +1 and 10) up, as a person in the dashboard would.

        Raises KeyError when it is not in service.
        """
        with self._lock:
            if not fulfilment.release(self._store, number.removeprefix("+1"), self.settings.clock()):
                raise KeyError(number)

    def fail_next_order(self) -> None:
        """The next order gets no numbers and FAILS."""
        self.partial_next_order(deliver=0)

    def partial_next_order(self, deliver: int) -> None:
        """The next order finds at most `deliver` numbers; what follows is up to its two flags."""
        with self._lock:
            self.outcomes.limits.append(deliver)

    def hold_orders(self) -> None:
        """Orders stay RECEIVED until `release_orders`."""
        with self._lock:
            self.outcomes.held = True

    def release_orders(self) -> None:
        """Orders are carried out again when their time has come."""
        with self._lock:
            self.outcomes.held = False

    def _respond(self, request: Request) -> Response:
        body = b""
        try:
            # Read first and whole: what is left unread would be taken for the next request.
            body = request.get_data(cache=False)
            with self._lock:
                response = self._answer(request, body)
        except RequestEntityTooLarge:
            response = _described(413, f"A document may have {LARGEST_BODY} bytes")
            response.headers["Connection"] = "close"
        except (ClientDisconnected, ValueError) as error:  # a body cut short, or badly chunked
            response = _described(400, str(error))
            response.headers["Connection"] = "close"
        self._record(request, body, response)
        return response

    def _record(self, request: Request, body: bytes, response: Response) -> None:
        exchange = Exchange(
            request.method,
            request.path,
            request.query_string.decode("latin-1"),
            body,
            response.status_code,
            response.get_data(),
            request.headers.get("Authorization", ""),
        )
        self.log.append(exchange)

    def _answer(self, request: Request, body: bytes) -> Response:
        prefix, path = _split(request.path)
        try:
            route, where = self._adapter.match(path, request.method)
        except MethodNotAllowed as refused:
            methods = ", ".join(sorted(refused.valid_methods or ()))
            return _described(405, f"{request.path} serves {methods}", {"Allow": methods})
        except NotFound:
            return _described(404, f"The emulator does not serve {request.path}")
        header, now = request.headers.get("Authorization", ""), self.settings.clock()
        if route is None:
            return _token(header, body, self.settings, now)
        if not auth.may_call(header, self.settings, now):
            return _unauthorised()
        advance(self._store, self.settings, self.outcomes, now)
        try:
            _check_account(route, where, self.settings)
            call = self._call(route, where, request, body, prefix, now)
            return _written(route, route.handler(call))
        except Refusal as refusal:
            return _refused(route, refusal)

    def _call(
        self,
        route: Route,
        where: Mapping[str, Any],
        request: Request,
        body: bytes,
        prefix: str,
        now: float,
    ) -> Call:
        return Call(
            store=self._store,
            settings=self.settings,
            outcomes=self.outcomes,
            where=where,
            query=request.args.to_dict(),
            body=_document(route, request.mimetype, body, self.settings.lenient),
            url=f"{request.scheme}://{request.host}{prefix}",
            e164=prefix.lower().endswith("v2"),
            now=now,
        )


class _Request(Request):
    max_content_length = LARGEST_BODY


def _split(path: str) -> tuple[str, str]:
    """The prefix as called, and the path below it in lower case; "/" (never served) without one."""
    prefix = _PREFIX.match(path)
    if prefix is None:
        return "", "/"
    return prefix.group(), path[prefix.end() :].lower() or "/"


def _document(route: Route, media_type: str, body: bytes, lenient: bool) -> xml.Tree:
    if route.document is None:
        return {}
    if media_type not in _XML_TYPES and not lenient:
        raise Refusal(1019, status=415, why=f"{media_type} is not XML")
    try:
        root = xml.parse(body)
    except xml.Malformed as error:
        raise Refusal(1019, why=str(error)) from error
    return documents.read(route.document, root, lenient)


def _check_account(route: Route, where: Mapping[str, Any], settings: Settings) -> None:
    if where.get("account", settings.account_id) != settings.account_id:
        raise Refusal(5000 if route.is_order else 12020, name=where["account"])


def _written(route: Route, answer: Answer) -> Response:
    body = b"" if answer.content is None else xml.write(route.root, answer.content)
    response = Response(body, answer.status, content_type=_XML)
    if answer.location:
        response.headers["Location"] = answer.location
    return response


def _refused(route: Route, refusal: Refusal) -> Response:
    """The error in the shape of the endpoint: ResponseStatus, or ErrorList on order calls."""
    if route.is_order:
        error = {"Code": refusal.code, "Description": refusal.description}
        content: xml.Tree = {"ErrorList": {"Error": error}}
    else:
        code = {} if refusal.code is None else {"ErrorCode": refusal.code}
        content = {"ResponseStatus": {**code, "Description": refusal.description}}
    document = xml.write(route.root, {**content, **refusal.beside})
    return Response(document, refusal.status, content_type=_XML)


def _described(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    document = xml.write("ErrorResponse", {"ResponseStatus": {"Description": text}})
    return Response(document, status, headers, content_type=_XML)


def _unauthorised() -> Response:
    headers = {"WWW-Authenticate": 'Basic realm="Bandwidth emulator"'}
    return Response(b"", 401, headers, content_type=_XML)


def _token(header: str, body: bytes, settings: Settings, now: float) -> Response:
    granted = auth.token_for(header, settings, now)
    if granted is None:
        return _unauthorised()
    if parse_qs(body.decode("latin-1")).get("grant_type") != ["client_credentials"]:
        refusal = json.dumps({"error": "unsupported_grant_type"})
        return Response(refusal, 400, mimetype="application/json")
    return Response(json.dumps(granted), 200, mimetype="application/json")
