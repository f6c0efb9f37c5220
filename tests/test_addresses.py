from __future__ import annotations

import pytest
from hypothesis import given
from plans import ADDRESSES

from reconciler.addresses import address_from
from reconciler.model import Address

ACUTE = "\N{LATIN SMALL LETTER E WITH ACUTE}"
READ = (
    ("application.support-sms", Address("application", ("support-sms",))),
    ('location.Raleigh/"a b"', Address("location", ("Raleigh", "a b"))),
    (f'location."a/b"/"{ACUTE}"', Address("location", ("a/b", ACUTE))),
    ("numbers.a/b[area_code=919]", Address("numbers", ("a", "b"), "area_code=919")),
    ("numbers.a/b[toll_free=8**]", Address("numbers", ("a", "b"), "toll_free=8**")),
)
REFUSED = (
    "", "location", "location.", ".a", "Location.a", "location.a/", "location./a", "location.a b",
    'location."a',
    'location."plain"', 'location."a"b', "location.a[]", "location.a[x", "location.a]", "location.a[x]y",
    'location."\\u00e9"', "location.a\n", ' location.a',
)  # fmt: skip


@pytest.mark.parametrize(("text", "address"), READ)
def test_an_address_is_read(text: str, address: Address) -> None:
    """Every form of the contract gives its kind, names and criterion."""
    assert address_from(text) == address


@pytest.mark.parametrize("text", REFUSED)
def test_other_text_is_refused(text: str) -> None:
    """Text that `str` gives for no address is none, other spellings of one included."""
    with pytest.raises(ValueError, match=r"^[ -~]+$"):
        address_from(text)


@given(ADDRESSES)
def test_reading_undoes_writing(address: Address) -> None:
    """Whatever the names, the text of an address leads back to it."""
    assert address_from(str(address)) == address
