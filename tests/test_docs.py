"""What the documentation says holds: commands exist, console blocks run, tables agree with the code."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cli import ACCOUNT, Account, account, run
from documents import (
    DOCUMENTS,
    ROOT,
    Block,
    all_blocks,
    all_commands,
    blocks,
    check_words,
    links,
    messages,
    prose,
    reasons,
    rows,
    said_by_the_code,
    section,
    spans,
    variables_read,
)
from node import node

from reconciler import cli as program
from reconciler.emulator import Emulator
from reconciler.ledger.store import VARIABLES
from reconciler.schemas import references

README, DOCS = ROOT / "README.md", ROOT / "docs"
COMMAND_LINE = DOCS / "command-line.md"
SKELETONS = {
    "": "",
    "location": "version: 1\nsub_accounts:\n  s:\n    locations:\n      l:\n        ",
    "application": "version: 1\napplications:\n  a:\n    service_type: Messaging-V2\n    ",
}
WEIGHTS = {
    "REFUSAL": ("Refused", "Who is who", "What leaves", "Numbers"),
    "HAZARD": ("Hazards",),
    "WARNING": ("Warnings",),
}
PORT = "http://127.0.0.1:8080"
RUN = [block for block in all_blocks("console") if "run" in block.marks]


def commands(block: Block) -> list[str]:
    """The lines that a reader would type."""
    lines = block.text.splitlines()
    return [line.removeprefix("$ ") for line in lines if block.language == "sh" or line.startswith("$ ")]


def words(line: str) -> list[str]:
    """A command line's words, without what only the shell reads."""
    return shlex.split(line.partition(";")[0].removesuffix("&"))


def test_documented_commands_exist() -> None:
    """Every command line in a block is one that the program, or the Makefile, takes."""
    lines = [line for block in all_blocks("console", "sh") for line in commands(block)]
    targets = re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for line in lines:
        program, *rest = words(line)
        assert program in {"reconciler", "make", "export", "pip", "curl"}, line
        if program == "reconciler":
            check_words(rest)
        elif program == "make":
            assert set(rest) <= set(targets)
    assert sum(line.startswith("reconciler") for line in lines) > 10


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_named_commands_and_options_exist(document: Path) -> None:
    """Commands, options and targets that a sentence names exist, or are listed as not supported yet."""
    named = spans(prose(document))
    options = {o for c in all_commands().values() for p in c.params for o in (*p.opts, *p.secondary_opts)}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for span in named:
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", span):
            assert option in options, f"{document.name}: {option}"
        if span.startswith("reconciler "):
            assert span.split()[1] in program.COMMANDS, f"{document.name}: {span}"
        if span.startswith("make "):
            assert re.search(rf"^{span.removeprefix('make ')}:", makefile, re.MULTILINE), span


def test_what_is_not_built_is_listed() -> None:
    """The README names every command and option that is refused as not supported yet."""
    named = set(spans(section(README, "Limits")))
    hidden = {p.opts[0] for c in all_commands().values() for p in c.params if getattr(p, "hidden", False)}
    assert set(program.NOT_YET) <= named
    assert hidden <= named


