"""The account to live resources: the planned reads performed, as many at a time as is allowed.

A read that fails ends it: nothing is ever planned from half an account. Results are put together in
the order of the reads, never in that of their answers. A list may lag: where it lacks what an earlier run
is known to have sent, it is read again before it is believed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TypeVar

from reconciler import reads
from reconciler.api.client import Reader
from reconciler.api.collection import gone, read_member, read_members
from reconciler.api.departing import read_features, read_users
from reconciler.api.looks import LOOKS, pauses
from reconciler.api.numbers import Number
from reconciler.api.singleton import read_setting
from reconciler.desired import Desired
from reconciler.document import Node
from reconciler.inventory import Inventory, Stocktaking
from reconciler.kinds.criteria import TOLL_FREE
from reconciler.kinds.kind import Kind
from reconciler.matching import match
from reconciler.model import Address, Finding, LiveResource, Ref, Resource, User, Value
from reconciler.past import Lag, Past
from reconciler.removal import pruned
from reconciler.view import Live

A = TypeVar("A")
B = TypeVar("B")


def read_account(
    reader: Reader,
    desired: Desired,
    account: str,
    *,
    parallelism: int = 8,
    past: Past,
    lag: Lag,
    named: Collection[str] = (),
) -> Live:
    """Everything about the account that the manifest bears on. Raises `ApiError` or `ForeignOrder`.

    Where the manifest wants what was created in the past and a list lacks it, the list is read again,
    `LOOKS` times in all, with a pause (none where lists do not lag) before each. `named` are numbers (ten
    digits) that a person said to give up.
    """
    with ThreadPoolExecutor(parallelism) as threads:
        reading = _Reading(reader, desired, account, threads, past, lag)
        for kind, serving in reads.OBJECTS:
            reading.objects(list(reads.list_reads(kind, serving, reading.desired, account, reading.ids)))
        reading.settings()
        stocktaking = Stocktaking(reader, threads, reading.desired, account, reading.found, past, lag)
        inventory = stocktaking.take(named)
        users = {address: found for (address, _), found in reading.users()}
        features = read_features(reader, account) if reads.asks_for_features(desired) else None
    return reading.live(inventory, users, features)


@dataclass
class _Reading:
    """What has been read so far; only the calling thread writes to it."""

    reader: Reader
    desired: Desired
    account: str
    threads: ThreadPoolExecutor
    past: Past
    lag: Lag
    found: dict[Address, LiveResource] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    pruned: dict[Address, Resource] = field(default_factory=dict)
    left_behind: list[LiveResource] = field(default_factory=list)

    def live(
        self, inventory: Inventory, users: Mapping[Address, Sequence[User]], features: frozenset[str] | None
    ) -> Live:
        """All of it as one value."""
        numbers = inventory.numbers
        return Live(
            resources=self.found,
            pools=inventory.pools,
            findings=tuple(self.findings),
            texting={names: [n.digits for n in found if n.texting] for names, found in numbers.items()},
            without_campaign=_without_campaign(numbers, self.found),
            numbers={names: [n.digits for n in found] for names, found in numbers.items()},
            pruned=self.pruned,
            users=users,
            features=features,
            given_up=inventory.departing.given_up,
            unsteady=inventory.departing.unsteady,
            backorders=inventory.backorders,
            left_behind=tuple(self.left_behind),
        )

    @property
    def ids(self) -> dict[Address, str]:
        """The ids that are known by now."""
        return {address: live.id for address, live in self.found.items() if live.id}

    def _all(self, function: Callable[[A], B], items: Sequence[A]) -> Iterable[tuple[A, B]]:
        return zip(items, self.threads.map(function, items), strict=True)

    def objects(self, lists: Sequence[reads.ListRead]) -> None:
        """Read lists, pair their members with the manifest, and read what the lists leave out."""
        wanted = self.desired.wanted_members
        thin: list[reads.MemberRead] = []
        for read, (listed, created) in self._all(self._members, lists):
            members, doubts = match(read.kind, wanted(read.kind.name, read.parent), listed)
            self.findings += doubts
            self.found |= {member.address: member for member in members}
            self._prune(read.kind, members)
            unnamed = (member for member in members if not self.desired.wanted(member.address))
            self.left_behind += [member for member in unnamed if read.kind.called(member.fields) in created]
            self._drop_gone(read, members)
            thin += reads.member_reads(read, self.desired, members)
        for _, member in self._all(self._member, thin):
            self.found[member.address] = member

    def _prune(self, kind: Kind, members: Sequence[LiveResource]) -> None:
        gone, doubts = pruned(self.desired, kind.name, members)
        self.findings += doubts
        self.pruned |= {resource.address: resource for resource in gone}
        self.desired = self.desired.extended({resource.address: resource for resource in gone})

    def _drop_gone(self, read: reads.ListRead, members: Sequence[LiveResource]) -> None:
        """A list that lags shows what an earlier run deleted, and nothing can be read of that."""
        leaving = [m for m in members if (said := self.desired.wanted(m.address)) and not said.wanted]
        paths = [f"{read.path}/{member.id}" for member in leaving]
        at_path = partial(gone, self.reader, read.serving)
        for member, (_, is_gone) in zip(leaving, self._all(at_path, paths), strict=True):
            if is_gone:
                del self.found[member.address]

    def users(self) -> Iterable[tuple[tuple[Address, str], Sequence[User]]]:
        """Read who uses the applications that are to go."""
        planned = list(reads.user_reads(self.desired, self.account, self.ids))
        return list(self._all(lambda read: read_users(self.reader, read[1]), planned))

    def _members(self, read: reads.ListRead) -> tuple[list[LiveResource], Collection[tuple[str, ...]]]:
        """The members; and where the manifest wants others, what earlier runs sent to be created there."""
        kind = read.kind
        members = read_members(self.reader, kind, read.serving, read.path, read.parent)
        named = self.desired.wanted_members(kind.name, read.parent)
        wanted = {kind.called(each.fields) for each in named if each.wanted}
        absent = wanted - _shown(kind, members)
        created = self.past.created(read.path) if absent else ()
        awaited = absent.intersection(created)
        for pause in islice(pauses(self.lag.settle), LOOKS - 1):
            if awaited <= _shown(kind, members):
                break
            self.lag.pause(pause)
            members = read_members(self.reader, kind, read.serving, read.path, read.parent)
        return members, created

    def _member(self, read: reads.MemberRead) -> LiveResource:
        return read_member(self.reader, read.kind, read.serving, read.path, read.listed)

    def settings(self) -> None:
        """Read the settings of live locations."""
        applications = {live.id: a for a, live in self.found.items() if a.kind == "application"}
        planned = list(reads.setting_reads(self.desired, self.account, self.ids))
        documents: dict[Address, dict[str, Node]] = {}
        for read, document in self._all(self._setting, planned):
            if document is not None:
                documents.setdefault(read.address, {})[read.setting.name] = document
        for read in planned:
            if read.address in documents and read.address not in self.found:
                live = _settings(read, documents[read.address], applications)
                if live:
                    self.found[read.address] = live

    def _setting(self, read: reads.SettingRead) -> Node | None:
        return read_setting(self.reader, read.setting, read.path)


def _shown(kind: Kind, members: Iterable[LiveResource]) -> set[tuple[str, ...]]:
    return {kind.called(member.fields) for member in members}


def _settings(
    read: reads.SettingRead, documents: dict[str, Node], applications: dict[str, Address]
) -> LiveResource | None:
    """A setting's fields from its documents; ids of applications in the manifest become references."""
    several = len(read.kind.serving.settings) > 1
    fields: dict[str, Value] = {}
    for name, document in documents.items():
        fields |= read.kind.decode(document, name if several else "")
    known = {
        name: Ref(applications[value]) if isinstance(value, str) and value in applications else value
        for name, value in fields.items()
    }
    if not several and all(value is None for value in known.values()):
        return None
    return LiveResource(read.address, known, settings=frozenset(documents))


def _without_campaign(
    numbers: Mapping[tuple[str, ...], Sequence[Number]], found: Mapping[Address, LiveResource]
) -> tuple[str, ...]:
    """Local numbers that can text but have no 10DLC campaign, of locations with SMS."""
    bare = {
        number.digits for names, at_location in numbers.items() for number in at_location
        if not number.campaign and number.digits[:3] not in TOLL_FREE and Address("sms", names) in found
    }  # fmt: skip
    return tuple(sorted(bare))
