"""A kind's path template and an address to a path: known ids filled in, unknown ones as `{address}`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconciler.kinds import BY_NAME
from reconciler.model import Address

# a placeholder holds an address, in which a quoted name may have braces of its own
_PLACEHOLDER = re.compile(r'\{((?:"(?:[^"\\]|\\.)*"|[^{}"])+)\}')
Ids = Mapping[Address, str]


def owner(address: Address) -> Address | None:
    """The address of what it lies in: a location's sub-account, a setting's location."""
    parent = BY_NAME[address.kind].parent if address.kind in BY_NAME else ""
    return Address(parent, address.names[: BY_NAME[parent].where.count("*")]) if parent else None


def lineage(address: Address) -> tuple[Address, ...]:
    """The address and those of everything that it lies in, from the inside out."""
    found = [address]
    while (above := owner(found[-1])) is not None:
        found.append(above)
    return tuple(found)


def fill(template: str, account: str, address: Address, ids: Ids) -> str:
    """The template for one resource: `/accounts/{account}/sites/{sub_account}/…`."""
    owners = {each.kind: each for each in lineage(address)}

    def part(match: re.Match[str]) -> str:
        name = match.group(1)
        return account if name == "account" else ids.get(owners[name]) or "{" + str(owners[name]) + "}"

    return re.sub(r"\{(\w+)\}", part, template)


def resolve(path: str, ids: Ids) -> str:
    """The path with each `{address}` as its id. Raises `LookupError` with an address that has none."""
    known = {str(address): found for address, found in ids.items()}

    def part(match: re.Match[str]) -> str:
        if match.group(1) not in known:
            raise LookupError(match.group(1))
        return known[match.group(1)]

    return _PLACEHOLDER.sub(part, path)