@pytest.mark.parametrize("document", sorted({block.document for block in RUN}), ids=lambda path: path.name)
def test_console_blocks_run(document: Path, tmp_path: Path) -> None:
    """Each console block, typed in with an empty account and ledger, prints what the document shows."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for block in blocks(document):
        if block.mark("file"):
            (tmp_path / block.mark("file")).write_text(block.text, encoding="utf-8")
        if block in RUN:
            shutil.rmtree(tmp_path / ".reconciler", ignore_errors=True)
            with account(tmp_path) as here:
                follow(block, here)


def follow(block: Block, here: Account) -> None:
    """Type in a console block; a line of dots in it stands for any lines."""
    for step in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        line, _, shown = step.partition("\n")
        if line.startswith("export "):
            pairs = (word.split("=", 1) for word in words(line)[1:])
            here.environ |= {name: value.replace(PORT, here.url) for name, value in pairs}
        elif line.startswith("reconciler ") and not line.endswith("&"):
            told = line.endswith("; echo $?")
            ran = here.run(*words(line)[1:])
            assert told or ran.code == 0, f"{block}: {line}: {ran}"
            output = ran.said + (f"{ran.code}\n" if told else "")
            for part in filter(None, re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE)):
                assert part in output, f"{block}: {line} printed\n{output}"
                output = output.partition(part)[2]


@pytest.mark.parametrize("block", [each for each in all_blocks("yaml") if "account" in each.marks], ids=str)
def test_yaml_is_an_account(block: Block, tmp_path: Path) -> None:
    """A document of an account, as it is shown, is one that the emulator begins with."""
    (tmp_path / "account.yaml").write_text(block.text, encoding="utf-8")
    assert Emulator(load=tmp_path / "account.yaml").dump()["sites"]


@pytest.mark.parametrize(
    "block", [each for each in all_blocks("yaml") if "account" not in each.marks], ids=str
)
def test_yaml_is_a_manifest(block: Block, tmp_path: Path) -> None:
    """A YAML block validates, alone or at the place that it is for; one marked as broken does not."""
    skeleton = SKELETONS[block.mark("inside")]
    margin = skeleton.rpartition("\n")[2]
    text = skeleton + block.text.replace("\n", f"\n{margin}")
    name = block.mark("file") or "block.yaml"
    (tmp_path / name).write_text(text, encoding="utf-8")
    files = ["-f", name]
    if "fragment" in block.marks:
        whole = next(b for b in blocks(block.document) if b.mark("file") == "bandwidth.yaml")
        (tmp_path / "bandwidth.yaml").write_text(whole.text, encoding="utf-8")
        files = ["-f", "bandwidth.yaml", *files]
    ran = run("validate", *files, environ={"BW_ACCOUNT_ID": ACCOUNT}, folder=tmp_path)
    assert ran.code == int("broken" in block.marks), ran.err


@pytest.mark.parametrize("block", all_blocks("python"), ids=str)
def test_python_runs(block: Block, tmp_path: Path) -> None:
    """A test file that the documentation shows passes as it stands."""
    (tmp_path / "test_shown.py").write_text(block.text, encoding="utf-8")
    pytest_words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_shown.py"]
    ran = subprocess.run(pytest_words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "1 passed" in ran.stdout, ran.stdout


@pytest.mark.parametrize("block", all_blocks("js"), ids=str)
def test_javascript_runs(block: Block, tmp_path: Path) -> None:
    """A Node test file that the documentation shows passes where `reconciler` is on the path."""
    found = node()
    if found is None:
        pytest.skip("there is no Node 18 or newer on the path or in .cache; `make test-full` installs one")
    (tmp_path / "shown.test.mjs").write_text(block.text, encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    node_words = [str(found), "--test", "--test-reporter=tap", "shown.test.mjs"]
    ran = subprocess.run(
        node_words, cwd=tmp_path, env={"PATH": path}, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stdout
    assert "\n# pass 1\n" in ran.stdout


def test_the_readme_is_short() -> None:
    """The README has fewer than 250 lines."""
    assert len(README.read_text(encoding="utf-8").splitlines()) < 250


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "CHANGELOG.md"], ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    """Every relative link is a file or a folder of the project."""
    for link in links(document):
        assert (document.parent / link).exists(), f"{document.name}: {link}"


def test_the_environment_table_is_complete() -> None:
    """The table lists the variables that the program reads, and no others."""
    table = rows(section(COMMAND_LINE, "Environment"))
    listed = [name for row in table for name in spans(row[0])]
    assert sorted(listed) == sorted(variables_read())


def test_the_waits_are_those_of_apply() -> None:
    """The table of waits has every option of `plan` and `apply` that takes seconds, with its usual value."""
    listed = {spans(row[0])[0]: float(row[1]) for row in rows(section(COMMAND_LINE, "How long it waits"))}
    assert listed == {o.opts[0]: o.default for o in all_commands()["apply"].params if o.metavar == "SECONDS"}


def test_the_ledgers_variables_are_listed() -> None:
    """For each kind of bucket the table lists the variables that it is opened with."""
    table = [row for row in rows(section(COMMAND_LINE, "The ledger")) if "://" in row[0]]
    listed = {spans(row[0])[0].removesuffix("://"): spans(row[1]) for row in table}
    assert listed == {
        scheme: [prefix + name for name in names] for scheme, (prefix, names) in VARIABLES.items()
    }


def test_the_ledger_has_what_is_listed(tmp_path: Path) -> None:
    """After a saved plan was applied, the ledger has objects of each kind that is listed, and no others."""
    table = [row for row in rows(section(COMMAND_LINE, "The ledger")) if "://" not in row[0]]
    with account(tmp_path, SMS_HOOK_PASSWORD="any-password") as here:
        words = ("-f", str(ROOT / "examples" / "quickstart.yaml"), "--out", "plan.json")
        assert [here.run("plan", *words).code, here.run("apply", "plan.json").code] == [0, 0]
    kept = {f"{folder.name}/…" for folder in (tmp_path / ".reconciler" / ACCOUNT).iterdir()}
    assert kept == {span for row in table for span in spans(row[0])}


def test_the_exit_codes_are_those_of_the_program() -> None:
    """The codes listed are those of `--help`, and the one of an interrupt."""
    listed = [int(row[0]) for row in rows(section(COMMAND_LINE, "Exit codes"))]
    told = re.findall(r"^ +(\d) ", run("--help", environ={}, folder=ROOT).out, re.MULTILINE)
    assert sorted(listed) == sorted([*map(int, told), program.ABORTED])


def test_the_field_reference_is_fresh() -> None:
    """The pages that are written from the code's tables say what they say; `make schemas` writes them."""
    for name, text in references().items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, name


