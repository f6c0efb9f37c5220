"""`emulator --dump`: the account is written at the end, and what a file had is never lost to a failure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.emulator import Emulator

EMULATOR = [sys.executable, "-m", "reconciler", "emulator", "--port", "0"]


def test_the_account_is_written_at_the_end(tmp_path: Path) -> None:
    """Ended by a signal, the emulator writes the document that it was begun with, as it is by then."""
    document = tmp_path / "account.yaml"
    document.write_text(Emulator().written(), encoding="utf-8")
    command = [*EMULATOR, "--load", str(document), "--dump", str(document)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        assert "http://" in served.stdout.readline()
        assert document.read_text(encoding="utf-8").startswith("format: reconciler.emulator/1")
        served.terminate()
        assert served.wait(timeout=30) == 0
    assert Emulator(load=document).dump() == Emulator().dump()
    assert list(tmp_path.iterdir()) == [document]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--fault", "nonsense"], "is none of"),
        (["--load", "nowhere.yaml"], "nowhere.yaml"),
        (["--dump", "no/such/folder.yaml"], "its folder is not there"),
    ],
)
def test_a_failed_start_leaves_the_file_alone(options: list[str], words: str, tmp_path: Path) -> None:
    """When the emulator does not come to serve, the file has what it had."""
    document = tmp_path / "account.yaml"
    document.write_text("what was there", encoding="utf-8")
    ran = subprocess.run(
        [*EMULATOR, "--dump", str(document), *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    assert words in ran.stderr
    assert document.read_text(encoding="utf-8") == "what was there"
