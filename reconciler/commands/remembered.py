"""The account's part of a ledger: what earlier runs wrote down, and what a person says about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.chain import Closed
from reconciler.commands.inputs import Inputs
from reconciler.ledger.creations import Creations
from reconciler.ledger.digests import COST, Cost, Digests
from reconciler.ledger.intents import Intents
from reconciler.ledger.store import Store
from reconciler.model import Problem, Problems


@dataclass(frozen=True)
class Remembered:
    """What the ledger keeps of one account; `cost` is what a digest of a secret takes."""

    store: Store
    cost: Cost = COST

    @property
    def intents(self) -> Intents:
        """Orders that were about to be sent, and their ids."""
        return Intents(self.store)

    @property
    def creations(self) -> Creations:
        """What was sent to be created."""
        return Creations(self.store)

    @property
    def digests(self) -> Digests:
        """Of the secrets that were sent."""
        return Digests(self.store, self.cost)


def remembered(inputs: Inputs, account: str) -> Remembered:
    """What is kept of the account in the ledger of `--ledger`; nothing is made by looking."""
    return Remembered(inputs.open_ledger().below(account))


def say_not_placed(intents: Intents, names: Iterable[str]) -> None:
    """Close the open intents of these customer order ids, as a person said (rule 11).

    Raises `Problems` for an id that has none.
    """
    for name in names:
        generation = _generation(name)
        found = [i for i in intents.read(_chain(name)).of(generation) if i.closed is None]
        if not found:
            hint = "give the id as the run that ended undetermined printed it"
            raise Problems([Problem(f"--order-not-placed: no order is in doubt under {name}", hint=hint)])
        for intent in found:
            intents.close(name, intent.number, Closed.NOT_PLACED)


def accept_duplicates(intents: Intents, names: Iterable[str]) -> None:
    """Let pools order again that have several orders under one of these customer order ids (rule 6)."""
    for name in names:
        if not _generation(name):
            hint = "give the id as the run that found them printed it"
            raise Problems([Problem(f"--accept-duplicate: {name} is no customer order id", hint=hint)])
        intents.acknowledge(name)


def _chain(name: str) -> str:
    return name.rpartition("-")[0]


def _generation(name: str) -> int:
    number = name.rpartition("-")[2]
    return int(number) if name.startswith("rc1-") and number.isdecimal() else 0
