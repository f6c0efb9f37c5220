"""The planted mistakes fit the code as it is, and the runner tells a caught one from any other."""

from __future__ import annotations

import ast
import shlex
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from run_mutants import ROOT, End, Mutant, main, read_mutants, run_mutants, try_mutant

MUTANTS = {mutant.name: mutant for mutant in read_mutants()}
FORMATS = MUTANTS["number formats not normalised"]
IN_CLEAR = MUTANTS["credentials sent without encryption"]


def test_there_are_enough_and_each_has_its_name() -> None:
    """At least twenty-five mistakes, no two of one name or with one effect."""
    names = Counter(mutant.name for mutant in read_mutants())
    effects = Counter((mutant.file, mutant.find, mutant.replace) for mutant in read_mutants())
    assert len(names) >= 25
    assert {*names.values(), *effects.values()} == {1}


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)
def test_a_mistake_can_be_planted(mutant: Mutant) -> None:
    """Its text is in the client exactly once, what it becomes is still Python, and its tests are there."""
    assert mutant.file.startswith("reconciler/")
    assert not mutant.file.startswith("reconciler/emulator/")
    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    planted = mutant.planted(text)
    assert ast.dump(ast.parse(planted)) != ast.dump(ast.parse(text))
    selected = [word for word in shlex.split(mutant.tests) if word.endswith(".py")]
    assert selected
    assert all((ROOT / file).is_file() for file in selected)


def test_the_runner_tells_what_was_caught_from_what_was_not() -> None:
    """Mistakes are caught by name, a comment survives, and a mistake that cannot be tried is not caught."""
    comment = replace(FORMATS, name="a comment", replace=f"{FORMATS.find}  # nothing")
    absent = replace(FORMATS, name="absent", find="text that nobody wrote")
    untested = replace(FORMATS, name="untested", tests="tests/test_nothing.py")
    said: list[str] = []
    assert run_mutants((FORMATS, IN_CLEAR), said.append)
    assert not run_mutants((comment, absent, untested), said.append)
    by = "tests/test_numbers.py::test_a_number_is_one_in_both_forms[+19195550100]"
    assert said[0] == f"caught    number formats not normalised: {by}"
    by = "tests/test_api_endpoints.py::test_endpoints_refused["
    assert said[1].startswith(f"caught    credentials sent without encryption: {by}")
    assert said[2:5] == [
        "mutants: 2 of 2 caught",
        "SURVIVED  a comment",
        "NOT RUN   absent: its text is in reconciler/api/numbers.py 0 times",
    ]
    assert said[5].startswith("NOT RUN   untested: its tests do not pass without it: ")
    assert said[6] == "mutants: 0 of 3 caught"


def test_tests_that_hang_are_ended() -> None:
    """A mistake that makes the tests go on for ever is named so once its time is up."""
    endless = replace(FORMATS, find="PAGE = 5000", replace="while True: pass")
    assert try_mutant(ROOT, endless, limit=1).end is End.HUNG


def test_a_mistake_that_stops_every_test_proves_nothing() -> None:
    """A package that cannot be imported was not caught by any test."""
    broken = replace(FORMATS, find="PAGE = 5000", replace="raise ValueError")
    assert try_mutant(ROOT, broken).end is End.NOT_RUN


def test_a_word_that_is_in_no_name_is_a_slip() -> None:
    """Choosing no mistake at all is an error, not a perfect score."""
    ended = CliRunner().invoke(main, ["-k", "nothing is called this"])
    assert ended.exit_code == 2
    assert "no mistake has 'nothing is called this' in its name or file" in ended.output


def test_a_row_with_a_slip_is_refused(tmp_path: Path) -> None:
    """A row says each of its words, as text, and no others."""
    file = tmp_path / "mutants.yaml"
    file.write_text("- {name: x, file: y, find: 1, replace: '2', breaks: z, tests: t}", encoding="utf-8")
    with pytest.raises(ValueError, match="a row must say breaks, file, find, name, replace, tests"):
        read_mutants(file)
