"""The page at `/` without a browser: what it serves, to whom, and that no secret is in it."""

from __future__ import annotations

import json
import re
import socket
from dataclasses import dataclass
from typing import Any

import pytest
from caller import ACCOUNT, ADDRESS, APPS, CREDS, PEER, PRODUCTS, SITES, World, by_area_code, furnished, sms
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request, Response

from reconciler.emulator import Emulator, Exchange, serve
from reconciler.emulator.log import Log
from reconciler.emulator.page import Source, respond

FILES = {
    "/": "text/html",
    "/page.css": "text/css",
    "/page.js": "text/javascript",
    "/page/elements.js": "text/javascript",
    "/page/tree.js": "text/javascript",
    "/page/log.js": "text/javascript",
    "/page/place.js": "text/javascript",
    "/page/icon.svg": "image/svg+xml",
}
SECRET = "hunter2-hunter2"
HOSTILE = ("<img src=x onerror=alert(1)>", '"><script>alert(1)</script>', "'; alert(1) //")


@dataclass
class Page:
    """What a browser asks of an emulator for the page."""

    emulator: Emulator

    def get(self, path: str, **query: object) -> TestResponse:
        """The answer to a GET."""
        texts = {name: str(value) for name, value in query.items()}
        return Client(self.emulator).get(path, query_string=texts)

    def news(self, **query: object) -> dict[str, Any]:
        """What /page.json says."""
        found: dict[str, Any] = json.loads(self.get("/page.json", **query).data)
        return found

    def since(self, news: dict[str, Any]) -> dict[str, Any]:
        """What is new after that, asked for as the page does."""
        return self.news(run=news["run"], since=news["next"], tree=news["version"])

    def location(self) -> dict[str, Any]:
        """The first location of the first sub-account."""
        found: dict[str, Any] = self.news()["tree"]["sub_accounts"]["shown"][0]["locations"]["shown"][0]
        return found

    def orders(self) -> list[dict[str, Any]]:
        """The orders, newest first."""
        found: list[dict[str, Any]] = self.news()["tree"]["orders"]["shown"]
        return found


