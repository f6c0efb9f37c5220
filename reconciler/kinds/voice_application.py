"""Which Voice-V2 application takes a location's calls: origination and termination settings over HTTP.

`null` is SIP on both; a settings document that is not there means SIP too. Going from SIP to HTTP
silently deletes the location's hosts (numbers.yml, PUT of the settings), so it is a hazard where
there are any.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from reconciler.document import Node, leaf
from reconciler.kinds.fields import Field, Text
from reconciler.kinds.hosts import live_hosts
from reconciler.kinds.kind import Kind, Setting, Settings
from reconciler.model import Change, Fields, Finding, Severity, Value, World

PATH = "/accounts/{account}/sites/{sub_account}/sippeers/{location}/products/"
NO_APPLICATION = "HTTP without an application"


def _read(root: Node) -> Value:
    if (root.value("VoiceProtocol") or "SIP").upper() != "HTTP":
        return None
    return root.value("HttpSettings/HttpVoiceV2AppId") or NO_APPLICATION


def _write(root: Node, value: Value) -> Node:
    if value is None:
        return replace(root, children=(leaf("VoiceProtocol", "SIP"),))
    settings = Node("HttpSettings", children=(leaf("HttpVoiceV2AppId", str(value)),))
    return replace(root, children=(leaf("VoiceProtocol", "HTTP"), settings))


def _shorthand(value: Any) -> tuple[bool, Fields]:
    return True, {"origination": value, "termination": value}


def _review(change: Change, world: World) -> Iterable[Finding]:
    if not any(c.before is None and c.after is not None for c in change.changes):
        return
    address = change.address.sibling("location")
    location, wanted = world.live(address), world.wanted(address)
    live = live_hosts(location.document) if location else {}
    # the location's own change goes before this one, so that what it clears is not there to be wiped
    cleared = wanted.fields.keys() - wanted.lifecycle.ignore if wanted else set[str]()
    kept = [name for word, names in live.items() for name in names if word not in cleared]
    if kept:
        yield Finding(
            Severity.HAZARD, change.address,
            f"voice goes from SIP to HTTP, and the API then deletes the location's hosts: {', '.join(kept)}",
            position=change.wanted.where(),
        )  # fmt: skip


def _goes_first(change: Change) -> bool:
    """Back to SIP: a location takes no hosts while voice is over HTTP (13646)."""
    return all(each.after is None for each in change.changes)


def _row(name: str, gate: str) -> Field:
    return Field(name, "HttpSettings/HttpVoiceV2AppId", Text(), f"The application of {name}.",
                 setting=name, gate=gate, reader=_read, writer=_write)  # fmt: skip


KIND = Kind(
    name="voice_application",
    where=("sub_accounts", "*", "locations", "*", "voice_application"),
    description="The Voice-V2 application of the location, in and out; null goes back to SIP.",
    parent="location",
    after=("location",),  # whose full replace would bring back the hosts that HTTP takes away (13646)
    refers_to=("application", "Voice-V2"),
    serving=Settings(
        (
            Setting("origination", PATH + "origination/settings", "SipPeerOriginationSettings"),
            Setting("termination", PATH + "termination/settings", "SipPeerTerminationSettings"),
        ),
        partial=True,
    ),
    fields=(_row("origination", "OrigHttpVoice"), _row("termination", "TermHttpVoice")),
    block={"type": ["string", "null"], "minLength": 1},
    shorthand=_shorthand,
    goes_first=_goes_first,
    review=_review,
)
