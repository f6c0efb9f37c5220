"""Outputs as each format has them, read back by the format's own readers, whatever things are called."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from node import node

from reconciler.kinds.hosts import FIELDS as HOSTS
from reconciler.model import Address, Problems
from reconciler.outputs import USERS, Out, Output, Outputs
from reconciler.report.formats import OUTPUTS_SCHEMA
from reconciler.report.outputs import outputs_json, outputs_text
from reconciler.report.variables import outputs_dotenv, outputs_github

TEXTING = Address("application", ("pbx",))
DESK = Address("location", ("main office", "front-desk"))
POOL = Address("numbers", DESK.names, "toll_free=8**")
KNOWN = Outputs(
    "9900000",
    (
        Output(TEXTING, {"id": "93de-22", "inbound_callback_user_id": "pbx hook"}),
        Output(DESK, {"id": "500001", "voice_hosts": ("sbc1.example.com:5060", "192.0.2.10")}),
        Output(POOL, {"numbers": ("+18005550100", "+18885550101")}),
    ),
    (Address("sub_account", ("branch",)),),
)
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
# what a variable's reader may stumble over, more often than chance has it
TEXTS = st.text(
    st.sampled_from(" \"'\\$`{}#=!~\n\r\t<>EOF_,%+/é\u2028\u202e\x1b")
    | st.characters(codec="utf-8", exclude_characters="\0"),
    max_size=12,
)
WORDS = ("id", *USERS.values())
VALUES = st.dictionaries(st.sampled_from(WORDS), TEXTS, max_size=3) | st.dictionaries(
    st.sampled_from(HOSTS), st.lists(TEXTS, max_size=3).map(tuple), max_size=2
)
# no two of them give one name: the first names are numbers
HOSTILE = st.lists(st.tuples(NAMES, VALUES), max_size=4).map(
    lambda drawn: Outputs(
        "9900000",
        tuple(
            Output(Address("location", (str(number), name)), values)
            for number, (name, values) in enumerate(drawn)
        ),
    )
)


def value(text: str) -> Outputs:
    """One output with this value."""
    return Outputs("9900000", (Output(TEXTING, {"id": text}),))


def by_shell(text: str, folder: Path) -> dict[str, str]:
    """The variables of the file as `sh` has them after reading it."""
    (folder / "outputs.env").write_text(text, encoding="utf-8")
    words = ["sh", "-euc", "set -a; . ./outputs.env; exec env -0"]
    ran = subprocess.run(words, cwd=folder, env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=True)
    found = dict(line.split("=", 1) for line in ran.stdout.decode().split("\0") if line)
    return {name: said for name, said in found.items() if name not in {"PATH", "PWD", "_", "OLDPWD", "SHLVL"}}


def by_dotenv(text: str) -> dict[str, str | None]:
    """The variables of the file as python-dotenv has them, what it substitutes substituted."""
    return dict(dotenv_values(stream=io.StringIO(text)))


def by_runner(text: str) -> dict[str, str]:
    """The outputs of a step's file, as GitHub's runner reads it (actions/runner, FileCommandManager.cs).

    A line is `name=value`, or `name<<delimiter` and a value up to the line that is the delimiter alone; lines
    end with a line feed; an empty one is passed over, any other one fails the step.
    """
    found: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in filter(None, lines):
        name, sign, rest = min((line.partition(sign) for sign in ("=", "<<")), key=lambda cut: len(cut[0]))
        assert name, line
        assert sign, line
        if sign == "<<":
            inside = []
            while (one := next(lines)) != rest:  # a delimiter that never comes fails, as it does there
                inside.append(one)
            rest = "\n".join(inside)
        assert name not in found
        found[name] = rest
    return found


def joined(said: Out) -> str:
    """A value as a dotenv variable has it."""
    return said if isinstance(said, str) else ",".join(said)


def test_text_is_for_a_person() -> None:
    """By address, names and values in columns, one value a line."""
    assert outputs_text(KNOWN) == (
        "Account 9900000\n\n"
        "application.pbx\n"
        "  id                        93de-22\n"
        "  inbound_callback_user_id  pbx hook\n\n"
        'location."main office"/front-desk\n'
        "  id                        500001\n"
        "  voice_hosts               sbc1.example.com:5060\n"
        "                            192.0.2.10\n\n"
        'numbers."main office"/front-desk[toll_free=8**]\n'
        "  numbers                   +18005550100\n"
        "                            +18885550101\n"
    )


def test_json_is_by_address() -> None:
    """The document fits its schema, has what is there by address, and lists what is not."""
    document = outputs_json(KNOWN)
    Draft202012Validator(OUTPUTS_SCHEMA).validate(document)
    assert document == {
        "format": "reconciler.outputs/1",
        "account": "9900000",
        "outputs": {
            "application.pbx": {"id": "93de-22", "inbound_callback_user_id": "pbx hook"},
            str(DESK): {"id": "500001", "voice_hosts": ["sbc1.example.com:5060", "192.0.2.10"]},
            str(POOL): {"numbers": ["+18005550100", "+18885550101"]},
        },
        "missing": ["sub_account.branch"],
    }


def test_dotenv_names_come_from_addresses() -> None:
    """Names are the address in capitals; what needs no quotes has none, and lists have commas."""
    assert outputs_dotenv(KNOWN) == (
        "ACCOUNT_ID=9900000\n"
        "APPLICATION_PBX_ID=93de-22\n"
        'APPLICATION_PBX_INBOUND_CALLBACK_USER_ID="pbx hook"\n'
        "LOCATION_MAIN_OFFICE_FRONT_DESK_ID=500001\n"
        "LOCATION_MAIN_OFFICE_FRONT_DESK_VOICE_HOSTS=sbc1.example.com:5060,192.0.2.10\n"
        "NUMBERS_MAIN_OFFICE_FRONT_DESK_TOLL_FREE_8XX=+18005550100,+18885550101\n"
    )


def test_github_has_the_same_names_and_json() -> None:
    """Names are those of dotenv in lower case, lists are JSON, for fromJSON."""
    read = by_runner(outputs_github(KNOWN))
    assert {name.upper() for name in read} == set(by_dotenv(outputs_dotenv(KNOWN)))
    assert read["account_id"] == "9900000"
    assert json.loads(read["numbers_main_office_front_desk_toll_free_8xx"]) == [
        "+18005550100",
        "+18885550101",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain-1.x:5060", "plain-1.x:5060"),
        ("", ""),
        ("it's", '"it\'s"'),
        ('a "b" $c `d`', "'a \"b\" $c `d`'"),
        ("# no comment", '"# no comment"'),
        ("~root", '"~root"'),
        ("Büro ✓", '"Büro ✓"'),
    ],
)
def test_quotes_are_those_that_all_readers_know(text: str, line: str, tmp_path: Path) -> None:
    """A value is written so that python-dotenv, `sh` and, as documented, docker compose agree."""
    written = outputs_dotenv(value(text))
    assert written == f"ACCOUNT_ID=9900000\nAPPLICATION_PBX_ID={line}\n"
    assert by_dotenv(written) == by_shell(written, tmp_path) == {
        "ACCOUNT_ID": "9900000",
        "APPLICATION_PBX_ID": text,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["back\\slash", "${HOME}", "'\"", "two\nlines", "\x1b[2J", "a\u2028b"])
def test_what_readers_differ_on_is_refused(text: str) -> None:
    """A value that some reader would take for another is refused, by its address, and exit 3."""
    with pytest.raises(Problems) as refused:
        outputs_dotenv(value(text))
    (problem,) = refused.value.problems
    assert (refused.value.exit_code, problem.hint) == (3, "use --format json, or --only what you need")
    assert problem.message.startswith("application.pbx (id): dotenv has no way to write this value")
    assert by_runner(outputs_github(value(text)))["application_pbx_id"] == text


def test_a_comma_in_a_list_is_refused() -> None:
    """A list whose element has a comma would be read as a longer one."""
    outputs = Outputs("9900000", (Output(DESK, {"voice_hosts": ("a,b",)}),))
    with pytest.raises(Problems, match="dotenv has no way"):
        outputs_dotenv(outputs)
    read = by_runner(outputs_github(outputs))
    assert json.loads(read["location_main_office_front_desk_voice_hosts"]) == ["a,b"]


@pytest.mark.parametrize(
    ("render", "name"),
    [(outputs_dotenv, "LOCATION_A_B_C_ID"), (outputs_github, "location_a_b_c_id")],
)
def test_one_name_is_never_two_things(render: Callable[[Outputs], str], name: str) -> None:
    """Two addresses that give one name are refused, both named; each alone is fine."""
    one, other = (Output(Address("location", ("a", key)), {"id": key}) for key in ("b-c", "b c"))
    with pytest.raises(Problems) as refused:
        render(Outputs("9900000", (one, other)))
    (problem,) = refused.value.problems
    assert problem.message == (f'location.a/b-c (id) and location.a/"b c" (id) would both be called {name}')
    assert refused.value.exit_code == 3
    assert render(Outputs("9900000", (one,))).count(name) == 1


@given(HOSTILE)
def test_github_reads_back_whatever_it_is(outputs: Outputs) -> None:
    """Whatever names and values hold, the runner's reader has each value once, and nothing else."""
    read = by_runner(outputs_github(outputs))
    values = [said for output in outputs.found for said in output.values.values()]
    plain = [said if isinstance(said, str) else json.dumps(said) for said in values]
    assert list(read.values()) == ["9900000", *plain]