@pytest.mark.parametrize(("path", "kind"), [*FILES.items(), ("/page.json", "application/json")])
def test_what_is_served_is_for_its_own_origin_alone(path: str, kind: str) -> None:
    """Everything comes without credentials, with its type, and closed to other origins and their scripts."""
    answer = Page(Emulator()).get(path)
    assert (answer.status_code, answer.mimetype) == (200, kind)
    policy = dict(each.split(" ", 1) for each in answer.headers["Content-Security-Policy"].split("; "))
    assert policy.pop("default-src") == policy.pop("frame-ancestors") == "'none'"
    assert set(policy.values()) == {"'none'", "'self'"}
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("path", FILES)
def test_the_files_take_nothing_from_elsewhere_and_make_no_markup_of_data(path: str) -> None:
    """No file names another host, and none has a way from data to markup or code."""
    text = Page(Emulator()).get(path).text.replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"https?://|url\(|@import", text) == []
    assert re.findall(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(", text) == []
    assert re.findall(r"\son\w+=|\sstyle=|javascript:", text) == []


def test_every_file_that_is_named_is_served() -> None:
    """What the document, the style and the scripts refer to is there."""
    page = Page(Emulator())
    named = {each for path in FILES for each in re.findall(r'"(/page[\w./]+)[?"]', page.get(path).text)}
    assert {"/page.css", "/page.js", "/page/log.js"} < named
    assert {name for name in named if page.get(name).status_code != 200} == set()


def test_the_page_changes_nothing_and_leaves_no_trace() -> None:
    """Neither a look nor an attempt to write is logged, or moves the account."""
    world = furnished()
    held, heard = world.emulator.dump(), len(world.emulator.log)
    page = Page(world.emulator)
    for path in (*FILES, "/page.json", "/page/exchange.json"):
        page.get(path)
        assert Client(world.emulator).post(path).status_code == 405
    assert world.emulator.dump() == held
    assert len(world.emulator.log) == heard


@pytest.mark.parametrize(
    ("remote", "host", "status"),
    [
        ("127.0.0.1", "127.0.0.1:8080", 200),
        ("127.0.0.1", "localhost:8080", 200),
        ("127.0.0.1", "bandwidth.localhost", 200),
        ("::1", "[::1]:8080", 200),
        ("127.0.0.1", "evil.example", 403),
        ("127.0.0.1", "emulator:8080", 200),
        ("127.0.0.1", "localhost.evil.example:8080", 403),
        ("127.0.0.1", "[::1", 403),
        ("172.17.0.1", "emulator:8080", 200),
    ],
)
def test_a_name_that_was_made_to_point_here_is_refused(remote: str, host: str, status: int) -> None:
    """On loopback the page answers to addresses, localhost and allowed names: no site can rebind its own."""
    answer = Client(Emulator(hosts="emulator")).get(
        "/page.json", headers={"Host": host}, environ_overrides={"REMOTE_ADDR": remote}
    )
    assert answer.status_code == status
    assert ("--allow-host NAME" in answer.text) == (status == 403)


def test_an_empty_account_has_an_empty_tree() -> None:
    """Nothing is there, nothing is left out."""
    news = Page(Emulator()).news()
    assert (news["account"], news["log"], news["next"]) == ("9900000", [], 0)
    assert set(news["tree"].pop("counts").values()) == {0}
    assert news["tree"] == {part: {"count": 0, "shown": []} for part in news["tree"]}


def test_a_location_shows_its_features_by_name() -> None:
    """Features, applications by their names, and numbers by area code; what is off says nothing."""
    world = furnished(order_seconds=0)
    world.call("POST", f"{PRODUCTS}/messaging/features/sms", sms(toll_free="true"))
    world.call(
        "PUT",
        f"{PRODUCTS}/messaging/applicationSettings",
        "<ApplicationsSettings><HttpMessagingV2AppId>{msg}</HttpMessagingV2AppId></ApplicationsSettings>",
    )
    world.call(
        "POST",
        f"{PRODUCTS}/origination/settings",
        "<SipPeerOriginationSettings><VoiceProtocol>HTTP</VoiceProtocol><HttpSettings>"
        "<HttpVoiceV2AppId>{voice}</HttpVoiceV2AppId></HttpSettings></SipPeerOriginationSettings>",
    )
    world.order(by_area_code(2))
    world.order(by_area_code(1, "617"))
    location = Page(world.emulator).location()
    assert {each["name"]: each["says"] for each in location["features"]} == {
        "SMS": "HTTP, toll-free",
        "MMS": "",
        "Messaging application": "texts",
        "Voice origination": "HTTP, application calls",
        "Voice termination": "",
    }
    assert (location["key"], location["name"], location["default"]) == (world.names["peer"], "desk", True)
    numbers = location["numbers"]
    assert numbers["codes"] == [{"code": "919", "count": 2}, {"code": "617", "count": 1}]
    listed = world.call("GET", f"{PEER}/tns", prefix="/api/v2")
    assert numbers["shown"] == listed.texts("SipPeerTelephoneNumbers/SipPeerTelephoneNumber/FullNumber")


def _complete(world: World) -> None:
    world.order(by_area_code(2))


def _received(world: World) -> None:
    world.emulator.hold_orders()
    world.order(by_area_code(2))


def _partial(world: World) -> None:
    world.emulator.partial_next_order(deliver=1)
    world.order(by_area_code(2))


def _failed(world: World) -> None:
    world.emulator.fail_next_order()
    world.order(by_area_code(2))


def _backordered(world: World) -> None:
    world.emulator.partial_next_order(deliver=1)
    world.order(by_area_code(2), extra="<BackOrderRequested>true</BackOrderRequested>")


@pytest.mark.parametrize(
    ("happen", "status", "got", "open_", "errors"),
    [
        (_complete, "COMPLETE", 2, False, []),
        (_received, "RECEIVED", 0, True, []),
        (_partial, "PARTIAL", 1, False, ["5017"]),
        (_failed, "FAILED", 0, False, ["5018"]),
        (_backordered, "BACKORDERED", 1, True, ["5520"]),
    ],
)
def test_an_order_shows_what_became_of_it(
    happen: Any, status: str, got: int, open_: bool, errors: list[str]
) -> None:
    """Status, what was asked and got, and where; while it is open it stands at its location too."""
    world = furnished(order_seconds=0)
    happen(world)
    page = Page(world.emulator)
    (shown_order,) = page.orders()
    expected = {"sort": "order", "status": status, "asked": 2, "got": got, "open": open_, "errors": errors}
    assert {name: shown_order[name] for name in expected} == expected
    assert (shown_order["what"], shown_order["place"]) == ("area code 919", "main / desk")
    assert page.location()["open_orders"] == ([shown_order] if open_ else [])


def test_a_disconnect_is_listed_with_the_orders() -> None:
    """A disconnect says how many numbers it was for; the newest comes first."""
    world = furnished(order_seconds=0)
    world.order(by_area_code(1))
    (number,) = world.emulator.dump()["numbers"]
    listed = f"<TelephoneNumberList><TelephoneNumber>{number}</TelephoneNumber></TelephoneNumberList>"
    kind = "DisconnectTelephoneNumberOrderType"
    path, root = f"{ACCOUNT}/disconnects", "DisconnectTelephoneNumberOrder"
    world.made("gone", path, f"<{root}><Name>d</Name><{kind}>{listed}</{kind}></{root}>")
    world.clock.now += 1
    world.call("GET", f"{path}/{{gone}}")
    disconnect, bought = Page(world.emulator).orders()
    assert (bought["sort"], disconnect["sort"], disconnect["status"]) == ("order", "disconnect", "COMPLETE")
    assert (disconnect["asked"], disconnect["got"], disconnect["what"]) == (1, 1, "")


def test_long_lists_are_summed_up() -> None:
    """Of 2,000 numbers a few are sent, with the count; of 120 sub-accounts a hundred."""
    world = furnished(order_seconds=0)
    world.order(by_area_code(2000))
    for number in range(119):
        world.made("more", SITES, f"<Site><Name>s{number}</Name>{ADDRESS}</Site>")
    page = Page(world.emulator)
    numbers = page.location()["numbers"]
    assert (numbers["count"], len(numbers["shown"])) == (2000, 40)
    sub_accounts = page.news()["tree"]["sub_accounts"]
    assert (sub_accounts["count"], len(sub_accounts["shown"])) == (120, 100)
    assert len(page.get("/page.json").data) < 100_000


def test_only_what_is_new_is_sent() -> None:
    """A second look has the entries since the first; the account stands in it only where it changed."""
    world = furnished()
    page = Page(world.emulator)
    first = page.news()
    assert [entry["key"] for entry in first["log"]] == list(range(first["next"]))
    quiet = page.since(first)
    assert (quiet["log"], quiet["tree"], quiet["next"]) == ([], None, first["next"])
    world.call("GET", SITES)
    read = page.since(quiet)
    assert ([entry["method"] for entry in read["log"]], read["tree"]) == (["GET"], None)
    world.call("DELETE", f"{APPS}/{{voice}}")
    written = page.since(read)
    assert [entry["method"] for entry in written["log"]] == ["DELETE"]
    assert written["tree"]["counts"]["application"] == 1


def test_what_a_test_does_to_the_account_is_seen_too() -> None:
    """A change that came by no request stands in the answer to a look that names no version."""
    world = furnished(order_seconds=0)
    world.order(by_area_code(1))
    page = Page(world.emulator)
    first = page.news()
    world.emulator.release(*world.emulator.dump()["numbers"])
    assert page.since(first)["tree"] is None
    seen = page.news(run=first["run"], since=first["next"], tree="")
    assert (seen["log"], seen["tree"]["counts"]["number"]) == ([], 0)


def test_another_emulator_is_told_from_the_one_before() -> None:
    """A page that was open while the emulator was started again gets everything of the new one."""
    before = Page(furnished().emulator).news()
    again = Page(furnished().emulator).since(before)
    assert again["run"] != before["run"]
    assert (len(again["log"]), again["tree"]) == (again["next"], before["tree"])


@pytest.mark.parametrize("since", ["", "-1", "x", "9" * 40, "2.5"])
def test_a_serial_that_is_none_asks_for_everything(since: str) -> None:
    """A query that somebody made up gets an answer."""
    world = furnished()
    page = Page(world.emulator)
    run = page.news()["run"]
    assert len(page.news(run=run, since=since)["log"]) == len(world.emulator.log)


def test_an_entry_says_how_a_request_was_answered() -> None:
    """Method, path and query, status with its word, the API's error code, the scheme of the credentials."""
    world = World()
    world.call("GET", f"{SITES}/77?x=1")
    world.call("GET", SITES, authorization="")
    failed, refused = Page(world.emulator).news()["log"]
    assert failed["seconds"] >= 0
    assert {
        "method": "GET",
        "path": f"/api{SITES}/77",
        "query": "x=1",
        "at": world.clock.now,
        "status": 404,
        "reason": "Not Found",
        "code": "12016",
        "credentials": "Basic",
    }.items() <= failed.items()
    assert (refused["status"], refused["reason"], refused["credentials"]) == (401, "Unauthorized", "")


def test_an_entry_names_the_fault_that_met_it() -> None:
    """A request that a fault happened to says which, and another says nothing."""
    world = World({"faults": ["refuse GET nth=1"]})
    for _ in range(2):
        world.call("GET", SITES)
    assert [each["fault"] for each in Page(world.emulator).news()["log"]] == ["refuse", ""]


def test_a_connection_that_was_broken_is_told_from_an_answer() -> None:
    """An exchange without an answer has no status, and a word for it."""
    log = Log()
    log.record(Exchange("GET", "/api", "", b"", 0, b"", ""))
    app = Request.application(lambda asked: respond(asked, Source("1", Emulator().dump, log)) or Response())
    (entry,) = json.loads(Client(app).get("/page.json").data)["log"]
    assert (entry["status"], entry["reason"]) == (0, "Connection broken")


def test_a_body_sent_to_the_page_is_not_taken_for_a_request() -> None:
    """What the page leaves unread ends with its connection."""
    smuggled = b"GET /api/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(smuggled)
    emulator = Emulator()
    with serve(emulator) as server:
        port = int(server.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(head + smuggled)
            received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received.startswith(b"HTTP/1.1 405")
    assert received.count(b"HTTP/1.1 ") == 1
    assert emulator.log == []


def test_the_documents_of_an_entry_are_laid_out() -> None:
    """Request and answer come indented, with their sizes; an entry that is gone is a 404."""
    world = furnished()
    page = Page(world.emulator)
    (made,) = [each for each in page.news()["log"] if each["path"].endswith("/sippeers")]
    found = json.loads(page.get("/page/exchange.json", serial=made["key"]).data)
    sent = "<SipPeer><PeerName>desk</PeerName></SipPeer>"
    laid_out = "<SipPeer>\n  <PeerName>desk</PeerName>\n</SipPeer>"
    assert found["request"] == {"text": laid_out, "bytes": len(sent), "left_out": 0}
    assert found["answer"] == {"text": "", "bytes": 0, "left_out": 0}
    assert page.get("/page/exchange.json", serial=10**6).status_code == 404


def test_no_secret_is_on_the_page() -> None:
    """Passwords of callbacks, of the API user and of the client, headers and tokens are nowhere in it."""
    world = World({"password": SECRET, "client_secret": SECRET + "-client"})
    basic = "Basic dXNlcjpodW50ZXIyLWh1bnRlcjI="
    document = (
        f"<Application><AppName>texts</AppName><InboundCallbackUrl>https://u:{SECRET}@a.example/in"
        f"</InboundCallbackUrl><InboundCallbackCreds>{CREDS}</InboundCallbackCreds></Application>"
    )
    world.names["msg"] = world.call("POST", APPS, document, authorization=basic).new_id
    token = json.loads(
        world.call(
            "POST",
            "/oauth2/token",
            f"grant_type=client_credentials&client_secret={SECRET}",
            authorization="Basic Y2xpZW50Omh1bnRlcjItaHVudGVyMi1jbGllbnQ=",
            media_type="application/x-www-form-urlencoded",
        ).body
    )["access_token"]
    world.call("GET", f"{APPS}/{{msg}}", authorization=basic)
    world.call("GET", f"{APPS}?password={SECRET}", authorization=f"Bearer {token}")
    world.call("POST", APPS, f"<Application><AppName>cut</AppName><Password>{SECRET}", authorization=basic)
    page = Page(world.emulator)
    news = page.get("/page.json").text
    documents = [page.get("/page/exchange.json", serial=each["key"]).text for each in json.loads(news)["log"]]
    for secret in (SECRET, "hook-password", basic.split()[1], token, token.split(".")[2]):
        assert [text for text in (news, *documents) if secret in text] == []
    assert any("hook-user" in text for text in documents)


def furnished_with(name: str) -> Page:
    """An account in which everything has that name."""
    world = World()
    text = name.replace("&", "&amp;").replace("<", "&lt;")
    url = "<InboundCallbackUrl>https://a.example</InboundCallbackUrl>"
    world.made("app", APPS, f"<Application><AppName>{text}</AppName>{url}</Application>")
    world.made("site", SITES, f"<Site><Name>{text}</Name>{ADDRESS}</Site>")
    peers = f"{SITES}/{{site}}/sippeers"
    world.made("peer", peers, f"<SipPeer><PeerName>{text}</PeerName></SipPeer>")
    return Page(world.emulator)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_data(name: str) -> None:
    """Names come through whole as text of JSON, which no browser takes for a page."""
    page = furnished_with(name)
    answer = page.get("/page.json")
    assert answer.mimetype == "application/json"
    tree = json.loads(answer.data)["tree"]
    (site,), (app,) = tree["sub_accounts"]["shown"], tree["applications"]["shown"]
    assert (site["name"], site["locations"]["shown"][0]["name"], app["name"]) == (name, name, name)
    assert name.encode() not in page.get("/").data
