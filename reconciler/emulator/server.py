"""The emulator on a socket: threaded, HTTP/1.1 with connections kept alive, and quiet."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from reconciler.emulator.app import Emulator
from reconciler.emulator.faults.dropped import Dropped


@dataclass(frozen=True)
class Server:
    """A running server.

    url: its origin, "http://127.0.0.1:49152", as called from this machine.
    is_open: whether it listens where other machines may reach it.
    """

    url: str
    is_open: bool = False


class _Handler(WSGIRequestHandler):
    """One connection. werkzeug's own handler closes it after each answer; this one keeps it open.

    That is sound because the emulator reads every body to its end, or says `Connection: close`.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together
    timeout = 120
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        # The other side may be gone before the last bytes are.
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def run_wsgi(self) -> None:
        if self.headers.get("Expect", "").strip().lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        # A length that cannot be read leaves a body whose end is unknown.
        self.close_connection |= not self.headers.get("Content-Length", "0").strip().isdigit()
        try:
            environ = self.make_environ()
        except ValueError:  # a target that is no URL
            self.close_connection = True
            self._start("400 Bad Request", [("Content-Length", "0"), ("Connection", "close")])
            return
        try:
            for chunk in self.server.app(environ, self._start):
                self.wfile.write(chunk)
        except Dropped as dropped:
            self._hold(dropped.seconds)
            self.close_connection = True
        self.wfile.flush()

    def _hold(self, seconds: float) -> None:
        """Keeps the connection open in silence, until the other side has gone."""
        if seconds:
            self.connection.settimeout(seconds)
            with contextlib.suppress(OSError):
                self.connection.recv(1)

    def _start(self, status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        return self.wfile.write

    def send_response(self, code: int, message: str | None = None) -> None:
        # http.server would add a Date of its own.
        self.send_response_only(code, message)

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        pass


class _Server(ThreadedWSGIServer):
    """Knows its connections, so that closing the server ends them."""

    def __init__(self, host: str, port: int, app: Emulator) -> None:
        self.connections: set[socket.socket] = set()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # werkzeug would end the process where it cannot listen.
        with socket.create_server((host, port), family=family, backlog=self.request_queue_size) as listening:
            super().__init__(host, port, app, handler=_Handler, fd=listening.fileno())

    def close_connections(self) -> None:
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tells of a fault, unless it is only that the client hung up."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@contextlib.contextmanager
def serve(emulator: Emulator, host: str = "127.0.0.1", port: int = 0) -> Iterator[Server]:
    """Serves the emulator until the block ends; port 0 takes a free one.

    host: an address, or a name that has one; "0.0.0.0" or "::" is every address of this machine.
    Raises OSError where it cannot listen.
    """
    server = _Server(host, port, emulator)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield _described(host, server)
    finally:
        server.shutdown()
        server.close_connections()
        server.server_close()
        thread.join()


def _described(host: str, server: _Server) -> Server:
    address = ip_address(server.socket.getsockname()[0])
    if address.is_unspecified:
        host = "127.0.0.1" if address.version == 4 else "::1"
    name = f"[{host}]" if ":" in host else host
    return Server(f"http://{name}:{server.port}", is_open=not address.is_loopback)
