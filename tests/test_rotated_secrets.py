"""Passwords that were rotated since they were sent: which a plan sends again, and where nobody can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from account import CHEAP, ENVIRON, Account, said
from obstore.store import MemoryStore

from reconciler.execute import Result, State
from reconciler.ledger.digests import Digests
from reconciler.ledger.store import Store, open_store
from reconciler.paths import Ids
from reconciler.plan import Options, Plan, Step
from reconciler.report.as_text import plan_text
from reconciler.secret_values import read_secrets
from reconciler.sent_secrets import Remembering

HOOK, NEW, UNSET = "{env: HOOK_PASSWORD}", "{env: NEW_PASSWORD}", "{env: UNSET_PASSWORD}"
INBOUND, OUTBOUND = "inbound_callback_creds.password", "outbound_callback_creds.password"
DOUBT = "nobody can tell whether a password was rotated: "
UNRECORDED = DOUBT + "the ledger has no digest of the one last sent"
UNREADABLE = DOUBT + "it cannot be read here"
AGAIN = Options(resend_secrets=("application.texts",))


def application(*lines: str) -> str:
    """A manifest of one application."""
    return "    ".join(["version: 1\napplications:\n  texts:\n", "service_type: Messaging-V2\n", *lines])


def manifest(inbound: str = HOOK, outbound: str = HOOK, user: str = "sms-hook") -> str:
    """An application with two credentials blocks, these references in them."""
    return application(
        "inbound_callback_url: https://example.com/in\n",
        f"inbound_callback_creds: {{user_id: {user}, password: {inbound}}}\n",
        "outbound_callback_url: https://example.com/out\n",
        f"outbound_callback_creds: {{user_id: sms-hook, password: {outbound}}}\n",
    )


def one_url(password: str, direction: str = "") -> str:
    """The same application with one block, for both directions unless it says for which."""
    return application(
        f"{direction}callback_url: https://example.com/in\n",
        f"{direction}callback_creds: {{user_id: sms-hook, password: {password}}}\n",
    )


@dataclass(frozen=True)
class Case:
    """A later manifest, the fields that its plan changes ("!": rotated), and its warnings."""

    manifest: str
    sends: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()


CASES: Mapping[str, Case] = {
    "the same password": Case(manifest()),
    "the same password behind another reference": Case(manifest("{file: hook}", "{file: hook}")),
    "another password": Case(manifest(NEW), (f"{INBOUND}!",)),
    "another password behind the same sort of reference": Case(manifest("{file: new}"), (f"{INBOUND}!",)),
    "two other passwords": Case(manifest(NEW, NEW), (f"{INBOUND}!", f"{OUTBOUND}!")),
    "another user, and the same password": Case(
        manifest(user="another"), ("inbound_callback_creds.user_id", INBOUND)
    ),
    "another user, and a rotated password elsewhere": Case(
        manifest(HOOK, NEW, "another"), ("inbound_callback_creds.user_id", INBOUND, f"{OUTBOUND}!")
    ),
    "a password that cannot be read": Case(manifest(UNSET), (), (UNREADABLE,)),
    "a file that is not there": Case(manifest(HOOK, "{file: gone}"), (), (UNREADABLE,)),
    "two that cannot be read": Case(manifest(UNSET, "{file: gone}"), (), (UNREADABLE,)),
    "one that cannot be read, and a rotated one": Case(
        manifest(UNSET, NEW), (f"{OUTBOUND}!",), (UNREADABLE,)
    ),
    "a password that the API would not take": Case(
        manifest("{file: short}"),
        (f"{INBOUND}!",),
        ("apply would stop: the password in FOLDER/short has 3 characters",),
    ),
    "a block that is not managed any more": Case(
        "version: 1\napplications: {texts: {service_type: Messaging-V2}}"
    ),
    "a block that is taken away, and a rotated one": Case(
        manifest(HOOK, NEW).replace(f"{{user_id: sms-hook, password: {HOOK}}}", "null"),
        ("inbound_callback_creds.user_id", INBOUND, f"{OUTBOUND}!"),
    ),
}


def furnished(folder: Path) -> Account:
    """An account that the first manifest was applied to, and password files beside the manifest."""
    for name, password in (("hook", "hook-password\n"), ("new", "new-password"), ("short", "abc")):
        (folder / name).write_text(password, encoding="utf-8")
    account = Account(folder)
    applied = account.apply(manifest())
    assert (applied.code, applied.residue.steps, applied.residue.warnings) == (0, (), ())
    return account


def sends(plan: Plan) -> list[str]:
    """The fields that the plan's steps change, a mark behind those that were rotated."""
    return [change.path + "!" * change.rotated for step in plan.steps for change in step.changes]


