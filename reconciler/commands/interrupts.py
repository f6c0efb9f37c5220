"""SIGINT and SIGTERM to a run that stops: at once, or, where that would lose something, as soon as it can.

The second one ends the process where it is.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event

SIGNALS = (signal.SIGINT, signal.SIGTERM)
FIRST = b"\nInterrupted: what is under way is finished; once more ends at once.\n"
SECOND = b"\nInterrupted twice: ended at once.\n"
SHOW_CURSOR = b"\x1b[?25h"  # a progress bar hides it


class Signals:
    """What a run hears of SIGINT and SIGTERM: of the first, which comes once.

    `stop` is set then, and whatever the run waits for is waited for no longer. The main thread gets a
    KeyboardInterrupt besides, unless they are held back.
    """

    def __init__(self) -> None:
        self.stop = Event()
        self._heard = False
        self._held = False

    def hold(self) -> None:
        """From now on nothing is cut short: the run looks at `stop` where it can end."""
        self._held = True

    def let(self) -> None:
        """From now on it may be cut short. Raises KeyboardInterrupt if it was told to stop before."""
        self._held = False
        if self._heard:
            raise KeyboardInterrupt

    def hear(self) -> None:
        """Learn of the first signal, on the main thread."""
        self._heard = True
        # the main thread may be within `stop` itself, and have its lock
        _thread.start_new_thread(self.stop.set, ())
        if not self._held:
            raise KeyboardInterrupt
        _say(FIRST)


@contextmanager
def interruptible(second: int, signals: Signals) -> Iterator[None]:
    """Let the block be interrupted, and the process ended with `second` while it tidies up.

    Only a main thread hears of signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(*_: object) -> None:
        for each in SIGNALS:
            signal.signal(each, end)
        signals.hear()

    def end(*_: object) -> None:
        # an order may be on its way in another thread, so nothing is unwound and nothing waited for
        _say((SHOW_CURSOR if os.isatty(2) else b"") + SECOND)
        os._exit(second)

    before = {each: signal.signal(each, interrupt) for each in SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _say(text: bytes) -> None:
    """Past Python's stream, which may be in use; where it was closed, 2 is some other file."""
    if sys.stderr:
        with suppress(OSError):
            os.write(2, text)
