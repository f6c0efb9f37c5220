"""The request documents of applications, sub-accounts and locations, as data.

Elements, nesting, enumerations and lengths are those of Bandwidth's numbers.yml and numbers_v2.yml
and of its guides; codes are those of the error catalogue.
"""

from __future__ import annotations

from reconciler.emulator.documents import Document, Group, Leaf

_YES_NO = Leaf("boolean")
_TEXT = Leaf()

# ---- applications --------------------------------------------------------------------------------

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

# ---- sites and locations -------------------------------------------------------------------------

_DIRECTION = Leaf(values=("N", "S", "E", "W", "NE", "NW", "SE", "SW"), bad=12605)
ADDRESS = Group(
    {
        "HouseNumber": Leaf(required=12536, longest=45, long=12537),
        "HouseSuffix": Leaf(longest=45, long=12547),
        "HousePrefix": Leaf(longest=6, long=13044),
        "PreDirectional": _DIRECTION,
        "StreetName": Leaf(required=12538, longest=200, long=12539),
        "StreetSuffix": Leaf(longest=45, long=13045),
        "PostDirectional": _DIRECTION,
        "AddressLine2": Leaf(longest=200, long=12550),
        "City": Leaf(required=12540, longest=100, long=12541),
        "County": Leaf(longest=45, long=12553),
        "StateCode": Leaf(required=12542, pattern="[A-Za-z]{2}", bad=12543),
        "Zip": Leaf(required=12644, pattern="[0-9]{5}", bad=13103),
        "PlusFour": Leaf(longest=4, long=12552),
        "Country": _TEXT,
        "AddressType": Leaf(values=("Billing", "Service", "Dlda", "E911"), bad=12579),
    }
)
SITE = Document(
    "Site",
    Group(
        {
            "Id": _TEXT,
            "Name": Leaf(required=12533, longest=50, long=12529),
            "Description": Leaf(longest=250, long=4016),
            "CustomerName": _TEXT,
            "CustomerProvidedId": _TEXT,
            "Address": ADDRESS,
            "UcTrunkingConfiguration": Group(
                {
                    "Type": Leaf(required=True, values=("Seats", "Premise", "Cloud"), bad=12614),
                    "UsageCategory": Leaf(values=("UC250", "UC500", "UC1000"), bad=12599),
                }
            ),
        },
        aliases={"CustomerProvidedID": "CustomerProvidedId"},
    ),
)

_PORT = Leaf("integer", bad=13543)
_HOST = Group({"HostName": Leaf(required=True), "Port": _PORT}, many=True)
_ROUTE = Group(
    {
        "Endpoint": Leaf(required=True),
        "EndpointType": Leaf(values=("TN", "IPv4", "Ipv4", "SIP", "FQDN")),
        "Name": Leaf(longest=255),
        "Priority": Leaf("integer", required=True),
        "Weight": Leaf("integer", required=True),
    },
    many=True,
)
SIP_PEER = Document(
    "SipPeer",
    Group(
        {
            "PeerId": _TEXT,
            "PeerName": Leaf(required=13500, longest=50, long=13501),
            "Description": Leaf(longest=50, long=13503),
            "IsDefaultPeer": _YES_NO,
            "BillingIdentifier": Leaf(longest=50),
            "FinalDestinationUri": Leaf(pattern=r"\S+", bad=13510),
            "VoiceHosts": Group({"Host": _HOST}),
            "VoiceHostGroups": Group({"VoiceHostGroup": Group({"Host": _HOST}, many=True)}),
            "TerminationHosts": Group(
                {
                    "TerminationHost": Group(
                        {
                            "HostName": Leaf(required=True),
                            "Port": _PORT,
                            "CustomerTrafficAllowed": Leaf(values=("LITE", "DOMESTIC", "ALL")),
                            "DataAllowed": _YES_NO,
                        },
                        many=True,
                    )
                }
            ),
            "OriginationRoutePlan": Group({"Action": _TEXT, "Id": _TEXT, "Route": _ROUTE}),
            "Address": ADDRESS,
            "PremiseTrunks": _TEXT,
            "CallingName": Group(
                {
                    "Display": Leaf("boolean", required=13581, bad=13579),
                    "Enforced": Leaf("boolean", required=13582, bad=13580),
                }
            ),
            "SsSendToCustomer": Leaf(
                values=(
                    "NONE",
                    "VERSTAT",
                    "ENH_VERSTAT",
                    "VERSTAT_AND_IDENTITY",
                    "ENH_VERSTAT_AND_IDENTITY",
                    "IDENTITY",
                )
            ),
            "CallVerificationEnabled": _YES_NO,
            "PindropEnabled": _YES_NO,
        }
    ),
)

# ---- products of a location ----------------------------------------------------------------------

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
