"""Headers that tell a time turned into moments and seconds, and the last Date into the server's time."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from datetime import MAXYEAR, UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


def http_date(text: str | None) -> datetime | None:
    """Read a `Date` or `Retry-After` header, in UTC; None when there is no moment in it."""
    try:
        moment = parsedate_to_datetime(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def seconds_until(moment: float, headers: Mapping[str, str], now: Callable[[], float]) -> float:
    """How far off `moment` (epoch seconds) is, counted from the answer's own Date.

    So a wrong local clock (`now`, epoch seconds) does no harm; it counts where there is no Date.
    """
    date = http_date(headers.get("date"))
    return moment - (date.timestamp() if date else now())


def retry_after(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> float | None:
    """Read Retry-After, as seconds or as a date (RFC 9110, 10.2.3); None where it says neither."""
    text = headers.get("retry-after")
    until = http_date(text)
    return seconds_until(until.timestamp(), headers, now) if until else number(text)


def number(text: str | None) -> float | None:
    """Read a header that is a number; None for any other."""
    try:
        found = float(text or "")
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def utc_now() -> datetime:
    """The time by the local clock."""
    return datetime.now(UTC)


class ServerTime:
    """The server's clock as its answers tell it; safe to share between threads.

    `clock` counts seconds and is never set, `local` is the local time in UTC.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, local: Callable[[], datetime] = utc_now
    ) -> None:
        self._clock = clock
        self._local = local
        self._lock = threading.Lock()
        self._last: tuple[datetime, float] | None = None

    def hear(self, date: str | None) -> None:
        """Learn the Date header of an answer that has just come; one without a moment changes nothing."""
        moment = http_date(date)
        if moment and moment.year < MAXYEAR:  # else the seconds since would have no date
            with self._lock:
                self._last = moment, self._clock()

    def now(self) -> datetime:
        """The last Date and the seconds since; the local time where no Date was ever sent."""
        with self._lock:
            if self._last is None:
                return self._local()
            moment, heard = self._last
            return moment + timedelta(seconds=self._clock() - heard)
