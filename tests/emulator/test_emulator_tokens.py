"""Tokens: what the endpoint asks for and gives, and what a token opens."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from caller import ACCOUNT, BASIC, World

PATH = "/oauth2/token"
FORM = "application/x-www-form-urlencoded"
GRANT = "grant_type=client_credentials"


def basic(user: str = "client", password: str = "secret") -> str:
    """A Basic header."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def ask(world: World, form: str = GRANT, header: str | None = None, media: str = FORM) -> tuple[int, Any]:
    """The status and the document of the token endpoint."""
    reply = world.call("POST", PATH, form, "/api/v1", basic() if header is None else header, media)
    assert reply.headers["Content-Type"] == "application/json"
    return reply.status, json.loads(reply.body)


def part(token: str, number: int) -> Any:
    """One of the first two parts of a token."""
    text = token.split(".")[number]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_token_is_a_jwt_in_shape() -> None:
    """A token has three parts; its claims are those that band reads, for the account that is served."""
    status, granted = ask(World({"account_id": "7700123", "token_seconds": 600}))
    assert (status, granted["expires_in"], granted["token_type"]) == (200, 600, "Bearer")
    token = granted["access_token"]
    assert len(token.split(".")) == 3
    assert part(token, 0) == {"alg": "HS256", "typ": "JWT"}
    claims = part(token, 1)
    assert (claims["accounts"], claims["express"], claims["exp"] - claims["iat"]) == (["7700123"], False, 600)
    assert "HTTP Application Management" in claims["roles"]


REFUSED: dict[str, tuple[dict[str, str], int, str]] = {
    "no credentials": ({"header": ""}, 401, "invalid_client"),
    "the API user": ({"header": BASIC}, 401, "invalid_client"),
    "a wrong secret": ({"header": basic(password="Secret")}, 401, "invalid_client"),
    "another scheme": ({"header": basic().replace("Basic", "Bearer")}, 401, "invalid_client"),
    "no form": ({"form": ""}, 400, "invalid_request"),
    "JSON": ({"form": '{"grant_type": "client_credentials"}', "media": "application/json"}, 400,
             "invalid_request"),
    "a form under another name": ({"media": "text/plain"}, 400, "invalid_request"),
    "two grants": ({"form": f"{GRANT}&{GRANT}"}, 400, "invalid_request"),
    "another grant": ({"form": "grant_type=password"}, 400, "unsupported_grant_type"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refusals(case: str) -> None:
    """What is no request for a token by a known client is refused in the words of RFC 6749."""
    options, status, error = REFUSED[case]
    assert ask(World(), **options) == (status, {"error": error})


def test_challenge() -> None:
    """A 401 says how to identify oneself."""
    reply = World().call("POST", PATH, GRANT, "/api/v1", "", FORM)
    assert reply.headers["WWW-Authenticate"].startswith("Basic ")


def test_token_ends() -> None:
    """A token opens the account for as long as it says, and not a second longer."""
    world = World()
    header = "Bearer " + ask(world)[1]["access_token"]
    assert world.call("GET", ACCOUNT, authorization=header).status == 200
    world.clock.now += 3599
    assert world.call("GET", ACCOUNT, authorization=header).status == 200
    world.clock.now += 2
    assert world.call("GET", ACCOUNT, authorization=header).status == 401


@pytest.mark.parametrize("mark", ["", ".", "x", "é", "a.b.c"])
def test_altered_token(mark: str) -> None:
    """A token with one thing changed, or none at all, opens nothing."""
    world = World()
    token = ask(world)[1]["access_token"] + mark if mark else ""
    assert world.call("GET", ACCOUNT, authorization=f"Bearer {token}").status == 401


def test_token_of_another_server() -> None:
    """A token is worth nothing to an emulator with another secret."""
    token = ask(World())[1]["access_token"]
    other = World({"client_secret": "other"})
    assert other.call("GET", ACCOUNT, authorization=f"Bearer {token}").status == 401
