"""What an account holds to a verdict on it, against what a run that nobody disturbed leaves.

Taken from the emulator's own records, never from what the client says of them.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Verdict:
    """What there is twice, what nobody accounts for, what is lost for ever, what is not as it should be.

    Each in words; `lost` are numbers that were given up and not named.
    """

    duplicates: tuple[str, ...] = ()
    orphans: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.duplicates or self.orphans or self.lost or self.differences)


@dataclass(frozen=True)
class Holdings:
    """What an account holds, without its ids.

    `objects` are ("location production/support", its document) with how often they are there, `numbers`
    says how many are in service at each location, `orders` are the customer order ids, and `strays`
    the orders that are of no chain of a location. `gone` says of each number that is not in service how
    many disconnect orders gave it up.
    """

    objects: Counter[tuple[str, str]]
    numbers: Counter[str]
    orders: Counter[str]
    strays: tuple[str, ...]
    gone: Mapping[str, int]


def holdings(dump: Mapping[str, Any]) -> Holdings:
    """What an emulator's dump holds."""
    names = names_of(dump)
    objects = Counter((names[id_], _without_ids(document, names)) for id_, document in _documents(dump))
    by_state: dict[bool, list[Mapping[str, Any]]] = {True: [], False: []}
    for number in dump["numbers"].values():
        by_state[number["status"] == "Inservice"].append(number)
    numbers = Counter(names.get(number["peer"], "nowhere") for number in by_state[True])
    given_up = Counter(number for order in dump["disconnects"].values() for number in order["granted"])
    orders = list(dump["orders"].values())
    return Holdings(
        objects,
        numbers,
        Counter(_customer_order_id(order) for order in orders),
        tuple(_strays(orders, names)),
        {number["number"]: given_up[number["number"]] for number in by_state[False]},
    )


def score(held: Holdings, wanted: Holdings, unknown: Iterable[str] = ()) -> Verdict:
    """The verdict on an account that should hold what is wanted; `unknown` are orphans besides."""
    there = Counter(name for name, _ in held.objects.elements())
    known = {name for name, _ in wanted.objects}
    beyond = held.numbers - wanted.numbers
    missing = wanted.numbers - held.numbers
    changed = (held.objects - wanted.objects) | (wanted.objects - held.objects)
    return Verdict(
        duplicates=(
            *(f"{count} of {name}" for name, count in sorted(there.items()) if count > 1),
            *(f"{count} orders {name}" for name, count in sorted(held.orders.items()) if count > 1),
            *(f"{count} numbers too many at {name}" for name, count in sorted(beyond.items())),
            *(f"{number} was given up {count} times" for number, count in held.gone.items() if count > 1),
        ),
        orphans=(
            *sorted(there.keys() - known),
            *sorted(set(held.strays) - set(wanted.strays)),
            *unknown,
        ),
        lost=tuple(sorted(held.gone.keys() - wanted.gone.keys())),
        differences=(
            *(f"{name}: {document}" for name, document in sorted(changed)),
            *(f"{count} numbers too few at {name}" for name, count in sorted(missing.items())),
            *(f"{number} is still there" for number in sorted(wanted.gone.keys() - held.gone.keys())),
        ),
    )


def _documents(dump: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from dump["applications"].items()
    for site in dump["sites"].values():
        yield site["id"], site["document"]
        for peer in site["peers"].values():
            yield peer["id"], {name: each for name, each in peer.items() if name not in {"id", "numbers"}}


def names_of(dump: Mapping[str, Any]) -> dict[str, str]:
    """What each object is called, by its id: "location production/support"."""
    names = {
        id_: f"application {each['AppName']} ({each['ServiceType']})"
        for id_, each in dump["applications"].items()
    }
    for site in dump["sites"].values():
        name = site["document"]["Name"]
        names[site["id"]] = f"sub-account {name}"
        for peer in site["peers"].values():
            names[peer["id"]] = f"location {name}/{peer['document']['PeerName']}"
    return names


def _without_ids(document: Any, names: Mapping[str, str]) -> str:
    text = json.dumps(document, sort_keys=True)
    return re.sub(r'"([^"]+)"', lambda found: f'"{names.get(found[1], found[1])}"', text)


def _customer_order_id(order: Mapping[str, Any]) -> str:
    return str(order["document"].get("CustomerOrderId"))


def _strays(orders: list[Mapping[str, Any]], names: Mapping[str, str]) -> Iterator[str]:
    """Orders that are for no location, that have not ended, or that are not of their location's one chain."""
    chains: dict[str, str] = {}
    for order in orders:
        name = _customer_order_id(order)
        chain = name.rpartition("-")[0]
        own = chains.setdefault(order["peer"], chain) == chain and chain.startswith("rc1-")
        if order["peer"] not in names or not own or order["status"] != "COMPLETE":
            yield f"order {order['id']} ({name}) is {order['status']}"
