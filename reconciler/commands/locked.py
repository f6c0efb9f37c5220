"""The ledger's lock to a run that may write, or to the refusal that names who holds it (exit 3)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from reconciler.api.guard import Guard
from reconciler.commands.inputs import Inputs
from reconciler.commands.interrupts import Signals
from reconciler.commands.remembered import Remembered
from reconciler.commands.speaking import say
from reconciler.ledger.holder import LEASE, Holder
from reconciler.ledger.lock import TIMEOUTS, Held, Machine, take
from reconciler.model import Problem, Problems


@contextmanager
def locked(memory: Remembered, inputs: Inputs, run: str, wait: float) -> Iterator[tuple[Guard, Holder]]:
    """Hold the lock of the account, waiting for it up to `wait` seconds.

    Raises `Problems` (exit 3) where another run holds it, `LedgerFailed` where it cannot be taken.
    """
    purpose = f"apply {' '.join(map(str, inputs.files))}"
    lease = max(LEASE, TIMEOUTS * inputs.timeout)
    signals = inputs.outside.signals
    machine = Machine(pause=partial(_pause, signals))
    signals.hold()  # a lock that is taken is a lock that is given up
    try:
        lock = take(memory.store, run=run, purpose=purpose, lease=lease, wait=wait, waiting=_say_waiting,
                    machine=machine)  # fmt: skip
    except Held as held:
        raise Problems([_refusal(held.holder)], 3) from held
    with lock:
        signals.let()
        try:
            yield Guard(run, memory.intents, lock), lock.holder
        finally:
            signals.hold()


def _pause(signals: Signals, seconds: float) -> None:
    if signals.stop.wait(seconds):
        raise KeyboardInterrupt


def _say_waiting(holder: Holder) -> None:
    say(f"Waiting for run {holder.run} of {holder.owner} on {holder.host} to end.\n", err=True)


def _refusal(holder: Holder) -> Problem:
    return Problem(
        f"{holder.owner} on {holder.host} holds the lock until {holder.expires:%F %T} UTC "
        f"(run {holder.run}, {holder.purpose})",
        hint=f"--lock-timeout SECONDS waits for it; if that run is dead: reconciler unlock {holder.run}",
    )
