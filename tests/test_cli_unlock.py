"""`unlock`: whose lock it is, what giving it up means, and that only the one that is meant is given up."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from cli import ACCOUNT, Place, Ran

from reconciler.ledger.lock import Lock, current, take
from reconciler.ledger.store import Store, open_store

RUN, OTHER = "20300102T030405Z-aaaaaa", "20300102T030405Z-bbbbbb"
WARNING = "If that run is still alive, it stops before its next order, and another run may begin meanwhile.\n"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A working directory whose server would not answer."""
    return Place(tmp_path, "http://127.0.0.1:9")


@pytest.fixture
def store(place: Place) -> Store:
    """The account's part of the ledger that is in the directory."""
    return open_store(str(place.folder / ".reconciler"), {}).below(ACCOUNT)


def taken(store: Store) -> Lock:
    """Take the lock."""
    return take(store, run=RUN, purpose="apply bandwidth.yaml")


@pytest.mark.parametrize("words", [(RUN,), ("--yes",), (RUN, "--yes")], ids=" ".join)
def test_a_lock_is_given_up(words: tuple[str, ...], place: Place, store: Store) -> None:
    """Named or with a yes, the lock is given up: its run finds out, and another run may have it."""
    with taken(store) as lock:
        ran = place.run("unlock", *words)
        assert not lock.held()
        assert current(store) is None
    assert (ran.code, ran.err) == (0, "")
    who, since = (
        f"{lock.holder.owner} on {lock.holder.host}, process {os.getpid()}",
        f"{lock.holder.taken:%FT%TZ}",
    )
    assert ran.out == (
        f"Account {ACCOUNT} is locked by run {RUN}: apply bandwidth.yaml\n"
        f"  {who}\n"
        f"  since {since}, expires {lock.holder.expires:%FT%TZ}\n"
        f"{WARNING}Unlocked.\n"
    )
    with take(store, run=OTHER, purpose="apply") as other:
        assert other.held()


def test_nothing_locked_is_no_failure(place: Place) -> None:
    """Without a lock, or a ledger, that is said: exit 0, and nothing is made."""
    for words in ((), (RUN,), ("--yes",)):
        ran = place.run("unlock", *words)
        assert (ran.code, ran.said) == (0, f"Account {ACCOUNT} is not locked.\n")
    assert list(place.folder.iterdir()) == []


def test_a_released_lock_is_no_lock(place: Place, store: Store) -> None:
    """After its run there is nothing to give up."""
    with taken(store):
        pass
    assert place.run("unlock", RUN).out == f"Account {ACCOUNT} is not locked.\n"


def test_another_runs_lock_is_left_alone(place: Place, store: Store) -> None:
    """An id that is not the holder's is exit 1, with a word about who has the lock, and changes nothing."""
    with taken(store) as lock:
        ran = place.run("unlock", OTHER, "--yes")
        assert lock.held()
    assert ran.code == 1
    assert f"locked by run {RUN}: apply bandwidth.yaml" in ran.out
    assert ran.err == (
        f"error: the lock is held by run {RUN}, not by {OTHER}\n"
        f"  hint: reconciler unlock {RUN} gives up the lock that is held now\n"
    )


def test_nobody_to_ask_is_exit_1(place: Place, store: Store) -> None:
    """Without a terminal, a name and a yes, nothing is given up."""
    with taken(store) as lock:
        ran = place.ended(place.start("unlock"))
        assert lock.held()
    assert ran.code == 1
    assert ran.err == ("error: unlock needs a yes, and there is no terminal to ask on\n  hint: pass --yes\n")


def answered(place: Place, answer: bytes) -> Ran:
    """Answer on a terminal."""
    master, slave = pty.openpty()
    os.write(master, answer)
    ran = place.ended(place.start("unlock", stdin=slave))
    os.close(master)
    os.close(slave)
    return ran


@pytest.mark.parametrize(
    ("answer", "code"), [(b"y\n", 0), (b"n\n", 1), (b"\n", 1)], ids=["y", "n", "nothing"]
)
def test_a_terminal_is_asked(answer: bytes, code: int, place: Place, store: Store) -> None:
    """On a terminal `unlock` asks after it has said whose lock it is; only a yes gives it up."""
    with taken(store) as lock:
        ran = answered(place, answer)
        assert lock.held() == bool(code)
    assert ran.code == code
    assert WARNING in ran.out
    assert "Unlock? [y/N]: " in ran.err
    assert ("Stopped: nothing was changed." in ran.err) == bool(code)


def test_a_lock_of_another_form_can_be_given_up(place: Place, store: Store) -> None:
    """A lock that says nothing that is understood counts as held, goes by its number, and can be given up."""
    with taken(store) as lock:
        (strange,) = (place.folder / ".reconciler" / ACCOUNT / "locks").iterdir()
        strange.write_text("{}")
        named = place.run("unlock", RUN)
        assert lock.held()
        ran = place.run("unlock", "00000001")
        assert not lock.held()
    assert (named.code, ran.code) == (1, 0)
    assert f"the lock is held by run 00000001, not by {RUN}" in named.err
    assert "locked by run 00000001: not known\n  somebody on an unknown machine\n" in ran.out


DIES = """
import os, sys
from reconciler.ledger.lock import take
from reconciler.ledger.store import open_store
take(open_store(sys.argv[1], {}).below(sys.argv[2]), run="dead", purpose="apply")
os._exit(9)
"""


def test_a_dead_runs_lock_need_not_be_given_up(place: Place) -> None:
    """A lock whose process is dead on this machine is none."""
    words = [sys.executable, "-c", DIES, str(place.folder / ".reconciler"), ACCOUNT]
    assert subprocess.run(words, check=False).returncode == 9
    assert place.run("unlock").out == f"Account {ACCOUNT} is not locked.\n"


def test_words_of_a_holder_cannot_break_out(place: Place, store: Store) -> None:
    """Whatever a run calls itself, its lock is told in four lines."""
    hostile = "\x1b[2J\nUnlocked.\u202e"
    with take(store, run=hostile, purpose=hostile):
        ran = place.run("unlock", "--yes")
    assert ran.code == 0
    assert ran.out.count("\n") == 5
    assert ran.out.replace("\n", "").isprintable()


def test_a_ledger_that_cannot_be_read_is_exit_1(place: Place) -> None:
    """A file where the ledger should be is told."""
    place.write("a file", ".reconciler")
    ran = place.run("unlock", "--yes")
    assert ran.code == 1
    assert ran.err.startswith("error: the ledger .reconciler cannot be read: ")
