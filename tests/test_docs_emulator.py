"""What the documentation says of the emulator holds: its tables agree with the code, and so does the help."""

from __future__ import annotations

import dataclasses
import json
import shlex
from collections.abc import Collection

import pytest
from cli import run
from documents import ROOT, blocks, rows, section, spans
from werkzeug.test import Client

from reconciler.commands.emulator import command as emulator_command
from reconciler.emulator import Emulator, Settings
from reconciler.emulator.control import CONTROLS
from reconciler.emulator.control import ROOT as CONTROL
from reconciler.emulator.faults.fault import KINDS
from reconciler.emulator.features import NAMES
from reconciler.emulator.limits.windows import BUCKETS
from reconciler.emulator.readings import READINGS

DOCUMENT = ROOT / "docs" / "emulator.md"


def test_the_emulators_switches_are_listed() -> None:
    """The table of switches names every option of the command and every setting of the class."""
    table = rows(section(DOCUMENT, "Switches"))
    options, settings = ({span for row in table for span in spans(row[column])} for column in (0, 1))
    named = {each.opts[0] for each in emulator_command.params if each.name not in READINGS}
    assert options == named
    assert settings - {"serve", "written()"} == {each.name for each in dataclasses.fields(Settings)}


def test_the_emulators_help_explains_every_switch() -> None:
    """Each option of `emulator` has a line of its own in the help, and so has each kind of fault."""
    told = run("emulator", "--help", environ={}, folder=ROOT).out
    unexplained = [each.opts[0] for each in emulator_command.params if not getattr(each, "help", "")]
    assert not unexplained
    assert [name for name in KINDS if f"\n  {name}" not in told] == []
    assert [each.opts[0] for each in emulator_command.params if f"\n  {each.opts[0]}" not in told] == []


def test_faults_and_controls_are_listed() -> None:
    """The tables of faults and of the control endpoint's calls are what the code says."""

    def listed(heading: str) -> dict[str, str]:
        table = rows(section(DOCUMENT, heading))
        return {row[0].strip("`").partition("=")[0]: row[1] for row in table}

    assert listed("Faults") == {name: kind.about for name, kind in KINDS.items()}
    calls = {f"{method} {CONTROL}/{name}": each.about for (method, name), each in CONTROLS.items()}
    assert listed("Steering it from outside") == calls


def test_the_bodies_of_control_calls_are_the_examples() -> None:
    """The table shows for each call the document that the code gives as its example, or none."""
    table = rows(section(DOCUMENT, "Steering it from outside"))
    shown = [json.loads(row[2].strip("`")) if row[2] else None for row in table]
    assert shown == [each.example for each in CONTROLS.values()]


def test_the_line_for_curl_is_answered() -> None:
    """The shown request, sent as curl would, does what its row says."""
    (line,) = [line for block in blocks(DOCUMENT) for line in block.text.splitlines() if "$ curl" in line]
    _, _, _, header, _, body, url = shlex.split(line)
    emulator = Emulator(control=True)
    sent = Client(emulator).post(url, data=body, content_type=header.removeprefix("Content-Type: "))
    assert (sent.status_code, emulator.settings.inventory) == (200, {"919": 3})


@pytest.mark.parametrize(("option", "names"), [("--rate-limit", BUCKETS), ("--without", NAMES)])
def test_what_an_option_may_name_is_listed(option: str, names: Collection[str]) -> None:
    """A paragraph of its own lists the buckets, and one the products and features, that there are."""
    text = section(DOCUMENT, "Switches")
    (listed,) = [part for part in text.split("\n\n") if part.startswith(f"What `{option}` ")]
    assert set(spans(listed.partition(":")[2])) == set(names)
