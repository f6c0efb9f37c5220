"""What the ledger keeps of creates: which were sent and are not known to have come to nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from obstore.store import MemoryStore

from reconciler.ledger.creations import Creations
from reconciler.ledger.store import Store, open_store

PATH = "/accounts/1/sites/2/sippeers"


def test_what_was_sent_is_known(store: Store) -> None:
    """A create is known as soon as it is opened, under its own path, to every run; asking makes nothing."""
    assert Creations(store).known(PATH) == set()
    assert store.keys() == []
    Creations(store).open(PATH, ["support"], "run-1")
    Creations(store).open("/accounts/1/sites", ["production"], "run-1")
    Creations(store).open(PATH + "/3/x", ["other"], "run-1")
    assert Creations(store).known(PATH) == {("support",)}
    assert Creations(store).known("/accounts/1/sites") == {("production",)}


def test_what_was_made_stays_known(store: Store) -> None:
    """A list may not show yet what was made, so that it is known for as long as the ledger is."""
    creations = Creations(store)
    creations.open(PATH, ["support"], "run-1").ended("17")
    assert creations.known(PATH) == {("support",)}


def test_what_came_to_nothing_is_not_known(store: Store) -> None:
    """Only the create that is known to have made nothing is forgotten, not another one of the same name."""
    creations = Creations(store)
    first = creations.open(PATH, ["support"], "run-1")
    second = creations.open(PATH, ["support"], "run-1")
    first.ended("")
    assert creations.known(PATH) == {("support",)}
    second.ended("")
    assert creations.known(PATH) == set()


def test_what_was_sent_can_be_read_by_a_person(tmp_path: Path) -> None:
    """The object says who sent what where, and what it became."""
    store = open_store(str(tmp_path), {})
    Creations(store).open(PATH, ["support-sms", "Messaging-V2"], "run-1").ended("17")
    (key,) = store.keys()
    assert store.get(key) == {
        "run": "run-1",
        "path": PATH,
        "identity": ["support-sms", "Messaging-V2"],
        "id": "17",
    }


def test_a_torn_create_is_known(tmp_path: Path) -> None:
    """What cannot be read any more still says by its name what was sent."""
    creations = Creations(open_store(str(tmp_path), {}))
    creations.open(PATH, ["support"], "run-1")
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    file.write_bytes(b"")
    assert creations.known(PATH) == {("support",)}


def test_strange_files_are_no_creates(store: Store) -> None:
    """What is not named as the ledger names creates is not known."""
    creations = Creations(store)
    creations.open(PATH, ["support"], "run-1")
    (key,) = store.keys()
    for name in (".DS_Store", "note/0001", "é/0001", "MTIz/0001"):
        store.put(f"{key.rpartition('/')[0].rpartition('/')[0]}/{name}", {})
    assert creations.known(PATH) == {("support",)}


NAMES = st.lists(st.text(max_size=300), min_size=1, max_size=2)


@given(sent=st.lists(NAMES, max_size=3))
def test_any_name_is_known_as_it_was_sent(sent: list[list[str]]) -> None:
    """Whatever things are called, however long, each is known by just that."""
    creations = Creations(Store(MemoryStore()))
    for identity in sent:
        creations.open(PATH, identity, "run-1")
    assert creations.known(PATH) == {tuple(identity) for identity in sent}


@pytest.mark.parametrize("name", ["x" * 300, "é" * 300, "/", "..", ""])
def test_directories_take_any_name(name: str, store: Store) -> None:
    """Names that no file could have are kept in a directory as well."""
    Creations(store).open(PATH, [name, "Messaging-V2"], "run-1")
    assert Creations(store).known(PATH) == {(name, "Messaging-V2")}
