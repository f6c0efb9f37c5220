"""Calls that failed for a passing reason repeated: which ones, after how long, and how many in a run.

A POST is never repeated here: what it did is not known (`ApiError.lost`), and doing it twice may buy twice.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence

from reconciler.api.answer import Answer
from reconciler.api.errors import (
    ApiError,
    Dropped,
    NotFound,
    ServerFailed,
    TimedOut,
    Unauthorised,
    Unreachable,
    Unreadable,
)

REPEATED = frozenset({"GET", "PUT", "PATCH", "DELETE"})
ATTEMPTS = 4
BASE, CAP = 0.25, 8.0  # seconds
# The retry quota of the AWS SDKs (SDKs and Tools Reference Guide, "Retry behavior"; 500 tokens, 5 for a
# repeat, 1 back for a call that succeeds): an API that is down is not kept down by those who wait for it.
QUOTA = 100.0  # repeats in hand
REFILL = 0.2  # of a repeat, for a call that succeeds at once
ADDRESS_SERVICE_DOWN = "13566"  # error catalogue: not over within seconds


class Repeats:
    """Repeats for all threads of a run, from one quota; `pause` and `draw` (0 to 1) are time and chance.

    `pause` answers with something true where the run has been stopped meanwhile: nothing is repeated then.
    """

    def __init__(
        self,
        *,
        quota: float = QUOTA,
        pause: Callable[[float], object] = time.sleep,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._most = self._left = quota
        self._pause = pause
        self._draw = draw
        self._lock = threading.Lock()

    def run(self, method: str, attempt: Callable[[], Answer]) -> Answer:
        """Call `attempt` until it succeeds, or fails for good: then with its last error.

        A DELETE that finds nothing after an attempt whose answer was lost has been done.
        """
        failures: list[ApiError] = []
        while True:
            try:
                answer = attempt()
            except ApiError as error:
                if method == "DELETE" and isinstance(error, NotFound) and any(f.lost for f in failures):
                    return Answer(404, error.document, None, None, empty=error.document is None)
                failures.append(error)
                if not (is_passing(method, error) and self._again(failures)):
                    raise
            else:
                self._refill(1.0 if failures else REFILL)
                return answer

    def _again(self, failures: Sequence[ApiError]) -> bool:
        """Whether another attempt may be made; it is due when this returns."""
        if len(failures) >= ATTEMPTS or not self._take():
            return False
        return not self._pause(backoff(len(failures), failures[-1], self._draw))

    def _take(self) -> bool:
        with self._lock:
            granted = self._left >= 1
            self._left -= granted
            return granted

    def _refill(self, repeats: float) -> None:
        with self._lock:
            self._left = min(self._most, self._left + repeats)


def is_passing(method: str, error: ApiError) -> bool:
    """Whether the same call may end better in a moment, and may be sent again."""
    if method not in REPEATED or error.code == ADDRESS_SERVICE_DOWN:
        return False
    if isinstance(error, Unreadable):  # without a status it was too long, or packed as nobody asked
        return error.status is not None
    if isinstance(error, Unauthorised):  # no token was to be had, for a reason like those below
        return error.status is None or error.status >= 500
    return isinstance(error, Unreachable | TimedOut | Dropped | ServerFailed)


def backoff(attempts: int, error: ApiError, draw: Callable[[], float]) -> float:
    """Seconds to wait after so many attempts: with full jitter, or what Retry-After says if that is short.

    Full jitter: AWS Architecture Blog, "Exponential Backoff And Jitter".
    """
    seconds = draw() * min(CAP, BASE * 2.0 ** (attempts - 1))
    asked = error.retry_after or 0.0
    return max(seconds, asked) if asked <= CAP else seconds
