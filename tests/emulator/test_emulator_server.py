"""The emulator on a socket: one whole set-up with httpx, kept-alive connections, many threads."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from caller import ACCOUNT, ADDRESS, MMS, by_area_code, order, sms
from lxml import etree

from reconciler.emulator import Emulator, Server, serve


@pytest.fixture
def emulator() -> Emulator:
    """An empty account whose orders are carried out at the first look."""
    return Emulator(order_seconds=0)


@pytest.fixture
def server(emulator: Emulator) -> Iterator[Server]:
    """The account on a free port."""
    with serve(emulator) as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """A client that is let in."""
    with httpx.Client(base_url=f"{server.url}/api/v1{ACCOUNT}", auth=("user", "password")) as one:
        yield one


def made(client: httpx.Client, path: str, body: str) -> str:
    """The id of what a POST made."""
    reply = client.post(path, content=body, headers={"Content-Type": "application/xml"})
    assert reply.status_code == 201, reply.text
    return str(reply.headers.get("Location", "")).rpartition("/")[2]


def test_the_documented_set_up_end_to_end(client: httpx.Client) -> None:
    """Application, sub-account, location, SMS, MMS, assignment, order and its number, over HTTP."""
    url = "<InboundCallbackUrl>https://a.example</InboundCallbackUrl>"
    app = made(client, "/applications", f"<Application><AppName>a</AppName>{url}</Application>")
    site = made(client, "/sites", f"<Site><Name>s</Name>{ADDRESS}</Site>")
    peer = made(client, f"/sites/{site}/sippeers", "<SipPeer><PeerName>p</PeerName></SipPeer>")
    at = f"/sites/{site}/sippeers/{peer}"
    made(client, f"{at}/products/messaging/features/sms", sms())
    made(client, f"{at}/products/messaging/features/mms", MMS)
    body = f"<ApplicationsSettings><HttpMessagingV2AppId>{app}</HttpMessagingV2AppId></ApplicationsSettings>"
    client.put(
        f"{at}/products/messaging/applicationSettings",
        content=body,
        headers={"Content-Type": "application/xml"},
    ).raise_for_status()
    placed = made(client, "/orders", order(by_area_code(), site=site))
    done = etree.fromstring(client.get(f"/orders/{placed}").content)
    assert done.findtext("OrderStatus") == "COMPLETE"
    number = done.findtext("CompletedNumbers/TelephoneNumber/FullNumber") or "none"
    assert number in client.get(f"{at}/tns").text


def test_a_token_is_bought_and_used(server: Server) -> None:
    """The token endpoint works over HTTP, form and Basic header as clients send them."""
    granted = httpx.post(
        f"{server.url}/api/v1/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=("client", "secret"),
    ).json()
    bearer = {"Authorization": f"Bearer {granted['access_token']}"}
    assert httpx.get(f"{server.url}/api{ACCOUNT}/sites", headers=bearer).status_code == 200


def test_connections_are_kept_alive(server: Server) -> None:
    """Two requests with bodies, one of them refused unread, are answered on one connection."""
    host, _, port = server.url.removeprefix("http://").partition(":")
    request = b"POST /api/nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n<a/>"
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(request + request)
        received = b""
        while received.count(b"HTTP/1.1 404") < 2:
            received += connection.recv(65536)
    assert b"Connection: close" not in received


@pytest.mark.parametrize("length", ["abc", "-1"])
def test_a_body_of_unknown_length_ends_the_connection(server: Server, length: str) -> None:
    """What cannot be told from the next request is answered once, and the connection closed."""
    host, _, port = server.url.removeprefix("http://").partition(":")
    request = f"POST /api/nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\n\r\n<a/>"
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(request.encode())
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received.count(b"HTTP/1.1 ") == 1


def test_a_chunked_body_is_read(client: httpx.Client) -> None:
    """A body sent in chunks is read like any other."""
    body = f"<Site><Name>s</Name>{ADDRESS}</Site>".encode()
    headers = {"Content-Type": "application/xml"}
    reply = client.post("/sites", content=iter([body[:9], body[9:]]), headers=headers)
    assert reply.status_code == 201


def test_many_threads_make_what_they_asked_for(client: httpx.Client, emulator: Emulator) -> None:
    """Forty sub-accounts made by eight threads are forty, each with an id of its own."""

    def make(number: int) -> str:
        return made(client, "/sites", f"<Site><Name>s{number}</Name>{ADDRESS}</Site>")

    with ThreadPoolExecutor(8) as threads:
        ids = set(threads.map(make, range(40)))
    assert len(ids) == 40
    assert set(emulator.dump()["sites"]) == ids


def test_a_client_that_hangs_up_is_no_fault(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    """A connection dropped in mid-request leaves no trace on the terminal, and the server serving."""
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(b"POST /api/x HTTP/1.1\r\nHost: h\r\nContent-Length: 99\r\n\r\n<a")
    assert httpx.get(f"{server.url}/api").status_code == 404
    assert capfd.readouterr().err == ""


def exchanged(server: Server, *requests: str) -> bytes:
    """All that a connection answers to the requests before it ends."""
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        for request in requests:
            connection.sendall(request.encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def get(path: str, *headers: str) -> str:
    """A request as it is sent, with credentials."""
    basic = base64.b64encode(b"user:password").decode()
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", f"Authorization: Basic {basic}", *headers]
    return "\r\n".join([*lines, "", ""])


@pytest.mark.parametrize("fault", ["drop-before", "drop-after", "stall-before=0.05", "stall-after=0.05"])
def test_a_dropped_connection_ends_without_a_byte(fault: str, emulator: Emulator, server: Server) -> None:
    """Where a fault drops the connection not a byte comes, and the connection ends."""
    emulator.fail(fault)
    assert exchanged(server, get(f"/api{ACCOUNT}/sites")) == b""


@pytest.mark.parametrize(("fault", "sent"), [("truncate=5", b"<?xml"), ("truncate=0", b"")])
def test_a_truncated_body_is_shorter_than_it_says(
    fault: str, sent: bytes, emulator: Emulator, server: Server
) -> None:
    """The head is whole and tells the length of the document, of which the beginning comes."""
    emulator.fail(fault)
    head, _, body = exchanged(server, get(f"/api{ACCOUNT}/sites")).partition(b"\r\n\r\n")
    (length,) = [line for line in head.split(b"\r\n") if line.startswith(b"Content-Length: ")]
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert body == sent
    assert int(length.split()[1]) > len(sent)


def test_a_stalled_answer_ends_with_the_server(emulator: Emulator) -> None:
    """Closing the server ends the connections that wait for an answer."""
    emulator.fail("stall-before=600")
    with serve(emulator) as server:
        host, _, port = server.url.removeprefix("http://").partition(":")
        connection = socket.create_connection((host, int(port)), timeout=5)
        connection.sendall(get(f"/api{ACCOUNT}/sites").encode())
        wait_until(lambda: len(emulator.log) == 1)
    with connection:
        assert connection.recv(1) == b""


def wait_until(holds: Callable[[], bool]) -> None:
    """Looks until something holds, ten seconds at most."""
    for _ in range(1000):
        if holds():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never came")


ADDRESSES = (
    ("127.0.0.1", "http://127.0.0.1:", False),
    ("localhost", "http://localhost:", False),
    ("0.0.0.0", "http://127.0.0.1:", True),
    ("::1", "http://[::1]:", False),
    ("::", "http://[::1]:", True),
)


@pytest.mark.parametrize(("host", "origin", "is_open"), ADDRESSES)
def test_the_origin_can_be_called(host: str, origin: str, is_open: bool, emulator: Emulator) -> None:
    """The URL is one of this machine's, in brackets where it is of IPv6; whether others get in is told."""
    if ":" in host and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    with serve(emulator, host=host) as server:
        assert (server.url.rpartition(":")[0] + ":", server.is_open) == (origin, is_open)
        assert httpx.get(f"{server.url}/api").status_code == 404


def has_ipv6() -> bool:
    """Whether ::1 can be listened on."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True
