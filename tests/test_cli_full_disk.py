"""Output that nobody takes and disks that are full: told before anything is written, or nothing is lost."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from briefly import briefly
from cli import TOKEN, account, location

from reconciler.emulator import Emulator

POOL = '- {area_code: "919", count: 1}'
FULL = "/dev/full"
NO_SPACE = "No space left on device"
WRITES = 7  # of the manifest below: six things are made, and numbers are ordered
AGAIN = ("apply", "--yes", "--settle", "0", "--order-patience", "0")


@pytest.mark.parametrize(
    "words",
    [("plan",), ("plan", "--format", "json"), ("plan", "--detailed-exitcode"), ("validate",), ("schema",),
     ("history",), ("history", "--format", "json")],
    ids=" ".join,
)  # fmt: skip
def test_what_cannot_be_printed_is_exit_1(words: tuple[str, ...], tmp_path: Path) -> None:
    """A full disk under stdout is one message on stderr."""
    with account(tmp_path) as place, Path(FULL).open("w") as full:
        place.write(location())
        ran = place.ended(place.start(*words, stdout=full))
    assert (ran.code, ran.err) == (1, f"error: stdout cannot be written: {NO_SPACE}\n")


def test_a_plan_that_cannot_be_saved_is_exit_1(tmp_path: Path) -> None:
    """A full disk under `--out` is one message, and no plan is shown as if it were saved."""
    with account(tmp_path) as place:
        place.write(location())
        ran = place.run("plan", "--out", FULL)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"error: the plan cannot be saved to {FULL}: {NO_SPACE}\n"


def test_a_plan_that_nobody_can_see_is_not_applied(tmp_path: Path) -> None:
    """Where the plan cannot be shown, `apply` writes nothing, says so, and is exit 1."""
    with account(tmp_path) as place:
        place.write(location())
        with Path(FULL).open("w") as full:
            ran = place.ended(place.start("apply", "--yes", stdout=full))
        said = "error: the plan cannot be shown: {}\n  hint: nothing was changed\n"
        assert (ran.code, ran.err, place.writes()) == (1, said.format(NO_SPACE), [])
        reader, writer = os.pipe()
        os.close(reader)
        ran = place.ended(place.start("apply", "--yes", stdout=writer))
        os.close(writer)
        assert (ran.code, ran.err, place.writes()) == (1, said.format("nobody reads it any more"), [])


def test_an_outcome_that_cannot_be_printed_is_in_the_ledger(tmp_path: Path) -> None:
    """A run whose document finds no room has done all the same, says where it is told, and keeps its code."""
    with account(tmp_path) as place:
        place.write(location(POOL))
        with Path(FULL).open("w") as full:
            ran = place.ended(place.start("apply", "--yes", "--format", "json", stdout=full))
            assert ran.code == 0
            (past,) = place.run("history", "--format", "json").document["runs"]
            assert (past["end"], past["exit"]) == ("converged", 0)
            said = (
                f"error: the outcome cannot be printed: {NO_SPACE}\n  hint: reconciler history {past['id']}"
            )
            assert ran.err.count("error") == 1
            assert said in ran.err
            nothing = place.ended(place.start("apply", "--yes", "--format", "json", stdout=full))
            assert nothing.code == 1
        assert len(place.orders()) == 1


def test_a_run_whose_progress_nobody_sees_goes_on(tmp_path: Path) -> None:
    """A full disk under stderr keeps nothing from being done or told on stdout."""
    with account(tmp_path) as place, Path(FULL).open("w") as full:
        place.write(location(POOL))
        ran = place.ended(place.start("apply", "--yes", "-v", "--format", "json", stderr=full))
    assert (ran.code, ran.document["converged"]) == (0, True)


@pytest.mark.parametrize("words", [("plan",), ("apply", "--yes")], ids=" ".join)
def test_a_trace_that_finds_no_room_costs_nothing(words: tuple[str, ...], tmp_path: Path) -> None:
    """A full disk under `--trace` is one warning; no answer is lost for it."""
    with account(tmp_path) as place:
        place.write(location(POOL))
        ran = place.ended(place.start(*words, "--trace", FULL))
        assert ran.code == 0
        assert ran.err.count(NO_SPACE) == 1
        assert f"warning: the trace file {FULL} is not written to the end: {NO_SPACE}\n" in ran.err
        assert len(place.orders()) == (words[0] == "apply")


@pytest.mark.parametrize("closed", ["1", "2", "0"])
def test_a_stream_that_is_closed_is_no_failure(closed: str, tmp_path: Path) -> None:
    """A run without stdout, stderr or stdin, as a daemon may have it, converges and ends with 0."""
    with account(tmp_path) as place:
        place.write(location(POOL))
        started = place.start("apply", "--yes", preexec_fn=lambda: os.close(int(closed)))
        assert place.ended(started).code == 0
        assert len(place.orders()) == 1


def _no_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def test_a_full_disk_under_the_ledger_is_told_before_anything_is_written(tmp_path: Path) -> None:
    """Where the ledger cannot be written, `apply` is exit 1 and has sent nothing."""
    with account(tmp_path) as place:
        place.write(location(POOL))
        started = place.start("apply", "--yes", preexec_fn=_no_room)
        ran = place.ended(started)
        assert (ran.code, place.writes()) == (1, [])
    assert ran.err.startswith("error: the ledger .reconciler cannot be written: ")
    assert "File too large" in ran.err
    assert ran.err.endswith("make room or mend it, and run again with the same --ledger\n")


@pytest.mark.parametrize("ledger", ["bandwidth.yaml", "bandwidth.yaml/below", "/proc/none"])
def test_a_ledger_that_cannot_be_is_told_before_anything_is_written(ledger: str, tmp_path: Path) -> None:
    """A ledger where no directory can be is exit 1, one problem, and nothing is sent."""
    with account(tmp_path) as place:
        place.write(location(POOL))
        ran = place.run("apply", "--yes", "--ledger", ledger, "--format", "json")
        assert (ran.code, ran.err, place.writes()) == (1, "", [])
    (problem,) = ran.problems
    assert problem.startswith(f"the ledger {ledger} cannot be ")


class Losing(Emulator):
    """An emulator during whose n-th write the ledger is lost: before or after its effect."""

    def __init__(self, ledger: Path, at: int, *, before: bool) -> None:
        super().__init__(order_seconds=0)
        self.ledger, self.at, self.before = ledger, at, before
        self.sent = 0

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        now = environ["REQUEST_METHOD"] != "GET" and not environ["PATH_INFO"].endswith(TOKEN)
        self.sent += now
        now = now and self.sent == self.at
        if now and self.before:
            self.lose()
        answer = super().__call__(environ, start_response)
        if now and not self.before:
            self.lose()
        return answer

    def lose(self) -> None:
        """Put a file where the ledger is."""
        self.ledger.rename(self.ledger.with_suffix(".lost"))
        self.ledger.touch()

    def restore(self) -> None:
        """The ledger is as it was."""
        self.ledger.unlink()
        self.ledger.with_suffix(".lost").rename(self.ledger)


@pytest.mark.parametrize("at", briefly(range(1, WRITES + 1), 3))
def test_a_ledger_that_is_lost_half_way(at: int, tmp_path: Path) -> None:
    """What was done is told, nothing new begins; with the ledger back, the next run doubles nothing."""
    emulator = Losing(tmp_path / "ledger", at, before=at % 2 == 0)
    with account(tmp_path, emulator) as place:
        place.write(location(POOL))
        words = ("--yes", "--format", "json", "--parallelism", "1", "--ledger", "ledger")
        ran = place.ended(place.start("apply", *words))
        assert (ran.code, len(place.writes())) == (4, at)
        assert_told(ran.document, ran.err, at)
        emulator.restore()
        assert place.run(*AGAIN, "--ledger", "ledger").code == 0
        assert (len(place.writes()), len(place.orders())) == (WRITES, 1)
        held = place.state()
        assert (len(held["applications"]), len(held["sites"])) == (1, 1)


def assert_told(document: Any, err: str, at: int) -> None:
    """The document has every step's end; the ledger's failure is told, and once where it stops something."""
    states = [step["state"] for step in document["steps"]]
    assert len(states) == WRITES
    assert states.count("done") == (at if at < WRITES else WRITES - 1)
    failed = [step["message"] for step in document["steps"] if step["state"] == "failed"]
    assert [message.startswith("the ledger ledger cannot be ") for message in failed] == [True]
    assert "the account could not be read again: the ledger ledger cannot be " in err


def test_a_lost_ledger_keeps_a_pool_from_ordering(tmp_path: Path) -> None:
    """No order leaves that could not be written down before."""
    ledger = tmp_path / "ledger"
    emulator = Losing(ledger, WRITES - 1, before=False)
    with account(tmp_path, emulator) as place:
        place.write(location(POOL))
        ran = place.ended(place.start("apply", "--yes", "--parallelism", "1", "--ledger", "ledger"))
        assert (ran.code, place.orders()) == (4, [])
