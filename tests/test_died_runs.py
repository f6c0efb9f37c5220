"""Runs that die, lists that lag and ledgers that break: the next run makes nothing a second time."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from account import Account, is_write
from between import Serve, disturbed
from creates import ALL, MANIFEST, account_with, ended, made, posts, reads

from reconciler.api.looks import LOOKS
from reconciler.execute import State
from reconciler.ledger.store import open_store

LAGGING = "lag=3 sites|sippeers|applications"


class Killed(BaseException):
    """The process is gone: nothing that was going to happen happens."""


class Mortal(httpx.BaseTransport):
    """A line on which a run dies at its write number `at` (from 1): before the request leaves, or after."""

    def __init__(self, line: httpx.BaseTransport, at: int, *, sent: bool) -> None:
        self._line, self._left, self._sent = line, at, sent

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request, if there is anybody to send it."""
        self._left -= request.method != "GET" and not request.url.path.endswith("/oauth2/token")
        if self._left > 0:
            return self._line.handle_request(request)
        if self._left == 0 and self._sent:
            self._line.handle_request(request)
        self._left = min(self._left, 0) - 1
        raise Killed


def kill(account: Account, at: int, *, sent: bool) -> None:
    """Apply, and die at write number `at`."""
    line = account.transport
    account.transport = Mortal(line, at, sent=sent)
    with pytest.raises(Killed):
        account.apply(MANIFEST)
    account.transport = line


WRITES = 9  # of the manifest above, in an empty account


@pytest.mark.parametrize("lag", ["", LAGGING], ids=["no lag", "lag 3"])
@pytest.mark.parametrize("sent", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, WRITES + 1))
def test_a_run_after_one_that_died_makes_nothing_twice(at: int, sent: bool, lag: str, tmp_path: Path) -> None:
    """Wherever the run before it died, and though lists lag, the next one converges with one of each."""
    account = account_with(tmp_path, *filter(None, [lag]))
    kill(account, at, sent=sent)
    applied = account.apply(MANIFEST)
    assert (applied.code, applied.residue.steps) == (0, ())
    assert made(account) == ALL
    assert sum(map(is_write, account.emulator.log)) == WRITES


def test_the_manifest_takes_as_many_writes_as_there_are_places_to_die(tmp_path: Path) -> None:
    """The runs above die at every write there is."""
    account = account_with(tmp_path)
    assert len(account.apply(MANIFEST).sent) == WRITES


def test_a_list_is_read_again_only_for_what_was_sent_to_be_made(tmp_path: Path) -> None:
    """What nobody sent is absent at the first reading; what was sent and never came, after six."""
    account = account_with(tmp_path)
    account.plan(MANIFEST)
    assert reads(account, "/sites") == 1
    kill(account, 3, sent=False)
    before = len(account.emulator.log)
    plan = account.plan(MANIFEST).plan
    assert "sub_account.main" in {str(step.address) for step in plan.steps}
    assert (reads(account, "/sites", after=before), reads(account, "/applications", after=before)) == (
        LOOKS,
        1,
    )


def test_nothing_is_created_that_the_ledger_cannot_take_note_of(tmp_path: Path) -> None:
    """Where the ledger cannot be written any more, what was made counts, and no further create is sent."""
    folder = tmp_path / "ledger"

    def breaking(request: httpx.Request, served: Serve) -> httpx.Response:
        if request.method == "POST" and request.url.path.endswith("/sites"):
            (creations,) = folder.rglob("creations")
            creations.rename(tmp_path / "taken away")
            creations.write_text("a disk gone bad")
        elif request.method == "GET":
            for creations in filter(Path.is_file, folder.rglob("creations")):
                creations.unlink()
        return served(request)

    account = disturbed(tmp_path, breaking)
    account.ledger = open_store(str(folder), {})
    before = posts(account, "sites"), posts(account, "sippeers")
    applied = account.apply("version: 1\nsub_accounts: {other: {locations: {desk: {}}}}")
    assert ended(applied, "sub_account.other").state is State.DONE
    location = ended(applied, "location.other/desk")
    assert (location.state, applied.code) == (State.FAILED, 4)
    assert location.message.startswith(f"the ledger {folder} cannot be written: ")
    assert (posts(account, "sites"), posts(account, "sippeers")) == (before[0] + 1, before[1])
