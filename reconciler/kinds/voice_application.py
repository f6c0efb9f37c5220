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
from reconciler.kinds.kind import Kind, Setting, Settings
from reconciler.model import Change, Fields, Finding, Severity, Value, World

PATH = "/accounts/{account}/sites/{sub_account}/sippeers/{location}/products/"
HOSTS = ("VoiceHosts", "VoiceHostGroups", "TerminationHosts")
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


def live_hosts(document: Node | None) -> list[str]:
    """The names of every host that a location's document has."""
    found = (document.first(name) for name in HOSTS) if document else ()
    return [n.text for top in found if top for n in top.walk() if n.name == "HostName" and n.text]


def _review(change: Change, world: World) -> Iterable[Finding]:
    if not any(c.before is None and c.after is not None for c in change.changes):
        return
    location = world.live(change.address.sibling("location"))
    hosts = live_hosts(location.document) if location else []
    if hosts:
        yield Finding(
            Severity.HAZARD, change.address,
            f"voice goes from SIP to HTTP, and the API then deletes the location's hosts: {', '.join(hosts)}",
            position=change.wanted.where(),
        )  # fmt: skip


def _row(name: str) -> Field:
    return Field(name, "HttpSettings/HttpVoiceV2AppId", Text(), f"The application of {name}.",
                 setting=name, reader=_read, writer=_write)  # fmt: skip


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
    fields=(_row("origination"), _row("termination")),
    block={"type": ["string", "null"], "minLength": 1},
    shorthand=_shorthand,
    review=_review,
)
