"""Saved plans: the same bytes each time, applied once, and only while what they stand on is as it was seen.

What happens when something moves meanwhile is in `test_cli_moved.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli import account, location

from reconciler.report.as_json import content_sha256, dumps

MANIFEST = location('- {area_code: "919", count: 2}')
TIMES = re.compile(r'"(created_at|expires_at)": "[^"]*"')


def test_a_plan_saved_twice_is_the_same_bytes(tmp_path: Path) -> None:
    """Two plans of one manifest and account differ in their times only, whatever the parallelism."""
    with account(tmp_path) as place:
        place.write(MANIFEST)
        first = place.run("plan", "--out", "a.json")
        second = place.run("plan", "--out", "b.json", "--parallelism", "1")
        printed = place.run("plan", "--format", "json")
        shown = place.run("show", "a.json", "--format", "json")
        assert place.writes() == []
    assert first == second
    texts = [(tmp_path / "a.json").read_text(), (tmp_path / "b.json").read_text(), printed.out]
    assert len({TIMES.sub("", text) for text in texts}) == 1
    assert shown.out == texts[0]
    assert printed.document["summary"]["numbers_ordered"] == 2


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_show_is_what_plan_said(form: str, tmp_path: Path) -> None:
    """`show` of a saved plan prints what `plan` printed, offline and without credentials."""
    with account(tmp_path) as place:
        place.write(MANIFEST)
        planned = place.run("plan", "--out", "plan.json", "--format", form)
        heard = len(place.emulator.log)
        none = dict.fromkeys(place.environ)
        shown = place.run("show", "plan.json", "--format", form, **none)
        assert (shown.code, shown.err, len(place.emulator.log)) == (0, "", heard)
    assert shown.out == planned.out


def test_a_saved_plan_applies_once(tmp_path: Path) -> None:
    """Applied, a plan converges without a question; again, it is refused, on another ledger as stale."""
    with account(tmp_path) as place:
        place.write(MANIFEST)
        place.run("plan", "--out", "plan.json")
        first = place.run("apply", "plan.json", "--format", "json")
        assert (first.code, first.document["converged"]) == (0, True)
        state = place.state()
        second = place.run("apply", "plan.json")
        other = place.run("apply", "plan.json", "--ledger", "elsewhere")
        assert place.state() == state
    assert (second.code, second.out) == (3, "")
    assert (
        second.err
        == "error: this plan was applied before\n  hint: make a new plan; a saved plan applies once\n"
    )
    assert other.code == 3
    assert "error: application.texts: it was not there when planned, and is now\n" in other.err


def test_a_plan_without_changes_applies_to_nothing(tmp_path: Path) -> None:
    """A saved plan with nothing in it is exit 0 as often as it is applied."""
    with account(tmp_path) as place:
        place.write(MANIFEST)
        place.run("apply", "--yes")
        place.run("plan", "--out", "plan.json")
        assert [place.run("apply", "plan.json").code for _ in range(2)] == [0, 0]


def edited(text: str) -> Iterator[tuple[str, str]]:
    """A plan's text, edited or spoilt, and how the refusal begins."""
    document = json.loads(text)
    yield text.replace('"quantity": 2', '"quantity": 20'), "the plan file was edited after it was made"
    yield dumps(document | {"account": "1"}), "the plan file was edited after it was made"
    yield (
        dumps(document | {"options": {**document["options"], "allow_hazard": ["a"]}}),
        "the plan file was edited",
    )
    yield dumps(document | {"sha256": "0" * 64}), "the plan file was edited after it was made"
    yield (
        dumps({k: v for k, v in document.items() if k != "steps"}),
        "the plan file is not a plan: $: 'steps' is",
    )
    yield (
        dumps(document | {"format": "reconciler.plan/2"}),
        "the plan file is not a reconciler.plan/1 document",
    )
    yield text[:-20], "the plan file is not JSON"
    yield "", "the plan file is not JSON"
    yield "[]", "the plan file is not a reconciler.plan/1 document"
    yield "[" * 100_000, "the plan file is not "


def test_an_edited_plan_is_not_applied(tmp_path: Path) -> None:
    """A plan file that was edited, cut or is none is exit 1 for `apply` and `show`, and nothing is asked."""
    with account(tmp_path) as place:
        place.write(MANIFEST)
        place.run("plan", "--out", "plan.json")
        heard = len(place.emulator.log)
        for text, says in edited((tmp_path / "plan.json").read_text()):
            place.write(text, "edited.json")
            for command in (("apply", "edited.json"), ("show", "edited.json")):
                ran = place.run(*command, "--format", "json")
                assert ran.code == 1, says
                assert ran.problems[0].startswith(says)
                assert ran.document["problems"][0]["hint"]
        for name in ("absent.json", "."):
            assert place.run("apply", name).err.startswith(f"error: the plan file {name} cannot be read: ")
        assert len(place.emulator.log) == heard


