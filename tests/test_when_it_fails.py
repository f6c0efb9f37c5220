"""The README's table of failures: each row is made to happen, seen as it says, and put right as it says."""

from __future__ import annotations

import re
import resource
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import pytest
from cli import Account, Ran, account, location
from documents import ROOT, rows, section, spans

from reconciler.cli import COMMANDS
from reconciler.emulator import Emulator

TABLE = rows(section(ROOT / "README.md", "What happens when it fails"))
POOL = '- {{area_code: "919", count: {}}}'
CREDS = "    inbound_callback_creds: {user_id: sms-hook, password: {env: HOOK}}\n"
HOUSE_WORDS = {"apply": ("--yes", "--order-patience", "0")}
FILLED_IN = {"SECONDS": "60", "URL": "elsewhere", "ADDRESS": "application.texts"}
SAID = {"NUMBER": r"\+1\d{10}", "ID": r"rc1-\w+-\d+", "RUN": r"\d{8}T\d{6}Z-\w{6}"}


@dataclass(frozen=True)
class Scene:
    """An account, and where emulator and test meet: once as a late answer begins, once as it may end."""

    place: Account
    meeting: Barrier

    def apply(self, *words: str) -> Ran:
        """Apply in this process."""
        return self.place.run("apply", *HOUSE_WORDS["apply"], *words)

    @contextmanager
    def at(self, call: str, *words: str) -> Iterator[subprocess.Popen[str]]:
        """Start an apply, and do the block while the first such call of it is on its way."""
        self.place.emulator.fail(f"latency=1 {call} nth=1")
        process = self.place.start("apply", "--yes", "--parallelism", "1", *words)
        self.meeting.wait()
        yield process
        self.meeting.wait()


Case = Callable[[Scene], AbstractContextManager[Ran]]


def faulty(*faults: str, words: tuple[str, ...] = ()) -> Case:
    """An apply that meets these faults."""

    @contextmanager
    def case(scene: Scene) -> Iterator[Ran]:
        for fault in faults:
            scene.place.emulator.fail(fault)
        yield scene.apply(*words)

    return case


@contextmanager
def killed(scene: Scene) -> Iterator[Ran]:
    """A process that is gone while its order is on the way."""
    with scene.at("POST orders") as process:
        process.kill()
    assert scene.place.ended(process).code == -signal.SIGKILL
    yield scene.place.run("history")


@contextmanager
def interrupted(scene: Scene) -> Iterator[Ran]:
    """A signal while one of the first writes is on its way."""
    with scene.at("POST sites") as process:
        process.send_signal(signal.SIGINT)
    yield scene.place.ended(process)


@contextmanager
def locked(scene: Scene) -> Iterator[Ran]:
    """A run that stands still, and another one."""
    with scene.at("POST orders") as process:
        process.send_signal(signal.SIGSTOP)
    yield scene.apply()
    process.kill()
    scene.place.ended(process)


@contextmanager
def unwritable(scene: Scene) -> Iterator[Ran]:
    """A ledger below a file."""
    ran = scene.apply("--ledger", "bandwidth.yaml/ledger")
    assert not scene.place.writes()
    yield ran


@contextmanager
def full(scene: Scene) -> Iterator[Ran]:
    """A disk that takes no more while the first write is on its way."""
    with scene.at("POST applications") as process:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, 0))
    yield scene.place.ended(process)


@contextmanager
def forgotten(scene: Scene) -> Iterator[Ran]:
    """A ledger that is deleted after a run that sent a password."""
    scene.place.environ["HOOK"] = "a-password"
    scene.place.write(location(POOL.format(2)).replace("sub_accounts:", f"{CREDS}sub_accounts:"))
    assert scene.apply().code == 0
    shutil.rmtree(scene.place.folder / ".reconciler")
    yield scene.place.run("plan")


@contextmanager
def short(scene: Scene) -> Iterator[Ran]:
    """An order of which one number comes."""
    scene.place.emulator.partial_next_order(deliver=1)
    yield scene.apply()


