"""What other people's clients send and no document has: strict refuses it, lenient makes the best of it."""

from __future__ import annotations

import pytest
from caller import ACCOUNT, ADDRESS, PEERS, SITES, by_area_code, furnished, numbers

SITE = f"<Name>x</Name>{ADDRESS}"
ODD = {
    "a namespace": (SITES, f'<Site xmlns="http://a.example/">{SITE}</Site>'),
    "a prefix": (
        SITES,
        f'<b:Site xmlns:b="http://a.example/">{SITE.replace("Name>", "b:Name>", 2)}</b:Site>',
    ),
    "a blank line first": (SITES, f'\n<?xml version="1.0"?><Site>{SITE}</Site>'),
    "text beside elements": (SITES, f"<Site>{SITE}0</Site>"),
    "text where elements belong": (
        PEERS,
        "<SipPeer><PeerName>b</PeerName><VoiceHosts>0</VoiceHosts></SipPeer>",
    ),
    "elements where text belongs": (PEERS, "<SipPeer><PeerName>b<i/></PeerName></SipPeer>"),
    "an unknown element": (PEERS, "<SipPeer><PeerName>b</PeerName><SiteId>1</SiteId></SipPeer>"),
}


@pytest.mark.parametrize(("path", "body"), ODD.values(), ids=ODD.keys())
def test_odd_documents_are_refused_unless_lenient(path: str, body: str) -> None:
    """A document with something out of place is a 400, and is read for what it means where lenient."""
    assert furnished().call("POST", path, body).status == 400
    assert furnished(lenient=True).call("POST", path, body).status == 201


@pytest.mark.parametrize(("prefix", "written"), [("/api", "+1{}"), ("/api", "1{}"), ("/api/v2", "{}")])
def test_numbers_are_taken_as_written_where_lenient(prefix: str, written: str) -> None:
    """A number with a country code in version 1, or without in version 2, is that number where lenient."""
    world = furnished(lenient=True)
    world.order(by_area_code(1))
    (number,) = numbers(world)
    body = (
        "<DisconnectTelephoneNumberOrder><DisconnectTelephoneNumberOrderType><TelephoneNumberList>"
        f"<TelephoneNumber>{written.format(number)}</TelephoneNumber></TelephoneNumberList>"
        "</DisconnectTelephoneNumberOrderType></DisconnectTelephoneNumberOrder>"
    )
    assert world.call("POST", f"{ACCOUNT}/disconnects", body, prefix).status == 201
    world.clock.now += 1
    assert numbers(world) == []
