"""The numbered objects of the lock turned into the one who holds it.

`00000007` is a holding, `00000007.renewed-0001` the same with a new expiry, `00000007.released` its end.
Only the highest number counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import cattrs
from cattrs.preconf.json import make_converter

from reconciler.ledger.process import Process
from reconciler.ledger.store import Store

LEASE = 300.0  # seconds
_NAME = re.compile(r"(\d{8,})(?:\.(released)|\.renewed-(\d{4,}))?")
_converter = make_converter()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock, for what and until when. A torn holding goes by its number alone."""

    number: int
    taken: datetime
    expires: datetime
    run: str
    owner: str = "somebody"
    purpose: str = "not known"
    process: Process | None = None

    @property
    def host(self) -> str:
        """The name of its machine."""
        return self.process.host if self.process else "an unknown machine"

    @property
    def pid(self) -> int:
        """Its process there; 0 if unknown."""
        return self.process.pid if self.process else 0

    def document(self) -> dict[str, Any]:
        """What is written of it."""
        document: dict[str, Any] = _converter.unstructure(self)
        return document


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the names of the lock's objects say: the highest number (0 for none), its end and renewals."""

    keys: tuple[str, ...] = ()
    number: int = 0
    released: bool = False
    renewals: int = 0

    def below(self, number: int) -> list[str]:
        """The objects of lower numbers."""
        return [key for key in self.keys if int(key.partition(".")[0]) < number]


def holding_key(number: int) -> str:
    """Where a holding is written."""
    return f"{number:08d}"


def release_key(number: int) -> str:
    """Where the end of a holding is written."""
    return f"{number:08d}.released"


def renewal_key(number: int, renewal: int) -> str:
    """Where a renewal of a holding is written, counted from 1."""
    return f"{number:08d}.renewed-{renewal:04d}"


def read_holdings(locks: Store) -> Holdings:
    """Read the names, in one call. Raises `LedgerFailed`."""
    names = [*filter(None, map(_NAME.fullmatch, locks.keys()))]
    number = max((int(name[1]) for name in names), default=0)
    highest = [name for name in names if int(name[1]) == number]
    return Holdings(
        keys=tuple(name[0] for name in names),
        number=number,
        released=any(name[2] for name in highest),
        renewals=max((int(name[3]) for name in highest if name[3]), default=0),
    )


def read_holder(locks: Store, found: Holdings) -> Holder | None:
    """Read who has the highest number, expired or not; None when nobody has. Raises `LedgerFailed`.

    A torn object counts for nothing: whoever wrote it was never told that it was written.
    """
    if not found.number or found.released:
        return None
    renewed = (renewal_key(found.number, renewal) for renewal in range(found.renewals, 0, -1))
    for key in (*renewed, holding_key(found.number)):
        document = locks.get(key)
        if document is not None:
            return _holder(found.number, document, locks.modified(key))
    return None


def _holder(number: int, document: Mapping[str, Any], written: datetime | None) -> Holder | None:
    """Whoever a document names; one of an unknown form counts for a lease from when it was written."""
    try:
        return _converter.structure(document, Holder)
    except cattrs.BaseValidationError:
        expires = written and written + timedelta(seconds=LEASE)
        return Holder(number, written, expires, holding_key(number)) if written and expires else None
