"""Credentials and tokens: where they come from, how long they last, and that they stay hidden."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from reconciler.api import errors
from reconciler.api.auth import (
    Basic,
    ClientCredentials,
    Credentials,
    TokenAuth,
    TokenSource,
    credentials_from,
    read_token,
)
from reconciler.api.client import open_reader
from reconciler.api.endpoints import Endpoints
from reconciler.api.trace import Trace
from reconciler.model import Problems

ID, SECRET = {"BW_CLIENT_ID": "id"}, {"BW_CLIENT_SECRET": "canary-secret"}
USER, PASSWORD = {"BW_USERNAME": "user"}, {"BW_PASSWORD": "canary-password"}
CLIENT = ClientCredentials("id", "canary-secret")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        (ID | SECRET, CLIENT),
        (USER | PASSWORD, Basic("user", "canary-password")),
        (ID | SECRET | USER | PASSWORD, CLIENT),
        (USER | PASSWORD | {"BW_CLIENT_ID": ""}, Basic("user", "canary-password")),
    ],
)
def test_credentials(environ: dict[str, str], expected: Credentials) -> None:
    """A whole pair is taken, the OAuth2 client first; empty variables count as unset."""
    assert credentials_from(environ) == expected


@pytest.mark.parametrize(
    ("environ", "messages"),
    [
        ({}, ["there are no credentials in the environment"]),
        (ID, ["BW_CLIENT_ID is set and BW_CLIENT_SECRET is not"]),
        (SECRET | USER | PASSWORD, ["BW_CLIENT_SECRET is set and BW_CLIENT_ID is not"]),
        (ID | SECRET | USER, ["BW_USERNAME is set and BW_PASSWORD is not"]),
        (ID | {"BW_CLIENT_SECRET": ""}, ["BW_CLIENT_ID is set and BW_CLIENT_SECRET is not"]),
        (
            ID | PASSWORD,
            [
                "BW_CLIENT_ID is set and BW_CLIENT_SECRET is not",
                "BW_PASSWORD is set and BW_USERNAME is not",
            ],
        ),
    ],
)
def test_credentials_that_are_not_there(environ: dict[str, str], messages: list[str]) -> None:
    """Half a pair is an error even beside a whole one; every half is reported, with a hint."""
    with pytest.raises(Problems) as caught:
        credentials_from(environ)
    problems = caught.value.problems
    assert [problem.message for problem in problems] == messages
    assert all(problem.hint for problem in problems)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("credentials", [CLIENT, Basic("user", "canary-password")])
def test_credentials_do_not_show(credentials: Credentials) -> None:
    """Neither str nor repr of credentials shows the secret half."""
    assert "canary" not in f"{credentials} {credentials!r}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"access_token": "t", "expires_in": 60}', ("t", 60)),
        ('{"access_token": "t", "expires_in": "60"}', ("t", 60)),
        ('{"access_token": "t"}', ("t", 3600)),
        ('{"access_token": "t", "expires_in": null}', ("t", 3600)),
        ('{"access_token": "t", "expires_in": -1}', ("t", 3600)),
        ('{"access_token": "t", "expires_in": NaN}', ("t", 3600)),
        ('{"access_token": ""}', None),
        ('{"access_token": 7}', None),
        ('{"access_token": "t\\r\\nX: y"}', None),
        ('{"access_token": "t", "expires_in": "soon"}', None),
        ("[]", None),
        ("{}", None),
        ("<html>", None),
        ("", None),
    ],
)
def test_read_token(body: str, expected: tuple[str, float] | None) -> None:
    """A token is a string fit for a header; its lifetime is an hour where none is given."""
    token = read_token(body.encode())
    assert (token and (token.value, token.lifetime)) == expected


class Tokens(httpx.MockTransport):
    """A token endpoint that counts, answers slowly, and fails the first few times."""

    def __init__(self, lifetime: int = 3600, failures: int = 0, seconds: float = 0) -> None:
        super().__init__(self._answer)
        self.requests: list[httpx.Request] = []
        self._lifetime, self._failures, self._seconds = lifetime, failures, seconds

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        time.sleep(self._seconds)
        if len(self.requests) <= self._failures:
            return httpx.Response(400, json={"error": "invalid_client", "echo": "canary-secret"})
        token = f"token-{len(self.requests)}"
        return httpx.Response(200, json={"access_token": token, "expires_in": self._lifetime})


def auth(tokens: Tokens, clock: Callable[[], float] = time.monotonic) -> TokenAuth:
    """Authorise with tokens from there."""
    source = TokenSource("https://tokens.example/t", CLIENT, 5, Trace(), tokens)
    return TokenAuth(source, clock)


def test_the_token_request() -> None:
    """The client's credentials go in a Basic header, the grant type in a form."""
    tokens = Tokens()
    assert auth(tokens).header() == "Bearer token-1"
    request = tokens.requests[0]
    assert (request.method, request.content) == ("POST", b"grant_type=client_credentials")
    assert request.headers["Authorization"] == "Basic aWQ6Y2FuYXJ5LXNlY3JldA=="


