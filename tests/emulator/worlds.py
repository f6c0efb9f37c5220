"""One emulated account reached in two ways, in process and over a socket: a request to what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import httpx
from caller import ADDRESS, BASIC, SITES, World
from werkzeug.test import Client

from reconciler.emulator import Dropped, Emulator, serve

SITE = f"<Site><Name>s</Name>{ADDRESS}</Site>"
HEADERS = {"Authorization": BASIC, "Content-Type": "application/xml"}
_PATIENCE = 0.4  # seconds that a client on a socket waits for an answer


@dataclass(frozen=True)
class Seen:
    """What came of a request: its status and body, or why there is none: "dropped", "silence"."""

    what: int | str
    body: bytes = b""
    headers: Any = None


class Reached(Protocol):
    """An account that can be called."""

    emulator: Emulator

    def send(self, method: str, path: str, body: str = "") -> Seen:
        """One request, with credentials."""


class InProcess:
    """Called as a WSGI application."""

    def __init__(self, world: World) -> None:
        self.emulator = world.emulator
        self._client = Client(world.emulator)

    def send(self, method: str, path: str, body: str = "") -> Seen:
        """One request, with credentials."""
        try:
            answer = self._client.open("/api" + path, method=method, data=body, headers=HEADERS)
            return Seen(answer.status_code, answer.data, answer.headers)
        except Dropped as dropped:
            return Seen("silence" if dropped.seconds else "dropped")


class OnSocket:
    """Called over HTTP."""

    def __init__(self, world: World, http: httpx.Client) -> None:
        self.emulator = world.emulator
        self._http = http

    def send(self, method: str, path: str, body: str = "") -> Seen:
        """One request, with credentials."""
        try:
            answer = self._http.request(method, "/api" + path, content=body, headers=HEADERS)
            return Seen(answer.status_code, answer.content, answer.headers)
        except httpx.ReadTimeout:
            return Seen("silence")
        except httpx.TransportError:
            return Seen("dropped")


@contextmanager
def reached(how: str, world: World) -> Iterator[Reached]:
    """The account, `how` being "in process" or "on a socket"."""
    if how == "in process":
        yield InProcess(world)
        return
    with (
        serve(world.emulator) as server,
        httpx.Client(base_url=server.url, timeout=_PATIENCE) as http,
    ):
        yield OnSocket(world, http)


WAYS = ("in process", "on a socket")


def sites(account: Reached) -> int:
    """How many sub-accounts there are."""
    return len(account.emulator.dump()["sites"])


__all__ = ["SITE", "SITES", "WAYS", "Reached", "Seen", "reached", "sites"]
