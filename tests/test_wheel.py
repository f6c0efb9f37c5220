"""The wheel, built from the tree and installed where nothing else is: what it holds, and that it runs."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([*PIP, "wheel", "--no-deps", "--wheel-dir", folder, ROOT], check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_package_and_no_more(wheel: Path) -> None:
    """The wheel has every module, the example of `demo` and the typing mark, and nothing of the tests."""
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    modules = {str(file.relative_to(ROOT)) for file in (ROOT / "reconciler").rglob("*.py")}
    assert modules | {"reconciler/py.typed", "reconciler/examples/quickstart.yaml"} <= held
    assert {name.partition("/")[0].partition("-")[0] for name in held} == {
        "reconciler",
        "bandwidth_reconciler",
    }
    assert not [name for name in held if "test" in name]


def test_the_wheel_runs_where_nothing_else_is_installed(wheel: Path, tmp_path: Path) -> None:
    """In an empty environment and another directory `demo` converges, and `schema` prints the schema."""
    python, program = (tmp_path / "venv" / "bin" / name for name in ("python", "reconciler"))
    venv.create(tmp_path / "venv", with_pip=False)
    subprocess.run([*PIP, "--python", python, "install", wheel], check=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    def ran(*words: str | Path) -> str:
        environ = {"PATH": os.environ["PATH"]}
        done = subprocess.run(words, cwd=elsewhere, env=environ, check=True, capture_output=True, text=True)
        return done.stdout

    demo = ran(program, "demo")
    assert "Converged: a second plan shows no changes." in demo
    assert "No changes. The account matches the manifest." in demo
    assert yaml.safe_load(ran(program, "schema"))["title"] == "reconciler manifest"
    assert ran(python, "-m", "reconciler", "--version").startswith("reconciler, version ")
    assert list(elsewhere.iterdir()) == []