def passwords(account: Account) -> list[str]:
    """What the account holds for messages in and out."""
    held = account.held()["applications"]["texts"]
    return [held[block]["Password"] for block in ("InboundCallbackCreds", "OutboundCallbackCreds")]


@pytest.mark.parametrize("name", CASES)
def test_a_plan_sends_what_was_rotated(name: str, tmp_path: Path) -> None:
    """A password that is not the one last sent is sent, whatever it is read from; no other is."""
    case, account = CASES[name], furnished(tmp_path)
    plan = account.plan(case.manifest).plan
    assert sends(plan) == list(case.sends)
    warned = [finding.message.replace(str(tmp_path), "FOLDER") for finding in plan.warnings]
    assert warned == list(case.warns)


def test_a_rotated_password_is_sent_once(tmp_path: Path) -> None:
    """Its block is sent, user and password together, and no other; then nothing is left to change."""
    account = furnished(tmp_path)
    applied = account.apply(manifest(NEW))
    assert (applied.code, applied.residue.steps, applied.residue.warnings) == (0, (), ())
    ((call, body),) = account.calls(applied.sent)
    assert call == "PATCH /applications/texts"
    assert b"<InboundCallbackCreds><UserId>sms-hook</UserId><Password>new-password</Password>" in body
    assert b"OutboundCallbackCreds" not in body
    assert passwords(account) == ["new-password", "hook-password"]
    assert sends(account.plan(manifest(HOOK)).plan) == [f"{INBOUND}!"]


def test_without_a_digest_nobody_can_tell(tmp_path: Path) -> None:
    """A lost ledger sends nothing and says so once for an object; sending again ends the doubt."""
    account = furnished(tmp_path)
    account.ledger = Store(MemoryStore())
    plan = account.plan(manifest(NEW, UNSET)).plan
    assert [said(finding) for finding in plan.warnings] == [
        f"warning application.texts: {UNRECORDED}",
        f"warning application.texts: {UNREADABLE}",
    ]
    assert not plan.steps
    applied = account.apply(manifest(NEW, NEW), options=AGAIN)
    assert sends(applied.plan) == [INBOUND, OUTBOUND]
    assert (applied.code, applied.plan.warnings, applied.residue.warnings) == (0, (), ())
    assert passwords(account) == ["new-password", "new-password"]
    assert sends(account.plan(manifest(HOOK, NEW)).plan) == [f"{INBOUND}!"]


def test_what_is_not_in_question_is_not_warned_about(tmp_path: Path) -> None:
    """With --only, doubts about what is not chosen are left out; so are those about what is created."""
    account = furnished(tmp_path)
    account.ledger = Store(MemoryStore())
    another = "  calls: {service_type: Voice-V2, call_initiated_callback_url: 'https://a.example/', "
    another += f"callback_creds: {{user_id: voice-hook, password: {HOOK}}}}}\n"
    plan = account.plan(manifest() + another, options=Options(only=("application.calls",))).plan
    assert (len(plan.steps), plan.warnings) == (1, ())


