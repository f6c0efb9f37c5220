"""What a handler gets and gives: one request made ready, and the answer to write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reconciler.emulator.errors import Refusal
from reconciler.emulator.settings import Settings
from reconciler.emulator.store import Outcomes, SipPeer, Site, Store
from reconciler.emulator.xml import Tree


@dataclass(frozen=True)
class Call:
    """A request whose path, credentials and document have been checked.

    where: the ids in the path. url: scheme, host and prefix as called, "https://host/api/v1".
    e164: whether numbers are written +1NPANXXXXXX (version 2) or with 10 digits. accept: the header.
    """

    store: Store
    settings: Settings
    outcomes: Outcomes
    where: Mapping[str, str]
    query: Mapping[str, str]
    body: Tree
    url: str
    e164: bool
    now: float
    accept: str = ""

    @property
    def account_url(self) -> str:
        """What every Location under the account begins with."""
        return f"{self.url}/accounts/{self.settings.account_id}"

    def site(self) -> Site:
        """The sub-account in the path, or 12016."""
        return self.store.site(self.where["site"])

    def peer(self) -> SipPeer:
        """The location in the path, or 13563 (documented as a 400, and otherwise)."""
        peer = self.site().peers.get(self.where["peer"])
        if peer is None:
            raise Refusal(
                13563,
                status=int(self.settings.answer("missing_peer")),
                peer=self.where["peer"],
                account=self.settings.account_id,
                site=self.where["site"],
            )
        return peer

    def shown(self, number: str) -> str:
        """A stored number as this version of the API writes it."""
        return f"+1{number}" if self.e164 else number

    def digits(self, number: str) -> str | None:
        """The 10 digits of a number as this version writes it, or any where lenient; None for no number."""
        country = r"(?:\+?1)?" if self.settings.lenient else r"\+1" if self.e164 else ""
        found = re.fullmatch(rf"{country}([2-9][0-9]{{9}})", number)
        return found and found.group(1)

    def reads(self, name: str, answer: str) -> bool:
        """Whether this emulator answers the open question `name` (see `READINGS`) so."""
        return self.settings.reads(name, answer)

    def flag(self, name: str) -> bool:
        """Whether a query parameter says true."""
        return self.query.get(name, "").lower() == "true"


@dataclass(frozen=True)
class Answer:
    """What goes back: a status, the content below the root, and the id's Location if one was made.

    No content is an empty body, {} an empty root. `root`: where it is not that of the route.
    """

    status: int
    content: Tree | None = None
    location: str | None = None
    root: str | None = None


@dataclass(frozen=True)
class JsonCall:
    """A request of a JSON call, unread: such a call checks credentials and document in its own way.

    authorization and media_type: the two headers. path: as called, prefix included.
    """

    store: Store
    settings: Settings
    where: Mapping[str, str]
    path: str
    authorization: str
    media_type: str
    body: bytes
    now: float


@dataclass(frozen=True)
class JsonAnswer:
    """What goes back from a JSON call: a status, and a document to be written as JSON."""

    status: int
    content: Mapping[str, Any]


def moment(seconds: float) -> str:
    """A time as most documents write it: 2014-01-06T19:09:44.027Z."""
    stamp = datetime.fromtimestamp(seconds, UTC)
    return f"{stamp:%Y-%m-%dT%H:%M:%S}.{stamp.microsecond // 1000:03d}Z"
