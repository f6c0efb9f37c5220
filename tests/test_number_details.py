"""Where numbers are, read of a few one by one and of many from the account's list, in all its readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from account import Account

from reconciler.api.auth import Basic
from reconciler.api.client import Reader, connect
from reconciler.api.endpoints import Endpoints
from reconciler.api.errors import ApiError, Forbidden, Unreadable
from reconciler.api.number_details import ONE_BY_ONE, PAGE, Directory
from reconciler.kinds.criteria import UNKNOWN, Details

WORDS = ("city", "state", "rate_center", "lata")
CARY = Details("CARY", "NC", "CARY", "426")
MANY = [f"9192{n:06d}" for n in range(PAGE + 10)]
FACTS = "<City>Cary </City><Lata>426</Lata><State>nc</State><RateCenter> CARY</RateCenter>"
ROW = "<TelephoneNumber><FullNumber>{}</FullNumber>" + FACTS + "</TelephoneNumber>"
Server = Callable[[httpx.Request], httpx.Response]


@contextmanager
def directory(server: Server) -> Iterator[tuple[Directory, list[httpx.URL]]]:
    """A directory of what the server says, and what it was asked."""
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return server(request)

    connection = connect(Endpoints(), Basic("user", "secret"), transport=httpx.MockTransport(answer))
    with Reader(connection) as reader:
        yield Directory(reader, "1"), asked


def details(text: str) -> httpx.Response:
    """The answer with the details of one number."""
    inner = f"<TelephoneNumberDetails>{text}</TelephoneNumberDetails>"
    return httpx.Response(200, text=f"<TelephoneNumberResponse>{inner}</TelephoneNumberResponse>")


def listed(numbers: Sequence[str], links: str = "") -> httpx.Response:
    """A page of the account's list."""
    rows = "".join(map(ROW.format, numbers))
    rows = f"{links}<TelephoneNumbers>{rows}</TelephoneNumbers>"
    text = f"<TelephoneNumbersResponse>{rows}</TelephoneNumbersResponse>"
    return httpx.Response(200, text=text)


OTHER_CASE = "<rateCenter>cary</rateCenter><LATA>426</LATA><state>NC</state><city>CARY</city>"
EMERGENCY = "<Features><E911><Address><City>APEX</City></Address></E911></Features>"
ONE: tuple[tuple[str, httpx.Response, Details | type[ApiError]], ...] = (
    ("as published", details(f"<FullNumber>9192000000</FullNumber>{FACTS}"), CARY),
    ("other cases, other order", details(OTHER_CASE), CARY),
    ("an emergency address besides", details(FACTS + EMERGENCY), CARY),
    ("toll-free or foreign", details("<FullNumber>9192000000</FullNumber>"), UNKNOWN),
    ("unknown", httpx.Response(404), UNKNOWN),
    ("nothing", httpx.Response(200), Unreadable),
    ("no details", details(""), Unreadable),
    ("not for these credentials", httpx.Response(403), Forbidden),
)  # fmt: skip


@pytest.mark.parametrize(("answer", "found"), [case[1:] for case in ONE], ids=[case[0] for case in ONE])
def test_what_the_details_of_one_number_say(answer: httpx.Response, found: Details | type[ApiError]) -> None:
    """Details are read in any case and order; none is no answer, and no number is nowhere."""
    with directory(lambda _: answer) as (numbers, _):
        if isinstance(found, Details):
            assert numbers.read(["9192000000"], WORDS) == {"9192000000": found}
        else:
            with pytest.raises(found):
                numbers.read(["9192000000"], WORDS)


def test_nothing_is_read_that_nobody_asks_for() -> None:
    """Toll-free numbers, and all where no pool asks where they are, cost no request; a few cost one each."""
    with directory(lambda _: details(FACTS)) as (numbers, asked):
        assert numbers.read(MANY, ()) == dict.fromkeys(MANY, UNKNOWN)
        assert numbers.read(["8005550100"], WORDS) == {"8005550100": UNKNOWN}
        assert not asked
        for _ in range(2):
            numbers.read(MANY[:ONE_BY_ONE], WORDS)
        assert [url.path for url in asked] == [f"/api/tns/{number}/tndetails" for number in MANY[:ONE_BY_ONE]]


def starting(request: httpx.Request) -> httpx.Response:
    """Pages that are named by the number that starts them, as links say (numbers.yml)."""
    if request.url.params["page"] == "1":
        link = f"Link=&lt;https://other.example/tns?page=%2B1{MANY[PAGE]}&amp;size=2500&gt;;rel=&quot;next&quot;;"
        return listed(MANY[:PAGE], f"<Links><first/><next>{link}</next></Links>")
    assert request.url.params["page"] == f"+1{MANY[PAGE]}"
    return listed(MANY[PAGE:], "<Links><first/></Links>")


