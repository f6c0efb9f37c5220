"""What earlier runs wrote down of what they sent, and how long lists may lag behind it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from reconciler.api.orders import nothing_known
from reconciler.chain import SETTLE, Record

Created = Callable[[str], Collection[tuple[str, ...]]]


def _nothing_created(path: str) -> Collection[tuple[str, ...]]:
    del path
    return ()


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier runs wrote down; without a ledger, nothing.

    `created` tells, for the path of a list, what was sent to be created there and may have been (as
    `Kind.called`); `record` what is known of a pool's chain of orders.
    """

    created: Created = _nothing_created
    record: Callable[[str], Record] = nothing_known


@dataclass(frozen=True, slots=True)
class Lag:
    """How long lists may lag, in seconds, and what lets time pass between two looks at one."""

    settle: float = SETTLE
    pause: Callable[[float], object] = time.sleep