def test_many_doubts_are_one_line(tmp_path: Path) -> None:
    """A reader gets one warning that names the first few of many objects, and one hint."""
    account, names = furnished(tmp_path), [f"a{number}" for number in range(7)]
    text = manifest()
    block = text.partition("  texts:\n")[2]
    text = "version: 1\napplications:\n" + "".join(f"  {name}:\n{block}" for name in names)
    assert account.apply(text).code == 0
    account.ledger = Store(MemoryStore())
    plan = account.plan(text).plan
    assert len(plan.warnings) == 7
    _, _, told = plan_text(plan, color=False).partition("\n\nwarning: ")
    assert told == (
        "application.a0, application.a1, application.a2, application.a3, application.a4, 2 more: "
        f"{UNRECORDED}\n  hint: --resend-secrets ADDRESS sends it, and then the ledger has its digest\n"
    )


def test_a_mirrored_block_is_not_taken_for_the_one_last_sent(tmp_path: Path) -> None:
    """A block that others were sent over is in doubt, even where its old password comes back."""
    account = Account(tmp_path)
    assert account.apply(one_url(HOOK)).code == 0
    other_form = one_url(NEW, "inbound_")
    assert [f.message for f in account.plan(other_form).plan.warnings] == [UNRECORDED]
    assert account.apply(other_form, options=AGAIN).code == 0
    plan = account.plan(one_url(HOOK)).plan
    assert (sends(plan), [f.message for f in plan.warnings]) == ([], [UNRECORDED])


class Performed:
    """Something that carries out steps and always ends in one way."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.steps: list[str] = []

    def __call__(self, step: Step, ids: Ids) -> Result:
        """Say how it ended."""
        del ids
        self.steps.append(step.id)
        return Result.of(step, self.state, created="id-created" if step.action == "create" else "")


def steps_of(account: Account, text: str) -> tuple[Step, dict[str, str]]:
    """The one step of a manifest's plan, and the id of what is live."""
    planned = account.plan(text)
    (step,) = planned.plan.steps
    return step, {str(address): id_ for address, id_ in planned.ids.items()}


@pytest.mark.parametrize("state", State)
def test_only_what_is_done_is_the_one_last_sent(state: State, tmp_path: Path) -> None:
    """After a step that is not done no password counts as sent, so that whichever is wanted goes again."""
    account = furnished(tmp_path)
    step, ids = steps_of(account, manifest(NEW))
    store = Store(MemoryStore())
    digests, owner = Digests(store, CHEAP), ids["application.texts"]
    digests.record(owner, INBOUND, "hook-password")
    digests.record(owner, OUTBOUND, "hook-password")
    Remembering(Performed(state), digests, read_secrets([step], ENVIRON))(step, {})
    verdicts = [digests.verdict(owner, INBOUND, each) for each in ("hook-password", "new-password")]
    assert verdicts == [False, state is State.DONE]
    assert digests.verdict(owner, OUTBOUND, "hook-password") is True


def test_a_create_is_remembered_under_its_new_id(tmp_path: Path) -> None:
    """What was created, or adopted after a lost answer, has the digests of what was sent."""
    step, _ = steps_of(Account(tmp_path), manifest(HOOK, NEW))
    digests = Digests(Store(MemoryStore()), CHEAP)
    Remembering(Performed(State.DONE), digests, read_secrets([step], ENVIRON))(step, {})
    assert digests.verdict("id-created", INBOUND, "hook-password") is True
    assert digests.verdict("id-created", OUTBOUND, "new-password") is True


def test_a_ledger_that_fails_loses_nothing(tmp_path: Path) -> None:
    """An update that the ledger cannot be told of is not begun; a create that is done stays done."""
    account = furnished(tmp_path)
    broken = Digests(open_store(str(tmp_path / "hook" / "ledger"), {}), CHEAP)
    ends = {}
    for text in (manifest(NEW), manifest().replace("texts:", "more:")):
        step, _ = steps_of(account, text)
        perform = Performed(State.DONE)
        result = Remembering(perform, broken, read_secrets([step], ENVIRON))(step, {})
        ends[step.action.value] = (result.state, len(perform.steps))
        assert f"the ledger {tmp_path}/hook/ledger cannot be" in result.message
    assert ends == {"update": (State.FAILED, 0), "create": (State.DONE, 1)}