@contextmanager
def doubled(scene: Scene) -> Iterator[Ran]:
    """A run that does all while the order of another is on its way, and then more numbers wanted."""
    with scene.at("POST orders", "--ledger", "of-its-own") as process:
        assert scene.apply().code == 0
    scene.place.ended(process)
    assert len(scene.place.orders()) == 2
    scene.place.write(location(POOL.format(5)))
    yield scene.apply()


def giving_up(scene: Scene) -> Ran:
    """A run that gives up two numbers, which are too many."""
    scene.place.write(location(POOL.format(3)))
    assert scene.apply().code == 0
    scene.place.write(f"{location(POOL.format(1))}policy: {{max_numbers_released: 2}}\n")
    (surplus,) = scene.place.run("plan", "--format", "json").document["surplus"]
    return scene.apply(*(word for number in surplus["candidates"] for word in ("--release", number)))


@contextmanager
def mute(scene: Scene) -> Iterator[Ran]:
    """A disconnect order that is never heard of again."""
    scene.place.emulator.fail("drop-before POST disconnects nth=1")
    yield giving_up(scene)


@contextmanager
def kept(scene: Scene) -> Iterator[Ran]:
    """A disconnect order that gives up one number of two."""
    scene.place.emulator.partial_next_order(1, "disconnects")
    yield giving_up(scene)


CASES: dict[str, Case] = {
    "a read fails for a moment": faulty("refuse GET sites times=2"),
    "the API is down": faulty("refuse"),
    "too many requests, for too long": faulty("limit=2 GET sites nth=1", words=("--max-wait", "1")),
    "the answer to a create is lost": faulty("drop-after POST sites nth=1"),
    "a create is lost, and nothing shows": faulty("drop-before POST sites nth=1"),
    "the answer to an order is lost": faulty("drop-after POST orders nth=1"),
    "an order is lost, or no list shows it": faulty("drop-before POST orders nth=1"),
    "lists lag": faulty("lag=3", "lag=3 GET applications|sites|sippeers"),
    "an order ends PARTIAL or FAILED": short,
    "the answer to a disconnect is lost": mute,
    "some numbers were not given up": kept,
    "the run is killed": killed,
    "Ctrl-C, SIGTERM": interrupted,
    "another run has the lock": locked,
    "the ledger cannot be written": unwritable,
    "the disk is full half-way": full,
    "the ledger is lost": forgotten,
    "two runs had no common ledger": doubled,
}


def test_every_row_is_a_case() -> None:
    """Rows and cases are the same, in the same order."""
    assert [row[0] for row in TABLE] == list(CASES)


def command(span: str, said: str) -> list[str]:
    """The words of a command as a row has it: what stands for something filled in, from what was said."""
    found = {word: match[0] for word, form in SAID.items() if (match := re.search(form, said))}
    words = [(FILLED_IN | found).get(word, word) for word in shlex.split(span)]
    return [words[0], *HOUSE_WORDS.get(words[0], ()), *words[1:]]


@pytest.mark.parametrize(("name", "seen", "remedy"), TABLE, ids=[row[0] for row in TABLE])
def test_a_row_holds(name: str, seen: str, remedy: str, tmp_path: Path) -> None:
    """The exit code and the words are those of the row, what it says to type works, and all is well then."""
    meeting = Barrier(2, timeout=30)

    def late(seconds: float) -> None:
        del seconds
        meeting.wait()
        meeting.wait()

    with account(tmp_path, Emulator(order_seconds=0, sleep=late)) as place:
        place.write(location(POOL.format(2)))
        with CASES[name](Scene(place, meeting)) as ran:
            place.emulator.faults.clear()
            code = re.search(r"exit (\d)", seen)
            assert ran.code == (int(code[1]) if code else 0), ran
            typed = [span for span in spans(remedy) if span.split()[0] in COMMANDS]
            for message in spans(seen):
                assert re.search(".*".join(map(re.escape, message.split("…"))), ran.said), ran.said
            for span in typed:
                put_right = place.run(*command(span, ran.said))
                assert put_right.code == 0, put_right
        assert place.run("plan", "--detailed-exitcode").code == 0
        doubles = len(place.orders()) - len({o["document"]["CustomerOrderId"] for o in place.orders()})
        assert doubles == (CASES[name] is doubled)
