"""The numbers of a location: the calls that list, count, show, change and move them."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.errors import Refusal
from reconciler.emulator.numbers import paging, shown
from reconciler.emulator.numbers.moving import move
from reconciler.emulator.store import Number, SipPeer
from reconciler.emulator.xml import Tree

_DEFAULT_SIZE = _LARGEST_MOVE = 5000
_COUNTED = "SipPeerTelephoneNumbersCount"
# What totaltns counts besides: the name that `feature` knows it by, its element in numbers.yml and in
# numbers_v2.yml ("": not there), and who counts. Nobody here can order directory assistance.
_Counter = Callable[[Number, SipPeer], bool]
_COUNTERS: dict[str, tuple[str, str, _Counter]] = {
    "CNAM": ("CnamCount", "CnamTelephoneNumbersCount", shown.named),
    "LIDB": ("LidbCount", "LidbTelephoneNumbersCount", lambda number, _: _has(number, "Lidb")),
    "DLDA": ("", "DldaTelephoneNumbersCount", lambda number, _: _has(number, "Dlda")),
    "DA": ("", "DaTelephoneNumbersCount", lambda *_: False),
    "E911": ("", "", lambda number, _: _has(number, "E911")),
}
# The formats of numbers that PUT takes, besides "false", which takes back what was set.
_FORMATS = ("10digit", "11digit", "e164")
_WARNING = "SMS is already Enabled or number is in processing."


def _has(number: Number, feature: str) -> bool:
    return feature in number.facts.get("Features", {})


def listing(call: Call) -> Answer:
    """A page counted from 1, without a total; only version 2 has links."""
    peer = call.peer()
    page, size = paging.positive(call, "page", 1), paging.positive(call, "size", _DEFAULT_SIZE)
    numbers, following = paging.cut(call.store.listed(peer, call.now), page, size)
    rows = [shown.at_location(call, peer, number) for number in numbers]
    content: Tree = {"SipPeerTelephoneNumbers": {"SipPeerTelephoneNumber": rows}}
    if call.e164:
        content = {"Links": paging.links(call, f"{_path(call)}/tns", following, size), **content}
    return Answer(200, content)


def _path(call: Call) -> str:
    where = call.where
    return f"/accounts/{where['account']}/sites/{where['site']}/sippeers/{where['peer']}"


def show(call: Call) -> Answer:
    """One number of a location."""
    return Answer(200, {"SipPeerTelephoneNumber": shown.at_location(call, call.peer(), _here(call).number)})


def _here(call: Call) -> Number:
    number = call.digits(call.where["number"])
    if number is None or number not in call.store.listed(call.peer(), call.now):
        raise Refusal(
            13536,
            status=200 if call.reads("missing_number", "200") else 400,
            value=call.where["number"],
            account=call.settings.account_id,
            site=call.where["site"],
            peer=call.where["peer"],
        )
    return call.store.numbers[number]


def total(call: Call) -> Answer:
    """How many numbers a location has; the inner element is named like the outer (numbers.yml)."""
    peer = call.peer()
    records = [call.store.numbers[number] for number in call.store.listed(peer, call.now)]
    counts: Tree = {_COUNTED: len(records)}
    for feature in _features(call):
        *names, counts_it = _COUNTERS[feature]
        if names[call.e164]:
            counts[names[call.e164]] = sum(counts_it(record, peer) for record in records)
    wrapper = f"{_COUNTED}s" if call.reads("total_wrapper", "counts") else _COUNTED
    return Answer(200, {wrapper: counts})


def _features(call: Call) -> list[str]:
    asked = [name.strip() for name in call.query.get("feature", "").upper().split(",") if name.strip()]
    if not set(asked) <= _COUNTERS.keys():
        raise Refusal(15525)
    return asked or list(_COUNTERS)


def replace(call: Call) -> Answer:
    """Sets what the document names; the rest stays, as samples that name one element have it."""
    record, peer = _here(call), call.peer()
    if call.digits(call.body["FullNumber"]) != record.number:
        raise Refusal(13512, value=call.body["FullNumber"])
    options = _changed(call, record, peer)
    messages = call.body.get("MessagingSettings", {})
    warnings = _warned(call, record, peer, messages)
    record.options = options
    record.attributes = call.body.get("TnAttributes", {}).get("TnAttribute", record.attributes)
    record.sms = messages.get("SmsEnabled", str(record.sms)).lower() == "true"
    record.changed = call.now
    return Answer(200, {"SipPeerTelephoneNumber": shown.at_location(call, peer, record.number) | warnings})


def _changed(call: Call, record: Number, peer: SipPeer) -> Tree:
    """The options of a number after a PUT."""
    wanted = {name: call.body[name] for name in ("RewriteUser",) if name in call.body}
    for name, code in (("NumberFormat", 13514), ("RPIDFormat", 13516)):
        if name in call.body:
            wanted[name] = call.body[name]
            if wanted[name] not in (*_FORMATS, "false"):
                raise Refusal(code, value=wanted[name], number=record.number)
    if "CallForward" in call.body:
        if not call.settings.has("CallForwarding"):
            raise Refusal(13576, account=call.settings.account_id, name="CallForwarding")
        wanted["CallForward"] = _forward(call, record)
    if "CallingNameDisplay" in call.body:
        if peer.document.get("CallingName", {}).get("Enforced") == "true":
            raise Refusal(13583, number=record.number)
        wanted["CallingNameDisplay"] = "on" if call.body["CallingNameDisplay"] == "true" else "off"
    return {name: value for name, value in {**record.options, **wanted}.items() if value != "false"}


def _forward(call: Call, record: Number) -> str:
    wanted: str = call.body["CallForward"]
    number = wanted if wanted == "false" else call.digits(wanted)
    if number in (None, record.number):
        raise Refusal(13513, value=wanted)
    return str(number)


def _warned(call: Call, record: Number, peer: SipPeer, messages: Tree) -> Tree:
    if messages.get("SmsEnabled") != "true":
        return {}
    if peer.sms is None:
        raise Refusal(9011)
    if not record.sms:
        return {}
    warning = {"TelephoneNumber": call.shown(record.number), "Description": _WARNING}
    return {"Warnings": {"Warning": [warning]}}


def move_here(call: Call) -> Answer:
    """Moves numbers of the account to this location at once; gone in version 2."""
    if call.e164:
        raise Refusal(None)
    site, peer, sent = call.site(), call.peer(), call.body["FullNumber"]
    if len(sent) > _LARGEST_MOVE:
        raise Refusal(5095, limit=_LARGEST_MOVE)
    numbers = [_movable(call, peer, number) for number in sent]
    if len(set(numbers)) < len(numbers):
        raise Refusal(13511)
    if peer.sms is None and any(call.store.numbers[number].sms for number in numbers):
        raise Refusal(9011)
    move(call.store, numbers, site, peer, call.now)
    return Answer(200, {"SipPeerTelephoneNumbers": {"FullNumber": sent}})


def _movable(call: Call, peer: SipPeer, sent: str) -> str:
    number = call.digits(sent)
    if number is None:
        raise Refusal(13512, value=sent)
    record = call.store.numbers.get(number)
    if record is None:
        raise Refusal(13520, value=sent)
    if not record.listed(call.now):
        raise Refusal(13518, value=sent)
    if (record.site, record.peer) == (call.site().id, peer.id):
        raise Refusal(13526, value=sent, peer=peer.id)
    return number
