"""What a run finds around itself: the process's environment and signals, the network, and ledgers."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reconciler.commands.interrupts import Signals

if TYPE_CHECKING:
    from reconciler.api.client import Transport
    from reconciler.ledger.store import Store


def _open_store(url: str, environ: Mapping[str, str]) -> Store:
    from reconciler.ledger.store import open_store

    return open_store(url, environ)


@dataclass(frozen=True)
class Outside:
    """The surroundings of one run; `transport` replaces the network, and stays open."""

    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    transport: Transport | None = None
    open_ledger: Callable[[str, Mapping[str, str]], Store] = _open_store
    signals: Signals = field(default_factory=Signals, repr=False)
