"""A kind's path template and an address to a path: known ids filled in, unknown ones as `{address}`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconciler.model import Address

# a placeholder holds an address, in which a quoted name may have braces of its own
_PLACEHOLDER = re.compile(r'\{((?:"(?:[^"\\]|\\.)*"|[^{}"])+)\}')
_PARENTS = {"sub_account": 1, "location": 2}
Ids = Mapping[Address, str]


def lineage(address: Address) -> tuple[Address, ...]:
    """The address, and those of the sub-account and location that it lies in."""
    if address.kind == "application":
        return (address,)
    owners = (Address(kind, address.names[:depth]) for kind, depth in _PARENTS.items())
    return address, *(owner for owner in owners if len(owner.names) == _PARENTS[owner.kind])


def fill(template: str, account: str, address: Address, ids: Ids) -> str:
    """The template for one resource: `/accounts/{account}/sites/{sub_account}/…`."""

    def part(match: re.Match[str]) -> str:
        name = match.group(1)
        if name == "account":
            return account
        owner = Address(name, address.names[: _PARENTS[name]])
        return ids.get(owner) or "{" + str(owner) + "}"

    return re.sub(r"\{(\w+)\}", part, template)


def resolve(path: str, ids: Ids) -> str:
    """The path with each `{address}` as its id. Raises `LookupError` with an address that has none."""
    known = {str(address): found for address, found in ids.items()}

    def part(match: re.Match[str]) -> str:
        if match.group(1) not in known:
            raise LookupError(match.group(1))
        return known[match.group(1)]

    return _PLACEHOLDER.sub(part, path)
