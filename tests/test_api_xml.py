"""XML in and out: what is read, what is refused, and that writing and reading are inverse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.api.errors import Unreadable
from reconciler.api.xml import parse, render
from reconciler.document import Node, leaf

READABLE = [
    ("<A/>", Node("A")),
    ("<A> x\n</A>", Node("A", "x")),
    ("<A>\u00a0x</A>", Node("A", "\u00a0x")),
    ("<A><B>1</B><B>2</B></A>", Node("A", "", (leaf("B", 1), leaf("B", 2)))),
    ("<a:A xmlns:a='u' xmlns='v' x='y'><B/></a:A>", Node("A", "", (Node("B"),))),
    ("<A><!-- c -->x<?p i?>y<![CDATA[<z>]]></A>", Node("A", "xy<z>")),
    ("<A>x<B/>y</A>", Node("A", "xy", (Node("B"),))),
    ("<?xml version='1.0' encoding='ISO-8859-1'?><A>\xe9</A>", Node("A", "é")),
]


@pytest.mark.parametrize(("text", "node"), READABLE)
def test_parse(text: str, node: Node) -> None:
    """Names lose their namespace, texts their outer space; comments and attributes are dropped."""
    encoding = "latin-1" if "8859" in text else "utf-8"
    assert parse(text.encode(encoding)) == node


UNREADABLE = [
    b"",
    b"plain",
    b"<A>",
    b"<A/><B/>",
    b"<A>\xff</A>",
    b"<A>\x01</A>",
    b"<A>&x;</A>",
    b"<?xml version='1.0' encoding='klingon'?><A/>",
    b"<!DOCTYPE A><A/>",
    b"<!DOCTYPE A [<!ENTITY x 'y'>]><A>&x;</A>",
    b"<!DOCTYPE A [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><A>&x;</A>",
    b"<!DOCTYPE A SYSTEM 'http://127.0.0.1:9/a.dtd'><A/>",
    "<!DOCTYPE A><A/>".encode("utf-16"),
    b"<A>" * 5000,
    b"<A>" * 5000 + b"</A>" * 5000,
    b"<A>" + b"x" * 11_000_000 + b"</A>",
]


@pytest.mark.parametrize("data", UNREADABLE, ids=lambda data: repr(data[:50]))
def test_unreadable(data: bytes) -> None:
    """What is not well-formed, declares anything, or is deep or huge is refused in one line."""
    with pytest.raises(Unreadable, match=r"\AXML [^\n]+\Z") as caught:
        parse(data)
    assert len(str(caught.value)) < 200


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """No input raises anything but Unreadable."""
    try:
        assert parse(data).name
    except Unreadable:
        assert data != b"<A/>"


names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,8}", fullmatch=True)
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r"),
    max_size=12,
).map(lambda text: text.strip(" \t\r\n"))
nodes = st.recursive(
    st.builds(Node, names, texts),
    lambda children: st.builds(Node, names, texts, st.lists(children, max_size=3).map(tuple)),
    max_leaves=8,
)


@given(nodes)
def test_reading_inverts_writing(node: Node) -> None:
    """What is written is read back as it was."""
    assert parse(render(node)) == node


@pytest.mark.parametrize(
    ("node", "name"),
    [
        (leaf("Name", "a\x00canary"), "Name"),
        (leaf("Name", "canary\x1b"), "Name"),
        (leaf("Name", "canary\ufffe"), "Name"),
        (leaf("Name", "canary\ud800"), "Name"),
        (Node("A", "", (Node("B", "", (leaf("Deep", "\x07canary"),)),)), "Deep"),
    ],
)
def test_what_xml_cannot_carry(node: Node, name: str) -> None:
    """A text that XML has no way to write is a ValueError naming the element, not the text."""
    with pytest.raises(ValueError, match=rf"\A{name} holds characters that XML cannot carry\Z"):
        render(node)
