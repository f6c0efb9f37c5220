"""How one emulator behaves: the choices of whoever starts it, as one frozen value."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler.emulator import features, given
from reconciler.emulator.faults.fault import Fault
from reconciler.emulator.faults.words import faults_from
from reconciler.emulator.limits.rate import Rate
from reconciler.emulator.readings import READINGS


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The options of `Emulator`, all optional; durations are seconds.

    lenient: what no document has is ignored instead of refused: elements, namespaces, stray text.
    order_seconds: how long an order stays RECEIVED, by `clock`.
    order_looks: how many times an order is shown as RECEIVED instead (None: time decides).
    backorder_seconds, backorder_looks: when the numbers that a back-order waits for come on sale: after
    a time, or when it was shown BACKORDERED so often (both None: not by themselves).
    provision_seconds: how long a number that was ordered is InAccount, before it is Inservice.
    inventory: how many numbers an area code or toll-free code has; 5,000 where it is not named.
    without: products and features that the account has not (`reconciler.emulator.features`).
    countries: what messages may break out to, 3 letters each.
    traffic: the account's CustomerTrafficAllowed, LITE, DOMESTIC or ALL; None means that any will do.
    taken: addresses and networks that termination hosts of other customers have.
    account_route_plan: whether calls follow a route plan of the account, so that no location has a
        FinalDestinationUri (error 13688).
    campaigns, message_classes: what the account may use (errors 13639, 13640); None means anything.
    seed: of the ids; two emulators with one seed hand out the same ids.
    clock: seconds since the epoch. sleep: how a late answer waits, given seconds.
    faults: what goes wrong from the beginning, as values or in words (`faults.words.GRAMMAR`).
    rate_limits: by bucket, "ALL" for every call; a `Rate`, or "100/60".
    control: whether `/_emulator/` is served, by which faults, time and orders are steered from outside.
    hosts: names, besides localhost, by which the page and `/_emulator/` may be called on this machine.
    data: an SQLite file that keeps the account; it is made where there is none.
    load: a document to begin the account with, as `Emulator.written` writes it.
    readings: the answers, by name, to questions of `READINGS`; the default where a name is left out.

    One value stands for a collection of one, text for a path. Raises ValueError, with the name of the
    setting, for what makes no sense; the buckets of `rate_limits` are for `Limits` to check.
    """

    account_id: str = "9900000"
    username: str = "user"
    password: str = field(default="password", repr=False)
    client_id: str = "client"
    client_secret: str = field(default="secret", repr=False)
    lenient: bool = False
    order_seconds: float = 0.1
    order_looks: int | None = None
    backorder_seconds: float | None = None
    backorder_looks: int | None = None
    provision_seconds: float = 0.0
    inventory: Mapping[str, int] | None = None
    without: Collection[str] = ("UcTrunking",)
    countries: Collection[str] = ("CAN", "GBR")
    traffic: str | None = None
    taken: Collection[str] = ()
    account_route_plan: bool = False
    campaigns: Collection[str] | None = None
    message_classes: Collection[str] | None = None
    token_seconds: int = 3600
    seed: int = 0
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], object] = time.sleep
    faults: Collection[Fault | str | Mapping[str, Any]] = ()
    rate_limits: Mapping[str, Rate] = field(default_factory=dict)
    control: bool = False
    hosts: Collection[str] = ()
    data: Path | None = None
    load: Path | None = None
    readings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, read in _READ.items():
            try:
                object.__setattr__(self, name, read(getattr(self, name)))
            except (TypeError, ValueError) as wrong:
                raise ValueError(f"{name}: {wrong}") from wrong
        for name, answer in self.readings.items():
            if name not in READINGS:
                raise ValueError(f"there is no reading {name}")
            _check(name, answer)
        if unknown := set(self.without) - features.NAMES:
            raise ValueError(f"without: there is no product or feature {min(unknown)}")

    def has(self, name: str) -> bool:
        """Whether the account has a product, or a feature together with its product."""
        return features.has(name, self.without)

    def reads(self, name: str, answer: str) -> bool:
        """Whether the question `name` is answered so. Raises ValueError for an answer that there is not."""
        _check(name, answer)
        return self.answer(name) == answer

    def answer(self, name: str) -> str:
        """How the question `name` is answered."""
        return self.readings.get(name, READINGS[name].answers[0])


def _check(name: str, answer: str) -> None:
    answers = READINGS[name].answers
    if answer not in answers:
        raise ValueError(f"{name} is one of {', '.join(answers)}, not {answer}")


def _faults(said: Any) -> tuple[Fault, ...]:
    return faults_from([said] if isinstance(said, str | Mapping | Fault) else list(said))


_READ: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("account_id", "username", "client_id"), given.name),
    **dict.fromkeys(("order_seconds", "provision_seconds", "token_seconds"), given.seconds),
    **dict.fromkeys(("order_looks", "backorder_looks"), given.or_none(given.count)),
    "backorder_seconds": given.or_none(given.seconds),
    "inventory": given.or_none(given.counts),
    **dict.fromkeys(("without", "countries"), given.several),
    "traffic": given.or_none(given.traffic),
    "taken": given.networks,
    **dict.fromkeys(("campaigns", "message_classes"), given.or_none(given.several)),
    "faults": _faults,
    "rate_limits": given.rates,
    "hosts": given.hosts,
    **dict.fromkeys(("data", "load"), given.or_none(Path)),
}
"""How what was given for a setting is read."""
