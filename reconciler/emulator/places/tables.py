"""The request documents of sub-accounts and locations, as data.

Elements, nesting, enumerations and lengths are those of Bandwidth's numbers.yml and numbers_v2.yml
and of its guides; codes are those of the error catalogue.
"""

from __future__ import annotations

from dataclasses import replace

from reconciler.emulator.documents import Document, Group, Leaf

_YES_NO = Leaf("boolean")
_TEXT = Leaf()

_DIRECTION = Leaf(values=("N", "S", "E", "W", "NE", "NW", "SE", "SW"), bad=12605)
ADDRESS = Group(
    {
        # needed (12536), but some reads have it in the street: `addresses` looks there
        "HouseNumber": Leaf(longest=45, long=12537),
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
            "Address": replace(ADDRESS, bare=True),
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
_POSITIVE = "0*[1-9][0-9]*"
_ROUTE = Group(
    {
        "Endpoint": Leaf(required=5191),
        "EndpointType": Leaf(values=("TN", "IPv4", "Ipv4", "SIP", "FQDN")),
        "Name": Leaf(longest=255),
        "Priority": Leaf("integer", required=True, pattern=_POSITIVE, bad=5189),
        "Weight": Leaf("integer", required=True, pattern=_POSITIVE, bad=5187),
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
            "BillingIdentifier": Leaf(longest=50, long=13691),
            # samples of numbers.yml have the word "uri" alone
            "FinalDestinationUri": Leaf(pattern=r"(?!sips?:$|\w+://)([^\s@]+@)?[^\s@]+", bad=13510),
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
            "Address": replace(ADDRESS, bare=True),
            "PremiseTrunks": Leaf(pattern="(?!-|0+$).+", bad=13573),
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
