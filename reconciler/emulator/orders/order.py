"""The records of what takes time: orders for numbers, disconnects, option orders and moves alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from reconciler.emulator.xml import Tree

Sort = Literal["orders", "disconnects", "tn_options", "moves"]
ENDED = ("COMPLETE", "PARTIAL", "FAILED")


@dataclass
class Event:
    """One entry of an order's history: a status that it came to, or a change of it; `at` in epoch seconds."""

    at: float
    status: str
    note: str
    difference: str = ""


@dataclass
class Note:
    """What a user wrote down beside an order."""

    id: str
    user: str
    text: str
    changed: float


@dataclass
class Order:
    """What was asked for, and what became of it; times are epoch seconds, numbers have 10 digits.

    numbers: those that it names. site, peer: where they go, as named or as chosen by the server.
    since, looks: when the present status began, and how many times it was shown since.
    at_most: how many numbers a rehearsed outcome lets it have (None: as many as there are).
    supply: what was on sale when a back-order last looked. restocked: numbers came on sale for it.
    errors: (code, what it is about or ""). warnings: (sentence, number).
    """

    id: str
    document: Tree
    user: str
    created: float
    changed: float
    numbers: list[str] = field(default_factory=list)
    site: str = ""
    peer: str = ""
    status: str = "RECEIVED"
    since: float = 0.0
    ended: float | None = None
    looks: int = 0
    at_most: int | None = None
    supply: str = ""
    restocked: bool = False
    granted: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    history: list[Event] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def beyond(self) -> set[str]:
        """The numbers that a rehearsed outcome does not let it have."""
        return set() if self.at_most is None else set(self.numbers[self.at_most :])

    def enter(self, status: str, note: str, now: float) -> None:
        """Comes to a status, or to the same one anew; the history keeps it."""
        self.history.append(Event(now, status, note))
        self.status, self.looks = status, 0
        self.since = self.changed = now
        self.ended = now if status in ENDED else None


@dataclass(frozen=True)
class Verdict:
    """How an order goes on: its status, the numbers it gets, those it does not, and why."""

    status: str
    granted: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    errors: tuple[tuple[int, str], ...] = ()


def shared_out(numbers: list[str], errors: list[tuple[int, str]]) -> Verdict:
    """The verdict on an order of given numbers, from the errors of single numbers (code, number)."""
    refused = {number for _, number in errors}
    done = tuple(number for number in numbers if number not in refused)
    failed = tuple(number for number in numbers if number in refused)
    status = "COMPLETE" if not failed else "PARTIAL" if done else "FAILED"
    return Verdict(status, done, failed, tuple(errors))
