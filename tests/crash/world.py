"""A point to what became of the account: an emulator on a socket, and processes that run against it.

Each run is a fork of a warm process that has no threads, so that it begins at once and can be killed.
"""

from __future__ import annotations

import multiprocessing
import re
import shutil
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

from crash import child
from crash.points import ANSWERS, COUNTING, Blow, Point
from crash.score import Holdings, Verdict, holdings, score
from reconciler.emulator import Emulator, Exchange, serve
from reconciler.ledger.intents import Intents
from reconciler.ledger.store import open_store

FORKS: ForkServerContext = multiprocessing.get_context("forkserver")
WARM = [
    "__main__",
    "crash.child",
    "reconciler.commands.apply",
    "reconciler.commands.plan",
    "httpcore",
    "deepdiff",
]
MANIFEST = Path(__file__).with_name("manifest.yaml")
LEDGER = "ledger"
SAID = ("out", "err")
ENVIRON = {
    "BW_ACCOUNT_ID": "9900000",
    "BW_CLIENT_ID": "client",
    "BW_CLIENT_SECRET": "secret",
    "SSL_CERT_DIR": str(MANIFEST.parent),  # no certificates: reading all that a machine trusts takes a while
}
# one call at a time, so that the nth write is the same one in every run
COMMON = ("-f", str(MANIFEST), "--settle", "0", "--timeout", "10", "--parallelism", "1", "--no-color")
APPLY = ("apply", "--yes", "--order-patience", "0", *COMMON)
PLAN = ("plan", "--detailed-exitcode", *COMMON)
LISTS = "applications|sites|sippeers"  # lag as well; a bare `lag` leaves them out
LONGEST = 60.0  # seconds that a run may take
MOST_RUNS = 3  # after the last blow
KILLED = -signal.SIGKILL
FORESEEN = {KILLED, 0, 4, 5}
UNLOCK = re.compile(r"reconciler unlock (\w+)")


@dataclass(frozen=True)
class Lived:
    """What became of a point.

    codes: how its runs ended. met: whether every blow fell. quiet: whether in the end a run had nothing
    left to do. unlocked: how often somebody had to, as a run said. said: what its runs said.
    """

    point: Point
    codes: tuple[int, ...]
    met: bool
    quiet: bool
    unlocked: int
    verdict: Verdict
    said: str

    @property
    def runs(self) -> int:
        """How many runs there were after the last blow."""
        return len(self.codes) - len(self.point.blows)

    @property
    def unforeseen(self) -> int:
        """How many runs ended as no run should that was disturbed, or came after one that was."""
        return sum(code not in FORESEEN for code in self.codes) - self.unlocked

    @property
    def bad(self) -> bool:
        """Whether something is wrong with the account, with a run, or with the exploration."""
        return self.unforeseen > 0 or not (self.met and self.quiet and self.verdict.right)


@dataclass(frozen=True)
class Run:
    """A process on its way; what it says goes to the files `SAID` of its folder."""

    process: ForkServerProcess
    folder: Path

    def ended(self) -> int:
        """Wait for its end: the exit code, negative for a signal. One that takes too long is killed."""
        self.process.join(LONGEST)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        assert self.process.exitcode is not None
        return self.process.exitcode

    @property
    def said(self) -> str:
        """All that it said."""
        return "".join((self.folder / name).read_text(encoding="utf-8") for name in SAID)


