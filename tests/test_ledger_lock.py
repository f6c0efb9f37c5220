"""The lock: who has it, how long, how it is lost and taken over."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from lock_clocks import NOON, Clocks, taken
from obstore.store import MemoryStore
from s3_server import Place

from reconciler.ledger.holder import LEASE, Holder
from reconciler.ledger.lock import CLOCK_SKEW, KEPT, Held, current, take, unlock
from reconciler.ledger.process import Process
from reconciler.ledger.store import LedgerFailed, Store, open_store


def test_the_lock_names_who_has_it(store: Store) -> None:
    """A second run is refused, with everything about the first one; its own objects say the same."""
    clocks = Clocks()
    with taken(store, clocks) as lock:
        with pytest.raises(Held) as refused:
            taken(store, clocks, "second", machine="two")
        assert lock.held()
    expected = Holder(
        1, NOON, NOON + timedelta(seconds=LEASE), "first", "user-one", "apply bandwidth.yaml",
        Process("one", "boot-one", 42),
    )  # fmt: skip
    assert refused.value.holder == lock.holder == expected
    assert (expected.host, expected.pid) == ("one", 42)
    assert str(refused.value) == "the lock is held by user-one on one"


def test_a_released_lock_is_free(store: Store) -> None:
    """After a release nobody has it, the one who had it knows, and the next one gets the next number."""
    clocks = Clocks()
    with taken(store, clocks) as lock:
        assert current(store, clocks.machine()) == lock.holder
    assert current(store, clocks.machine()) is None
    assert not lock.held()
    with taken(store, clocks, "second") as second:
        assert (second.holder.number, second.holder.run) == (2, "second")


def test_looking_at_the_lock_makes_nothing(place: Place) -> None:
    """Asking who has it leaves no object behind."""
    assert current(place.store()) is None
    assert place.store().keys() == []


def test_a_lock_lasts_for_a_lease_and_what_clocks_may_differ_by(store: Store) -> None:
    """Another machine takes over when the lease and the skew of two clocks are over; the first finds out."""
    first, second = Clocks(), Clocks()
    lock = taken(store, first)
    second.go(LEASE + CLOCK_SKEW)
    with pytest.raises(Held):
        taken(store, second, "second", machine="two")
    second.go(1)
    assert lock.held()
    with taken(store, second, "second", machine="two") as other:
        assert other.holder.number == 2
        assert lock.left() == LEASE
        assert not lock.held()
        assert not lock.renew()
        lock.release()
        assert other.held()


def test_a_renewal_begins_a_new_lease(store: Store) -> None:
    """A lock that was renewed is held for another lease from then, in its own eyes and in those of others."""
    clocks = Clocks()
    with taken(store, clocks) as lock:
        for _ in range(3):
            clocks.go(LEASE - 1)
            assert lock.renew()
            assert lock.left() == LEASE
        clocks.go(LEASE / 2)
        with pytest.raises(Held) as refused:
            taken(store, clocks, "second", machine="two")
        assert refused.value.holder == replace(lock.holder, expires=NOON + timedelta(seconds=4 * LEASE - 3))


def test_a_lease_that_is_over_is_not_revived(store: Store) -> None:
    """A run that slept past its lease has lost the lock, though nobody else took it."""
    clocks = Clocks()
    lock = taken(store, clocks)
    clocks.go(LEASE)
    assert (lock.left(), lock.held(), lock.renew()) == (0.0, False, False)
    lock.release()


MOVES = {
    "both clocks went on": (10.0, 10.0, LEASE - 10),
    "the steady clock slept with the machine": (200.0, 1.0, LEASE - 200),
    "the wall clock was set back": (-3600.0, 10.0, LEASE - 10),
    "the wall clock was set ahead": (3600.0, 10.0, 0.0),
}


@pytest.mark.parametrize(("wall", "steady", "left"), MOVES.values(), ids=MOVES)
def test_the_clock_that_says_less_counts(wall: float, steady: float, left: float) -> None:
    """What is left of a lease is what the worse of two clocks leaves, never less than nothing."""
    clocks = Clocks()
    with taken(Store(MemoryStore()), clocks) as lock:
        clocks.now += timedelta(seconds=wall)
        clocks.steady += steady
        assert lock.left() == left


def test_a_dead_process_loses_the_lock_at_once(store: Store) -> None:
    """Where the machine says that the holder's process is dead, its lease is not waited for."""
    clocks = Clocks()
    lock = taken(store, clocks)
    machine = clocks.machine("two", dead=frozenset({42}))
    assert current(store, machine) is None
    with take(store, run="second", purpose="apply", machine=machine) as second:
        assert second.holder.number == 2
    assert not lock.held()
    lock.release()


