"""Words on the command line: help that explains, slips that are told, exit codes and documents that hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import click
import pytest
import yaml
from cli import CASES, Account, Ran, account, location, run

from reconciler.cli import COMMANDS, NOT_YET, cli
from reconciler.kinds.schema import manifest_schema
from reconciler.model import Address

USAGE: Mapping[str, Any] = yaml.safe_load((CASES / "usage.yaml").read_text())
PRINTING = ("plan", "apply", "show", "history")  # commands that have --format
JSON = ("--format", "json")
WIDTH = 80  # columns, where nothing says how many there are


@pytest.mark.parametrize("name", USAGE)
def test_a_slip_is_exit_1(name: str, tmp_path: Path) -> None:
    """A usage error is exit 1 and one message, on stderr."""
    ran = run(*USAGE[name]["words"], environ={}, folder=tmp_path)
    assert (ran.code, ran.out) == (1, "")
    assert f"Error: {USAGE[name]['says']}" in ran.err


@pytest.mark.parametrize("name", [n for n, case in USAGE.items() if case["words"][0] in PRINTING])
@pytest.mark.parametrize("form", [("--format", "json"), ("--format=json",)])
def test_a_slip_is_one_document(name: str, form: tuple[str, ...], tmp_path: Path) -> None:
    """A usage error where JSON was asked for is exit 1 and one document, on stdout."""
    command, *words = USAGE[name]["words"]
    ran = run(command, *form, *words, environ={}, folder=tmp_path)
    (problem,) = ran.problems
    assert (ran.code, ran.err) == (1, "")
    assert problem.startswith(USAGE[name]["says"])


def test_every_later_word_is_refused_by_name() -> None:
    """Each command that the contract has and this version has not is in the table of slips."""
    assert {case["words"][0] for case in USAGE.values()} >= set(NOT_YET)


def test_no_words_are_answered_with_the_help(tmp_path: Path) -> None:
    """`reconciler` alone shows its help, and is exit 1: nothing was done."""
    ran = run(environ={}, folder=tmp_path)
    assert ran.code == 1
    assert "Usage: reconciler [OPTIONS] COMMAND" in ran.said


@pytest.mark.parametrize("words", [("--help",), ("-h",)])
def test_the_help_names_commands_and_exit_codes(words: tuple[str, ...], tmp_path: Path) -> None:
    """The help says what the program is for, each command in a sentence, and each exit code."""
    ran = run(*words, environ={}, folder=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    for command, sentence in COMMANDS.items():
        assert re.search(rf"^  {command} +{re.escape(sentence)}$", ran.out, re.MULTILINE), command
    for code in range(6):
        assert re.search(rf"\b{code} +\w", ran.out), code


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str, tmp_path: Path) -> None:
    """A command's help explains it and every option, within the width of a terminal."""
    ran = run(command, "--help", environ={}, folder=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert all(len(line) <= WIDTH for line in ran.out.splitlines())
    assert ran.out.startswith(f"Usage: reconciler {command} [OPTIONS]")
    shown = cli.get_command(click.Context(cli), command)
    assert shown is not None
    for option in shown.params:
        if isinstance(option, click.Option) and not option.hidden:
            assert option.opts[-1] in ran.out
            assert option.help, option.name
            assert option.help.rstrip("]").endswith((".", "bandwidth.yaml")), option.help
    assert shown.help, command


def test_the_version_and_the_schema_are_printed(tmp_path: Path) -> None:
    """`--version` names the program; `schema` prints the manifest's schema, as one document."""
    version = run("--version", environ={}, folder=tmp_path)
    assert re.fullmatch(r"reconciler, version \d+\.\d+\.\d+\S*\n", version.out)
    schema = run("schema", environ={}, folder=tmp_path)
    assert schema.code == 0
    assert yaml.safe_load(schema.out) == manifest_schema()


APPLICATION = (
    "<Application><ServiceType>Messaging-V2</ServiceType><AppName>{name}</AppName>"
    "<InboundCallbackUrl>https://example.com/</InboundCallbackUrl></Application>"
)
Step = Callable[[Account], Ran]
APPLY = ("apply", "--yes")


def _failing(place: Account) -> Ran:
    place.emulator.fail_next_order()
    return place.run(*APPLY)


def _twins(place: Account) -> Ran:
    for _ in range(2):
        place.ask(
            "POST /applications",
            APPLICATION.format(name="texts"),
        )
    return place.run("plan", "--format", "json", "--detailed-exitcode")


def _twins_applied(place: Account) -> Ran:
    _twins(place)
    return place.run(*APPLY, "--format", "json")


def _applied(place: Account, *words: str) -> Ran:
    assert place.run(*APPLY).code == 0
    return place.run(*words)


# Each row of the contract's table of exit codes, where no other module has it.
ENDS: Mapping[str, tuple[int, Step]] = {
    "0: valid": (0, lambda place: place.run("validate")),
    "0: a plan with changes": (0, lambda place: place.run("plan", *JSON)),
    "0: applied": (0, lambda place: place.run(*APPLY, *JSON)),
    "0: nothing to do, and no terminal": (0, lambda place: _applied(place, "apply", *JSON)),
    "0: no changes, in detail": (0, lambda place: _applied(place, "plan", "--detailed-exitcode")),
    "1: usage": (1, lambda place: place.run("plan", "--what", *JSON)),
    "1: no manifest": (1, lambda place: place.run("plan", "-f", "none.yaml", *JSON)),
    "1: credentials": (1, lambda place: place.run("plan", *JSON, BW_CLIENT_SECRET="x")),
    "1: nobody to ask": (1, lambda place: place.run("apply", *JSON)),
    "1: an address that is not there": (
        1,
        lambda place: place.run("plan", "--only", "x", *JSON),
    ),
    "1: an unwritable plan": (
        1,
        lambda place: place.run("plan", "--out", "no/plan.json", *JSON),
    ),
    "1: an unwritable trace": (1, lambda place: place.run("plan", "--trace", "no/t", *JSON)),
    "2: changes, in detail": (2, lambda place: place.run("plan", "--detailed-exitcode", *JSON)),
    "3: twins, before changes in detail": (3, _twins),
    "3: twins": (3, _twins_applied),
    "4: an order failed": (4, _failing),
}


@pytest.mark.parametrize("end", ENDS)
def test_the_exit_code_says_how_it_ended(end: str, tmp_path: Path) -> None:
    """Each row of the table of exit codes, with one document on stdout where JSON was asked for."""
    code, step = ENDS[end]
    with account(tmp_path) as place:
        place.write(location('- {area_code: "919", count: 1}'))
        ran = step(place)
    assert ran.code == code, ran.said
    if ran.out.startswith("{"):
        assert ran.document
        assert "Traceback" not in ran.err


def test_an_unwritable_ledger_stops_before_any_write(tmp_path: Path) -> None:
    """Where it cannot be kept that a plan was applied, it is not applied: exit 1, nothing written."""
    with account(tmp_path) as place:
        place.write(location())
        place.write("a file", "ledger")
        place.run("plan", "--out", "plan.json")
        ran = place.run("apply", "plan.json", "--ledger", "ledger")
        assert (ran.code, place.writes()) == (1, [])
    assert ran.err.startswith("error: the ledger ledger cannot be read: Not a directory")
    assert "hint: nothing was changed in the account; make room or mend it" in ran.err


@pytest.mark.parametrize("option", ["--only", "--allow-hazard"])
def test_an_address_that_the_manifest_has_not(option: str, tmp_path: Path) -> None:
    """A slip in an address is exit 1 with the nearest address, before anything is asked."""
    with account(tmp_path) as place:
        place.write(location())
        ran = place.run("plan", option, "aplication.text")
        far = place.run("plan", option, "zzz", "--format", "json")
        assert place.emulator.log == []
    assert (ran.code, far.code) == (1, 1)
    assert (
        ran.err
        == f"error: {option}: the manifest has no aplication.text\n  hint: did you mean application.texts?\n"
    )
    assert far.document["problems"][0]["hint"] == "its addresses read like application.texts"


@pytest.mark.parametrize("given", ["aplication.text", "location.main/desk", "application.told"])
def test_an_address_without_a_password_to_send_again(given: str, tmp_path: Path) -> None:
    """What has no password, or one that is ignored, has none to send again: exit 1, nothing asked."""
    block = (
        "{service_type: Messaging-V2, callback_url: https://a.example, callback_creds: {user_id: webhooks, "
        "password: {env: HOOK}}"
    )
    applications = f"  told: {block}, ignore: [callback_creds]}}\n  hooked: {block}}}\n  texts:\n"
    with account(tmp_path) as place:
        place.write(location().replace("  texts:\n", applications))
        ran = place.run("plan", "--resend-secrets", given)
        right = place.run("plan", "--resend-secrets", "application.hooked", HOOK="hush-hush")
    assert (ran.code, right.code) == (1, 0)
    assert ran.err.startswith(f"error: --resend-secrets: the manifest has no password of {given}\n  hint: ")
    assert "application.hooked" in ran.err


@pytest.mark.parametrize(
    ("release", "only"),
    [([], "location.main/back"), (["--release", "+19193290919"], "numbers.main/desk")],
)
def test_only_takes_what_goes_unnamed(release: list[str], only: str, tmp_path: Path) -> None:
    """What policy.prune deletes, and what a location gives up that goes, has an address for --only too."""
    with account(tmp_path) as place:
        place.write(
            location('- {area_code: "919", count: 1}').replace("      desk:", "      back: {}\n      desk:")
        )
        assert place.run("apply", "--yes").code == 0
        gone = "desk: {state: absent}" if release else "desk: {}"
        policy = "policy: {prune: [locations], max_deletions: 9, max_numbers_released: 1}"
        place.write(f"version: 1\n{policy}\nsub_accounts: {{main: {{locations: {{{gone}}}}}}}")
        ran = place.run("plan", *release, "--only", only, "--format", "json")
        far = place.run("plan", "--only", "location.main/bakc")
    assert {step["address"] for step in ran.document["steps"]} == {only}, ran.out
    assert (far.code, far.err.splitlines()[0]) == (1, "error: --only: the manifest has no location.main/bakc")


def test_a_release_that_is_no_number(tmp_path: Path) -> None:
    """What --release names in no form of a number is exit 1, each told, before anything is asked."""
    with account(tmp_path) as place:
        place.write(location())
        ran = place.run("plan", "--release", "919", "--release", "+19195551234", "--release", "+441632960961")
        assert place.emulator.log == []
    told = "error: --release: {} is not a number\n  hint: write it in E.164, as +19195551234\n"
    count = "2 problems; nothing was changed.\n"
    assert (ran.code, ran.err) == (1, told.format("919") + told.format("+441632960961") + count)


def test_only_takes_what_is_below_and_what_is_needed(tmp_path: Path) -> None:
    """--only of a location is that location, its settings and what they stand on; the rest stays."""
    with account(tmp_path) as place:
        other = "      shop:\n        features: {sms: true}\n"
        place.write(location() + other)
        ran = place.run("apply", "--yes", "--only", "location.main/desk", "--format", "json")
        done = {step["address"] for step in ran.document["steps"]}
        assert (ran.code, ran.document["converged"]) == (0, True)
        assert done == {
            "application.texts", "sub_account.main", "location.main/desk", "sms.main/desk", "mms.main/desk",
            "messaging_application.main/desk",
        }  # fmt: skip
        assert "2 to create" in place.run("plan").out


def test_a_hazard_is_let_happen_by_its_address(tmp_path: Path) -> None:
    """A hazard is exit 3 and names the words that pass; with them it is told as allowed, and applies."""
    a2p = "a2p_long_code: 'ON', a2p_message_class: Basic, a2p_campaign_id: CA1"
    with account(tmp_path) as place:
        place.write(location(features=f"{{sms: {{{a2p}}}}}"))
        assert place.run(*APPLY).code == 0
        place.write(location(features=f"{{sms: {{{a2p}, toll_free: true}}}}"))
        refused = place.run("apply", "--yes", *JSON)
        planned = place.run("plan", "--detailed-exitcode")
        assert (refused.code, planned.code) == (3, 3)
        assert refused.document["problems"][0]["hint"] == "--allow-hazard 'sms.main/desk' lets it happen"
        assert "--allow-hazard 'sms.main/desk' lets it happen" in planned.out
        allowed = place.run("apply", "--yes", "--allow-hazard", "sms.main/desk")
    assert allowed.code == 0
    assert "hazard, allowed: " in allowed.out


def test_secrets_are_sent_again_once(tmp_path: Path) -> None:
    """--resend-secrets sends a password again that somebody else changed, once, and the run converges."""
    manifest = location().replace(
        "sub_accounts:",
        "    inbound_callback_creds: {user_id: sms-hook, password: {env: HOOK}}\nsub_accounts:",
    )
    with account(tmp_path, HOOK="first-password") as place:
        place.write(manifest)
        assert place.run(*APPLY).code == 0
        ((id_),) = place.state()["applications"]
        creds = "<UserId>sms-hook</UserId><Password>somebody-elses</Password>"
        body = f"<Application><InboundCallbackCreds>{creds}</InboundCallbackCreds></Application>"
        place.ask(f"PATCH /applications/{id_}", body)
        before = len(place.writes())
        assert place.run(*APPLY).out.startswith("No changes.")
        again = ("apply", "--yes", "--resend-secrets", "application.texts", "--format", "json")
        ran = place.run(*again)
        assert (ran.code, ran.document["converged"], ran.document["summary"]["done"]) == (0, True, 1)
        (write,) = place.writes()[before:]
        assert write.startswith("PATCH ")
        ((held),) = place.state()["applications"].values()
    assert held["InboundCallbackCreds"]["Password"] == "first-password"


def test_several_files_are_merged(tmp_path: Path) -> None:
    """With several -f the later file wins, and the plan names both."""
    with account(tmp_path) as place:
        place.write(location())
        place.write("applications: {texts: {inbound_callback_url: 'https://prod.example/'}}\n", "prod.yaml")
        ran = place.run("plan", "-f", "bandwidth.yaml", "-f", "prod.yaml")
    assert "Account 9900000, manifest bandwidth.yaml, prod.yaml" in ran.out
    assert 'inbound_callback_url: "https://prod.example/"' in ran.out


def hostile() -> Iterator[Any]:
    """Names that try something on whoever reads them."""
    yield pytest.param("\x9b2J\x9d0;title\x9cred", id="escape sequences")  # C1: XML carries no ESC
    yield pytest.param("one\r\nApplied to account 9900000: nothing", id="lines of their own")
    yield pytest.param("```\n</details><img src=x>[a](http://x) @all #1`", id="markdown and HTML")
    yield pytest.param("\u202eabc\u2066\u200b\u0085\u2028z", id="directions and blanks")


@pytest.mark.parametrize("name", list(hostile()))
def test_names_from_the_account_cannot_break_out(name: str, tmp_path: Path) -> None:
    """Whatever live things are called, text stays in its lines and markdown in its code spans."""
    with account(tmp_path) as place:
        place.write(location())
        assert place.run(*APPLY).code == 0
        written = escape(name, {"\r": "&#13;", "\n": "&#10;"})
        place.ask(
            "PUT /sites/1001/sippeers/500001",
            "<SipPeer><PeerName>desk</PeerName><IsDefaultPeer>true</IsDefaultPeer>"
            f"<Description>{written}</Description></SipPeer>".encode(),
        )
        place.ask("POST /applications", APPLICATION.format(name=written).encode())
        place.write(location().replace("      desk:", "      desk:\n        description: Desk"))
        text, markdown = place.run("plan", "-v"), place.run("plan", "-v", "--format", "markdown")
        json = place.run("plan", "--format", "json")
    for ran in (text, markdown, json):
        assert all(character.isprintable() or character == "\n" for character in ran.said)
    assert ran.code == 0
    (line,) = [line for line in text.out.splitlines() if line.startswith("      description: ")]
    assert line.endswith(' -> "Desk"')
    fenced = re.sub(r"(`{3,})diff\n.*?\n\1\n", "", markdown.out, flags=re.DOTALL)
    bare = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", fenced)
    for word in ("<img", "@all", "](http", "#1", "\x1b"):
        assert word not in bare
    assert markdown.out.count("</details>") == 1 + ("</details>" in name)
    (stranger,) = json.document["unmanaged"]
    assert stranger["address"] == str(Address("application", (name,)))
