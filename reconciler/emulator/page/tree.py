"""The account as `Emulator.dump()` has it, to the tree that the page draws: names, words and counts.

A list that may be long is `{"count": 2000, "shown": [...]}`, with its first few in `shown`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.emulator.page.masking import without_secrets

Document = dict[str, Any]

MOST = 100
"""Sub-accounts, locations of one, applications, and orders that are shown."""
MOST_NUMBERS = 40
_SORTS = {"orders": "order", "disconnects": "disconnect", "tn_options": "number options", "moves": "move"}
_SMS_KINDS = {"TollFree": "toll-free", "ShortCode": "short code"}


def tree(held: Mapping[str, Any]) -> Document:
    """What the account holds, ready to be drawn; no password is in it."""
    names = {id_: each.get("AppName", id_) for id_, each in held["applications"].items()}
    orders = sorted(_orders(held), key=lambda order: order["created"], reverse=True)
    still_open = [order for order in orders if order["open"]]
    sites = held["sites"].values()
    return {
        "counts": {
            "sub-account": len(sites),
            "location": sum(len(site["peers"]) for site in sites),
            "application": len(names),
            "number": sum(number["status"] == "Inservice" for number in held["numbers"].values()),
            "open order": len(still_open),
        },
        "sub_accounts": _some([_sub_account(site, names, still_open) for site in sites]),
        "applications": _some([_application(*each) for each in held["applications"].items()]),
        "orders": _some(orders),
    }


def _some(items: list[Any], most: int = MOST) -> Document:
    return {"count": len(items), "shown": items[:most]}


def _sub_account(site: Document, names: Mapping[str, str], still_open: list[Document]) -> Document:
    of_site = [order for order in still_open if order["site"] == site["id"]]
    locations = [_location(peer, names, of_site) for peer in site["peers"].values()]
    return {
        "key": site["id"],
        "name": site["document"].get("Name", ""),
        "description": site["document"].get("Description", ""),
        "locations": _some(locations),
    }


def _location(peer: Document, names: Mapping[str, str], still_open: list[Document]) -> Document:
    document = peer["document"]
    return {
        "key": peer["id"],
        "name": document.get("PeerName", ""),
        "description": document.get("Description", ""),
        "default": document.get("IsDefaultPeer") == "true",
        "features": list(_features(peer, names)),
        "numbers": _numbers(peer["numbers"]),
        "open_orders": [order for order in still_open if order["location"] == peer["id"]],
    }


def _features(peer: Document, names: Mapping[str, str]) -> Iterator[Document]:
    """What is set on a location, each as a name and what there is to say of it; "" for what is off."""
    sms = (peer.get("sms") or {}).get("SipPeerSmsFeatureSettings", {})
    mms = (peer.get("mms") or {}).get("MmsSettings", {})
    kinds = [word for name, word in _SMS_KINDS.items() if sms.get(name) == "true"]
    texts = peer.get("application")
    said = {
        "SMS": [sms.get("Protocol"), *kinds],
        "MMS": [mms.get("Protocol")],
        "Messaging application": [texts and names.get(texts, texts)],
        "Voice origination": _voice(peer.get("origination"), names),
        "Voice termination": _voice(peer.get("termination"), names),
    }
    for name, words in said.items():
        yield {"name": name, "says": ", ".join(word for word in words if word)}


def _voice(settings: Document | None, names: Mapping[str, str]) -> list[str | None]:
    if settings is None:
        return []
    application = (settings.get("HttpSettings") or {}).get("HttpVoiceV2AppId")
    return [
        settings.get("VoiceProtocol"),
        application and f"application {names.get(application, application)}",
    ]


def _numbers(numbers: list[str]) -> Document:
    codes = Counter(number[:3] for number in numbers)
    return {
        **_some([f"+1{number}" for number in numbers], MOST_NUMBERS),
        "codes": [{"code": code, "count": count} for code, count in codes.most_common(12)],
        "code_count": len(codes),
    }


def _application(id_: str, document: Document) -> Document:
    return {
        "key": id_,
        "name": document.get("AppName", ""),
        "service": document.get("ServiceType", ""),
        "urls": [
            {"name": _words(name), "url": without_secrets(value)}
            for name, value in document.items()
            if name.endswith("Url") and value
        ],
    }


def _orders(held: Mapping[str, Any]) -> Iterator[Document]:
    places = dict(_places(held["sites"].values()))
    for among, sort in _SORTS.items():
        for order in held.get(among, {}).values():
            # A location's id need not be the only one of its kind: the sub-account's stands before it.
            place = (order.get("site") or order["document"].get("SiteId", ""), order["peer"])
            yield {
                "key": order["id"],
                "sort": sort,
                "status": order["status"],
                "open": order["ended"] is None,
                **_asked_for(order),
                "got": len(order["granted"]),
                "site": place[0],
                "location": place[1],
                "place": places.get(place, ""),
                "customer_order_id": order["document"].get("CustomerOrderId", ""),
                "created": order["created"],
                "ended": order["ended"],
                "errors": sorted({str(error[0]) for error in order["errors"]}),
            }


def _places(sites: Iterable[Document]) -> Iterator[tuple[tuple[str, str], str]]:
    for site in sites:
        for peer in site["peers"].values():
            name = f"{site['document'].get('Name', '')} / {peer['document'].get('PeerName', '')}"
            yield (site["id"], peer["id"]), name


def _asked_for(order: Document) -> Document:
    """How many numbers, and by what: "area code 919"; "" for numbers that were named."""
    document = order["document"]
    kind = next((name for name in document if name.endswith("OrderType")), "")
    wanted = document.get(kind) or {}
    named = order.get("numbers") or (wanted.get("TelephoneNumberList") or {}).get("TelephoneNumber", [])
    criteria = [
        f"{_words(name).removesuffix(' pattern')} {value}"
        for name, value in wanted.items()
        if isinstance(value, str) and name not in ("Quantity", "DisconnectMode", "Protected")
    ]
    return {"asked": int(wanted.get("Quantity", 0)) or len(named), "what": ", ".join(criteria)}


def _words(name: str) -> str:
    """An element's name as words: `InboundCallbackUrl` as "inbound callback"."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name.removesuffix("Url"))
    return " ".join(part if part.isupper() and len(part) > 1 else part.lower() for part in parts)
