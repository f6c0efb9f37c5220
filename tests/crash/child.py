"""One run of the command line, in a process of its own, to an exit code, or to its death at a write.

Nothing of the program is replaced: the death is in what stands between it and the network, or between it
and the files of its ledger.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from typing import NoReturn

import httpx

from crash.points import COUNTING, KILLS, TORN, Blow
from reconciler.cli import main
from reconciler.commands.outside import Outside
from reconciler.ledger.folder import Folder
from reconciler.ledger.store import Store

TOKEN = "/oauth2/token"
TALLY = "ledger-writes"
"""The file with a byte for each write to the ledger, where they are counted."""


def run(
    words: Sequence[str],
    environ: Mapping[str, str],
    folder: Path,
    blow: Blow | None = None,
    gate: Connection | None = None,
) -> None:
    """Run in `folder`, with what is said in its files `out` and `err`. Ends the process.

    With a `gate` it begins when something comes through.
    """
    os.chdir(folder)
    os.environ.update(environ)
    for name, descriptor in (("out", 1), ("err", 2)):
        with Path(name).open("wb") as file:
            os.dup2(file.fileno(), descriptor)
    if gate:
        gate.recv_bytes()
    main(words, outside=_outside(environ, blow))


def _outside(environ: Mapping[str, str], blow: Blow | None) -> Outside:
    if blow is None:
        return Outside(environ)
    if blow.what in KILLS:
        return Outside(environ, transport=Deadly(blow))
    return Outside(environ, open_ledger=lambda url, _: Store(Torn(Path(url), blow), url))


@dataclass
class Count:
    """Counts, from several threads."""

    to: int
    _seen: int = 0
    _counting: Lock = field(default_factory=Lock)

    def __call__(self) -> bool:
        """One more; whether that was the one to count to."""
        with self._counting:
            self._seen += 1
            return self._seen == self.to


class Deadly(httpx.BaseTransport):
    """The network, with a death before or after a write."""

    def __init__(self, blow: Blow) -> None:
        self._network = httpx.HTTPTransport()
        self._blow = blow
        self._falls = Count(blow.at)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, if the process lives."""
        writes = request.method != "GET" and not request.url.path.endswith(TOKEN)
        falls = writes and self._falls()
        if falls and self._blow.what == "kill-before":
            _die()
        response = self._network.handle_request(request)
        if falls:
            response.read()
            _die()
        return response


class Torn(Folder):
    """The ledger's files, with a death that leaves half of one."""

    def __init__(self, path: Path, blow: Blow) -> None:
        super().__init__(path)
        self._falls = Count(blow.at)
        self._blow = blow
        self._before: dict[str, bytes] = {}  # by key, as it was before it is written again

    def flush(self, key: str) -> None:
        """What was written has its name by now, and lasts once this is done."""
        if self._blow.what == COUNTING:
            with Path(TALLY).open("ab") as tally:
                tally.write(b".")
        if self._falls():
            self._tear(self.path / key)
            _die()
        self._before[key] = (self.path / key).read_bytes()
        super().flush(key)

    def _tear(self, file: Path) -> None:
        half = file.read_bytes()[: file.stat().st_size // 2]
        file.unlink()
        if self._blow.what == TORN:
            file.write_bytes(half)
            return
        file.with_name(f"{file.name}#1").write_bytes(half)  # as obstore calls what it is still writing
        before = self._before.get(file.relative_to(self.path).as_posix())
        if before is not None:
            file.write_bytes(before)


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError
