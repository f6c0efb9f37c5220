"""Hostile requests get a documented answer: never a 500 of the emulator's own, never a hang."""

from __future__ import annotations

import pytest
from caller import ACCOUNT, APPS, ORDERS, PEER, PEERS, PRODUCTS, SITES, furnished
from hypothesis import given, settings
from hypothesis import strategies as st

DOCUMENTED = {200, 201, 400, 401, 403, 404, 405, 409, 413, 415}
PATHS = [
    "",
    "/",
    ACCOUNT,
    APPS,
    f"{APPS}/x",
    SITES,
    f"{SITES}/1001",
    PEERS,
    PEER,
    f"{PEER}/tns?page=9999999999&size=-1",
    f"{PRODUCTS}/messaging/features/sms",
    f"{PRODUCTS}/messaging/features/mms",
    f"{PRODUCTS}/messaging/applicationSettings",
    f"{PRODUCTS}/origination/settings",
    ORDERS,
    f"{ORDERS}?page=1&size=99999999999999999999",
    f"{ACCOUNT}/disconnects",
    "/tns/%00",
    "/oauth2/token",
]
NAMES = st.sampled_from(
    [
        "Application",
        "AppName",
        "ServiceType",
        "InboundCallbackUrl",
        "CallbackCreds",
        "UserId",
        "Site",
        "Name",
        "Address",
        "SipPeer",
        "PeerName",
        "IsDefaultPeer",
        "VoiceHosts",
        "Host",
        "HostName",
        "TerminationHosts",
        "TerminationHost",
        "Port",
        "OriginationRoutePlan",
        "Route",
        "Priority",
        "SipPeerSmsFeature",
        "SipPeerSmsFeatureSettings",
        "Zone1",
        "MmsFeature",
        "Protocols",
        "ApplicationsSettings",
        "HttpMessagingV2AppId",
        "SipPeerOriginationSettings",
        "VoiceProtocol",
        "Order",
        "SiteId",
        "AreaCodeSearchAndOrderType",
        "AreaCode",
        "Quantity",
        "DisconnectTelephoneNumberOrder",
        "x",
    ]
)
TEXTS = st.one_of(
    st.sampled_from(["", "true", "919", "1001", "HTTP", "-1", "9" * 400, "https://a.example", "None"]),
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Z", "S")), max_size=20),
)


def _element(name: str, inside: str | list[str]) -> str:
    text = inside if isinstance(inside, list) else [inside.replace("&", "&amp;").replace("<", "&lt;")]
    return f"<{name}>{''.join(text)}</{name}>"


XML = st.recursive(
    st.builds(_element, NAMES, TEXTS),
    lambda inner: st.builds(_element, NAMES, st.lists(inner, max_size=4)),
    max_leaves=8,
)
BODIES = st.one_of(XML.map(str.encode), st.binary(max_size=60))
METHODS = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])


@settings(max_examples=300, deadline=2000, derandomize=True)
@given(method=METHODS, path=st.sampled_from(PATHS), body=BODIES)
def test_random_documents_get_documented_answers(method: str, path: str, body: bytes) -> None:
    """Random XML and random bytes, on any path by any method, get a documented status."""
    reply = furnished().call(method, path, body)
    assert reply.status in DOCUMENTED


BILLION_LAUGHS = (
    "<!DOCTYPE Site [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {y} '{f'&{x};' * 10}'>" for x, y in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><Site><Name>&i;</Name></Site>"
)
HOSTILE = {
    "empty": b"",
    "not XML": b"name=value",
    "truncated": b"<Site><Name>x",
    "entity bomb": BILLION_LAUGHS.encode(),
    "external entity": b'<!DOCTYPE Site [<!ENTITY f SYSTEM "file:///etc/passwd">]><Site><Name>&f;</Name></Site>',
    "document type": b"<!DOCTYPE Site><Site><Name>x</Name></Site>",
    "deep": b"<a>" * 100_000,
    "unknown encoding": b'<?xml version="1.0" encoding="klingon"?><Site/>',
    "wrong encoding": b'<?xml version="1.0" encoding="UTF-16"?><Site/>',
    "not UTF-8": b"<Site><Name>\xff\xfe</Name></Site>",
    "control character": b"<Site><Name>\x01</Name></Site>",
    "surrogate": b"<Site><Name>&#xD800;</Name></Site>",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("path", [SITES, APPS, ORDERS])
def test_hostile_documents_are_400(path: str, body: bytes) -> None:
    """Bombs, truncated and badly encoded documents are a 400 with a document, and no file is read."""
    world = furnished()
    reply = world.call("POST", path, body)
    assert (reply.status, reply.code) == (400, 1019)
    assert b"root:" not in reply.body


def test_a_wide_document_is_refused() -> None:
    """A hundred thousand repeated elements are refused as repeated."""
    body = b"<Site>" + b"<Name/>" * 100_000 + b"</Site>"
    assert furnished().call("POST", SITES, body).code == 1009


def test_a_huge_body_is_413() -> None:
    """More than 10 MB is refused before it is looked at, and the connection is given up."""
    reply = furnished().call("POST", SITES, b"x" * (10 * 1024 * 1024 + 1))
    assert (reply.status, reply.headers["Connection"]) == (413, "close")


def test_a_long_callback_url_is_refused() -> None:
    """A megabyte of URL with a space in it is refused as a URL."""
    url = f"https://{'a' * 1_000_000} b"
    body = f"<Application><AppName>x</AppName><InboundCallbackUrl>{url}</InboundCallbackUrl></Application>"
    assert furnished().call("POST", APPS, body).code == 12803


def test_other_encodings_are_read() -> None:
    """A document in UTF-16 with its byte order mark is read like any other."""
    text = '<?xml version="1.0" encoding="UTF-16"?><Application><AppName>\u00e4</AppName></Application>'
    reply = furnished().call("PATCH", f"{APPS}/{{msg}}", text.encode("utf-16"))
    assert reply.text("Application/AppName") == "\u00e4"
