"""An address checked, and nothing created: what the geocoder would make of it."""

from __future__ import annotations

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.documents import Document, Group, Leaf
from reconciler.emulator.errors import Refusal
from reconciler.emulator.places import addresses
from reconciler.emulator.xml import Tree

# The order of the samples of numbers.yml; what the address has not is left out, but for two.
_SHOWN = (
    "HouseNumber",
    "PreDirectional",
    "StreetName",
    "StreetSuffix",
    "PostDirectional",
    "City",
    "StateCode",
    "Zip",
)
_LINE = _SHOWN[:5]
_ELEMENTS = (
    "AddressLine1",
    "HousePrefix",
    "HouseSuffix",
    *_SHOWN,
    "AddressLine2",
    "PlusFour",
    "County",
    "Country",
)
REQUEST = Document("RequestAddress", Group({name: Leaf(longest=200) for name in _ELEMENTS}))
_ANY = "0001"


def check(call: Call) -> Answer:
    """200 with the address as the geocoder writes it; 409 with a better one; 12110 when there is none."""
    sent = call.body
    asked = {"City": "", "Zip": "", **sent, **_house_and_street(sent)}
    echo = {**sent, "AddressLine1": sent.get("AddressLine1") or _line(asked)}
    try:
        addresses.verify(asked)
    except Refusal as refusal:
        if "AddressErrorDescription" not in refusal.beside:
            raise Refusal(12110) from refusal
        proposed = refusal.beside["AddressErrorDescription"]
        right = _written({**asked, **proposed["RecommendedAddress"]})
        message = proposed["AddressInconsistencies"]
        return Answer(409, {"ErrorMessage": message, "GeocodedAddress": right, "RequestAddress": echo})
    return Answer(200, {"GeocodedAddress": _written(asked), "RequestAddress": echo})


def _house_and_street(sent: Tree) -> Tree:
    """From the parts where they are given, else from the line: "904 E Anson St"."""
    if "StreetName" in sent:
        return {}
    house, _, street = sent.get("AddressLine1", "").partition(" ")
    if not street:
        raise Refusal(1003, name="StreetName")
    return {"HouseNumber": house, "StreetName": street}


def _written(address: Tree) -> Tree:
    parts = {name: text.upper() for name, text in address.items() if name in _SHOWN and text}
    if "HouseSuffix" in address:  # a sample: house suffix E before Anson comes back as E ANSON
        parts.setdefault("PreDirectional", address["HouseSuffix"].upper())
    rest = {"PlusFour": address.get("PlusFour", _ANY), "Country": "US"}
    return {"AddressLine1": _line(parts), **{name: parts[name] for name in _SHOWN if name in parts}, **rest}


def _line(address: Tree) -> str:
    return " ".join(address[name] for name in _LINE if address.get(name))
