"""Addresses: one to what the geocoder says of it, and to what sub-accounts and locations show.

It knows a few misspellings, as a table; everything else is taken as verifiable.
"""

from __future__ import annotations

from reconciler.emulator.errors import Refusal
from reconciler.emulator.xml import Tree

# The two that the samples of error 12112 in numbers.yml use, and one more of each sort.
MISSPELLED = {
    "PENNSYLVANIO": "PENNSYLVANIA",
    "WASHINGTUN": "WASHINGTON",
    "MIAN": "MAIN",
    "RALIEGH": "RALEIGH",
}
# The ZIP code that no place has.
NOWHERE = "00000"
_LABELS = {"StreetName": "Street Name", "City": "City"}
# A location's sample has the street in one piece: PENNSYLVANIA AVE NW (numbers.yml).
_STREET = ("PreDirectional", "StreetName", "StreetSuffix", "PostDirectional")
_DIRECTIONS = ("N", "S", "E", "W", "NE", "NW", "SE", "SW")
_SUFFIXES = ("AVE", "BLVD", "CT", "DR", "LN", "PL", "RD", "ST", "WAY")
_RECOMMENDED = ("HouseNumber", *_STREET, "City", "StateCode", "Zip")
_OF_LOCATION = (
    "HouseNumber",
    "HouseSuffix",
    "PreDirectional",
    "StreetName",
    "StreetSuffix",
    "PostDirectional",
    "AddressLine2",
    "City",
    "StateCode",
    "Zip",
    "PlusFour",
    "County",
    "Country",
    "AddressType",
)


def verify(address: Tree, echo: Tree | None = None) -> None:
    """Raises 12112 with a recommended address, or 12113; `echo` goes beside the recommendation."""
    if address["Zip"] == NOWHERE:
        raise Refusal(12113)
    right = {**_in_parts(address), "Country": "US"}
    said = []
    for name, label in _LABELS.items():
        words = right[name].upper().split()
        if MISSPELLED.keys() & set(words):
            better = " ".join(MISSPELLED.get(word, word) for word in words)
            said.append(f'{label} : "{right[name]}" Valid value - "{better}"')
            right[name] = better
    if said:
        raise Refusal(12112, beside={**_proposal(right, said), **(echo or {})})


def _in_parts(address: Tree) -> Tree:
    """The address with the suffix and direction that end a street name in their own elements."""
    parts = dict(address)
    for name, known in (("PostDirectional", _DIRECTIONS), ("StreetSuffix", _SUFFIXES)):
        street, _, last = parts["StreetName"].rpartition(" ")
        if street and last.upper() in known and name not in parts:
            parts |= {"StreetName": street, name: last}
    return parts


def _proposal(right: Tree, said: list[str]) -> Tree:
    line = " ".join(right[name] for name in ("HouseNumber", *_STREET) if name in right)
    parts = {name: right[name] for name in (*_RECOMMENDED, "Country") if name in right}
    return {
        "AddressErrorDescription": {
            "AddressInconsistencies": "Some adjustments are required to allow the address to pass "
            "geocoding:\n" + "\n".join(f"Specified value - {one}" for one in said),
            "RecommendedAddress": {"AddressLine1": line, **parts},
        }
    }


def of_site(address: Tree) -> Tree:
    """As a sub-account keeps and shows it: as sent, with the country and type filled in."""
    filled = {"Country": "United States", "AddressType": "Service", **address}
    return {name: filled[name] for name in (*address, "Country", "AddressType") if name in filled}


def of_location(address: Tree) -> Tree:
    """As a location shows it: the street in one piece, street and city in capitals, blank parts."""
    street = " ".join(address[part] for part in _STREET if part in address)
    country = address.get("Country", "US")
    whole = {
        "AddressType": "Service",
        **address,
        **dict.fromkeys(_STREET, ""),
        "StreetName": street.upper(),
        "City": address["City"].upper(),
        "Country": "United States" if country.upper() in ("US", "USA") else country,
    }
    return {name: whole.get(name, "") for name in _OF_LOCATION}
