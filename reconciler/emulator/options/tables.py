"""The request document of an option order, as data.

Elements, literals and lengths are those of Bandwidth's numbers.yml and numbers_v2.yml (tnoptions), the
codes those of its error catalogue. What a row cannot say is in `rules`.
"""

from __future__ import annotations

from reconciler.emulator.documents import Document, Group, Leaf
from reconciler.emulator.orders.tables import ORDER_ID

# Samples show the two literals in several cases.
_LITERALS = "(?i:unchanged|systemDefault)"


def _words(pattern: str, bad: int) -> Leaf:
    return Leaf(pattern=f"{pattern}|{_LITERALS}", bad=bad)


_FORMAT = "10digit|11digit|e164"
_POSITIVE = "[1-9][0-9]{0,8}"
_ROUTE = Group(
    {
        "Endpoint": Leaf(required=5191),
        "EndpointType": Leaf(values=("TN", "IPv4", "Ipv4", "SIP", "FQDN")),
        "Name": Leaf(longest=255),
        "Priority": Leaf(required=True, pattern=_POSITIVE, bad=5189),
        "Weight": Leaf(required=True, pattern=_POSITIVE, bad=5187),
    },
    many=True,
)
# What is set on a number's voice service; hosted numbers have none (error 5159).
LINE: dict[str, Leaf | Group] = {
    "NumberFormat": _words(_FORMAT, 5081),
    "RPIDFormat": _words(_FORMAT, 5089),
    "RewriteUser": Leaf(longest=255, long=5082),
    "CallForward": Leaf(),
    "CallingNameDisplay": _words("on|off", 5079),
    "FinalDestinationURI": Leaf(longest=60, long=5117),
    "OriginationRoutePlan": Group(
        {"Id": Leaf(), "Route": _ROUTE, "Action": Leaf(values=("asSpecified", "unchanged", "off"), bad=5207)}
    ),
    "PindropEnabled": _words("(?i:true|false)", 1008),
    "CallVerificationEnabled": _words("(?i:true|false)", 1008),
}
A2P_ACTIONS = ("asSpecified", "off", "systemDefault", "delete", "unchanged")
SETTINGS: dict[str, Leaf | Group] = {
    **LINE,
    "PortOutPasscode": _words("[A-Za-z0-9]{4,10}", 5193),
    "Protected": Leaf(pattern="(?i:true|false|unchanged)", bad=5107),
    "Sms": Leaf(pattern="on|off|(?i:unchanged)", bad=5113),
    "NNID": _words("[0-9]{1,9}", 5143),
    "ESPID": Leaf(longest=20),
    "A2pSettings": Group(
        {
            "MessageClass": Leaf(longest=64),
            "CampaignId": Leaf(pattern=r"[A-Za-z0-9 _.-]{1,64}", bad=12822),
            "Action": Leaf(required=5138, values=A2P_ACTIONS, bad=5138),
        }
    ),
}
TN_OPTION_ORDER = Document(
    "TnOptionOrder",
    Group(
        {
            "CustomerOrderId": ORDER_ID,
            "TnOptionGroups": Group(
                {
                    "TnOptionGroup": Group(
                        {
                            **SETTINGS,
                            "TelephoneNumbers": Group(
                                {"TelephoneNumber": Leaf(many=True, required=5073)}, required=5073
                            ),
                        },
                        many=True,
                        required=True,
                    )
                },
                required=True,
            ),
        }
    ),
)
TN_LIST = Document("TnList", Group({"Tn": Leaf(many=True)}))
