"""The open questions to `docs/readings.md`: `python -m reconciler.emulator.reference [ROOT]`."""

from __future__ import annotations

import sys
from pathlib import Path

from reconciler.emulator.readings import READINGS, Reading

HEAD = """# Readings

Written from the code by `make schemas`; a test holds it to the code.

There is no account to try things on, and what is published about the API contradicts itself in places, or
says nothing. Each such place is a switch of the emulator, for the command line (`reconciler emulator`) and
for Python (`Emulator(created_peer="body")`). The answer in bold is the default. The suite of `plan` and
`apply` runs under every answer that they can notice; the last column says why they cannot notice the others.

| Switch | Answers | What it decides | Who says what | Not noticed, because |
| --- | --- | --- | --- | --- |
"""


def readings_markdown() -> str:
    """The whole document, ending in a line break."""
    return HEAD + "".join(map(_row, READINGS.values()))


def _row(reading: Reading) -> str:
    default, *others = reading.answers
    answers = ", ".join([f"**`{default}`**", *(f"`{answer}`" for answer in others)])
    cells = (f"`--{reading.name.replace('_', '-')}`", answers, reading.about, reading.sources, reading.unmet)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def main(root: Path) -> None:
    """Write the document of the source tree at `root`."""
    (root / "docs" / "readings.md").write_text(readings_markdown(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(*sys.argv[1:2] or ["."]))
