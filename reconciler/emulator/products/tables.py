"""The request documents of a location's products, as data.

Elements, nesting, enumerations and lengths are those of Bandwidth's numbers.yml and numbers_v2.yml
and of its guides; codes are those of the error catalogue.
"""

from __future__ import annotations

from reconciler.emulator.documents import Document, Group, Leaf

_YES_NO = Leaf("boolean")
_TEXT = Leaf()
_PORT = Leaf("integer", bad=13543)
_VOICE = Group(
    {
        "VoiceProtocol": Leaf(required=True, values=("HTTP", "SIP"), bad=13647),
        "HttpSettings": Group({"HttpVoiceV2AppId": _TEXT}),
    }
)
ORIGINATION = Document("SipPeerOriginationSettings", _VOICE)
TERMINATION = Document("SipPeerTerminationSettings", _VOICE)

_NEEDED = Leaf("boolean", required=True)
SMS = Document(
    "SipPeerSmsFeature",
    Group(
        {
            "SipPeerSmsFeatureSettings": Group(
                {
                    "TollFree": _YES_NO,
                    "ShortCode": _YES_NO,
                    "A2pLongCode": Leaf(values=("ON", "OFF", "DefaultOn", "DefaultOff"), bad=13636),
                    "A2pMessageClass": _TEXT,
                    "A2pCampaignId": Leaf(pattern=r"[A-Za-z0-9 _.-]{1,64}", bad=12822),
                    "Protocol": Leaf(required=True, values=("HTTP", "SMPP", "SIP"), bad=13567),
                    "Zone1": Leaf("boolean", required=True, pattern="true"),
                    "Zone2": _NEEDED,
                    "Zone3": _NEEDED,
                    "Zone4": _NEEDED,
                    "Zone5": _NEEDED,
                },
                required=True,
            ),
            "HttpSettings": Group({"ProxyPeerId": _TEXT}),
            "SmppHosts": Group(
                {
                    "SmppHost": Group(
                        {
                            "HostName": Leaf(required=True),
                            "Port": _PORT,
                            "HostId": _TEXT,
                            "Priority": Leaf(pattern="[0-9]", bad=13599),
                            "ConnectionType": Leaf(values=("TRANSCEIVER", "SENDER_ONLY", "RECEIVER_ONLY")),
                        },
                        many=True,
                    )
                }
            ),
        }
    ),
)

_MM4_HOST = Group(
    {
        "HostName": Leaf(required=True),
        "Port": _PORT,
        "HostId": _TEXT,
        "Priority": Leaf("integer"),
    },
    many=True,
)
# Samples of GET and PUT write these two in lower camel case, samples of POST do not (numbers.yml).
MMS = Document(
    "MmsFeature",
    Group(
        {
            "MmsSettings": Group(
                {"Protocol": Leaf(required=True, values=("HTTP", "MM4"))},
                required=True,
                aliases={"protocol": "Protocol"},
            ),
            "Protocols": Group(
                {
                    "HTTP": Group(
                        {
                            "HttpSettings": Group(
                                {"ProxyPeerId": _TEXT}, aliases={"proxyPeerId": "ProxyPeerId"}
                            )
                        }
                    ),
                    "MM4": Group(
                        {
                            "Tls": Leaf(values=("ON", "OFF")),
                            "MmsMM4TermHosts": Group({"TermHosts": Group({"TermHost": _MM4_HOST})}),
                            "MmsMM4OrigHosts": Group({"OrigHosts": Group({"OrigHost": _MM4_HOST})}),
                        }
                    ),
                },
                required=True,
            ),
        }
    ),
)

ASSIGNMENT = Document(
    "ApplicationsSettings", Group({"HttpMessagingV2AppId": Leaf(required=13628)}, text=True)
)
