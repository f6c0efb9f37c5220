"""The exchanges that an emulator had, to a log of bounded size that is read like a list."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import overload


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, as they were on the wire.

    status: 0 where the connection was broken instead of an answer.
    at: when the answer was ready, in epoch seconds. seconds: how long it took to make.
    fault: what met the request, as a line on it begins ("drop-after", "error-before=502"), parted by ", ".
    serial: the place in the log, which gives it: `log[exchange.serial] is exchange`.
    """

    method: str
    path: str
    query: str
    request: bytes
    status: int
    response: bytes
    authorization: str
    at: float = 0.0
    seconds: float = 0.0
    serial: int = 0
    fault: str = ""

    @property
    def size(self) -> int:
        """The bytes of both bodies."""
        return len(self.request) + len(self.response)


class Log:
    """The newest exchanges: at most `entries` of them, and at most `bytes_` of bodies, but always one.

    Reads like a list of all that was ever recorded whose oldest entries may be gone: `len` counts every
    exchange, so that `log[before:]` after `before = len(log)` is what came since; a slice and an iteration
    give those that are kept, and the index of one that is gone raises IndexError. Safe to use from many
    threads. `run` tells this log from another, as that of an emulator that was started again.
    """

    def __init__(self, entries: int = 10_000, bytes_: int = 64 * 1024 * 1024) -> None:
        self.run = secrets.token_hex(4)
        self._most, self._most_bytes = entries, bytes_
        self._kept: deque[Exchange] = deque()
        self._bytes = self._dropped = 0
        self._lock = threading.Lock()

    def record(self, exchange: Exchange) -> Exchange:
        """Add an exchange, and give it back with its serial."""
        with self._lock:
            numbered = replace(exchange, serial=self._dropped + len(self._kept))
            self._kept.append(numbered)
            self._bytes += numbered.size
            while len(self._kept) > max(self._most, 1) or (
                self._bytes > self._most_bytes and len(self._kept) > 1
            ):
                self._bytes -= self._kept.popleft().size
                self._dropped += 1
        return numbered

    @property
    def dropped(self) -> int:
        """How many are gone; the serial of the oldest that is kept."""
        return self._dropped

    def __len__(self) -> int:
        with self._lock:
            return self._dropped + len(self._kept)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self[:])

    @overload
    def __getitem__(self, where: int) -> Exchange: ...

    @overload
    def __getitem__(self, where: slice) -> list[Exchange]: ...

    def __getitem__(self, where: int | slice) -> Exchange | list[Exchange]:
        with self._lock:
            length = self._dropped + len(self._kept)
            if isinstance(where, slice):
                return self._slice(range(length)[where])
            place = where + length if where < 0 else where
            if not self._dropped <= place < length:
                raise IndexError(f"the log keeps exchanges {self._dropped} to {length - 1}")
            return self._kept[place - self._dropped]

    def _slice(self, serials: range) -> list[Exchange]:
        if serials.step != 1:
            return [self._kept[one - self._dropped] for one in serials if one >= self._dropped]
        first, last = (max(end - self._dropped, 0) for end in (serials.start, serials.stop))
        return list(islice(self._kept, first, last))

    def __eq__(self, other: object) -> bool:
        """Whether the exchanges kept are those of a list, or of another log."""
        return list(self) == list(other) if isinstance(other, Log | list) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Log of {len(self)} exchanges, {self._dropped} dropped>"
