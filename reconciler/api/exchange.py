"""One HTTP request turned into one whole answer or one `ApiError`, within so many seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from reconciler import __version__
from reconciler.api import errors
from reconciler.api.secrecy import one_line, redact

T = TypeVar("T")
BODY_LIMIT = 64 * 2**20  # bytes, unpacked
_HEADERS = {
    "User-Agent": f"bandwidth-reconciler/{__version__}",
    "Accept-Encoding": "gzip, deflate",
}
# One layer only: a body packed twice grows by a million while one piece of it is unpacked.
_CODINGS = ("", "identity", "gzip", "deflate")


@dataclass(frozen=True, slots=True)
class Received:
    """An answer: headers by lower-case name, the body unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class GetOnly(httpx.BaseTransport):
    """Passes GET on and refuses everything else, whatever the client above it is asked to do."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a GET; raise PermissionError for any other method."""
        if request.method != "GET":
            raise PermissionError(f"{request.method} on a client that can only read")
        return self._http.send(request, stream=True, follow_redirects=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class Lent(httpx.BaseTransport):
    """A transport that belongs to somebody else: closing this leaves it open."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on."""
        return self._transport.handle_request(request)


def open_http(transport: httpx.BaseTransport | None) -> httpx.Client:
    """Open connections, over `transport` if given; proxy and CA variables as httpx has them."""
    return httpx.Client(
        transport=Lent(transport) if transport else None,
        follow_redirects=False,
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
    )


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request in the making: `endpoint` names it in errors, `secrets` never appear in them.

    `seconds` covers everything from the look-up of the host's name to the last byte.
    """

    request: httpx.Request
    endpoint: str
    seconds: float
    secrets: Collection[str] = field(repr=False)

    def perform(self, http: httpx.Client) -> Received:
        """Return the answer, whatever its status; raise `ApiError` when there is no whole one."""
        sending = _Sending()
        deadline = time.monotonic() + self.seconds
        # httpx has limits for connecting and for each read, none for the whole.
        self.request.extensions["timeout"] = httpx.Timeout(max(self.seconds, 0.001)).as_dict()
        self.request.extensions["trace"] = sending
        self.request.headers.update(_HEADERS)
        try:
            return _within(self.seconds, lambda: self._receive(http, deadline))
        except TimeoutError:
            raise self._timed_out(sending.give_up()) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            sent = not sending.give_up()
            if isinstance(error, httpx.TimeoutException):
                raise self._timed_out(not sent) from error
            raise self._broken(error) from error

    def _receive(self, http: httpx.Client, deadline: float) -> Received:
        response = http.send(self.request, stream=True, auth=None)
        try:
            if response.headers.get("content-encoding", "").strip().lower() not in _CODINGS:
                raise self._unreadable("answered in a content coding that was not asked for")
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > BODY_LIMIT:
                    raise self._unreadable(f"answered more than {BODY_LIMIT // 2**20} MB")
                if time.monotonic() > deadline:
                    raise TimeoutError
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Received(response.status_code, headers, bytes(body))
        finally:
            response.close()

    def _unreadable(self, what: str) -> errors.Unreadable:
        return errors.Unreadable(f"{self.endpoint}: {what}", self.endpoint)

    def _timed_out(self, unsent: bool) -> errors.ApiError:
        kind = errors.Unreachable if unsent else errors.TimedOut
        what = "no connection" if unsent else "no whole answer"
        return self._error(kind, f"{what} within {self.seconds:.3g} s")

    def _broken(self, error: Exception) -> errors.ApiError:
        unsent = httpx.ConnectError | httpx.ProxyError | httpx.UnsupportedProtocol
        text = one_line(redact(str(error), self.secrets), 200)
        if isinstance(error, unsent):
            host = self.request.url.netloc.decode("ascii", "replace")
            return self._error(errors.Unreachable, f"no connection to {host}: {text}")
        if isinstance(error, httpx.DecodingError):
            return self._error(errors.Unreadable, f"the answer cannot be unpacked: {text}")
        if "Invalid URL in location" in text:  # httpx reads Location before it is asked to follow it
            return self._error(errors.Redirected, f"redirected to what is no address: {text}")
        return self._error(errors.Dropped, f"the connection broke: {text}")

    def _error(self, kind: type[errors.ApiError], what: str) -> errors.ApiError:
        hint = errors.hint_for(kind, self.endpoint, "", "")
        return kind(f"{self.endpoint}: {what}", self.endpoint, hint=hint)


class _Sending:
    """httpcore's `trace` extension: knows whether the request has left; stops one given up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connecting = False
        self._given_up = False

    def __call__(self, event: str, info: Mapping[str, Any]) -> None:  # noqa: ARG002
        with self._lock:
            if event == "connection.connect_tcp.started":
                self._connecting = True
            elif event.endswith("send_request_headers.started"):
                if self._given_up:
                    raise httpx.ConnectTimeout("given up before the connection was made")
                self._connecting = False

    def give_up(self) -> bool:
        """Keep an unsent request from being sent; whether it was unsent."""
        with self._lock:
            self._given_up = True
            return self._connecting


def _within(seconds: float, work: Callable[[], T]) -> T:
    """Return `work`'s result, or raise TimeoutError after so many seconds.

    On a thread of its own, which is left behind: neither looking up a name nor a server that drips
    its headers can be bounded otherwise.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # raised again in the caller's thread
            future.set_exception(error)

    threading.Thread(target=run, daemon=True, name="exchange").start()
    return future.result(max(seconds, 0))
