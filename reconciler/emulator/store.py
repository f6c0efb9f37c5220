"""What one account holds: plain records, their documents as the Trees that reads are made from."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from reconciler.emulator.errors import Refusal
from reconciler.emulator.xml import Tree


@dataclass
class SipPeer:
    """A location: its document, its products' settings, and the numbers on it in ascending order.

    Settings are None until they are created; `application` is the messaging application's id.
    """

    id: str
    document: Tree
    sms: Tree | None = None
    mms: Tree | None = None
    application: str | None = None
    origination: Tree | None = None
    termination: Tree | None = None
    numbers: list[str] = field(default_factory=list)

    @property
    def default(self) -> bool:
        """Whether numbers ordered without a location come here."""
        return bool(self.document["IsDefaultPeer"] == "true")

    def speaks_http(self) -> bool:
        """Whether origination or termination is HTTP voice."""
        settings = (self.origination, self.termination)
        return any(s is not None and s["VoiceProtocol"] == "HTTP" for s in settings)

    def uses(self, application: str) -> bool:
        """Whether messaging or voice points at the application."""
        voice = ((s or {}).get("HttpSettings") or {} for s in (self.origination, self.termination))
        return self.application == application or any(
            settings.get("HttpVoiceV2AppId") == application for settings in voice
        )


@dataclass
class Site:
    """A sub-account with its locations by id, oldest first."""

    id: str
    document: Tree
    peers: dict[str, SipPeer] = field(default_factory=dict)

    def default_peer(self) -> SipPeer | None:
        """The location that takes numbers ordered without one."""
        return next((peer for peer in self.peers.values() if peer.default), None)


@dataclass
class Number:
    """A telephone number (10 digits) that the account has or had; times are epoch seconds."""

    number: str
    status: str  # Inservice or Aging, as the API spells them
    since: float
    changed: float
    order: str
    site: str | None
    peer: str | None
    sms: bool = False
    campaign: str = ""
    message_class: str = ""
    attributes: list[str] = field(default_factory=list)


@dataclass
class Order:
    """An order for numbers, or a disconnect: the request, and what became of it.

    peer: the location that the numbers are for, as named or as chosen by the server.
    at_most: how many numbers a rehearsed outcome lets it have (None: as many as there are).
    errors: (code, what it is about or "").
    """

    id: str
    document: Tree
    created: float
    changed: float
    peer: str = ""
    status: str = "RECEIVED"
    ended: float | None = None
    looks: int = 0
    at_most: int | None = None
    granted: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Outcomes:
    """What a person wants the next orders to do.

    held: orders stay RECEIVED. limits: how many numbers each of the next orders may have; 0 fails it.
    """

    held: bool = False
    limits: list[int] = field(default_factory=list)

    def next_limit(self) -> int | None:
        """The limit of an order that is being placed; None for as many as there are."""
        return self.limits.pop(0) if self.limits else None


@dataclass
class Store:
    """The account. Ids of sites and locations count up, others are uuids from the seed."""

    seed: int
    applications: dict[str, Tree] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    numbers: dict[str, Number] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    disconnects: dict[str, Order] = field(default_factory=dict)
    received: list[str] = field(default_factory=list)  # ids of both sorts that are not carried out
    last_site: int = 1000
    last_peer: int = 500000

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - repeatable ids, not secrets

    def new_uuid(self) -> str:
        """A version 4 uuid, the same ones in the same order for one seed."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def new_site_id(self) -> str:
        """The next sub-account's id."""
        self.last_site += 1
        return str(self.last_site)

    def new_peer_id(self) -> str:
        """The next location's id, unique in the account."""
        self.last_peer += 1
        return str(self.last_peer)

    def site(self, site_id: str) -> Site:
        """The sub-account, or 12016."""
        if site_id not in self.sites:
            raise Refusal(12016, name=site_id)
        return self.sites[site_id]

    def application(self, app_id: str, status: int = 404) -> Tree:
        """The application, or 13629 with the status given."""
        if app_id not in self.applications:
            raise Refusal(13629, status=status, name=app_id)
        return self.applications[app_id]

    def peers(self) -> Iterator[tuple[Site, SipPeer]]:
        """Every location with its sub-account."""
        for site in self.sites.values():
            for peer in site.peers.values():
                yield site, peer

    def take(self, among: dict[str, Order], order: Order) -> None:
        """Adds an order, or a disconnect, that is to be carried out later."""
        among[order.id] = order
        self.received.append(order.id)

    def dump(self) -> dict[str, Any]:
        """All of it as plain data in a stable order."""
        return asdict(self)
