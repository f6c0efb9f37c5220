"""The control endpoint: an emulator steered from outside, as JSON, by what it can do from Python.

It needs no credentials and is off unless asked for: whoever reaches it may do everything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from reconciler.emulator import given, page
from reconciler.emulator.faults.words import faults_from
from reconciler.emulator.orders.order import Sort

if TYPE_CHECKING:
    from reconciler.emulator.app import Emulator
    from reconciler.emulator.log import Exchange

ROOT = "/_emulator"
SORTS: tuple[Sort, ...] = get_args(Sort)


class Wrong(Exception):
    """A request that makes no sense, in words."""


@dataclass(frozen=True)
class Control:
    """One thing that may be asked for: what it does, and the document it takes by way of example.

    act: gives a JSON document, or a whole response. example: None where no document is needed.
    """

    about: str
    act: Callable[[Emulator, Any], Any]
    example: object = None


def serves(request: Request) -> bool:
    """Whether a request is for the control endpoint."""
    return request.path == ROOT or request.path.startswith(f"{ROOT}/")


def respond(request: Request, emulator: Emulator) -> Response:
    """The answer to a request below `ROOT`: a JSON document; 400 with `error` for what makes no sense."""
    try:
        # Read first and whole: what is left unread would be taken for the next request.
        body = request.get_data()
    except (HTTPException, ValueError) as unread:
        return _json({"error": str(unread)}, getattr(unread, "code", None) or 400, {"Connection": "close"})
    return _answer(request, body, emulator)


def _answer(request: Request, body: bytes, emulator: Emulator) -> Response:
    if not page.is_meant(request, emulator.settings.hosts):
        return _json({"error": f"call it as localhost, or by its address; {page.LET_IN}"}, 403)
    name = request.path.removeprefix(ROOT).strip("/").lower()
    if not name:
        return _json(_listing())
    methods = [method for method, of in CONTROLS if of == name]
    if request.method not in methods:
        status, error = (405, f"only {', '.join(methods)}") if methods else (404, f"see {ROOT}/")
        return _json({"error": error}, status)
    control = CONTROLS[request.method, name]
    try:
        document = _document(request, body, control) if request.method == "POST" else request.args
        done = control.act(emulator, document)
        return done if isinstance(done, Response) else _json(done)
    except (Wrong, ValueError) as wrong:
        return _json({"error": str(wrong)}, 400)


def _listing() -> list[dict[str, Any]]:
    return [
        {"call": f"{method} {ROOT}/{name}", "about": control.about, "example": control.example}
        for (method, name), control in CONTROLS.items()
    ]


def _document(request: Request, body: bytes, control: Control) -> Any:
    # A page of another origin cannot send this type without asking first; without it, it says its Origin.
    if control.example is None and not body and "Origin" not in request.headers:
        return None
    if request.mimetype != "application/json":
        example = {} if control.example is None else control.example
        raise Wrong(f"send it with Content-Type: application/json, as {json.dumps(example)}")
    return json.loads(body)


def _json(document: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(json.dumps(document), status, headers, mimetype="application/json")


def _fail(emulator: Emulator, document: Any) -> Any:
    entries = document if isinstance(document, list) or _is_list(document) else [document]
    for fault in faults_from(entries):
        emulator.fail(fault)
    return emulator.faults.told()


def _is_list(document: Any) -> bool:
    return isinstance(document, Mapping) and "faults" in document


def _clear(emulator: Emulator, _: Any) -> Any:
    emulator.faults.clear()
    return emulator.faults.told()


def _deliver(emulator: Emulator, document: Any) -> Any:
    for sort, counts in (document if isinstance(document, Mapping) else {"orders": document}).items():
        if sort not in SORTS:
            raise Wrong(f"{sort} is none of {', '.join(SORTS)}")
        for count in counts if isinstance(counts, list) else [counts]:
            emulator.partial_next_order(given.count(count), sort)
    return _outcomes(emulator)


def _hold(emulator: Emulator, document: Any) -> Any:
    if document is True:
        emulator.hold_orders()
    elif document is False:
        emulator.release_orders()
    else:
        raise Wrong("expected true or false")
    return _outcomes(emulator)


def _outcomes(emulator: Emulator) -> Any:
    return {"held": emulator.outcomes.held, "limits": emulator.outcomes.limits}


def _restock(emulator: Emulator, _: Any) -> Any:
    emulator.restock()
    return {}


def _put_on_sale(emulator: Emulator, document: Any) -> Any:
    emulator.put_on_sale(given.counts(document))
    return dict(emulator.settings.inventory or {})


def _release(emulator: Emulator, document: Any) -> Any:
    numbers = document if isinstance(document, list) else [document]
    for number in numbers:
        try:
            emulator.release(str(number))
        except KeyError:
            raise Wrong(f"{number} is not in service") from None
    return {}


def _pass_time(emulator: Emulator, document: Any) -> Any:
    emulator.pass_time(given.seconds(document))
    return {"now": emulator.now()}


def _written(emulator: Emulator, _: Any) -> Response:
    return Response(emulator.written(), mimetype="text/yaml")


def _reset(emulator: Emulator, _: Any) -> Any:
    emulator.reset()
    return {}


def _log(emulator: Emulator, query: Mapping[str, str]) -> Any:
    since = query.get("since", "0")
    if not since.isdecimal():
        raise Wrong("since is the serial number of an exchange")
    return [_exchange(exchange) for exchange in emulator.log[int(since) :]]


def _exchange(exchange: Exchange) -> dict[str, Any]:
    return {
        "serial": exchange.serial,
        "at": exchange.at,
        "method": exchange.method,
        "path": exchange.path,
        "query": exchange.query,
        "request": exchange.request.decode("utf-8", "replace"),
        "status": exchange.status,
        "fault": exchange.fault,
        "answer": exchange.response.decode("utf-8", "replace"),
    }


CONTROLS: Mapping[tuple[str, str], Control] = {
    ("GET", "faults"): Control(
        "the faults in force, and how often each happened", lambda emulator, _: emulator.faults.told()
    ),
    ("POST", "faults"): Control("adds a fault, or a list of them", _fail, "drop-after POST orders nth=1"),
    ("DELETE", "faults"): Control("nothing goes wrong any more", _clear),
    ("POST", "orders/deliver"): Control(
        "the next order gets so many numbers at most; 0 fails it", _deliver, 2
    ),
    ("POST", "orders/hold"): Control("orders stay RECEIVED (true), or go on (false)", _hold, True),
    ("POST", "orders/restock"): Control("the numbers that back-orders wait for come on sale", _restock),
    ("POST", "inventory"): Control("how many numbers codes have", _put_on_sale, {"919": 3}),
    ("POST", "release"): Control("gives a number up, or a list of them", _release, "9195550100"),
    ("GET", "time"): Control(
        "the account's time, epoch seconds", lambda emulator, _: {"now": emulator.now()}
    ),
    ("POST", "time"): Control("lets so many seconds pass at once", _pass_time, 3600),
    ("GET", "dump"): Control("all that the account holds", lambda emulator, _: emulator.dump()),
    ("GET", "document"): Control("the same as a YAML document, which `--load` takes", _written),
    ("POST", "reset"): Control("begins again, as it was started", _reset),
    ("GET", "log"): Control("requests and answers, from `?since=` on; status 0 is no answer", _log),
}
"""What may be asked for, by method and name."""
