"""An emulated account and a manifest to where they differ, and to how many numbers there are of each pool.

Counted in the emulator's own records, never in what the client says of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from account import Account
from visible import Place, visible

Pool = tuple[str, str, str]  # sub-account, location, "area_code=919"
PREFIXES = {"919": "area_code=919", "984": "area_code=984", "8": "toll_free=8**"}
ORDERED = {
    "AreaCodeSearchAndOrderType": ("area_code", "AreaCode"),
    "TollFreeWildCharSearchAndOrderType": ("toll_free", "TollFreeWildCardPattern"),
}
ASSIGNED = {
    "messaging_application": ("application",),
    "voice_application": ("origination", "HttpSettings", "HttpVoiceV2AppId"),
}
OPEN = {"RECEIVED", "BACKORDERED"}


def criterion_of(number: str) -> str:
    """The pool that a number can be of."""
    return next(criterion for prefix, criterion in PREFIXES.items() if number.startswith(prefix))


def wanted(manifest: Mapping[str, Any]) -> Counter[Pool]:
    """How many numbers a manifest wants."""
    return Counter(
        {
            (site, peer, next(f"{word}={row[word]}" for word in row if word != "count")): row["count"]
            for site, peer, location in locations(manifest)
            for row in location.get("numbers", ())
        }
    )


def locations(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each location of a manifest, after the names of its sub-account and its own."""
    for site, sub_account in (manifest.get("sub_accounts") or {}).items():
        for peer, location in (sub_account.get("locations") or {}).items():
            yield site, peer, location


def present(account: Account) -> Counter[Pool]:
    """How many numbers in service there are."""
    names, numbers = account.names(), account.emulator.dump()["numbers"].values()
    return Counter(
        (names[each["site"]], names[each["peer"]], criterion_of(each["number"]))
        for each in numbers
        if each["status"] == "Inservice"
    )


def coming(account: Account) -> Counter[Pool]:
    """How many numbers open orders may still deliver."""
    return sum((pools for order, pools in _ordered(account) if order["status"] in OPEN), Counter())


def bought(account: Account) -> Counter[Pool]:
    """How many numbers the orders of the client's chains delivered, or may still deliver."""
    return sum((pools for order, pools in _ordered(account) if name_of(order).startswith("rc1-")), Counter())


def _ordered(account: Account) -> Iterator[tuple[dict[str, Any], Counter[Pool]]]:
    """Each order, and how many numbers it delivered or may still deliver, to which pool."""
    names = account.names()
    for order in account.emulator.dump()["orders"].values():
        (((word, element), asked),) = (
            (words, order["document"][sort]) for sort, words in ORDERED.items() if sort in order["document"]
        )
        pool = (names[order["site"]], names[order["peer"]], f"{word}={asked[element]}")
        count = int(asked["Quantity"]) if order["status"] in OPEN else len(order["granted"])
        yield order, Counter({pool: count})


def name_of(order: Mapping[str, Any]) -> str:
    """An order's customer order id; "" for none."""
    return str(order["document"].get("CustomerOrderId") or "")


def twice(account: Account) -> list[str]:
    """What there is more than once: orders of one customer order id, and objects of one name in one place."""
    held, names = account.emulator.dump(), account.names()
    found: Counter[object] = Counter(filter(None, map(name_of, held["orders"].values())))
    found.update(("application", names[id_]) for id_ in held["applications"])
    for site in held["sites"].values():
        found.update([("sub-account", names[site["id"]])])
        found.update((names[site["id"]], names[peer]) for peer in site["peers"])
    return [f"{count} times {what}" for what, count in found.items() if count > 1]


def overtaken(account: Account) -> list[str]:
    """The orders that another of their chain followed before they ended."""
    orders = account.emulator.dump()["orders"].values()
    open_ones = [name_of(order).rpartition("-") for order in orders if order["status"] == "RECEIVED"]
    names = {name_of(order) for order in orders}
    return [f"{chain}-{g}" for chain, _, g in open_ones if chain and f"{chain}-{int(g) + 1}" in names]


def differences(account: Account, manifest: Mapping[str, Any]) -> list[str]:
    """Where the account is not as the manifest says: what has one element each, and what locations have."""
    found, names = visible(account), account.names()
    held = {
        place: names.get(value, value) if isinstance(value, str) else value for place, value in found.items()
    }
    said = dict(_declared(manifest))
    return [
        f"{place}: {held.get(place)!r}, not {value!r}"
        for place, value in said.items()
        if _differs(held, place, value)
    ]


def _differs(held: Mapping[Place, Any], place: Place, value: Any) -> bool:
    if isinstance(value, bool):
        return any(each[: len(place)] == place and each != place for each in held) is not value
    return bool(held.get(place) != value)


def _declared(manifest: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    """Each element that a manifest sets, with what it says; of a group of them, whether it is there."""
    for name, fields in (manifest.get("applications") or {}).items():
        yield from _plain(("applications", name), fields)
    for name, fields in (manifest.get("sub_accounts") or {}).items():
        yield from _plain(("sub_accounts", name), fields)
    for site, peer, fields in locations(manifest):
        place = ("sub_accounts", site, "locations", peer)
        yield from _plain((*place, "document"), fields)
        for feature, on in fields.get("features", {}).items():
            yield (*place, feature), on is not False
        for field, element in ASSIGNED.items():
            if field in fields:
                yield (*place, *element), fields[field]


def _plain(place: Place, fields: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    """The place itself is there, and so are the fields that are one text or number."""
    yield place, True
    for name, value in fields.items():
        if isinstance(value, str | int) and name not in ASSIGNED and name != "callback_url":
            yield (*place, "".join(map(str.capitalize, name.split("_")))), str(value)
