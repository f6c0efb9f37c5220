"""A process on a terminal, as a person has it: what is typed, and what is on the screen."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import time

from cli import Place


class Terminal:
    """A terminal with a process on it; `screen` is all that was shown."""

    def __init__(self, place: Place, *words: str, **environ: str) -> None:
        self.master, slave = pty.openpty()
        self.process = place.start(*words, environ=environ, stdin=slave, stdout=slave, stderr=slave)
        os.close(slave)
        self.screen = ""

    def until(self, text: str, timeout: float = 20) -> None:
        """Read on until the text is on the screen."""
        end = time.monotonic() + timeout
        while text not in self.screen:
            assert time.monotonic() < end, self.screen
            if not self._read():
                break
        assert text in self.screen, self.screen

    def _read(self) -> bool:
        if not select.select([self.master], [], [], 0.5)[0]:
            return True
        with contextlib.suppress(OSError):  # the process has ended
            data = os.read(self.master, 65536)
            self.screen += data.decode()
            return bool(data)
        return False

    def type(self, text: str) -> None:
        """Type a line."""
        os.write(self.master, text.encode() + b"\n")

    def ended(self, timeout: float = 30) -> int:
        """The exit code, when all is read."""
        end = time.monotonic() + timeout
        while self._read():
            assert time.monotonic() < end, self.screen
        os.close(self.master)
        code = self.process.wait(30)
        assert "Traceback" not in self.screen, self.screen
        return code
