"""The account itself: constants, in the API's shape."""

from __future__ import annotations

from reconciler.emulator.call import Answer, Call


def show(call: Call) -> Answer:
    """The account."""
    content = {
        "AccountId": call.settings.account_id,
        "AssociatedCatapultAccount": f"u-{call.settings.account_id}",
        "GlobalAccountNumber": f"BW-{call.settings.account_id}",
        "CompanyName": "Emulated",
        "AccountType": "Business",
        "NenaId": "",
        "CustomerSegment": "Trial",
        "Tiers": {"Tier": ["0"]},
        "Address": {
            "HouseNumber": "900",
            "HouseSuffix": "",
            "PreDirectional": "",
            "StreetName": "Main Campus",
            "StreetSuffix": "Dr",
            "PostDirectional": "",
            "AddressLine2": "",
            "City": "Raleigh",
            "StateCode": "NC",
            "Zip": "27606",
            "PlusFour": "",
            "County": "",
            "Country": "United States",
            "AddressType": "Billing",
        },
        "Contact": {
            "FirstName": "Emma",
            "LastName": "Later",
            "Phone": call.shown("9195550100"),
            "Email": "emulator@example.com",
        },
        "AltSpid": "X455",
        "SPID": "9999",
        "PortCarrierType": "WIRELINE",
    }
    return Answer(200, {"Account": content})
