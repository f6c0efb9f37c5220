"""MMS over HTTP on a location: `MmsFeature` (numbers.yml, messaging/features/mms)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reconciler.document import Node
from reconciler.kinds.fields import Field, Word
from reconciler.kinds.kind import Kind, Plain, Setting, Settings
from reconciler.model import Action, Change, Fields, Finding, Severity, World

HTTP = Node("Protocols", children=(Node("HTTP", children=(Node("HttpSettings"),)),))


def _shorthand(value: Any) -> tuple[bool, Fields]:
    return bool(value), {"protocol": "HTTP"} if value else {}


def _review(change: Change, world: World) -> Iterable[Finding]:
    def finding(severity: Severity, message: str, hint: str = "") -> Finding:
        return Finding(severity, change.address, message, hint, change.wanted.where())

    sms = change.address.sibling("sms")
    if change.action is Action.CREATE and world.wanted(sms) is None and world.live(sms) is None:
        yield finding(
            Severity.REFUSAL,
            "mms is true, but SMS is neither declared nor live, and MMS needs it",
            "declare sms: true beside it",
        )
    if change.action is Action.UPDATE:
        yield finding(Severity.HAZARD, "it moves from MM4 to HTTP, which gives up its MM4 hosts")


def _replace(kind: Kind, document: Node, fields: Plain) -> Node:
    body = document.put("Protocols", HTTP)
    for row in kind.rows(fields):
        body = row.put(body, fields[row.name], kind.order)
    return body


KIND = Kind(
    name="mms",
    where=("sub_accounts", "*", "locations", "*", "features", "mms"),
    description="Picture messages on the location, over HTTP; SMS must be on.",
    parent="location",
    after=("sms",),
    serving=Settings(
        (
            Setting(
                "mms",
                "/accounts/{account}/sites/{sub_account}/sippeers/{location}/products/messaging/features/mms",
                "MmsFeature",
                blank=(HTTP,),
            ),
        )
    ),
    fields=(
        Field("protocol", "MmsSettings/Protocol", Word(words=("HTTP", "MM4")), "How messages are exchanged.",
              hidden=True, gate="MMS"),
    ),
    order=("MmsSettings", "Protocols"),
    block={"type": "boolean"},
    shorthand=_shorthand,
    review=_review,
    replace=_replace,
)  # fmt: skip
