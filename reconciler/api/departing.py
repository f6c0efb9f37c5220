"""Lists to what a plan has to know of things that are to go, and of features that an account may lack."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from reconciler.api.client import Reader
from reconciler.api.disconnects import open_disconnects
from reconciler.api.open_orders import open_orders
from reconciler.api.standings import read_standing
from reconciler.model import User


@dataclass(frozen=True)
class Departing:
    """Numbers that are to be given up (ten digits): ours that are gone by now, and why others may not yet.

    `leaving` are all the numbers that disconnect orders name which have not ended.
    """

    given_up: frozenset[str] = frozenset()
    unsteady: Mapping[str, str] = field(default_factory=dict)
    leaving: frozenset[str] = frozenset()


def read_departing(reader: Reader, account: str, named: Collection[str]) -> Departing:
    """Where the numbers stand, and which order for one is open. Raises `ApiError`."""
    standings = read_standing(reader, account, sorted(named))
    unsteady = {
        number: f"its status is {standing.status}"
        for number, standing in standings.items()
        if standing.status and not (standing.in_service or standing.gone)
    }
    disconnects = open_disconnects(reader, account)
    waiting = open_orders(reader, account, sorted(named), disconnects)
    unsteady |= {number: f"{order} is open for it" for number, order in waiting.items()}
    gone = frozenset(number for number, standing in standings.items() if standing.gone and standing.ours)
    return Departing(gone - waiting.keys(), unsteady, frozenset(disconnects))


def read_users(reader: Reader, path: str) -> tuple[User, ...]:
    """The locations in an application's list at `path` (…/associatedsippeers). Raises `ApiError`.

    What cannot be had is nothing: the list may lack locations anyway, and the API refuses to delete an
    application that one of them uses.
    """
    document = reader.get(path, tolerate=(400, 403, 404)).document
    rows = [node for node in document.walk() if node.name == "AssociatedSipPeer"] if document else []
    return tuple(
        User(
            row.value("SiteId") or "",
            row.value("PeerId") or "",
            f"{row.value('SiteName') or row.value('SiteId')}/{row.value('PeerName') or row.value('PeerId')}",
        )
        for row in rows
        if row.value("PeerId")
    )


def read_features(reader: Reader, account: str) -> frozenset[str] | None:
    """The account's products and their features, in lower case; None where they are not to be had."""
    document = reader.get(f"/accounts/{account}/products", tolerate=(403, 404)).document
    names = [n.text for n in document.walk() if n.name in {"Name", "Feature"} and n.text] if document else []
    return frozenset(name.casefold() for name in names) or None
