"""What the page shows of a body: laid out, cut, and without what nobody should read over a shoulder."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.emulator.page.masking import MASK, MOST_SHOWN, shown, without_secrets

SECRET = "hunter2-hunter2"
LEAKS = [
    f"<a><Password>{SECRET}</Password></a>",
    f"<a><n:smppPassword xmlns:n='u'>{SECRET}</n:smppPassword></a>",
    f"<a><Password><![CDATA[{SECRET}]]></Password></a>",
    f"<a><Password><b>{SECRET}</b>{SECRET}</Password></a>",
    f"<a Password='{SECRET}'/>",
    f"<a><!-- {SECRET} --><?pi {SECRET}?></a>",
    f"<a><PortOutPasscode>{SECRET}</PortOutPasscode><Pin>{SECRET}</Pin></a>",
    f"<a><CallbackUrl>https://user:{SECRET}@a.example/x?token={SECRET}&amp;a=b</CallbackUrl></a>",
    f"<!DOCTYPE a [<!ENTITY e '{SECRET}'>]><a><Password>&e;</Password></a>",
    json.dumps({"access_token": SECRET, "nested": [{"Password": SECRET}], "url": f"http://u:{SECRET}@a"}),
    f"grant_type=client_credentials&client_secret={SECRET}",
]


@pytest.mark.parametrize("body", LEAKS)
def test_a_secret_is_masked_wherever_it_stands(body: str) -> None:
    """Elements, attributes, CDATA, comments, URLs, JSON and forms are shown without their secrets."""
    assert SECRET not in shown(body.encode()).text
    assert SECRET not in shown(body.encode("utf-16")).text


@given(st.sampled_from(LEAKS), st.data())
def test_a_document_that_was_cut_shows_no_secret_either(body: str, data: st.DataObject) -> None:
    """At whatever place a body breaks off, what is left of it has no piece of the secret."""
    cut = data.draw(st.integers(0, len(body)))
    text = shown(body[:cut].encode()).text
    if "<!--" not in body and "<!DOCTYPE" not in body:
        assert SECRET[:3] not in text


@given(st.text())
def test_text_without_secrets_stays_as_it_is(text: str) -> None:
    """Nothing is masked that has none of the words: a path reads as it was sent."""
    harmless = re.sub("(?i)pass|secret|token|signature|key|pin|eyJ|@", "", text)
    assert without_secrets(harmless) == harmless


@pytest.mark.parametrize(
    "body",
    [
        "password" * 50_000,
        "-eyJ" * 100_000,
        "a." * 200_000,
        "://" * 100_000,
        "<password" * 50_000,
        '"pin"' * 80_000,
    ],
)
def test_a_hostile_body_is_shown_in_part(body: str) -> None:
    """Texts made to keep a search busy are done with, and cut."""
    found = shown(body.encode())
    assert (len(found.text), found.bytes) == (MOST_SHOWN, len(body))
    assert found.left_out > 0


def test_what_is_masked_can_be_seen() -> None:
    """The mask stands where the secret was; an empty element stays empty; the rest is untouched."""
    text = shown(b"<a><UserId>u</UserId><Password>p</Password><Password/></a>").text
    assert text.split() == [
        "<a>",
        "<UserId>u</UserId>",
        f"<Password>{MASK}</Password>",
        "<Password/>",
        "</a>",
    ]
