"""SIGINT and SIGTERM to KeyboardInterrupt, once: the second one ends the process where it is."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM)
SHOW_CURSOR = b"\x1b[?25h"  # a progress bar hides it


@contextmanager
def interruptible(second: int) -> Iterator[None]:
    """Let the block be interrupted, and the process ended with `second` while it tidies up.

    Only a main thread hears of signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(*_: object) -> None:
        for each in SIGNALS:
            signal.signal(each, end)
        raise KeyboardInterrupt

    def end(*_: object) -> None:
        # an order may be on its way in another thread, so nothing is unwound and nothing waited for
        os.write(2, (SHOW_CURSOR if sys.stderr.isatty() else b"") + b"\nInterrupted twice: ended at once.\n")
        os._exit(second)

    before = {each: signal.signal(each, interrupt) for each in SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
