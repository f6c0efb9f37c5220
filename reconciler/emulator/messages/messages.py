"""Messages sent through the messaging API: a JSON document to 202 and a record, or to an error in JSON.

Nothing is delivered and no callback is called; the record says whether one would have come.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.emulator import auth
from reconciler.emulator.account.mirrors import MESSAGING
from reconciler.emulator.call import JsonAnswer, JsonCall, moment
from reconciler.emulator.messages import fields, segments
from reconciler.emulator.store import Message, Number, SipPeer, Store

_PATH = "/api/v2/"
_JSON = "application/json"
_OPTIONAL = ("media", "text", "tag", "priority")
# The answer to a message too many (api-docs, messaging errors); no other call is limited in these words.
QUEUE_FULL = {
    "type": "max-message-queue-size-exceeded",
    "description": "The queue for your account is full and cannot accept more messages right now.",
}


def send(call: JsonCall) -> JsonAnswer:
    """POST /users/{account}/messages: 202 for whatever is well-formed, delivered or not.

    Errors are `{type, description}` with the statuses of the messaging guide: 400 with `fieldErrors`,
    401 also for another account, 403 for an account without HTTP messaging, 404, 415.
    """
    refusal = _refusal(call)
    if refusal:
        return refusal
    document = _document(call.body)
    faults = None if document is None else list(fields.faults(document, call.settings.lenient))
    if document is None or faults:
        return _invalid(faults)
    if call.settings.reads("unknown_application", "refused") and not _is_known(call.store, document):
        said = f"'{document['applicationId']}' is not an application of the account"
        return _invalid([{"fieldName": "applicationId", "description": said}])
    message = _message(call, document)
    call.store.messages[message.id] = message
    return JsonAnswer(202, _shown(message, document))


def _refusal(call: JsonCall) -> JsonAnswer | None:
    if not call.path.lower().startswith(_PATH):
        stamp = {"timestamp": moment(call.now), "status": 404, "error": "Not Found", "message": "Not Found"}
        return JsonAnswer(404, {**stamp, "path": call.path})
    owner = call.where["account"] == call.settings.account_id
    if not owner or not auth.may_call(call.authorization, call.settings, call.now):
        return JsonAnswer(401, _error("unauthorized", "Authentication Failed"))
    if not call.settings.has("HTTPV2"):
        return JsonAnswer(403, _error("forbidden", "Access Denied"))
    if call.media_type != _JSON:
        said = f"Content type '{call.media_type}' not supported. Please use '{_JSON}'"
        return JsonAnswer(415, _error("unsupported-content-type", said))
    return None


def _error(kind: str, said: str) -> dict[str, Any]:
    return {"type": kind, "description": said}


def _invalid(faults: list[dict[str, str]] | None) -> JsonAnswer:
    error = _error("request-validation", "Your request could not be accepted")
    return JsonAnswer(400, {**error, "fieldErrors": faults} if faults else error)


def _document(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_known(store: Store, document: Mapping[str, Any]) -> bool:
    found = store.applications.get(document["applicationId"].lower())
    return found is not None and found["ServiceType"] == MESSAGING


def _message(call: JsonCall, document: Mapping[str, Any]) -> Message:
    to = document["to"]
    message = Message(
        id=f"{int(call.now * 1000)}{call.store.new_uuid().replace('-', '')[:16]}",
        time=call.now,
        application=document["applicationId"],
        sender=document["from"],
        to=[to] if isinstance(to, str) else list(to),
        text=document.get("text") or "",
        media=list(document.get("media") or ()),
        tag=document.get("tag") or "",
    )
    message.lost = next(_losses(call.store, message, call.now), "")
    return message


def _losses(store: Store, message: Message, now: float) -> Iterator[str]:
    """Why nobody would hear of the message again, the first reason first."""
    number = store.numbers.get(message.sender.removeprefix("+1"))
    if number is None or not number.listed(now):
        yield "the sender's number is not in service on the account"
        return
    peer = _location(store, number)
    if not number.sms:
        yield "the sender's number has SMS off"
    if message.media and peer.mms is None:
        yield "the sender's location has MMS off"
    if peer.application is None:
        yield "the sender's location has no messaging application"
    elif peer.application != message.application.lower():
        yield "the sender's location has another messaging application"
    elif not store.applications[peer.application].get("OutboundCallbackUrl"):
        yield "the application has no OutboundCallbackUrl"


def _location(store: Store, number: Number) -> SipPeer:
    return next(peer for site, peer in store.peers() if (site.id, peer.id) == (number.site, number.peer))


def _shown(message: Message, document: Mapping[str, Any]) -> dict[str, Any]:
    shown = {
        "id": message.id,
        "owner": message.sender,
        "applicationId": message.application,
        "time": moment(message.time),
        "segmentCount": 1 if message.media else segments.count(message.text),
        "direction": "out",
        "to": message.to,
        "from": message.sender,
    }
    return shown | {name: document[name] for name in _OPTIONAL if name in document}
