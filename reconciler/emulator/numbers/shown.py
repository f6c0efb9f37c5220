"""What is known of a number to the elements that lists and details tell it with.

Elements and their order are those of the samples of numbers.yml; booleans that a number can have of
its own follow its location until they are set.
"""

from __future__ import annotations

from reconciler.emulator.call import Call, moment
from reconciler.emulator.numbers import inventory
from reconciler.emulator.numbers.reservations import held_numbers
from reconciler.emulator.store import Number, SipPeer
from reconciler.emulator.xml import Tree

# Routes of text messages by their NNID; the first two of the samples, the first one carries what
# has no route of its own.
NN_ROUTES = {"101601": "USA Mobility", "102787": "Globe Wireless"}
_DEFAULT_ROUTE = next(iter(NN_ROUTES))
# The account that numbers on sale are on, made up: samples of POST /tns show them with some account.
_SELLER = "1"
_VENDOR: Tree = {"Tier": 0, "VendorId": 49, "VendorName": "Bandwidth CLEC"}
# What a location's list shows of the options, and what `TnOptions` of the details has (their schemas).
_LINE = ("NumberFormat", "RPIDFormat", "RewriteUser")
_OPTIONS = (
    "CallForward",
    "CallingNameDisplay",
    "FinalDestinationURI",
    "NumberFormat",
    "PindropEnabled",
    "PortOutPasscode",
    "RPIDFormat",
    "RewriteUser",
)


def state(call: Call, number: str) -> str:
    """The status of a number that the account has, had or holds, or that is on sale."""
    record = call.store.numbers.get(number)
    status = record.state(call.now) if record else "Available"
    return "Reserved" if status == "Available" and number in held_numbers(call.store, call.now) else status


def owned(call: Call, number: str) -> Number | None:
    """The record of a number that has not gone back on sale."""
    record = call.store.numbers.get(number)
    return None if record is None or record.state(call.now) == "Available" else record


def at_location(call: Call, peer: SipPeer, number: str) -> Tree:
    """A row of a location's list; `includeAttributes=false` leaves the number alone."""
    row: Tree = {"FullNumber": call.shown(number)}
    if call.query.get("includeAttributes", "").lower() == "false":
        return row
    record = call.store.numbers[number]
    row |= _set(call, record, ("CallForward", *_LINE))
    row["CallingNameDisplay"] = named(record, peer)
    return row | _attributes(record) | {"MessagingSettings": messaging(record)}


def named(record: Number, peer: SipPeer) -> bool:
    """Whether callers are shown by name: set on the number, or on its location."""
    by_location = peer.document.get("CallingName", {}).get("Display") == "true"
    own: str | None = record.options.get("CallingNameDisplay")
    return by_location if own is None else own == "on"


def messaging(record: Number) -> Tree:
    """The messaging settings; what a route and a campaign are only matters while SMS is on."""
    settings: Tree = {"SmsEnabled": record.sms}
    if not record.sms:
        return settings
    if "A2pSettings" in record.options:
        settings["A2pState"] = "overridden" if record.campaign or record.message_class else "off"
    else:
        settings["A2pState"] = "system_default"
    if record.campaign:
        settings["CampaignId"] = record.campaign
    if record.message_class:
        settings["MessageClass"] = record.message_class
    nnid = record.options.get("NNID", _DEFAULT_ROUTE)
    settings["AssignedNnRoute"] = {"Nnid": nnid, "Name": NN_ROUTES.get(nnid, "")}
    return settings


def _attributes(record: Number) -> Tree:
    return {"TnAttributes": {"TnAttribute": record.attributes}} if record.attributes else {}


def listed(call: Call, number: str) -> Tree:
    """A row of the list of all numbers. Its samples have no Site and no SipPeer; its schema does."""
    record = owned(call, number)
    row = _described(call, number, _VENDOR)
    if record is None:
        return row | {"AccountId": _SELLER}
    places = _placement(call, record) if call.reads("tns_places", "shown") else {}
    return row | {"AccountId": call.settings.account_id, **places} | _dates(record)


def details(call: Call, number: str) -> Tree:
    """All that is known of a number."""
    record = owned(call, number)
    found = _described(call, number, {**_VENDOR, "OnNetVendor": True})
    if record is None:
        return found
    found["AccountId"] = call.settings.account_id
    services = ["Voice", "Messaging"] if record.sms else ["Voice"]
    if record.peer is not None:
        found |= _placement(call, record) | {"ServiceTypes": {"ServiceType": services}}
    found |= _dates(record) | record.facts
    if "OriginationRoutePlan" in record.options:
        found["OriginationRoutePlan"] = record.options["OriginationRoutePlan"]
    if record.peer is not None:
        found["MessagingSettings"] = messaging(record)
    found |= _attributes(record)
    options = _set(call, record, _OPTIONS)
    return found | ({"TnOptions": options} if options else {})


def _described(call: Call, number: str, vendor: Tree) -> Tree:
    where = inventory.place(number)
    found = {
        "City": where and where.city,
        "Lata": where and where.lata,
        "State": where and where.state,
        "FullNumber": call.shown(number),
        **vendor,
        "RateCenter": where and where.rate_center,
        "Status": state(call, number),
    }
    return {name: value for name, value in found.items() if value is not None}


def _dates(record: Number) -> Tree:
    return {"LastModified": moment(record.changed), "InServiceDate": moment(record.since)}


def _placement(call: Call, record: Number) -> Tree:
    if record.site is None or record.peer is None:
        return {}
    site = call.store.sites[record.site]
    peer = site.peers[record.peer]
    return {
        "Site": {"Id": site.id, "Name": site.document["Name"]},
        "SipPeer": {
            "PeerId": peer.id,
            "PeerName": peer.document["PeerName"],
            "IsDefaultPeer": peer.document["IsDefaultPeer"],
        },
    }


def _set(call: Call, record: Number, names: tuple[str, ...]) -> Tree:
    """The options that a number has, a number among them written as this version does."""
    found = {name: record.options[name] for name in names if name in record.options}
    if "CallForward" in found:
        found["CallForward"] = call.shown(found["CallForward"].removeprefix("+1"))
    return found
