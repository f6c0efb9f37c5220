"""How many calls may be made in how much time: the words of a person to a value."""

from __future__ import annotations

import re
from dataclasses import dataclass

ALL = "ALL"
"""The bucket that every call is in, besides its own."""


@dataclass(frozen=True)
class Rate:
    """So many calls in so many seconds. Raises ValueError for a window of no length."""

    calls: int
    seconds: float

    def __post_init__(self) -> None:
        if self.calls < 0 or self.seconds <= 0:
            raise ValueError(f"{self.calls}/{self.seconds:g} is no rate")


def rate_from(text: str) -> tuple[str, Rate]:
    """The bucket and its rate from `ORDER=100/60`, or `20/1` for all calls. Raises ValueError."""
    found = re.fullmatch(r"(?:([A-Za-z0-9_]+)=)?([0-9]{1,9})/([0-9]{1,9}(?:\.[0-9]{1,9})?)", text)
    if found is None:
        raise ValueError(f"{text}: expected BUCKET=CALLS/SECONDS, as ORDER=100/60, or CALLS/SECONDS")
    bucket, calls, seconds = found.groups()
    return (bucket or ALL).upper(), Rate(int(calls), float(seconds))
