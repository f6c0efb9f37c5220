"""Exchanges turned into what `--trace` writes to its file and `-v` prints: never a secret."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Collection, Iterable
from typing import TextIO

import httpx

from reconciler.api.errors import ApiError
from reconciler.api.exchange import Exchange, Received
from reconciler.api.secrecy import HIDDEN, redact

_HIDDEN_HEADERS = ("authorization", "proxy-authorization", "cookie", "set-cookie")


class Trace:
    """A witness of exchanges, shared by all threads.

    `file` gets every request and answer, `line` one line for each: method, path, status, ms. `failed` is
    told once why the file is not written any more: an answer is not lost for that.
    """

    def __init__(
        self,
        file: TextIO | None = None,
        line: Callable[[str], object] | None = None,
        failed: Callable[[str], object] = lambda _: None,
    ) -> None:
        self._file = file
        self._line = line
        self._failed = failed
        self._lock = threading.Lock()

    def watch(self, exchange: Exchange, http: httpx.Client) -> Received:
        """Perform the exchange and note how it went."""
        started = time.monotonic()
        try:
            received = exchange.perform(http)
        except ApiError as error:
            self._note(exchange, error, started)
            raise
        self._note(exchange, received, started)
        return received

    def _note(self, exchange: Exchange, outcome: Received | ApiError, started: float) -> None:
        milliseconds = round((time.monotonic() - started) * 1000)
        failed = isinstance(outcome, ApiError)
        result = type(outcome).__name__ if failed else outcome.status
        text = "\n".join(_lines(exchange, outcome, milliseconds)) + "\n\n" if self._file else ""
        with self._lock:
            if self._line:
                self._line(f"{exchange.endpoint} {result} {milliseconds} ms")
            self._write(text)

    def _write(self, text: str) -> None:
        if self._file is None:
            return
        try:
            self._file.write(text)
            self._file.flush()
        except OSError as error:
            with contextlib.suppress(OSError):  # it would be flushed once more
                self._file.close()
            self._file = None
            self._failed(error.strerror or str(error))


def _lines(exchange: Exchange, outcome: Received | ApiError, milliseconds: int) -> Iterable[str]:
    request = exchange.request
    yield redact(f"> {request.method} {request.url}", exchange.secrets)
    yield from _message(request.headers.items(), request.content, exchange.secrets)
    if isinstance(outcome, ApiError):
        yield f"! {type(outcome).__name__} after {milliseconds} ms: {outcome}"
    else:
        yield f"< {outcome.status} after {milliseconds} ms"
        yield from _message(outcome.headers.items(), outcome.body, exchange.secrets)


def _message(headers: Iterable[tuple[str, str]], body: bytes, secrets: Collection[str]) -> Iterable[str]:
    for name, value in headers:
        shown = HIDDEN if name.lower() in _HIDDEN_HEADERS else redact(value, secrets)
        yield f"  {name}: {shown}"
    if b"\0" in body:  # UTF-16, say, in which no name could be found
        yield f"  ({len(body)} bytes)"
    elif body:
        yield redact(body.decode(errors="replace"), secrets)
