"""Laws of reading a manifest, for any document."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st
from manifest_schema import loaded

from reconciler.manifest import Document
from reconciler.manifest.interpolation import interpolate
from reconciler.manifest.shape import Shape
from reconciler.manifest.values import read_values
from reconciler.manifest.yaml_tree import compose

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="$\ufeff"),
    max_size=12,
)
SCALARS = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | TEXT
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=12,
)
DOCUMENTS = VALUES.map(lambda value: {"version": 1, "any": value})


class _Quoting(yaml.SafeDumper):
    """Dumps block style with quoted text: PyYAML decides on plain text by YAML 1.1."""


_Quoting.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)


def read(*texts: str) -> Document:
    """Load texts from a folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        return loaded(Path(folder), *texts)


def paths(value: Any, above: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield every path of a document with its value."""
    yield above, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, below in inner:
        yield from paths(below, (*above, step))


@given(DOCUMENTS)
def test_a_dumped_document_loads_as_itself(document: dict[str, Any]) -> None:
    """What JSON or YAML says of a document is what is loaded, keys in the same order."""
    for text in (
        json.dumps(document, ensure_ascii=False),
        yaml.dump(document, Dumper=_Quoting, sort_keys=False),
    ):
        assert json.dumps(read(text).data) == json.dumps(document)


@given(DOCUMENTS)
def test_merging_nothing_changes_nothing(document: dict[str, Any]) -> None:
    """An empty overlay, and an overlay that repeats the file, leave the document as it is."""
    text = json.dumps(document, ensure_ascii=False)
    alone = read(text)
    for over in ("{}", text):
        merged = read(text, over)
        assert merged.data == alone.data
        assert merged.source.sha256 == alone.source.sha256


@given(DOCUMENTS)
def test_positions_point_at_keys_and_values(document: dict[str, Any]) -> None:
    """At the position of every key stands that key, and at that of every value that value."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    lines = text.split("\n")
    tree, _ = compose(text, "manifest")
    assert tree is not None
    places = read_values(tree, {}, Shape.of({})).places
    for path, value in paths(document):
        key, start = places[path].key, places[path].value
        at_value = lines[start.line - 1][start.column - 1 :]
        expected = json.dumps(value, ensure_ascii=False)
        assert at_value.startswith(expected[:1] if isinstance(value, dict | list) else expected)
        if path and isinstance(path[-1], str):
            assert lines[key.line - 1][key.column - 1 :].startswith(json.dumps(path[-1], ensure_ascii=False))
        else:
            assert key == start


@given(st.text())
def test_escaped_references_are_text(text: str) -> None:
    """Any text can be written: doubling the dollar of each `${` keeps it."""
    assert interpolate(text.replace("${", "$${"), {}).text == text
