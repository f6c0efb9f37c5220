"""A stored application to what a read of it says: older names mirrored, defaults filled in.

Stored is the explicit form only: inbound and outbound URLs and credentials, and what was named.
"""

from __future__ import annotations

from reconciler.emulator.settings import Settings
from reconciler.emulator.xml import Tree

MESSAGING, VOICE = "Messaging-V2", "Voice-V2"
# The guide "Programmatic set-up" shows all three, in this order, where a request named none.
_ALL_TYPES = ["message-failed", "message-delivered", "message-sending"]
_MIRRORS = ("CallbackUrl", "MsgCallbackUrl", "CallbackCreds", "MsgCallbackCreds")
# What a list sample of the applications page lacks, though it shows the method of the fallback.
_UNLISTED = ("CallInitiatedMethod", "CallStatusMethod")
URL_OF = {
    "CallInitiatedMethod": "CallInitiatedCallbackUrl",
    "CallStatusMethod": "CallStatusCallbackUrl",
    "CallInitiatedFallbackMethod": "CallInitiatedFallbackUrl",
}
_VOICE_ORDER = (
    "CallInitiatedCallbackUrl",
    "CallInitiatedMethod",
    "CallStatusCallbackUrl",
    "CallStatusMethod",
    "CallbackCreds",
    "CallInitiatedFallbackUrl",
    "CallInitiatedFallbackMethod",
    "CallInitiatedFallbackCreds",
    "CallbackTimeout",
)


def shown(app_id: str, document: Tree, settings: Settings) -> Tree:
    """The application as a read has it."""
    described = _messaging(document, settings) if document["ServiceType"] == MESSAGING else _voice(document)
    if settings.reads("passwords", "withheld"):
        described = {name: _without_password(value) for name, value in described.items()}
    return {
        "ApplicationId": app_id,
        "ServiceType": document["ServiceType"],
        "AppName": document["AppName"],
        **described,
    }


def listed(app_id: str, document: Tree, settings: Settings) -> Tree:
    """The application as the list has it."""
    whole = shown(app_id, document, settings)
    left_out = _UNLISTED if settings.reads("methods", "left_out") else ()
    return {name: value for name, value in whole.items() if name not in left_out}


def _messaging(document: Tree, settings: Settings) -> Tree:
    inbound, outbound = document["InboundCallbackUrl"], document.get("OutboundCallbackUrl")
    creds = {name: document[name] for name in ("InboundCallbackCreds", "OutboundCallbackCreds")
             if name in document}  # fmt: skip
    found: Tree = {"CallbackUrl": inbound} if inbound == outbound else {}
    found |= {"MsgCallbackUrl": inbound, "InboundCallbackUrl": inbound}
    if outbound:
        found["OutboundCallbackUrl"] = outbound
    found["RequestedCallbackTypes"] = document.get("RequestedCallbackTypes", {"CallbackType": _ALL_TYPES})
    if "InboundCallbackCreds" in creds:
        users = {block["UserId"] for block in creds.values()}
        one_form = inbound == outbound and len(users) == 1 < len(creds)
        found["CallbackCreds" if one_form else "MsgCallbackCreds"] = creds["InboundCallbackCreds"]
    left_out = _MIRRORS if settings.reads("mirrors", "left_out") else ()
    return {name: value for name, value in (found | creds).items() if name not in left_out}


def _voice(document: Tree) -> Tree:
    methods = {method: "POST" for method, url in URL_OF.items() if url in document}
    whole = {**methods, **document}
    return {name: whole[name] for name in _VOICE_ORDER if name in whole}


def _without_password(value: Tree | str) -> Tree | str:
    if not isinstance(value, dict) or "Password" not in value:
        return value
    return {name: text for name, text in value.items() if name != "Password"}
