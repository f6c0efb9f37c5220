"""Applications: where the webhooks of messages and calls go (applications page, numbers.yml).

The API mirrors one URL or credentials block into others on read, so the older one-URL form is
compared with the two that it sets. Passwords never come back.
"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.document import Node
from reconciler.kinds.fields import Credentials, Field, Text, Whole, Word, WordSet, for_service
from reconciler.kinds.kind import Collection, Kind, Plain
from reconciler.model import Action, Change, Finding, Problem, Resource, Severity, Value, World

MESSAGING, VOICE = "Messaging-V2", "Voice-V2"
# no user, no password
URL = Text({"pattern": r"^https?://[^\s/?#@:]+(:[0-9]+)?([/?#]\S*)?$", "maxLength": 2000})
METHOD = Word(words=("GET", "POST"))
STATUS_URL, FALLBACK_URL = "call_status_callback_url", "call_initiated_fallback_url"
CALLBACK_TYPES = ("message-delivered", "message-failed", "message-sending")
INBOUND, OUTBOUND = "InboundCallbackUrl", "OutboundCallbackUrl"


def _one_url(root: Node) -> Value:
    inbound, outbound = root.value(INBOUND) or "", root.value(OUTBOUND) or ""
    if inbound == outbound:
        # old answers show the one URL only under its old names (guides of the previous documentation)
        return inbound or root.value("MsgCallbackUrl") or root.value("CallbackUrl") or None
    return f"{inbound or 'none'} (inbound), {outbound or 'none'} (outbound)"


def _one_block(root: Node) -> Value:
    blocks = ("InboundCallbackCreds", "OutboundCallbackCreds", "CallbackCreds")
    users = {user for block in blocks if (user := root.value(f"{block}/UserId"))}
    return {"user_id": " and ".join(sorted(users))} if users else None


def _types(root: Node) -> Value:
    # the specification's schema spells them MESSAGE_DELIVERED, its samples and the guides with dashes
    found = root.all("RequestedCallbackTypes/CallbackType")
    return tuple(sorted(node.text.lower().replace("_", "-") for node in found)) or None


FIELDS = (
    Field("name", "AppName", Text(), "AppName; the key when left out.", nullable=False),
    Field(
        "service_type", "ServiceType",
        Word(words=(MESSAGING, VOICE), aliases={"Messaging": MESSAGING, "Voice": VOICE}),
        "What the application is for. Another type is another application.",
        required=True,
    ),
    *for_service(
        MESSAGING,
        Field("callback_url", "MsgCallbackUrl", URL, "The older form: one URL for messages in and out.",
              nullable=False, reader=_one_url),
        Field("callback_creds", "CallbackCreds", Credentials(), "Credentials for `callback_url`.",
              reader=_one_block),
        Field("inbound_callback_url", INBOUND, URL, "Where messages from outside are posted.",
              nullable=False),
        Field("inbound_callback_creds", "InboundCallbackCreds", Credentials(),
              "Credentials for `inbound_callback_url`."),
        Field("outbound_callback_url", OUTBOUND, URL, "Where delivery events are posted."),
        Field("outbound_callback_creds", "OutboundCallbackCreds", Credentials(),
              "Credentials for `outbound_callback_url`."),
        Field("requested_callback_types", "RequestedCallbackTypes", WordSet("CallbackType", CALLBACK_TYPES),
              "Which delivery events are posted; all of them when never set.", default=CALLBACK_TYPES,
              reader=_types),
    ),
    *for_service(
        VOICE,
        Field("call_initiated_callback_url", "CallInitiatedCallbackUrl", URL, "Where a new call is posted.",
              nullable=False),
        # list samples of the applications page leave methods out
        Field("call_initiated_method", "CallInitiatedMethod", METHOD, "How it is sent.", default="POST",
              in_list=False),
        Field(STATUS_URL, "CallStatusCallbackUrl", URL, "Where the end of a call is posted.",
              clear="remove"),
        Field("call_status_method", "CallStatusMethod", METHOD, "How it is sent.", default="POST",
              of=STATUS_URL, in_list=False),
        Field("callback_creds", "CallbackCreds", Credentials(), "Credentials for both URLs."),
        Field(FALLBACK_URL, "CallInitiatedFallbackUrl", URL,
              "Where a new call is posted when the first URL fails."),
        Field("call_initiated_fallback_method", "CallInitiatedFallbackMethod", METHOD, "How it is sent.",
              default="POST", of=FALLBACK_URL, in_list=False),
        Field("call_initiated_fallback_creds", "CallInitiatedFallbackCreds", Credentials(),
              "Credentials for the fallback URL.", of=FALLBACK_URL),
        Field("callback_timeout", "CallbackTimeout", Whole(1, 25), "Seconds to wait for an answer."),
    ),
)  # fmt: skip

ORDER = (
    "ServiceType", "AppName", "MsgCallbackUrl", "CallbackCreds", INBOUND, OUTBOUND, "InboundCallbackCreds",
    "OutboundCallbackCreds", "RequestedCallbackTypes", "CallInitiatedCallbackUrl", "CallInitiatedMethod",
    "CallStatusCallbackUrl", "CallStatusMethod", "CallInitiatedFallbackUrl", "CallInitiatedFallbackMethod",
    "CallInitiatedFallbackCreds", "CallbackTimeout",
)  # fmt: skip

# the one-URL form and what it stands for; the API refuses both together (13065, 13066)
MIRRORS = {
    "callback_url": ("inbound_callback_url", "outbound_callback_url"),
    "callback_creds": ("inbound_callback_creds", "outbound_callback_creds"),
}

# the API wants https where it is to send a password (12812)
CREDENTIALS_OF = {
    "callback_creds": "callback_url",
    "inbound_callback_creds": "inbound_callback_url",
    "outbound_callback_creds": "outbound_callback_url",
}


def _check(resource: Resource, world: World) -> Iterable[Problem]:
    del world
    service = str(resource.fields["service_type"])
    yield from _of_other_service(resource, service)
    if service == MESSAGING:
        yield from _both_forms(resource)
        yield from _without_https(resource)


def _of_other_service(resource: Resource, service: str) -> Iterable[Problem]:
    fitting = {row.name for row in KIND.applicable(service)}
    for row in KIND.fields:
        if row.name in resource.fields and row.name not in fitting:
            yield Problem(
                f"{resource.address}: {row.name} is not a field of a {service} application",
                resource.where(row.name),
                f"it belongs to {' and '.join(row.services)} applications",
            )


def _both_forms(resource: Resource) -> Iterable[Problem]:
    for one, others in MIRRORS.items():
        for other in others:
            if one in resource.fields and other in resource.fields:
                yield Problem(
                    f"{resource.address}: {one} does not combine with {other}",
                    resource.where(other),
                    f"{one} sets both directions; keep it alone, or name inbound and outbound",
                )


def _without_https(resource: Resource) -> Iterable[Problem]:
    for block, url in CREDENTIALS_OF.items():
        if resource.fields.get(block) and str(resource.fields.get(url)).startswith("http://"):
            yield Problem(
                f"{resource.address}: {block} needs an https {url} (12812)",
                resource.where(url),
                "the API sends a password to https URLs only",
            )


def _review(change: Change, world: World) -> Iterable[Finding]:
    if change.action is Action.DELETE:
        return
    yield from _without_url(change)
    if change.live is None:
        yield from _other_service(change, world)
        return
    rows = {row.name: row for row in KIND.rows(change.wanted.fields)}
    cleared = [c.path for c in change.changes if c.after is None and rows[c.path].needs_replace]
    for block in _live_blocks(change) if cleared else ():
        if not any(name in change.wanted.fields for name in _covered_by(block)):
            yield Finding(
                Severity.REFUSAL, change.address,
                f"clearing {', '.join(cleared)} replaces the whole application, and the password of "
                f"its {block} would be lost",
                f"add {block} with its password to the manifest, or set it to null",
                change.wanted.where(cleared[0]),
            )  # fmt: skip


def _without_url(change: Change) -> Iterable[Finding]:
    live = change.live.fields if change.live else {}
    whole = {**live, **change.wanted.fields}
    for row in KIND.rows(change.wanted.fields):
        if row.of and whole[row.name] not in (None, row.default) and not whole.get(row.of):
            yield Finding(
                Severity.REFUSAL, change.address,
                f"{row.name} is set, but there is no {row.of} (12963)",
                f"add {row.of}, or leave {row.name} out", change.wanted.where(row.name),
            )  # fmt: skip


def _other_service(change: Change, world: World) -> Iterable[Finding]:
    name, service = change.wanted.fields["name"], change.wanted.fields["service_type"]
    for other in world.live_members("application", ()):
        if other.fields.get("name") == name and other.fields.get("service_type") != service:
            yield Finding(
                Severity.WARNING, change.address,
                f"the {other.fields.get('service_type')} application of the same name ({other.id}) stays "
                f"as it is: another service_type is another application",
            )  # fmt: skip


def _live_blocks(change: Change) -> list[str]:
    assert change.live is not None
    rows = KIND.applicable(change.wanted.fields["service_type"])
    live = [r.name for r in rows if r.secret and change.live.fields.get(r.name) is not None]
    both = {"inbound_callback_creds", "outbound_callback_creds"} & set(live)
    return [name for name in live if not (name == "callback_creds" and both)]


def _covered_by(block: str) -> tuple[str, ...]:
    return (block, "callback_creds") if block in MIRRORS["callback_creds"] else (block,)


def _replace(kind: Kind, document: Node, fields: Plain) -> Node:
    """A full replace: every settable field that is live, the manifest's over it; mirrors left out."""
    live = kind.decode(document)
    kept = {k: v for k, v in live.items() if k not in MIRRORS}
    if fields["service_type"] == VOICE and "callback_creds" not in fields:
        kept["callback_creds"] = live.get("callback_creds")
    for one, others in MIRRORS.items():
        if fields["service_type"] == MESSAGING and fields.get(one) is not None:
            kept = {k: v for k, v in kept.items() if k not in others}
    whole = {k: v for k, v in {**kept, **fields}.items() if v is not None and not _bare(v)}
    return kind.encode(kind.fit(whole), "Application")


def _bare(value: Value) -> bool:
    """Credentials as read: a user without the password that the API keeps to itself."""
    return isinstance(value, dict) and "password" not in value


KIND = Kind(
    name="application",
    where=("applications", "*"),
    description="Where the webhooks of messages (Messaging-V2) or calls (Voice-V2) go.",
    serving=Collection(
        path="/accounts/{account}/applications",
        member="Application",
        id_element="ApplicationId",
        answers=("ApplicationProvisioningResponse",),
        update="PATCH",
    ),
    fields=FIELDS,
    order=ORDER,
    identity=("name", "service_type"),
    create_needs=(("inbound_callback_url", "callback_url", "call_initiated_callback_url"),),
    check=_check,
    review=_review,
    replace=_replace,
)
