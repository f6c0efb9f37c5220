"""A street address: the manifest's parts to the API's `Address` element, and both spellings back.

The API may answer with parsed parts, with everything folded into `StreetName`, or with `AddressLine1`,
upper-cased or not, words abbreviated or not (numbers.yml, sites and sippeers). So the street is
compared as one line of abbreviated words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.document import Node, leaf
from reconciler.kinds.fields import Codec, Schema
from reconciler.model import Value

# (manifest word, element, most characters, what it is); the documented order of the element
PARTS = (
    ("house_prefix", "HousePrefix", 6, "Before the house number."),
    ("house_number", "HouseNumber", 45, "House number."),
    ("house_suffix", "HouseSuffix", 45, "After the house number, as 1/2."),
    ("pre_directional", "PreDirectional", 2, "Compass word before the street, as NW."),
    ("street_name", "StreetName", 200, "Street without number and suffix."),
    ("street_suffix", "StreetSuffix", 45, "Kind of street, as AVE."),
    ("post_directional", "PostDirectional", 2, "Compass word after the street, as NW."),
    ("address_line_2", "AddressLine2", 200, "Suite, floor or unit."),
    ("city", "City", 100, "City."),
    ("county", "County", 45, "County."),
    ("state_code", "StateCode", 2, "State or province, two letters."),
    ("zip", "Zip", 6, "ZIP or postal code, as text."),
    ("plus_four", "PlusFour", 4, "The four digits after a ZIP code."),
    ("country", "Country", 100, "Country, as US; the API fills it in when it is left out."),
    ("address_type", "AddressType", 10, "What the address is for."),
)
STREET = ("house_prefix", "house_number", "house_suffix", "pre_directional", "street_name",
          "street_suffix", "post_directional")  # fmt: skip
REQUIRED = ("house_number", "street_name", "city", "state_code", "zip")
ADDRESS_TYPES = ("Billing", "Service", "Dlda", "E911")

# USPS Publication 28, appendices B and C: the words of streets in common use
ABBREVIATIONS = dict(
    pair.split("=")
    for line in (
        "NORTH=N SOUTH=S EAST=E WEST=W NORTHEAST=NE NORTHWEST=NW SOUTHEAST=SE SOUTHWEST=SW ALLEY=ALY",
        "AVENUE=AVE BOULEVARD=BLVD BRIDGE=BRG BYPASS=BYP CAUSEWAY=CSWY CENTER=CTR CIRCLE=CIR",
        "COURT=CT COVE=CV CREEK=CRK CRESCENT=CRES CROSSING=XING DRIVE=DR ESTATE=EST EXPRESSWAY=EXPY",
        "EXTENSION=EXT FREEWAY=FWY GARDENS=GDNS GATEWAY=GTWY GREEN=GRN GROVE=GRV HARBOR=HBR",
        "HEIGHTS=HTS HIGHWAY=HWY HILL=HL HILLS=HLS ISLAND=IS JUNCTION=JCT LAKE=LK LANDING=LNDG",
        "LANE=LN MEADOW=MDW MEADOWS=MDWS MOUNTAIN=MTN PARKWAY=PKWY PLACE=PL PLAZA=PLZ POINT=PT",
        "RIDGE=RDG RIVER=RIV ROAD=RD SHORE=SHR SPRING=SPG SPRINGS=SPGS SQUARE=SQ STATION=STA",
        "STREET=ST TERRACE=TER TRACE=TRCE TRAIL=TRL TURNPIKE=TPKE VALLEY=VLY VIEW=VW VILLAGE=VLG",
        "VISTA=VIS",
    )
    for pair in line.split()
)
COUNTRIES = {"UNITED STATES": "US", "USA": "US", "UNITED STATES OF AMERICA": "US", "CANADA": "CA"}


@dataclass(frozen=True)
class StreetAddress(Codec):
    """The `Address` element as one value, replaced whole."""

    @property
    def schema(self) -> Schema:
        def part(name: str, most: int, text: str) -> Schema:
            limits = {"enum": list(ADDRESS_TYPES)} if name == "address_type" else {"maxLength": most}
            return {"type": "string", "description": text, **limits}

        return {
            "type": "object",
            "x-replace": True,
            "properties": {name: part(name, most, text) for name, _, most, text in PARTS},
            "required": list(REQUIRED),
            "additionalProperties": False,
        }

    def read(self, node: Node) -> Value:
        found = {name: node.value(element) or "" for name, element, _, _ in PARTS}
        if not found["street_name"]:
            found["street_name"] = node.value("AddressLine1") or ""
        return {name: text for name, text in found.items() if text} or None

    def write(self, name: str, value: Value) -> Node:
        assert isinstance(value, Mapping)
        parts = ((element, value.get(part)) for part, element, _, _ in PARTS)
        return Node(name, children=tuple(leaf(e, str(text)) for e, text in parts if text))

    def canonical(self, value: Value) -> Value:
        if not isinstance(value, Mapping):
            return value
        upper = {name: str(text).upper().strip() for name, text in value.items() if text}
        words = " ".join(upper.pop(name, "") for name in STREET).replace(".", "").split()
        street = " ".join(ABBREVIATIONS.get(word, word) for word in words)
        if "country" in upper:
            upper["country"] = COUNTRIES.get(upper["country"], upper["country"])
        return upper | {"street": street}

    def same(self, wanted: Value, live: Value, default: Value) -> bool:  # noqa: ARG002 - the base's
        """Whether every part that the manifest gives is live.

        A type or a country that is not shown cannot differ: published answers leave them out.
        """
        mine, theirs = self.canonical(wanted), self.canonical(live)
        if not isinstance(mine, Mapping) or not isinstance(theirs, Mapping):
            return mine == theirs
        unshown = {"address_type", "country"} - theirs.keys()
        return all(theirs.get(part) == text for part, text in mine.items() if part not in unshown)


def as_manifest_line(node: Node) -> str:
    """A recommended address (error 12112) as a manifest line to paste."""
    value = StreetAddress().read(node)
    assert isinstance(value, Mapping)
    plain = {k for k, v in value.items() if str(v).replace(" ", "").isalpha()}
    texts = (f"{k}: {v if k in plain else json.dumps(v, ensure_ascii=False)}" for k, v in value.items())
    return "address: {" + ", ".join(texts) + "}"
