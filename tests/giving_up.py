"""A location with numbers, to what became of giving them up, in process and on the account's clock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from account import ACCOUNT, Account
from between import disturbed, order

from reconciler.api.auth import Basic
from reconciler.api.client import Writer, connect
from reconciler.api.disconnects import release
from reconciler.api.endpoints import Endpoints
from reconciler.api.patience import Patience
from reconciler.releasing import Disconnect, Released

NAME = "rel-1"


def nothing_against_it() -> None:
    """A last look that finds nothing."""


@dataclass
class Home:
    """An account with a location that has numbers, and the order that would give them up."""

    account: Account
    wanted: Disconnect
    patience: Patience

    @contextmanager
    def writer(self) -> Iterator[Writer]:
        """A client of the account, on its clock."""
        clock = self.account.clock
        connection = connect(
            Endpoints("https://localhost/api"),
            Basic("user", "password"),
            parallelism=1,
            transport=self.account.transport,
            pause=clock.wait,
            clock=clock,
        )
        with Writer(connection) as writer:
            yield writer

    def release(self, check: Callable[[], None] = nothing_against_it) -> Released:
        """Give the numbers up; never more than one order is sent."""
        with self.writer() as writer:
            try:
                return release(writer, self.wanted, self.patience, check)
            finally:
                assert self.posts <= 1

    @property
    def posts(self) -> int:
        """How many disconnect orders ever reached the account, those aside that it told to come again."""
        sent = (
            e for e in self.account.emulator.log if e.method == "POST" and e.path.endswith("/disconnects")
        )
        return sum(each.status != 429 for each in sent)

    @property
    def tns_path(self) -> str:
        """The list of the location's numbers."""
        return f"/accounts/{ACCOUNT}/sites/{self.wanted.site}/sippeers/{self.wanted.peer}/tns"

    def statuses(self) -> list[str]:
        """The status of each number, as the account has it."""
        held = self.account.emulator.dump()["numbers"]
        return [held[number]["status"] for number in self.wanted.numbers]


def home(folder: Path, *faults: str, count: int = 2) -> Home:
    """A location with so many numbers; the faults come after."""
    account = disturbed(folder, lambda request, serve: serve(request))
    order(account, "919", count)
    for fault in faults:
        account.emulator.fail(fault)
    ids = {name: id_ for id_, name in account.names().items()}
    numbers = tuple(sorted(account.emulator.dump()["numbers"]))
    wanted = Disconnect(ACCOUNT, ids["main"], ids["desk"], numbers, NAME)
    return Home(account, wanted, account.patience)


class Stop(threading.Event):
    """A stop that comes when the run has waited so many times."""

    def __init__(self, account: Account, waits: int) -> None:
        super().__init__()
        self.clock, self.waits = account.clock, waits

    def wait(self, timeout: float | None = None) -> bool:
        """Let time pass."""
        self.clock.wait(timeout)
        self.waits -= 1
        if self.waits <= 0:
            self.set()
        return self.is_set()
