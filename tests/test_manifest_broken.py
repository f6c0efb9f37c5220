"""Broken manifests, each with its exact problems: the cases are in `cases/broken`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.kinds.schema import manifest_schema
from reconciler.manifest import load
from reconciler.manifest.text import MAX_BYTES
from reconciler.model import Problems

CASES = Path(__file__).parent / "cases" / "broken"


def broken() -> Iterator[Any]:
    """Yield every case, called by what it shows."""
    for topic in sorted(CASES.glob("*.yaml")):
        cases = yaml.safe_load(topic.read_text(encoding="utf-8"))
        for what, case in cases.items():
            yield pytest.param(case, id=f"{topic.stem}: {what}")


@pytest.mark.parametrize("case", list(broken()))
def test_broken_manifest(case: dict[str, Any], tmp_path: Path) -> None:
    """Every problem of a broken manifest is told at once, with its place and a hint."""
    for name, content in case["files"].items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    files = [Path(name) for name in case.get("load", case["files"])]
    with contextlib.chdir(tmp_path), pytest.raises(Problems) as refused:
        load(files, case.get("environ", {}), manifest_schema())
    found = [
        {"at": str(problem.position), "message": problem.message, "hint": problem.hint}
        for problem in refused.value.problems
    ]
    assert found == case["problems"], yaml.safe_dump(found, sort_keys=False, width=200)
    assert all(problem["hint"] for problem in found)
    assert "canary" not in str(refused.value)


def test_size_limit(tmp_path: Path) -> None:
    """A file of the largest size is read; five megabytes are refused unread."""
    file = tmp_path / "bandwidth.yaml"
    start = b"version: 1\n#"
    file.write_bytes(start + b"x" * (MAX_BYTES - len(start)))
    assert load([file], {}, manifest_schema()).data == {"version": 1}
    file.write_bytes(b"version: 1\n" * 500_000)
    with pytest.raises(Problems) as refused:
        load([file], {}, manifest_schema())
    assert str(refused.value) == (
        f"{file}:1:1: larger than 1,000,000 bytes, the limit\n"
        "  hint: spread it over several files, each given with -f"
    )


def test_no_file() -> None:
    """Without a file there is one problem, and what to type."""
    with pytest.raises(Problems) as refused:
        load([], {}, manifest_schema())
    assert str(refused.value) == "no manifest is named\n  hint: -f bandwidth.yaml"
