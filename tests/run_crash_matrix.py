"""The crash matrix as a table: `make crash-matrix`.

With points in words as arguments ("act=1 kill-after:7 lag=3 kept") it lives through these only, and prints
what their runs said. Exits 1 where something was made twice, is not accounted for, is lost, or did not
become what the manifest says.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Sequence

from crash.explore import every_point, explored
from crash.points import point_from
from crash.world import Lived
from rich.console import Console
from rich.table import Table

COUNTED = (
    "points",
    "duplicates",
    "orphans",
    "lost",
    "not converged",
    "unforeseen",
    "not met",
    "undetermined",
    "unlocked",
    "waited",
)
COLUMNS = ("act", "blow", "lag", "ledger", *COUNTED, "most runs")


def main(arguments: Sequence[str]) -> int:
    """Print the table and whatever is bad; the exit code."""
    console = Console(width=None if sys.stdout.isatty() else 170, highlight=False, markup=False)
    began = time.monotonic()
    lived: list[Lived] = []
    chosen = [point_from(words) for words in arguments]
    with console.status("") as status:
        for one in explored(lambda surveys: chosen or every_point(surveys), (os.cpu_count() or 1) + 1):
            lived.append(one)
            status.update(f"{len(lived)} points")
            if one.bad or chosen:
                _tell(console, one, everything=bool(chosen))
    console.print(table(lived))
    console.print(f"{len(lived)} points in {time.monotonic() - began:.0f} s")
    return int(any(one.bad for one in lived))


def table(lived: Sequence[Lived]) -> Table:
    """Counts by act, blow, lag and ledger, and of all."""
    found = Table(*COLUMNS, box=None)
    rows: dict[tuple[str, ...], list[Lived]] = {}
    for one in lived:
        rows.setdefault(one.point.row, []).append(one)
    for row in sorted(rows):
        found.add_row(*row, *_counts(rows[row]))
    found.add_row("in all", "", "", "", *_counts(lived), style="bold")
    return found


def counted(lived: Sequence[Lived]) -> Counter[str]:
    """How many points there were, and how many of what is counted, by its column."""
    found = Counter[str](points=len(lived))
    for one in lived:
        found["duplicates"] += len(one.verdict.duplicates)
        found["orphans"] += len(one.verdict.orphans)
        found["lost"] += len(one.verdict.lost)
        found["not converged"] += bool(one.verdict.differences) or not one.quiet
        found["unforeseen"] += one.unforeseen
        found["not met"] += not one.met
        found["undetermined"] += one.codes.count(5)
        found["unlocked"] += one.unlocked
        found["waited"] += one.waited
    return found


def _counts(lived: Sequence[Lived]) -> list[str]:
    counts = counted(lived)
    return [*(str(counts[name]) for name in COUNTED), str(max((one.runs for one in lived), default=0))]


def _tell(console: Console, one: Lived, *, everything: bool) -> None:
    console.print(f"{'BAD' if one.bad else 'good'}: {one.point}: exits {', '.join(map(str, one.codes))}")
    verdict = one.verdict
    for fault in (*verdict.duplicates, *verdict.orphans, *verdict.lost, *verdict.differences):
        console.print(f"  {fault}")
    if everything:
        console.print(one.said)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
