"""Where credentials may go: origins, overrides, and the hosts that http is allowed to."""

from __future__ import annotations

import pytest

from reconciler.api.endpoints import Endpoints, resolve_endpoints
from reconciler.model import Problems

GOOD = [
    (None, {}, Endpoints()),
    (None, {"BW_API_URL": ""}, Endpoints()),
    ("https://x.example", {}, ("https://x.example/api", "https://x.example/api/v1/oauth2/token")),
    ("https://x.example/", {}, ("https://x.example/api", "https://x.example/api/v1/oauth2/token")),
    ("https://x.example/api", {},
     ("https://x.example/api", "https://x.example/api/v1/oauth2/token")),
    ("https://x.example:8443/api/", {"BW_API_URL": "https://y.example"},
     ("https://x.example:8443/api", "https://x.example:8443/api/v1/oauth2/token")),
    (None, {"BW_API_URL": "https://y.example"},
     ("https://y.example/api", "https://y.example/api/v1/oauth2/token")),
    (None, {"BW_TOKEN_URL": "https://id.example/t"},
     ("https://dashboard.bandwidth.com/api", "https://id.example/t")),
    ("http://127.0.0.1:80", {"BW_TOKEN_URL": "http://[::1]:9/t"},
     ("http://127.0.0.1:80/api", "http://[::1]:9/t")),
    ("http://localhost:8080", {},
     ("http://localhost:8080/api", "http://localhost:8080/api/v1/oauth2/token")),
    ("http://emulator:8080", {"BW_INSECURE_HOSTS": "db, Emulator"},
     ("http://emulator:8080/api", "http://emulator:8080/api/v1/oauth2/token")),
]  # fmt: skip


@pytest.mark.parametrize(("api_url", "environ", "expected"), GOOD)
def test_endpoints(
    api_url: str | None, environ: dict[str, str], expected: Endpoints | tuple[str, str]
) -> None:
    """An origin replaces both URLs, the option wins over the variable; BW_TOKEN_URL names one."""
    endpoints = expected if isinstance(expected, Endpoints) else Endpoints(*expected)
    assert resolve_endpoints(api_url, environ) == endpoints


@pytest.mark.parametrize(
    ("api_url", "environ", "message"),
    [
        ("dashboard.bandwidth.com", {}, "--api-url: dashboard.bandwidth.com is not an http or"),
        ("ftp://x.example", {}, "--api-url: ftp://x.example is not an http or https URL"),
        ("https://", {}, "is not an http or https URL"),
        ("https://x:port", {}, "--api-url is not a URL: Invalid port: 'port'"),
        ("https://x.example/v2", {}, "--api-url: https://x.example/v2 is more than an origin"),
        ("https://x.example?a=b", {}, "is more than an origin"),
        ("https://u:canary@x.example", {}, "--api-url has a user name or password in it"),
        ("http://x.example", {}, "--api-url: credentials would go to x.example unencrypted"),
        ("http://10.0.0.1", {}, "credentials would go to 10.0.0.1 unencrypted"),
        ("http://localhost.x.example", {"BW_INSECURE_HOSTS": "x.example,"}, "unencrypted"),
        (None, {"BW_API_URL": "http://x.example"}, "BW_API_URL: credentials would go to"),
        (None, {"BW_TOKEN_URL": "http://x.example/t"}, "BW_TOKEN_URL: credentials would go to"),
    ],
)
def test_endpoints_refused(api_url: str | None, environ: dict[str, str], message: str) -> None:
    """A URL that credentials must not go to is refused, naming the setting, with a hint."""
    with pytest.raises(Problems) as caught:
        resolve_endpoints(api_url, environ)
    assert message in caught.value.problems[0].message
    assert all(problem.hint for problem in caught.value.problems)
    assert "canary" not in str(caught.value)


def test_every_fault_at_once() -> None:
    """A wrong origin and a wrong token URL are reported together."""
    with pytest.raises(Problems) as caught:
        resolve_endpoints("http://x.example", {"BW_TOKEN_URL": "nowhere"})
    assert len(caught.value.problems) == 2
