"""Paths, parameters and documents turned into answers: a client that reads, and one that writes.

A call is repeated after 429 (nothing was done), and once with a new token after 401; a GET follows
redirects within its origin. All but a POST are repeated after failures that pass (`repeats`). A POST is
never sent twice otherwise.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self, TypedDict, Unpack

import httpx

from reconciler.api.answer import Answer, Expectation, read_answer
from reconciler.api.auth import (
    Authorization,
    BasicAuth,
    ClientCredentials,
    Credentials,
    TokenAuth,
    TokenSource,
)
from reconciler.api.dates import ServerTime
from reconciler.api.endpoints import Endpoints
from reconciler.api.errors import RateLimited, Redirected, hint_for, saying
from reconciler.api.exchange import Exchange, GetOnly, Received, open_http
from reconciler.api.limits import MAX_WAIT, Limiter, Pause, pause_asked
from reconciler.api.repeats import Repeats
from reconciler.api.secrecy import one_line, passwords_in
from reconciler.api.trace import Trace
from reconciler.api.xml import render
from reconciler.document import Node

__all__ = [
    "Answer",
    "Connection",
    "Options",
    "Params",
    "Reader",
    "Writer",
    "connect",
    "open_reader",
    "open_writer",
]

REDIRECTS = 5
Params = Mapping[str, str | int | bool]
Transport = httpx.BaseTransport


@dataclass(frozen=True, slots=True)
class Connection:
    """What the clients of one run share: one token, one limiter, one quota of repeats, one trace.

    `timeout` bounds each attempt in seconds, redirects included, waiting for a turn not.
    """

    endpoints: Endpoints
    authorization: Authorization
    limiter: Limiter
    repeats: Repeats
    trace: Trace
    timeout: float
    transport: httpx.BaseTransport | None
    time: ServerTime = field(default_factory=ServerTime)

    def server_time(self) -> datetime:
        """The Date of the last answer and the seconds since, in UTC; before any, the local time."""
        return self.time.now()


class Options(TypedDict, total=False):
    """`timeout` (30 s), `parallelism` (8 calls at a time), `max_wait` (300 s for a limit's reset), `trace`.

    `pause` waits for so many seconds, and answers with something true where the run has been stopped:
    then nothing is waited for or repeated. `clock` counts seconds. A `limiter` or `repeats` stand instead
    of those that would be made of these. `transport` replaces the network (by a WSGI application, say) and
    stays open.
    """

    timeout: float
    parallelism: int
    max_wait: float
    pause: Callable[[float], object]
    clock: Callable[[], float]
    limiter: Limiter | None
    repeats: Repeats | None
    trace: Trace | None
    transport: httpx.BaseTransport | None


def connect(endpoints: Endpoints, credentials: Credentials, **options: Unpack[Options]) -> Connection:
    """Make a connection for `Reader` and `Writer`; nothing is sent yet."""
    timeout = options.get("timeout", 30.0)
    trace = options.get("trace") or Trace()
    pause, clock = options.get("pause", time.sleep), options.get("clock", time.monotonic)
    repeats = options.get("repeats") or Repeats(pause=pause)
    limiter = options.get("limiter") or Limiter(
        options.get("parallelism", 8),
        max_wait=options.get("max_wait", MAX_WAIT),
        clock=clock,
        sleep=pause,
    )
    transport = options.get("transport")
    authorization: Authorization
    if isinstance(credentials, ClientCredentials):
        source = TokenSource(endpoints.token, credentials, timeout, trace, transport)
        authorization = TokenAuth(source)
    else:
        authorization = BasicAuth(credentials)
    server = ServerTime(clock)
    return Connection(endpoints, authorization, limiter, repeats, trace, timeout, transport, server)


def open_reader(endpoints: Endpoints, credentials: Credentials, **options: Unpack[Options]) -> Reader:
    """Open a `Reader` with a connection to itself."""
    return Reader(connect(endpoints, credentials, **options))


def open_writer(endpoints: Endpoints, credentials: Credentials, **options: Unpack[Options]) -> Writer:
    """Open a `Writer` with a connection to itself."""
    return Writer(connect(endpoints, credentials, **options))


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    path: str
    params: Params = field(default_factory=dict)
    body: Node | None = field(default=None, repr=False)
    tolerate: Collection[int] = ()
    errors_are_data: bool = False
    before: Callable[[], None] | None = None

    @property
    def endpoint(self) -> str:
        return f"{self.method} {self.path}"


class Reader:
    """A client that can only GET, down to its transport. Safe to share between threads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._http = self._open()

    def _open(self) -> httpx.Client:
        return httpx.Client(transport=GetOnly(open_http(self._connection.transport)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(
        self,
        path: str,
        params: Params | None = None,
        *,
        tolerate: Collection[int] = (),
        errors_are_data: bool = False,
    ) -> Answer:
        """Ask for `path`, such as "/accounts/1/sites"; raise `ApiError` unless that succeeds.

        A status in `tolerate` is returned rather than raised, its document with it if readable;
        `errors_are_data` returns an error document under 2xx, too.
        """
        call = _Call("GET", path, params or {}, None, tolerate, errors_are_data)
        return self._perform(call, self._http)

    def server_time(self) -> datetime:
        """The server's time, in UTC, as `Connection.server_time` has it."""
        return self._connection.server_time()

    def _perform(self, call: _Call, http: httpx.Client) -> Answer:
        return self._connection.repeats.run(call.method, lambda: self._once(call, http))

    def _once(self, call: _Call, http: httpx.Client) -> Answer:
        received = self._connection.limiter.run(lambda: self._attempt(call, http))
        expected = self._expectation(call)
        if isinstance(received, Pause):
            raise RateLimited(
                f"{call.endpoint}: {saying(429)}, for another {received.seconds:.0f} s",
                call.endpoint,
                429,
                hint=hint_for(RateLimited, call.endpoint, "", expected.variables),
            )
        return read_answer(received, expected)

    def _expectation(self, call: _Call) -> Expectation:
        authorization = self._connection.authorization
        secrets = authorization.secrets | passwords_in(call.body)
        return Expectation(
            call.endpoint, authorization.variables, secrets, call.tolerate, call.errors_are_data
        )

    def _attempt(self, call: _Call, http: httpx.Client) -> Received | Pause:
        authorization = self._connection.authorization
        header = authorization.header()
        received = self._follow(call, http, header)
        if received.status == 401 and authorization.expire(header):
            received = self._follow(call, http, authorization.header())
        return pause_asked(received.headers) if received.status == 429 else received

    def _follow(self, call: _Call, http: httpx.Client, header: str) -> Received:
        seconds = self._connection.timeout
        deadline = time.monotonic() + seconds
        secrets = self._expectation(call).secrets
        request = _request(call, http, self._connection.endpoints.api, header)
        for _ in range(REDIRECTS + 1):
            exchange = Exchange(request, call.endpoint, seconds, secrets)
            if call.before:
                call.before()
            received = self._connection.trace.watch(exchange, http)
            self._connection.time.hear(received.headers.get("date"))
            if not 300 <= received.status < 400:
                return received
            target = _redirect(call, request.url, received)
            request = http.build_request("GET", target, headers=request.headers)
            seconds = deadline - time.monotonic()
        raise _redirected(call, received, f"more than {REDIRECTS} times")


class Writer(Reader):
    """A client that can also send documents."""

    def _open(self) -> httpx.Client:
        return open_http(self._connection.transport)

    def send(
        self,
        method: str,
        path: str,
        body: Node | None,
        *,
        fresh: bool = False,
        errors_are_data: bool = False,
        before: Callable[[], None] | None = None,
    ) -> Answer:
        """Send `body` to `path`; raise `ApiError` unless that succeeds.

        ValueError for a body that XML cannot carry; nothing was sent then.

        `fresh` takes a connection of its own, so that no idle one can break under the request. `before`
        is called on this thread as each attempt leaves, when nothing is waited for any more; what it
        raises keeps the request from being sent, and comes out as it is.
        """
        call = _Call(method, path, body=body, errors_are_data=errors_are_data, before=before)
        if not fresh:
            return self._perform(call, self._http)
        with self._open() as http:
            return self._perform(call, http)


def _request(call: _Call, http: httpx.Client, api: str, header: str) -> httpx.Request:
    headers = {"Accept": "application/xml", "Authorization": header}
    content = None
    if call.body is not None:
        content = render(call.body)
        headers["Content-Type"] = "application/xml; charset=utf-8"
    params = call.params or None
    return http.build_request(call.method, api + call.path, params=params, content=content, headers=headers)


def _redirect(call: _Call, origin: httpx.URL, received: Received) -> httpx.URL:
    """Say where a redirect leads; raise `Redirected` unless it is a GET's, in its origin."""
    location = received.headers.get("location", "")
    target = origin.join(location)
    if not location:
        raise _redirected(call, received, "without a Location")
    if call.method != "GET":
        raise _redirected(call, received, "though it writes, which is not followed")
    if _origin(target) != _origin(origin):
        raise _redirected(call, received, f"to {one_line(target.host, 100)}, which is not followed")
    return target


def _origin(url: httpx.URL) -> tuple[str, str, int | None, bytes]:
    return url.scheme, url.host, url.port, url.userinfo


def _redirected(call: _Call, received: Received, what: str) -> Redirected:
    hint = hint_for(Redirected, call.endpoint, "", "")
    message = f"{call.endpoint}: {received.status} redirected {what}"
    return Redirected(message, call.endpoint, received.status, hint=hint)
