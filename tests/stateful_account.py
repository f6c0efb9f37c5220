"""An emulated account that lives on from run to run: what befalls it, and what holds all the while."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from account import REFUSED, Account, Applied
from between import is_order
from drawn import Manifest
from holding import (
    Pool,
    bought,
    coming,
    differences,
    in_service,
    locations,
    overtaken,
    present,
    twice,
    wanted,
)
from obstore.store import MemoryStore
from telling import is_doomed, right, written
from visible import Place, named, visible

from reconciler.api.errors import ApiError
from reconciler.chain import SETTLE
from reconciler.emulator import Dropped
from reconciler.emulator.store import Outcomes
from reconciler.ledger.store import Store
from reconciler.plan import Options

OBJECTS = "GET applications|sites|sippeers"  # a bare `lag` leaves these lists out
LOOKED_THROUGH = 3  # reads that lists of objects may lag: creates are looked for six times, and not for H
CODES = {0, 1, 4, 5}
GIVE_UP = (
    "<DisconnectTelephoneNumberOrder><DisconnectTelephoneNumberOrderType><TelephoneNumberList>"
    "<TelephoneNumber>{}</TelephoneNumber></TelephoneNumberList></DisconnectTelephoneNumberOrderType>"
    "</DisconnectTelephoneNumberOrder>"
)
ORDER = (
    "<Order><AreaCodeSearchAndOrderType><AreaCode>{}</AreaCode><Quantity>{}</Quantity>"
    "</AreaCodeSearchAndOrderType><SiteId>{}</SiteId><PeerId>{}</PeerId></Order>"
)


class Killed(BaseException):
    """The process is gone: nothing that was going to happen happens."""


class Road(httpx.BaseTransport):
    """The way to an account. A run may die on it, and an order may arrive long after it was given up.

    dies: after how many more requests whoever sends them is dead (None: never); whether the last one
    still arrives. slow: whether the next order is kept until `arrive`.
    """

    def __init__(self, line: httpx.BaseTransport) -> None:
        self._line = line
        self.dies: int | None = None
        self.arrives = self.slow = False
        self._travelling: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request, if there is anybody to send it."""
        if self.dies is not None:
            self.dies -= 1
            if self.dies == 0 and self.arrives:
                self._line.handle_request(request)
            if self.dies <= 0:
                raise Killed
        if self.slow and is_order(request):
            self.slow = False
            self._travelling.append(request)
            raise httpx.ReadTimeout("no answer", request=request)
        return self._line.handle_request(request)

    def arrive(self) -> None:
        """What still travels arrives; nobody hears the answer."""
        while self._travelling:
            self._line.handle_request(self._travelling.pop())


