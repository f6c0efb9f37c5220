"""How many of the published documents the emulator serves, as a table: `make wire`.

Exits 1 where fewer than 95 % of the documents of the groups that are served pass.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from wire_published import DOCUMENTS, GAPS, GROUPS, NOT_SERVED, PUBLISHED, SHARED, Published, lacking, reason

LEAST = 0.95
COLUMNS = ("documents", "served", "passed", "failed", "known gaps")


def main(arguments: Sequence[str]) -> int:
    """Prints the table; the words of `arguments` narrow it to groups, and tell what each failure lacks."""
    console = Console(width=None if sys.stdout.isatty() else 130, highlight=False)
    if not SHARED.is_dir():
        console.print("The published documents are not beside this repository: nothing to count.")
        return 0
    documents = [one for one in DOCUMENTS if not arguments or one.group in arguments]
    counted = {one: _verdict(one) for one in documents}
    console.print(_table(counted))
    _explain(console, counted, bool(arguments))
    passed = sum(not lacking(one) for one in documents)
    console.print(
        f"{passed} of {len(documents)} documents of the served groups pass: {passed / len(documents):.1%} "
        f"({len(PUBLISHED)} documents were published in all)."
    )
    return int(passed < LEAST * len(documents))


def _verdict(published: Published) -> str:
    """The column that counts a document, besides `documents` and `served`."""
    if not lacking(published):
        return "passed"
    return "known gaps" if reason("emulator", published.file) else "failed"


def _table(counted: dict[Published, str]) -> Table:
    table = Table("group", box=None)
    for column in COLUMNS:
        table.add_column(column, justify="right")
    totals: Counter[str] = Counter()
    for group in dict.fromkeys(one.group for one in counted):
        of_group = {one: verdict for one, verdict in counted.items() if one.group == group}
        counts = Counter(of_group.values())
        counts["documents"] = len(of_group)
        counts["served"] = sum(lacking(one) != (NOT_SERVED,) for one in of_group)
        totals += counts
        table.add_row(group, *(str(counts[column]) for column in COLUMNS))
    table.add_row("in all", *(str(totals[column]) for column in COLUMNS), style="bold")
    return table


def _explain(console: Console, counted: dict[Published, str], at_length: bool) -> None:
    """Why what does not pass does not, and which groups are not served at all."""
    gaps = Counter(
        reason("emulator", one.file) for one, verdict in counted.items() if verdict == "known gaps"
    )
    if gaps:
        console.print("\nKnown gaps:")
    for why, count in gaps.items():
        console.print(f"  {count:3} {why}")
    failed = [one for one, verdict in counted.items() if verdict == "failed"]
    if failed:
        console.print("\nFailed:")
    for one in failed:
        what = lacking(one)
        shown = what if at_length else what[:1]
        console.print(f"  {one.file}: {', '.join(shown)}", markup=False, soft_wrap=True)
    console.print("\nNot served:")
    for group, why in GAPS["groups"].items():
        count = sum(one.group == group for one in PUBLISHED if group in GROUPS)
        console.print(f"  {count:3} {group}: {why}")
    console.print()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
