"""Environment turned into credentials, and credentials into the Authorization of each request.

OAuth2 client credentials first, Basic second: Bandwidth's credentials page announces the end of
Basic API users for 2026-12-02.
"""

from __future__ import annotations

import json
import math
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Protocol

import httpx

from reconciler.api.errors import ApiError, Unauthorised, hint_for
from reconciler.api.exchange import Exchange, open_http
from reconciler.api.trace import Trace
from reconciler.model import Problem, Problems

EARLY = 60.0  # seconds before expiry, as Bandwidth's own clients refresh
LIFETIME = 3600.0  # where `expires_in` is missing, as Bandwidth's CLI assumes


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """An OAuth2 client."""

    client_id: str
    client_secret: str = field(repr=False)
    variables: ClassVar[str] = "BW_CLIENT_ID and BW_CLIENT_SECRET"


@dataclass(frozen=True, slots=True)
class Basic:
    """An API user."""

    username: str
    password: str = field(repr=False)
    variables: ClassVar[str] = "BW_USERNAME and BW_PASSWORD"


Credentials = ClientCredentials | Basic


def credentials_from(environ: Mapping[str, str]) -> Credentials:
    """Take those of BW_CLIENT_ID + BW_CLIENT_SECRET, else of BW_USERNAME + BW_PASSWORD.

    Empty counts as unset. Raises `Problems`: half a pair (even beside a whole one), or none at all.
    """
    pairs = (("BW_CLIENT_ID", "BW_CLIENT_SECRET"), ("BW_USERNAME", "BW_PASSWORD"))
    halves = [problem for pair in pairs for problem in _half(pair, environ)]
    if halves:
        raise Problems(halves)
    client, user = ([environ.get(name, "") for name in pair] for pair in pairs)
    if all(client):
        return ClientCredentials(*client)
    if all(user):
        return Basic(*user)
    hint = "set BW_CLIENT_ID and BW_CLIENT_SECRET, or BW_USERNAME and BW_PASSWORD"
    raise Problems([Problem("there are no credentials in the environment", hint=hint)])


def _half(pair: tuple[str, str], environ: Mapping[str, str]) -> Iterator[Problem]:
    there = [name for name in pair if environ.get(name)]
    missing = [name for name in pair if not environ.get(name)]
    if there and missing:
        hint = f"set {missing[0]} too, or unset {there[0]}"
        yield Problem(f"{there[0]} is set and {missing[0]} is not", hint=hint)


class Authorization(Protocol):
    """What puts credentials on requests; safe to share between threads."""

    @property
    def variables(self) -> str:
        """The environment variables to check when the credentials are refused."""

    @property
    def secrets(self) -> frozenset[str]:
        """What must not be shown."""

    def header(self) -> str:
        """Return the header's value; this may fetch a token and so raise `Unauthorised`."""

    def expire(self, header: str) -> bool:
        """Learn that `header` got a 401; whether another one can be had."""


def basic(username: str, password: str) -> str:
    """Write the Authorization of an API user, or of a client at the token endpoint."""
    return "Basic " + b64encode(f"{username}:{password}".encode()).decode()


class BasicAuth:
    """The same header for ever."""

    def __init__(self, credentials: Basic) -> None:
        self._header = basic(credentials.username, credentials.password)
        self.variables = credentials.variables
        self.secrets = frozenset({credentials.password, self._header.partition(" ")[2]})

    def header(self) -> str:
        """Return what it always is."""
        return self._header

    def expire(self, header: str) -> bool:  # noqa: ARG002 - the protocol's
        """No other header can be had."""
        return False


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and how many seconds it lives."""

    value: str = field(repr=False)
    lifetime: float = LIFETIME


def read_token(body: bytes) -> Token | None:
    """Find the token in an answer of the token endpoint (JSON); None when none can be used."""
    try:
        answer = json.loads(body)
        value, lifetime = answer["access_token"], float(answer.get("expires_in") or LIFETIME)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    # Anything else would not travel in a header.
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or not value:
        return None
    return Token(value, lifetime if math.isfinite(lifetime) and lifetime > 0 else LIFETIME)


@dataclass(frozen=True, slots=True)
class TokenSource:
    """The token endpoint, and the client that it knows (Bandwidth CLI, `auth/oauth.go`)."""

    url: str
    credentials: ClientCredentials
    timeout: float
    trace: Trace
    transport: httpx.BaseTransport | None = None

    def fetch(self) -> Token:
        """Get a new token, following no redirect; raise `Unauthorised` whatever goes wrong.

        Even for a timeout: the call that the token was for has not been sent.
        """
        endpoint = f"POST {self.url}"
        client = self.credentials
        header = basic(client.client_id, client.client_secret)
        secrets = {client.client_secret, header.partition(" ")[2]}
        with open_http(self.transport) as http:
            request = http.build_request(
                "POST",
                self.url,
                data={"grant_type": "client_credentials"},
                headers={"Authorization": header, "Accept": "application/json"},
            )
            try:
                received = self.trace.watch(Exchange(request, endpoint, self.timeout, secrets), http)
            except ApiError as error:
                raise Unauthorised(f"no token: {error}", endpoint, hint=error.hint) from error
        token = read_token(received.body) if 200 <= received.status < 300 else None
        if token is None:
            hint = hint_for(Unauthorised, endpoint, "", client.variables)
            message = f"{endpoint}: {received.status} without a token"
            raise Unauthorised(message, endpoint, received.status, hint=hint)
        return token


class TokenAuth:
    """A token for all threads, fetched when first needed and again shortly before it expires.

    `clock` counts seconds.
    """

    def __init__(self, source: TokenSource, clock: Callable[[], float] = time.monotonic) -> None:
        self.variables = source.credentials.variables
        self._source = source
        self._clock = clock
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._stale_at = -math.inf
        self._failed_at = -math.inf
        self._failure: ApiError | None = None

    @property
    def secrets(self) -> frozenset[str]:
        """The client secret and the token."""
        token = self._token
        return frozenset({self._source.credentials.client_secret, *([token.value] if token else [])})

    def header(self) -> str:
        """Return Bearer and the token; one thread fetches it, the others share the outcome."""
        asked = self._clock()
        with self._lock:
            if self._token is None or self._clock() >= self._stale_at:
                if self._failure and self._failed_at >= asked:
                    raise replace(self._failure)
                self._token = self._renewed()
            return f"Bearer {self._token.value}"

    def expire(self, header: str) -> bool:
        """Drop the token of `header`, unless another thread already has."""
        with self._lock:
            if self._token and header == f"Bearer {self._token.value}":
                self._token = None
        return True

    def _renewed(self) -> Token:
        try:
            token = self._source.fetch()
        except ApiError as error:
            self._failed_at, self._failure = self._clock(), error
            raise
        self._stale_at = self._clock() + token.lifetime - min(EARLY, token.lifetime / 2)
        return token
