"""The client: what leaves it, what comes back, and what it refuses to do."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from api_server import BASIC, CLIENT, SITES, Server

from reconciler.api import errors
from reconciler.api.client import Reader, Writer, connect, open_reader, open_writer
from reconciler.api.endpoints import Endpoints
from reconciler.api.exchange import GetOnly
from reconciler.api.repeats import Repeats
from reconciler.document import Node, leaf

URL = "https://dashboard.bandwidth.com/api/accounts/42/sites"


def xml(status: int, text: str, **headers: str) -> httpx.Response:
    """Make an answer with a document."""
    return httpx.Response(status, text=text, headers={"Content-Type": "application/xml", **headers})


def ask(answer: httpx.Response, tolerate: tuple[int, ...] = (), errors_are_data: bool = False) -> Node | None:
    """GET the sites from a server that answers so."""
    with open_reader(Endpoints(), BASIC, transport=Server(answer), repeats=Repeats(quota=0)) as reader:
        answered = reader.get(SITES, tolerate=tolerate, errors_are_data=errors_are_data)
        return answered.document


def test_a_read_is_a_get_with_credentials() -> None:
    """GET goes to the API's URL, parameters as text, and the answer comes back as a document."""
    server = Server(xml(200, "<SitesResponse><Sites/></SitesResponse>"))
    with open_reader(Endpoints(), BASIC, transport=server) as reader:
        answer = reader.get(SITES, {"sipPeerDetails": True, "size": 5})
    request = server.calls[0]
    assert (request.method, str(request.url)) == ("GET", URL + "?sipPeerDetails=true&size=5")
    assert request.headers["Authorization"] == "Basic dXNlcjpwYXNzd29yZA=="
    assert request.headers["Accept"] == "application/xml"
    assert request.headers["User-Agent"].startswith("bandwidth-reconciler/")
    assert answer.document == Node("SitesResponse", "", (Node("Sites"),))


def test_a_write_sends_a_document() -> None:
    """A body goes out as UTF-8 XML, and the new id is the last segment of Location."""
    headers = {"Location": "http://other/v1.0/sites/77/", "Date": "Tue, 07 Jul 2026 10:00:00 GMT"}
    server = Server(httpx.Response(201, headers=headers))
    with open_writer(Endpoints(), BASIC, transport=server) as writer:
        answer = writer.send("POST", SITES, Node("Site", "", (leaf("Name", "Zürich & Co"),)))
    request = server.calls[0]
    assert request.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert request.content.endswith("<Site><Name>Zürich &amp; Co</Name></Site>".encode())
    assert (answer.status, answer.document, answer.new_id) == (201, None, "77")
    assert answer.date == datetime(2026, 7, 7, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("location", "new_id"),
    [
        ("https://dashboard.bandwidth.com:443/v1.0/accounts/1/sites/2/sippeers/500709", "500709"),
        ("/accounts/1/orders/f30a31a1-1de4?x=1", "f30a31a1-1de4"),
        ("", None),
        ("https://dashboard.bandwidth.com/", None),
        ("https://dashboard.bandwidth.com", None),
    ],
)
def test_new_id(location: str, new_id: str | None) -> None:
    """The new id comes from Location's path, whatever its host; without a path there is none."""
    server = Server(httpx.Response(201, headers={"Location": location}))
    with open_writer(Endpoints(), BASIC, transport=server) as writer:
        assert writer.send("POST", SITES, None).new_id == new_id


def test_a_body_that_xml_cannot_carry_is_not_sent() -> None:
    """A control character in a field is a ValueError naming its element; nothing leaves."""
    server = Server()
    body = Node("Site", "", (leaf("Name", "a\x07b"),))
    with (
        open_writer(Endpoints(), BASIC, transport=server) as writer,
        pytest.raises(ValueError, match=r"^Name holds characters that XML cannot carry$"),
    ):
        writer.send("POST", SITES, body)
    assert server.calls == []


E1 = "<R><ResponseStatus><ErrorCode>{}</ErrorCode><Description>{}</Description></ResponseStatus></R>"
# Status, body, exception, message, a part of the hint.
FAILURES = [
    (400, E1.format(1003, "Name is required"), errors.Refused,
     "400 refused (error 1003): Name is required", ""),
    (401, "", errors.Unauthorised, "401 not authorised", "check BW_USERNAME and BW_PASSWORD"),
    (403, "", errors.Forbidden, "403 forbidden", "check account 42 (--account, BW_ACCOUNT_ID)"),
    (404, E1.format(4022, "No such account"), errors.NotFound,
     "404 not found (error 4022): No such account", "check account 42 (--account, BW_ACCOUNT_ID)"),
    (405, "", errors.Refused, "405 refused", ""),
    (409, E1.format(12112, "Use another address"), errors.Refused,
     "409 refused (error 12112): Use another address", "the address that Bandwidth recommends"),
    (500, "", errors.ServerFailed, "500 server error", "run it again later"),
    (503, E1.format(13566, "Address service is down"), errors.ServerFailed,
     "503 server error (error 13566): Address service is down", "address service is down"),
    (200, E1.format(5001, "Broken"), errors.Refused,
     "200 with an error in it (error 5001): Broken", ""),
    (400, E1.format("<X/>", "line\none \u202e\u009b31m"), errors.Refused,
     "400 refused: line one \\u202e\\x9b31m", ""),
    (418, '{"errors":[{"a":"b"}]}', errors.Refused, '418 refused: {"errors":[{"a":"b"}]}', ""),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "kind", "says", "hint"), FAILURES)
