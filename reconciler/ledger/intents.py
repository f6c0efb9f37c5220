"""What is kept of a pool's orders: intents before they are sent, what became of them, and order ids.

Of the order `rc1-…-3` all is below `chains/rc1-…/3/`: `intent-0001`, `intent-0001.refused` for what became of
it, `order-<id>`, and `accepted` if its duplicates were. Names say most, so that little can be torn: a torn
intent is an open one. Rules 5, 6 and 9 to 11 of docs/purchases.md.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from urllib.parse import quote, unquote

from reconciler.chain import Closed, Intent, Record
from reconciler.ledger.store import Store

LATEST = timedelta(hours=1)  # how long after a torn intent was written its order may have been sent, at most
_NAME = re.compile(r"(\d+)/(?:intent-(\d+)(?:\.(\w+))?|order-(.+)|accepted)")
_WORDS = {how: how.name.lower() for how in Closed}


class Intents:
    """The intents and orders of an account's pools. Every method raises `LedgerFailed`."""

    def __init__(self, store: Store) -> None:
        self._chains = store.below("chains")

    def read(self, chain: str) -> Record:
        """Everything of one pool: one call for the names, and one for each intent. `chain` is `Key.chain`."""
        pool = self._chains.below(chain)
        intents: dict[tuple[int, int], set[str]] = defaultdict(set)
        orders: dict[int, set[str]] = defaultdict(set)
        accepted = set()
        for name in filter(None, map(_NAME.fullmatch, pool.keys())):
            generation, number, how, order = int(name[1]), name[2], name[3], name[4]
            if number:
                intents[generation, int(number)].add(how or "")
            elif order:
                orders[generation].add(unquote(order))
            else:
                accepted.add(generation)
        found = [_read(pool, *which, words) for which, words in intents.items() if "" in words]
        return Record(
            tuple(filter(None, found)), {g: frozenset(ids) for g, ids in orders.items()}, frozenset(accepted)
        )

    def declare(self, name: str, intent: Intent) -> bool:
        """Write an intent of the customer order id `name` down, durably; False if its number is taken."""
        value = {"quantity": intent.quantity, "run": intent.run, "send_by": intent.send_by.isoformat()}
        return self._chains.create(f"{_folder(name)}/{_intent(intent.number)}", value)

    def close(self, name: str, number: int, how: Closed) -> None:
        """Say what became of an intent; where that is said more than once, an order is what counts."""
        self._chains.create(f"{_folder(name)}/{_intent(number)}.{_WORDS[how]}", {})

    def record(self, name: str, order_id: str) -> None:
        """Say that this order carries the customer order id."""
        self._chains.create(f"{_folder(name)}/order-{quote(order_id, safe='')}", {})

    def acknowledge(self, name: str) -> None:
        """Say that a person accepted that there are several orders under the customer order id."""
        self._chains.create(f"{_folder(name)}/accepted", {})


def _folder(name: str) -> str:
    chain, _, generation = name.rpartition("-")
    return f"{chain}/{int(generation)}"


def _intent(number: int) -> str:
    return f"intent-{number:04d}"


def _read(pool: Store, generation: int, number: int, words: AbstractSet[str]) -> Intent | None:
    """An intent with what became of it; None for one that is not there any more."""
    ends = [how for how, word in _WORDS.items() if word in words]
    closed = Closed.ORDERED if Closed.ORDERED in ends else next(iter(ends), None)
    key = f"{generation}/{_intent(number)}"
    value = pool.get(key)
    try:
        found = value or {}
        quantity, send_by = int(found["quantity"]), datetime.fromisoformat(found["send_by"])
        return Intent(generation, number, quantity, str(found["run"]), send_by, closed)
    except (KeyError, TypeError, ValueError):
        written = pool.modified(key)
        return Intent(generation, number, 0, "", written + LATEST, closed) if written else None
