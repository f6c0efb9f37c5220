"""The faults that an emulator was told of, and for each request those that happen to it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.emulator.asked import Asked
from reconciler.emulator.faults.fault import Fault
from reconciler.emulator.faults.lag import Looks
from reconciler.emulator.faults.words import document_of, fault_from


@dataclass
class Rule:
    """A fault in force: how many requests it was about, and how often it happened.

    looks: what the lists show, of a lag.
    """

    fault: Fault
    met: int = 0
    happened: int = 0
    looks: Looks | None = None
    _dice: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self._dice.seed(self.fault.seed)

    def happens(self) -> bool:
        """Counts a request that it is about; whether it happens to this one."""
        fault, most = self.fault, self.fault.at_most
        self.met += 1
        if self.met < (fault.nth or 1) or (most is not None and self.happened >= most):
            return False
        if fault.chance < 1 and self._dice.random() >= fault.chance:
            return False
        self.happened += 1
        return True


class Faults:
    """What goes wrong, as rules that can be added at any time. Safe to use from many threads.

    Each rule counts the requests that it is about, whatever other rules do to them. Iterating gives the
    faults in the order of their adding. `account` gives the account packed, for lists that lag.
    """

    def __init__(self, account: Callable[[], bytes]) -> None:
        self._account = account
        self._rules: list[Rule] = []
        self._lock = threading.Lock()

    def add(self, said: Fault | str | Mapping[str, Any]) -> Fault:
        """Adds a fault, or one in words (see `GRAMMAR`). Raises ValueError for words without sense."""
        rule = Rule(fault_from(said))
        if rule.fault.what == "lag":
            rule.looks = Looks(int(rule.fault.number or 0), self._account())
        with self._lock:
            self._rules.append(rule)
        return rule.fault

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self._rules.clear()

    def happening(self, asked: Asked) -> tuple[Rule, ...]:
        """The rules that happen to a request, in the order of their adding; counts it."""
        if not self._rules:
            return ()
        method, page = asked.request.method, asked.query.get("page", "")
        with self._lock:
            about = [rule for rule in self._rules if rule.fault.concerns(method, asked.path, page)]
            return tuple(rule for rule in about if rule.happens())

    def told(self) -> list[dict[str, Any]]:
        """The rules as documents: the fault, how many requests it was about, how often it happened."""
        with self._lock:
            return [
                {"fault": document_of(rule.fault), "met": rule.met, "happened": rule.happened}
                for rule in self._rules
            ]

    def __iter__(self) -> Iterator[Fault]:
        with self._lock:
            return iter([rule.fault for rule in self._rules])

    def __len__(self) -> int:
        return len(self._rules)
