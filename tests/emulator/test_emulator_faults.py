"""Faults: each kind in process and over a socket, in what words they are said, and to which requests."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from caller import ORDERS, PEER, SITES, World, by_area_code, furnished, order
from lxml import etree
from worlds import SITE, WAYS, reached, sites

from reconciler.emulator import Fault
from reconciler.emulator.faults.fault import KINDS
from reconciler.emulator.faults.words import document_of, fault_from, faults_from, faults_in


@dataclass(frozen=True)
class Case:
    """A fault met by the POST of a sub-account: what is seen, whether it was made, what the answer has."""

    fault: str
    seen: int | str
    made: bool
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


CASES = (
    Case("latency=0", 201, made=True, body=b"SiteResponse"),
    Case("stall-before", "silence", made=False),
    Case("stall-after", "silence", made=True),
    Case("drop-before", "dropped", made=False),
    Case("drop-after", "dropped", made=True),
    Case("error-before", 500, made=False, body=b"This 500 was asked for"),
    Case("error-before=502 body=Bad", 502, made=False, body=b"Bad"),
    Case("error-before code=12016", 404, made=False, body=b"<SiteResponse><ResponseStatus><ErrorCode>12016<"),
    Case("error-after", 500, made=True, body=b"This 500 was asked for"),
    Case("error-after=503 code=1003", 503, made=True, body=b"<ErrorCode>1003<"),
    Case("refuse", 503, made=False),
    Case("e911-down", 503, made=False, body=b"<SiteResponse><ResponseStatus><ErrorCode>13566<"),
    Case("forbidden", 403, made=False),
    Case("html", 200, made=False, body=b"<!DOCTYPE html>", headers=(("Content-Type", "text/html"),)),
    Case("html=502", 502, made=False, body=b"<!DOCTYPE html>"),
    Case(
        "limit=60",
        429,
        made=False,
        headers=(("X-RateLimit-Reset", "1700000060"), ("Content-Length", "0"), ("Connection", "close")),
    ),
    Case("empty", 200, made=True),
    Case("truncate", "dropped", made=True),
    Case("truncate=0", "dropped", made=True),
    Case("truncate=10", "dropped", made=True),
)
READS = (
    Case("redirect", 303, made=False, headers=(("Location", f"/api{SITES}"),)),
    Case("truncate", "dropped", made=False),
    Case("empty", 200, made=False),
    Case("lag=2 GET sites", 200, made=False, body=b"<Sites/>"),
)
ELSEWHERE = {"repeat-page", "miss-page"}


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fault)
def test_what_a_fault_does_to_a_write(case: Case, how: str) -> None:
    """Each kind answers as it says, and the write is done or not as it says, in process and on a socket."""
    with reached(how, World({"faults": [case.fault]})) as account:
        seen = account.send("POST", SITES, SITE)
        assert_seen(seen, case)
        assert sites(account) == case.made


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("case", READS, ids=lambda case: case.fault)
def test_what_a_fault_does_to_a_read(case: Case, how: str) -> None:
    """Each kind answers a read as it says, in process and on a socket."""
    with reached(how, World({"faults": [case.fault]})) as account:
        account.send("POST", ORDERS, "<Order/>")
        assert_seen(account.send("GET", SITES), case)


def assert_seen(seen: Any, case: Case) -> None:
    """What was seen is what the case says."""
    assert seen.what == case.seen
    assert (case.body in seen.body) if case.body else seen.body == b""
    for name, value in case.headers:
        assert value in seen.headers[name]


def test_every_kind_is_tried() -> None:
    """No kind is missing from the cases."""
    assert {fault_from(case.fault).what for case in (*CASES, *READS)} | ELSEWHERE == KINDS.keys()


@pytest.mark.parametrize("how", WAYS)
def test_a_connection_lives_on_where_it_was_not_dropped(how: str) -> None:
    """After a fault that is over the same account answers again."""
    with reached(how, World({"faults": ["drop-after POST nth=1", "error-before GET nth=1"]})) as account:
        seen = [account.send(*each).what for each in (("POST", SITES, SITE), ("GET", SITES), ("GET", SITES))]
    assert seen == ["dropped", 500, 200]


def test_a_latency_waits_outside_the_account() -> None:
    """A late answer waits as the emulator was told to, and shows the account as it then is."""
    waited: list[float] = []
    world = World({"faults": ["latency=2.5 GET times=1", "latency GET times=1"], "sleep": waited.append})
    world.call("GET", SITES)
    world.call("GET", SITES)
    assert waited == [3.5]


@pytest.mark.parametrize("code", [5086, 5019])
def test_an_error_after_an_order_has_placed_it(code: int) -> None:
    """A coded 400 answers an order that was placed: the list has it, and it gets its numbers."""
    world = furnished(faults=[f"error-after POST orders code={code}"])
    refused = world.call("POST", ORDERS, order(by_area_code(2)))
    assert (refused.status, refused.code) == (400, code)
    assert refused.texts("ErrorList/Error/Code") == [str(code)]
    world.clock.now += 1
    listed = world.call("GET", f"{ORDERS}?page=1&size=10")
    assert listed.texts("ListOrderIdUserIdDate/OrderIdUserIdDate/OrderStatus") == ["COMPLETE"]


def test_the_log_has_what_was_dropped() -> None:
    """A request without an answer is in the log with status 0; of a truncated one there is what went out."""
    world = World({"faults": ["drop-after POST", "truncate=9 GET"]})
    with reached("in process", world) as account:
        account.send("POST", SITES, SITE)
        account.send("GET", SITES)
    assert [(each.method, each.status, each.response) for each in world.emulator.log] == [
        ("POST", 0, b""),
        ("GET", 200, b"<?xml ver"),
    ]


LINES = (
    ("drop-after POST */orders", Fault(what="drop-after", method="POST", path="*/orders")),
    ("latency=0.5", Fault(what="latency", value=0.5)),
    (
        "error-before=502 WRITE nth=3 times=2",
        Fault(what="error-before", value=502, method="WRITE", nth=3, times=2),
    ),
    ("refuse GET|PUT chance=0.5 seed=7", Fault(what="refuse", method="GET|PUT", chance=0.5, seed=7)),
    (
        "error-after orders code=5086 body='<a b=\"c d\"/>'",
        Fault(what="error-after", path="orders", code=5086, body='<a b="c d"/>'),
    ),
)


@pytest.mark.parametrize(("line", "fault"), LINES, ids=lambda case: case if isinstance(case, str) else "")
def test_a_line_says_a_fault(line: str, fault: Fault) -> None:
    """A line, and the mapping of the same fields, are one fault."""
    assert fault_from(line) == fault
    assert fault_from(document_of(fault)) == fault


WRONG = (
    ("", "is none of latency"),
    ("explode", "is none of latency"),
    ("latency=soon", "soon is not a number"),
    ("latency=-1", "not below 0"),
    ("drop-after=3", "takes no value"),
    ("truncate=1.5", "BYTES is a whole number"),
    ("error-before=99", "STATUS is from 200 to 599"),
    ("refuse GET|FETCH", "a method is one of GET, POST, PUT, PATCH, DELETE, WRITE, ANY"),
    ("refuse /a /b", "path is said twice; expected WHAT"),
    ("refuse nth=2 nth=3", "nth is said twice"),
    ("refuse GET POST", "method is said twice"),
    ("latency=1 value=2", "value is said twice"),
    ("refuse /a|", "a path is empty"),
    ("refuse colour=red", "colour is none of what, value, method, path, nth, "),
    ("refuse nth=0", "nth counts from 1"),
    ("refuse times=0", "times is at least 1"),
    ("refuse chance=2", "chance is from 0 to 1"),
    ("refuse code=5086", "takes neither code nor body"),
    ("error-after code=4", "is no error that the emulator knows"),
    ("refuse nth=1.5", "1.5 is not a number"),
)


@pytest.mark.parametrize(("line", "words"), WRONG, ids=lambda case: case)
def test_a_senseless_line_is_refused(line: str, words: str) -> None:
    """What makes no sense is a ValueError that says why."""
    with pytest.raises(ValueError, match=re.escape(words)):
        fault_from(line)


FILES = {
    "list.yaml": "- drop-after POST orders\n- {what: lag, value: 3}\n",
    "named.yaml": "faults:\n  - drop-after POST orders\n  - what: lag\n    value: 3\n",
    "list.json": '["drop-after POST orders", {"what": "lag", "value": 3}]',
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_says_faults(name: str, tmp_path: Path) -> None:
    """A YAML or JSON file holds lines and mappings."""
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    assert faults_in(tmp_path / name) == (fault_from("drop-after POST orders"), fault_from("lag=3"))


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("refuse", "expected a list"),
        ({"fault": []}, "expected a list"),
        (["refuse", 3], "fault 2: expected a line or a mapping"),
        ([{"what": "refuse", "nth": True}], "fault 1: nth: True is not a number"),
        ([{"what": "refuse", "path": None}], "fault 1: path: None is no value"),
        ([{"what": "limit", "valu": 3}], "fault 1: valu is none of what, value, method, path, nth, "),
        ([{"value": 3}], "fault 1: what is missing: expected WHAT"),
        (
            ["explode", "refuse", "lag=x"],
            "fault 1: explode: is none of .*\nfault 3: value: x is not a number",
        ),
    ],
)
def test_a_senseless_file_is_refused(document: object, words: str) -> None:
    """What makes no sense is a ValueError with the number of the entry."""
    with pytest.raises(ValueError, match=words):
        faults_from(document)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("error-before=502", 502),
        (Fault(what="lag", value=3.0), 3),
        ("latency=0.5", 0.5),
        ("latency=0", 0),
    ],
    ids=str,
)
def test_a_whole_value_is_told_as_such(fault: str | Fault, told: float) -> None:
    """A value without a fraction is told as a whole number, and is the same fault when it is said again."""
    document = document_of(fault_from(fault))
    assert json.dumps(document["value"]) == json.dumps(told)
    assert fault_from(document) == fault_from(fault)


def test_the_log_says_which_faults_met_a_request() -> None:
    """An exchange names what happened to it, answered or not; one that was spared names nothing."""
    world = World({"faults": ["error-before=502 GET nth=2", "latency=0 GET", "drop-after POST"]})
    with reached("in process", world) as account:
        for method in ("GET", "GET", "POST", "DELETE"):
            account.send(method, SITES, SITE)
    assert [each.fault for each in world.emulator.log] == [
        "latency=0",
        "error-before=502, latency=0",
        "drop-after",
        "",
    ]


def statuses(world: World, *calls: tuple[str, str]) -> list[int]:
    """The statuses of calls without documents."""
    return [world.call(method, path).status for method, path in calls]


PATHS = (
    ("refuse", SITES, True),
    ("refuse sites", SITES, True),
    ("refuse Sites", SITES, True),
    ("refuse */sites", SITES, True),
    ("refuse /accounts/*/sites", SITES, True),
    ("refuse /accounts/*/sites", f"{SITES}/1/sites", False),
    ("refuse /sites", SITES, False),
    ("refuse orders|sites", SITES, True),
    ("refuse sites", f"{SITES}/1001", False),
    ("refuse sites/*", f"{SITES}/1001", True),
    ("refuse POST", SITES, False),
    ("refuse GET|POST sites", SITES, True),
)


@pytest.mark.parametrize(("line", "path", "meets"), PATHS)
def test_to_which_requests_a_fault_happens(line: str, path: str, meets: bool) -> None:
    """Method and path say which: a path from its beginning where it has a slash, else its end."""
    assert (World({"faults": [line]}).call("GET", path).status == 503) == meets


def test_nth_and_times_count_the_requests_that_a_fault_is_about() -> None:
    """The second and third write are refused; reads, and the fetching of a token, do not count."""
    world = World({"faults": ["refuse WRITE nth=2 times=2"]})
    calls = [
        ("POST", SITES),
        ("GET", SITES),
        ("DELETE", f"{SITES}/1"),
        ("PUT", f"{SITES}/1"),
        ("POST", SITES),
    ]
    assert statuses(world, ("POST", "/oauth2/token"), *calls) == [401, 400, 200, 503, 503, 400]


def test_nth_alone_is_once() -> None:
    """A fault of the nth request happens to no other."""
    world = World({"faults": ["refuse nth=2"]})
    assert statuses(world, *[("GET", SITES)] * 4) == [200, 503, 200, 200]


def test_the_token_is_spared_unless_named() -> None:
    """A fault without a path leaves the token alone; one that names it does not."""
    assert statuses(World({"faults": ["refuse"]}), ("POST", "/oauth2/token")) == [401]
    assert statuses(World({"faults": ["refuse token"]}), ("POST", "/oauth2/token")) == [503]


def test_chance_is_a_dice_that_repeats() -> None:
    """Some of many requests fail, and with the same seed the same ones."""
    runs = [
        statuses(World({"faults": [f"refuse chance=0.5 seed={seed}"]}), *[("GET", SITES)] * 40)
        for seed in (1, 1, 2)
    ]
    assert runs[0] == runs[1] != runs[2]
    assert 5 < runs[0].count(503) < 35


def test_faults_are_added_and_taken_back() -> None:
    """Faults can be added at any time, are listed in order, and can be cleared."""
    world = World()
    world.emulator.fail("refuse")
    world.emulator.fail(Fault(what="forbidden"))
    assert [fault.what for fault in world.emulator.faults] == ["refuse", "forbidden"]
    assert statuses(world, ("GET", SITES)) == [503]
    world.emulator.faults.clear()
    assert (statuses(world, ("GET", SITES)), len(world.emulator.faults)) == ([200], 0)


def test_faults_add_up() -> None:
    """The first that prevents a request answers it, and a later one that was met as well has counted it."""
    world = World({"faults": ["refuse nth=1", "forbidden nth=2"]})
    assert statuses(world, *[("GET", SITES)] * 3) == [503, 403, 200]


def peopled(*faults: str, **options: Any) -> World:
    """A location with three numbers, ordered one by one; faults are added afterwards."""
    world = furnished(**options)
    for _ in range(3):
        world.order(by_area_code())
    for fault in faults:
        world.emulator.fail(fault)
    return world


def followed(world: World) -> list[str]:
    """The ids of the orders, page after page of one, by the links, five pages at most."""
    found, page = [], "1"
    for _ in range(5):
        reply = world.call("GET", f"{ORDERS}?page={page}&size=1").tree
        found += [_id(row) for row in reply.iter("OrderIdUserIdDate")]
        link = reply.findtext(".//Links/next") or ""
        if "page=" not in link:
            return found
        page = link.partition("page=")[2].partition("&")[0]
    return found


def _id(row: etree._Element) -> str:
    return row.findtext("orderId") or row.findtext("OrderId") or ""


def counted(world: World) -> list[str]:
    """The numbers of the location, page after page of one, by counting, five pages at most."""
    found: list[str] = []
    for page in range(1, 6):
        rows = world.call("GET", f"{PEER}/tns?page={page}&size=1")
        numbers = [each.text or "" for each in rows.tree.iter("FullNumber")]
        if not numbers:
            return found
        found += numbers
    return found


PAGES = (
    ("repeat-page nth=1", [0, 0, 1, 2], [0, 0, 2]),
    ("repeat-page nth=2", [0, 1, 0, 1, 2], [0, 1, 0]),
    ("miss-page nth=1", [1, 2], [1, 1, 2]),
    ("miss-page nth=2", [0, 2], [0, 2, 2]),
    ("miss-page nth=3", [0, 1, 2], [0, 1]),
)


@pytest.mark.parametrize(("line", "by_links", "by_counting"), PAGES, ids=str)
def test_pages_are_repeated_or_missing(line: str, by_links: list[int], by_counting: list[int]) -> None:
    """A page that comes again, or is left out, is so for lists with links and for those that are counted."""
    for read, expected in ((followed, by_links), (counted, by_counting)):
        world = peopled()
        whole = read(world)
        assert len(whole) == 3
        world.emulator.fail(line)
        assert read(world) == [whole[place] for place in expected]
