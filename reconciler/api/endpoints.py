"""Options and environment turned into the three URLs that a run may send credentials to."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import httpx

from reconciler.model import Problem, Problems

API = "/api"
TOKEN = "/api/v1/oauth2/token"  # noqa: S105 - a path
MESSAGING = "/api/v2"
_ORIGIN_HINT = "give scheme and host only, such as https://dashboard.bandwidth.com"
_HTTP_HINT = "use https, or name the host in BW_INSECURE_HOSTS if it is yours and near"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the XML API hangs from, where OAuth2 tokens are had, and where the messaging API hangs from.

    The last two as Bandwidth's CLI has them (`oauth.go`, `helpers.go`).
    """

    api: str = "https://dashboard.bandwidth.com/api"
    token: str = "https://api.bandwidth.com/api/v1/oauth2/token"  # noqa: S105 - a URL
    messaging: str = "https://messaging.bandwidth.com/api/v2"


def resolve_endpoints(api_url: str | None, environ: Mapping[str, str]) -> Endpoints:
    """Read `--api-url` (else BW_API_URL), BW_TOKEN_URL, BW_MESSAGING_URL and BW_INSECURE_HOSTS.

    The origin stands for all three; a variable for one of them goes before it. Raises `Problems` with
    every fault: not a URL, credentials in it, a path in the origin, http to a host that is neither
    loopback nor named in BW_INSECURE_HOSTS.
    """
    endpoints = Endpoints()
    source = "--api-url" if api_url else "BW_API_URL"
    origin = api_url or environ.get("BW_API_URL", "")
    problems: list[Problem] = []
    hosts = frozenset(h.strip().lower() for h in environ.get("BW_INSECURE_HOSTS", "").split(","))
    if origin:
        origin = origin.rstrip("/").removesuffix(API).rstrip("/")
        problems += _origin_faults(source, origin, hosts)
        endpoints = Endpoints(origin + API, origin + TOKEN, origin + MESSAGING)
    if token := environ.get("BW_TOKEN_URL", ""):
        problems += _faults("BW_TOKEN_URL", token, hosts)
        endpoints = replace(endpoints, token=token)
    if origin := environ.get("BW_MESSAGING_URL", ""):
        origin = origin.rstrip("/").removesuffix(MESSAGING).rstrip("/")
        problems += _origin_faults("BW_MESSAGING_URL", origin, hosts)
        endpoints = replace(endpoints, messaging=origin + MESSAGING)
    if problems:
        raise Problems(problems)
    return endpoints


def _origin_faults(source: str, origin: str, insecure: frozenset[str]) -> Iterator[Problem]:
    faults = list(_faults(source, origin, insecure))
    yield from faults
    if not faults and httpx.URL(origin).raw_path != b"/":
        yield Problem(f"{source}: {origin} is more than an origin", hint=_ORIGIN_HINT)


def _faults(source: str, text: str, insecure: frozenset[str]) -> Iterator[Problem]:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        yield Problem(f"{source} is not a URL: {error}", hint=_ORIGIN_HINT)
        return
    if url.userinfo:
        hint = "credentials belong in BW_CLIENT_ID and BW_CLIENT_SECRET"
        yield Problem(f"{source} has a user name or password in it", hint=hint)
    elif url.scheme not in ("http", "https") or not url.host:
        yield Problem(f"{source}: {text} is not an http or https URL", hint=_ORIGIN_HINT)
    elif url.scheme == "http" and not (_loopback(url.host) or url.host.lower() in insecure):
        message = f"{source}: credentials would go to {url.host} unencrypted"
        yield Problem(message, hint=_HTTP_HINT)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
