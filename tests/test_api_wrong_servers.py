"""Wrong servers over real sockets: each is one clear error, in time, and gets only its due."""

from __future__ import annotations

import io
from base64 import b64encode

import pytest
from wrong_servers import (
    TOKEN,
    WRONG,
    answer,
    closed_port,
    external_entity,
    redirecting,
    saying,
    serving,
)

from reconciler.api import errors
from reconciler.api.auth import Basic, ClientCredentials
from reconciler.api.client import Writer, open_reader, open_writer
from reconciler.api.endpoints import Endpoints, resolve_endpoints
from reconciler.api.repeats import Repeats
from reconciler.api.trace import Trace
from reconciler.document import Node, leaf

PATH = "/accounts/42/sites"
BASIC = Basic("canary-user-81ac", "canary-password-93fe")
CLIENT = ClientCredentials("canary-client-07bd", "canary-secret-46ea")
TIMEOUT = 0.4


def writer(url: str, credentials: Basic | ClientCredentials = BASIC, timeout: float = 5) -> Writer:
    """Open a client of the server at `url`."""
    repeats = Repeats(pause=lambda _: None)
    return open_writer(resolve_endpoints(url, {}), credentials, timeout=timeout, repeats=repeats)


# What the server does; the exception; whether a POST is lost; what the message says after
# "GET /accounts/42/sites: ".
CASES = [
    ("401", errors.Unauthorised, False, "401 not authorised"),
    ("403", errors.Forbidden, False, "403 forbidden"),
    ("404", errors.NotFound, False, "404 not found"),
    ("500", errors.ServerFailed, True, "500 server error: Oops \\x1b[31m"),
    ("503", errors.ServerFailed, True, "503 server error: Sign in Sign in, please"),
    ("a web page", errors.Unreadable, True, "200 with text/html instead of XML: Sign in"),
    ("truncated XML", errors.Unreadable, True, "200 with XML that cannot be read: "),
    ("a short body", errors.Dropped, True, "the connection broke: "),
    ("an entity bomb", errors.Unreadable, True, "200 with XML "),
    ("an entity bomb in an attribute", errors.Unreadable, True, "200 with XML "),
    ("an external entity", errors.Unreadable, True, "200 with XML with a DOCTYPE"),
    ("silence", errors.TimedOut, True, "no whole answer within 0.4 s"),
    ("a dripping body", errors.TimedOut, True, "no whole answer within 0.4 s"),
    ("dripping headers", errors.TimedOut, True, "no whole answer within 0.4 s"),
    ("a hang-up", errors.Dropped, True, "the connection broke: "),
    ("something that is not HTTP", errors.Dropped, True, "the connection broke: "),
    ("a gzip bomb", errors.Unreadable, True, "answered more than 64 MB"),
    ("a bomb in a bomb", errors.Unreadable, True, "answered in a content coding"),
    ("broken gzip", errors.Unreadable, True, "the answer cannot be unpacked: "),
]
SLOW = {"silence", "a dripping body", "dripping headers"}


@pytest.mark.parametrize(("name", "kind", "lost", "says"), CASES, ids=[case[0] for case in CASES])
def test_a_wrong_answer_is_one_error(name: str, kind: type[errors.ApiError], lost: bool, says: str) -> None:
    """Each wrong answer raises its own exception, in one line, without credentials."""
    timeout = TIMEOUT if name in SLOW else 5
    with serving(WRONG[name]) as server, writer(server.url, timeout=timeout) as client:
        with pytest.raises(errors.ApiError) as caught:
            client.get(PATH)
        with pytest.raises(errors.ApiError) as sent:
            client.send("POST", PATH, Node("Site"), fresh=True)
    message = str(caught.value)
    assert type(caught.value) is kind
    assert message.startswith(f"GET {PATH}: {says}")
    assert message.isprintable()
    assert "canary" not in message + repr(caught.value)
    assert (type(sent.value), sent.value.lost) == (kind, lost)


def test_an_empty_body_is_an_answer_without_a_document() -> None:
    """200 without a body is what several writes of the API answer, and no error."""
    with serving(saying(answer(200))) as server, writer(server.url) as client:
        assert client.get(PATH).document is None


def test_a_closed_port_was_sent_nothing() -> None:
    """A refused connection is Unreachable, and a POST over it is not lost."""
    with writer(closed_port()) as client, pytest.raises(errors.Unreachable) as caught:
        client.send("POST", PATH, Node("Site"))
    assert not caught.value.lost
    assert "no connection to 127.0.0.1" in str(caught.value)
    assert "--api-url" in caught.value.hint


def test_a_stalled_handshake_was_sent_nothing() -> None:
    """A connection that is not there in time is Unreachable, and a POST over it is not lost."""
    with serving(WRONG["silence"]) as server:
        url = server.url.replace("http:", "https:")
        with writer(url, timeout=TIMEOUT) as client, pytest.raises(errors.Unreachable) as caught:
            client.send("POST", PATH, Node("Site"))
    assert str(caught.value) == f"POST {PATH}: no connection within 0.4 s"
    assert not caught.value.lost


def test_a_host_without_a_name_is_unreachable() -> None:
    """A host that does not resolve is Unreachable."""
    endpoints = Endpoints("https://nobody.invalid/api", "https://nobody.invalid/token")
    with open_reader(endpoints, BASIC, timeout=5) as client, pytest.raises(errors.Unreachable):
        client.get(PATH)


