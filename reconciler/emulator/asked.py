"""A request turned into what it asks for: its row in the table of calls, and the ids in its path."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.wrappers import Request

from reconciler.emulator.route import JsonRoute, Route
from reconciler.emulator.routes import ROUTES

# The prefixes in use: dashboard.bandwidth.com documents /api, /api/v1 and /api/v2, SDKs call /v1.0.
_PREFIX = re.compile(r"(/api/v1\.0|/api/v1|/api/v2|/api|/v1\.0)(?=/|$)", re.IGNORECASE)
_CALLS = ROUTES.bind("emulator")


@dataclass(frozen=True)
class Asked:
    """A request whose body has been read.

    path: below the prefix, in lower case. route: None where nothing is served; then `methods` are
    those that the path has. now: epoch seconds.
    """

    request: Request
    body: bytes
    now: float
    prefix: str
    path: str
    query: Mapping[str, str]
    route: Route | JsonRoute | None = None
    where: Mapping[str, str] | None = None
    methods: tuple[str, ...] = ()

    @property
    def authorization(self) -> str:
        """The header, "" where there is none."""
        return self.request.headers.get("Authorization", "")

    @property
    def url(self) -> str:
        """Scheme, host and prefix as called."""
        return f"{self.request.scheme}://{self.request.host}{self.prefix}"


def look_up(request: Request, body: bytes, now: float) -> Asked:
    """The request with its row of the table of calls, if it has one."""
    prefix, path = _split(request.path)
    query = request.args.to_dict()
    try:
        route, where = _CALLS.match(path, request.method)
    except MethodNotAllowed as refused:
        methods = tuple(sorted(refused.valid_methods or ()))
        return Asked(request, body, now, prefix, path, query, methods=methods)
    except NotFound:
        return Asked(request, body, now, prefix, path, query)
    return Asked(request, body, now, prefix, path, query, route, where)


def _split(path: str) -> tuple[str, str]:
    """The prefix as called, and the path below it in lower case; "/" (never served) without one."""
    prefix = _PREFIX.match(path)
    if prefix is None:
        return "", "/"
    return prefix.group(), path[prefix.end() :].lower() or "/"
