"""A process written down by one run and looked for by another: who it is, and whether it surely is dead."""

from __future__ import annotations

import os
import socket
import uuid
from dataclasses import dataclass
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_PIDS = Path("/proc/self/ns/pid")


@dataclass(frozen=True, slots=True)
class Process:
    """A process of a machine. Pids of equal `machine` can be compared; `started` tells a reused one."""

    host: str
    machine: str
    pid: int
    started: str = ""

    @classmethod
    def current(cls) -> Process:
        """The process that asks."""
        status = _status(os.getpid())
        return cls(socket.gethostname(), _machine(), os.getpid(), status[1] if status else "")


def is_dead(process: Process) -> bool:
    """Whether a process surely runs no more; False for one of another machine, which nobody here can tell."""
    here = Process.current()
    if os.name != "posix" or (process.host, process.machine) != (here.host, here.machine):
        return False
    status = _status(process.pid)
    if status is None:
        return not _takes_signals(process.pid)
    state, started = status
    return state in "ZX" or (process.started not in {"", started})


def _machine() -> str:
    """What tells machines and containers apart that share a host name: the boot and the pid namespace."""
    try:
        return f"{_BOOT.read_text(encoding='ascii').strip()}/{_PIDS.stat().st_ino}"
    except OSError:
        return f"{uuid.getnode():012x}"


def _status(pid: int) -> tuple[str, str] | None:
    """A process's state letter and start in ticks since the boot (proc(5), stat: fields 3 and 22)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return fields[0], fields[19]


def _takes_signals(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
