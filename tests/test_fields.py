"""The kinds' tables: every field goes out and comes back, and means what it says."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.document import Node, leaf
from reconciler.kinds import KINDS
from reconciler.kinds.address import StreetAddress, as_manifest_line
from reconciler.kinds.fields import Field
from reconciler.kinds.kind import Kind

ROWS = [(kind, row) for kind in KINDS for row in kind.fields if not row.local]
NAMES = [f"{kind.name}.{row.name}{'/'.join(row.services)}" for kind, row in ROWS]
ADDRESS = {"house_number": "12", "street_name": "Elm", "city": "Cary", "state_code": "NC", "zip": "27511"}


def samples(schema: Any) -> list[Any]:
    """A few values that a row's schema admits."""
    if "enum" in schema:
        return [word for word in schema["enum"] if word is not None]
    kind = schema["type"][0] if isinstance(schema["type"], list) else schema["type"]
    if kind == "array":
        return [tuple(items(schema["items"])[: n + 1]) for n in range(2)]
    if kind == "object":
        return [
            ADDRESS if "street_name" in schema["properties"] else {"user_id": "somebody", "password": "p"}
        ]
    by_type = {"boolean": [True, False], "integer": [schema.get("minimum", 1)]}
    text = ["https://example.com/a"] if "http" in schema.get("pattern", "") else ["123"]
    return by_type.get(kind, text)


def items(schema: Any) -> list[Any]:
    """Two things that a list of this schema may have: words, or entries, the second saying all it can."""
    if "enum" in schema:
        return list(schema["enum"])
    parts = {name: samples(part)[-1] for name, part in schema["properties"].items()}
    if "string" in schema["type"]:
        return ["192.0.2.1", {**parts, "host_name": "192.0.2.2"}]
    number = {"endpoint": "9195550100", "endpoint_type": "TN"}
    return [{"endpoint": "sbc.example.com", "priority": 1}, {**parts, **number}]


@pytest.mark.parametrize(("kind", "row"), ROWS, ids=NAMES)
def test_what_is_written_reads_back_as_the_same(kind: Kind, row: Field) -> None:
    """A value put into a document is the value that the document shows, credentials without password."""
    for value in samples(row.schema):
        document = row.put(Node("Root"), value, kind.order)
        shown = row.read(document)
        if row.name == "callback_url":  # its mirrors are the server's doing
            shown = document.value("MsgCallbackUrl")
        assert row.same(value, shown), (value, document)


@pytest.mark.parametrize(("kind", "row"), ROWS, ids=NAMES)
def test_nothing_shown_is_the_default(kind: Kind, row: Field) -> None:
    """A field that a document leaves out equals its default, and nothing else that it could be."""
    shown = row.read(Node("Root"))
    assert row.same(row.default, shown)
    default = row.codec.canonical(row.default)
    assert not any(row.same(v, shown) for v in samples(row.schema) if row.codec.canonical(v) != default)
    assert kind.name


@pytest.mark.parametrize(("kind", "row"), ROWS, ids=NAMES)
def test_clearing_a_field_shows_its_default(kind: Kind, row: Field) -> None:
    """Putting nothing leaves a document that shows the default."""
    document = row.put(Node("Root"), samples(row.schema)[0], kind.order)
    assert row.same(None, row.read(row.put(document, None, kind.order)))


SPELLINGS = [
    {"HouseNumber": "1600", "StreetName": "PENNSYLVANIA", "StreetSuffix": "AVE", "PostDirectional": "NW"},
    {"HouseNumber": "1600", "StreetName": "PENNSYLVANIA AVE NW", "HouseSuffix": "", "PreDirectional": ""},
    {"HouseNumber": "1600", "StreetName": "Pennsylvania Avenue Northwest"},
    {"AddressLine1": "1600 Pennsylvania Ave. NW"},
]


@pytest.mark.parametrize("street", SPELLINGS)
@pytest.mark.parametrize("country", ["US", "United States", "UNITED STATES", ""])
def test_an_address_is_one_in_every_spelling(street: dict[str, str], country: str) -> None:
    """Parsed parts, a folded street, one line, upper case, words written out: all the same address."""
    wanted = {
        "house_number": "1600", "street_name": "Pennsylvania", "street_suffix": "Ave",
        "post_directional": "NW", "city": "Washington", "state_code": "DC", "zip": "20006",
        "address_type": "Service",
    }  # fmt: skip
    parts = {**street, "City": "WASHINGTON", "StateCode": "DC", "Zip": "20006", "Country": country}
    live = StreetAddress().read(Node("Address", children=tuple(leaf(k, v) for k, v in parts.items())))
    assert StreetAddress().same(wanted, live, None)
    for part in ("city", "state_code", "zip", "house_number", "street_name"):
        assert not StreetAddress().same({**wanted, part: "77"}, live, None)


def test_a_recommended_address_is_a_manifest_line() -> None:
    """What error 12112 recommends can be pasted: digits quoted, empty parts left out."""
    parts = (("AddressLine1", "1 ELM ST"), ("HouseNumber", "1"), ("StreetName", "ELM"),
             ("StreetSuffix", "ST"), ("City", "CARY"), ("StateCode", "NC"), ("Zip", "27511"),
             ("PlusFour", ""))  # fmt: skip
    line = as_manifest_line(Node("RecommendedAddress", children=tuple(leaf(k, v) for k, v in parts)))
    assert line == (
        'address: {house_number: "1", street_name: ELM, street_suffix: ST, city: CARY, state_code: NC, '
        'zip: "27511"}'
    )
