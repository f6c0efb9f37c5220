"""Servers, credentials and accounts that are wrong, as `plan` and `apply` tell of them, once."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from briefly import briefly
from cli import CASES, Place, account
from wrong_servers import TOKEN, WRONG, closed_port, redirecting, saying, serving

MANIFEST = {"version": 1, "sub_accounts": {"main": {}}}
CLIENT = {"BW_CLIENT_ID": "canary-client", "BW_CLIENT_SECRET": "canary-secret"}
BASIC = {"BW_CLIENT_ID": None, "BW_CLIENT_SECRET": None, "BW_USERNAME": "user", "BW_PASSWORD": "password"}
WRITTEN = b64encode(b"canary-client:canary-secret").decode()
SERVERS: Mapping[str, Any] = yaml.safe_load((CASES / "wrong_servers.yaml").read_text())
ACCESS: Mapping[str, Any] = yaml.safe_load((CASES / "access.yaml").read_text())


def place_at(url: str, folder: Path, **environ: str | None) -> Place:
    """A place with a manifest, whose server is at `url`."""
    place = Place(folder, url, environ)
    place.write(yaml.safe_dump(MANIFEST))
    return place


def test_every_wrong_server_has_its_words() -> None:
    """The table says of each wrong server what is to be said of it."""
    assert SERVERS.keys() == WRONG.keys()


@pytest.mark.parametrize("name", briefly(WRONG, 3))
def test_a_wrong_server_is_one_message(name: str, tmp_path: Path) -> None:
    """`plan` and `apply` exit 1 with the same one message, and show no credential."""
    timeout = SERVERS[name].get("timeout", 5)
    with serving(WRONG[name]) as server:
        place = place_at(server.url, tmp_path, **CLIENT)
        text = place.run("plan", "--timeout", str(timeout))
        json = place.run("apply", "--yes", "--format", "json", "--timeout", str(timeout))
        assert all(
            request.startswith((b"GET ", b"POST /api/v1/oauth2/token ")) for request in server.requests
        )
    hint = SERVERS[name].get("hint", "")
    (problem,) = json.document["problems"]
    assert problem["message"].startswith("GET /accounts/9900000/sites: " + SERVERS[name]["says"])
    assert (problem["hint"], text.code, text.out, json.code, json.err) == (hint, 1, "", 1, "")
    assert text.err == f"error: {problem['message']}\n" + (f"  hint: {hint}\n" if hint else "")
    for secret in (*CLIENT.values(), WRITTEN, TOKEN):
        assert secret not in text.said + json.said


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("command", [("plan",), ("apply", "--yes")])
def test_another_host_gets_nothing(status: int, command: tuple[str, ...], tmp_path: Path) -> None:
    """A redirect to another host is exit 1, and that host hears nothing, of credentials or else."""
    with serving(saying(b"")) as other, serving(redirecting(other.url, status)) as server:
        ran = place_at(server.url, tmp_path, **CLIENT).run(*command)
        assert (ran.code, other.requests) == (1, [])
    assert ran.err.startswith(
        f"error: GET /accounts/9900000/sites: {status} redirected to 127.0.0.1, which is"
    )


def test_a_token_endpoint_that_redirects_gets_no_second_host(tmp_path: Path) -> None:
    """The client's secret goes to the token URL that was named, and not where that points."""
    with serving(saying(b"")) as other, serving(redirecting(other.url)) as tokens:
        place = place_at(other.url, tmp_path, **CLIENT, BW_TOKEN_URL=tokens.url + "/moved")
        ran = place.run("plan")
        assert (ran.code, other.requests) == (1, [])
    assert ran.err.startswith(f"error: POST {tokens.url}/moved: 302 without a token\n")


@pytest.mark.parametrize("name", ACCESS)
def test_access_that_is_not_right_is_one_message(name: str, tmp_path: Path) -> None:
    """Each wrong account, credential or URL is one problem with a hint; only what must be is sent."""
    case = ACCESS[name]
    with account(tmp_path) as place:
        place.write(yaml.safe_dump({**MANIFEST, **case.get("manifest", {})}))
        words = [word.replace("{url}", place.url) for word in case.get("words", ())]
        text = place.run("plan", *words, **case.get("environ", {}))
        assert len(place.emulator.log) == case.get("heard", 0)
        json = place.run("apply", "--yes", "--format", "json", *words, **case.get("environ", {}))
        says = case["says"].replace("{url}", place.url)
        assert place.writes() == []
    assert (text.code, text.out, text.err) == (1, "", f"error: {says}\n  hint: {case['hint']}\n")
    assert (json.code, json.problems, json.document["problems"][0]["hint"]) == (1, [says], case["hint"])
    assert "canary" not in text.said + json.said


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"BW_USERNAME": "user", "BW_PASSWORD": "wrong, and not needed"},
        BASIC,
        {"BW_INSECURE_HOSTS": "emulator, 0.0.0.0", "BW_API_URL": "http://0.0.0.0:{port}"},
        {"BW_API_URL": "http://localhost:{port}/api/"},
        {"BW_TOKEN_URL": "http://127.0.0.1:{port}/api/v2/oauth2/token"},
    ],
)
def test_access_that_is_right(environ: Mapping[str, str | None], tmp_path: Path) -> None:
    """A client wins over a user; http is for loopback and for hosts that are named; `/api` is cut."""
    with account(tmp_path) as place:
        place.write(yaml.safe_dump(MANIFEST))
        port = place.url.rpartition(":")[2]
        ran = place.run("plan", **{n: v and v.replace("{port}", port) for n, v in environ.items()})
    assert (ran.code, ran.err) == (0, "")
    assert "+ create sub_account.main" in ran.out


def test_nobody_listens(tmp_path: Path) -> None:
    """A port on which nobody listens is exit 1, and the message says what to check."""
    url = closed_port()
    ran = place_at(url, tmp_path).run("plan")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"error: no token: POST {url}/api/v1/oauth2/token: no connection to 127.0.0.1")
    assert ran.err.endswith("\n  hint: check the network, HTTPS_PROXY and --api-url (BW_API_URL)\n")
