"""Who is calling: the Authorization header to yes or no, and client credentials to a bearer token.

A token is a JWT in shape, with the claims that Bandwidth's own command line reads (accounts,
roles). It is signed, so that it needs no store; it is no secret worth keeping.
"""

from __future__ import annotations

import base64
import hmac
import json
from urllib.parse import parse_qs

from reconciler.emulator.call import JsonAnswer, JsonCall
from reconciler.emulator.settings import Settings

_FORM = "application/x-www-form-urlencoded"
_ROLES = ("HTTP Application Management", "Ordering", "Configuration")


def may_call(header: str, settings: Settings, now: float) -> bool:
    """Whether the header names the API user, or carries a token that is ours and not too old."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "basic":
        return _same(rest.strip(), settings.username, settings.password)
    return scheme.lower() == "bearer" and _is_valid(rest.strip(), settings, now)


def grant(call: JsonCall) -> JsonAnswer:
    """The token endpoint: a form that asks for client credentials, and those in a Basic header.

    The errors are those of RFC 6749, section 5.2; Bandwidth publishes none of its own.
    """
    settings = call.settings
    scheme, _, rest = call.authorization.partition(" ")
    if scheme.lower() != "basic" or not _same(rest.strip(), settings.client_id, settings.client_secret):
        return JsonAnswer(401, {"error": "invalid_client"})
    asked = parse_qs(call.body.decode("latin-1")).get("grant_type", [])
    if call.media_type != _FORM or len(asked) != 1:
        return JsonAnswer(400, {"error": "invalid_request"})
    if asked != ["client_credentials"]:
        return JsonAnswer(400, {"error": "unsupported_grant_type"})
    granted = {"access_token": _token(settings, call.now), "expires_in": settings.token_seconds}
    return JsonAnswer(200, {**granted, "token_type": "Bearer"})


def _token(settings: Settings, now: float) -> str:
    claims = {
        "iss": "emulator",
        "sub": settings.client_id,
        "accounts": [settings.account_id],
        "roles": _ROLES,
        "express": False,
        "iat": int(now),
        "exp": now + settings.token_seconds,
    }
    body = f"{_packed({'alg': 'HS256', 'typ': 'JWT'})}.{_packed(claims)}"
    return f"{body}.{_signature(body, settings)}"


def _same(sent: str, user: str, password: str) -> bool:
    expected = base64.b64encode(f"{user}:{password}".encode())
    return hmac.compare_digest(sent.encode(), expected)


def _is_valid(token: str, settings: Settings, now: float) -> bool:
    body, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(body, settings).encode()):
        return False
    claims = json.loads(base64.urlsafe_b64decode(body.rpartition(".")[2] + "=="))
    return bool(now < claims["exp"])


def _packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _signature(body: str, settings: Settings) -> str:
    key = f"{settings.client_secret}/{settings.seed}".encode()
    digest = hmac.digest(key, body.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