@given(HOSTILE)
def test_dotenv_reads_back_or_is_refused(outputs: Outputs) -> None:
    """Whatever names and values hold, python-dotenv has each value as it is, or it was refused."""
    try:
        read = by_dotenv(outputs_dotenv(outputs))
    except Problems:
        return
    values = [said for output in outputs.found for said in output.values.values()]
    assert list(read.values()) == ["9900000", *map(joined, values)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory for files that a shell reads."""
    return tmp_path_factory.mktemp("shell")


def sayable(texts: list[str]) -> Outputs:
    """Outputs of those texts that dotenv can say, one application each."""
    found = []
    for number, text in enumerate(texts):
        output = Output(Address("application", (str(number),)), {"id": text})
        try:
            outputs_dotenv(Outputs("9900000", (output,)))
        except Problems:
            continue
        found.append(output)
    return Outputs("9900000", tuple(found))


@given(st.lists(TEXTS, min_size=10, max_size=40))
def test_a_shell_reads_what_python_dotenv_reads(folder: Path, texts: list[str]) -> None:
    """What is not refused is the same to `sh` as to python-dotenv: nothing is substituted, nothing runs."""
    outputs = sayable(texts)
    assume(outputs.found)
    text = outputs_dotenv(outputs)
    assert by_shell(text, folder) == by_dotenv(text)


def test_node_reads_it_too(tmp_path: Path) -> None:
    """Node's own reader of such files has the values as they are."""
    found = node()
    if found is None:
        pytest.skip("there is no Node 18 or newer on the path or in .cache; `make test-full` installs one")
    outputs = sayable(
        ["", "x y", "it's", 'a "b" $c `d`', "# no", "Büro ✓", " wide ", "a=b", "${HOME}", "\\n"]
    )
    text = outputs_dotenv(outputs)
    (tmp_path / "outputs.env").write_text(text, encoding="utf-8")
    script = (
        "const util = require('node:util');"
        "const text = require('node:fs').readFileSync('outputs.env', 'utf8');"
        "console.log(JSON.stringify(util.parseEnv ? util.parseEnv(text) : null));"
    )
    ran = subprocess.run([found, "-e", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    read: Mapping[str, str] | None = json.loads(ran.stdout)
    if read is None:
        pytest.skip("this Node has no reader of such files; 20.12 and 21.7 are the first that do")
    assert read == by_dotenv(text)
    assert len(read) == 9


@given(HOSTILE)
def test_text_and_json_stay_in_their_lines(outputs: Outputs) -> None:
    """Whatever names and values hold, text is printable lines, and JSON fits its schema."""
    text = outputs_text(outputs)
    assert all(line.isprintable() for line in text.split("\n"))
    document = outputs_json(outputs)
    Draft202012Validator(OUTPUTS_SCHEMA).validate(document)
    assert len(document["outputs"]) == len(outputs.found)
