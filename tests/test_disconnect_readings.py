"""What disconnect orders, their list and the numbers themselves say, in whatever form a server says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.api.auth import Basic
from reconciler.api.client import Reader, connect
from reconciler.api.disconnects import MOST_OPEN, open_disconnects, read_told
from reconciler.api.endpoints import Endpoints
from reconciler.api.errors import ApiError
from reconciler.api.standings import read_standing
from reconciler.api.xml import parse
from reconciler.releasing import Disconnect, Released, Standing, Told, became, fate, sorted_out

DOCUMENTS = Path(__file__).parent / "wire" / "disconnects"
Answers = Mapping[str, tuple[int, str]]


@contextmanager
def reading(answers: Answers) -> Iterator[Reader]:
    """A client of a server that knows these paths, with their query where it matters."""

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api")
        paged = f"{path}?page={request.url.params.get('page')}"
        status, text = answers.get(paged) or answers.get(path) or (404, "")
        return httpx.Response(status, text=text, headers={"Content-Type": "application/xml"})

    transport = httpx.MockTransport(answer)
    with Reader(connect(Endpoints(), Basic("u", "p"), transport=transport, pause=lambda _: True)) as reader:
        yield reader


DETAILS, STATUS = "/tns/9195550121/tndetails", "/tns/9195550121"
DISCONNECTS = "/accounts/1/disconnects"
FULL = (
    "<TelephoneNumberResponse><TelephoneNumberDetails><FullNumber>9195550121</FullNumber><Status>Inservice"
    "</Status><AccountId>1</AccountId><Site><Id>17</Id></Site><SipPeer><PeerId>5</PeerId></SipPeer>"
    "</TelephoneNumberDetails></TelephoneNumberResponse>"
)
FLAT = "<tn><siteId>17</siteId><accountId>1</accountId><status>IN-SERVICE</status></tn>"
HERE = Standing("Inservice", "1", "17", "5")
STANDINGS: tuple[tuple[str, Answers, Standing, tuple[bool, bool]], ...] = (
    ("details", {DETAILS: (200, FULL)}, HERE, (True, False)),
    ("other places of ids", {DETAILS: (200, FULL.replace("PeerId", "Id"))}, HERE, (True, False)),
    ("status alone", {STATUS: (200, FLAT)}, Standing("IN-SERVICE", "1", "17"), (True, False)),
    ("details refused", {DETAILS: (400, "<E/>"), STATUS: (200, FLAT)}, Standing("IN-SERVICE", "1", "17"),
     (True, False)),
    ("details without a status", {DETAILS: (200, "<T/>"), STATUS: (200, "<T><Status>Aging</Status></T>")},
     Standing("Aging"), (False, True)),
    ("another account's", {DETAILS: (200, FULL.replace(">1<", ">2<"))},
     Standing("Inservice", "2", "17", "5", ours=False), (False, True)),
    ("not known", {}, Standing(), (False, False)),
    ("reserved", {STATUS: (200, "<T><Status>Reserved</Status></T>")}, Standing("Reserved"), (False, False)),
    *((status, {STATUS: (200, f"<T><Status>{status}</Status></T>")}, Standing(status), (False, True))
      for status in ("Available", "Disconnected", "PortOut", "Removed", "Eliminated")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "standing", "verdict"), [c[1:] for c in STANDINGS], ids=[c[0] for c in STANDINGS]
)
def test_where_a_number_stands(answers: Answers, standing: Standing, verdict: tuple[bool, bool]) -> None:
    """By its details, else by its status, whatever the places of its elements; 404 is "not known"."""
    with reading(answers) as reader:
        found = read_standing(reader, "1", ["9195550121"])
    assert found == {"9195550121": standing}
    assert (standing.in_service, standing.gone) == verdict


@pytest.mark.parametrize("answer", [(500, ""), (400, "<E/>"), (200, "<html></html>"), (200, "no XML")])
def test_a_number_that_cannot_be_read_is_an_error(answer: tuple[int, str]) -> None:
    """What is not known is not made up."""
    with reading({STATUS: answer}) as reader, pytest.raises(ApiError):
        read_standing(reader, "1", ["9195550121"])


def rows(*orders: tuple[str, str], tail: str = "") -> str:
    """A page of the list: ids and states."""
    told = "".join(
        f"<OrderIdUserIdDate><OrderId>{order_id}</OrderId>"
        + (f"<OrderStatus>{status}</OrderStatus>" if status else "")
        + "</OrderIdUserIdDate>"
        for order_id, status in orders
    )
    listed = f"<ListOrderIdUserIdDate>{tail}{told}</ListOrderIdUserIdDate>"
    return f"<ResponseSelectWrapper>{listed}</ResponseSelectWrapper>"


def disconnect(status: str, *numbers: str) -> str:
    """An order as it is read."""
    listed = "".join(f"<TelephoneNumber>{number}</TelephoneNumber>" for number in numbers)
    return (
        "<DisconnectTelephoneNumberOrderResponse><orderRequest><DisconnectTelephoneNumberOrderType>"
        f"<TelephoneNumberList>{listed}</TelephoneNumberList></DisconnectTelephoneNumberOrderType>"
        f"</orderRequest><OrderStatus>{status}</OrderStatus></DisconnectTelephoneNumberOrderResponse>"
    )


def in_words(code: str = "") -> str:
    """A list's answer that has no list."""
    said = f"<ResponseStatus>{code}<Description>No order was found.</Description></ResponseStatus>"
    return f"<DisconnectTelephoneNumberOrderResponse>{said}</DisconnectTelephoneNumberOrderResponse>"