@dataclass(frozen=True)
class World:
    """An emulated account at `url`, and a folder to run in."""

    emulator: Emulator
    url: str
    folder: Path
    said: list[str] = field(default_factory=list)

    def begin(self, lag: int = 0) -> None:
        """Empty the account and forget the ledger."""
        self.emulator.reset()
        self.said.clear()
        self.forget()
        for lists in ("", f" GET {LISTS}") if lag else ():
            self.emulator.fail(f"lag={lag}{lists}")

    def forget(self) -> None:
        """Delete the ledger."""
        shutil.rmtree(self.folder / LEDGER, ignore_errors=True)

    def start(
        self,
        *words: str,
        blow: Blow | None = None,
        gate: Connection | None = None,
        name: str = "run",
        ledger: str = LEDGER,
    ) -> Run:
        """Start a run of the command line; runs at the same time have names of their own."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        for said in SAID:
            (folder / said).write_bytes(b"")
        words = (*words, "--ledger", str(self.folder / ledger))
        arguments = (words, {**ENVIRON, "BW_API_URL": self.url}, folder, blow, gate)
        process = FORKS.Process(target=child.run, args=arguments)
        process.start()
        return Run(process, folder)

    def run(self, *words: str, blow: Blow | None = None) -> int:
        """Run the command line to its end; its exit code, negative for a signal."""
        run = self.start(*words, blow=blow)
        code = run.ended()
        self.said.append(f"$ {words[0]} {blow or ''}: exit {code}\n{run.said}")
        return code

    def undisturbed(self) -> int:
        """Apply to an empty account; how often that writes to the ledger."""
        self.begin()
        assert self.run(*APPLY, blow=Blow(COUNTING, 0)) == 0, self.said
        return len((self.folder / "run" / child.TALLY).read_bytes())

    def struck(self, blow: Blow) -> tuple[int, bool]:
        """An apply under a blow: how it ended, and whether the blow fell."""
        if blow.what not in ANSWERS:
            code = self.run(*APPLY, blow=blow)
            return code, code == KILLED
        self.emulator.fail(f"{blow.what} WRITE nth={blow.at}")
        code = self.run(*APPLY)
        return code, self.emulator.faults.told()[-1]["happened"] == 1

    def live(self, point: Point, wanted: Holdings) -> Lived:
        """Live through a point: the blows, then runs until all is quiet."""
        self.begin(point.lag)
        struck = [self.struck(blow) for blow in point.blows]
        if not point.kept:
            self.forget()
        codes, quiet, unlocked = [code for code, _ in struck], False, 0
        while not quiet and len(codes) < len(point.blows) + MOST_RUNS:
            codes.append(self.run(*APPLY))
            unlocked += self._unlocked()
            quiet = codes[-1] == 0 and self.run(*PLAN) == 0
        met = all(fell for _, fell in struck)
        held = holdings(self.emulator.dump())
        verdict = score(held, wanted, self._unknown(held) if point.kept else ())
        return Lived(point, tuple(codes), met, quiet, unlocked, verdict, "\n".join(self.said))

    def _unlocked(self) -> bool:
        """Do what the last run said where a lock was torn: nobody can tell whose it is before it expires."""
        told = UNLOCK.search(self.said[-1])
        return told is not None and self.run("unlock", told[1], "-f", str(MANIFEST)) == 0

    def _unknown(self, held: Holdings) -> Iterator[str]:
        """Orders of which the ledger has neither an id nor an intent."""
        intents = Intents(open_store(str(self.folder / LEDGER), {}).below(ENVIRON["BW_ACCOUNT_ID"]))
        for name in held.orders:
            chain, _, generation = name.rpartition("-")
            record = intents.read(chain)
            if not (record.orders.get(int(generation)) or record.of(int(generation))):
                yield f"order {name} is not in the ledger"


@contextmanager
def world(folder: Path, **options: Any) -> Iterator[World]:
    """Open a world; options are the emulator's.

    A process has one forkserver: where something else started it before, each run begins cold.
    """
    FORKS.set_forkserver_preload(WARM)
    emulator = Emulator(account_id=ENVIRON["BW_ACCOUNT_ID"], order_looks=1, **options)
    with serve(emulator) as server:
        yield World(emulator, server.url, folder)


def writes(log: Iterable[Exchange]) -> list[str]:
    """The calls that could change the account, as "POST /api/accounts/…"."""
    return [
        f"{each.method} {each.path}"
        for each in log
        if each.method != "GET" and not each.path.endswith(child.TOKEN)
    ]
