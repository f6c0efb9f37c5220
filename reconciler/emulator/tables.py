"""Every request document that the emulator takes, as data.

Elements, nesting, enumerations and lengths are those of Bandwidth's numbers.yml and numbers_v2.yml and of
the guides "Applications" and "Programmatic set-up"; codes are those of the error catalogue.
"""

from __future__ import annotations

from reconciler.emulator.documents import Document, Group, Leaf

_YES_NO = Leaf("boolean")
_TEXT = Leaf()

# ---- applications --------------------------------------------------------------------------------

_URL = Leaf(pattern=r"https?://[^\s/?#]+\S*", bad=12803, blank=True)
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
        "CallStatusCallbackUrl": Leaf(
            pattern=r"remove|https?://[^\s/?#]+\S*", bad=12803, blank=True
        ),
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
                            "ConnectionType": Leaf(
                                values=("TRANSCEIVER", "SENDER_ONLY", "RECEIVER_ONLY")
                            ),
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
# Samples of GET and PUT write these two in lower camel case, samples of POST in capitals (numbers.yml).
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

# ---- orders --------------------------------------------------------------------------------------

# The quantity is checked by the order rules: leaving it out is an error of its own (5009).
_SEARCH = {"Quantity": _TEXT}
_STATE = Leaf(required=True, pattern="[A-Za-z]{2}", bad=5002)
_NPA_NXX = Leaf(pattern="[0-9]{6,7}", bad=5002)
_LATA = Leaf(required=True, pattern="[0-9]{3,5}", bad=5002)
_NUMBERS = Group({"TelephoneNumber": Leaf(many=True)})
SEARCHES = {
    "AreaCodeSearchAndOrderType": Group({"AreaCode": Leaf(required=True), **_SEARCH}),
    "RateCenterSearchAndOrderType": Group(
        {"RateCenter": Leaf(required=True), "State": _STATE, "EnableLCA": _YES_NO, **_SEARCH}
    ),
    "NPANXXSearchAndOrderType": Group(
        {
            "NpaNxx": Leaf(required=True, pattern="[0-9]{6,7}", bad=5002),
            "EnableTNDetail": _YES_NO,
            "EnableLCA": _YES_NO,
            **_SEARCH,
        }
    ),
    "StateSearchAndOrderType": Group({"State": _STATE, **_SEARCH}),
    "CitySearchAndOrderType": Group({"City": Leaf(required=True), "State": _STATE, **_SEARCH}),
    "ZIPSearchAndOrderType": Group(
        {"Zip": Leaf(required=True, pattern="[0-9]{5}", bad=5002), **_SEARCH}
    ),
    "LATASearchAndOrderType": Group({"Lata": _LATA, **_SEARCH}, aliases={"LATA": "Lata"}),
    "TollFreeVanitySearchAndOrderType": Group(
        {"TollFreeVanity": Leaf(required=True, pattern="[A-Za-z0-9]{4,7}", bad=5002), **_SEARCH}
    ),
    "TollFreeWildCharSearchAndOrderType": Group(
        {
            "TollFreeWildCardPattern": Leaf(required=True, pattern=r"8[0-9*]{2}", bad=5002),
            **_SEARCH,
        }
    ),
    "CombinedSearchAndOrderType": Group(
        {
            "AreaCode": _TEXT,
            "NpaNxx": _NPA_NXX,
            "NpaNxxX": Leaf(pattern="[0-9]{7}", bad=5002),
            "RateCenter": _TEXT,
            "State": Leaf(pattern="[A-Za-z]{2}", bad=5002),
            "City": _TEXT,
            "Zip": Leaf(pattern="[0-9]{5}", bad=5002),
            "Lata": Leaf(pattern="[0-9]{3,5}", bad=5002),
            "LocalVanity": Leaf(pattern="[A-Za-z0-9]{4,7}", bad=5002),
            "EndsIn": _YES_NO,
            "EnableLCA": _YES_NO,
            **_SEARCH,
        }
    ),
}
EXISTING = "ExistingTelephoneNumberOrderType"
ORDER_ID = Leaf(pattern=r"[A-Za-z0-9 -]{1,40}", bad=5052)
ORDER = Document(
    "Order",
    Group(
        {
            "CustomerOrderId": ORDER_ID,
            "Name": Leaf(longest=50),
            "PeerId": _TEXT,
            "BackOrderRequested": _YES_NO,
            EXISTING: Group(
                {
                    "TelephoneNumberList": _NUMBERS,
                    "ReservationIdList": Group({"ReservationId": Leaf(many=True)}),
                }
            ),
            **SEARCHES,
            "TnAttributes": Group(
                {
                    "TnAttribute": Leaf(
                        many=True, values=("Protected", "External", "Imported"), bad=5102
                    )
                }
            ),
            "PartialAllowed": Leaf("boolean", bad=5217),
            "SiteId": Leaf(required=5022),
        },
        aliases={"LataSearchAndOrderType": "LATASearchAndOrderType"},
    ),
)
ORDER_CHANGE = Document(
    "Order",
    Group({"Name": Leaf(longest=50), "CustomerOrderId": ORDER_ID, "CloseOrder": _YES_NO}),
)
DISCONNECT = Document(
    "DisconnectTelephoneNumberOrder",
    Group(
        {
            "CustomerOrderId": ORDER_ID,
            "Name": Leaf(longest=50),
            "DisconnectTelephoneNumberOrderType": Group(
                {
                    "TelephoneNumberList": Group(
                        {"TelephoneNumber": Leaf(many=True, required=5001)}, required=5001
                    ),
                    "DisconnectMode": Leaf(values=("normal", "soft-remove", "purge"), bad=5084),
                    "Protected": Leaf(values=("TRUE", "FALSE", "UNCHANGED"), bad=5108),
                },
                required=5001,
            ),
        },
        aliases={"name": "Name"},
    ),
)
