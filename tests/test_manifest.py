"""What a manifest's text means: types, merging, references, positions."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from manifest_schema import loaded

from reconciler.model import Problems

TYPED = [
    ("text: 919", "919"),
    ("text: 02134", None),
    ("text: 0213", "0213"),
    ("text: OFF", "OFF"),
    ("text: 1.0", "1.0"),
    ("text: true", "true"),
    ("text: 1_0", "1_0"),
    ("text: 'null'", "null"),
    ("text: !!str null", "null"),
    ("text: null", ...),
    ("text: ~", ...),
    ("text:", ...),
    ("word: ON", "ON"),
    ("word: off", None),
    ("flag: true", True),
    ("flag: False", False),
    ("flag: TRUE", True),
    ("flag: !!bool 'true'", True),
    ("flag: yes", None),
    ("flag: 'true'", None),
    ("flag: null", None),
    ("count: 3", 3),
    ("count: +3", 3),
    ("count: 0x7", 7),
    ("count: 0o7", 7),
    ("count: 08", 8),
    ("count: 3.0", None),
    ("count: 1_0", None),
    ("count: '3'", None),
    ("count: 99999999999999999999999999999", None),
    ("switch: true", True),
    ("switch: {on: false}", {"on": False}),
    ("list: [a, 1, true, null, 1]", None),
    ("list: [1, '1', true]", [1, "1", True]),
]


@pytest.mark.parametrize(("line", "value"), TYPED)
def test_scalars_are_typed_by_the_schema(line: str, value: Any, tmp_path: Path) -> None:
    """A scalar is what the schema wants, its text where that is text; None: refused, ...: null."""
    text = f"version: 1\nsites: {{a: {{\n{line}\n}}}}\n"
    if value is None:
        with pytest.raises(Problems) as refused:
            loaded(tmp_path, text)
        assert {problem.position.line for problem in refused.value.problems if problem.position} == {3}
    else:
        site = loaded(tmp_path, text).data["sites"]["a"]
        assert list(site.values()) == [None if value is ... else value]


WORDED = [
    ("text: a", "text: must have at least 2 characters, not 1"),
    ("text: abcde", "text: must have at most 4 characters, not 5"),
    ("count: 0", "count: must be at least 1, not 0"),
    ("count: 10", "count: must be at most 9, not 10"),
    ("list: []", "list: must have at least 1 item, not 0"),
    ("list: [1, 2, 3, 4]", "list: must have at most 3 items, not 4"),
    ("list: [{a: 1, b: 2}, 1, {b: 2, a: 1}]", "list[2]: repeats list[0]"),
    ("even: 3", "even: not valid here"),
    ("odd: 2", "odd: 2 is not supported yet"),
    ("hour: 24", f"hour: 24 is not one of {', '.join(map(str, range(16)))} and 8 more"),
    ("kind: {name: a}", "kind: of is missing"),
    ("later: 1", "later: not supported yet"),
    ("nothing: {a: 1}", "nothing.a: unknown field"),
    ("address: {zip: {five: 27601}}", "address.zip: must be text, not a map"),
    ("password: canary", "password: a secret is never written in a manifest"),
    ("password: '${CANARY}'", "password: a secret is never written in a manifest"),
    ("password: [canary]", "password: a secret is never written in a manifest"),
    ("password: {env: [canary]}", "password.env: must be text, not a list"),
    ("password: {file: ''}", "password.file: must have at least 1 character, not 0"),
    ("address: {password: [canary]}", "address.password: must be text, not a list"),
    (
        "passwords: {password: canary}",
        "passwords.password: must be true or false, not what is written",
    ),
    ("options: {o-a: [1]}", "options.o-a: must be text, not a list"),
]


@pytest.mark.parametrize(("line", "message"), WORDED)
def test_faults_are_worded(line: str, message: str, tmp_path: Path) -> None:
    """Each way to be wrong has its sentence and a hint, and a secret's text is in neither."""
    with pytest.raises(Problems) as refused:
        loaded(tmp_path, f"version: 1\nsites:\n  a:\n    {line}\n", CANARY="canary")
    (problem,) = refused.value.problems
    assert problem.message == f"sites.a.{message}"
    assert problem.hint
    assert "canary" not in str(problem).lower().replace("${canary}", "")


