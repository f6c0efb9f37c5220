"""Processes that were written down: which of them are surely dead, and lose the lock."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.ledger.lock import Held, take
from reconciler.ledger.process import Process, is_dead
from reconciler.ledger.store import open_store

HOLDER = """
import sys, time
from reconciler.ledger.lock import take
from reconciler.ledger.store import open_store
lock = take(open_store(sys.argv[1], {}), run="first", purpose="apply bandwidth.yaml")
print("taken", flush=True)
time.sleep(600)
"""


def test_the_process_that_asks_is_alive() -> None:
    """A process is itself, runs, and says where."""
    here = Process.current()
    assert here == Process.current()
    assert here.pid == os.getpid()
    assert not is_dead(here)


def ended() -> Process:
    """A process of this machine that has ended."""
    here = Process.current()
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return replace(here, pid=child.pid)


def test_a_process_that_ended_is_dead_here_only() -> None:
    """A pid that is not there is dead on its own machine; of another machine or container nobody knows."""
    gone = ended()
    assert is_dead(gone)
    assert not is_dead(replace(gone, host="elsewhere"))
    assert not is_dead(replace(gone, machine="another boot, or container"))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux says when a process started")
def test_a_reused_pid_is_told_by_its_start() -> None:
    """A live pid that started at another time is another process; without a time it counts as alive."""
    here = Process.current()
    assert is_dead(replace(here, started="1"))
    assert not is_dead(replace(here, started=""))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux shows a process's state")
def test_a_process_that_nobody_waited_for_is_dead() -> None:
    """One that was killed is dead although its parent has not asked for its exit code."""
    child = multiprocessing.get_context("spawn").Process(target=os.getpid)
    child.start()
    there = replace(Process.current(), pid=child.pid or 0, started="")
    os.waitid(os.P_PID, there.pid, os.WEXITED | os.WNOWAIT)
    assert is_dead(there)
    child.join()


def test_a_killed_run_loses_the_lock_at_once(tmp_path: Path) -> None:
    """When a real process that held the lock was killed, the next run on this machine takes it at once."""
    store = open_store(str(tmp_path), {})
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "taken\n"
        with pytest.raises(Held) as refused:
            take(store, run="second", purpose="apply")
        assert refused.value.holder.pid == process.pid
        process.kill()
        process.wait()
    with take(store, run="second", purpose="apply") as lock:
        assert lock.holder.number == 2
