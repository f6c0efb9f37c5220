"""What is known of one number: its status, its details, its place and its routes."""

from __future__ import annotations

from datetime import UTC, datetime

from reconciler.emulator.call import Answer, Call, moment
from reconciler.emulator.errors import Refusal
from reconciler.emulator.numbers import inventory, shown
from reconciler.emulator.numbers.inventory import Place
from reconciler.emulator.numbers.reservations import held
from reconciler.emulator.store import Number
from reconciler.emulator.xml import Tree


def show(call: Call) -> Answer:
    """The status of a number: ours, held, on sale, or unknown (404)."""
    number = _known(call)
    status = {"TelephoneNumber": call.shown(number), "Status": shown.state(call, number)}
    record = shown.owned(call, number)
    if record is None:
        return Answer(200, status)
    since = moment(record.since)
    content = {
        **status,
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
    """The number with its place, and what the account has set up for it."""
    return Answer(200, {"TelephoneNumberDetails": shown.details(call, _known(call))})


def show_site(call: Call) -> Answer:
    """The sub-account of a number; 404 where it has none."""
    record = _owned(call)
    if record.site is None:
        raise Refusal(None)
    return Answer(200, {"Id": record.site, "Name": call.store.sites[record.site].document["Name"]})


def show_peer(call: Call) -> Answer:
    """The location of a number; 404 where it has none."""
    record = _owned(call)
    if record.site is None or record.peer is None:
        raise Refusal(None)
    name = call.store.sites[record.site].peers[record.peer].document["PeerName"]
    return Answer(200, {"Id": record.peer, "Name": name})


def show_lata(call: Call) -> Answer:
    """The LATA of a number."""
    return Answer(200, {"TelephoneNumberDetails": {"Lata": _place(call).lata}})


def show_rate_center(call: Call) -> Answer:
    """The rate centre of a number, with its state."""
    where = _place(call)
    return Answer(200, {"TelephoneNumberDetails": {"State": where.state, "RateCenter": where.rate_center}})


def show_calling_area(call: Call) -> Answer:
    """The local calling area of a number: its NPA-NXX and its rate centres."""
    where = _place(call)
    codes = inventory.local_codes(where.state, where.lata)
    exchanges = sorted({number[:6] for code in codes for number in inventory.stock(code, 5000)})
    centers = {"State": where.state, "RCs": {"RC": inventory.rate_centers(codes)}}
    return Answer(200, {"ListofNPANXX": {"NPANXX": exchanges}, "Location": {"RateCenters": centers}})


def show_routes(call: Call) -> Answer:
    """The routes of text messages that a number may have."""
    _known(call)
    return Answer(200, {"NNRoute": [{"Nnid": nnid, "Name": name} for nnid, name in shown.NN_ROUTES.items()]})


def show_e911(call: Call) -> Answer:
    """The emergency address of a number; 404 where it has none of its own."""
    emergency: Tree = _owned(call).facts.get("Features", {}).get("E911")
    if not emergency:
        raise Refusal(None)
    group = emergency.get("EmergencyNotificationGroup")
    address = {"Name": emergency.get("CallerName"), **emergency.get("Address", {})}
    return Answer(200, {"Address": address, **({"EmergencyNotificationGroup": group} if group else {})})


def show_reservation(call: Call) -> Answer:
    """Who holds a number, and for how long; 404 where nobody does."""
    number = _number(call)
    holding = held(call.store, number, call.now)
    if holding is None:
        raise Refusal(None)
    content = {
        "ReservationID": holding.id,
        "Account": call.settings.account_id,
        "ReservationExpires": int(holding.expires - call.now),
        "ReservedTN": call.shown(number),
    }
    return Answer(200, content)


def _number(call: Call) -> str:
    number = call.digits(call.where["number"])
    if number is None:
        raise Refusal(12512, value=call.where["number"])
    return number


def _known(call: Call) -> str:
    number = _number(call)
    if number not in call.store.numbers and not inventory.exists(number, call.settings.inventory or {}):
        raise Refusal(None)
    return number


def _owned(call: Call) -> Number:
    record = shown.owned(call, _number(call))
    if record is None:
        raise Refusal(None)
    return record


def _place(call: Call) -> Place:
    where = inventory.place(_known(call))
    if where is None:
        raise Refusal(None)
    return where