MERGED: dict[str, tuple[list[str], Any]] = {
    "maps merge by key": (
        ["a: {text: ab, count: 1}", "a: {count: 2}"],
        {"a": {"text": "ab", "count": 2}},
    ),
    "lists are replaced": (["a: {list: [1, 2]}", "a: {list: [3]}"], {"a": {"list": [3]}}),
    "marked maps are replaced": (
        ["a: {address: {x: y}}", "a: {address: {z: w}}"],
        {"a": {"address": {"z": "w"}}},
    ),
    "references are replaced": (
        ["a: {password: {env: A}}", "a: {password: {env: B}}"],
        {"a": {"password": {"env": "B"}}},
    ),
    "null clears a field": (["a: {text: ab}", "a: {text: null}"], {"a": {"text": None}}),
    "null takes an entry out": (["{a: {text: ab}, b: {}}", "a: null"], {"b": {}}),
    "an entry taken out may come again, afresh": (
        ["a: {text: ab}", "a:", "a: {count: 1}"],
        {"a": {"count": 1}},
    ),
    "null takes an entry out of one file, too": (["{a: ~, b: {}}"], {"b": {}}),
    "a map replaces a scalar": (
        ["a: {switch: true}", "a: {switch: {on: true}}"],
        {"a": {"switch": {"on": True}}},
    ),
    "a scalar replaces a map": (
        ["a: {switch: {on: true}}", "a: {switch: false}"],
        {"a": {"switch": False}},
    ),
    "the first order of keys stays": (
        ["{b: {}, a: {}}", "{c: {}, a: {}, b: {}}"],
        {"b": {}, "a": {}, "c": {}},
    ),
}


@pytest.mark.parametrize(("texts", "sites"), MERGED.values(), ids=MERGED)
def test_overlays(texts: list[str], sites: Any, tmp_path: Path) -> None:
    """Later files lie over earlier ones."""
    first, *over = (f"\n  {text}\n" for text in texts)
    documents = [f"version: 1\nsites:{first}", *(f"sites:{text}" for text in over)]
    merged = loaded(tmp_path, *documents).data["sites"]
    assert json.dumps(merged) == json.dumps(sites)


def test_top_level_extensions_are_ignored(tmp_path: Path) -> None:
    """A top-level x- key is a place for anchors: it is not read, and not in the document."""
    text = "version: 1\nx-b: &b {text: ab}\nx-a: ${NOT_SET}\nsites: {b: {<<: *b}}\n"
    assert loaded(tmp_path, text).data == {"version": 1, "sites": {"b": {"text": "ab"}}}


INTERPOLATED = [
    ("text: ${A}", "ab"),
    ("text: x${A}y", "xaby"),
    ("text: ${A}${A}", "abab"),
    ("text: ${UNSET:-de}", "de"),
    ("text: ${EMPTY:-de}", "de"),
    ("text: ${A:-de}", "ab"),
    ("text: $${A}", "${A}"),
    ("text: $A$", "$A$"),
    ("text: ${NULL}", "null"),
    ("text: ${DIGIT}${DIGIT}", "33"),
    ("text: ${NESTED}", "${A}"),
    ("text: '${A}'", "ab"),
    ("count: ${DIGIT}", 3),
    ("count: '${DIGIT}'", 3),
    ("count: ${UNSET:-4}", 4),
    ("flag: ${TRUE}", True),
    ("list: ['${TRUE}']", ["true"]),
    ("password: {env: '${A}'}", {"env": "ab"}),
]
ENVIRON = {"A": "ab", "EMPTY": "", "NULL": "null", "DIGIT": "3", "TRUE": "true", "NESTED": "${A}"}


@pytest.mark.parametrize(("line", "value"), INTERPOLATED)
def test_interpolation(line: str, value: Any, tmp_path: Path) -> None:
    """References are replaced once; what comes out is read as the schema's type, never as null."""
    document = loaded(tmp_path, f"version: 1\nsites:\n  a:\n    {line}\n", **ENVIRON)
    assert list(document.data["sites"]["a"].values()) == [value]


