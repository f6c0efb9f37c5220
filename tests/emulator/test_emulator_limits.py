"""Rate limits: which calls count together, what an excess meets, and when the next may be made."""

from __future__ import annotations

import base64
import json

import httpx
import pytest
from caller import ORDERS, SITES, Reply, World, by_area_code, furnished, order

from reconciler.emulator import Rate, serve
from reconciler.emulator.limits.rate import rate_from
from reconciler.emulator.limits.windows import BUCKETS

# The buckets that Bandwidth's earlier documentation names (bandwidth.github.io, numbers/rateLimits), the
# one of every call, and the messaging API's own.
PUBLISHED = {
    "ALL",
    "ORDER",
    "SEARCH",
    "MOVE_TNS",
    "DISCONNECT",
    "SUBSCRIPTION",
    "INSERVICE_NPANXX",
    "AVAILABLE_NPANXX",
    "HISTORY",
    "EVS_GEOCODING",
    "E911_ORDER",
    "MESSAGES",
}


def test_the_buckets_are_the_published_ones() -> None:
    """No call is counted under a name that nobody published."""
    assert set(BUCKETS) <= PUBLISHED
    assert {"ALL", "ORDER", "HISTORY", "DISCONNECT"} <= set(BUCKETS)


def test_an_excess_is_429_until_the_window_ends() -> None:
    """The third of two calls in ten seconds is refused, with the end in epoch seconds; then all is well."""
    world = World({"rate_limits": {"ALL": Rate(2, 10)}})
    world.clock.now += 0.5
    replies = [world.call("GET", SITES) for _ in range(4)]
    assert [reply.status for reply in replies] == [200, 200, 429, 429]
    assert_limited(replies[2], until="1700000011")
    world.clock.now += 10
    assert [world.call("GET", SITES).status for _ in range(3)] == [200, 200, 429]


def assert_limited(reply: Reply, until: str) -> None:
    """The answer is the documented one."""
    assert (reply.status, reply.body) == (429, b"")
    assert reply.headers["X-RateLimit-Reset"] == until
    assert (reply.headers["Content-Length"], reply.headers["Connection"]) == ("0", "close")
    assert "Retry-After" not in reply.headers
    assert "Content-Type" not in reply.headers


def test_a_bucket_counts_its_own_calls() -> None:
    """Orders that are placed count apart from those that are looked at, and other calls not at all."""
    world = furnished(rate_limits={"ORDER": Rate(1, 60), "HISTORY": Rate(2, 60)})
    posts = [world.call("POST", ORDERS, order(by_area_code())).status for _ in range(2)]
    looks = [world.call("GET", f"{ORDERS}?page=1&size=9").status for _ in range(3)]
    others = [world.call("GET", SITES).status for _ in range(5)]
    assert (posts, looks, others) == ([201, 429], [200, 200, 429], [200] * 5)
    assert len(world.emulator.dump()["orders"]) == 1


def test_a_call_counts_in_its_bucket_and_in_all() -> None:
    """Whichever window is full refuses; a refused call counts in neither."""
    world = furnished(rate_limits={"HISTORY": Rate(1, 5), "ALL": Rate(8, 60)})
    world.clock.now += 60
    looks = [world.call("GET", f"{ORDERS}?page=1&size=9").status for _ in range(9)]
    assert looks == [200, *[429] * 8]
    assert [world.call("GET", SITES).status for _ in range(8)] == [*[200] * 7, 429]


def test_wrong_credentials_and_tokens_are_not_counted() -> None:
    """Who is not let in uses nothing up."""
    world = World({"rate_limits": {"ALL": Rate(1, 60)}})
    assert [world.call("GET", SITES, authorization="").status for _ in range(3)] == [401] * 3
    assert bearer(world)
    assert world.call("GET", SITES).status == 200


def bearer(world: World) -> str:
    """The header with a token."""
    basic = "Basic " + base64.b64encode(b"client:secret").decode()
    form = "application/x-www-form-urlencoded"
    reply = world.call("POST", "/oauth2/token", "grant_type=client_credentials", "/api/v1", basic, form)
    return "Bearer " + str(json.loads(reply.body)["access_token"])


@pytest.mark.parametrize(("scope", "second"), [("account", 429), ("credentials", 200)])
def test_limits_are_of_the_account_or_of_the_credentials(scope: str, second: int) -> None:
    """Two callers share the account's limit, or have one each."""
    world = World({"rate_limits": {"ALL": Rate(1, 60)}, "limit_scope": scope})
    token = bearer(world)
    assert world.call("GET", SITES).status == 200
    assert world.call("GET", SITES, authorization=token).status == second
    assert world.call("GET", SITES, authorization=bearer(world)).status == 429


def test_the_connection_ends_with_the_excess() -> None:
    """Over a socket the answer is whole, and the connection closed."""
    world = World({"rate_limits": {"ALL": Rate(1, 60)}})
    with (
        serve(world.emulator) as server,
        httpx.Client(base_url=server.url, auth=("user", "password")) as http,
    ):
        answers = [http.get(f"/api{SITES}") for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 429]
    assert answers[1].headers["Connection"] == "close"


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("20/1", ("ALL", Rate(20, 1))),
        ("ORDER=100/60", ("ORDER", Rate(100, 60))),
        ("order=1/0.5", ("ORDER", Rate(1, 0.5))),
    ],
)
def test_a_rate_is_said_in_a_word(text: str, rate: tuple[str, Rate]) -> None:
    """A bucket, or none for all, calls, and seconds."""
    assert rate_from(text) == rate


@pytest.mark.parametrize("text", ["", "20", "20/", "ORDER=", "ORDER:1/2", "-1/2", "1/0", "1/inf"])
def test_a_senseless_rate_is_refused(text: str) -> None:
    """What is no rate is a ValueError."""
    with pytest.raises(ValueError, match=r"expected BUCKET=CALLS/SECONDS|is no rate"):
        rate_from(text)


def test_an_unknown_bucket_is_refused() -> None:
    """A bucket that no call is in is an error, and not a limit that never bites."""
    with pytest.raises(ValueError, match="rate_limits: ORDERS: a bucket is one of ALL, "):
        World({"rate_limits": {"ORDERS": Rate(1, 1)}})
