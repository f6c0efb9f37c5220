"""Where numbers stand and what a disconnect order says of them, to what became of each number. No I/O.

The order's word is not the only one: a number that its own status shows as given up is given up, and one
that is in service is not, whatever an order says. Where the answer to an order was lost, the statuses are
all there is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from reconciler.chain import FINAL

# statuses of a number (error 15519; InAccount as Bandwidth's CLI knows it), without case and dashes
_HERE = frozenset({"inservice", "inaccount"})
_GONE = frozenset({"aging", "disconnected", "available", "portout", "removed", "eliminated"})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a number stands; "" for what the API does not say of it.

    One that the API does not know (404) has no status. It is ours unless another account is named.
    """

    status: str = ""
    account: str = ""
    site: str = ""
    peer: str = ""
    ours: bool = True

    @property
    def known(self) -> bool:
        """Whether the API knows the number."""
        return bool(self.status)

    @property
    def in_service(self) -> bool:
        """Whether it is ours and in service."""
        return self.ours and self._word in _HERE

    @property
    def gone(self) -> bool:
        """Whether it has been given up: it ages, is on sale, was ported out, or is another account's."""
        return not self.ours or self._word in _GONE

    @property
    def _word(self) -> str:
        return "".join(filter(str.isalpha, self.status.lower()))

    def misplaced(self, site: str, peer: str) -> str:
        """Why it cannot be given up at this location; "" if it can, as far as the API says where it is."""
        if not self.known:
            return "the API does not know this number"
        if not self.in_service:
            return f"it is not in service (status {self.status})"
        if (self.site and site and self.site != site) or (self.peer and peer and self.peer != peer):
            return (
                f"it is at another location now (site {self.site or site}, location {self.peer or 'unknown'})"
            )
        return ""


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Numbers (ten digits) of one location that one order is to give up. `customer_order_id`: at most 40."""

    account: str
    site: str
    peer: str
    numbers: tuple[str, ...]
    customer_order_id: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a disconnect order says of itself: the numbers that went, and why others (`failed`) did not.

    `reason` joins the errors that name no number.
    """

    order: str
    status: str
    disconnected: frozenset[str] = frozenset()
    failed: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""

    @property
    def ended(self) -> bool:
        """Whether it cannot change any more. A state that no document names is not an end."""
        return self.status in FINAL

    def gave_up(self, number: str) -> bool:
        """Whether the order, which has ended, says that the number went; lists may be left out."""
        if number in self.disconnected:
            return True
        if number in self.failed or self.status == "FAILED":
            return False
        return self.status == "COMPLETE" or bool(self.failed and not self.disconnected)

    def why(self, number: str) -> str:
        """Why the number did not go, in the API's words."""
        return self.failed.get(number) or self.reason or f"the order ended {self.status} without a reason"


class Fate(Enum):
    """What became of a number that was to be given up."""

    RELEASED = auto()
    REFUSED = auto()
    PENDING = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Released:
    """How a release ended, number by number.

    `order` is the order's id, where one is known. `refused` says why of each number that was not given
    up. The order of `pending` numbers is still open. Nobody knows of the `unknown` ones: they may yet go.
    `error` and `hint` say what went wrong with a call. `wrote`: the account may have changed.
    """

    order: str = ""
    released: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    pending: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    error: str = ""
    hint: str = ""
    wrote: bool = False


def fate(number: str, told: Told | None, standing: Standing) -> Fate:
    """What became of a number; `told` is None where the order's answer was lost."""
    if standing.gone:
        return Fate.RELEASED
    if told is None:
        return Fate.UNKNOWN
    if not told.ended:
        return Fate.PENDING
    if not told.gave_up(number):
        return Fate.REFUSED
    return Fate.UNKNOWN if standing.in_service else Fate.RELEASED


def unsettled(
    numbers: Collection[str], told: Told | None, standings: Mapping[str, Standing]
) -> Iterator[str]:
    """The numbers that are worth another look: never looked at, or still undecided."""
    for number in numbers:
        if number not in standings or fate(number, told, standings[number]) is Fate.UNKNOWN:
            yield number


def sorted_out(wanted: Disconnect, standings: Mapping[str, Standing]) -> tuple[tuple[str, ...], Released]:
    """The numbers to send, and what is to be said of the others: given up already, or not to be had here."""
    gone = tuple(n for n in wanted.numbers if standings[n].gone)
    kept = {n: standings[n].misplaced(wanted.site, wanted.peer) for n in wanted.numbers if n not in gone}
    sent = tuple(number for number, why in kept.items() if not why)
    return sent, Released(released=gone, refused={number: why for number, why in kept.items() if why})


def became(
    numbers: Collection[str], told: Told | None, standings: Mapping[str, Standing], before: Released
) -> Released:
    """How it ended for the numbers of an order that was sent, beside those of which that was known before."""
    fates = {number: fate(number, told, standings.get(number, Standing())) for number in numbers}

    def of(wanted: Fate) -> tuple[str, ...]:
        return tuple(number for number, each in fates.items() if each is wanted)

    return Released(
        order=told.order if told else "",
        released=(*before.released, *of(Fate.RELEASED)),
        refused={**before.refused, **{number: told.why(number) for number in of(Fate.REFUSED) if told}},
        pending=of(Fate.PENDING),
        unknown=of(Fate.UNKNOWN),
        wrote=True,
    )