def test_keys_are_not_interpolated(tmp_path: Path) -> None:
    """A reference in a key is text."""
    document = loaded(tmp_path, "version: 1\nsites: {'${A}': {}}\n")
    assert document.data["sites"] == {"${A}": {}}


def test_secret_files_are_relative_to_their_manifest(tmp_path: Path) -> None:
    """A reference to a file is found from the folder of the manifest that names it."""
    site = "{password: {file: %s}}"
    text = f"version: 1\nsites:\n  a: {site % 'keys/a'}\n  b: {site % '/etc/b'}\n"
    sites = loaded(tmp_path, text).data["sites"]
    assert sites["a"]["password"] == {"file": str(tmp_path / "keys" / "a")}
    assert sites["b"]["password"] == {"file": "/etc/b"}


def test_merge_keys(tmp_path: Path) -> None:
    """`<<` adds what a map does not say itself, the first of several maps first."""
    text = (
        "version: 1\nx-a: &a {text: aa, count: 1}\nx-b: &b {text: bb, flag: true}\n"
        "sites:\n  s: {count: 2, <<: [*a, *b], word: ON}\n  '<<': {}\n"
    )
    sites = loaded(tmp_path, text).data["sites"]
    assert list(sites["s"].items()) == [
        ("count", 2),
        ("text", "aa"),
        ("flag", True),
        ("word", "ON"),
    ]
    assert sites["<<"] == {}


def test_positions(tmp_path: Path) -> None:
    """Keys, items and values are found in the file that won, missing ones at the nearest above."""
    base = "version: 1\nsites:\n  a: {text: ab, list: [1,\n    2]}\n"
    document = loaded(tmp_path, base, "sites:\n  a:\n    text: cd\n")
    expected = {
        ("version",): "0.yaml:1:1",
        ("sites",): "1.yaml:1:1",
        ("sites", "a"): "1.yaml:2:3",
        ("sites", "a", "text"): "1.yaml:3:5",
        ("sites", "a", "list"): "0.yaml:3:17",
        ("sites", "a", "list", 1): "0.yaml:4:5",
        ("sites", "a", "list", 2): "0.yaml:3:17",
        ("sites", "b", "text"): "1.yaml:1:1",
        ("policy",): "0.yaml:1:1",
        (): "0.yaml:1:1",
    }
    found = {path: str(document.where(*path)).rpartition("/")[2] for path in expected}
    assert found == expected


def test_source(tmp_path: Path) -> None:
    """The source names the files and a digest of what they mean, their order of keys included."""
    secret = "{password: {env: P}}"
    one = loaded(tmp_path, f"version: 1\nsites: {{a: {{count: '${{N}}'}}, b: {secret}}}\n", N="2")
    base = f"# the same\nversion: 1\nsites:\n  a:\n    count: 1\n  b: {secret}\n"
    same = loaded(tmp_path, base, "sites: {a: {count: 2}}")
    swapped = loaded(tmp_path, f"version: 1\nsites: {{b: {secret}, a: {{count: 2}}}}\n")
    assert [file.name for file in same.source.files] == ["0.yaml", "1.yaml"]
    canonical = '{"version":1,"sites":{"a":{"count":2},"b":{"password":{"env":"P"}}}}'
    assert one.source.sha256 == hashlib.sha256(canonical.encode()).hexdigest()
    assert same.source.sha256 == one.source.sha256
    assert swapped.source.sha256 != one.source.sha256


def test_unlike_items_are_compared_quickly(tmp_path: Path) -> None:
    """A long list of items that cannot be sorted is checked without comparing every pair."""
    items = ", ".join(f"{n}, a{n}" for n in range(20_000))
    with pytest.raises(Problems) as refused:
        loaded(tmp_path, f"version: 1\nsites: {{a: {{list: [{items}]}}}}\n")
    (problem,) = refused.value.problems
    assert problem.message == "sites.a.list: must have at most 3 items, not 40000"
