"""A request for the page, or for what it shows, to the answer; nothing here changes anything."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from http.client import responses
from importlib.resources import files
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from reconciler.emulator.log import Exchange, Log
from reconciler.emulator.page.masking import shown, without_secrets
from reconciler.emulator.page.tree import tree

MOST_ENTRIES = 1000
"""Entries of the log in one answer: the newest."""
LET_IN = "another name is let in by --allow-host NAME"
"""What to do about a host that is refused."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FILES = {
    "/": "page.html",
    "/page.css": "page.css",
    "/page.js": "page.js",
    "/page/elements.js": "elements.js",
    "/page/tree.js": "tree.js",
    "/page/log.js": "log.js",
    "/page/place.js": "place.js",
    "/page/icon.svg": "icon.svg",
}
_ERROR_CODE = re.compile(rb"<(?:Error)?Code>(\d+)<")
_SCHEMES = ("basic", "bearer")


@dataclass(frozen=True)
class Source:
    """What is shown: the account's id, what gives all it holds (`Emulator.dump`), and the log.

    hosts: names by which it may be asked for, besides localhost.
    """

    account_id: str
    dump: Callable[[], Mapping[str, Any]]
    log: Log
    hosts: Collection[str] = ()


def respond(request: Request, source: Source) -> Response | None:
    """The answer to a request for the page; None for a path that is not the page's.

    `/page.json?run=R&since=N&tree=V` has the entries of log R from serial N on, and what the account holds
    unless its version is V. A dump is not cheap: where V is given and no request has come in, none is made,
    so that what was done to the account in process stands in the first answer to a request without V.
    `/page/exchange.json?serial=N` has the documents of one entry.
    """
    answer = _ANSWERS.get(request.path)
    if answer is None:
        return None
    if request.method not in ("GET", "HEAD"):
        response = Response("The page is only read.\n", 405, {"Allow": "GET, HEAD"})
    elif not is_meant(request, source.hosts):
        response = Response(f"Open the page as localhost, or by its address; {LET_IN}.\n", 403)
    else:
        response = answer(request, source)
    response.headers.extend(_HEADERS)
    if request.content_length or request.headers.get("Transfer-Encoding"):
        # A body that nobody read would be taken for the next request.
        response.headers["Connection"] = "close"
    return response


def is_meant(request: Request, hosts: Collection[str] = ()) -> bool:
    """Whether a browser was told to come here, and not led by a name that now means this machine.

    A site whose name is made to point at 127.0.0.1 (DNS rebinding) is of the page's origin to a browser;
    `hosts` are names that nobody else can have pointed here.
    """
    if not request.remote_addr or not ip_address(request.remote_addr).is_loopback:
        return True
    try:
        name = urlsplit(f"//{request.headers.get('Host', 'localhost')}").hostname or ""
        return name in ("localhost", *hosts) or name.endswith(".localhost") or bool(ip_address(name))
    except ValueError:
        return False


def _file(request: Request, _: Source) -> Response:
    name = _FILES[request.path]
    return Response(_read(name), content_type=f"{_TYPES[name.rpartition('.')[2]]}; charset=utf-8")


@cache
def _read(name: str) -> bytes:
    return (files(__package__) / name).read_bytes()


def _news(request: Request, source: Source) -> Response:
    log = source.log
    # What was seen of another emulator says nothing of this one, which may have the same serials.
    same_run = request.args.get("run") == log.run
    known = request.args.get("tree", "") if same_run else ""
    entries = log[_number(request, "since") :] if same_run else log[:]
    news: dict[str, Any] = {
        "account": source.account_id,
        "run": log.run,
        "next": entries[-1].serial + 1 if entries else len(log),
        "dropped": log.dropped,
        "log": [_entry(exchange) for exchange in entries[-MOST_ENTRIES:]],
        "version": known,
        "tree": None,
    }
    if entries or not known:
        held = tree(source.dump())
        news["version"] = hashlib.sha256(json.dumps(held).encode()).hexdigest()[:16]
        news["tree"] = None if news["version"] == known else held
    return _json(news)


def _entry(exchange: Exchange) -> dict[str, Any]:
    scheme = exchange.authorization.partition(" ")[0]
    code = _ERROR_CODE.search(exchange.response[:4096]) if exchange.status >= 400 else None
    return {
        "key": exchange.serial,
        "at": exchange.at,
        "seconds": exchange.seconds,
        "method": exchange.method,
        "path": without_secrets(exchange.path),
        "query": without_secrets(exchange.query),
        "status": exchange.status,
        "reason": responses.get(exchange.status, "") if exchange.status else "Connection broken",
        "fault": exchange.fault,
        "code": code.group(1).decode() if code else "",
        "credentials": scheme if scheme.lower() in _SCHEMES else "",
    }


def _documents(request: Request, source: Source) -> Response:
    try:
        exchange = source.log[_number(request, "serial")]
    except IndexError as gone:
        return _json({"gone": str(gone)}, 404)
    return _json({"request": asdict(shown(exchange.request)), "answer": asdict(shown(exchange.response))})


def _number(request: Request, name: str) -> int:
    text = request.args.get(name, "0")
    return int(text) if re.fullmatch("[0-9]{1,15}", text) else 0


def _json(document: object, status: int = 200) -> Response:
    return Response(json.dumps(document), status, mimetype="application/json")


_ANSWERS: dict[str, Callable[[Request, Source], Response]] = {
    **dict.fromkeys(_FILES, _file),
    "/page.json": _news,
    "/page/exchange.json": _documents,
}
