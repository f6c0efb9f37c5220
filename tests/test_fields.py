"""The kinds' tables: every field goes out and comes back, and means what it says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.document import Node, leaf
from reconciler.kinds import KINDS
from reconciler.kinds.address import StreetAddress, as_manifest_line
from reconciler.kinds.fields import Field
from reconciler.kinds.kind import Kind
from reconciler.kinds.number_pool import assign

ROWS = [(kind, row) for kind in KINDS for row in kind.fields]
NAMES = [f"{kind.name}.{row.name}{'/'.join(row.services)}" for kind, row in ROWS]
ADDRESS = {"house_number": "12", "street_name": "Elm", "city": "Cary", "state_code": "NC", "zip": "27511"}


def samples(schema: Any) -> list[Any]:
    """A few values that a row's schema admits."""
    if "enum" in schema:
        return [word for word in schema["enum"] if word is not None]
    kind = schema["type"][0] if isinstance(schema["type"], list) else schema["type"]
    if kind == "array":
        return [tuple(schema["items"]["enum"][: n + 1]) for n in range(2)]
    if kind == "object":
        return [
            ADDRESS if "street_name" in schema["properties"] else {"user_id": "somebody", "password": "p"}
        ]
    by_type = {"boolean": [True, False], "integer": [schema.get("minimum", 1)]}
    text = ["https://example.com/a"] if "http" in schema.get("pattern", "") else ["123"]
    return by_type.get(kind, text)


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


NUMBERS = st.sets(
    st.sampled_from(["9195550101", "9195550102", "9845550103", "8005550104", "8885550105", "8885550106"])
)
POOLS = st.dictionaries(
    st.sampled_from(["area_code=919", "area_code=984", "toll_free=8**", "toll_free=88*"]), st.integers(0, 3)
)


@given(pools=POOLS, listed=NUMBERS, delivered=NUMBERS)
def test_each_number_counts_for_one_pool_at_most(
    pools: dict[str, int], listed: set[str], delivered: set[str]
) -> None:
    """Numbers are shared out without overlap; a pool's own order's numbers are its own."""
    owner = next(iter(pools), "")
    found = assign(pools, listed, {owner: delivered})
    counted = [number for numbers in found.values() for number in numbers]
    assert len(counted) == len(set(counted))
    assert set(counted) <= listed
    assert not pools or delivered & listed <= found[owner]


def test_the_narrowest_pool_is_served_first() -> None:
    """A number that several pools claim goes to the narrowest that still lacks one."""
    numbers = {"8885550105", "8885550106", "8005550104"}
    found = assign({"toll_free=8**": 2, "toll_free=888": 1}, numbers, {})
    assert {pool: len(n) for pool, n in found.items()} == {"toll_free=8**": 2, "toll_free=888": 1}
