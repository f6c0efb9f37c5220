"""Nearly right requests, one after another, get documented answers, and the account stays whole."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pytest
from caller import Reply, World, by_area_code, furnished
from fuzzed import Asked, requests
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from reconciler.emulator import Emulator, serve
from reconciler.emulator.catalogue import TEXTS

# What numbers.yml, the error catalogue and RFC 9110 let such a request end in. 500 is not among them.
STATUSES = {200, 201, 202, 204, 400, 401, 403, 404, 405, 409, 413, 415}


def _ask(world: World, asked: Asked) -> Reply:
    body = asked.body
    for name, value in world.names.items():
        body = body.replace(f"{{{name}}}".encode(), value.encode())
    return world.call(asked.method, asked.path, body, asked.prefix, media_type=asked.media_type)


def _faults(reply: Reply) -> Iterator[str]:
    if reply.status not in STATUSES:
        yield f"status {reply.status}"
    if not reply.body or "xml" not in reply.headers.get("Content-Type", ""):
        return
    root = etree.fromstring(reply.body)
    codes = {int(code.text or 0) for name in ("ErrorCode", "Code") for code in root.iter(name)}
    if codes - TEXTS.keys():
        yield f"codes {codes - TEXTS.keys()} that no catalogue has"
    if reply.status >= 400 and not (codes or list(root.iter("Description", "Links"))):
        yield f"an error without a word: {reply.body!r}"


def _run(asked: list[Asked]) -> None:
    world = furnished()
    world.order(by_area_code(2))
    for each in asked:
        reply = _ask(world, each)
        found = list(_faults(reply))
        assert not found, (each, reply.status, reply.body, found)
        world.clock.now += 1
    for path in ("/accounts/9900000/sites?sipPeerDetails=true", "/accounts/9900000/orders?page=1&size=10"):
        assert world.call("GET", path).status == 200


QUICK = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
LONG = settings(QUICK, max_examples=2500)


@QUICK
@given(st.lists(requests(), min_size=4, max_size=12))
def test_nearly_right_requests_get_documented_answers(asked: list[Asked]) -> None:
    """Whatever is sent, in whatever order, the answer is a documented one, and the lists still work."""
    _run(asked)


@pytest.mark.full
@LONG
@given(st.lists(requests(), min_size=4, max_size=12))
def test_many_nearly_right_requests_get_documented_answers(asked: list[Asked]) -> None:
    """The same, at length."""
    _run(asked)


HEADERS = (
    "Host: x",
    "Content-Length: -1",
    "Content-Length: 1_0",
    "Content-Length: 5\r\nContent-Length: 6",
    "Transfer-Encoding: chunked\r\n\r\nzz",
    "Authorization: Basic !!!",
    "Authorization: Bearer a.b.c",
    "Expect: 100-continue",
    "X: LONG",
    "\x00: \x01",
    ": ",
    "a" * 200,
)
TARGETS = ("/", "*", "/api/accounts/9900000/sites", "http://[", "/%", "//", "?", "/\u20ac")


def _head(method: str, target: str, header: str) -> bytes:
    return f"{method} {target} HTTP/1.1\r\n{header}\r\n\r\n".encode("utf-8", "replace")


def _whole(lines: bytes) -> bytes:
    """The bytes with what is too long to be shown in a failure."""
    return lines.replace(b"LONG", b"y" * 70_000)


LINES = st.one_of(
    st.binary(max_size=200),
    st.builds(
        _head,
        st.sampled_from(["GET", "POST", "get", "", "G E T"]),
        st.sampled_from(TARGETS),
        st.sampled_from(HEADERS),
    ),
)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of an emulator that serves."""
    with serve(Emulator()) as server:
        yield int(server.url.rpartition(":")[2])


@settings(QUICK, max_examples=120)
@given(lines=LINES)
@example(lines=b"GET http://[ HTTP/1.1\r\n\r\n")
@example(lines=b"POST /api/accounts/9900000/sites HTTP/1.1\r\nContent-Length: 10\r\n\r\n<Site>")
def test_bytes_that_are_no_request_end_the_connection_or_get_a_4xx(
    port: int, lines: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    """Anything sent on a socket, and then its end, is answered or hung up on; nothing is left waiting."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        wire.sendall(_whole(lines))
        with contextlib.suppress(OSError):  # it may have hung up already
            wire.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: wire.recv(65536), b""))
    assert b" 500 " not in answer.partition(b"\r\n")[0]
    assert "Traceback" not in capfd.readouterr().err
