"""The request documents of orders and disconnects, as data; sources as in `tables`."""

from __future__ import annotations

from reconciler.emulator.documents import Document, Group, Leaf

_YES_NO = Leaf("boolean")
_TEXT = Leaf()
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
    "ZIPSearchAndOrderType": Group({"Zip": Leaf(required=True, pattern="[0-9]{5}", bad=5002), **_SEARCH}),
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
