"""What is wanted and what was read of the account, side by side, for the rules of the kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from reconciler.chain import Facts
from reconciler.desired import Desired, by_parent
from reconciler.model import Address, Finding, LiveResource, Resource, User


@dataclass(frozen=True)
class Live:
    """What was read of the account.

    `resources` holds everything that is there and was read, objects under the manifest's address where
    the manifest names them. `pruned` is what `policy.prune` hands over. `pools` has the facts of each pool
    whose location is live, or that names a number. `findings` are doubts about who is who. `numbers` are
    those at the locations whose numbers were read, `texting` the ones with messaging on, by location's names.
    `without_campaign` are local numbers whose texts will not be delivered. `users` are the locations that
    applications show which are to go. `features` are the account's products and features (None: not
    read). Of numbers that were named to be given up `given_up` are not in service any more, and
    `unsteady` says of others why they may not go now. `backorders` are the ids of the back-orders at
    locations that are to go. `left_behind` are objects that earlier runs created and the manifest does not
    name, in lists where it wants something that is not there.
    """

    resources: Mapping[Address, LiveResource] = field(default_factory=dict)
    pools: Mapping[Address, Facts] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    texting: Mapping[tuple[str, ...], Sequence[str]] = field(default_factory=dict)
    without_campaign: tuple[str, ...] = ()
    numbers: Mapping[tuple[str, ...], Sequence[str]] = field(default_factory=dict)
    pruned: Mapping[Address, Resource] = field(default_factory=dict)
    users: Mapping[Address, Sequence[User]] = field(default_factory=dict)
    features: frozenset[str] | None = None
    given_up: frozenset[str] = frozenset()
    unsteady: Mapping[str, str] = field(default_factory=dict)
    backorders: Mapping[tuple[str, ...], Sequence[str]] = field(default_factory=dict)
    left_behind: tuple[LiveResource, ...] = ()


@dataclass(frozen=True)
class View:
    """The manifest and the account side by side, for the rules of the kinds; `named` are to be given up."""

    desired: Desired
    account: Live
    named: frozenset[str] = frozenset()

    def wanted(self, address: Address) -> Resource | None:
        """What the manifest says of it, if anything."""
        return self.desired.wanted(address)

    def live(self, address: Address) -> LiveResource | None:
        """What the account says of it, if it is there."""
        return self.account.resources.get(address)

    def wanted_members(self, kind: str, parent: tuple[str, ...]) -> Sequence[Resource]:
        """The resources of a kind under one parent that the manifest names, in file order."""
        return self.desired.wanted_members(kind, parent)

    def live_members(self, kind: str, parent: tuple[str, ...]) -> Sequence[LiveResource]:
        """The live resources of a kind under one parent, named by the manifest or not."""
        return self._members.get((kind, parent), ())

    def texting(self, location: tuple[str, ...]) -> Sequence[str]:
        """The numbers at a location that have messaging on and are not given up, where they were read."""
        return self._kept(self.account.texting.get(location, ()))

    def users(self, application: Address) -> Sequence[User]:
        """The locations that an application's own list shows, where it was read."""
        return self.account.users.get(application, ())

    def staying_numbers(self, location: tuple[str, ...]) -> Sequence[str]:
        """The numbers at a location that are not given up, ten digits each, where they were read."""
        return self._kept(self.account.numbers.get(location, ()))

    def backorders(self, location: tuple[str, ...]) -> Sequence[str]:
        """The ids of the orders that still wait for numbers for a location that is to go."""
        return self.account.backorders.get(location, ())

    def location_of(self, user: User) -> Address | None:
        """The location that uses an application, if it was read."""
        live = self.account.resources.values()
        return next((each.address for each in live if self._is(each, user)), None)

    def _is(self, live: LiveResource, user: User) -> bool:
        """Whether it is the user: no source says that ids of locations are unique in the account."""
        site = self.live(Address("sub_account", live.address.names[:1]))
        there = live.address.kind == "location" and live.id == user.peer
        return there and site is not None and user.site in {"", site.id}

    def _kept(self, numbers: Sequence[str]) -> Sequence[str]:
        return [number for number in numbers if number not in self.named]

    @cached_property
    def _members(self) -> Mapping[tuple[str, tuple[str, ...]], Sequence[LiveResource]]:
        return by_parent(self.account.resources.values())