class Life:
    """One account, its ledger, and the manifest that is applied to it.

    lags: whether lists may tell what was. most: the highest count of each pool that was ever applied.
    released: how many of its numbers were given up. surplus: how many that are too many the next run
    names of each pool. named: the numbers that any run named, or somebody else gave up.
    """

    def __init__(self, folder: Path) -> None:
        self.account = Account(folder, parallelism=1, site_address="optional")
        self.road = Road(self.account.transport)
        self.account.transport = self.road
        self.manifest: Manifest = {"version": 1}
        self.lags = False
        self.most: Counter[Pool] = Counter()
        self.released: Counter[Pool] = Counter()
        self.surplus = 0
        self.named: set[str] = set()

    def want(self, count: int) -> None:
        """Every pool of the manifest has this count from now on."""
        self.manifest = copy.deepcopy(self.manifest)
        for *_, location in locations(self.manifest):
            for pool in location.get("numbers", ()):
                pool["count"] = count

    def drift(self, call: str, body: str) -> None:
        """Somebody else makes a call; it may be refused, and may fail as ours may."""
        with suppress(Dropped):
            self.account.call(call, body)
        self.account.clock.wait(1)
        while not self._seen():
            pass

    def _seen(self) -> bool:
        """Orders are carried out when somebody next calls and is served."""
        with suppress(Dropped):
            return self.account.call("GET /orders").is_success
        return False

    def release(self, which: int) -> None:
        """Somebody gives a number up."""
        there = in_service(self.account)
        if there and not self.account.emulator.outcomes.held:
            number = list(there)[which % len(there)]
            self.named.add(number)
            self.drift("POST /disconnects", GIVE_UP.format(number))
            self._count_given_up(there)

    def _count_given_up(self, before: Mapping[str, Pool]) -> None:
        """No number leaves the account that nobody named."""
        gone = before.keys() - in_service(self.account).keys()
        assert gone <= self.named, gone - self.named
        self.released.update(before[number] for number in gone)

    def doom(self, site: str) -> None:
        """A sub-account is to go, with all that the manifest names in it."""
        self.manifest = copy.deepcopy(self.manifest)
        self.manifest["sub_accounts"][site]["state"] = "absent"

    def give_up(self, most: int) -> None:
        """The next run names so many of the numbers that are too many of each pool, or in what is to go."""
        self.surplus = most

    def _said(self) -> Options:
        """What is said with the next run."""
        there, wants = in_service(self.account), wanted(self.manifest)
        doomed = {(site, peer) for site, peer, it in locations(right(self.manifest)) if is_doomed(it)}
        found: list[str] = []
        for pool, count in present(self.account).items():
            may_go = pool in wants or pool[:2] in doomed
            few = max(0, min(count - wants[pool], self.surplus)) if may_go else 0
            found += [number for number, its in there.items() if its == pool][:few]
        self.named |= set(found)
        self.surplus = 0
        return Options(release=tuple(f"+1{number}" for number in sorted(found)))

    def order(self, which: int, code: str, quantity: int) -> None:
        """Somebody orders numbers. Nobody promises anything of theirs while lists lag or orders are open."""
        sites = self.account.emulator.dump()["sites"].values()
        places = [(site["id"], peer) for site in sites for peer in site["peers"]]
        if places and not (self.lags or self.account.emulator.outcomes.held):
            self.drift("POST /orders", ORDER.format(code, quantity, *places[which % len(places)]))

    def fail(self, fault: str) -> None:
        """Something goes wrong with a request to come."""
        self.account.emulator.fail(fault)

    def lag(self, behind: int) -> None:
        """From now on lists tell what was."""
        self.lags = True
        self.fail(f"lag={behind}")
        self.fail(f"lag={min(behind, LOOKED_THROUGH)} {OBJECTS}")

    def hold(self) -> None:
        """Orders stay open from now on."""
        self.account.emulator.hold_orders()

    def sell_out(self, deliver: int) -> None:
        """The next order finds that many numbers at the most."""
        self.account.emulator.partial_next_order(deliver)

    def travel(self) -> None:
        """The next order arrives long after it was given up."""
        self.road.slow = True

    def die(self, at: int, arrives: bool) -> None:
        """The next run ends at some request, before or after that arrives."""
        self.road.dies, self.road.arrives = at, arrives

    def settle(self) -> None:
        """All is well again, and H passes: what was given up has happened or never will, no list lags."""
        self.account.emulator.faults.clear()
        self.account.emulator.outcomes = Outcomes()
        self.road.dies, self.road.slow, self.lags = None, False, False
        self.road.arrive()
        self.account.clock.wait(SETTLE)
        self.account.call("GET /orders")
        self.account.emulator.restock()  # also for what was ordered when there was little, and held until now
        self.account.clock.wait(SETTLE)
        self.account.call("GET /orders")

    def lose_the_ledger(self) -> None:
        """The ledger is gone, long after the last disturbance."""
        self.settle()
        self.account.ledger = Store(MemoryStore())

    def apply(self) -> Applied | None:
        """One run; None where it died or could not plan. It buys no more than is missing, touches no more."""
        text, wants, before = written(self.manifest), wanted(self.manifest), visible(self.account)
        had, numbers = present(self.account) + coming(self.account), in_service(self.account)
        self.most |= wants
        applied = None
        with suppress(ApiError, Killed):
            applied = self.account.apply(text, options=self._said())
        self.road.dies = None
        self._count_given_up(numbers)
        assert not (present(self.account) + coming(self.account)) - (had | wants), text
        self._untouched(before, right(self.manifest))
        if applied:
            assert applied.code in ({REFUSED} if applied.plan.refusals else CODES), text
        if applied and applied.code == 0 and not self.lags:
            assert not differences(self.account, self.manifest), text
        return applied

    def _untouched(self, before: dict[Place, Any], manifest: Manifest) -> None:
        after = visible(self.account)
        for place, value in before.items():
            counted = place[0] in {"orders", "disconnects", "numbers"} or place[-1] == "numbers"
            assert counted or named(place, manifest) or after.get(place) == value, place

    def apply_in_peace(self) -> Applied | None:
        """A run long after the last disturbance: all is done, and as the manifest says, unless refused."""
        self.settle()
        before, released = present(self.account), self.released.copy()
        applied = self.apply()
        assert applied
        if not applied.plan.refusals:
            assert (applied.code, applied.residue.steps) == (0, ()), applied.outcome
            given_up = self.released - released
            there, due = present(self.account), (before - given_up) | wanted(self.manifest)
            assert there == due, f"{there - due} too many, {due - there} missing of {before}"
            assert not coming(self.account)
        return applied

    def check(self) -> None:
        """Nothing is there twice, no order overtakes one of its chain, and no pool has too many.

        Of each was bought at most the highest count that was ever applied, and what was given up.
        """
        assert not [each for each in twice(self.account) if "drifted" not in each]
        assert not overtaken(self.account)
        assert not bought(self.account) - (self.most + self.released)
