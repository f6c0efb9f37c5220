"""Which Messaging-V2 application a location's messages go to: `ApplicationsSettings` (numbers.yml)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reconciler.document import Node, leaf
from reconciler.kinds.fields import Field, Text
from reconciler.kinds.kind import Kind, Setting, Settings
from reconciler.model import Action, Change, Fields, Finding, Severity, World

ROOT, APPLICATION = "ApplicationsSettings", "HttpMessagingV2AppId"


def _shorthand(value: Any) -> tuple[bool, Fields]:
    return value is not None, {} if value is None else {"application": value}


def _review(change: Change, world: World) -> Iterable[Finding]:
    sms = change.address.sibling("sms")
    if change.action is Action.CREATE and world.wanted(sms) is None and world.live(sms) is None:
        yield Finding(
            Severity.REFUSAL, change.address,
            "messaging_application is set, but SMS is neither declared nor live, and it needs it",
            "declare features: {sms: true} on the location", change.wanted.where(),
        )  # fmt: skip


KIND = Kind(
    name="messaging_application",
    where=("sub_accounts", "*", "locations", "*", "messaging_application"),
    description="The Messaging-V2 application of the location; null takes it away.",
    parent="location",
    after=("sms", "mms"),
    refers_to=("application", "Messaging-V2"),
    serving=Settings(
        (
            Setting(
                "applicationSettings",
                "/accounts/{account}/sites/{sub_account}/sippeers/{location}/products/messaging/applicationSettings",
                ROOT,
                create="PUT",
            ),
        ),
        remove="PUT",
        # numbers.yml has the word as the only text, the error catalogue (13628) as the application's id
        removal=(Node(ROOT, "REMOVE"), Node(ROOT, children=(leaf(APPLICATION, "REMOVE"),))),
        partial=True,
    ),
    fields=(
        Field(
            "application",
            APPLICATION,
            Text(),
            "The application's name in this manifest.",
        ),
    ),
    block={"type": ["string", "null"], "minLength": 1},
    shorthand=_shorthand,
    review=_review,
)
