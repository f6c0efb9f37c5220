"""Rotated passwords on the command line: with a ledger, without one, and with a saved plan."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli import Account, account

MANIFEST = """\
version: 1
applications:
  texts:
    service_type: Messaging-V2
    inbound_callback_url: https://example.com/sms
    inbound_callback_creds: {user_id: sms-hook, password: {env: HOOK}}
"""
ADDRESS = "application.texts"
FIRST, SECOND = {"HOOK": "first-password"}, {"HOOK": "second-password"}
ROTATED = "inbound_callback_creds.password: (secret, rotated since it was last sent; will be sent)"
DOUBT = f"warning: {ADDRESS}: nobody can tell whether a password was rotated: "
NO_CHANGES = "No changes. The account matches the manifest."


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Account]:
    """A directory whose manifest was applied with the first password."""
    with account(tmp_path) as here:
        here.write(MANIFEST)
        assert here.run("apply", "--yes", **FIRST).code == 0
        yield here


def held(place: Account) -> str:
    """The password that the account has."""
    ((application),) = place.state()["applications"].values()
    return str(application["InboundCallbackCreds"]["Password"])


def test_the_story_of_a_password(place: Account) -> None:
    """Applied; rotated and applied; the ledger lost; sent again, and known again."""
    assert place.run("plan", **FIRST).said.startswith(f"{NO_CHANGES}\nAccount")
    rotated = place.run("plan", "--detailed-exitcode", **SECOND)
    assert rotated.code == 2
    assert rotated.out.startswith("Plan: 1 to change\n")
    assert ROTATED in rotated.out
    before = len(place.writes())
    applied = place.run("apply", "--yes", **SECOND)
    assert (applied.code, held(place)) == (0, "second-password")
    assert [call.split()[0] for call in place.writes()[before:]] == ["PATCH"]
    settled = place.run("plan", "--detailed-exitcode", **SECOND)
    assert (settled.code, "warning" in settled.said) == (0, False)
    unread = place.run("plan", "--detailed-exitcode")
    assert (unread.code, f"{DOUBT}it cannot be read here\n" in unread.out) == (0, True)

    shutil.rmtree(place.folder / ".reconciler")
    lost = place.run("plan", "--detailed-exitcode", **FIRST)
    assert (lost.code, lost.out.count(DOUBT)) == (0, 1)
    assert not (place.folder / ".reconciler").exists()
    again = place.run("apply", "--yes", "--resend-secrets", ADDRESS, **FIRST)
    assert (again.code, DOUBT in again.said, held(place)) == (0, False, "first-password")
    assert ROTATED in place.run("plan", **SECOND).out


def test_a_rotation_is_in_a_saved_plan(place: Account) -> None:
    """A saved plan says what was rotated, shows it, and says nothing of digests or passwords."""
    planned = place.run("plan", "--out", "plan.json", "--format", "json", **SECOND).document
    ((step),) = planned["steps"]
    assert step["changes"] == [
        {
            "path": "inbound_callback_creds.password",
            "before": "set",
            "after": "set",
            "secret": True,
            "rotated": True,
        }
    ]
    assert step["observed"]["inbound_callback_creds"] == {"user_id": "sms-hook"}
    assert ROTATED in place.run("show", "plan.json").out
    assert ROTATED in place.run("show", "plan.json", "--format", "markdown").out
    kept = [file.read_text() for file in (place.folder / ".reconciler").rglob("*/digests/*/*")]
    salts = [word for text in kept for word in text.split('"') if len(word) >= 32]
    assert len(salts) == 2
    text = (place.folder / "plan.json").read_text()
    assert not any(word in text for word in (*salts, "first-password", "second-password"))


def test_a_saved_plan_holds_where_there_is_no_ledger(place: Account) -> None:
    """What a plan calls rotated is sent by a runner whose own ledger knows nothing of it."""
    assert place.run("plan", "--out", "plan.json", **SECOND).code == 0
    applied = place.run("apply", "plan.json", "--ledger", "elsewhere", **SECOND)
    assert (applied.code, held(place)) == (0, "second-password")
    assert place.run("plan", "--ledger", "elsewhere", **SECOND).said.startswith(f"{NO_CHANGES}\nAccount")


def test_a_saved_plan_whose_password_was_sent_is_stale(place: Account) -> None:
    """Once another run has sent a rotated password, the plan that would send it is refused."""
    assert place.run("plan", "--out", "plan.json", **SECOND).code == 0
    assert place.run("apply", "--yes", **SECOND).code == 0
    stale = place.run("apply", "plan.json", **SECOND)
    assert stale.code == 3
    assert (
        f"{ADDRESS}: inbound_callback_creds.password was rotated since it was last sent when planned, "
        "and needs no change now"
    ) in stale.err


@pytest.mark.parametrize(
    ("words", "environ"),
    [(("--ledger", "elsewhere"), SECOND), ((), {"HOOK": None})],
    ids=["without the ledger", "without the password"],
)
def test_a_plan_that_could_not_tell_is_refused_where_one_can(
    words: tuple[str, ...], environ: dict[str, str | None], place: Account
) -> None:
    """Where apply sees a rotation that the plan could not, it refuses; --resend-secrets makes both agree."""
    planned = place.run("plan", "--out", "plan.json", *words, **environ)
    assert (planned.code, DOUBT in planned.out) == (0, True)
    before = place.writes()
    refused = place.run("apply", "plan.json", **SECOND)
    assert (refused.code, place.writes()) == (3, before)
    assert (
        f"{ADDRESS}: inbound_callback_creds.password needed no change when planned, "
        "and is rotated since it was last sent"
    ) in refused.err
    assert f"with the ledger and the passwords of this run, or with --resend-secrets {ADDRESS}" in refused.err
    again = ("plan", "--out", "again.json", "--resend-secrets", ADDRESS, *words)
    assert place.run(*again, **environ).code == 0
    assert (place.run("apply", "again.json", **SECOND).code, held(place)) == (0, "second-password")
