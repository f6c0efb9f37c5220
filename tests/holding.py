"""An emulated account and a manifest to where they differ, and to how many numbers there are of each pool.

Counted in the emulator's own records, never in what the client says of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from account import Account
from telling import is_doomed, right
from visible import Place, keys, visible

Pool = tuple[str, str, str]  # sub-account, location, "area_code=919"; the places by their keys
PREFIXES = {
    "919": "area_code=919",
    "984": "area_code=984",
    "8": "toll_free=8**",
    "512": "state=TX",
    "617": "city=BOSTON,state=MA",
    "720": "zip=80302",
    "435": "lata=660",
}
# what an order asks for, in its document
ORDERED = {
    "AreaCodeSearchAndOrderType": {"area_code": "AreaCode"},
    "TollFreeWildCharSearchAndOrderType": {"toll_free": "TollFreeWildCardPattern"},
    "StateSearchAndOrderType": {"state": "State"},
    "CitySearchAndOrderType": {"city": "City", "state": "State"},
    "ZIPSearchAndOrderType": {"zip": "Zip"},
    "LATASearchAndOrderType": {"lata": "Lata"},
}
ASSIGNED = {
    "messaging_application": ("application",),
    "voice_application": ("origination", "HttpSettings", "HttpVoiceV2AppId"),
}
NAMES = {"applications": "AppName", "sub_accounts": "Name"}
NO_FIELDS = {"name", "id", "renamed_from", "state", "callback_url", *ASSIGNED}
UNSAID = ("NONE", False)  # what need not be said where nothing else was
OPEN = {"RECEIVED", "BACKORDERED"}
OPTIONS = {"count", "backorder", "protected"}


def criterion_of(number: str) -> str:
    """The pool that a number can be of."""
    return next(criterion for prefix, criterion in PREFIXES.items() if number.startswith(prefix))


def wanted(manifest: Mapping[str, Any]) -> Counter[Pool]:
    """How many numbers a manifest wants."""
    return Counter(
        {
            (site, peer, ",".join(f"{word}={row[word]}" for word in row if word not in OPTIONS)): row["count"]
            for site, peer, location in locations(right(dict(manifest)))
            for row in location.get("numbers", ())
        }
    )


def locations(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each location of a manifest, after the names of its sub-account and its own."""
    for site, sub_account in (manifest.get("sub_accounts") or {}).items():
        for peer, location in (sub_account.get("locations") or {}).items():
            yield site, peer, location


def in_service(account: Account) -> dict[str, Pool]:
    """The numbers in service, and the pool of each."""
    names, numbers = keys(account), account.emulator.dump()["numbers"].values()
    return {
        each["number"]: (names[each["site"]], names[each["peer"]], criterion_of(each["number"]))
        for each in numbers
        if each["status"] == "Inservice"
    }


def present(account: Account) -> Counter[Pool]:
    """How many numbers in service there are."""
    return Counter(in_service(account).values())


def coming(account: Account) -> Counter[Pool]:
    """How many numbers open orders may still deliver."""
    opened = ((o, pool, count) for o, pool, count in _ordered(account) if o["status"] in OPEN)
    return sum((Counter({pool: count - len(o["granted"])}) for o, pool, count in opened), Counter())


def bought(account: Account) -> Counter[Pool]:
    """How many numbers the orders of the client's chains delivered, or may still deliver."""
    return sum(
        (Counter({pool: count}) for o, pool, count in _ordered(account) if name_of(o).startswith("rc1-")),
        Counter(),
    )


def _ordered(account: Account) -> Iterator[tuple[dict[str, Any], Pool, int]]:
    """Each order for what is there, its pool, and how many numbers it delivered or may still deliver."""
    names = keys(account)
    for order in account.emulator.dump()["orders"].values():
        ((sort, words),) = ((sort, words) for sort, words in ORDERED.items() if sort in order["document"])
        asked = order["document"][sort]
        criterion = ",".join(f"{word}={asked[element]}" for word, element in words.items())
        count = int(asked["Quantity"]) if order["status"] in OPEN else len(order["granted"])
        if order["peer"] in names:
            yield order, (names[order["site"]], names[order["peer"]], criterion), count


def name_of(order: Mapping[str, Any]) -> str:
    """An order's customer order id; "" for none."""
    return str(order["document"].get("CustomerOrderId") or "")


def twice(account: Account) -> list[str]:
    """What there is more than once: orders of one customer order id, and objects of one name in one place."""
    held, names = account.emulator.dump(), keys(account)
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
    """Where the account is not as a drawn manifest says: what has one element each, and what locations have.

    An ignored field may be anything.
    """
    found, names = visible(account), keys(account)
    held = {
        place: names.get(value, value) if isinstance(value, str) else value for place, value in found.items()
    }
    said = dict(_declared(right(dict(manifest))))
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
    for kind, element in NAMES.items():
        for key, fields in (manifest.get(kind) or {}).items():
            yield from _object((kind, key), key, fields, element)
    for site, peer, fields in locations(manifest):
        place = ("sub_accounts", site, "locations", peer)
        if is_doomed(fields):
            yield place, False
            continue
        yield from _object((*place, "document"), peer, fields, "PeerName")
        for feature, on in fields.get("features", {}).items():
            yield (*place, feature), on is not False
        for field, path in ASSIGNED.items():
            if field in fields:
                yield (*place, *path), fields[field]


def _object(place: Place, key: str, fields: Mapping[str, Any], element: str) -> Iterator[tuple[Place, Any]]:
    """The object itself is there or not, under its name; and so are its fields of one text or number."""
    yield place, not is_doomed(fields)
    if is_doomed(fields):
        return
    yield (*place, element), fields.get("name", key)
    for name, value in fields.items():
        compared = name not in {*NO_FIELDS, *fields.get("ignore", ())} and value not in UNSAID
        if isinstance(value, str | int) and compared:
            yield (*place, "".join(map(str.capitalize, name.split("_")))), _shown(value)


def _shown(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
