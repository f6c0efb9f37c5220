"""Runs that are told to stop, whatever they are doing: what is under way ends, nothing new begins."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from briefly import briefly
from cli import ACCOUNT, Account, Ran, account, location
from terminal import Terminal

from reconciler.emulator import Emulator

INT, TERM = signal.SIGINT, signal.SIGTERM
POOL = '- {area_code: "919", count: 1}'
AT_ONCE = 10.0  # seconds, on a busy machine; all that a run would wait for here takes a minute or more
AGAIN = ("apply", "--yes", "--settle", "0", "--order-patience", "0")


class Watched(Emulator):
    """An emulator that knows which requests have begun, and which were answered."""

    def __init__(self) -> None:
        super().__init__(order_seconds=0)
        self.moved = threading.Condition()
        self.begun: list[str] = []
        self.answered: list[str] = []

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        call = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO'].removeprefix(f'/api/accounts/{ACCOUNT}/')}"
        self._note(self.begun, call)
        try:
            return super().__call__(environ, start_response)
        finally:
            self._note(self.answered, call)

    def _note(self, calls: list[str], call: str) -> None:
        with self.moved:
            calls.append(call)
            self.moved.notify_all()

    def until(self, calls: list[str], beginning: str, times: int) -> None:
        """Wait until so many calls begin so ("GET sites")."""
        with self.moved:
            assert self.moved.wait_for(
                lambda: sum(call.startswith(beginning) for call in calls) >= times, timeout=15
            ), calls


def writes(calls: Iterable[str]) -> list[str]:
    """Those calls that could change the account."""
    return [call for call in calls if not call.startswith("GET ") and "oauth2" not in call]


@dataclass(frozen=True)
class Moment:
    """When a run is told to stop, by which signal, and how it ends.

    `fault` goes wrong until then; it is the moment when `times` calls that begin with `call` have begun, or,
    where `answered`, were answered. `before` is a manifest that was applied earlier.
    """

    call: str
    fault: str = ""
    code: int = 4
    by: signal.Signals = INT
    times: int = 1
    answered: bool = True
    held: bool = False
    before: str = ""


MOMENTS = {
    "reading": Moment("GET sites", "latency=1 GET", 1, TERM, answered=False),
    "reading, waiting for a rate limit": Moment("GET sites", "limit=200 GET sites", 1),
    "reading, waiting to try again": Moment("GET applications", "refuse GET", 1, TERM),
    "a create in flight": Moment("POST sites", "latency=1 POST sites", answered=False),
    "an update in flight": Moment(
        "PUT sites", "latency=1 PUT", by=TERM, answered=False, before=location().replace("900", "901")
    ),
    "an order in flight": Moment("POST orders", "latency=1 POST orders", by=TERM, answered=False),
    "an order not sent yet": Moment("GET orders", "latency=1 GET orders nth=1", answered=False),
    "an order waited for": Moment("GET orders/", held=True),
    "a lost create looked for": Moment("GET sites", "drop-before POST sites", 5, times=3),
    "a lost order looked for": Moment("POST orders", "drop-before POST orders", 5, TERM),
    "waiting for a rate limit": Moment("POST sites", "limit=200 POST sites"),
    "waiting to try again": Moment(
        "PUT sites", "refuse PUT", by=TERM, before=location().replace("900", "901")
    ),
}


@contextmanager
def stopped(moment: Moment, place: Account, emulator: Watched) -> Iterator[tuple[Ran, list[str]]]:
    """A run that was told to stop, and the writes that began after that.

    One call at a time: another that is just leaving could not be told from one that begins later.
    """
    process = place.start("apply", "--yes", "--format", "json", "--parallelism", "1")
    emulator.until(emulator.answered if moment.answered else emulator.begun, moment.call, moment.times)
    process.send_signal(moment.by)
    so_far = len(emulator.begun)
    ran = place.ended(process, AT_ONCE)
    yield ran, writes(emulator.begun[so_far:])


@pytest.mark.parametrize("what", briefly(MOMENTS, 2))
def test_a_run_that_is_told_to_stop(what: str, tmp_path: Path) -> None:
    """It ends soon with the contract's exit code; nothing new begins, nothing is lost, the lock is free."""
    moment, emulator = MOMENTS[what], Watched()
    with account(tmp_path, emulator) as place:
        if moment.before:
            place.write(moment.before)
            assert place.run(*AGAIN).code == 0
            emulator.begun.clear()
            emulator.answered.clear()
        place.write(location("" if moment.before else POOL))
        if moment.fault:
            emulator.fail(moment.fault)
        if moment.held:
            emulator.hold_orders()
        with stopped(moment, place, emulator) as (ran, later):
            assert (ran.code, later) == (moment.code, [])
        assert is_free(place)
        assert_told(ran, place)
        emulator.faults.clear()
        emulator.release_orders()
        emulator.pass_time(3600)  # what became of a lost order can be decided now
        again = place.run(*AGAIN)
        assert (again.code, place.run(*AGAIN, "--format", "json").document["steps"]) == (0, []), again.said
        assert len(place.orders()) == (not moment.before)
        assert len(place.state()["sites"]) == 1


