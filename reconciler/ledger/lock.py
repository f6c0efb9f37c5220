"""A ledger turned into a lock that one run at a time holds, by numbered objects made by conditional create.

Breaking an expired holding is creating the next number, so of runs that try it at once one succeeds. The
holder finds out because a higher number is there. Whoever stops without a word loses the lock when its lease
ends, or at once to a run on the same machine.
"""

from __future__ import annotations

import getpass
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from reconciler.ledger.holder import (
    LEASE,
    Holder,
    holding_key,
    read_holder,
    read_holdings,
    release_key,
    renewal_key,
)
from reconciler.ledger.process import Process, is_dead
from reconciler.ledger.store import LedgerFailed, Store

FOLDER = "locks"
CLOCK_SKEW = 60.0  # seconds by which the clocks of two machines may differ
POLL = 1.0  # seconds between two looks at a lock that somebody holds
TIMEOUTS = 10  # request timeouts that a lease lasts at least
KEPT = 8  # numbers that are kept: one that was frozen while it took the lock must find a higher one


class Held(Exception):
    """Somebody else has the lock."""

    def __init__(self, holder: Holder) -> None:
        super().__init__(f"the lock is held by {holder.owner} on {holder.host}")
        self.holder = holder


def _now() -> datetime:
    return datetime.now(UTC)


def _owner() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user need not have a name
        return f"user {os.getuid()}"


@dataclass(frozen=True, slots=True)
class Machine:
    """What the lock asks of the machine it runs on. `steady` gives seconds of a clock that nobody sets."""

    owner: str = field(default_factory=_owner)
    process: Process = field(default_factory=Process.current)
    now: Callable[[], datetime] = _now
    steady: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
    is_dead: Callable[[Process], bool] = is_dead


class Lock:
    """A lock that was taken, renewed by a thread every third of its lease, and released at the end of `with`.

    `since` is when its lease began, before anything was written.
    """

    def __init__(self, locks: Store, holder: Holder, machine: Machine, since: tuple[datetime, float]) -> None:
        self.holder = holder
        self._locks = locks
        self._machine = machine
        self._lease = holder.expires - holder.taken
        self._since = since
        self._renewals = 0
        self._over = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="lock", daemon=True)

    def held(self) -> bool:
        """Whether the lock is still this run's: asks the store. Raises `LedgerFailed`."""
        if self.left() <= 0:
            return False
        found = read_holdings(self._locks)
        return found.number == self.holder.number and not found.released

    def left(self) -> float:
        """Seconds left on the lease, 0 when it is over.

        The wall clock may be set, and the steady one may stop while a machine sleeps: the shorter counts.
        """
        wall, steady = self._since
        gone = max((self._machine.now() - wall).total_seconds(), self._machine.steady() - steady)
        return max(0.0, self._lease.total_seconds() - gone)

    def renew(self) -> bool:
        """Begin a new lease; False if the lock is lost: nobody revives one. Raises `LedgerFailed`."""
        since = self._machine.now(), self._machine.steady()
        if not self.held():
            return False
        self._renewals += 1
        renewed = replace(self.holder, expires=since[0] + self._lease)
        self._locks.create(renewal_key(self.holder.number, self._renewals), renewed.document())
        self._since = since
        return True

    def release(self) -> None:
        """Give the lock up. Where that cannot be written, its lease ends by itself."""
        self._over.set()
        if self._keeper.ident:
            self._keeper.join()
        with suppress(LedgerFailed):
            _end(self._locks, self.holder.number)

    def keep(self) -> Self:
        """Renew it from now on until it is released or lost."""
        self._keeper.start()
        return self

    def _keep(self) -> None:
        while not self._over.wait(self._lease.total_seconds() / 3) and self.left() > 0:
            with suppress(LedgerFailed):  # the next try, or the end of the lease, is soon enough
                self.renew()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def take(
    store: Store,
    *,
    run: str,
    purpose: str,
    lease: float = LEASE,
    wait: float = 0.0,
    waiting: Callable[[Holder], None] = lambda _: None,
    machine: Machine | None = None,
) -> Lock:
    """Take the lock, within `wait` seconds; `waiting` is told once who has it.

    Raises `Held` when somebody still has it, `LedgerFailed`, and what the machine's `pause` raises.
    """
    machine = machine or Machine()
    wanted = _Wanted(store.below(FOLDER), run, purpose, timedelta(seconds=lease), machine)
    end = machine.steady() + wait
    told = False
    while isinstance(found := _attempt(wanted), Holder):
        left = end - machine.steady()
        if left <= 0:
            raise Held(found)
        if not told:
            waiting(found)
            told = True
        machine.pause(min(POLL, left))
    return found.keep()


def current(store: Store, machine: Machine | None = None) -> Holder | None:
    """Who holds the lock; None if it is released or expired, or its process dead. Raises `LedgerFailed`."""
    return _holding(store.below(FOLDER), machine or Machine())[1]


def unlock(store: Store, holder: Holder) -> None:
    """End a holding for somebody else, who finds out before the next write. Raises `LedgerFailed`."""
    _end(store.below(FOLDER), holder.number)


@dataclass(frozen=True, slots=True)
class _Wanted:
    locks: Store
    run: str
    purpose: str
    lease: timedelta
    machine: Machine


def _attempt(wanted: _Wanted) -> Lock | Holder:
    """Take the lock or find who has it; whoever is overtaken looks again."""
    while True:
        number, holder = _holding(wanted.locks, wanted.machine)
        taken = holder or _claim(wanted, number + 1)
        if taken:
            return taken


def _holding(locks: Store, machine: Machine) -> tuple[int, Holder | None]:
    """The highest number, and its holder if the lock is still theirs."""
    found = read_holdings(locks)
    holder = read_holder(locks, found)
    if holder is None:
        return found.number, None
    expired = machine.now() > holder.expires + timedelta(seconds=CLOCK_SKEW)
    dead = holder.process is not None and machine.is_dead(holder.process)
    return found.number, None if expired or dead else holder


def _claim(wanted: _Wanted, number: int) -> Lock | None:
    """Create a number; None if somebody else did, or if higher ones came and went since it was free."""
    machine = wanted.machine
    since = machine.now(), machine.steady()
    holder = Holder(number, since[0], since[0] + wanted.lease, wanted.run, machine.owner, wanted.purpose,
                    machine.process)  # fmt: skip
    if not wanted.locks.create(holding_key(number), holder.document()):
        return None
    found = read_holdings(wanted.locks)
    if found.number != number:
        return None
    with suppress(LedgerFailed):  # only tidying: the next one who takes the lock does it as well
        for key in found.below(number - KEPT):
            wanted.locks.delete(key)
    return Lock(wanted.locks, holder, machine, since)


def _end(locks: Store, number: int) -> None:
    locks.create(release_key(number), {"at": datetime.now(UTC).isoformat(), "by": _owner()})
