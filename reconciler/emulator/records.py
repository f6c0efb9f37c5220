"""The store to plain data and back: what a data file keeps, and what a readable document says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import cattrs
import yaml

from reconciler.emulator.store import Number, SipPeer, Store

FORMAT = "reconciler.emulator/1"
_converter = cattrs.Converter(forbid_extra_keys=True)


@_converter.register_structure_hook
def _boolean(value: object, _: type) -> bool:
    words = {"true": True, "false": False}
    if str(value).lower() not in words:
        raise ValueError("expected true or false")
    return words[str(value).lower()]


class _Text(yaml.SafeLoader):
    """Leaves every scalar but null as it was written: a ZIP of 02134 and a name of `on` are text."""


_Text.yaml_implicit_resolvers = {}
_Text.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(~|null|)\Z"), ["~", "n", ""])


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


def written(account_id: str, store: Store) -> str:
    """The account as a YAML document, passwords included, objects in the order of their making."""
    whole = {"format": FORMAT, "account": account_id, "store": plain(store)}
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=110)


def read(text: str, account_id: str) -> Store:
    """The account of a document that `written` made, or a person, in YAML or JSON. Raises Unreadable."""
    try:
        whole = yaml.load(text, _Text)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise Unreadable(f"not YAML: {error}") from error
    if not isinstance(whole, Mapping) or whole.get("format") != FORMAT:
        raise Unreadable(f"not an account: the document begins with `format: {FORMAT}`")
    check_account(whole.get("account"), account_id)
    return store_from(whole.get("store"))


def check_account(held: object, served: str) -> None:
    """Raises Unreadable where another account is held than the one that is served."""
    if str(held) != served:
        raise Unreadable(f"it holds account {held}, and account {served} is served")