def test_one_token_for_all_threads() -> None:
    """Threads that need a token at the same time fetch it once."""
    tokens = Tokens(seconds=0.05)
    authorization = auth(tokens)
    with ThreadPoolExecutor(8) as pool:
        headers = list(pool.map(lambda _: authorization.header(), range(32)))
    assert (set(headers), len(tokens.requests)) == ({"Bearer token-1"}, 1)


def test_one_failure_for_all_threads() -> None:
    """Threads that waited for a token share its failure; who asks later gets a new try."""
    tokens = Tokens(seconds=0.2, failures=1)
    authorization = auth(tokens)
    barrier = threading.Barrier(4)

    def header(_: int) -> str:
        barrier.wait()
        with pytest.raises(errors.Unauthorised) as caught:
            authorization.header()
        return f"{caught.value!r} {caught.value.hint}"

    with ThreadPoolExecutor(4) as pool:
        failures = list(pool.map(header, range(4)))
    assert len(tokens.requests) == 1
    assert len(set(failures)) == 1
    assert "POST https://tokens.example/t: 400 without a token" in failures[0]
    assert "check BW_CLIENT_ID and BW_CLIENT_SECRET" in failures[0]
    assert "canary" not in failures[0]
    assert authorization.header() == "Bearer token-2"


@pytest.mark.parametrize(
    ("lifetime", "after", "token"),
    [(3600, 3539, 1), (3600, 3541, 2), (30, 14, 1), (30, 16, 2)],
)
def test_a_token_is_refreshed_early(lifetime: int, after: float, token: int) -> None:
    """A token is replaced a minute before it expires, a short-lived one at half its life."""
    now = [1000.0]
    authorization = auth(Tokens(lifetime), lambda: now[0])
    authorization.header()
    now[0] += after
    assert authorization.header() == f"Bearer token-{token}"


def test_a_refused_token_is_dropped_once() -> None:
    """Threads whose calls were refused under one token cause one new token between them."""
    tokens = Tokens()
    authorization = auth(tokens)
    refused = authorization.header()
    assert [authorization.expire(refused) for _ in range(3)] == [True] * 3
    assert authorization.header() == "Bearer token-2"
    authorization.expire(refused)
    assert authorization.header() == "Bearer token-2"


@pytest.mark.parametrize(("refusals", "status"), [(1, 200), (2, 401)])
def test_a_401_refreshes_once(refusals: int, status: int) -> None:
    """A call refused under one token is repeated under the next, and no more than that."""
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "tokens.example":
            return httpx.Response(200, json={"access_token": f"token-{len(seen)}"})
        seen.append(request.headers["Authorization"])
        return httpx.Response(401 if len(seen) <= refusals else 200)

    endpoints = Endpoints(token="https://tokens.example/t")
    with open_reader(endpoints, CLIENT, transport=httpx.MockTransport(answer)) as reader:
        assert reader.get("/accounts/1/sites", tolerate=(401,)).status == status
    assert seen == ["Bearer token-0", "Bearer token-1"]


def test_basic_is_refused_for_good() -> None:
    """A 401 under Basic is final: there is no other header to try."""
    calls: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return httpx.Response(401)

    transport = httpx.MockTransport(answer)
    with (
        open_reader(Endpoints(), Basic("user", "canary-password"), transport=transport) as reader,
        pytest.raises(errors.Unauthorised) as caught,
    ):
        reader.get("/accounts/1/sites")
    assert len(calls) == 1
    assert "canary" not in repr(caught.value)
