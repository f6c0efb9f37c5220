"""Telephone numbers: the lists of a location, and what is known of one number."""

from __future__ import annotations

from datetime import UTC, datetime

from reconciler.emulator.call import Answer, Call, moment
from reconciler.emulator.errors import Refusal
from reconciler.emulator.numbers import inventory
from reconciler.emulator.store import Number
from reconciler.emulator.xml import Tree

_DEFAULT_SIZE = 5000
# The other counts of totaltns, caller names first: numbers.yml (False) and numbers_v2.yml (True).
_COUNTS = {
    False: ("CnamCount", "LidbCount"),
    True: (
        "CnamTelephoneNumbersCount",
        "LidbTelephoneNumbersCount",
        "DldaTelephoneNumbersCount",
        "DaTelephoneNumbersCount",
    ),
}


def listing(call: Call) -> Answer:
    """A page of a location's numbers: counted from 1, without a total and without links."""
    numbers = call.peer().numbers
    page, size = _positive(call, "page", 1, 13056), _positive(call, "size", _DEFAULT_SIZE, 13057)
    rows = [_row(call, number) for number in numbers[(page - 1) * size : page * size]]
    return Answer(200, {"SipPeerTelephoneNumbers": {"SipPeerTelephoneNumber": rows}})


def _positive(call: Call, name: str, default: int, code: int) -> int:
    text = call.query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refusal(code)
    if int(text) < 1:
        raise Refusal(13058)
    return int(text)


def _row(call: Call, number: str) -> Tree:
    row: Tree = {"FullNumber": call.shown(number)}
    if call.query.get("includeAttributes", "").lower() != "false":
        caller_name = call.peer().document.get("CallingName", {}).get("Display", "false")
        row["CallingNameDisplay"] = caller_name
        record = call.store.numbers[number]
        if record.attributes:
            row["TnAttributes"] = {"TnAttribute": record.attributes}
        row["MessagingSettings"] = _messaging(record)
    return row


def _messaging(record: Number) -> Tree:
    settings: Tree = {"SmsEnabled": record.sms}
    if record.campaign:
        settings["CampaignId"] = record.campaign
    if record.message_class:
        settings["MessageClass"] = record.message_class
    return settings


def show_at_peer(call: Call) -> Answer:
    """One number of a location."""
    number = call.digits(call.where["number"])
    if number is None or number not in call.peer().numbers:
        raise Refusal(
            13536,
            value=call.where["number"],
            account=call.settings.account_id,
            site=call.where["site"],
            peer=call.where["peer"],
        )
    return Answer(200, {"SipPeerTelephoneNumber": _row(call, number)})


def total(call: Call) -> Answer:
    """How many numbers a location has; the inner element is named like the outer (numbers.yml)."""
    peer, name = call.peer(), "SipPeerTelephoneNumbersCount"
    named = peer.document.get("CallingName", {}).get("Display") == "true"
    counts = {name: len(peer.numbers), **dict.fromkeys(_COUNTS[call.e164], 0)}
    counts[_COUNTS[call.e164][0]] = len(peer.numbers) if named else 0
    return Answer(200, {name: counts})


def show(call: Call) -> Answer:
    """The status of a number: ours, on sale, or unknown (404)."""
    number = _number(call)
    record = call.store.numbers.get(number)
    if record is None:
        _must_be_on_sale(call, number)
        return Answer(200, {"TelephoneNumber": call.shown(number), "Status": "Available"})
    since = moment(record.since)
    content = {
        "TelephoneNumber": call.shown(number),
        "Status": record.status,
        # This one date is written with a space and without a zone (numbers.yml).
        "LastModifiedDate": f"{datetime.fromtimestamp(record.changed, UTC):%Y-%m-%d %H:%M:%S}.0",
        "OrderCreateDate": since,
        "OrderId": record.order,
        "OrderType": "NEW_NUMBER_ORDER",
        "InServiceDate": since,
        "SiteId": record.site,
        "AccountId": call.settings.account_id,
    }
    return Answer(200, {name: value for name, value in content.items() if value is not None})


def show_details(call: Call) -> Answer:
    """The number with its place, and its sub-account and location while it is in service."""
    number = _number(call)
    record = call.store.numbers.get(number)
    if record is None:
        _must_be_on_sale(call, number)
    where = inventory.place(number)
    content = {
        "City": where and where.city,
        "Lata": where and where.lata,
        "State": where and where.state,
        "FullNumber": call.shown(number),
        "Tier": 0,
        "VendorId": 49,
        "VendorName": "Bandwidth CLEC",
        "OnNetVendor": True,
        "RateCenter": where and where.rate_center,
        "Status": record.status if record else "Available",
        **(_holding(call, record) if record else {}),
    }
    held = {name: value for name, value in content.items() if value is not None}
    return Answer(200, {"TelephoneNumberDetails": held})


def _holding(call: Call, record: Number) -> Tree:
    """What the account adds to a number that it has, or had."""
    held: Tree = {"AccountId": call.settings.account_id}
    if record.site is not None and record.peer is not None:
        held |= _placement(call, record.site, record.peer, record)
    held["LastModified"] = moment(record.changed)
    held["InServiceDate"] = moment(record.since)
    if record.peer is not None:
        held["MessagingSettings"] = _messaging(record)
    if record.attributes:
        held["TnAttributes"] = {"TnAttribute": record.attributes}
    return held


def _placement(call: Call, site_id: str, peer_id: str, record: Number) -> Tree:
    site = call.store.sites[site_id]
    peer = site.peers[peer_id]
    services = ["Voice", "Messaging"] if record.sms else ["Voice"]
    return {
        "Site": {"Id": site.id, "Name": site.document["Name"]},
        "SipPeer": {
            "PeerId": peer.id,
            "PeerName": peer.document["PeerName"],
            "IsDefaultPeer": peer.document["IsDefaultPeer"],
        },
        "ServiceTypes": {"ServiceType": services},
    }


def _number(call: Call) -> str:
    number = call.digits(call.where["number"])
    if number is None:
        raise Refusal(12512, value=call.where["number"])
    return number


def _must_be_on_sale(call: Call, number: str) -> None:
    if not inventory.exists(number, call.settings.inventory or {}):
        raise Refusal(None)