def test_refusals_are_those_of_the_code() -> None:
    """Each thing that can stop or warn about a plan is documented under its weight, and under no other."""
    documented = {
        (message, severity)
        for severity, headings in WEIGHTS.items()
        for heading in headings
        for row in rows(section(DOCS / "refusals.md", heading))
        for message in spans(row[0])
    }
    found = messages("Finding", "finding", "refusal", "self._refuse")
    made = {(message, severity or "REFUSAL") for message, severity in found}
    made |= {(reason, "REFUSAL") for reason in reasons("removal.py", "surplus.py")}
    assert len(made) > 30
    said = {message for message, _ in made}
    assert {(message, severity) for message, severity in documented if message in said} == made


@pytest.mark.parametrize("name", ["refusals.md", "failures.md"])
def test_messages_are_said_by_the_code(name: str) -> None:
    """Each message that a table shows is in the code, … standing for what is filled in."""
    column = {"refusals.md": 0, "failures.md": 1}[name]
    shown = [span for row in rows(prose(DOCS / name)) for span in spans(row[column])]
    unsaid = [message for message in shown if not any(message in text for text in said_by_the_code())]
    assert shown
    assert not unsaid


def test_problems_of_manifests_plans_and_ledgers_are_documented() -> None:
    """What rules, saved plans, passwords, locks, messages and outputs are refused for is in a table."""
    tables = "\n".join(prose(DOCS / name) for name in ("refusals.md", "failures.md"))
    documented = {message.removeprefix("…: ") for message in spans(tables)}
    stages = ("kinds", "desired.py", "saved.py", "used_plans.py", "secret_values.py",
              "remembered.py", "locked.py", "history.py", "unlock.py", "naming.py", "planning.py",
              "smoke.py", "outputs.py", "variables.py")  # fmt: skip
    made = {message for message, _ in messages("Problem", "ForeignOrder", "Flaw", stages=stages)}
    worded = {message for message in made if any(map(str.isalpha, message.rpartition(": ")[2]))}
    assert len(worded) > 50
    assert worded - documented == set()
