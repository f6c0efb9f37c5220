"""A manifest and an account to what other systems need of it: ids, hosts, user names, numbers. Pure.

Passwords are nowhere in it: the API does not return them, and a credentials block gives its user only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from reconciler.desired import Desired, Policy
from reconciler.kinds import BY_NAME
from reconciler.kinds.application import FIELDS, MIRRORS
from reconciler.kinds.hosts import FIELDS as HOSTS
from reconciler.kinds.kind import Orders
from reconciler.model import Address, Finding, LiveResource, Resource, Severity, Value
from reconciler.paths import lineage
from reconciler.view import Live

USERS: Mapping[str, str] = {
    row.name: row.name.removesuffix("creds") + "user_id" for row in FIELDS if row.secret
}
"""The name under which the user of each credentials block is put out."""
NUMBERS = "numbers"

Out = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """What one address gives, by name: a text, or a tuple where there may be several."""

    address: Address
    values: Mapping[str, Out]


@dataclass(frozen=True, slots=True)
class Outputs:
    """What is live of a manifest, in its order, and what it names that is `missing` from the account."""

    account: str
    found: tuple[Output, ...] = ()
    missing: tuple[Address, ...] = ()


def is_asked(address: Address, only: Collection[str]) -> bool:
    """Whether it is one of these addresses or below one; everything is where there are none."""
    return not only or any(str(owner) in only for owner in lineage(address))


def narrowed(desired: Desired, only: Collection[str] = ()) -> Desired:
    """What of the manifest has outputs, as far as it is asked for, and what that lies in.

    All pools of a location stay together: which numbers are whose is decided among them.
    """
    giving = [address for address, resource in desired.resources.items() if _gives(address, resource)]
    stood_on = {owner for address in giving if is_asked(address, only) for owner in lineage(address)}
    kept = [address for address in giving if not stood_on.isdisjoint(lineage(address)[:2])]
    resources = {address: _named(desired.resources[address]) for address in kept}
    return replace(desired, resources=resources, policy=Policy())


def _named(resource: Resource) -> Resource:
    """What tells an object apart, and the blocks that have users: nothing that lists leave out is read."""
    kind = BY_NAME[resource.address.kind]
    if not kind.is_object:
        return resource
    kept = {name: value for name, value in resource.fields.items() if name in {*kind.identity, *USERS}}
    return replace(resource, fields=kept)


def in_the_way(desired: Desired, live: Live, only: Collection[str] = ()) -> tuple[Finding, ...]:
    """Why it cannot be told which live thing is meant by something that is asked for, or that it lies in."""
    asked = {owner for a in desired.resources if is_asked(a, only) for owner in lineage(a)}
    return tuple(f for f in live.findings if f.severity is Severity.REFUSAL and f.address in asked)


def outputs_from(desired: Desired, live: Live, account: str, only: Collection[str] = ()) -> Outputs:
    """The outputs of what was `narrowed`. A pool that should have numbers and has none is missing."""
    asked = [address for address in desired.resources if is_asked(address, only)]
    values = {address: dict(_values(desired.resources[address], live)) for address in asked}
    return Outputs(
        account,
        tuple(Output(address, found) for address, found in values.items() if found),
        tuple(address for address, found in values.items() if not found),
    )


def _gives(address: Address, resource: Resource) -> bool:
    kind = BY_NAME[address.kind]
    return resource.wanted and (kind.is_object or isinstance(kind.serving, Orders))


def _values(resource: Resource, live: Live) -> Iterator[tuple[str, Out]]:
    facts, found = live.pools.get(resource.address), live.resources.get(resource.address)
    there = facts.there if facts else ()
    if there or resource.fields.get("count") == 0:
        yield NUMBERS, tuple(f"+1{digits}" for digits in sorted(there))
    if found and found.id:
        yield "id", found.id
        yield from _users(resource, found)
        yield from _hosts(found)


def _users(resource: Resource, live: LiveResource) -> Iterator[tuple[str, str]]:
    """The live users of the credentials that the manifest declares."""
    for block, name in USERS.items():
        user = _user(live.fields.get(block))
        both = {_user(live.fields.get(mirror)) for mirror in MIRRORS.get(block, ())} - {None}
        if block in resource.fields and user and len(both) < 2:
            yield name, user


def _user(credentials: Value) -> str | None:
    user = credentials.get("user_id") if isinstance(credentials, Mapping) else None
    return str(user) if user else None


def _hosts(live: LiveResource) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in HOSTS:
        found = tuple(_each_host(live.fields.get(name)))
        if found:
            yield name, found


def _each_host(value: Value) -> Iterator[str]:
    """`sbc.example.com:5060`, without a port where none is said; several old groups are lists in a list."""
    if isinstance(value, tuple):
        for each in value:
            yield from _each_host(each)
    elif isinstance(value, Mapping):
        port = f":{value['port']}" if value.get("port") else ""
        yield f"{value.get('host_name')}{port}"
    elif value:
        yield str(value)
