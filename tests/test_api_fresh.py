"""A call that may leave once only, and in time: the last check before it, the server's time, no repeats."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from api_server import BASIC, CLIENT, SITES, Server
from wrong_servers import WRONG, Behaviour, redirecting, serving

from reconciler.api import errors
from reconciler.api.client import Reader, connect, open_writer
from reconciler.api.dates import ServerTime
from reconciler.api.endpoints import Endpoints
from reconciler.api.limits import Limiter
from reconciler.document import Node


def test_before_is_asked_as_each_attempt_leaves() -> None:
    """What comes before a call comes after its token and every wait, each time that it is sent."""
    order: list[str] = []
    limited = httpx.Response(429, headers={"Retry-After": "7"})
    server, now = Server(limited, httpx.Response(401), httpx.Response(201)), [0.0]

    def wait(seconds: float) -> None:
        order.append(f"waited {seconds:g} s")
        now[0] += seconds

    def before() -> None:
        assert threading.current_thread() is threading.main_thread()
        order.append(f"{len(server.tokens)} tokens, {len(server.calls)} calls")

    limiter = Limiter(sleep=wait, clock=lambda: now[0])
    with open_writer(Endpoints(), CLIENT, transport=server, limiter=limiter) as writer:
        assert writer.send("POST", SITES, Node("Order"), fresh=True, before=before).status == 201
    assert order == ["1 tokens, 0 calls", "waited 7 s", "1 tokens, 1 calls", "2 tokens, 2 calls"]


class TooLate(Exception):
    """A reason not to send."""


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_before_keeps_a_call_from_being_sent(method: str) -> None:
    """What is raised before a call comes out as it is, and nothing was sent."""
    server, reason = Server(), TooLate()

    def before() -> None:
        raise reason

    with open_writer(Endpoints(), BASIC, transport=server) as writer, pytest.raises(TooLate) as caught:
        writer.send(method, SITES, Node("Order"), fresh=True, before=before)
    assert (caught.value, server.calls) == (reason, [])


class Ticking:
    """A clock that is set forward by hand, and by a whole minute whenever it is read."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Tell the time."""
        self.now += 60
        return self.now


LOCAL = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
DATE = "Tue, 07 Jul 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("heard", "now"),
    [
        ([], LOCAL),
        ([None, "yesterday"], LOCAL),
        ([DATE], datetime(2026, 7, 7, 10, 1, tzinfo=UTC)),
        ([DATE, "Tue, 07 Jul 2026 09:00:00 GMT"], datetime(2026, 7, 7, 9, 1, tzinfo=UTC)),
        ([DATE, None, "Fri, 31 Dec 9999 23:59:59 GMT"], datetime(2026, 7, 7, 10, 1, tzinfo=UTC)),
    ],
)
def test_the_server_s_time(heard: list[str | None], now: datetime) -> None:
    """It is the last Date and the time since, whatever the local clock says; that counts before any Date."""
    time = ServerTime(clock=Ticking(), local=lambda: LOCAL)
    for date in heard:
        time.hear(date)
    assert time.now() == now


def test_a_connection_knows_the_server_s_time() -> None:
    """Answers of any status, to any client of a connection, tell what time it is."""
    server = Server(httpx.Response(404, headers={"Date": DATE}))
    connection = connect(Endpoints(), BASIC, transport=server)
    assert abs(connection.server_time() - datetime.now(UTC)) < timedelta(minutes=1)
    with Reader(connection) as reader, pytest.raises(errors.NotFound):
        reader.get(SITES)
    told = datetime(2026, 7, 7, 10, tzinfo=UTC)
    assert told <= connection.server_time() < told + timedelta(minutes=1)


# What httpx or httpcore might send a second time by itself: broken lines, and redirects of every kind.
TEMPTING = {
    **{name: WRONG[name] for name in ("a hang-up", "a short body", "something that is not HTTP", "503")},
    **{str(status): redirecting("?again", status) for status in (301, 302, 303, 307, 308)},
}


@pytest.mark.parametrize("behaviour", TEMPTING.values(), ids=TEMPTING)
def test_a_post_leaves_once(behaviour: Behaviour) -> None:
    """Over a socket, too, one POST is one request, whatever the server does about it."""
    with serving(behaviour) as server, open_writer(Endpoints(server.url, server.url), BASIC) as writer:
        with pytest.raises(errors.ApiError) as caught:
            writer.send("POST", SITES, Node("Order"), fresh=True)
        assert len(server.requests) == 1
    assert caught.value.lost


class SlowToConnect(httpx.BaseTransport):
    """Connects once `connected` is set, reporting its steps as httpcore does; then sends."""

    def __init__(self) -> None:
        self.connected, self.ended = threading.Event(), threading.Event()
        self.sent = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer 200, unless the request is withdrawn before it is sent."""
        report = request.extensions["trace"]
        try:
            report("connection.connect_tcp.started", {})
            self.connected.wait(5)
            report("http11.send_request_headers.started", {})
            self.sent = True
        finally:
            self.ended.set()
        return httpx.Response(200)


def test_a_call_given_up_is_never_sent() -> None:
    """Once a call was reported as not sent, a connection that comes about late carries nothing."""
    transport = SlowToConnect()
    with open_writer(Endpoints(), BASIC, transport=transport, timeout=0.05) as writer:
        with pytest.raises(errors.Unreachable, match=r"no connection within 0\.05 s"):
            writer.send("POST", SITES, None)
        transport.connected.set()
        assert transport.ended.wait(5)
    assert not transport.sent


@contextmanager
def keeping_alive() -> Iterator[tuple[str, list[int]]]:
    """Run a server that keeps connections open; its URL, and the port of each request's client."""
    ports: list[int] = []

    class Handle(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_DELETE(self) -> None:
            ports.append(self.client_address[1])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handle) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        yield f"http://127.0.0.1:{server.server_port}", ports
        server.shutdown()


def test_a_fresh_connection() -> None:
    """Calls share a kept connection, except one that asks for a connection of its own."""
    with keeping_alive() as (url, ports), open_writer(Endpoints(url, url), BASIC) as writer:
        for fresh in (False, False, True, False):
            writer.send("DELETE", SITES, None, fresh=fresh)
    assert ports[0] == ports[1] == ports[3] != ports[2]