def test_an_expired_plan_is_refused(tmp_path: Path) -> None:
    """A plan is exit 3 from the moment when it expires; until then its times are all that differs."""
    with account(tmp_path) as place:
        place.write(MANIFEST)
        place.run("plan", "--out", "plan.json")
        document = json.loads((tmp_path / "plan.json").read_text())
        old = document | {"created_at": "2020-01-01T00:00:00Z", "expires_at": "2020-01-08T00:00:00Z"}
        assert content_sha256(old) == document["sha256"]
        place.write(dumps(old), "old.json")
        ran = place.run("apply", "old.json")
        assert (ran.code, place.writes()) == (3, [])
        assert place.run("show", "old.json").code == 0
    assert ran.err == (
        "error: the plan expired at 2020-01-08T00:00:00+00:00\n"
        "  hint: make a new plan with reconciler plan --out FILE\n"
    )


def test_what_a_plan_was_made_from_must_be_the_same(tmp_path: Path) -> None:
    """Another account, manifest or variable is exit 3, other files or options exit 1; nothing is written."""
    with account(tmp_path, DESCRIPTION="one") as place:
        place.write(MANIFEST.replace("main:", "main:\n    description: ${DESCRIPTION}", 1))
        place.write("x-note: {}\n", "over.yaml")
        place.run("plan", "--out", "plan.json")
        files = place.run("apply", "plan.json", "-f", "bandwidth.yaml", "-f", "over.yaml")
        options = place.run("apply", "plan.json", "--only", "application.texts")
        other = place.run("apply", "plan.json", BW_ACCOUNT_ID="1")
        variable = place.run("apply", "plan.json", DESCRIPTION="two")
        place.write(MANIFEST + "# edited\n", "bandwidth.yaml")
        manifest = place.run("apply", "plan.json")
        (tmp_path / "bandwidth.yaml").unlink()
        gone = place.run("apply", "plan.json")
        assert place.writes() == []
    assert [ran.code for ran in (files, options, other, variable, manifest, gone)] == [1, 1, 3, 3, 3, 1]
    assert files.err.startswith("error: the plan was made from bandwidth.yaml\n")
    assert options.err.startswith("error: the plan was not made with this --only\n")
    assert other.err.startswith("error: the plan is for account 9900000, and this is account 1\n")
    changed = "error: the manifest, or a variable in it, has changed since the plan was made\n"
    assert variable.err == manifest.err == changed + "  hint: make a new plan\n"
    assert gone.err.startswith("error: bandwidth.yaml:1:1: no such file\n")


def test_a_plan_keeps_its_options(tmp_path: Path) -> None:
    """A plan of one address applies to that address and what it needs, from the files that it names."""
    with account(tmp_path) as place:
        place.write(MANIFEST, "config/base.yaml")
        named = ("-f", "config/base.yaml")
        place.run("plan", *named, "--only", "sms.main/desk", "--out", "plan.json")
        ran = place.run("apply", "plan.json", *named, "--only", "sms.main/desk")
        assert ran.code == 0
        held = place.state()
    assert list(held["applications"]) == []
    ((site),) = held["sites"].values()
    (peer,) = site["peers"].values()
    assert (bool(peer["sms"]), peer["mms"], held["orders"]) == (True, None, {})


LARGEST = 65_536  # characters of a comment on GitHub
STEPS = 2_000


@pytest.mark.full
def test_two_thousand_steps_fit_a_comment(tmp_path: Path) -> None:
    """A plan of 2,000 steps with long names is a comment's worth of markdown, its counts exact."""
    with account(tmp_path) as place:
        many = "".join(
            f"  application-{number:04}-{'`<!-- @everyone' * 4}: {{service_type: Voice-V2,"
            f" call_initiated_callback_url: https://example.com/{number}}}\n"
            for number in range(STEPS)
        )
        place.write(f"version: 1\napplications:\n{many}")
        planned = place.run("plan", "--format", "markdown", "--out", "plan.json", "--detailed-exitcode")
        shown = place.run("show", "plan.json", "--format", "markdown")
        summary = json.loads((tmp_path / "plan.json").read_text())["summary"]
    assert (planned.code, shown.out, summary["create"]) == (2, planned.out, STEPS)
    assert len(planned.out) < LARGEST
    assert planned.out.startswith("### Plan: 2,000 to create\n")
    listed = planned.out.count("- ``+ create application.")
    (left_out,) = re.findall(r"^- … and ([\d,]+) more steps$", planned.out, re.MULTILINE)
    assert listed + int(left_out.replace(",", "")) == STEPS
