"""How one emulator behaves: the choices of whoever starts it, as one frozen value."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from reconciler.emulator.readings import READINGS


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The options of `Emulator`, all optional; durations are seconds.

    lenient: elements that a document does not know are ignored instead of refused.
    order_seconds: how long an order stays RECEIVED, by `clock`.
    order_looks: how many times an order is shown as RECEIVED instead (None: time decides).
    inventory: how many numbers an area code or toll-free code has; 5,000 where it is not named.
    campaigns, message_classes: what the account may use (errors 13639, 13640); None means anything.
    seed: of the ids; two emulators with one seed hand out the same ids.
    clock: seconds since the epoch.
    readings: the answers, by name, to questions of `READINGS`; the default where a name is left out.

    Raises ValueError for a reading, or an answer, that there is not.
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
    campaigns: Collection[str] | None = None
    message_classes: Collection[str] | None = None
    token_seconds: int = 3600
    seed: int = 0
    clock: Callable[[], float] = time.time
    readings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, answer in self.readings.items():
            if name not in READINGS:
                raise ValueError(f"there is no reading {name}")
            _check(name, answer)

    def reads(self, name: str, answer: str) -> bool:
        """Whether the question `name` is answered so. Raises ValueError for an answer that there is not."""
        _check(name, answer)
        return self.readings.get(name, READINGS[name].answers[0]) == answer


def _check(name: str, answer: str) -> None:
    answers = READINGS[name].answers
    if answer not in answers:
        raise ValueError(f"{name} is one of {', '.join(answers)}, not {answer}")
