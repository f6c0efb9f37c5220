"""What is wanted to the cheapest reads that serve it: lists before members, nothing unmanaged. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.chain import Key
from reconciler.desired import Desired
from reconciler.kinds import BY_NAME, KINDS
from reconciler.kinds.criteria import asked
from reconciler.kinds.kind import Collection, Kind, Orders, Setting, Settings
from reconciler.model import Address, LiveResource, Resource
from reconciler.paths import Ids, fill, lineage, owner


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
    """The lists of a kind: one for each live parent under which the manifest names something.

    Also where the parent is to go, since what is in it keeps it, and where the manifest is the whole truth.
    """
    parents = dict.fromkeys(a.names[:-1] for a in desired.resources if a.kind == kind.name)
    pruned = kind.name in desired.policy.prune
    for address, resource in desired.resources.items():
        if kind.parent == address.kind and (pruned or not resource.wanted):
            parents[address.names] = None
    if pruned and not kind.parent:
        parents[()] = None
    for parent in parents:
        path = fill(serving.path, account, Address(kind.name, (*parent, "")), ids)
        if "{" not in path:
            yield ListRead(kind, serving, parent, path)


def member_reads(read: ListRead, desired: Desired, members: Sequence[LiveResource]) -> Iterator[MemberRead]:
    """The members whose declared fields the list leaves out."""
    thin = {row.name for row in read.kind.fields if not row.in_list}
    for member in members:
        wanted = desired.wanted(member.address)
        unshown = {name for name in thin if member.fields.get(name) is None}
        if wanted and unshown & (wanted.fields.keys() - wanted.lifecycle.ignore):
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
    yield from (resource.address.sibling(name) for name in kind.beside(resource.fields))
    if not isinstance(kind.serving, Settings):
        return
    yield resource.address
    if resource.wanted:
        yield from (resource.address.sibling(name) for name in kind.after)
    else:
        yield from (resource.address.sibling(k.name) for k in KINDS
                    if kind.name in k.after and isinstance(k.serving, Settings))  # fmt: skip


def user_reads(desired: Desired, account: str, ids: Ids) -> Iterator[tuple[Address, str]]:
    """The lists of what uses the live applications that are to go."""
    for address, resource in desired.resources.items():
        if address.kind == "application" and not resource.wanted and address in ids:
            path = fill(
                "/accounts/{account}/applications/{application}/associatedsippeers", account, address, ids
            )
            yield address, path


def leaving(desired: Desired, ids: Ids) -> Iterator[Address]:
    """The live locations that are to go."""
    for address, resource in desired.resources.items():
        if address.kind == "location" and not resource.wanted and address in ids:
            yield address


def asks_for_features(desired: Desired) -> bool:
    """Whether the manifest declares something that the account has to have been given first."""
    return any(
        row.gate and resource.wanted and resource.fields.get(row.name) is not None
        for resource in desired.resources.values()
        for row in BY_NAME[resource.address.kind].fields
    )


def pools_of(desired: Desired) -> dict[Address, dict[Address, int]]:
    """The pools of each location, and how many numbers each should have."""
    found: dict[Address, dict[Address, int]] = {}
    for address, resource in desired.resources.items():
        location, count = owner(address), resource.fields.get("count")
        if location and isinstance(BY_NAME[address.kind].serving, Orders) and isinstance(count, int):
            found.setdefault(location, {})[address] = count
    return found


def key_of(account: str, pool: Address, ids: Ids) -> Key:
    """The key of a pool whose location is live. Raises `LookupError` with an address that has no id."""
    _, location, sub_account = lineage(pool)
    for address in (sub_account, location):
        if address not in ids:
            raise LookupError(str(address))
    return Key(account, ids[sub_account], ids[location], pool.criterion)


def number_reads(desired: Desired, account: str, ids: Ids) -> Iterator[NumberRead]:
    """The number lists of live locations that have pools, or lose what their numbers may stand on."""
    pools = pools_of(desired)
    losing = (
        lineage(address)[1]
        for address, resource in desired.resources.items()
        if BY_NAME[address.kind].removal_asks_numbers and not resource.wanted
    )
    for location in dict.fromkeys([*pools, *losing]):
        if location in ids:
            keyed = {p: (key_of(account, p, ids), count) for p, count in pools.get(location, {}).items()}
            yield NumberRead(location, fill(Orders().numbers, account, location, ids), keyed)


def named_reads(desired: Desired, account: str, ids: Ids) -> Iterator[tuple[Address, int, Key]]:
    """The pools that name a number, at locations that are not there yet: nothing else was read for them."""
    for location, pools in pools_of(desired).items():
        for pool, count in pools.items():
            if location not in ids and count and asked(pool.criterion).number:
                yield pool, count, Key(account, "", "", pool.criterion)
