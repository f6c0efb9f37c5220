"""The store to plain data and back."""

from __future__ import annotations

from typing import Any

import cattrs

from reconciler.emulator.store import Number, SipPeer, Store

FORMAT = "reconciler.emulator/1"
_converter = cattrs.Converter(forbid_extra_keys=True)


@_converter.register_structure_hook
def _boolean(value: object, _: type) -> bool:
    words = {"true": True, "false": False}
    if str(value).lower() not in words:
        raise ValueError("expected true or false")
    return words[str(value).lower()]


class Unreadable(Exception):
    """A document, or a data file, that does not hold an account; every fault is in the message."""


def plain(value: object) -> Any:
    """A store, or a record of one, as dictionaries, lists, text and numbers."""
    return _converter.unstructure(value)


def store_from(data: object) -> Store:
    """The store that `plain` was made of. Raises Unreadable, naming each place that does not fit.

    The lists of numbers of the locations follow from where the numbers say that they are.
    """
    try:
        store = _converter.structure(data, Store)
    except cattrs.BaseValidationError as error:
        faults = cattrs.transform_error(error, path="store")
        raise Unreadable("\n".join(faults)) from error
    for _, peer in store.peers():
        peer.numbers.clear()
    for number in sorted(store.numbers.values(), key=lambda number: number.number):
        if number.site is not None and number.peer is not None:
            _location(store, number).numbers.append(number.number)
    return store


def _location(store: Store, number: Number) -> SipPeer:
    assert number.site is not None
    assert number.peer is not None
    site = store.sites.get(number.site)
    if site is None or number.peer not in site.peers:
        raise Unreadable(f"number {number.number} is at a location that is not there @ store.numbers")
    return site.peers[number.peer]


def check_account(held: object, served: str) -> None:
    """Raises Unreadable where another account is held than the one that is served."""
    if str(held) != served:
        raise Unreadable(f"it holds account {held}, and account {served} is served")
