"""The request document of a move, as data; elements are those of numbers.yml (moveTns)."""

from __future__ import annotations

from reconciler.emulator.documents import Document, Group, Leaf

MOVE_TNS_ORDER = Document(
    "MoveTnsOrder",
    Group(
        {
            "CustomerOrderId": Leaf(pattern=r"[A-Za-z0-9 -]{1,40}", bad=7318),
            "SourceAccountId": Leaf(),
            # That there is a site, and which, is told beside what is wrong with the location.
            "SiteId": Leaf(),
            "SipPeerId": Leaf(),
            "E911ServiceAction": Leaf(values=("move", "delete")),
            "TelephoneNumbers": Group({"TelephoneNumber": Leaf(many=True, required=7316)}, required=7316),
        },
        # the spelling of iris.min.raml
        aliases={"CustomerOrderID": "CustomerOrderId"},
    ),
)
