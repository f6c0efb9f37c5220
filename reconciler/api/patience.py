"""How long a run waits, and how it is told to wait no longer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

FOR_CREATES = 10.0  # seconds; what is made twice can be deleted, a number cannot be given back


@dataclass(frozen=True)
class Patience:
    """How long a run waits, in seconds: for an order to end, and for a lost one to show up.

    `wait` False leaves orders open and reports them; so does setting `stop`, while a run is on.
    """

    order_timeout: float = 600.0
    order_patience: float = 60.0
    wait: bool = True
    stop: Event = field(default_factory=Event, repr=False)
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)

    @property
    def for_creates(self) -> float:
        """How long a lost create that is not an order is looked for."""
        return min(FOR_CREATES, self.order_patience)

    def pause(self, seconds: float) -> bool:
        """Let time pass, unless the run is stopped meanwhile; whether it was."""
        return self.stop.wait(seconds)
