"""What is wanted to the cheapest reads that serve it: lists before members, nothing unmanaged. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.desired import Desired
from reconciler.kinds import BY_NAME, KINDS
from reconciler.kinds.kind import Collection, Kind, Orders, Setting, Settings
from reconciler.model import Address, LiveResource, Resource
from reconciler.paths import Ids, fill
from reconciler.purchase import Key


@dataclass(frozen=True)
class ListRead:
    """One list: every member of a kind under one parent."""

    kind: Kind
    serving: Collection
    parent: tuple[str, ...]
    path: str


@dataclass(frozen=True)
class MemberRead:
    """One member in full, because the list does not show all that the manifest declares."""

    kind: Kind
    serving: Collection
    listed: LiveResource
    path: str


@dataclass(frozen=True)
class SettingRead:
    """One settings document of one location."""

    kind: Kind
    setting: Setting
    address: Address
    path: str


@dataclass(frozen=True)
class NumberRead:
    """The numbers of one location, and the orders of its pools if it has any."""

    location: Address
    path: str
    pools: Mapping[Address, tuple[Key, int]]


OBJECTS = tuple((kind, kind.serving) for kind in KINDS if isinstance(kind.serving, Collection))


def list_reads(
    kind: Kind, serving: Collection, desired: Desired, account: str, ids: Ids
) -> Iterator[ListRead]:
    """The lists of a kind: one for each live parent under which the manifest names something."""
    parents = dict.fromkeys(a.names[:-1] for a in desired.resources if a.kind == kind.name)
    for parent in parents:
        path = fill(serving.path, account, Address(kind.name, (*parent, "")), ids)
        if "{" not in path:
            yield ListRead(kind, serving, parent, path)


def member_reads(read: ListRead, desired: Desired, members: Sequence[LiveResource]) -> Iterator[MemberRead]:
    """The members whose declared fields the list leaves out."""
    thin = {row.name for row in read.kind.fields if not row.in_list}
    for member in members:
        wanted = desired.wanted(member.address)
        if wanted and thin & wanted.fields.keys():
            yield MemberRead(read.kind, read.serving, member, f"{read.path}/{member.id}")


def setting_reads(desired: Desired, account: str, ids: Ids) -> Iterator[SettingRead]:
    """The settings documents that the manifest declares, at locations that are live.

    What a rule needs to know besides is read too: whether SMS is live where only MMS or an
    application is declared, and what would be in the way of switching it off.
    """
    for address in dict.fromkeys(a for r in desired.resources.values() for a in _settings_of(r)):
        kind = BY_NAME[address.kind]
        for setting in kind.serving.settings:
            path = fill(setting.path, account, address, ids)
            if "{" not in path:
                yield SettingRead(kind, setting, address, path)


def _settings_of(resource: Resource) -> Iterator[Address]:
    kind = BY_NAME[resource.address.kind]
    if not isinstance(kind.serving, Settings):
        return
    yield resource.address
    if resource.wanted:
        yield from (resource.address.sibling(name) for name in kind.after)
    else:
        yield from (resource.address.sibling(k.name) for k in KINDS
                    if kind.name in k.after and isinstance(k.serving, Settings))  # fmt: skip


def number_reads(desired: Desired, account: str, ids: Ids) -> Iterator[NumberRead]:
    """The number lists of live locations that have pools, or whose SMS is to go."""
    places: dict[Address, dict[Address, tuple[Key, int]]] = {}
    for address, resource in desired.resources.items():
        location = Address("location", address.names)
        if location not in ids:
            continue
        if isinstance(BY_NAME[address.kind].serving, Orders):
            count = resource.fields["count"]
            assert isinstance(count, int)
            key = Key(
                account, ids[Address("sub_account", address.names[:1])], ids[location], address.criterion
            )
            places.setdefault(location, {})[address] = (key, count)
        elif address.kind == "sms" and not resource.wanted:
            places.setdefault(location, {})
    for location, pools in places.items():
        yield NumberRead(location, fill(Orders().numbers, account, location, ids), pools)
