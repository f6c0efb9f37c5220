"""Where numbers are, read from answers that say more or less."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import pytest

from reconciler.api.auth import Basic
from reconciler.api.client import Reader, connect
from reconciler.api.endpoints import Endpoints
from reconciler.api.errors import Unreadable
from reconciler.api.numbers import read_place, read_total, ten_digits
from reconciler.api.numbers import read_whereabouts as whereabouts
from reconciler.chain import Key, Whereabouts

KEY = Key("1", "17", "501", "area_code=919")
DETAILS = "/api/tns/9195550100/tndetails"
STATUS = "/api/tns/9195550100"
PEERS = "/api/accounts/1/sites/17/sippeers"
ALONE = (
    "<TNSipPeersResponse><SipPeers><SipPeer><PeerId>501</PeerId></SipPeer></SipPeers></TNSipPeersResponse>"
)
TWO = ALONE.replace("</SipPeers>", "<SipPeer><PeerId>502</PeerId></SipPeer></SipPeers>")


def details(status: str, account: str = "1", site: str = "17", peer: str = "501") -> str:
    """Number details."""
    place = f"<Site><Id>{site}</Id></Site>" if site else ""
    place += f"<SipPeer><PeerId>{peer}</PeerId></SipPeer>" if peer else ""
    inner = f"<Status>{status}</Status><AccountId>{account}</AccountId>{place}"
    wrapped = f"<TelephoneNumberDetails>{inner}</TelephoneNumberDetails>"
    return f"<TelephoneNumberResponse>{wrapped}</TelephoneNumberResponse>"


BARE = (
    "<TelephoneNumberResponse><Status>Inservice</Status><SiteId>17</SiteId><AccountId>1</AccountId>"
    "</TelephoneNumberResponse>"
)
CASES: tuple[tuple[str, Mapping[str, str], Whereabouts], ...] = (
    ("here", {DETAILS: details("Inservice")}, Whereabouts.HERE),
    ("another location", {DETAILS: details("Inservice", peer="502")}, Whereabouts.ELSEWHERE),
    ("another sub-account", {DETAILS: details("Inservice", site="18", peer="9")}, Whereabouts.ELSEWHERE),
    ("another account", {DETAILS: details("Inservice", account="2")}, Whereabouts.RELEASED),
    ("aging", {DETAILS: details("Aging", site="", peer="")}, Whereabouts.RELEASED),
    ("disconnected", {DETAILS: details("Disconnected", site="", peer="")}, Whereabouts.RELEASED),
    ("available", {DETAILS: details("Available", site="", peer="")}, Whereabouts.ELSEWHERE),
    ("ported out", {DETAILS: details("PortOut", site="", peer="")}, Whereabouts.ELSEWHERE),
    ("no place in the details", {DETAILS: details("Inservice", site="", peer="")}, Whereabouts.UNKNOWN),
    ("no answer at all", {}, Whereabouts.UNKNOWN),
    ("the site only, with one location", {STATUS: BARE, PEERS: ALONE}, Whereabouts.HERE),
    ("the site only, with two locations", {STATUS: BARE, PEERS: TWO}, Whereabouts.UNKNOWN),
    ("the site only, and no list of it", {STATUS: BARE}, Whereabouts.UNKNOWN),
)


@pytest.mark.parametrize(("answers", "where"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_where_a_number_is(answers: Mapping[str, str], where: Whereabouts) -> None:
    """Details decide; without them the status does, where the number's site has one location."""

    def answer(request: httpx.Request) -> httpx.Response:
        body = answers.get(request.url.path)
        return httpx.Response(200, text=body) if body else httpx.Response(404)

    connection = connect(Endpoints(), Basic("somebody", "secret"), transport=httpx.MockTransport(answer))
    with Reader(connection) as reader:
        assert whereabouts(reader, "9195550100", KEY) is where


HELD: tuple[tuple[str, Mapping[str, str], tuple[Whereabouts, str]], ...] = (
    ("here", {DETAILS: details("Inservice")}, (Whereabouts.HERE, "")),
    (
        "at another location",
        {DETAILS: details("Inservice", peer="502")},
        (Whereabouts.ELSEWHERE, "location 502 of sub-account 17"),
    ),
    (
        "at another sub-account, no more said",
        {STATUS: BARE.replace("<SiteId>17", "<SiteId>18")},
        (Whereabouts.ELSEWHERE, "sub-account 18"),
    ),
    ("another account's", {DETAILS: details("Inservice", account="2")}, (Whereabouts.RELEASED, "")),
    ("aging", {DETAILS: details("Aging", site="", peer="")}, (Whereabouts.RELEASED, "")),
    ("on sale", {DETAILS: details("Available", site="", peer="")}, (Whereabouts.ELSEWHERE, "")),
    ("unknown", {}, (Whereabouts.UNKNOWN, "")),
)


@pytest.mark.parametrize(("answers", "where"), [case[1:] for case in HELD], ids=[case[0] for case in HELD])
def test_where_the_account_has_a_number(answers: Mapping[str, str], where: tuple[Whereabouts, str]) -> None:
    """A number that the account has elsewhere is told with its place; one that can be ordered is not."""

    def answer(request: httpx.Request) -> httpx.Response:
        body = answers.get(request.url.path)
        return httpx.Response(200, text=body) if body else httpx.Response(404)

    connection = connect(Endpoints(), Basic("somebody", "secret"), transport=httpx.MockTransport(answer))
    with Reader(connection) as reader:
        assert read_place(reader, "9195550100", KEY) == where


TOTAL = "<SipPeerTelephoneNumbersCountResponse>{}</SipPeerTelephoneNumbersCountResponse>"
SEVEN = TOTAL.format("<SipPeerTelephoneNumbersCount>7</SipPeerTelephoneNumbersCount>")


@pytest.mark.parametrize(
    ("answer", "total"),
    [
        (
            httpx.Response(
                200, text=TOTAL.format("<SipPeerTelephoneNumbersCount>7</SipPeerTelephoneNumbersCount>")
            ),
            7,
        ),
        (httpx.Response(404), None),
        (httpx.Response(200), Unreadable),
        (httpx.Response(204), Unreadable),
        (httpx.Response(200, text=TOTAL.format("")), Unreadable),
    ],
    ids=["a count", "not served", "nothing", "no content", "no count"],
)
def test_a_total_is_a_count_or_not_served(
    answer: httpx.Response, total: int | type[Unreadable] | None
) -> None:
    """An answer without a count is a failed read: it does not say that nobody counts."""
    path = "/accounts/1/sites/17/sippeers/501/totaltns"
    transport = httpx.MockTransport(lambda _: answer)
    with Reader(connect(Endpoints(), Basic("somebody", "secret"), transport=transport)) as reader:
        if isinstance(total, type):
            with pytest.raises(total, match="expected a count of numbers, got none"):
                read_total(reader, path)
        else:
            assert read_total(reader, path) == total


@pytest.mark.parametrize("text", ["9195550100", "+19195550100", "19195550100", "(919) 555-0100"])
def test_a_number_is_one_in_both_forms(text: str) -> None:
    """Ten digits and E.164 are the same number."""
    assert ten_digits(text) == "9195550100"