def test_a_run_waits_for_the_lock(store: Store) -> None:
    """A run that may wait is told once who has the lock, and takes it when it is released."""
    clocks = Clocks()
    first = taken(store, clocks)
    told: list[Holder] = []

    def released_after_three() -> None:
        if len(clocks.pauses) == 3:
            first.release()

    clocks.on_pause = released_after_three
    with take(
        store, run="second", purpose="apply", wait=60, waiting=told.append, machine=clocks.machine("two")
    ) as second:
        assert second.held()
    assert told == [first.holder]
    assert len(clocks.pauses) == 3


def test_a_run_does_not_wait_longer_than_it_may(store: Store) -> None:
    """When the wait is over the run is refused; it slept exactly as long as it was allowed."""
    clocks = Clocks()
    with taken(store, clocks):
        with pytest.raises(Held):
            taken(store, clocks, "second", wait=2.5)
        assert sum(clocks.pauses) == 2.5


def test_what_ends_a_pause_ends_the_waiting(store: Store) -> None:
    """An interruption while waiting passes through, and the holder keeps the lock."""
    clocks = Clocks()

    def interrupt() -> None:
        raise KeyboardInterrupt

    clocks.on_pause = interrupt
    with taken(store, clocks) as first:
        with pytest.raises(KeyboardInterrupt):
            taken(store, clocks, "second", wait=60)
        assert first.held()


def test_unlocking_takes_the_lock_from_its_holder(store: Store) -> None:
    """Whoever was unlocked finds out, and the next run gets the lock at once."""
    clocks = Clocks()
    lock = taken(store, clocks)
    holder = current(store, clocks.machine("two"))
    assert holder is not None
    unlock(store, holder)
    unlock(store, holder)
    assert not lock.held()
    with taken(store, clocks, "second") as second:
        assert second.holder.number == 2
    lock.release()


@pytest.mark.parametrize("torn", ["00000007", "00000007.renewed-0003"])
def test_a_torn_holding_is_nobody_s(torn: str, tmp_path: Path) -> None:
    """Whoever was to have a lock that was not written whole was never told that it had it."""
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks" / torn).write_bytes(b'{"run": ')
    with taken(open_store(str(tmp_path), {}), Clocks()) as lock:
        assert lock.holder.number == 8


def test_a_torn_renewal_leaves_the_lock_as_it_was(tmp_path: Path) -> None:
    """A renewal that was not written whole does not count, and takes nothing away."""
    store, clocks = open_store(str(tmp_path), {}), Clocks()
    with taken(store, clocks):
        (tmp_path / "locks" / "00000001.renewed-0001").write_bytes(b'{"run": ')
        with pytest.raises(Held):
            taken(store, clocks, "second")


@pytest.mark.parametrize("strange", ["00000007", "00000007.renewed-0003"])
def test_a_holding_of_another_form_counts_for_a_lease(strange: str, tmp_path: Path) -> None:
    """What another version wrote is somebody's for a lease from its writing, and goes by its number."""
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks" / strange).write_bytes(b'{"holder": "somebody"}')
    os.utime(tmp_path / "locks" / strange, (NOON.timestamp(), NOON.timestamp()))
    store, clocks = open_store(str(tmp_path), {}), Clocks()
    with pytest.raises(Held) as refused:
        taken(store, clocks)
    holder = refused.value.holder
    assert (holder.number, holder.run, holder.expires) == (7, "00000007", NOON + timedelta(seconds=LEASE))
    assert str(refused.value) == "the lock is held by somebody on an unknown machine"
    clocks.go(LEASE + CLOCK_SKEW + 1)
    with taken(store, clocks) as lock:
        assert lock.holder.number == 8


