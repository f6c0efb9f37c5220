"""The program as a process: what it imports, terminals and pipes, signals, and the emulator's command."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from cli import ADDRESS, Account, Place, account, location
from terminal import Terminal

from reconciler.emulator import Emulator

HEAVY = ("reconciler.emulator", "werkzeug", "deepdiff", "httpx", "lxml")
IMPORTED = f"import sys; print([name for name in {HEAVY} if name in sys.modules])"
HELP = "from reconciler.cli import main\nwith contextlib.suppress(SystemExit): main(['--help'])"
ORDERING = location('- {area_code: "919", count: 1}')


@pytest.mark.parametrize(
    ("code", "imported"),
    [
        ("import reconciler.cli", []),
        (f"import contextlib\n{HELP}", []),
        ("import reconciler.commands.plan", ["httpx", "lxml"]),
        ("import reconciler.commands.show", ["httpx", "lxml"]),
    ],
    ids=["cli", "help", "plan", "show"],
)
def test_importing_stays_cheap(code: str, imported: list[str]) -> None:
    """The command line imports nothing heavy; `plan` imports what speaks HTTP, no emulator, no deepdiff."""
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}\n{IMPORTED}"], check=True, capture_output=True, text=True
    )
    assert ran.stdout.splitlines()[-1] == str(imported)


def test_no_terminal_and_no_yes_is_exit_1(tmp_path: Path) -> None:
    """Without a terminal to ask on, `apply` shows the plan, exits 1 and writes nothing."""
    with account(tmp_path) as place:
        place.write(location())
        ran = place.ended(place.start("apply"))
        assert (ran.code, place.writes()) == (1, [])
    assert ran.out.startswith("Plan: 6 to create\n")
    assert ran.err == "error: apply needs a yes, and there is no terminal to ask on\n  hint: pass --yes\n"


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [("y", 0, "Converged: a second plan shows no changes."), ("n", 1, "Stopped: nothing was changed."),
     ("", 1, "Stopped: nothing was changed.")],
)  # fmt: skip
def test_a_terminal_is_asked(answer: str, code: int, says: str, tmp_path: Path) -> None:
    """On a terminal `apply` asks, in colour; yes converges, no and nothing are exit 1 without a write."""
    with account(tmp_path) as place:
        place.write(ORDERING)
        terminal = Terminal(place, "apply", TERM="xterm-256color")
        terminal.until("Apply these changes? [y/N]: ")
        assert "\x1b[32m" in terminal.screen
        assert place.writes() == []
        terminal.type(answer)
        assert terminal.ended() == code
        assert bool(place.writes()) == (answer == "y")
    assert says in terminal.screen


@pytest.mark.parametrize(
    ("words", "environ"), [(("--no-color",), {}), ((), {"NO_COLOR": "1"})], ids=["--no-color", "NO_COLOR"]
)
def test_colour_can_be_left_out(words: tuple[str, ...], environ: dict[str, str], tmp_path: Path) -> None:
    """Without colour a terminal gets the same words as a file."""
    with account(tmp_path) as place:
        place.write(location())
        terminal = Terminal(place, "plan", *words, **environ)
        assert terminal.ended() == 0
        assert terminal.screen.replace("\r\n", "\n") == place.run("plan").out
    assert "\x1b" not in terminal.screen


def waiting(place: Account) -> None:
    """Let time pass until an order is open."""
    end = time.monotonic() + 20
    while not place.orders():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_apply_says_what_was_done(number: int, tmp_path: Path) -> None:
    """Interrupted while an order is open, a run ends with exit 4 and a whole outcome, and orders no more."""
    with account(tmp_path) as place:
        place.write(ORDERING + '          - {toll_free: "8**", count: 1}\n')
        place.emulator.hold_orders()
        process = place.start("apply", "--yes", "--format", "json", "--parallelism", "1")
        waiting(place)
        process.send_signal(number)
        ran = place.ended(process)
        assert len(place.orders()) == 1
    document = ran.document
    assert (ran.code, document["interrupted"], document["converged"]) == (4, True, False)
    states = [step["state"] for step in document["steps"]]
    assert states[:-2] == ["done"] * 6
    assert sorted(states[-2:]) == ["failed", "skipped"]
    assert (document["residue"], document["trouble"]) == (None, "the run was interrupted")


def test_an_interrupted_apply_in_text(tmp_path: Path) -> None:
    """The text of an interrupted run names the open order, and no traceback is shown."""
    with account(tmp_path) as place:
        place.write(ORDERING)
        place.emulator.hold_orders()
        process = place.start("apply", "--yes")
        waiting(place)
        process.send_signal(signal.SIGINT)
        ran = place.ended(process)
        (order,) = place.orders()
    assert ran.code == 4
    assert "Interrupted: what had not begun was not begun." in ran.out
    assert f"order {order['id']} is still open" in ran.out


class Stalling(Emulator):
    """An emulator that does not answer a method until the test says so."""

    def __init__(self, method: str) -> None:
        super().__init__(order_seconds=0)
        self.method = method
        self.reached, self.released = threading.Event(), threading.Event()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        if environ["REQUEST_METHOD"] == self.method and "oauth2" not in environ["PATH_INFO"]:
            self.reached.set()
            self.released.wait(20)
        return super().__call__(environ, start_response)


def test_an_interrupt_while_planning_writes_nothing(tmp_path: Path) -> None:
    """Interrupted while it reads, `apply` is exit 1 with one document, and has written nothing."""
    emulator = Stalling("GET")
    with account(tmp_path, emulator) as place:
        place.write(location())
        process = place.start("apply", "--yes", "--format", "json")
        assert emulator.reached.wait(20)
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        emulator.released.set()
        ran = place.ended(process)
        assert (ran.code, ran.problems, place.writes()) == (1, ["Stopped: nothing was changed."], [])


def test_an_interrupt_while_checking_what_is_left(tmp_path: Path) -> None:
    """Interrupted after the writes, the outcome is told: exit 4, not verified."""
    emulator = Stalling("never")
    with account(tmp_path, emulator) as place:
        place.write(f"version: 1\nsub_accounts: {{main: {{address: {ADDRESS}}}}}\n")
        process = place.start("apply", "--yes", "--format", "json")
        end = time.monotonic() + 20
        while not place.writes():
            assert time.monotonic() < end
            time.sleep(0.001)
        emulator.method = "GET"
        assert emulator.reached.wait(20)
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        emulator.released.set()
        ran = place.ended(process)
    assert (ran.code, ran.document["residue"], ran.document["summary"]["done"]) == (4, None, 1)
    assert "the account could not be read again: the run was interrupted" in ran.err


def test_a_second_signal_ends_at_once(tmp_path: Path) -> None:
    """The first signal waits for the call in flight; the second ends the process with 130."""
    emulator = Stalling("POST")
    with account(tmp_path, emulator) as place:
        place.write(location())
        process = place.start("apply", "--yes")
        assert emulator.reached.wait(20)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        while not process.stderr.readline().startswith("Interrupted: what is under way is finished"):
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 130
        ran = place.ended(process)
        emulator.released.set()
    assert ran.err.endswith("Interrupted twice: ended at once.\n")


def test_no_to_a_json_run_is_one_document(tmp_path: Path) -> None:
    """A no at the prompt is exit 1, and stdout has one document all the same."""
    master, slave = pty.openpty()
    with account(tmp_path) as place:
        place.write(location())
        os.write(master, b"n\n")
        ran = place.ended(place.start("apply", "--format", "json", stdin=slave))
        assert (ran.code, ran.problems, place.writes()) == (1, ["Stopped: nothing was changed."], [])
    os.close(master)
    os.close(slave)
    assert "Apply these changes?" in ran.err


def test_a_reader_that_leaves_is_no_traceback(tmp_path: Path) -> None:
    """`plan | head -1` ends without a traceback, though there is more to say than a pipe holds."""
    with account(tmp_path) as place:
        url = "https://example.com/" + "long/" * 60
        many = "".join(
            f"  a{n}: {{service_type: Voice-V2, call_initiated_callback_url: {url}}}\n" for n in range(500)
        )
        place.write(f"version: 1\napplications:\n{many}")
        process = place.start("plan")
        assert process.stdout is not None
        assert process.stdout.readline() == "Plan: 500 to create\n"
        process.stdout.close()
        assert process.stderr is not None
        said = process.stderr.read()
        with process:
            assert process.wait(20) == 1
    assert said == ""


def test_an_apply_that_nobody_listens_to_goes_on(tmp_path: Path) -> None:
    """`apply --yes 2>&1 | head -1` makes every change and converges: exit 0."""
    with account(tmp_path) as place:
        place.write(ORDERING)
        process = place.start("apply", "--yes", stderr=subprocess.STDOUT)
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Plan: 6 to create")
        process.stdout.close()
        with process:
            assert process.wait(20) == 0
        assert place.run("plan", "--detailed-exitcode").code == 0
        assert len(place.orders()) == 1


def test_the_emulator_command_serves(tmp_path: Path) -> None:
    """`emulator` prints where it serves and what to export, serves until interrupted, and ends with 0."""
    none = Place(tmp_path, "")
    words = (
        "emulator",
        "--port",
        "0",
        "--account",
        "1234567",
        "--inventory",
        "919=1",
        "--order-seconds",
        "0",
    )
    process = none.start(*words)
    assert process.stdout is not None
    first, second = process.stdout.readline(), process.stdout.readline()
    shown = re.fullmatch(r"The emulator serves account 1234567 at (http://127\.0\.0\.1:\d+)\n", first)
    assert shown is not None
    exported = dict(word.split("=", 1) for word in second.split()[1:])
    nothing: dict[str, str | None] = {"BW_CLIENT_ID": None, "BW_CLIENT_SECRET": None}
    place = Place(tmp_path, shown[1], {**nothing, **exported})
    place.write(location('- {area_code: "919", count: 2}'))
    ran = place.run("apply", "--yes")
    assert (ran.code, exported["BW_API_URL"]) == (4, shown[1])
    assert "with 1 of 2 numbers" in ran.out
    process.send_signal(signal.SIGINT)
    assert none.ended(process).code == 0


def test_demo_converges_wherever_it_is_run(tmp_path: Path) -> None:
    """`demo` needs no file, no account and no credentials, leaves nothing behind, and exits 0."""
    none = Place(
        tmp_path, "", dict.fromkeys(("BW_API_URL", "BW_ACCOUNT_ID", "BW_CLIENT_ID", "BW_CLIENT_SECRET"))
    )
    ran = none.ended(none.start("demo"))
    assert ran.code == 0
    assert ran.out.index("Converged: a second plan shows no changes.") < ran.out.index("$ reconciler plan")
    assert "No changes. The account matches the manifest." in ran.out
    assert list(tmp_path.iterdir()) == []