NEXT = '<Links><next>Link=&lt;https://elsewhere/disconnects?page=b&amp;size=1&gt;;rel="next";</next></Links>'
LISTS: tuple[tuple[str, Answers, Mapping[str, str]], ...] = (
    ("204", {DISCONNECTS: (204, "")}, {}),
    ("404 with links", {DISCONNECTS: (404, "<Links><first>x</first></Links>")}, {}),
    ("404 without a word", {}, {}),
    ("404 in words", {DISCONNECTS: (404, in_words())}, {}),
    ("no rows", {DISCONNECTS: (200, rows())}, {}),
    ("ended ones", {DISCONNECTS: (200, rows(("a", "COMPLETE"), ("b", "partial"), ("c", "COMPLETED")))}, {}),
    ("an open one", {DISCONNECTS: (200, rows(("a", "RECEIVED"), ("b", "FAILED"))),
                     f"{DISCONNECTS}/a": (200, disconnect("RECEIVED", "+19195550121", "9195550122"))},
     {"9195550121": "a", "9195550122": "a"}),
    ("one that has ended since", {DISCONNECTS: (200, rows(("a", "RECEIVED"))),
                                  f"{DISCONNECTS}/a": (200, disconnect("COMPLETE", "9195550121"))}, {}),
    ("a row without a state", {DISCONNECTS: (200, rows(("a", ""))),
                               f"{DISCONNECTS}/a": (200, disconnect("PROCESSING", "9195550121"))},
     {"9195550121": "a"}),
    ("two pages", {f"{DISCONNECTS}?page=1": (200, rows(("a", "COMPLETE"), tail=NEXT)),
                   f"{DISCONNECTS}?page=b": (200, rows(("b", "RECEIVED"))),
                   f"{DISCONNECTS}/b": (200, disconnect("RECEIVED", "9195550121"))}, {"9195550121": "b"}),
)  # fmt: skip


@pytest.mark.parametrize(("answers", "found"), [case[1:] for case in LISTS], ids=[case[0] for case in LISTS])
def test_open_orders_name_their_numbers(answers: Answers, found: Mapping[str, str]) -> None:
    """Every order that has not ended is read; the forms of absence are no orders."""
    with reading(answers) as reader:
        assert open_disconnects(reader, "1") == found


FAILED_LISTS: tuple[tuple[str, Answers], ...] = (
    ("an error", {DISCONNECTS: (404, "<R><ErrorList><Error><Code>5000</Code></Error></ErrorList></R>")}),
    ("an error of its own", {DISCONNECTS: (404, in_words("<ErrorCode>5000</ErrorCode>"))}),
    ("a page of the web", {DISCONNECTS: (404, "<html><p>gone</html>")}),
    ("forbidden", {DISCONNECTS: (403, "")}),
    ("nothing", {DISCONNECTS: (200, "")}),
    ("something else", {DISCONNECTS: (200, "<SitesResponse/>")}),
    ("an order that is not there", {DISCONNECTS: (200, rows(("a", "RECEIVED")))}),
    ("an order without a word", {DISCONNECTS: (200, rows(("a", "RECEIVED"))), f"{DISCONNECTS}/a": (200, "")}),
    ("too many", {DISCONNECTS: (200, rows(*((str(n), "RECEIVED") for n in range(MOST_OPEN + 1))))}),
)


@pytest.mark.parametrize("answers", [c[1] for c in FAILED_LISTS], ids=[c[0] for c in FAILED_LISTS])
def test_a_list_that_cannot_be_read_is_no_absence(answers: Answers) -> None:
    """A failed look-up is an error: no number is free of open orders by default."""
    with reading(answers) as reader, pytest.raises(ApiError):
        open_disconnects(reader, "1")


def error(code: str, words: str, number: str = "") -> str:
    """An error of an order, with its number in an element or only in its words."""
    named = f"<TelephoneNumber>{number}</TelephoneNumber>" if number else ""
    return f"<Error><Code>{code}</Code><Description>{words}</Description>{named}</Error>"


