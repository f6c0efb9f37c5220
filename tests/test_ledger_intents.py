"""What the ledger keeps of purchases: intents and their ends, order ids, duplicates that were accepted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from reconciler.chain import Closed, Intent, Key, Order, Record
from reconciler.ledger.intents import LATEST, Intents
from reconciler.ledger.store import Store, open_store

KEY = Key("9900000", "1", "2", "area_code=919")
SEND_BY = datetime(2026, 1, 1, 12, 0, 20, tzinfo=UTC)
INTENT = Intent(1, 1, 5, "run-1", SEND_BY)


def name(generation: int) -> str:
    """The pool's customer order id."""
    return KEY.customer_order_id(generation)


def test_nothing_is_known_of_a_new_pool(store: Store) -> None:
    """A chain that nothing was written of reads as an empty record, and asking makes nothing."""
    assert Intents(store).read(KEY.chain) == Record()
    assert store.keys() == []


def test_an_intent_is_read_as_it_was_declared(store: Store) -> None:
    """Everything of an intent is kept, and it is open."""
    assert Intents(store).declare(name(1), INTENT)
    assert Intents(store).read(KEY.chain) == Record((INTENT,))


def test_an_intent_is_declared_once(store: Store) -> None:
    """Of eight runs that declare one number, one is told that it did, and its intent is what is read."""
    intents = Intents(store)

    def declare(quantity: int) -> bool:
        return intents.declare(name(1), replace(INTENT, quantity=quantity))

    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(declare, range(8)))
    assert sorted(told) == [False] * 7 + [True]
    assert intents.read(KEY.chain) == Record((replace(INTENT, quantity=told.index(True)),))


@pytest.mark.parametrize("how", Closed)
def test_an_intent_is_closed_for_a_reason(how: Closed, store: Store) -> None:
    """That one intent reads as closed for that reason, also if it is said twice; another stays open."""
    intents = Intents(store)
    intents.declare(name(1), INTENT)
    intents.declare(name(1), replace(INTENT, number=2))
    intents.close(name(1), 1, how)
    intents.close(name(1), 1, how)
    record = intents.read(KEY.chain)
    assert [intent.closed for intent in record.of(1)] == [how, None]
    assert record.youngest_open(1) == replace(INTENT, number=2)


@pytest.mark.parametrize("said", list(permutations(Closed, 2)), ids=" then ".join)
def test_an_order_outdoes_what_else_was_said_of_an_intent(said: tuple[Closed, Closed]) -> None:
    """Of two ends of one intent, that an order came of it is the one that is read."""
    intents = Intents(Store(MemoryStore()))
    intents.declare(name(1), INTENT)
    for how in said:
        intents.close(name(1), 1, how)
    closed = intents.read(KEY.chain).intents[0].closed
    assert closed in said
    assert (closed is Closed.ORDERED) == (Closed.ORDERED in said)


@pytest.mark.parametrize(
    "order_id", ["f30a31a1-1de4-4939-b094-4521bbe5c8df", "a/../b #1%2F", ".", "..", "é\n"]
)
def test_order_ids_are_read_as_they_were_recorded(order_id: str, store: Store) -> None:
    """Whatever a server calls an order, its id is kept under its generation, once."""
    intents = Intents(store)
    intents.record(name(3), order_id)
    intents.record(name(3), order_id)
    intents.record(name(3), "other")
    record = intents.read(KEY.chain)
    assert record.orders == {3: frozenset({order_id, "other"})}
    assert record.last_known == 3
    assert record.knows(Order(order_id, 3, "COMPLETE", 5))


def test_duplicates_are_accepted_by_generation(store: Store) -> None:
    """What a person accepted is read for that order of the chain alone."""
    intents = Intents(store)
    intents.acknowledge(name(2))
    intents.acknowledge(name(2))
    assert intents.read(KEY.chain) == Record(accepted=frozenset({2}))


def test_a_chain_is_read_by_itself(store: Store) -> None:
    """Pools and generations do not mix, also past the ninth."""
    intents = Intents(store)
    other = replace(KEY, peer="3")
    for generation in (1, 2, 10):
        intents.declare(name(generation), replace(INTENT, generation=generation))
    intents.declare(other.customer_order_id(1), INTENT)
    record = intents.read(KEY.chain)
    assert sorted(intent.generation for intent in record.intents) == [1, 2, 10]
    assert record.last_known == 10
    assert len(intents.read(other.chain).intents) == 1


TEARS: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "half": lambda path: path.write_bytes(path.read_bytes()[:20]),
    "not ours": lambda path: path.write_text('{"quantity": "five"}'),
}


@pytest.mark.parametrize("tear", TEARS.values(), ids=TEARS)
def test_a_torn_intent_is_open(tear: Callable[[Path], object], tmp_path: Path) -> None:
    """An intent that cannot be read may have been sent some time after its writing; it can be closed."""
    intents = Intents(open_store(str(tmp_path), {}))
    intents.declare(name(1), INTENT)
    (file,) = tmp_path.rglob("intent-*")
    tear(file)
    written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    (torn,) = intents.read(KEY.chain).intents
    assert (torn.generation, torn.number, torn.run, torn.closed) == (1, 1, "", None)
    assert abs(torn.send_by - written - LATEST) < timedelta(milliseconds=1)
    assert not intents.declare(name(1), INTENT)
    intents.close(name(1), 1, Closed.NOT_PLACED)
    assert intents.read(KEY.chain).youngest_open(1) is None


def test_strange_objects_say_nothing(store: Store) -> None:
    """What is not named as the ledger names things is no intent, and closes none."""
    intents = Intents(store)
    intents.declare(name(1), INTENT)
    for key in ("1/intent-0001.lost", "1/intent-0002.refused", "1/intent", "notes", "x/order-1"):
        store.put(f"chains/{KEY.chain}/{key}", {})
    assert intents.read(KEY.chain) == Record((INTENT,))
