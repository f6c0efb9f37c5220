"""Addresses: one to what the geocoder says of it, and to what sub-accounts and locations show.

It knows a few misspellings, as a table; everything else is taken as verifiable.
"""

from __future__ import annotations

from reconciler.emulator.errors import Refusal
from reconciler.emulator.settings import Settings
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
_WHOLE_STREET = ("HouseNumber", "HouseSuffix", *_STREET)
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


def checked(address: Tree, settings: Settings, echo: Tree | None = None) -> Tree:
    """The address to keep: a house number that stands in the street, as some reads have it, taken out.

    Raises 12536 without a number, 12112 with a recommended address, or 12113; `echo` goes beside the
    recommendation.
    """
    if "HouseNumber" not in address:
        number, _, street = address.get("StreetName", "").partition(" ")
        if settings.reads("address_case", "folded") and street and number[0].isdigit():
            address = {"HouseNumber": number, **address, "StreetName": street}
        else:
            raise Refusal(12536)
    verify(address, echo)
    return address


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


def of_site(address: Tree, settings: Settings) -> Tree:
    """As a sub-account shows it: as sent, unless everything is folded."""
    return _in_capitals(address, _WHOLE_STREET) if settings.reads("address_case", "folded") else address


def clears(document: Tree, settings: Settings) -> bool:
    """Whether a PUT takes the address away by an empty element: it may where leaving it out keeps it."""
    return document.get("Address") == {} and settings.reads("omitted_address", "kept")


def completed(address: Tree) -> Tree:
    """As a sub-account keeps it: with the country and type filled in."""
    filled = {"Country": "United States", "AddressType": "Service", **address}
    return {name: filled[name] for name in (*address, "Country", "AddressType") if name in filled}


def of_location(address: Tree, settings: Settings) -> Tree:
    """As a location shows it: with blank parts, and with the street in one piece unless kept as sent."""
    parts = {"upper": _STREET, "folded": _WHOLE_STREET, "as_sent": ()}[settings.answer("address_case")]
    country = address.get("Country", "US")
    whole = {
        "AddressType": "Service",
        **(_in_capitals(address, parts) if parts else address),
        "Country": "United States" if country.upper() in ("US", "USA") else country,
    }
    return {name: whole.get(name, "") for name in _OF_LOCATION}


def _in_capitals(address: Tree, parts: tuple[str, ...]) -> Tree:
    """These parts of the street in one piece, street and city in capitals."""
    street = " ".join(address[part] for part in parts if part in address)
    rest = {name: value for name, value in address.items() if name not in parts}
    return {**rest, "StreetName": street.upper(), "City": address["City"].upper()}
