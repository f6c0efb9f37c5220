"""Documents as values: looking things up in them and putting things into them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.document import Node, leaf

ORDER = ("A", "B", "C", "D")
DOCUMENTS = st.lists(st.sampled_from("ABCDXY"), unique=True).map(
    lambda names: Node("R", children=tuple(leaf(name, name) for name in names))
)


@given(document=DOCUMENTS, name=st.sampled_from("ABCD"))
def test_what_was_put_is_there_and_nothing_else_has_moved(document: Node, name: str) -> None:
    """Putting an element sets it, keeps the order of all others, and happens once."""
    put = document.put(name, leaf(name, "new"), ORDER)
    assert put.value(name) == "new"
    assert put.put(name, leaf(name, "new"), ORDER) == put
    others = [c for c in document.children if c.name != name]
    assert [c for c in put.children if c.name != name] == others


@given(names=st.lists(st.sampled_from(ORDER), unique=True))
def test_elements_end_up_in_the_documented_order(names: list[str]) -> None:
    """Whatever order the elements are put in, the document has them in the order of its table."""
    document = Node("R")
    for name in names:
        document = document.put(name, leaf(name, 1), ORDER)
    assert [c.name for c in document.children] == sorted(names)


def test_taking_out_the_last_part_takes_out_its_group() -> None:
    """A group whose last part goes is not left behind empty, and another part keeps it."""
    document = Node("R").put("G/A", leaf("A", 1)).put("G/B", leaf("B", 2))
    one = document.put("G/A", None)
    assert one == Node("R", children=(Node("G", children=(leaf("B", 2),)),))
    assert one.put("G/B", None) == Node("R")


def test_an_empty_element_that_was_there_stays() -> None:
    """Taking out a part that is not there changes nothing."""
    document = Node("R", children=(Node("G", text="said"),))
    assert document.put("G/A", None) == document


def test_names_are_found_in_any_case() -> None:
    """MMS answers in lower camel case; looking up ignores case."""
    assert Node("R", children=(leaf("protocol", "HTTP"),)).value("Protocol") == "HTTP"


def test_a_flag_is_written_as_the_api_writes_it() -> None:
    """Booleans are the words true and false."""
    assert [leaf("F", flag).text for flag in (True, False)] == ["true", "false"]
