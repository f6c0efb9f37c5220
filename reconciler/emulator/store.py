"""What one account holds: plain records, their documents as the Trees that reads are made from."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from reconciler.emulator.errors import Refusal
from reconciler.emulator.orders.order import Order, Sort
from reconciler.emulator.xml import Tree

# "Typically 30 days": the status Aging in numbers.yml, GET /tns/{tn}.
AGING_SECONDS = 30 * 24 * 3600


@dataclass
class SipPeer:
    """A location: its document, its products' settings, and the numbers on it in ascending order.

    Settings are None until they are created; `application` is the messaging application's id.
    countries: where messages may break out to. outbound: callers' numbers of elsewhere, with their ids.
    partners: its toll-free peering partners (CICs and RORs), which no call here sets.
    """

    id: str
    document: Tree
    sms: Tree | None = None
    mms: Tree | None = None
    application: str | None = None
    origination: Tree | None = None
    termination: Tree | None = None
    numbers: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    outbound: list[Tree] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)

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
    """A sub-account with its locations by id, oldest first.

    locked: for contract paperwork. billing: the billing id that it was given. No call here sets the two.
    """

    id: str
    document: Tree
    peers: dict[str, SipPeer] = field(default_factory=dict)
    last_peer: int = 500000
    locked: bool = False
    billing: str = ""

    def default_peer(self) -> SipPeer | None:
        """The location that takes numbers ordered without one."""
        return next((peer for peer in self.peers.values() if peer.default), None)


@dataclass
class Number:
    """A telephone number (10 digits) that the account has or had; times are epoch seconds.

    active: when it becomes Inservice and is listed at its location; until then it is InAccount.
    options: what was set on the number itself, by the API's element name (CallForward, NumberFormat,
    RPIDFormat, RewriteUser, CallingNameDisplay, PortOutPasscode, FinalDestinationURI, NNID, ESPID,
    PindropEnabled, CallVerificationEnabled, and the groups A2pSettings and OriginationRoutePlan), as
    number options spell it (on, off, 10digit), CallForward with 10 digits; what is not there follows
    the location.
    facts: elements of the number's details that no call here sets, as the API nests them: Features,
    HostedTelephoneNumberDetails, Country, TnType.
    """

    number: str
    status: str = "Inservice"  # or Aging, as the API spells them
    since: float = 0.0
    changed: float = 0.0
    order: str = ""
    site: str | None = None
    peer: str | None = None
    sms: bool = False
    campaign: str = ""
    message_class: str = ""
    attributes: list[str] = field(default_factory=list)
    active: float = 0.0
    options: Tree = field(default_factory=dict)
    facts: Tree = field(default_factory=dict)

    def state(self, now: float) -> str:
        """The status as the API tells it: InAccount while it is set up, Available once it has aged."""
        if self.status == "Inservice" and now < self.active:
            return "InAccount"
        if self.status == "Aging" and now >= self.changed + AGING_SECONDS:
            return "Available"
        return self.status

    def listed(self, now: float) -> bool:
        """Whether it is in service, and in the lists of its location."""
        return self.state(now) == "Inservice"


@dataclass
class Reservation:
    """A number (10 digits) held for an order until `expires`, epoch seconds."""

    id: str
    number: str
    expires: float


@dataclass
class Message:
    """A message that was accepted: `time` in epoch seconds, both ends as sent (+1…).

    lost: why no callback would tell of it; "" when one would come.
    """

    id: str
    time: float
    application: str
    sender: str
    to: list[str]
    text: str = ""
    media: list[str] = field(default_factory=list)
    tag: str = ""
    lost: str = ""


@dataclass
class Outcomes:
    """What a person wants the next orders to do.

    held: orders of every sort stay as they are. limits: by sort, how many numbers each of the next
    orders may have; 0 fails it.
    """

    held: bool = False
    limits: dict[str, list[int]] = field(default_factory=dict)

    def limit(self, deliver: int, sort: Sort = "orders") -> None:
        """The next order of that sort that has no limit yet gets this one."""
        self.limits.setdefault(sort, []).append(deliver)

    def next_limit(self, sort: Sort = "orders") -> int | None:
        """The limit of an order that is being placed; None for as many as there are."""
        waiting = self.limits.get(sort)
        return waiting.pop(0) if waiting else None


@dataclass
class Store:
    """The account. Ids of sites and locations count up, others are uuids from the seed."""

    seed: int = 0
    applications: dict[str, Tree] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    numbers: dict[str, Number] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    disconnects: dict[str, Order] = field(default_factory=dict)
    tn_options: dict[str, Order] = field(default_factory=dict)
    moves: dict[str, Order] = field(default_factory=dict)
    unfinished: dict[str, Sort] = field(default_factory=dict)  # ids, oldest first, of orders not at their end
    reservations: dict[str, Reservation] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    trunks: str | None = None  # of hosted UC trunking, once somebody set them
    last_outbound: int = 0
    last_site: int = 1000
    last_peer: int = 500000
    last_note: int = 0
    last_uuid: int = 0

    def new_uuid(self) -> str:
        """A version 4 uuid, the same ones in the same order for one seed."""
        self.last_uuid += 1
        chance = random.Random(f"{self.seed}/{self.last_uuid}")  # noqa: S311 - repeatable ids, not secrets
        return str(uuid.UUID(int=chance.getrandbits(128), version=4))

    def new_site_id(self) -> str:
        """The next sub-account's id."""
        self.last_site += 1
        return str(self.last_site)

    def new_peer_id(self, site: Site | None) -> str:
        """The next location's id, unique in the account, or in one sub-account only."""
        counter = self if site is None else site
        counter.last_peer += 1
        while site is not None and str(site.last_peer) in site.peers:
            site.last_peer += 1
        return str(counter.last_peer)

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

    def listed(self, peer: SipPeer, now: float) -> list[str]:
        """The numbers of a location that are in service, in ascending order."""
        return [number for number in peer.numbers if self.numbers[number].listed(now)]

    def of_sort(self, sort: Sort) -> dict[str, Order]:
        """The orders of one sort by id, oldest first."""
        books: dict[Sort, dict[str, Order]] = {
            "orders": self.orders,
            "disconnects": self.disconnects,
            "tn_options": self.tn_options,
            "moves": self.moves,
        }
        return books[sort]

    def take(self, sort: Sort, order: Order) -> None:
        """Adds an order that is to be carried out later."""
        self.of_sort(sort)[order.id] = order
        self.unfinished[order.id] = sort

    def new_note_id(self) -> str:
        """The next note's id."""
        self.last_note += 1
        return str(self.last_note)

    def dump(self) -> dict[str, Any]:
        """All of it as plain data in a stable order."""
        return asdict(self)