def test_a_torn_release_is_a_release(tmp_path: Path) -> None:
    """The end of a holding needs no text to be read."""
    store, clocks = open_store(str(tmp_path), {}), Clocks()
    lock = taken(store, clocks)
    (tmp_path / "locks" / "00000001.released").write_bytes(b"")
    assert not lock.held()
    with taken(store, clocks, "second"):
        pass
    lock.release()


def test_strange_files_are_no_locks(store: Store) -> None:
    """What is not named like a lock's object neither locks nor breaks anything."""
    for name in (".DS_Store", "7", "00000009.bak", "00000009.renewed", "notes/00000009"):
        store.put(f"locks/{name}", {})
    with taken(store, Clocks()) as lock:
        assert lock.holder.number == 1


def test_old_numbers_are_cleared_away(store: Store) -> None:
    """However often the lock is taken, few of its objects are kept, and the highest number always is."""
    clocks = Clocks()
    for number in range(1, 3 * KEPT):
        with taken(store, clocks) as lock:
            assert lock.renew()
            assert lock.holder.number == number
    assert len(store.keys("locks/")) == 3 * (KEPT + 1)
    assert f"locks/{number:08d}" in store.keys("locks/")


def test_one_that_was_frozen_does_not_take_an_old_number(tmp_path: Path) -> None:
    """A run that slept between seeing a free number and making it finds the higher ones, and tries again."""
    store, clocks = open_store(str(tmp_path), {}), Clocks()
    with taken(store, clocks):
        pass

    def overtaken() -> datetime:
        """Others take the lock many times while the run reads its clock to claim number 2."""
        clocks_read.append(clocks.now)
        if len(clocks_read) == 1:
            for _ in range(2 * KEPT):
                taken(store, clocks, "other").release()
        return clocks.now

    clocks_read: list[datetime] = []
    with take(store, run="frozen", purpose="apply", machine=replace(clocks.machine(), now=overtaken)) as lock:
        assert lock.held()
        assert lock.holder.number == 2 * KEPT + 2


def test_the_lock_is_renewed_by_itself(store: Store) -> None:
    """A lock with a short lease outlives many of them while its block lasts, and its thread ends with it."""
    with take(store, run="first", purpose="apply", lease=0.6) as lock:
        while f"locks/{lock.holder.number:08d}.renewed-0004" not in store.keys("locks/"):
            assert lock.held()
    assert not [thread for thread in threading.enumerate() if thread.name == "lock"]


def test_a_renewal_that_fails_loses_the_lock_quietly(tmp_path: Path) -> None:
    """Where the ledger cannot be written any more the lock goes with its lease; a release raises nothing."""
    place = tmp_path / "ledger"
    clocks = Clocks()
    lock = taken(open_store(str(place), {}), clocks)
    place.rename(tmp_path / "moved")
    place.write_text("")
    with pytest.raises(LedgerFailed):
        lock.held()
    with pytest.raises(LedgerFailed):
        lock.renew()
    clocks.go(LEASE)
    assert not lock.held()
    lock.release()


def test_the_keeper_survives_a_ledger_that_fails(tmp_path: Path) -> None:
    """The thread that renews goes on until the lease is over, whatever the ledger says."""
    place = tmp_path / "ledger"
    lock = take(open_store(str(place), {}), run="first", purpose="apply", lease=0.3)
    place.rename(tmp_path / "moved")
    place.write_text("")
    while lock.left():
        assert lock.left() <= 0.3
    assert not lock.held()
    lock.release()