def test_failures(status: int, body: str, kind: type[errors.ApiError], says: str, hint: str) -> None:
    """Each status and error document has its exception, its line and what to do about it."""
    with pytest.raises(errors.ApiError) as caught:
        ask(xml(status, body))
    error = caught.value
    assert (type(error), str(error)) == (kind, f"GET {SITES}: {says}")
    assert (error.endpoint, error.status) == (f"GET {SITES}", status)
    assert hint in error.hint
    assert (error.document is not None) == body.startswith("<")


def test_an_order_s_errors_are_data() -> None:
    """What finished orders list is returned where it is asked for, and only under 2xx."""
    partial = "<R><ErrorList><Error><Code>5005</Code></Error></ErrorList></R>"
    document = ask(xml(200, partial), errors_are_data=True)
    assert document is not None
    assert document.value("ErrorList/Error/Code") == "5005"
    with pytest.raises(errors.Refused, match="5005"):
        ask(xml(200, partial))
    with pytest.raises(errors.Refused, match="5005") as caught:
        ask(xml(400, partial), errors_are_data=True)
    assert caught.value.document == document


@pytest.mark.parametrize(("body", "document"), [("", None), ("<html>", None), ("<R>x</R>", Node("R", "x"))])
def test_tolerated_statuses_are_answers(body: str, document: Node | None) -> None:
    """A status that the caller expects is returned, its document with it if it can be read."""
    assert ask(xml(404, body), tolerate=(404,)) == document


@pytest.mark.parametrize(
    ("location", "followed"),
    [
        ("/api/other", "https://dashboard.bandwidth.com/api/other"),
        ("https://dashboard.bandwidth.com:443/x", "https://dashboard.bandwidth.com/x"),
        ("http://dashboard.bandwidth.com/api", None),
        ("https://dashboard.bandwidth.com:8443/api", None),
        ("https://bandwidth.com/api", None),
        ("//example.com/api", None),
        ("https://user:password@dashboard.bandwidth.com/api", None),
        ("https://[::1/", None),
        ("", None),
    ],
)
def test_redirects_stay_at_home(location: str, followed: str | None) -> None:
    """A GET follows a redirect only to the scheme, host and port that it was sent to."""
    server = Server(httpx.Response(303, headers={"Location": location}), xml(200, "<R/>"))
    with open_reader(Endpoints(), BASIC, transport=server) as reader:
        if followed:
            assert reader.get(SITES, {"page": 1}).status == 200
        else:
            with pytest.raises(errors.ApiError, match=r"303 redirected|Invalid URL in location"):
                reader.get(SITES)
    urls = [str(request.url) for request in server.calls[1:]]
    assert urls == ([followed] if followed else [])


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def test_a_reader_cannot_write(method: str) -> None:
    """A Reader has no method that sends, and its transport lets nothing pass but GET."""
    server = Server(httpx.Response(200))
    assert not hasattr(Reader, "send")
    with httpx.Client(transport=GetOnly(httpx.Client(transport=server))) as http:
        with pytest.raises(PermissionError, match=f"^{method} on a client that can only read$"):
            http.request(method, URL)
        assert server.calls == []
        assert http.get(URL).status_code == 200


def test_a_run_s_clients_share_a_token() -> None:
    """One connection serves a Reader and a Writer with one token, and outlives both."""
    server = Server(*(httpx.Response(200) for _ in range(3)))
    connection = connect(Endpoints(), CLIENT, transport=server)
    for client in (Reader(connection), Writer(connection)):
        with client:
            client.get(SITES)
    with Writer(connection) as writer:
        writer.send("DELETE", SITES + "/1", None, fresh=True)
    assert [request.headers["Authorization"] for request in server.calls] == ["Bearer token-1"] * 3
    assert len(server.tokens) == 1


def test_a_lent_transport_stays_open() -> None:
    """Closing a client does not close the transport that it was given."""

    class Lendable(httpx.MockTransport):
        closed = 0

        def close(self) -> None:
            self.closed += 1

    transport = Lendable(lambda _: httpx.Response(200))
    with open_writer(Endpoints(), BASIC, transport=transport) as writer:
        writer.send("DELETE", SITES, None, fresh=True)
    assert transport.closed == 0
