"""Each open question of accounts, places and products: what the emulator does under each answer.

A row of readings.yaml is a call, what is done before it, and under each answer its status, then its error
code if it has one, then texts that the reply has under that answer and under no other that lacks them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from caller import World, furnished
from cases import ask, prepare

from reconciler.emulator.account.readings import READINGS as ACCOUNT
from reconciler.emulator.places.readings import READINGS as PLACES
from reconciler.emulator.products.readings import READINGS as PRODUCTS
from reconciler.emulator.readings import READINGS
from reconciler.emulator.spellings import SPELLINGS

ROWS = yaml.safe_load((Path(__file__).parent / "readings.yaml").read_text(encoding="utf-8"))
CASES = [
    pytest.param(row, answer, id=f"{row['reading']}={answer}: {row['ask']}")
    for row in ROWS
    for answer in row["answers"]
]


@pytest.mark.parametrize(("row", "answer"), CASES)
def test_answer(row: dict[str, Any], answer: str) -> None:
    """The call gets what its row says, and nothing that belongs to another answer."""
    options = {**row.get("with", {}), row["reading"]: answer}
    world = World(options) if row.get("empty") else furnished(**options)
    prepare(world, row.get("before", []))
    reply = ask(world, row)
    status, *rest = row["answers"][answer]
    texts = {part for part in rest if isinstance(part, str)}
    codes = [part for part in rest if isinstance(part, int)]
    assert (reply.status, reply.code) == (status, codes[0] if codes else 0), reply.body
    others = {part for parts in row["answers"].values() for part in parts if isinstance(part, str)} - texts
    shown = reply.body.decode()
    assert [text for text in texts if text not in shown] == [], shown
    assert [text for text in others if text in shown] == [], shown


def test_every_answer_has_its_row() -> None:
    """Each answer to each question of these areas is shown by a row, and differs from the others."""
    wanted = {(reading.name, answer) for reading in (*ACCOUNT, *PLACES, *PRODUCTS)
              for answer in reading.answers}  # fmt: skip
    assert {(row["reading"], answer) for row in ROWS for answer in row["answers"]} == wanted
    for row in ROWS:
        said = [tuple(parts) for parts in row["answers"].values()]
        assert len(set(said)) == len(said), row


def test_spellings_are_of_readings() -> None:
    """Each row of the table of spellings names a question, and an answer to it."""
    assert [s for s in SPELLINGS if s.answer not in READINGS[s.reading].answers] == []
