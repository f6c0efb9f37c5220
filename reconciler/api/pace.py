"""Calls that passed and calls that were refused turned into how far apart the next ones leave.

The idea is the client-side rate limiting of the AWS SDKs' "adaptive" retry mode (SDKs and Tools
Reference Guide, "Retry behavior"): a rate is learnt from what passed. As a 429 of Bandwidth's says
when its window ends, the length of the window is learnt with it, and one refusal is mostly enough.
"""

from __future__ import annotations

import math
from collections import deque

SHARE = 0.9  # of what was seen to pass: calls do not arrive as evenly as they leave
CLIMB = 1 / 5000  # of the rate, for every call that passes: from SHARE to the limit in some 500 calls
SLACK = 1.0  # Date and X-RateLimit-Reset are whole seconds: a reset is nearer than it looks, by 0 to 2 s
SHORTEST = 1.0  # seconds of a window; a shorter one is only the end of one
SAMPLE = 10  # calls that tell a rate; what fewer say counts the second time, and halves a rate at the most
REMEMBERED = 10_000  # calls


class Pace:
    """Moments for calls to leave at, evenly spaced; before anything was refused that is always now.

    Moments are seconds of one clock. Not safe to share between threads.
    """

    def __init__(self) -> None:
        self.rate: float | None = None
        self._last = -math.inf
        self._refused_before = False
        self._left: deque[float] = deque(maxlen=REMEMBERED)

    def due(self, now: float) -> float:
        """When the next call may leave: counted from when the last one did, not from when it might have.

        So calls that were held up, by a busy machine say, do not leave all at once.
        """
        return now if self.rate is None else max(now, self._last + 1 / self.rate)

    def leave(self, now: float) -> float:
        """Learn that a call leaves; when it does."""
        self._last = now
        return now

    def passed(self, left: float) -> None:
        """Learn that a call which left then was served."""
        self._left.append(left)
        if self.rate is not None:
            self.rate *= 1 + CLIMB

    def refused(self, until: float) -> None:
        """Learn that a call was refused, and that calls are taken again from `until` on."""
        seen, few = SHARE * self._seen(until), len(self._left) < SAMPLE
        if self.rate is not None:
            self.rate = min(SHARE * self.rate, max(seen, self.rate / 2) if few else seen)
        elif self._refused_before or not few:
            self.rate = seen or None
        self._refused_before = True
        if self.rate is not None:
            self._left.clear()

    def _seen(self, until: float) -> float:
        """Calls a second that passed, in the window with that end in which they were the most."""
        ages = (until - SLACK - left for left in reversed(self._left))
        return max((n / max(SHORTEST, age) for n, age in enumerate(ages, start=1)), default=0.0)
