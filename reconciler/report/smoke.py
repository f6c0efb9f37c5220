"""A text that was accepted, to words for a person, and to the contract's JSON document."""

from __future__ import annotations

from typing import Any

from reconciler import __version__
from reconciler.report.words import counted, safe, said
from reconciler.smoke import TERMINAL, Accepted, Ready, shown

SMOKE = "reconciler.smoke/1"


def question(ready: Ready) -> str:
    """What is about to be sent, to be asked before it is."""
    text = ready.text
    return safe(f"Send {said(text.text)} from {text.sender} to {text.to} through {ready.application}?")


def smoke_text(ready: Ready, accepted: Accepted) -> str:
    """What was accepted, and where the event will arrive that tells whether it was delivered."""
    text, application = ready.text, ready.application
    segments = "" if accepted.segments is None else f", {counted(accepted.segments, 'segment')}"
    awaited = " or ".join(each for each in TERMINAL if each in application.events)
    unasked = [each for each in TERMINAL if each not in application.events]
    message = f"message {accepted.id}" if accepted.id else "a message that was given no id,"
    lines = [
        f"Accepted, not delivered: {message} from {text.sender} to {text.to}{segments}.",
        f"  through {application} at location {ready.place}",
        f"  {awaited} will be posted to {shown(application.outbound)}",
        *(f"  {each} is not requested: such an end is not told" for each in unasked),
    ]
    return "".join(f"{safe(line)}\n" for line in lines)


def smoke_json(ready: Ready, accepted: Accepted) -> dict[str, Any]:
    """The same as a document."""
    place, application = ready.place, ready.application
    sub_account, location = place.names or (None, None)
    return {
        "format": SMOKE,
        "tool": __version__,
        "account": ready.account,
        "exit": 0,
        "state": "accepted",
        "message": {
            "id": accepted.id or None,
            "segments": accepted.segments,
            "from": ready.text.sender,
            "to": ready.text.to,
            "text": ready.text.text,
        },
        "application": {
            "id": application.id,
            "name": application.name,
            "address": application.address or None,
        },
        "location": {
            "id": place.peer,
            "name": location,
            "sub_account_id": place.site,
            "sub_account": sub_account,
        },
        "events": {"url": shown(application.outbound), "types": list(application.events)},
    }
