"""SMS on a location: `SipPeerSmsFeature` (numbers.yml, messaging/features/sms)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reconciler.document import Node, leaf
from reconciler.kinds.fields import Codec, Field, Flag, Schema, Text, Word
from reconciler.kinds.kind import Kind, Plain, Setting, Settings, as_fields, edited
from reconciler.model import (
    Action,
    Change,
    Fields,
    Finding,
    Problem,
    Resource,
    Severity,
    Value,
    World,
)

ROOT = "SipPeerSmsFeature"
ZONES = (1, 2, 3, 4, 5)
IN = "SipPeerSmsFeatureSettings"


class ZoneSet(Codec):
    """Zone1 to Zone5, all five written each time; the first is always on."""

    @property
    def schema(self) -> Schema:
        zone = {"type": "integer", "enum": list(ZONES)}
        return {"type": "array", "items": zone, "uniqueItems": True, "minItems": 1}

    def read(self, node: Node) -> Value:
        return tuple(zone for zone in ZONES if (node.value(f"Zone{zone}") or "").lower() == "true") or None

    def canonical(self, value: Value) -> Value:
        return tuple(sorted(value, key=str)) if isinstance(value, tuple) else value


def _put_zones(root: Node, value: Value) -> Node:
    chosen = value if isinstance(value, tuple) else (1,)
    for zone in ZONES:
        root = root.put(f"{IN}/Zone{zone}", leaf(f"Zone{zone}", zone in chosen))
    return root


FIELDS = (
    Field("toll_free", f"{IN}/TollFree", Flag(), "Texts from toll-free numbers.", default=False),
    Field("short_code", f"{IN}/ShortCode", Flag(), "Texts from short codes.", default=False),
    Field("a2p_long_code", f"{IN}/A2pLongCode",
          Word(words=("ON", "OFF", "DefaultOn", "DefaultOff"),
               aliases={"DEFAULT_ON": "DefaultOn", "DEFAULT_OFF": "DefaultOff"}),
          "A2P on local numbers; ON and OFF force it on every number of the location.",
          default="DefaultOff"),
    Field("a2p_message_class", f"{IN}/A2pMessageClass", Text(), "A2P message class."),
    Field("a2p_campaign_id", f"{IN}/A2pCampaignId",
          Text({"maxLength": 64, "pattern": "^[A-Za-z0-9 ._-]+$"}), "A2P campaign id."),
    Field("protocol", f"{IN}/Protocol", Word(words=("HTTP", "SMPP", "SIP")), "How texts are exchanged.",
          hidden=True, gate="SMS"),
    Field("zones", IN, ZoneSet(), "Zones that may be texted; zone 1 is always among them.",
          default=(1,), writer=_put_zones),
)  # fmt: skip


def _shorthand(value: Any) -> tuple[bool, Fields]:
    """`true` and `{}` want it there over HTTP; `false` wants it gone; a mapping compares its fields too."""
    if value is False or value is None:
        return False, {}
    _, fields = as_fields({} if value is True else value)
    return True, {**fields, "protocol": "HTTP"}


def _on_create(resource: Resource, world: World) -> Fields:
    del resource, world
    return {"toll_free": False, "short_code": False, "protocol": "HTTP", "zones": (1,)}


def _check(resource: Resource, world: World) -> Iterable[Problem]:
    mms = world.wanted(resource.address.sibling("mms"))
    if not resource.wanted and mms is not None and mms.wanted:
        yield Problem(
            f"{resource.address}: sms is false but mms is true",
            resource.where(),
            "MMS needs SMS: set sms to true, or mms to false",
        )
    if not resource.wanted and getattr(
        world.wanted(resource.address.sibling("messaging_application")), "wanted", False
    ):
        yield Problem(
            f"{resource.address}: sms is false but messaging_application is set",
            resource.where(),
            "a messaging application needs SMS: set sms to true, or messaging_application to null",
        )
    zones = resource.fields.get("zones")
    if isinstance(zones, tuple) and 1 not in zones:
        yield Problem(f"{resource.address}: zones must have 1 in it", resource.where("zones"),
                      "the API refuses SMS without zone 1")  # fmt: skip


def _review(change: Change, world: World) -> Iterable[Finding]:
    if change.action is Action.DELETE:
        yield from _in_the_way(change, world)
    elif change.live is not None:
        yield from _hazards(change, change.live.fields)


def _in_the_way(change: Change, world: World) -> Iterable[Finding]:
    """What the API wants gone before SMS goes, and nobody said that it should."""
    location = world.wanted(change.address.sibling("location"))
    if location and not location.wanted:
        return  # it all goes, and what keeps it from going is told of the location
    for kind, word in (("mms", "false"), ("messaging_application", "null")):
        other = change.address.sibling(kind)
        if world.live(other) and world.wanted(other) is None:
            yield Finding(
                Severity.REFUSAL, change.address,
                f"sms is false, but {other} is live and the manifest does not manage it",
                f"declare {kind} too: {word} removes it", change.wanted.where(),
            )  # fmt: skip
    texting = world.texting(change.address.names)
    if texting:
        yield Finding(
            Severity.REFUSAL, change.address,
            f"sms is false, but {len(texting)} numbers here have messaging on (13673), as +1{texting[0]}",
            "switch messaging off for them in the dashboard first", change.wanted.where(),
        )  # fmt: skip


def _hazards(change: Change, live: Fields) -> Iterable[Finding]:
    a2p, protocol = live.get("a2p_long_code"), live.get("protocol")
    if a2p in {"ON", "OFF"}:
        yield Finding(
            Severity.HAZARD, change.address,
            f"its live A2pLongCode is {a2p}, and any change of sms forces that on every number of the "
            f"location again", position=change.wanted.where(),
        )  # fmt: skip
    if protocol not in {None, "HTTP"}:
        yield Finding(
            Severity.HAZARD, change.address,
            f"it moves from {protocol} to HTTP, which gives up its {protocol} hosts",
            position=change.wanted.where(),
        )  # fmt: skip


def _replace(kind: Kind, document: Node, fields: Plain) -> Node:
    """As read, edited; the hosts of another protocol go when the protocol becomes HTTP."""
    if document.value(f"{IN}/Protocol") != fields.get("protocol"):
        document = document.put("SmppHosts", None)
    body = edited(kind, document, fields)
    return body if body.first("HttpSettings") else body.put("HttpSettings", Node("HttpSettings"))


KIND = Kind(
    name="sms",
    where=("sub_accounts", "*", "locations", "*", "features", "sms"),
    description="Text messages on the location.",
    parent="location",
    serving=Settings(
        (
            Setting(
                "sms",
                "/accounts/{account}/sites/{sub_account}/sippeers/{location}/products/messaging/features/sms",
                ROOT,
                blank=(Node("HttpSettings"),),
            ),
        )
    ),
    fields=FIELDS,
    order=(IN, "HttpSettings", "SmppHosts"),
    removal_asks_numbers=True,
    on_create=_on_create,
    block={"type": ["boolean", "object"]},
    shorthand=_shorthand,
    check=_check,
    review=_review,
    replace=_replace,
)
