"""Everything around the documents: prefixes, credentials, tokens, statuses, the log, repeatability."""

from __future__ import annotations

import base64
import json
from email.utils import formatdate

import pytest
from caller import ACCOUNT, ADDRESS, APPS, BASIC, PEERS, SITES, World, furnished

from reconciler.emulator import Rate

PREFIXES = ["/api", "/api/v1", "/api/v2", "/v1.0", "/api/v1.0", "/API/V1"]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_prefix_serves_and_is_kept_in_location(prefix: str) -> None:
    """All prefixes serve the same account, and Location speaks the prefix that was called."""
    reply = furnished().call("POST", SITES, f"<Site><Name>s</Name>{ADDRESS}</Site>", prefix)
    assert reply.headers["Location"] == f"http://localhost{prefix}{SITES}/{reply.new_id}"


def test_paths_match_in_any_case() -> None:
    """The case of a path does not matter."""
    assert furnished().call("GET", SITES.replace("sites", "SITES")).status == 200


def test_a_path_needs_a_prefix() -> None:
    """Without one of the prefixes nothing is served, not even what exists below them."""
    assert furnished().call("GET", SITES, prefix="").status == 404


@pytest.mark.parametrize("path", ["/nonsense", f"{ACCOUNT}/portins", "", f"{SITES}//sippeers"])
def test_what_is_not_served_is_a_loud_404(path: str) -> None:
    """A call outside the table is a 404 that says whose limit it is."""
    reply = furnished().call("GET", path)
    assert reply.status == 404
    assert "emulator does not serve" in (reply.text("ResponseStatus/Description") or "")


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", SITES), ("PATCH", PEERS), ("POST", ACCOUNT), ("OPTIONS", APPS)]
)
def test_a_wrong_method_is_405_with_the_right_ones(method: str, path: str) -> None:
    """A method that a path does not have is a 405 that names those it has."""
    reply = furnished().call(method, path)
    assert reply.status == 405
    assert "GET" in reply.headers["Allow"]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"user:wrong").decode(),
        "Basic " + base64.b64encode("us\u00e9r:password".encode()).decode(),
        "Bearer none",
        "Bearer a.b.c",
        "Digest x",
    ],
)
def test_wrong_credentials_are_401_without_a_body(header: str) -> None:
    """Missing or wrong credentials get 401, a challenge, and no document."""
    reply = furnished().call("GET", SITES, authorization=header)
    assert (reply.status, reply.body) == (401, b"")
    assert reply.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/accounts/1", 403), ("/accounts/1/sites", 403), ("/accounts/1/orders", 404)],
)
def test_an_unknown_account_is_403_or_404(path: str, status: int) -> None:
    """Administration says 403 of an account it does not know, ordering says 404."""
    assert furnished().call("GET", path).status == status


def token(world: World, secret: str = "secret", body: str = "grant_type=client_credentials") -> str:
    """An access token; the empty string when none is given out."""
    header = "Basic " + base64.b64encode(f"client:{secret}".encode()).decode()
    form = "application/x-www-form-urlencoded"
    reply = world.call("POST", "/oauth2/token", body, "/api/v1", header, form)
    return str(json.loads(reply.body)["access_token"]) if reply.status == 200 else ""


def test_a_token_opens_the_account_until_it_expires() -> None:
    """Client credentials buy a bearer token that works for its lifetime and not longer."""
    world = furnished(token_seconds=60)
    bearer = f"Bearer {token(world)}"
    assert world.call("GET", SITES, authorization=bearer).status == 200
    world.clock.now += 60
    assert world.call("GET", SITES, authorization=bearer).status == 401


def test_a_token_looks_like_the_real_one() -> None:
    """A token has three parts, and its claims name the account and the roles."""
    parts = token(furnished()).split(".")
    claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
    assert len(parts) == 3
    assert claims["accounts"] == ["9900000"]
    assert claims["roles"]


def test_wrong_client_credentials_and_grants_get_no_token() -> None:
    """A wrong secret or another grant gets no token."""
    assert token(furnished(), secret="wrong") == ""
    assert token(furnished(), body="grant_type=password") == ""


def test_every_answer_has_the_date_of_the_clock_and_is_xml() -> None:
    """Date follows the injected clock; documents are declared XML of type application/xml."""
    world = furnished()
    reply = world.call("GET", SITES)
    assert reply.headers["Date"] == formatdate(world.clock.now, usegmt=True)
    assert reply.headers["Content-Type"] == "application/xml"
    assert reply.body.startswith(b"<?xml version='1.0' encoding='UTF-8'")


