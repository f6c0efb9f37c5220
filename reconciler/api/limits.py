"""Answers of 429 turned into one pause for all threads, and calls kept to a number in flight.

Bandwidth's rate-limit guide: 429 has an empty body and `X-RateLimit-Reset`, the epoch second to
wait for. Nothing was done by a call so answered, so that any method may be repeated.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

T = TypeVar("T")
DEFAULT_PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class Pause:
    """The server asks for silence: for so many seconds."""

    seconds: float


def http_date(text: str | None) -> datetime | None:
    """Read a `Date` or `Retry-After` header, in UTC; None when there is no moment in it."""
    try:
        moment = parsedate_to_datetime(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def pause_asked(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> Pause:
    """Read how long a 429 asks to wait: `headers` by lower-case name, `now` local epoch seconds.

    A moment counts from the answer's own Date, so that a wrong local clock does no harm.
    """
    date = http_date(headers.get("date"))
    today = date.timestamp() if date else now()
    seconds = _number(headers.get("retry-after"))
    moment = _number(headers.get("x-ratelimit-reset"))
    if moment is None and (until := http_date(headers.get("retry-after"))):
        moment = until.timestamp()
    if moment is not None:
        seconds = moment - today
    return Pause(seconds if seconds and seconds > 0 else DEFAULT_PAUSE)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


class Limiter:
    """One gate for every thread: at most `parallelism` calls at a time, none during a pause.

    `max_wait` bounds the seconds that one call spends in pauses; `clock` counts seconds and
    `sleep` waits for some.
    """

    def __init__(
        self,
        parallelism: int = 8,
        *,
        max_wait: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._max_wait = max_wait
        self._clock = clock
        self._sleep = sleep
        self._slots = threading.BoundedSemaphore(parallelism)
        self._lock = threading.Lock()
        self._until = clock()

    def run(self, attempt: Callable[[], T | Pause]) -> T | Pause:
        """Repeat `attempt` after each pause; return a Pause when waiting it out takes too long."""
        waited = 0.0
        with self._slots:
            while True:
                due = self._due()
                if waited + due > self._max_wait:
                    return Pause(due)
                if due > 0:
                    self._sleep(due)
                    waited += due
                    continue
                outcome = attempt()
                if not isinstance(outcome, Pause):
                    return outcome
                self._hold(outcome)

    def _due(self) -> float:
        with self._lock:
            return max(0.0, self._until - self._clock())

    def _hold(self, pause: Pause) -> None:
        with self._lock:
            self._until = max(self._until, self._clock() + pause.seconds)
