"""Rate limits: calls counted by bucket in windows of time, to when the next one may be made.

A window begins with the first call in it. The buckets, and what an excess is answered with, are those of
"Rate limits" (bandwidth.github.io, numbers/rateLimits); no source has the figures, so none is a default.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.emulator.asked import Asked
from reconciler.emulator.limits.rate import ALL, Rate
from reconciler.emulator.routes import JSON_SERVED, SERVED
from reconciler.emulator.settings import Settings

_USED = {route.bucket for route in SERVED} | {route.bucket for route in JSON_SERVED}
BUCKETS = (ALL, *sorted(_USED - {""}))
"""What a call may be counted under."""


def check_buckets(buckets: Iterable[str]) -> None:
    """Raises ValueError for a bucket that no call is in."""
    unknown = sorted(set(buckets) - set(BUCKETS))
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: a bucket is one of {', '.join(BUCKETS)}")


@dataclass
class _Window:
    began: float
    calls: int = 0


class Limits:
    """The windows of one emulator, by bucket and, where limits are per credentials, by who calls.

    Raises ValueError for a bucket that no call is in.
    """

    def __init__(self, settings: Settings) -> None:
        try:
            check_buckets(settings.rate_limits)
        except ValueError as wrong:
            raise ValueError(f"rate_limits: {wrong}") from wrong
        self._rates = dict(settings.rate_limits)
        self._apart = settings.reads("limit_scope", "credentials")
        self._windows: dict[tuple[str, str], _Window] = {}

    def until(self, bucket: str, asked: Asked) -> float | None:
        """Counts a call; None lets it pass, a time (epoch seconds) is when the window ends."""
        rated = [(name, self._rates[name]) for name in dict.fromkeys((ALL, bucket)) if name in self._rates]
        if not rated:
            return None
        # Two sorts of credentials are known, one of each: a new token is the same caller.
        caller = asked.authorization.partition(" ")[0].lower() if self._apart else ""
        windows = [(rate, self._window(name, caller, rate, asked.now)) for name, rate in rated]
        full = [window.began + rate.seconds for rate, window in windows if window.calls >= rate.calls]
        for _, window in windows:
            window.calls += not full
        return max(full, default=None)

    def _window(self, name: str, caller: str, rate: Rate, now: float) -> _Window:
        window = self._windows.get((name, caller))
        if window is None or now >= window.began + rate.seconds:
            window = self._windows[name, caller] = _Window(now)
        return window
