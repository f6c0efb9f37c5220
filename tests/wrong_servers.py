"""Servers that answer wrongly, over real sockets: a behaviour turned into a URL and its requests.

A behaviour gets each connection with its request read; `WRONG` names those that need no second
server. A token is always served rightly, so that the wrong answer is the API's.
"""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

TOKEN = "canary-token-5d0c"
Behaviour = Callable[[socket.socket, threading.Event], None]
_PIECE = 0.02  # seconds between the bytes of a server that drips


@dataclass
class WrongServer:
    """A running server: where it is, and every request that it was sent, head and body."""

    url: str
    requests: list[bytes] = field(default_factory=list)

    @property
    def calls(self) -> list[bytes]:
        """The requests other than those for a token."""
        return [request for request in self.requests if b"/oauth2/token" not in request]


def answer(status: int, body: bytes = b"", /, *headers: str, length: int | None = None) -> bytes:
    """Write an HTTP answer; `length` may lie about the body's."""
    lines = [
        f"HTTP/1.1 {status} Whatever",
        f"Content-Length: {len(body) if length is None else length}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def saying(data: bytes) -> Behaviour:
    """Send `data` and close."""
    return lambda connection, _: connection.sendall(data)


def redirecting(url: str, status: int = 302) -> Behaviour:
    """Send everybody to `url`."""
    return saying(answer(status, b"", f"Location: {url}"))


def silent(connection: socket.socket, closing: threading.Event) -> None:
    """Never answer."""
    del connection
    closing.wait()


def dripping(data: bytes) -> Behaviour:
    """Send `data`, then a byte now and then without end, each in time for a read."""

    def drip(connection: socket.socket, closing: threading.Event) -> None:
        connection.sendall(data)
        while not closing.wait(_PIECE):
            connection.sendall(b"x")

    return drip


def external_entity(url: str) -> bytes:
    """Write a document that would read `url` into itself."""
    return f'<!DOCTYPE S [<!ENTITY e SYSTEM "{url}">]><S><D>&e;</D></S>'.encode()


_XML = "Content-Type: application/xml"
_HTML = "Content-Type: text/html"
_BOMB = b"<!DOCTYPE S [<!ENTITY a0 'ha'>%s]><S><D>&a30;</D></S>" % b"".join(
    b"<!ENTITY a%d '&a%d;&a%d;'>" % (n, n - 1, n - 1) for n in range(1, 31)
)
_BOMB_IN_ATTRIBUTE = _BOMB.replace(b"<D>&a30;</D>", b"<D d='&a30;'/>")
_PAGE = b"<html><head><title>Sign in</title></head><body>Sign in, please</body></html>"

WRONG: Mapping[str, Behaviour] = {
    "401": saying(answer(401)),
    "403": saying(answer(403)),
    "404": saying(answer(404)),
    "500": saying(answer(500, b"Oops \x1b[31m\n", "Content-Type: text/plain")),
    "503": saying(answer(503, _PAGE, _HTML)),
    "a web page": saying(answer(200, _PAGE, _HTML)),
    "truncated XML": saying(answer(200, b"<SitesResponse><Sites><Site><Id>1", _XML)),
    "a short body": saying(answer(200, b"<SitesResponse><Sites>", _XML, length=4000)),
    "an entity bomb": saying(answer(200, _BOMB, _XML)),
    "an entity bomb in an attribute": saying(answer(200, _BOMB_IN_ATTRIBUTE, _XML)),
    "an external entity": saying(answer(200, external_entity("file:///etc/hostname"), _XML)),
    "a redirect to itself": redirecting("?again"),
    "silence": silent,
    "a dripping body": dripping(answer(200, b"<S>", _XML, length=10**9)),
    "dripping headers": dripping(b"HTTP/1.1 200 OK\r\nX-Long: "),
    "a hang-up": saying(b""),
    "something that is not HTTP": saying(b"220 mail.example.com ESMTP\r\n"),
    "a gzip bomb": saying(answer(200, gzip.compress(bytes(80 * 2**20)), _XML, "Content-Encoding: gzip")),
    "a bomb in a bomb": saying(
        answer(200, gzip.compress(gzip.compress(b"<S/>")), _XML, "Content-Encoding: gzip, gzip")
    ),
    "broken gzip": saying(answer(200, b"<S/>", _XML, "Content-Encoding: gzip")),
}


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[WrongServer]:
    """Run a server on loopback that behaves so towards every connection, each on its own thread."""
    closing = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = WrongServer(f"http://127.0.0.1:{listener.getsockname()[1]}")
        threads = [threading.Thread(target=_accept, args=(listener, behaviour, server, closing))]
        threads[0].start()
        try:
            yield server
        finally:
            closing.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            threads[0].join()


def _accept(
    listener: socket.socket, behaviour: Behaviour, server: WrongServer, closing: threading.Event
) -> None:
    threads: list[threading.Thread] = []
    with suppress(OSError):
        while not closing.is_set():
            connection, _ = listener.accept()
            arguments = (connection, behaviour, server, closing)
            threads.append(threading.Thread(target=_serve, args=arguments))
            threads[-1].start()
    for thread in threads:
        thread.join()


def _serve(
    connection: socket.socket, behaviour: Behaviour, server: WrongServer, closing: threading.Event
) -> None:
    with connection, suppress(OSError):
        connection.settimeout(5)
        request = _read(connection)
        server.requests.append(request)
        if b"/oauth2/token " in request.partition(b"\r\n")[0]:
            behaviour = saying(answer(200, b'{"access_token": "%s"}' % TOKEN.encode()))
        behaviour(connection, closing)


def _read(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data and (piece := connection.recv(65536)):
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = int(lengths[0].split(b":")[1]) - len(body) if lengths else 0
    while missing > 0 and (piece := connection.recv(missing)):
        data += piece
        missing -= len(piece)
    return data


def closed_port() -> str:
    """Find a port on loopback where nobody listens; its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"
