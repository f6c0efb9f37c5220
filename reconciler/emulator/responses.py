"""Answers, refusals and limits turned into responses as they go out."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

from werkzeug.wrappers import Response

from reconciler.emulator import spellings, xml
from reconciler.emulator.call import Answer, JsonAnswer
from reconciler.emulator.errors import SHAPES, Refusal
from reconciler.emulator.readings import READINGS
from reconciler.emulator.route import JsonRoute, Route
from reconciler.emulator.settings import Settings

_XML = "application/xml"
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="Bandwidth emulator"'}


def written(route: Route, answer: Answer | JsonAnswer, settings: Settings) -> Response:
    """What a handler answered, as XML unless JSON was asked for."""
    if isinstance(answer, JsonAnswer):
        return as_json(answer)
    body = b""
    if answer.content is not None:
        root = answer.root or route.root
        body = xml.write(*spellings.shown(route.method, root, answer.content, settings))
    response = Response(body, answer.status, content_type=_XML)
    if answer.location:
        response.headers["Location"] = answer.location
    return response


def refused(route: Route, refusal: Refusal, settings: Settings) -> Response:
    """The error in the shape of the endpoint: ResponseStatus, or ErrorList on order calls, or its own."""
    shape = route.shape or ("list" if route.is_order else "status")
    content = SHAPES[settings.answer(shape) if shape in READINGS else shape](refusal)
    told = {**content, **refusal.beside}
    document = xml.write(*spellings.shown(route.method, route.error_root or route.root, told, settings))
    return Response(document, refusal.status, content_type=_XML)


def described(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error of no endpoint: a sentence without a code."""
    document = xml.write("ErrorResponse", {"ResponseStatus": {"Description": text}})
    return Response(document, status, headers, content_type=_XML)


def unauthorised() -> Response:
    """401 without a body: none is documented."""
    return Response(b"", 401, _CHALLENGE, content_type=_XML)


def as_json(answer: JsonAnswer) -> Response:
    """What the handler of a JSON call answered."""
    headers = _CHALLENGE if answer.status == 401 else None
    return Response(json.dumps(answer.content), answer.status, headers, mimetype="application/json")


def limited(route: Route | JsonRoute | None, until: float) -> Response:
    """429: nothing but when to come again, in epoch seconds (bandwidth.github.io, numbers/rateLimits).

    A platform that speaks JSON sends its own document.
    """
    if isinstance(route, JsonRoute) and route.limited:
        response = as_json(JsonAnswer(429, route.limited))
    else:
        response = Response(b"", 429)
        del response.headers["Content-Type"]
    response.headers["X-RateLimit-Reset"] = str(math.ceil(until))
    response.headers["Connection"] = "close"
    return response
