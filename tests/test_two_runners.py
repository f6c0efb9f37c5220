"""Two applies at once: with one ledger one of them works; without, what is bought twice is seen and told."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest
from crash.acts import ACTS
from crash.score import holdings, score
from crash.world import FORKS, LONGEST, Run, World, world, writes

APPLY, PLAN = ACTS[1].apply({}), ACTS[1].plan
PATIENT = (*APPLY, "--timeout", str(LONGEST))  # an answer is held back for as long as the other run takes
MORE = """
version: 1
sub_accounts:
  production:
    locations:
      support: {numbers: [{area_code: "919", count: 9}]}
      sales: {numbers: [{toll_free: "8**", count: 9}]}
  staging:
    locations:
      trial: {numbers: [{area_code: "704", count: 9}]}
"""


@dataclass
class Holding:
    """How the emulator waits before a late answer: until it is told to go on."""

    reached: Event = field(default_factory=Event)
    over: Event = field(default_factory=Event)

    def __call__(self, seconds: float) -> None:
        """Wait, `seconds` at the most."""
        self.reached.set()
        self.over.wait(seconds)


def one_says(runs: list[Run], words: str) -> None:
    """Wait until one of the runs has said these words."""
    end = time.monotonic() + LONGEST
    while not any(words in run.said for run in runs):
        assert time.monotonic() < end, [(run.process.exitcode, run.said) for run in runs]
        time.sleep(0.01)


def together(one: World, *words: str) -> list[Run]:
    """Two applies that begin at the same moment."""
    gates = [FORKS.Pipe(duplex=False) for _ in range(2)]
    runs = [
        one.start(*PATIENT, *words, gate=behind, name=f"runner-{number}")
        for number, (behind, _) in enumerate(gates)
    ]
    for _, before in gates:
        before.send_bytes(b"go")
    for gate in gates:
        for end in gate:
            end.close()
    return runs


@dataclass(frozen=True)
class Mode:
    """Words for both runs; what the one that has no lock says, and how it ends."""

    words: tuple[str, ...]
    says: str
    code: int


MODES = (
    Mode(("--lock-timeout", str(LONGEST)), "Waiting for run ", 0),
    Mode(("--lock-timeout", "0"), " holds the lock until ", 3),
)


def one_round(one: World, held: Holding, mode: Mode) -> dict[int, str]:
    """Two applies that begin together; the first write waits until the other run has found the lock taken.

    What was said, by exit code; of two with one code, by the one without the lock.
    """
    one.begin()
    held.over.clear()
    one.emulator.fail(f"latency={LONGEST} WRITE nth=1")
    runs = together(one, *mode.words)
    one_says(runs, mode.says)
    held.over.set()
    runs.sort(key=lambda run: mode.says in run.said)
    return {run.ended(): run.said for run in runs}


def rounds(folder: Path, count: int) -> None:
    """So many rounds, in which by turns the run without the lock waits and does not."""
    held = Holding()
    with world(folder, sleep=held) as one:
        one.undisturbed()
        wanted, calls = holdings(one.emulator.dump()), writes(one.emulator.log)
        for number in range(count):
            mode = MODES[number % len(MODES)]
            ended = one_round(one, held, mode)
            assert set(ended) == {0, mode.code}, ended
            assert mode.says in ended[mode.code]
            assert score(holdings(one.emulator.dump()), wanted).right
            assert Counter(writes(one.emulator.log)) == Counter(calls)


def test_one_of_two_works(tmp_path: Path) -> None:
    """Of two runs that begin together one does all once; the other waits, or exits 3 naming the first."""
    rounds(tmp_path, len(MODES))


@pytest.mark.full
def test_one_of_two_works_every_time(tmp_path: Path) -> None:
    """Fifty times."""
    rounds(tmp_path, 50)


@dataclass(frozen=True)
class Raced:
    """What a race without a common ledger left: two orders under one customer order id."""

    name: str
    ids: tuple[str, ...]
    loser: Run


def race(one: World, held: Holding) -> Raced:
    """Two runs with a ledger each: while the first one's order is on its way, the second one does all."""
    one.emulator.fail(f"latency={LONGEST} POST orders nth=1")
    loser = one.start(*PATIENT, name="loser", ledger="loser")
    assert held.reached.wait(LONGEST)
    winner = one.start(*PATIENT, name="winner", ledger="winner")
    assert winner.ended() == 0, winner.said
    held.over.set()
    loser.ended()
    orders = one.emulator.dump()["orders"].values()
    names = Counter(order["document"]["CustomerOrderId"] for order in orders)
    (name,) = (name for name, count in names.items() if count > 1)
    return Raced(name, tuple(o["id"] for o in orders if o["document"]["CustomerOrderId"] == name), loser)


def test_a_race_without_a_common_ledger_is_told(tmp_path: Path) -> None:
    """Two runs with a ledger each can buy twice; the next plan says so with the ids, whoever makes it."""
    held = Holding()
    with world(tmp_path, sleep=held) as one:
        raced = race(one, held)
        assert raced.loser.ended() == 4
        assert raced.name in raced.loser.said
        bought = writes(one.emulator.log)
        for ledger in ("loser", "winner", "a new one"):
            for words in (PLAN, APPLY):
                run = one.start(*words, ledger=ledger)
                assert run.ended() == 0
                assert all(word in run.said for word in ("several orders", raced.name, *raced.ids))
                assert "1 too many (kept" in run.said
        assert writes(one.emulator.log) == bought


def test_a_pool_that_was_bought_twice_gets_no_more_until_somebody_says_so(tmp_path: Path) -> None:
    """What was bought twice counts; what is missing besides is ordered only with --accept-duplicate."""
    held = Holding()
    with world(tmp_path, sleep=held) as one:
        raced = race(one, held)
        bought = writes(one.emulator.log)
        more = tmp_path / "more.yaml"
        more.write_text(MORE, encoding="utf-8")
        words = (*APPLY, "-f", str(more))
        refused = one.start(*words, ledger="winner")
        assert (refused.ended(), writes(one.emulator.log)) == (3, bought)
        assert all(id_ in refused.said for id_ in raced.ids)
        accepted = one.start(*words, "--accept-duplicate", raced.name, ledger="winner")
        assert accepted.ended() == 0, accepted.said
        assert set(holdings(one.emulator.dump()).numbers.values()) == {9}
