"""A point to what became of the account: an emulator on a socket, and processes that run against it.

Each run is a fork of a warm process that has no threads, so that it begins at once and can be killed.
"""

from __future__ import annotations

import multiprocessing
import re
import shutil
import signal
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

from crash import child
from crash.acts import ACTS
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
LEDGER = "ledger"
ACCOUNT = "account.yaml"  # what the emulator begins with
SAID = ("out", "err")
ENVIRON = {
    "BW_ACCOUNT_ID": "9900000",
    "BW_CLIENT_ID": "client",
    "BW_CLIENT_SECRET": "secret",
    # no certificates: reading all that a machine trusts takes a while
    "SSL_CERT_DIR": str(ACTS[1].manifest.parent),
}
LISTS = "applications|sites|sippeers"  # lag as well; a bare `lag` leaves them out
LONGEST = 60.0  # seconds that a run may take
MOST_RUNS = 3  # after the last blow
KILLED = -signal.SIGKILL
FORESEEN = {KILLED, 0, 4, 5}
UNLOCK = re.compile(r"reconciler unlock (\w+)")
REFUSED = 3
WAITS = "is open for it"  # a number whose disconnect order, of the run before, has not ended


@dataclass(frozen=True)
class Lived:
    """What became of a point.

    codes: how its runs ended. met: whether every blow fell. quiet: whether in the end a run had nothing
    left to do. unlocked: how often somebody had to, as a run said; waited: how often for an order. said:
    what its runs said.
    """

    point: Point
    codes: tuple[int, ...]
    met: bool
    quiet: bool
    unlocked: int
    waited: int
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
    """An emulated account at `url`, and a folder to run in.

    `beginnings` has a folder for each act that was begun, here or elsewhere: its account and its ledger.
    """

    emulator: Emulator
    url: str
    folder: Path
    beginnings: Path
    said: list[str] = field(default_factory=list)

    def begin(self, lag: int = 0, act: int = 1) -> None:
        """Account and ledger are as the acts before leave them where nobody disturbs them."""
        before = self._before(act)
        shutil.copy(before / ACCOUNT, self.folder)
        self.emulator.reset()
        self.said.clear()
        self.forget()
        if (before / LEDGER).exists():
            shutil.copytree(before / LEDGER, self.folder / LEDGER)
        for lists in ("", f" GET {LISTS}") if lag else ():
            self.emulator.fail(f"lag={lag}{lists}")

    def _before(self, act: int) -> Path:
        before = self.beginnings / str(act)
        if not before.exists():
            self.undisturbed(act - 1)
        return before

    def _keep_for(self, act: int) -> None:
        """What there is now is what an act begins with."""
        before = self.beginnings / str(act)
        if not before.exists():
            before.mkdir()
            (before / ACCOUNT).write_text(self.emulator.written(), encoding="utf-8")
            shutil.copytree(self.folder / LEDGER, before / LEDGER)

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

    def undisturbed(self, act: int = 1) -> int:
        """An act from its beginning to its end; how often that writes to the ledger."""
        self.begin(act=act)
        held = self.emulator.dump()
        assert self.run(*ACTS[act].apply(held), blow=Blow(COUNTING, 0)) == 0, self.said
        assert set(holdings(self.emulator.dump()).gone) == set(ACTS[act].named(held)), self.said
        tally = self.folder / "run" / child.TALLY
        counted = len(tally.read_bytes())
        tally.unlink()
        self._keep_for(act + 1)
        return counted

    def struck(self, blow: Blow, words: Sequence[str]) -> tuple[int, bool]:
        """A run under a blow: how it ended, and whether the blow fell."""
        if blow.what not in ANSWERS:
            code = self._patiently(words, blow)
            return code, code == KILLED
        self.emulator.fail(f"{blow.what} WRITE nth={blow.at}")
        code = self.run(*words)
        return code, self.emulator.faults.told()[-1]["happened"] == 1

    def _patiently(self, words: Sequence[str], blow: Blow | None = None) -> int:
        """A run, and another where it said to wait for an order of the one before; the last exit code."""
        code = self.run(*words, blow=blow)
        if code == REFUSED and WAITS in self.said[-1]:
            code = self.run(*words, blow=blow)
        return code

    def live(self, point: Point, wanted: Holdings) -> Lived:
        """Live through a point: the blows, then runs until all is quiet."""
        self.begin(point.lag, point.act)
        act = ACTS[point.act]
        words = act.apply(self.emulator.dump())
        struck = [self.struck(blow, words) for blow in point.blows]
        if not point.kept:
            self.forget()
        codes, quiet, unlocked = [code for code, _ in struck], False, 0
        while not quiet and len(codes) < len(point.blows) + MOST_RUNS:
            codes.append(self._patiently(words))
            unlocked += self._unlocked()
            quiet = codes[-1] == 0 and self.run(*act.plan) == 0
        met = all(fell for _, fell in struck)
        waited = sum(WAITS in said for said in self.said)
        held = holdings(self.emulator.dump())
        verdict = score(held, wanted, self._unknown(held) if point.kept else ())
        return Lived(point, tuple(codes), met, quiet, unlocked, waited, verdict, "\n".join(self.said))

    def _unlocked(self) -> bool:
        """Do what the last run said where a lock was torn: nobody can tell whose it is before it expires."""
        told = UNLOCK.search(self.said[-1])
        return told is not None and self.run("unlock", told[1], "-f", str(ACTS[1].manifest)) == 0

    def _unknown(self, held: Holdings) -> Iterator[str]:
        """Orders of which the ledger has neither an id nor an intent."""
        intents = Intents(open_store(str(self.folder / LEDGER), {}).below(ENVIRON["BW_ACCOUNT_ID"]))
        for name in held.orders:
            chain, _, generation = name.rpartition("-")
            record = intents.read(chain)
            if not (record.orders.get(int(generation)) or record.of(int(generation))):
                yield f"order {name} is not in the ledger"


@contextmanager
def world(folder: Path, beginnings: Path | None = None, **options: Any) -> Iterator[World]:
    """Open a world; options are the emulator's.

    A process has one forkserver: where something else started it before, each run begins cold.
    """
    FORKS.set_forkserver_preload(WARM)
    beginnings = beginnings or folder / "beginnings"
    first = beginnings / "1" / ACCOUNT
    if not first.exists():
        first.parent.mkdir(parents=True)
        first.write_text(Emulator(account_id=ENVIRON["BW_ACCOUNT_ID"]).written(), encoding="utf-8")
    account = Path(shutil.copy(first, folder))
    emulator = Emulator(account_id=ENVIRON["BW_ACCOUNT_ID"], order_looks=1, load=account, **options)
    with serve(emulator) as server:
        yield World(emulator, server.url, folder, beginnings)


def writes(log: Iterable[Exchange]) -> list[str]:
    """The calls that could change the account, as "POST /api/accounts/…"."""
    return [
        f"{each.method} {each.path}"
        for each in log
        if each.method != "GET" and not each.path.endswith(child.TOKEN)
    ]
