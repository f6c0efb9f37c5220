"""How one emulator behaves: the choices of whoever starts it, as one frozen value."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The options of `Emulator`, all optional; durations are seconds.

    lenient: elements that a document does not know are ignored instead of refused.
    order_seconds: how long an order stays RECEIVED, by `clock`.
    order_looks: how many times an order is shown as RECEIVED instead (None: time decides).
    inventory: how many numbers an area code or toll-free code has; 5,000 where it is not named.
    address_required: whether a sub-account needs an address (numbers.yml says so, error 1003).
    peer_id_in_body: whether creating a location answers with a body too, as api.bandwidth.com does.
    campaigns, message_classes: what the account may use (errors 13639, 13640); None means anything.
    seed: of the ids; two emulators with one seed hand out the same ids.
    clock: seconds since the epoch.
    """

    account_id: str = "9900000"
    username: str = "user"
    password: str = field(default="password", repr=False)
    client_id: str = "client"
    client_secret: str = field(default="secret", repr=False)
    lenient: bool = False
    order_seconds: float = 0.1
    order_looks: int | None = None
    inventory: Mapping[str, int] | None = None
    address_required: bool = True
    peer_id_in_body: bool = False
    campaigns: Collection[str] | None = None
    message_classes: Collection[str] | None = None
    token_seconds: int = 3600
    seed: int = 0
    clock: Callable[[], float] = time.time