def counted(request: httpx.Request) -> httpx.Response:
    """Pages that are counted, without links (band CLI)."""
    if request.url.path.endswith("/tndetails"):
        return details(FACTS)
    page = int(request.url.params["page"])
    return listed(MANY[(page - 1) * PAGE : page * PAGE])


def repeated(request: httpx.Request) -> httpx.Response:
    """Pages that are named by numbers, without links: the second is refused, and the rest is looked up."""
    if request.url.path.endswith("/tndetails"):
        return details(FACTS)
    error = "<ErrorCode>15516</ErrorCode><Description>page must be a number</Description>"
    refused = f"<R><ResponseStatus>{error}</ResponseStatus></R>"
    return listed(MANY[:PAGE]) if request.url.params["page"] == "1" else httpx.Response(400, text=refused)


def forbidden(request: httpx.Request) -> httpx.Response:
    """A list that these credentials may not read."""
    return details(FACTS) if request.url.path.endswith("/tndetails") else httpx.Response(403)


def thin(request: httpx.Request) -> httpx.Response:
    """A list that does not say all that is asked for."""
    if request.url.path.endswith("/tndetails"):
        return details(FACTS)
    answer = listed(MANY[:60])
    return httpx.Response(200, text=answer.text.replace("<RateCenter> CARY</RateCenter>", ""))


MANY_WAYS: tuple[tuple[Server, int, int], ...] = (
    (starting, len(MANY), 2),
    (counted, len(MANY), 2),
    (repeated, len(MANY), 2 + 10),
    (forbidden, 60, 1 + 60),
    (thin, 60, 1 + 60),
)


@pytest.mark.parametrize(
    ("server", "count", "requests"), MANY_WAYS, ids=[case[0].__name__ for case in MANY_WAYS]
)
def test_many_numbers_are_read_from_the_list(server: Server, count: int, requests: int) -> None:
    """However the list is cut into pages; what it lacks, or may not show, is looked up one by one."""
    with directory(server) as (numbers, asked):
        assert numbers.read(MANY[:count], WORDS) == dict.fromkeys(MANY[:count], CARY)
        assert len(asked) == requests
        assert all(url.params.get("accountId", "1") == "1" for url in asked)


def test_the_list_is_read_no_further_than_it_has_to_be() -> None:
    """A page that has all numbers is the last one read; another location's numbers go on from there."""
    with directory(counted) as (numbers, asked):
        numbers.read(MANY[: ONE_BY_ONE + 1], WORDS)
        assert len(asked) == 1
        numbers.read(MANY[1000:2000], WORDS)
        assert len(asked) == 1
        numbers.read(MANY, WORDS)
        assert len(asked) == 1 + 10  # ten that are left are looked up


POOL = """
version: 1
policy: {{max_numbers_ordered: 5000}}
sub_accounts: {{main: {{locations: {{desk: {{numbers: [{{city: CARY, state: NC, count: {}}}]}}}}}}}}
"""
ORDER = """
<Order><AreaCodeSearchAndOrderType><AreaCode>919</AreaCode><Quantity>5000</Quantity></AreaCodeSearchAndOrderType>
<SiteId>{main}</SiteId><PeerId>{desk}</PeerId></Order>
"""


PEER = "/accounts/9900000/sites/1001/sippeers/500001"


def lists_read(account: Account, since: int) -> Counter[str]:
    """How often numbers were listed, of the location or of the account, counted, or looked up."""
    log = list(account.emulator.log)[since:]
    return Counter(each.path.removeprefix("/api").rpartition(PEER)[2] for each in log if "tn" in each.path)


@pytest.mark.full
def test_twenty_thousand_numbers_take_few_requests(tmp_path: Path) -> None:
    """A plan reads 5 pages of numbers and 8 of the account's list; so do an apply's look and its end."""
    account = Account(tmp_path, site_address="optional", inventory={"919": 30_000})
    account.call("POST /sites", "<Site><Name>main</Name></Site>")
    account.call("POST /sites/main/sippeers", "<SipPeer><PeerName>desk</PeerName></SipPeer>")
    for _ in range(4):
        account.call("POST /orders", ORDER)
        account.clock.wait(1)
    before = len(account.emulator.log)
    (pool,) = account.plan(POOL.format(1)).plan.pools
    assert lists_read(account, before) == {"/tns": 5 + 8}
    before = len(account.emulator.log)
    assert account.apply(POOL.format(pool.present + 1)).code == 0
    assert lists_read(account, before) == {"/tns": 13 + (2 * 5 + 8) + (5 + 9), "/totaltns": 2}


def test_a_number_without_details_of_its_own_is_looked_for_in_the_list() -> None:
    """Where `tndetails` is not served, the list of the account's numbers tells where they are."""
    few = MANY[:2]

    def server(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404) if "tndetails" in request.url.path else listed(few)

    with directory(server) as (numbers, asked):
        assert numbers.read(few, WORDS) == dict.fromkeys(few, CARY)
        assert len(asked) == len(few) + 1
