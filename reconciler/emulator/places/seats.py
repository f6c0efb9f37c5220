"""How many UC trunking seats a location takes."""

from __future__ import annotations

from reconciler.emulator.call import Answer, Call


def total(call: Call) -> Answer:
    """One for each number: no source says what else would count."""
    return Answer(200, {"UcTrunkingSeats": {"TotalCount": len(call.peer().numbers)}})
