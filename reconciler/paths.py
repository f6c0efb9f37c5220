"""A kind's path template and an address to a path: known ids filled in, unknown ones as `{address}`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconciler.model import Address

_PARENTS = {"sub_account": 1, "location": 2}
Ids = Mapping[Address, str]


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
    """The path with every `{address}` whose id is known by now replaced."""
    for address, found in ids.items():
        path = path.replace("{" + str(address) + "}", found)
    return path
