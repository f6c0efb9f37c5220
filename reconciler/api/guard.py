"""What keeps a purchase to one, as the API's client sees it: a ledger of intents and a lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from reconciler.chain import Closed, Intent, Order, Record


class Intents(Protocol):
    """What was written down of orders, by customer order id; lasting once a call has returned."""

    def read(self, chain: str) -> Record:
        """All that is known of a pool's chain."""

    def declare(self, name: str, intent: Intent) -> bool:
        """Write an intent down; False where there is one of that number already."""

    def close(self, name: str, number: int, how: Closed) -> None:
        """Write down why an intent is open no longer."""

    def record(self, name: str, order_id: str) -> None:
        """Write down that this order carries the customer order id."""


class Lease(Protocol):
    """The lock that this run holds."""

    def held(self) -> bool:
        """Whether it is still ours, as the ledger says now."""

    def left(self) -> float:
        """For how many seconds it is, if it is not renewed."""


@dataclass(frozen=True)
class Guard:
    """What keeps a purchase to one: the run's name, what it has written down, and its lock."""

    run: str
    intents: Intents
    lease: Lease

    def adopt(self, name: str, order: Order) -> None:
        """Write down that the order carries this id, and close open intents of its generation (rule 6)."""
        self.intents.record(name, order.id)
        for intent in self.intents.read(name.rpartition("-")[0]).of(order.generation):
            if intent.closed is None:
                self.intents.close(name, intent.number, Closed.ORDERED)