def test_the_log_has_every_exchange_whole() -> None:
    """The log shows method, path, query, both bodies, status and credentials, in order."""
    world = furnished()
    world.call("GET", f"{SITES}?tnCounts=true")
    world.call("PUT", f"{SITES}/1", "<Site/>")
    read, written = world.emulator.log[-2:]
    assert (read.method, read.path, read.query) == ("GET", f"/api{SITES}", "tnCounts=true")
    assert (read.status, read.authorization) == (200, BASIC)
    assert b"SitesResponse" in read.response
    assert (written.status, written.request) == (400, b"<Site/>")


def test_the_log_tells_when_and_how_long() -> None:
    """Each exchange has the time of its answer, and how long that took by the account's clock."""

    def sleep(seconds: float) -> None:
        world.emulator.pass_time(seconds)

    world = World({"faults": ["latency=2"], "sleep": sleep})
    world.call("GET", SITES)
    (exchange,) = world.emulator.log
    assert (exchange.at, exchange.seconds) == (world.clock.now + 2, 2)


def test_the_page_is_beside_the_api() -> None:
    """People see the account at the root: without credentials, outside the log, and whatever goes wrong."""
    world = World({"faults": ["refuse"], "rate_limits": {"ALL": Rate(0, 60)}})
    assert world.call("GET", "/", prefix="", authorization="").status == 200
    assert world.emulator.log == []


def test_products_and_account_are_named() -> None:
    """The account shows its id, and its products the features that a set-up needs."""
    world = furnished()
    assert world.call("GET", ACCOUNT).text("Account/AccountId") == "9900000"
    features = world.call("GET", f"{ACCOUNT}/products").texts("Products/Product/Features/Feature")
    assert {"HTTPV2", "OrigHttpVoice", "TermHttpVoice", "SMS", "MMS", "ORDERING"} <= set(features)


def test_one_seed_gives_one_account() -> None:
    """Two emulators with one seed and one clock hold the same after the same calls, ids included."""
    assert furnished(seed=7).emulator.dump() == furnished(seed=7).emulator.dump()
    assert furnished(seed=7).emulator.dump() != furnished(seed=8).emulator.dump()


def test_the_dump_is_plain_data() -> None:
    """The dump can be written as JSON."""
    assert json.loads(json.dumps(furnished().emulator.dump()))["sites"]


UNKNOWN = "<AppName>x</AppName><Colour>red</Colour>"
INBOUND = "<InboundCallbackUrl>https://a.example</InboundCallbackUrl>"


def test_unknown_elements_are_refused_or_ignored() -> None:
    """The strict emulator refuses an element it does not know, the lenient one leaves it out."""
    body = f"<Application>{UNKNOWN}{INBOUND}</Application>"
    strict = furnished().call("POST", APPS, body)
    assert (strict.status, strict.code) == (400, 1005)
    lenient = furnished(lenient=True).call("POST", APPS, body)
    assert lenient.status == 201
    assert b"Colour" not in lenient.body


@pytest.mark.parametrize(
    "body",
    [
        "<App/>",
        f"<Application xmlns='urn:x'><AppName>x</AppName>{INBOUND}</Application>",
        f"<Application>stray<AppName>x</AppName>{INBOUND}</Application>",
        f"<Application><AppName>x</AppName><AppName>y</AppName>{INBOUND}</Application>",
        f"<Application><AppName><b>x</b></AppName>{INBOUND}</Application>",
    ],
    ids=["root", "namespace", "text", "twice", "nested"],
)
def test_documents_of_the_wrong_form_are_400(body: str) -> None:
    """A wrong root, a namespace, stray text, a second value or nesting in a leaf is a coded 400."""
    reply = furnished().call("POST", APPS, body)
    assert reply.status == 400
    assert reply.code in (1005, 1009, 1019)


def test_order_of_elements_does_not_matter() -> None:
    """Elements may come in any order, with comments between them."""
    body = f"<Application><!-- c -->{INBOUND}<AppName> x </AppName></Application>"
    reply = furnished().call("POST", APPS, body)
    assert reply.text("Application/AppName") == "x"


def test_other_media_types_are_refused() -> None:
    """A document that is not sent as XML is a 415; the lenient emulator looks at the bytes."""
    body = f"<Application><AppName>x</AppName>{INBOUND}</Application>"
    for lenient, status in ((False, 415), (True, 201)):
        world = furnished(lenient=lenient)
        assert world.call("POST", APPS, body, media_type="text/plain").status == status
