"""Where credentials may go: origins, overrides, and the hosts that http is allowed to."""

from __future__ import annotations

import pytest

from reconciler.api.endpoints import Endpoints, resolve_endpoints
from reconciler.model import Problems

DASHBOARD = "https://dashboard.bandwidth.com/api"
MESSAGES = "https://messaging.bandwidth.com/api/v2"


def below(origin: str) -> tuple[str, str, str]:
    """What hangs from an origin."""
    return f"{origin}/api", f"{origin}/api/v1/oauth2/token", f"{origin}/api/v2"


GOOD = [
    (None, {}, Endpoints()),
    (None, {"BW_API_URL": "", "BW_MESSAGING_URL": ""}, Endpoints()),
    ("https://x.example", {}, below("https://x.example")),
    ("https://x.example/", {}, below("https://x.example")),
    ("https://x.example/api", {}, below("https://x.example")),
    ("https://x.example:8443/api/", {"BW_API_URL": "https://y.example"}, below("https://x.example:8443")),
    (None, {"BW_API_URL": "https://y.example"}, below("https://y.example")),
    (None, {"BW_TOKEN_URL": "https://id.example/t"}, (DASHBOARD, "https://id.example/t", MESSAGES)),
    ("http://127.0.0.1:80", {"BW_TOKEN_URL": "http://[::1]:9/t"},
     ("http://127.0.0.1:80/api", "http://[::1]:9/t", "http://127.0.0.1:80/api/v2")),
    ("http://localhost:8080", {}, below("http://localhost:8080")),
    ("http://emulator:8080", {"BW_INSECURE_HOSTS": "db, Emulator"}, below("http://emulator:8080")),
    *((None, {"BW_MESSAGING_URL": f"https://m.example{end}"}, Endpoints(messaging="https://m.example/api/v2"))
      for end in ("", "/", "/api/v2", "/api/v2/")),
    ("https://x.example", {"BW_MESSAGING_URL": "http://127.0.0.1:9"},
     (*below("https://x.example")[:2], "http://127.0.0.1:9/api/v2")),
]  # fmt: skip


@pytest.mark.parametrize(("api_url", "environ", "expected"), GOOD)
def test_endpoints(
    api_url: str | None, environ: dict[str, str], expected: Endpoints | tuple[str, str, str]
) -> None:
    """An origin replaces all URLs, the option wins over its variable, a variable for one URL over both."""
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
        (None, {"BW_MESSAGING_URL": "http://x.example"}, "BW_MESSAGING_URL: credentials would go to"),
        (
            None,
            {"BW_MESSAGING_URL": "https://x.example/v3"},
            "BW_MESSAGING_URL: https://x.example/v3 is more",
        ),
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
