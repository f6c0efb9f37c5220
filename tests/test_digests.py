"""Passwords to digests in a ledger, and passwords to verdicts about them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import obstore
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.ledger.digests import COST, Cost, Digests
from reconciler.ledger.store import Store, open_store

CHEAP = Cost(2, 1, 1)
OWNER, FIELD, PASSWORD = "93de2206-9669-4e07-948d-329f4b722ee2", "callback_creds.password", "hook-password"
WHOLE = {"n": 2, "r": 1, "p": 1, "salt": "00" * 16, "digest": "00" * 32}
NO_DIGESTS: Mapping[str, Mapping[str, Any]] = {
    "nothing in it": {},
    "a part missing": {name: value for name, value in WHOLE.items() if name != "salt"},
    "a salt that is not hex": WHOLE | {"salt": "xyz"},
    "a digest that is no text": WHOLE | {"digest": 7},
    "a digest that is not ASCII": WHOLE | {"digest": "é"},
    "a cost that is a word": WHOLE | {"n": "much"},
    "a cost that is a list": WHOLE | {"n": [2]},
    "a cost that is no power of two": WHOLE | {"n": 3},
    "a cost below nothing": WHOLE | {"p": -1},
    "a cost that no machine has": WHOLE | {"n": 2**40},
    "a cost beyond all integers": WHOLE | {"r": 2**80},
}
EQUALLY_STRONG = {
    Cost(2**17, 8, 1),
    Cost(2**16, 8, 2),
    Cost(2**15, 8, 3),
    Cost(2**14, 8, 5),
    Cost(2**13, 8, 10),
}


def in_memory() -> Store:
    """A ledger that is gone with the test."""
    return Store(obstore.store.MemoryStore())


@settings(deadline=None)
@given(st.text(st.characters()), st.text(st.characters()))
def test_a_password_is_told_from_every_other(sent: str, now: str) -> None:
    """The password that was recorded is the one last sent, and no other is."""
    digests = Digests(in_memory(), CHEAP)
    digests.record(OWNER, FIELD, sent)
    assert digests.verdict(OWNER, FIELD, sent) is True
    assert digests.verdict(OWNER, FIELD, now) is (now == sent)


def test_what_was_never_recorded_has_no_verdict() -> None:
    """Nobody can tell about another owner, another field, or where names run into each other."""
    digests = Digests(in_memory(), CHEAP)
    digests.record("a/b", "c", PASSWORD)
    for owner, field in (("a", "b/c"), ("a/b", "d"), ("a%2Fb", "c"), ("a", "b")):
        assert digests.verdict(owner, field, PASSWORD) is None
    assert digests.verdict("a/b", "c", PASSWORD) is True


def test_a_digest_is_salted_and_slow(tmp_path: Path) -> None:
    """The same password twice is two digests; neither is the password, or a hash that can be looked up."""
    digests = Digests(open_store(str(tmp_path / "ledger"), {}))
    for owner in ("one", "two"):
        digests.record(owner, FIELD, PASSWORD)
    kept = [file.read_text() for file in tmp_path.rglob("*") if file.is_file()]
    first, second = map(json.loads, kept)
    assert first["salt"] != second["salt"]
    assert first["digest"] != second["digest"]
    assert len(bytes.fromhex(first["salt"])) == 16
    quick = [hashlib.new(name, PASSWORD.encode()).hexdigest() for name in ("md5", "sha1", "sha256", "sha512")]
    for text in (PASSWORD, PASSWORD.encode().hex(), *quick):
        assert not any(text[:32] in each for each in kept)
    assert {Cost(each["n"], each["r"], each["p"]) for each in (first, second)} == {COST}
    assert COST in EQUALLY_STRONG


def test_an_older_cost_is_still_understood() -> None:
    """A digest is compared at the cost that it was made with."""
    store = in_memory()
    Digests(store, CHEAP).record(OWNER, FIELD, PASSWORD)
    later = Digests(store, Cost(4, 2, 1))
    assert later.verdict(OWNER, FIELD, PASSWORD) is True
    assert later.verdict(OWNER, FIELD, "another") is False


@pytest.mark.parametrize("kept", NO_DIGESTS.values(), ids=NO_DIGESTS)
def test_what_is_no_whole_digest_is_none(kept: Mapping[str, Any]) -> None:
    """A digest that something is wrong with is no digest, and costs neither a crash nor a machine."""
    store = in_memory()
    digests = Digests(store, CHEAP)
    digests.record(OWNER, FIELD, PASSWORD)
    (key,) = store.keys("digests/")
    store.put(key, kept)
    assert digests.verdict(OWNER, FIELD, PASSWORD) is None


def test_a_torn_digest_is_none(tmp_path: Path) -> None:
    """However little of a digest reached the disk, it is none until it is whole."""
    digests = Digests(open_store(str(tmp_path), {}), CHEAP)
    digests.record(OWNER, FIELD, PASSWORD)
    (file,) = (file for file in tmp_path.rglob("*") if file.is_file())
    whole = file.read_bytes()
    for size in range(len(whole)):
        file.write_bytes(whole[:size])
        assert digests.verdict(OWNER, FIELD, PASSWORD) is None
    file.write_bytes(whole)
    assert digests.verdict(OWNER, FIELD, PASSWORD) is True


def test_a_password_in_doubt_is_not_the_one_last_sent() -> None:
    """From the doubt to the next record no password counts as sent, so that it is sent again."""
    digests = Digests(in_memory(), CHEAP)
    digests.record(OWNER, FIELD, PASSWORD)
    digests.doubt(OWNER, FIELD)
    assert digests.verdict(OWNER, FIELD, PASSWORD) is False
    digests.record(OWNER, FIELD, "another")
    assert digests.verdict(OWNER, FIELD, PASSWORD) is False
    assert digests.verdict(OWNER, FIELD, "another") is True


def test_what_is_forgotten_has_no_verdict() -> None:
    """Of one owner all fields are forgotten but those named; other owners keep theirs."""
    digests = Digests(in_memory(), CHEAP)
    for owner in ("one", "one more"):
        for field in ("kept", "gone"):
            digests.record(owner, field, PASSWORD)
    digests.forget("one", but=["kept"])
    found = {(o, f): digests.verdict(o, f, PASSWORD) for o in ("one", "one more") for f in ("kept", "gone")}
    assert [place for place, verdict in found.items() if verdict is None] == [("one", "gone")]
