"""A fault that happens to a request, to what is answered instead, or to no answer at all."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from string import Formatter
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

from reconciler.emulator.asked import Asked
from reconciler.emulator.call import JsonAnswer
from reconciler.emulator.catalogue import STATUSES, TEXTS
from reconciler.emulator.errors import Refusal
from reconciler.emulator.faults.dropped import Dropped
from reconciler.emulator.faults.fault import Fault
from reconciler.emulator.responses import as_json, described, limited, refused
from reconciler.emulator.route import JsonRoute
from reconciler.emulator.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>"
_E911_DOWN = 13566
Before = Callable[[Fault, Asked, Settings], Response]
After = Callable[[Fault, Asked, Settings, Response], Response]


def _drop(fault: Fault, _asked: Asked, _settings: Settings, _response: object = None) -> Response:
    raise Dropped(fault.what, (fault.number or 0) if fault.kind.value == "SECONDS" else 0)


def _told(fault: Fault, asked: Asked, settings: Settings, _response: object = None) -> Response:
    """An error of the API's, in the shape of the endpoint, or whatever `body` says."""
    status = int(fault.number or 500)
    if fault.value is None and fault.code is not None:
        status = STATUSES.get(fault.code, 400)
    if fault.body is not None:
        kind = "application/xml" if fault.body.startswith("<") else "text/plain"
        return Response(fault.body, status, content_type=kind)
    return _coded(fault.code, status, asked, settings)


def _coded(code: int | None, status: int, asked: Asked, settings: Settings) -> Response:
    text = f"This {status} was asked for"
    if isinstance(asked.route, JsonRoute):
        return as_json(JsonAnswer(status, {"type": "fault", "description": text}))
    if asked.route is None or code is None:
        return described(status, text)
    # What the sentence of the code speaks of is not known here.
    facts: dict[str, Any] = {name: "…" for _, name, _, _ in Formatter().parse(TEXTS[code]) if name}
    return refused(asked.route, Refusal(code, status=status, **facts), settings)


def _redirected(_fault: Fault, asked: Asked, _settings: Settings) -> Response:
    return Response(b"", 303, {"Location": asked.request.url})


BEFORE: Mapping[str, Before] = {
    "stall-before": _drop,
    "drop-before": _drop,
    "error-before": _told,
    "refuse": lambda *_: Response(b"", 503),
    "e911-down": lambda _, asked, settings: _coded(_E911_DOWN, 503, asked, settings),
    "forbidden": lambda *_: Response(b"", 403),
    "html": lambda fault, *_: Response(_PAGE, int(fault.number or 200), content_type="text/html"),
    "limit": lambda fault, asked, _: limited(asked.route, asked.now + (fault.number or 0)),
    "redirect": _redirected,
}
"""What is answered in place of doing anything."""


class _Cut(Response):
    """A body that breaks off: the length is that of the whole, and the end never comes."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return itertools.chain(super().__call__(environ, start_response), _broken())


def _broken() -> Iterator[bytes]:
    raise Dropped("truncate")
    yield b""


def _truncated(fault: Fault, _asked: Asked, _settings: Settings, response: Response) -> Response:
    whole = response.get_data()
    kept = whole[: math.ceil(len(whole) / 2) if fault.number is None else int(fault.number)]
    cut = _Cut(kept, response.status, response.headers)
    cut.headers["Content-Length"] = str(max(len(whole), len(kept) + 1))
    return cut


AFTER: Mapping[str, After] = {
    "stall-after": _drop,
    "drop-after": _drop,
    "error-after": _told,
    "empty": lambda *_: Response(b"", 200, content_type="application/xml"),
    "truncate": _truncated,
}
"""What is answered in place of the answer, when all is done."""