def ended(status: str, *gone: str, errors: str = "") -> str:
    """An order at its end."""
    went = "".join(f"<TelephoneNumber>{number}</TelephoneNumber>" for number in gone)
    listed = f"<DisconnectedTelephoneNumberList>{went}</DisconnectedTelephoneNumberList>" if gone else ""
    lists = f"{listed}<ErrorList>{errors}</ErrorList></DisconnectTelephoneNumberOrderResponse>"
    return disconnect(status, "9195550121", "9195550122").replace(
        "</DisconnectTelephoneNumberOrderResponse>", lists
    )


A, B = "9195550121", "9195550122"
TOLD: tuple[tuple[str, str, dict[str, str | None]], ...] = (
    ("complete", ended("COMPLETE", A, B), {A: None, B: None}),
    ("complete without lists", disconnect("COMPLETE", A, B), {A: None, B: None}),
    ("in E.164", ended("PARTIAL", "+1" + A, errors=error("5006", "no", "+1" + B)), {A: None, B: "5006 no"}),
    ("partial, of errors only", ended("PARTIAL", errors=error("5006", "no", B)), {A: None, B: "5006 no"}),
    ("partial, of numbers only", ended("PARTIAL", A),
     {A: None, B: "the order ended PARTIAL without a reason"}),
    ("failed for one reason", ended("FAILED", errors=error("5012", "no")), {A: "5012 no", B: "5012 no"}),
    ("failed without one", ended("FAILED"), dict.fromkeys((A, B), "the order ended FAILED without a reason")),
)  # fmt: skip


@pytest.mark.parametrize(("document", "outcome"), [c[1:] for c in TOLD], ids=[c[0] for c in TOLD])
def test_what_an_order_says_of_each_number(document: str, outcome: Mapping[str, str | None]) -> None:
    """None for a number that went, else why it did not, whatever lists the order leaves out."""
    told = read_told(parse(document.encode()), "a")
    assert {number: None if told.gave_up(number) else told.why(number) for number in (A, B)} == outcome


PUBLISHED: tuple[tuple[str, str, set[str], dict[str, str]], ...] = (
    ("create.response.xml", "RECEIVED", set(), {}),
    ("get.response.xml", "COMPLETE", {A, B}, {}),
    ("get.v2.response.xml", "COMPLETE", {A, B}, {}),
    ("get.failed.response.xml", "FAILED", set(),
     dict.fromkeys(("7575550121", "7575550122"), "5006 The number could not be disconnected")),
)  # fmt: skip


@pytest.mark.parametrize(("name", "status", "gone", "failed"), PUBLISHED, ids=[c[0] for c in PUBLISHED])
def test_published_documents_are_read(
    name: str, status: str, gone: set[str], failed: Mapping[str, str]
) -> None:
    """Documents in the published form: state, numbers that went, and errors by number."""
    told = read_told(parse((DOCUMENTS / name).read_bytes()), "a")
    assert (told.status, set(told.disconnected), told.failed) == (status, gone, failed)


# ---- laws ----------------------------------------------------------------------------------------

NUMBERS = (A, B, "9195550123")
some = st.frozensets(st.sampled_from(NUMBERS))
standings = st.builds(
    Standing,
    st.sampled_from(["", "Inservice", "InAccount", "Aging", "Available", "Reserved"]),
    ours=st.booleans(),
)
told_ones = st.none() | st.builds(
    Told,
    st.just("a"),
    st.sampled_from(["", "RECEIVED", "COMPLETE", "PARTIAL", "FAILED"]),
    some,
    some.map(lambda numbers: dict.fromkeys(sorted(numbers), "5006 no")),
)


@given(told=told_ones, seen=st.dictionaries(st.sampled_from(NUMBERS), standings))
def test_every_number_has_one_fate(told: Told | None, seen: dict[str, Standing]) -> None:
    """Gone is released; in service never is; lost is undetermined until it is gone; none is left out."""
    found = became(NUMBERS, told, seen, Released())
    parts = [*found.released, *found.refused, *found.pending, *found.unknown]
    assert sorted(parts) == sorted(NUMBERS)
    for number, standing in seen.items():
        assert not standing.gone or number in found.released
        assert not standing.in_service or number not in found.released
    if told is None:
        assert set(found.released) | set(found.unknown) == set(NUMBERS)


@given(st.fixed_dictionaries(dict.fromkeys(NUMBERS, standings)))
def test_only_numbers_in_service_here_are_sent(seen: dict[str, Standing]) -> None:
    """Each number is sent, gone, or says why neither; a number sent is one whose loss would be seen."""
    wanted = Disconnect("1", "17", "5", NUMBERS, "rel-1")
    sent, before = sorted_out(wanted, seen)
    assert sorted([*sent, *before.released, *before.refused]) == sorted(NUMBERS)
    assert all(
        seen[number].in_service and fate(number, None, seen[number]).name == "UNKNOWN" for number in sent
    )
