"""The request documents of orders and disconnects, as data; sources as in `tables`."""

from __future__ import annotations

from reconciler.emulator.documents import Document, Group, Leaf

_YES_NO = Leaf("boolean")
_TEXT = Leaf()
_NEEDED = Leaf(required=True)
# The quantity is checked by the order rules: leaving it out is an error of its own (5009).
_SEARCH = {"Quantity": _TEXT}
# What criteria look like; the order rules say what is wrong with them (5002) beside the order.
CRITERIA = {
    "AreaCode": "[0-9]{3}",
    "NpaNxx": "[0-9]{6,7}",
    "NpaNxxX": "[0-9]{7}",
    "State": "[A-Za-z]{2}",
    "Zip": "[0-9]{5}",
    "Lata": "[0-9]{3,5}",
    "TollFreeVanity": "[A-Za-z0-9]{4,7}",
    "TollFreeWildCardPattern": "8[0-9*]{2}",
    "LocalVanity": "[A-Za-z0-9]{4,7}",
}
_NUMBERS = Group({"TelephoneNumber": Leaf(many=True)})
SEARCHES = {
    "AreaCodeSearchAndOrderType": Group({"AreaCode": _NEEDED, **_SEARCH}),
    "RateCenterSearchAndOrderType": Group(
        {"RateCenter": _NEEDED, "State": _NEEDED, "EnableLCA": _YES_NO, **_SEARCH}
    ),
    "NPANXXSearchAndOrderType": Group(
        {"NpaNxx": _NEEDED, "EnableTNDetail": _YES_NO, "EnableLCA": _YES_NO, **_SEARCH}
    ),
    "StateSearchAndOrderType": Group({"State": _NEEDED, **_SEARCH}),
    "CitySearchAndOrderType": Group({"City": _NEEDED, "State": _NEEDED, **_SEARCH}),
    "ZIPSearchAndOrderType": Group({"Zip": _NEEDED, **_SEARCH}),
    "LATASearchAndOrderType": Group({"Lata": _NEEDED, **_SEARCH}, aliases={"LATA": "Lata"}),
    "TollFreeVanitySearchAndOrderType": Group({"TollFreeVanity": _NEEDED, **_SEARCH}),
    "TollFreeWildCharSearchAndOrderType": Group({"TollFreeWildCardPattern": _NEEDED, **_SEARCH}),
    "CombinedSearchAndOrderType": Group(
        {
            "AreaCode": _TEXT,
            "NpaNxx": _TEXT,
            "NpaNxxX": _TEXT,
            "RateCenter": _TEXT,
            "State": _TEXT,
            "City": _TEXT,
            "Zip": _TEXT,
            "Lata": _TEXT,
            "LocalVanity": _TEXT,
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
                {"TnAttribute": Leaf(many=True, values=("Protected", "External", "Imported"), bad=5102)}
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
DISCONNECT_TYPE = "DisconnectTelephoneNumberOrderType"
DISCONNECT = Document(
    "DisconnectTelephoneNumberOrder",
    Group(
        {
            "CustomerOrderId": ORDER_ID,
            "Name": Leaf(longest=50),
            # where band CLI puts it (release.go); an order without its type is 5001, not an unknown element
            "TelephoneNumberList": _NUMBERS,
            DISCONNECT_TYPE: Group(
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
NOTE = Document(
    "Note", Group({"UserId": Leaf(required=12501), "Description": Leaf(required=True, longest=500)})
)
