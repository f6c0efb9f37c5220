"""Saved plans: the same bytes each time, applied once, and only while what they stand on is as it was seen.

`cases/cli/moved.yaml` has every field that a plan may stand on, and what somebody else makes of it meanwhile.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from cli import CASES, Account, account, location
from lxml import etree

from reconciler.emulator import Emulator
from reconciler.kinds import KINDS
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
    """Applied, a plan converges without a question; again, it is refused, and another ledger sees it is stale."""
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
    assert "error: application.texts: there is nothing to create now\n" in other.err


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
    """A plan is exit 3 from the moment when it expires, and its content alone cannot tell it from a fresh one."""
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
    changed = "error: the manifest, or a variable in it, has changed since the plan was made\n  hint: make a new plan\n"
    assert variable.err == changed
    assert manifest.err == changed
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


MOVED: Mapping[str, Any] = yaml.safe_load((CASES / "moved.yaml").read_text())
ROWS = [(address, field) for address, rows in MOVED["fields"].items() for field in rows]
BELOW = {
    "sms": "/products/messaging/features/sms",
    "messaging_application": "/products/messaging/applicationSettings",
    "origination": "/products/origination/settings",
    "termination": "/products/termination/settings",
}


@dataclass(frozen=True)
class Moving:
    """An account on which a saved plan stands: where things are, and what they were."""

    place: Account
    paths: Mapping[str, str]

    @classmethod
    def of(cls, place: Account) -> Moving:
        """Apply, save the plan of what comes after, and find out where everything is."""
        place.write(MOVED["before"], "before.yaml")
        place.write(MOVED["after"], "after.yaml")
        files = ("-f", "before.yaml", "-f", "after.yaml")
        assert place.run("apply", "--yes", "-f", "before.yaml").code == 0
        assert place.run("plan", *files, "--out", "plan.json").code == 0
        held = place.state()
        paths = {
            f"application.{each['AppName']}": f"/applications/{id_}"
            for id_, each in held["applications"].items()
        }
        ((site_id, site),) = held["sites"].items()
        paths["sub_account.main"] = f"/sites/{site_id}"
        for id_, peer in site["peers"].items():
            paths[f"location.main/{peer['document']['PeerName']}"] = f"/sites/{site_id}/sippeers/{id_}"
        return cls(place, paths)

    def path(self, address: str, field: str) -> str:
        """Where the document is that has the field."""
        kind, _, names = address.partition(".")
        below = BELOW.get(kind) or BELOW.get(field)
        return self.paths[f"location.{names}"] + below if below else self.paths[address]

    def moved(self, address: str, field: str, row: Mapping[str, str]) -> str:
        """Make the row's change; the call and the document that undo it, apart by a line break."""
        path, now = self.path(address, field), row["now"]
        for name, where in self.paths.items():
            now = now.replace(f"{{{name}}}", where.rpartition("/")[2])
        if address.startswith("application."):
            self.place.ask(f"PATCH {path}", f"<Application>{now}</Application>")
            return f"PUT {path}\n{MOVED['documents'][address]}"
        was = self._document(path)
        path_of_now = self.path(row.get("at", address), field)
        body = self._document(path_of_now)
        parent = body.find(row["in"]) if "in" in row else body
        element = etree.fromstring(now)
        old = parent.find(element.tag)
        if old is None:
            parent.append(element)
        else:
            parent.replace(old, element)
        self.place.ask(f"PUT {path_of_now}", etree.tostring(body))
        return f"PUT {path}\n{etree.tostring(was).decode()}"

    def _document(self, path: str) -> Any:
        return etree.fromstring(self.place.ask(f"GET {path}").encode())[0]


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moving]:
    """One account for every row; each row puts back what it moved."""
    with account(tmp_path_factory.mktemp("moving"), HOOK="hook-password") as place:
        yield Moving.of(place)


@pytest.mark.parametrize(("address", "field"), ROWS)
def test_a_field_that_moved_stops_the_plan(address: str, field: str, moving: Moving) -> None:
    """A field changed after planning is exit 3 with object, field, before and after; nothing is written."""
    row, place = MOVED["fields"][address][field], moving.place
    undo, _, document = moving.moved(address, field, row).partition("\n")
    state, writes = place.state(), place.writes()
    ran = place.run("apply", "plan.json")
    text = place.run("apply", "plan.json", "--format", "json")
    assert (ran.code, text.code, place.state(), place.writes()) == (3, 3, state, writes)
    place.ask(undo, document)
    assert ran.out == ""
    assert f"{address}: {row['says']}" in text.problems
    assert f"error: {address}: {row['says']}\n  hint: make a new plan\n" in ran.err


def test_every_declared_field_is_among_the_rows() -> None:
    """Each word of the manifest that a step can stand on has its row."""
    rows = {(address.partition(".")[0], field) for address, field in ROWS}
    fields = {(kind.name, row.name) for kind in KINDS for row in kind.fields if not row.hidden}
    assert fields - rows == NOT_MOVED


NOT_MOVED = {
    ("application", "service_type"),  # the API does not change it: another type is another application
}


def test_once_everything_is_back_the_plan_applies(tmp_path: Path) -> None:
    """A plan that was refused because something moved applies, and converges, once that is undone."""
    with account(tmp_path, HOOK="hook-password") as place:
        moving = Moving.of(place)
        row = MOVED["fields"]["sub_account.main"]["customer_name"]
        undo, _, document = moving.moved("sub_account.main", "customer_name", row).partition("\n")
        assert place.run("apply", "plan.json").code == 3
        place.ask(undo, document)
        ran = place.run("apply", "plan.json", "--format", "json")
        assert (ran.code, ran.document["converged"]) == (0, True)
