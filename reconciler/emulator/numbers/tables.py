"""The request documents of numbers, as data: elements of numbers.yml, codes of the error catalogue."""

from __future__ import annotations

from reconciler.emulator.documents import Document, Group, Leaf

NUMBERS = Document("TnList", Group({"Tn": Leaf(many=True, required=15611)}))
RESERVATION = Document("Reservation", Group({"ReservedTn": Leaf(required=5044)}))
MOVED = Document("SipPeerTelephoneNumbers", Group({"FullNumber": Leaf(many=True, required=13505)}))
_ATTRIBUTES = ("Protected", "External", "Imported")
AT_LOCATION = Document(
    "SipPeerTelephoneNumber",
    Group(
        {
            "FullNumber": Leaf(required=13505),
            # formats are checked by the rules: their sentences name the number, too
            "NumberFormat": Leaf(),
            "RPIDFormat": Leaf(),
            "RewriteUser": Leaf(longest=25, long=13515),
            "CallForward": Leaf(),
            "CallingNameDisplay": Leaf("boolean", bad=13575),
            "TnAttributes": Group({"TnAttribute": Leaf(many=True, values=_ATTRIBUTES, bad=5102)}),
            "MessagingSettings": Group({"SmsEnabled": Leaf("boolean")}),
        }
    ),
)
