"""The ledger's one way to directories and object stores: what is written, what is read, what goes wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from obstore.store import MemoryStore
from s3_server import KINDS, Place, Server

from reconciler.ledger.store import LedgerFailed, Store, open_store

ANSWER_LOST = "answer-lost"  # tests/s3_process.py
VALUE = {"run": "r1", "numbers": [1, None], "name": "Köln"}
NOWHERE = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_ALLOW_HTTP": "true",
    "AWS_ACCESS_KEY_ID": "someone",
    "AWS_SECRET_ACCESS_KEY": "made up",
}
CALLS: dict[str, Callable[[Store], object]] = {
    "create": lambda store: store.create("a", {}),
    "put": lambda store: store.put("a", {}),
    "get": lambda store: store.get("a"),
    "keys": lambda store: store.keys(),
    "modified": lambda store: store.modified("a"),
    "delete": lambda store: store.delete("a"),
}
# Writes objects of a megabyte for ever, each over the one before.
WRITER = """
import sys
from reconciler.ledger.store import open_store
store = open_store(sys.argv[1], {})
print("ready", flush=True)
for number in range(10**9):
    store.put("a/object", {"number": number, "text": "x" * 10**6})
"""


def test_what_was_written_is_read(store: Store) -> None:
    """An object reads as it was created or last put, and a missing one as None."""
    assert store.get("a/b") is None
    assert store.create("a/b", VALUE)
    assert store.get("a/b") == VALUE
    store.put("a/b", {"run": "r2"})
    assert store.get("a/b") == {"run": "r2"}


def test_an_object_is_created_once(store: Store) -> None:
    """The second create is told False, and changes nothing."""
    assert store.create("a/b", VALUE)
    assert not store.create("a/b", {"run": "r2"})
    assert store.get("a/b") == VALUE


def test_of_creates_at_once_one_succeeds(store: Store) -> None:
    """Of eight threads that create one key, one is told that it did."""
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(lambda n: store.create("a/b", {"thread": n}), range(8)))
    assert sorted(told) == [False] * 7 + [True]
    assert store.get("a/b") == {"thread": told.index(True)}


def test_a_create_whose_answer_was_lost_is_known_for_ones_own(s3_server: Server) -> None:
    """A create that the server carried out, answered 500 and got again is True, another one False."""
    store = s3_server.place().store()
    assert store.create(ANSWER_LOST, VALUE)
    assert not store.create(ANSWER_LOST, VALUE)


def test_keys_are_those_below_a_prefix(store: Store) -> None:
    """Keys come whole and sorted, from all folders below, not from one whose name only begins so."""
    for key in ("a/2", "a/10", "a/b/c", "ab/1", "b"):
        store.put(key, {})
    assert store.keys("a/") == ["a/10", "a/2", "a/b/c"]
    assert store.keys() == ["a/10", "a/2", "a/b/c", "ab/1", "b"]
    assert store.keys("none/") == []


@pytest.mark.parametrize("name", ["with space", "per%2Fcent", "ünï", "tilde~", "h#sh", "a=b&c"])
def test_keys_may_have_any_letter(store: Store, name: str) -> None:
    """A key is listed and read as it was written."""
    assert store.create(f"a/{name}", VALUE)
    assert (store.keys("a/"), store.get(f"a/{name}")) == ([f"a/{name}"], VALUE)


def test_below_a_prefix_keys_are_relative(store: Store) -> None:
    """A store below a prefix, and one below that, see and make what is there and nothing else."""
    store.put("x", {})
    inner = store.below("9900000").below("locks")
    assert inner.keys() == []
    assert inner.create("1", VALUE)
    assert (inner.keys(), inner.get("1"), inner.get("x")) == (["1"], VALUE, None)
    assert store.keys() == ["9900000/locks/1", "x"]
    assert (inner.url, inner.local) == (store.url, store.local)


def test_deleting_is_done_once_or_twice(store: Store) -> None:
    """A deleted object is gone, and deleting what is not there is no error."""
    store.put("a/b", VALUE)
    store.delete("a/b")
    store.delete("a/b")
    assert (store.get("a/b"), store.keys()) == (None, [])


def test_the_store_says_when_an_object_was_written(store: Store) -> None:
    """`modified` is the store's time of the last write, None for what is missing."""
    assert store.modified("a") is None
    store.put("a", {})
    written = store.modified("a")
    assert written is not None
    assert abs(datetime.now(UTC) - written) < timedelta(minutes=1)


