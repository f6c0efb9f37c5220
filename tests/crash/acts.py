"""What is applied one after the other: each act to its command lines, and to the numbers that it gives up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crash.score import names_of

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Act:
    """A manifest to apply, and how many numbers of which location are named to be given up."""

    manifest: Path
    gives_up: Mapping[str, int] = field(default_factory=dict)

    @property
    def common(self) -> tuple[str, ...]:
        """The options of all its runs: one call at a time, so that the nth write is the same in each."""
        quickly = ("--settle", "0", "--timeout", "10", "--parallelism", "1", "--no-color")
        return ("-f", str(self.manifest), *quickly)

    @property
    def plan(self) -> tuple[str, ...]:
        """The words of a plan."""
        return ("plan", "--detailed-exitcode", *self.common)

    def apply(self, dump: Mapping[str, Any]) -> tuple[str, ...]:
        """The words of an apply, from what the account holds at the beginning."""
        words = (word for number in self.named(dump) for word in ("--release", f"+1{number}"))
        return ("apply", "--yes", "--order-patience", "0", *words, *self.common)

    def named(self, dump: Mapping[str, Any]) -> Iterator[str]:
        """The numbers that are named to be given up, from what the account holds at the beginning."""
        names = names_of(dump) if self.gives_up else {}
        for location, count in self.gives_up.items():
            there = (n["number"] for n in dump["numbers"].values() if names.get(n["peer"]) == location)
            yield from sorted(there)[-count:]


# The second begins with what the first leaves where nobody disturbs it.
ACTS = {
    1: Act(FOLDER / "manifest.yaml"),
    2: Act(FOLDER / "edited.yaml", {"location production/support": 1, "location staging/trial": 2}),
}
