"""What is kept of creates: that one was sent before it is, and how it ended.

A create whose end is not known may have been carried out though no list shows it yet. Below
`creations/<path>/<identity>/` each is an object of its own. The identity is in the key, so that a torn object
still says what was sent.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from reconciler.ledger.store import Store

_SEGMENT = re.compile(".{1,200}")  # file names hold 255 bytes


@dataclass(frozen=True, slots=True)
class Creation:
    """One create that was about to be sent."""

    store: Store
    key: str
    sent: dict[str, object]

    def ended(self, id: str) -> None:  # noqa: A002 - it is the id that the API gave
        """Say what it made; "" if it is known to have made nothing. Raises `LedgerFailed`."""
        if id:
            self.store.put(self.key, {**self.sent, "id": id})
        else:
            self.store.delete(self.key)


class Creations:
    """The creates that an account's runs sent. Every method raises `LedgerFailed`."""

    def __init__(self, store: Store) -> None:
        self._store = store.below("creations")

    def open(self, path: str, identity: Sequence[str], run: str) -> Creation:
        """Write down, durably, that a create is about to be POSTed to a collection's path."""
        key = f"{quote(path, safe='')}/{_segments(identity)}/{secrets.token_hex(8)}"
        sent: dict[str, object] = {"run": run, "path": path, "identity": [*identity]}
        self._store.put(key, sent)
        return Creation(self._store, key, sent)

    def forget(self, path: str, identity: Sequence[str]) -> None:
        """What was created under this identity was deleted."""
        store = self._store.below(f"{quote(path, safe='')}/{_segments(identity)}")
        for key in sorted(store.keys()):
            store.delete(key)

    def known(self, path: str) -> set[tuple[str, ...]]:
        """The identities that were sent to this path and are not known to have come to nothing: one call."""
        keys = self._store.below(quote(path, safe="")).keys()
        return {*filter(None, map(_identity, keys))}


def _segments(identity: Sequence[str]) -> str:
    text = base64.urlsafe_b64encode(json.dumps([*identity], ensure_ascii=False).encode()).decode()
    return "/".join(_SEGMENT.findall(text))


def _identity(key: str) -> tuple[str, ...] | None:
    """The identity in a key; None for a stranger's file."""
    segments = key.rpartition("/")[0].replace("/", "")
    try:
        return tuple(json.loads(base64.urlsafe_b64decode(segments)))
    except (TypeError, ValueError):
        return None
