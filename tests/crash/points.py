"""How many writes a run makes, to every point at which it is disturbed: data, and words for it.

A point reads "act=1 kill-after:7 lag=3 kept": the first run of the first act is killed when the answer to
its seventh write is there, lists show what was three looks ago, and the ledger is kept for the runs after
it. A second blow falls on the second run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

ANSWERS = ("drop-before", "drop-after", "error-before", "error-after")
"""What may happen to an answer, in the emulator's words."""
KILLS = ("kill-before", "kill-after")
"""The process ends before a call leaves, or when its answer is there and nobody has heard of it."""
STAGED = "kill-in-ledger"
"""The process ends with half of an object of the ledger written, beside the place where it is to be."""
TORN = "power-cut"
"""The process ends, and of an object of the ledger that had its name only half came to the disk."""
COUNTING = "count"
"""Nothing happens; the writes to the ledger are counted."""
SETTINGS = ((0, True), (3, True), (0, False))
"""By how many looks lists lag, and whether the ledger is kept. Without one a list must not lag (rule 14)."""


@dataclass(frozen=True)
class Blow:
    """What happens to the write `at`, from 1, of a run."""

    what: str
    at: int

    def __str__(self) -> str:
        """The blow as a word."""
        return f"{self.what}:{self.at}"


@dataclass(frozen=True)
class Point:
    """Blows, one to a run, under a lag in looks, with the ledger kept or deleted after them; in which act."""

    blows: tuple[Blow, ...] = ()
    lag: int = 0
    kept: bool = True
    act: int = 1

    def __str__(self) -> str:
        """The point in words, which `point_from` takes."""
        kept = "kept" if self.kept else "deleted"
        return " ".join([f"act={self.act}", *map(str, self.blows), f"lag={self.lag}", kept])

    @property
    def row(self) -> tuple[str, str, str, str]:
        """The row of the table that counts it: act, blows, lag, ledger."""
        blows = ", then ".join(blow.what for blow in self.blows)
        return str(self.act), blows, str(self.lag), "kept" if self.kept else "deleted"


def point_from(words: str) -> Point:
    """The point that the words say. Raises ValueError."""
    blows, lag, kept, act = [], 0, True, 1
    for word in words.split():
        what, _, at = word.partition(":")
        if what in {*ANSWERS, *KILLS, STAGED, TORN}:
            blows.append(Blow(what, int(at)))
        elif word.startswith("lag="):
            lag = int(word.removeprefix("lag="))
        elif word.startswith("act="):
            act = int(word.removeprefix("act="))
        elif word in {"kept", "deleted"}:
            kept = word == "kept"
        else:
            raise ValueError(f"{word} is no word for a point")
    return Point(tuple(blows), lag, kept, act)


def all_points(writes: int, ledger_writes: int, act: int = 1) -> Iterator[Point]:
    """Every point of a run of an act that makes so many writes to the account, and so many to its ledger."""
    for lag, kept in SETTINGS:
        for what, at in product((*ANSWERS, *KILLS), range(1, writes + 1)):
            yield Point((Blow(what, at),), lag, kept, act)
        # of a ledger that is deleted then, it does not matter what is in it
        for what, at in product((STAGED, TORN) if kept else (STAGED,), range(1, ledger_writes + 1)):
            yield Point((Blow(what, at),), lag, kept, act)
    for lag, what, at in product((0, 3), KILLS, range(1, writes)):
        left = writes - at
        for second in sorted({1, (left + 1) // 2, left}):
            yield Point((Blow("kill-after", at), Blow(what, second)), lag, act=act)


def spread(points: Sequence[Point], of_each_row: int) -> list[Point]:
    """So many points of every row, from all over it; another row gets others."""
    rows: dict[tuple[str, ...], list[Point]] = {}
    for point in points:
        rows.setdefault(point.row, []).append(point)
    parts = len(rows) * of_each_row
    return [
        row[(number * len(rows) + index) * len(row) // parts]
        for index, row in enumerate(rows.values())
        for number in range(of_each_row)
    ]
