"""Broken manifests through the commands: every problem, in text and in JSON, and nothing sent to anyone.

The cases of `cases/broken` are of the manifest's text and shape, `cases/cli/*rules.yaml` of its sense.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from cli import CASES, Place, Ran
from wrong_servers import WrongServer, answer, saying, serving

TOPICS = (*sorted((CASES.parent / "broken").glob("*.yaml")), *sorted(CASES.glob("*rules.yaml")))
COMMANDS = (("validate",), ("plan",), ("apply", "--yes"))


def broken() -> Iterator[Any]:
    """Every case, called by what it shows."""
    for topic in TOPICS:
        for what, case in yaml.safe_load(topic.read_text(encoding="utf-8")).items():
            yield pytest.param(case, id=f"{topic.stem}: {what}")


@pytest.fixture(scope="module")
def listener() -> Iterator[WrongServer]:
    """A server that hears of every connection."""
    with serving(saying(answer(500))) as server:
        yield server


@pytest.mark.parametrize("case", list(broken()))
def test_a_broken_manifest_stops_every_command(
    case: Mapping[str, Any], listener: WrongServer, tmp_path: Path
) -> None:
    """Each command exits 1 with every problem's place, message and hint; the server hears of nothing."""
    files = case.get("files", {"bandwidth.yaml": case.get("manifest")})
    for name, content in files.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    named = [word for name in case.get("load", files) for word in ("-f", name)]
    place = Place(tmp_path, listener.url)
    environ = {"BW_ACCOUNT_ID": None, **case.get("environ", {})}
    for command in COMMANDS:
        assert_told(place.run(*command, *named, **environ), case["problems"])
    for command in COMMANDS[1:]:
        ran = place.run(*command, *named, "--format", "json", **environ)
        assert (ran.code, ran.err) == (1, "")
        assert [_spread(problem) for problem in ran.document["problems"]] == case["problems"]
    assert listener.requests == []


def assert_told(ran: Ran, problems: list[dict[str, str]]) -> None:
    """The text of the problems is all that a run says."""
    told = "".join(f"error: {p['at']}: {p['message']}\n  hint: {p['hint']}\n" for p in problems)
    count = f"{len(problems)} problems; nothing was changed.\n" if len(problems) > 1 else ""
    assert (ran.code, ran.out, ran.err) == (1, "", told + count)


def _spread(problem: Mapping[str, Any]) -> dict[str, str]:
    where = ":".join(str(problem[part]) for part in ("file", "line", "column"))
    return {"at": where, "message": problem["message"], "hint": problem["hint"]}


def test_there_are_thirty_or_more() -> None:
    """The broken manifests are no fewer than thirty, of texts, shapes and sense."""
    assert len(list(broken())) >= 30
    assert len(TOPICS) >= 5


def test_five_megabytes_are_refused_unread(listener: WrongServer, tmp_path: Path) -> None:
    """A manifest of 5 MB is one problem at its beginning, by every command."""
    (tmp_path / "bandwidth.yaml").write_bytes(b"version: 1\n" * 500_000)
    place = Place(tmp_path, listener.url)
    problem = {
        "at": "bandwidth.yaml:1:1",
        "message": "larger than 1,000,000 bytes, the limit",
        "hint": "spread it over several files, each given with -f",
    }
    for command in COMMANDS:
        assert_told(place.run(*command), [problem])
    assert listener.requests == []


def test_a_right_manifest_is_validated_offline(listener: WrongServer, tmp_path: Path) -> None:
    """A right manifest is called so, with neither account nor credentials, and nothing is sent."""
    place = Place(tmp_path, listener.url, {"BW_CLIENT_ID": None, "BW_ACCOUNT_ID": None})
    place.write("version: 1\nsub_accounts: {main: {}}\n")
    ran = place.run("validate")
    assert (ran.code, ran.out, ran.err) == (0, "bandwidth.yaml: valid, 1 thing declared.\n", "")
    assert listener.requests == []