def is_free(place: Account) -> bool:
    """Whether the last lock that was taken was given up."""
    locks = (place.folder / ".reconciler" / ACCOUNT / "locks").iterdir()
    return max(locks).suffix == ".released"


def assert_told(ran: Ran, place: Account) -> None:
    """A run that wrote nothing says so; any other has its outcome on stdout and in the ledger, the same."""
    runs = place.run("history", "-n", "1", "--format", "json").document["runs"]
    if ran.code == 1:
        assert ran.problems == ["Stopped: nothing was changed."]
        return
    document = ran.document
    assert (document["interrupted"], document["converged"], document["trouble"]) == (
        True, False, "the run was interrupted",
    )  # fmt: skip
    assert all(step["state"] in {"done", "failed", "skipped", "undetermined"} for step in document["steps"])
    assert (runs[0]["interrupted"], runs[0]["exit"]) == (True, ran.code)


def test_a_stop_while_the_account_is_read_again(tmp_path: Path) -> None:
    """Told to stop after the last write, a run has done all, and says that it did not see for itself."""
    emulator = Watched()
    with account(tmp_path, emulator) as place:
        place.write(location(features="{sms: false, mms: false}").replace("messaging_application: texts", ""))
        emulator.fail("latency=1 POST sippeers")
        process = place.start("apply", "--yes", "--format", "json")
        emulator.until(emulator.begun, "POST sites/", 1)
        emulator.fail("limit=200 GET")
        emulator.until(emulator.answered, "GET applications", emulator.answered.count("GET applications") + 1)
        process.send_signal(TERM)
        ran = place.ended(process, AT_ONCE)
        assert is_free(place)
    assert_told(ran, place)
    assert {step["state"] for step in ran.document["steps"]} == {"done"}


@pytest.mark.parametrize("by", [INT, TERM])
def test_a_stop_at_the_prompt(by: int, tmp_path: Path) -> None:
    """Told to stop instead of being answered, a run changes nothing: exit 1, and the lock is free."""
    with account(tmp_path) as place:
        place.write(location())
        terminal = Terminal(place, "apply")
        terminal.until("Apply these changes? [y/N]: ")
        terminal.process.send_signal(by)
        assert terminal.ended() == 1
        assert "Stopped: nothing was changed." in terminal.screen
        assert is_free(place)
        assert place.writes() == []


@pytest.mark.parametrize("by", [INT, TERM])
def test_a_stop_while_another_run_is_waited_for(by: int, tmp_path: Path) -> None:
    """Told to stop while it waits for the lock, a run is exit 1; the run that has the lock goes on."""
    emulator = Watched()
    with account(tmp_path, emulator) as place:
        place.write(location(POOL))
        emulator.hold_orders()
        first = place.start("apply", "--yes")
        emulator.until(emulator.answered, "GET orders/", 1)
        second = place.start("apply", "--yes", "--lock-timeout", "300")
        assert second.stderr is not None
        assert second.stderr.readline().startswith("Waiting for run ")
        second.send_signal(by)
        ran = place.ended(second, AT_ONCE)
        assert ran.code == 1
        assert ran.err.endswith("Stopped: nothing was changed.\n")
        emulator.release_orders()
        assert place.ended(first).code == 0
        assert len(place.orders()) == 1


def test_a_plan_that_is_told_to_stop(tmp_path: Path) -> None:
    """Told to stop while it waits for a rate limit, `plan` is exit 1 at once."""
    emulator = Watched()
    emulator.fail("limit=200 GET")
    with account(tmp_path, emulator) as place:
        place.write(location())
        process = place.start("plan")
        emulator.until(emulator.answered, "GET applications", 1)
        process.send_signal(TERM)
        assert place.ended(process, AT_ONCE).code == 1


@pytest.mark.parametrize("by", [INT, TERM])
def test_a_second_signal_leaves_a_lock_that_the_next_run_breaks(by: int, tmp_path: Path) -> None:
    """Told twice, a run is gone with 130; the next one finds it dead, and what it sent, and converges."""
    emulator = Watched()
    with account(tmp_path, emulator) as place:
        place.write(location(POOL))
        emulator.fail("latency=2 POST orders")
        process = place.start("apply", "--yes")
        emulator.until(emulator.begun, "POST orders", 1)
        process.send_signal(by)
        assert process.stderr is not None
        while not process.stderr.readline().startswith("Interrupted: what is under way is finished"):
            assert process.poll() is None
        process.send_signal(by)
        assert process.wait(AT_ONCE) == 130
        place.ended(process)
        assert not is_free(place)
        emulator.until(emulator.answered, "POST orders", 1)
        emulator.faults.clear()
        emulator.pass_time(3600)
        assert place.run(*AGAIN).code == 0
        assert len(place.orders()) == 1
