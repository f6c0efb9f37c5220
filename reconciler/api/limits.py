"""Answers of 429 turned into one pause and one pace for all threads, and calls kept to a number in flight.

Bandwidth's rate-limit guide: 429 has an empty body and `X-RateLimit-Reset`, the epoch second to
wait for. Nothing was done by a call so answered, so that any method may be repeated.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from reconciler.api.dates import number, retry_after, seconds_until
from reconciler.api.pace import Pace

T = TypeVar("T")
DEFAULT_PAUSE = 1.0
MAX_WAIT = 300.0  # seconds


@dataclass(frozen=True, slots=True)
class Pause:
    """The server asks for silence: for so many seconds."""

    seconds: float


def pause_asked(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> Pause:
    """Read how long a 429 asks to wait: `headers` by lower-case name, `now` local epoch seconds."""
    moment = number(headers.get("x-ratelimit-reset"))
    asked = retry_after(headers, now) if moment is None else seconds_until(moment, headers, now)
    return Pause(asked if asked and asked > 0 else DEFAULT_PAUSE)


class Limiter:
    """One gate for every thread: `parallelism` calls at a time, none during a pause, then at a pace.

    The number in flight is halved by a refusal and climbs again by one in a round of calls that pass.
    `max_wait` bounds the seconds that a call spends in pauses: where one of them would be too long,
    no call waits for its end. `clock` counts seconds; `sleep` waits for some, and answers with
    something true where the run has been stopped meanwhile (as `Event.wait` does): then no call waits
    for the end of a pause, and those that pass do so without waiting for their place.
    """

    def __init__(
        self,
        parallelism: int = 8,
        *,
        max_wait: float = MAX_WAIT,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._max_wait = max_wait
        self._clock = clock
        self._sleep = sleep
        self._state = threading.Condition()
        self._most = self._allowed = float(parallelism)
        self._flying = 0
        self._door = threading.Lock()  # who has it is the next to leave
        self._until = self._refused_at = clock() - 1
        self._given_up = self._until
        self._pace = Pace()

    @property
    def rate(self) -> float | None:
        """How many calls a second leave; None while nothing was refused."""
        return self._pace.rate

    def run(self, attempt: Callable[[], T | Pause]) -> T | Pause:
        """Repeat `attempt` after each pause; return a Pause when waiting it out takes too long."""
        waited = 0.0
        while True:
            due, given_up = self._due(waited)
            if given_up or (due > 0 and self._sleep(due)):
                return Pause(due)
            waited += due
            with self._in_flight():
                left = self._leave()
                if left is None:
                    continue
                outcome = attempt()
                if not isinstance(outcome, Pause):
                    self._passed(left)
                    return outcome
                self._refused(left, outcome)

    def _due(self, waited: float) -> tuple[float, bool]:
        """Seconds to the end of the pause, and whether nobody is to wait for it."""
        with self._state:
            due = max(0.0, self._until - self._clock())
            if due and waited + due > self._max_wait:
                self._given_up = self._until
            return due, due > 0 and self._given_up >= self._until

    @contextmanager
    def _in_flight(self) -> Iterator[None]:
        with self._state:
            self._state.wait_for(lambda: self._flying < int(self._allowed))
            self._flying += 1
        try:
            yield
        finally:
            with self._state:
                self._flying -= 1
                self._state.notify_all()

    def _leave(self) -> float | None:
        """Wait for the next place in the pace; the moment then, None where a pause has begun."""
        with self._door:
            with self._state:
                now, refused_at = self._clock(), self._refused_at
                if now < self._until:
                    return None
                due = self._pace.due(now)
            if due > now:
                self._sleep(due - now)
            with self._state:
                return self._pace.leave(self._clock()) if refused_at == self._refused_at else None

    def _passed(self, left: float) -> None:
        with self._state:
            self._allowed = min(self._most, self._allowed + 1 / self._allowed)
            if left > self._refused_at:
                self._pace.passed(left)

    def _refused(self, left: float, pause: Pause) -> None:
        """Hold everybody back; calls that were in flight together are refused together, and count once."""
        with self._state:
            now = self._clock()
            self._until = max(self._until, now + pause.seconds)
            if left > self._refused_at:
                self._refused_at = now
                self._allowed = max(1.0, self._allowed / 2)
                self._pace.refused(self._until)
