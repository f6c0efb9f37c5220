"""Option orders for tests: their documents, and accounts with numbers to set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from caller import ACCOUNT, PRODUCTS, Reply, World, by_area_code, furnished, numbers, sms

OPTIONS = f"{ACCOUNT}/tnoptions"
SMS = f"{PRODUCTS}/messaging/features/sms"


def body(*groups: tuple[str, Sequence[str]]) -> str:
    """A request document of an option order: the settings and the numbers of each group."""
    written = "".join(
        f"<TnOptionGroup>{settings}<TelephoneNumbers>"
        + "".join(f"<TelephoneNumber>{number}</TelephoneNumber>" for number in given)
        + "</TelephoneNumbers></TnOptionGroup>"
        for settings, given in groups
    )
    return f"<TnOptionOrder><TnOptionGroups>{written}</TnOptionGroups></TnOptionOrder>"


def stocked(feature: str | None = None, count: int = 2, **options: Any) -> tuple[World, list[str]]:
    """An account with numbers at its location, SMS there as `feature` says; and the numbers."""
    world = furnished(**options)
    if feature is not None:
        assert world.call("POST", SMS, sms(feature)).status == 201
    world.order(by_area_code(count))
    return world, numbers(world)


def carried_out(world: World, *groups: tuple[str, Sequence[str]]) -> Reply:
    """Orders options, lets time pass, and reads the order."""
    order_id = world.made("options", OPTIONS, body(*groups))
    world.clock.now += 1
    return world.call("GET", f"{OPTIONS}/{order_id}")