def test_another_host_gets_nothing() -> None:
    """A redirect to another host, here another port, is refused before that host hears of it."""
    with (
        serving(saying(answer(200, b"<S/>"))) as other,
        serving(redirecting(other.url + "/api" + PATH)) as server,
        writer(server.url, CLIENT) as client,
    ):
        with pytest.raises(errors.Redirected, match=r"302 redirected to 127\.0\.0\.1, which is"):
            client.get(PATH)
        assert (len(server.calls), other.requests) == (1, [])


def test_an_external_entity_is_not_fetched() -> None:
    """Nobody is asked for what a document's DTD names."""
    with serving(saying(answer(200, b"x"))) as other:
        document = answer(200, external_entity(other.url + "/x.dtd"), "Content-Type: text/xml")
        with (
            serving(saying(document)) as server,
            writer(server.url) as client,
            pytest.raises(errors.Unreadable),
        ):
            client.get(PATH)
        assert other.requests == []


def test_a_redirect_loop_ends() -> None:
    """A GET follows five redirects within its origin, then gives up; a POST follows none."""
    with serving(WRONG["a redirect to itself"]) as server, writer(server.url) as client:
        with pytest.raises(errors.Redirected, match="more than 5 times") as read:
            client.get(PATH)
        assert not read.value.lost
        assert len(server.requests) == 6
        with pytest.raises(errors.Redirected, match="though it writes") as sent:
            client.send("POST", PATH, Node("Site"))
        assert sent.value.lost
        assert len(server.requests) == 7


def test_a_stalled_token_endpoint_loses_no_order() -> None:
    """Whatever goes wrong with the token, the call was not sent: Unauthorised, naming its URL."""
    with serving(WRONG["silence"]) as tokens, serving(saying(answer(201))) as api:
        endpoints = Endpoints(api.url + "/api", tokens.url + "/slow")
        with (
            open_writer(endpoints, CLIENT, timeout=TIMEOUT) as client,
            pytest.raises(errors.Unauthorised) as caught,
        ):
            client.send("POST", PATH, Node("Site"))
        assert str(caught.value) == f"no token: POST {tokens.url}/slow: no whole answer within 0.4 s"
        assert not caught.value.lost
        assert api.requests == []


@pytest.mark.parametrize("status", [302, 307])
def test_a_token_endpoint_that_redirects_is_not_followed(status: int) -> None:
    """The client's secret goes to the configured token URL and nowhere else."""
    with serving(saying(answer(200))) as other, serving(redirecting(other.url, status)) as tokens:
        endpoints = Endpoints(tokens.url + "/api", tokens.url + "/moved")
        with (
            open_reader(endpoints, CLIENT, timeout=5) as client,
            pytest.raises(errors.Unauthorised, match=f"{status} without a token"),
        ):
            client.get(PATH)
        assert other.requests == []


PASSWORD = "canary-hook-<&>-2f6b"
IN_XML = b"canary-hook-&lt;&amp;&gt;-2f6b"
# Answers that repeat a request's password, %s being the credential that the request came with.
ECHOES = [
    answer(400, f"<Password>{PASSWORD}</Password> {PASSWORD} %s".encode(), "X-Echo: %s"),
    answer(
        400,
        b"<R><ErrorCode>1003</ErrorCode><Description>%s or " + IN_XML + b"</Description></R>",
        "Set-Cookie: a=canary-cookie",
    ),
    answer(400, b"<R><a:Password><![CDATA[canary-ho", "Content-Type: text/xml"),
    answer(200, b"<R><password>canary-ho"),
]


@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize("credentials", [BASIC, CLIENT])
def test_secrets_reach_the_server_and_nothing_else(
    echo: bytes, credentials: Basic | ClientCredentials
) -> None:
    """A password arrives; errors, `-v` and `--trace` show neither it nor a credential."""
    file, lines = io.StringIO(), list[str]()
    body = Node("Application", "", (leaf("CallbackPassword", PASSWORD),))
    header = _authorization(credentials)
    said = echo.replace(b"%s", header.split()[-1])
    said = said.replace(b"Content-Length", b"X-Length")  # the credential made it longer
    with serving(saying(said)) as server:
        endpoints = resolve_endpoints(server.url, {})
        trace = Trace(file, lines.append)
        with (
            open_writer(endpoints, credentials, trace=trace) as client,
            pytest.raises(errors.ApiError) as caught,
        ):
            client.send("POST", PATH, body)
    assert header in server.calls[0]
    assert IN_XML in server.calls[0]
    error = caught.value
    assert "canary" not in f"{error} {error.description} {error.hint} {lines} {file.getvalue()}"
    assert header.split()[-1].decode() not in f"{error} {error.description} {file.getvalue()}"
    assert "CallbackPassword>[redacted]</CallbackPassword" in file.getvalue()
    assert lines[-1].startswith(f"POST {PATH} {error.status} ")


def _authorization(credentials: Basic | ClientCredentials) -> bytes:
    if isinstance(credentials, ClientCredentials):
        return b"Authorization: Bearer " + TOKEN.encode()
    pair = f"{credentials.username}:{credentials.password}".encode()
    return b"Authorization: Basic " + b64encode(pair)
