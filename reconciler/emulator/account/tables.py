"""The request documents of applications, as data.

Elements, nesting, enumerations and lengths are those of Bandwidth's numbers.yml and numbers_v2.yml
and of its guides; codes are those of the error catalogue.
"""

from __future__ import annotations

from reconciler.emulator.documents import Document, Group, Leaf

_URL = Leaf(pattern=r"https?://[^\s/?#]\S*", bad=12803, blank=True)
_METHOD = Leaf(values=("GET", "POST"), bad=12961)
# The RAML of the API gives both parts 6 to 63 characters.
_PART = Leaf(shortest=6, longest=63)
_CREDENTIALS = Group({"UserId": _PART, "Password": _PART})

APPLICATION_FIELDS = Group(
    {
        "ServiceType": Leaf(values=("Messaging-V2", "Voice-V2"), bad=12801),
        "AppName": Leaf(required=12806),
        "CallbackUrl": _URL,
        "MsgCallbackUrl": _URL,
        "InboundCallbackUrl": _URL,
        "OutboundCallbackUrl": _URL,
        "RequestedCallbackTypes": Group(
            {
                "CallbackType": Leaf(
                    many=True, values=("message-delivered", "message-failed", "message-sending")
                )
            }
        ),
        "CallbackCreds": _CREDENTIALS,
        "MsgCallbackCreds": _CREDENTIALS,
        "InboundCallbackCreds": _CREDENTIALS,
        "OutboundCallbackCreds": _CREDENTIALS,
        "CallInitiatedCallbackUrl": _URL,
        "CallInitiatedMethod": _METHOD,
        # PATCH deletes the URL with the word remove (numbers.yml).
        "CallStatusCallbackUrl": Leaf(pattern=r"remove|https?://[^\s/?#]\S*", bad=12803, blank=True),
        "CallStatusMethod": _METHOD,
        "CallInitiatedFallbackUrl": _URL,
        "CallInitiatedFallbackMethod": _METHOD,
        "CallInitiatedFallbackCreds": _CREDENTIALS,
        "CallbackTimeout": Leaf("integer", bad=13049),
    }
)
APPLICATION = Document("Application", APPLICATION_FIELDS)
APPLICATION_PATCH = Document("Application", APPLICATION_FIELDS, partial=True)