@pytest.mark.parametrize("text", [b"", b'{"run": ', b"[1]", b"null", b"\xff"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_torn_reads_as_missing(
    kind: str, text: bytes, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """An object that is no JSON object reads as None, is listed, and is not created again."""
    place = tear(kind, text, tmp_path, request)
    store = place.store()
    assert store.get("torn") is None
    assert store.keys() == ["torn"]
    assert not store.create("torn", VALUE)


def tear(kind: str, text: bytes, directory: Path, request: pytest.FixtureRequest) -> Place:
    """A ledger that has one object, `torn`, with this text."""
    if kind == "directory":
        (directory / "torn").write_bytes(text)
        return Place(str(directory), {})
    server: Server = request.getfixturevalue("s3_server")
    place = server.place()
    server.write(place.url, "torn", text)
    return place


def test_reading_makes_no_directory(tmp_path: Path) -> None:
    """A ledger that was never written to is empty, and is not there after it was looked at."""
    store = open_store(str(tmp_path / "new" / "ledger"), {})
    assert (store.get("a"), store.keys("a/"), store.modified("a")) == (None, [], None)
    store.delete("a")
    assert list(tmp_path.iterdir()) == []
    store.put("a", {})
    assert [path.name for path in (tmp_path / "new" / "ledger").iterdir()] == ["a"]


def test_a_directory_is_for_its_owner(tmp_path: Path) -> None:
    """The directory that a first write makes cannot be looked into by other users."""
    open_store(str(tmp_path / "ledger"), {}).put("a", {})
    assert (tmp_path / "ledger").stat().st_mode & 0o077 == 0


def test_a_directory_goes_by_a_path_or_a_file_url(tmp_path: Path) -> None:
    """`file://` names the same directory as its path, with percent signs read."""
    path = tmp_path / "my ledger"
    open_store(str(path), {}).put("a", VALUE)
    store = open_store(path.as_uri(), {})
    assert (store.get("a"), store.local, store.url) == (VALUE, path, path.as_uri())


def test_files_that_are_being_written_are_not_seen(tmp_path: Path) -> None:
    """The file that obstore writes before it names it, left by a crash, is no object, and in nobody's way."""
    (tmp_path / "a#1").write_text('{"half')
    store = open_store(str(tmp_path), {})
    assert store.keys() == []
    assert store.create("a", VALUE)
    assert (store.keys(), store.get("a")) == (["a"], VALUE)


@pytest.mark.parametrize("round_", range(3))
def test_a_writer_that_is_killed_leaves_whole_objects(round_: int, tmp_path: Path) -> None:
    """Whenever a process is killed while it writes, the object is there, whole, and alone."""
    store = open_store(str(tmp_path), {})
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        while not store.get("a/object"):
            assert process.poll() is None
        for _ in range(5 * round_):
            store.get("a/object")
        process.kill()
    found = store.get("a/object")
    assert found is not None
    assert len(found["text"]) == 10**6
    assert store.keys() == ["a/object"]


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_ledger_that_is_a_file_fails_in_one_line(call: Callable[[Store], object], tmp_path: Path) -> None:
    """Where a file stands in the way every call fails, naming the ledger as the user did, with a hint."""
    (tmp_path / "ledger").write_text("")
    url = str(tmp_path / "ledger")
    with pytest.raises(LedgerFailed) as failed:
        call(open_store(url, {}))
    assert failed.value.message.startswith(f"the ledger {url} cannot be ")
    assert "\n" not in failed.value.message
    assert failed.value.hint == "make room or mend it, and run again with the same --ledger"


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_bucket_that_is_out_of_reach_fails_in_one_line(call: Callable[[Store], object]) -> None:
    """Where nobody answers every call fails after few tries, in one line without a key, with a hint."""
    with pytest.raises(LedgerFailed) as failed:
        call(open_store("s3://bucket/team", NOWHERE))
    assert failed.value.message.startswith("the ledger s3://bucket/team cannot be ")
    assert "\n" not in failed.value.message
    assert NOWHERE["AWS_SECRET_ACCESS_KEY"] not in failed.value.message
    assert "credentials" in failed.value.hint


def test_a_bucket_that_is_missing_is_named(s3_server: Server) -> None:
    """A write to a bucket that is not there fails with what the server said of it."""
    with pytest.raises(LedgerFailed, match=r"the ledger s3://nobody/x cannot be written: .*404 Not Found$"):
        open_store("s3://nobody/x", s3_server.environ).put("a", {})


REMOTE: list[tuple[str, dict[str, str]]] = [
    ("s3://bucket/a/b", {}),
    ("gs://bucket/a", {}),
    ("az://container/a", {"AZURE_STORAGE_ACCOUNT_NAME": "us", "AZURE_STORAGE_ACCOUNT_KEY": "bWFkZSB1cA=="}),
]


@pytest.mark.parametrize(("url", "environ"), REMOTE, ids=[url for url, _ in REMOTE])
def test_object_stores_go_by_their_urls(url: str, environ: dict[str, str]) -> None:
    """Each of the three clouds has a store, which is not reached before it is used."""
    store = open_store(url, environ)
    assert (store.url, store.local) == (url, None)


BROKEN: list[tuple[str, dict[str, str], str]] = [
    ("ftp://host/ledger", {}, "no store goes by such a URL"),
    ("file://host/ledger", {}, "no store goes by such a URL"),
    ("s3://", {}, "Unable to recognise URL"),
    ("az://container/a", {}, "Account must be specified"),
]


@pytest.mark.parametrize(("url", "environ", "why"), BROKEN, ids=[url for url, *_ in BROKEN])
def test_urls_that_name_no_store_are_refused(url: str, environ: dict[str, str], why: str) -> None:
    """What cannot be opened says why, with a hint."""
    with pytest.raises(LedgerFailed) as failed:
        open_store(url, environ)
    assert failed.value.message.startswith(f"the ledger {url} cannot be read: {why}")
    assert failed.value.hint


def test_a_store_in_memory_serves_tests() -> None:
    """Any store of obstore's can be a ledger."""
    store = Store(MemoryStore())
    assert store.create("a", VALUE)
    assert (store.get("a"), store.keys(), store.local) == (VALUE, ["a"], None)


def test_objects_are_plain_json(tmp_path: Path) -> None:
    """A person can read what a directory holds."""
    open_store(str(tmp_path), {}).put("a", VALUE)
    found: dict[str, Any] = json.loads((tmp_path / "a").read_text(encoding="utf-8"))
    assert found == VALUE
