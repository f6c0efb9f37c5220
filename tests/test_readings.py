"""Each open question about the API, answered otherwise: plans and applies converge all the same.

Three circles: one broad case under every answer, by every run of the tests; the whole convergence suite
under every answer that a plan or an apply can notice, by `make test-full`; and what no switch decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from convergence import CASES, Lived, live_through

from reconciler.emulator import Exchange
from reconciler.emulator.readings import READINGS
from reconciler.emulator.reference import readings_markdown

FOLDER = Path(__file__).parent / "cases"
ENDS_OTHERWISE = yaml.safe_load((FOLDER / "readings.yaml").read_text(encoding="utf-8"))["ends_otherwise"]
QUESTIONS = yaml.safe_load((FOLDER / "questions.yaml").read_text(encoding="utf-8"))
EVERYTHING = CASES["everything: every kind goes on, is edited, cleared, and goes off"]
ANSWERS = [(name, answer) for name, reading in READINGS.items() for answer in reading.answers[1:]]
MET = [(name, answer) for name, answer in ANSWERS if not READINGS[name].unmet]
# ids, telephone numbers, customer order ids, times
CHANCE = re.compile(
    r"\b([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|rc[01]-[0-9a-z]{24}(-[0-9]+)?|[0-9]{10}|1[0-9]{3}|50[0-9]{4}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.-]+Z?)\b", re.IGNORECASE,
)  # fmt: skip
EXCEPTED = {(row["reading"], row["answer"], case) for row in ENDS_OTHERWISE for case in row["cases"]}


def by_answer(answers: list[tuple[str, str]]) -> pytest.MarkDecorator:
    """One test for each answer, named `feature_off=empty`."""
    return pytest.mark.parametrize(("name", "answer"), answers, ids=[f"{n}={a}" for n, a in answers])


def spoken(lived: Lived) -> frozenset[tuple[str, ...]]:
    """What was asked and answered, without what the order of independent steps decides.

    That is the order itself, ids (names stand for them), which numbers were sold, and times.
    """
    return frozenset(_exchange(each, lived.names) for each in lived.log
                     if not each.path.endswith("/oauth2/token"))  # fmt: skip


def _exchange(exchange: Exchange, names: Mapping[str, str]) -> tuple[str, ...]:
    asked = f"{exchange.method} {exchange.path}?{exchange.query}"
    texts = (exchange.request.decode(), exchange.response.decode())
    elements = (" ".join(sorted(re.findall("<[^>]*>[^<]*", text))) for text in texts)
    return tuple(CHANCE.sub(lambda found: names.get(found.group(), "-"), text)
                 for text in (asked, str(exchange.status), *elements))  # fmt: skip


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> frozenset[tuple[str, ...]]:
    """What is asked and answered in the broad case under the defaults."""
    return spoken(live_through(EVERYTHING, tmp_path_factory.mktemp("usual")))


@by_answer(ANSWERS)
def test_everything_converges(
    name: str, answer: str, usual: frozenset[tuple[str, ...]], tmp_path: Path
) -> None:
    """Every kind is created, edited and cleared under the answer; one said to be unmet changes no byte."""
    lived = live_through(EVERYTHING, tmp_path, {name: answer})
    assert not lived.faults, "\n".join(lived.faults)
    if READINGS[name].unmet:
        assert spoken(lived) == usual


@pytest.mark.parametrize("place", [1, -1])
def test_everything_converges_where_all_is_otherwise(place: int, tmp_path: Path) -> None:
    """So it does when every question has its second answer, and when every one has its last."""
    answers = {name: reading.answers[place] for name, reading in READINGS.items()}
    lived = live_through(EVERYTHING, tmp_path, answers)
    assert not lived.faults, "\n".join(lived.faults)


@pytest.mark.full
@pytest.mark.parametrize("case", CASES)
@by_answer(MET)
def test_each_case_ends_as_it_says(name: str, answer: str, case: str, tmp_path: Path) -> None:
    """A case ends under the answer as it does under the default, but for those listed with a reason."""
    faults = live_through(CASES[case], tmp_path, {name: answer}).faults
    if (name, answer, case) in EXCEPTED:
        assert faults, "it ends as usual: take it out of readings.yaml"
    else:
        assert not faults, "\n".join(faults)


@pytest.mark.full
@pytest.mark.parametrize("name", sorted({name for name, _ in MET}))
def test_what_is_met_makes_a_difference(name: str, tmp_path: Path) -> None:
    """In at least one case something is asked or answered otherwise; else the reading is unmet."""
    answers = READINGS[name].answers[1:]
    assert any(_differs(case, {name: answer}, tmp_path) for case in _tellingly(name) for answer in answers)


def _tellingly(name: str) -> Iterator[Mapping[str, Any]]:
    """The broad case, then those that are excepted, then the others."""
    excepted = {case for reading, _, case in EXCEPTED if reading == name}
    yield EVERYTHING
    yield from (CASES[case] for case in sorted(CASES, key=lambda case: case not in excepted))


def _differs(case: Mapping[str, Any], readings: Mapping[str, str], folder: Path) -> bool:
    usual, otherwise = live_through(case, folder), live_through(case, folder, readings)
    return (spoken(usual), usual.names.keys()) != (spoken(otherwise), otherwise.names.keys())


def test_the_exceptions_are_of_cases_and_answers_that_there_are() -> None:
    """Each exception names a case, and an answer that a plan or an apply can notice, once."""
    assert {(name, answer) for name, answer, _ in EXCEPTED} <= set(MET)
    assert {case for _, _, case in EXCEPTED} <= CASES.keys()
    assert sum(len(row["cases"]) for row in ENDS_OTHERWISE) == len(EXCEPTED)


def test_every_question_is_a_switch_or_says_why_not() -> None:
    """Each question that sources leave open has its readings, or the reason why it is none; and back."""
    assert all(bool(row.get("readings")) != bool(row.get("no_switch")) for row in QUESTIONS)
    assert {name for row in QUESTIONS for name in row.get("readings", ())} == READINGS.keys()
    assert len({row["question"] for row in QUESTIONS}) == len(QUESTIONS) >= 49


def test_the_document_of_readings_is_fresh() -> None:
    """docs/readings.md is what the code's tables say; `make schemas` writes it."""
    document = Path(__file__).parent.parent / "docs" / "readings.md"
    assert document.read_text(encoding="utf-8") == readings_markdown()
