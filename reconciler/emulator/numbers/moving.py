"""A number from its location to another one of the account."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable

from reconciler.emulator.products.messaging import inherit
from reconciler.emulator.store import SipPeer, Site, Store

# The options that a location has, too: a moved number takes on those of its new location (the guide
# on account structure), and keeps what only a number has.
_OF_LOCATIONS = (
    "A2pSettings",
    "CallVerificationEnabled",
    "CallingNameDisplay",
    "FinalDestinationURI",
    "OriginationRoutePlan",
    "PindropEnabled",
)


def move(store: Store, numbers: Iterable[str], site: Site, peer: SipPeer, now: float) -> None:
    """Moves numbers (10 digits) that are at a location of the account."""
    for number in numbers:
        record = store.numbers[number]
        if record.site is not None and record.peer is not None:
            store.sites[record.site].peers[record.peer].numbers.remove(number)
        record.site, record.peer, record.changed = site.id, peer.id, now
        record.options = {name: value for name, value in record.options.items() if name not in _OF_LOCATIONS}
        record.sms, record.campaign, record.message_class = False, "", ""
        inherit(record, peer)
        insort(peer.numbers, number)
