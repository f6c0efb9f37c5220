"""The client apart from any server: documents served to it become values, and values become its requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
from wire_documents import IDS, Exchange, exchanges

from reconciler.api import collection, singleton
from reconciler.api.auth import Basic
from reconciler.api.client import Reader, Writer, connect
from reconciler.api.endpoints import Endpoints
from reconciler.api.errors import ApiError
from reconciler.api.numbers import next_page, read_numbers, read_total, read_whereabouts
from reconciler.api.orders import OrderBook
from reconciler.api.patience import Patience
from reconciler.chain import Key
from reconciler.document import Node
from reconciler.kinds import KINDS
from reconciler.kinds.address import as_manifest_line
from reconciler.kinds.kind import Collection, Kind, Setting, Settings
from reconciler.kinds.number_pool import order_criterion
from reconciler.model import Address, LiveResource

ENDPOINTS = Endpoints("https://wire.example/api", "https://wire.example/api/v1/oauth2/token")
AT_ONCE = Patience(order_patience=0)
VARIABLES = {"account": "{accountId}", "sub_account": "{siteId}", "location": "{sipPeerId}"}


@contextmanager
def served(exchange: Exchange, body: bytes | None, sent: list[httpx.Request]) -> Iterator[Writer]:
    """A client whose calls are answered with `body`; a GET before a write with what the write `reads`."""
    reads = (exchange.writes or {}).get("reads")

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        headers = {"Content-Type": "application/xml"}
        if reads and request.method == "GET":
            return httpx.Response(200, content=exchanges()[reads].response, headers=headers)
        if exchange.location:
            headers["Location"] = exchange.location
        return httpx.Response(exchange.status, content=body or b"", headers=headers)

    connection = connect(ENDPOINTS, Basic("user", "password"), transport=httpx.MockTransport(answer))
    with Writer(connection) as writer:
        yield writer


def served_by(exchange: Exchange) -> tuple[Kind, Setting | None] | None:
    """The kind, and the setting, whose documents the exchange's path has; None where no kind reads it."""
    parent, _, last = exchange.template.rpartition("/")
    served_at = parent if last.endswith("}") else exchange.template
    for kind in KINDS:
        if isinstance(kind.serving, Collection):
            if served_at == kind.serving.path.format(**VARIABLES):
                return kind, None
        elif isinstance(kind.serving, Settings):
            for setting in kind.serving.settings:
                if exchange.template == setting.path.format(**VARIABLES):
                    return kind, setting
    return None


# ---- answers -------------------------------------------------------------------------------------


def decoded(exchange: Exchange, body: bytes | None, ids: Mapping[str, str] = IDS) -> Any:
    """What the client makes of the answer, in the plain words of the index; `ids` are those asked for."""
    with served(exchange, body, []) as writer:
        try:
            if exchange.method != "GET":
                return _plain(_answered(exchange, writer))
            if exchange.template.endswith("/tndetails") and exchange.status < 400:
                return read_whereabouts(writer, ids["tn"], _key(ids)).name
            return _plain(_read(exchange, writer))
        except ApiError as error:
            return _failure(error)


def _failure(error: ApiError) -> dict[str, str]:
    told = {"error": type(error).__name__, "code": error.code, "description": error.description}
    nodes = error.document.walk() if error.document else ()
    found = next((node for node in nodes if node.name == "RecommendedAddress"), None)
    return told | ({"recommends": as_manifest_line(found)} if found else {})


def _read(exchange: Exchange, reader: Reader) -> Any:
    path, found = exchange.path, served_by(exchange)
    if found is None:
        return READERS.get(exchange.template.split("/{sipPeerId}")[-1], _texts_at)(reader, path)
    kind, setting = found
    if setting is not None:
        node = singleton.read_setting(reader, setting, path)
        return None if node is None else _fields(kind, node, setting)
    assert isinstance(kind.serving, Collection)
    if exchange.template.endswith("}"):
        listed = LiveResource(Address(kind.name, ("listed",)), {})
        return _said(collection.read_member(reader, kind, kind.serving, path, listed).fields)
    members = collection.read_members(reader, kind, kind.serving, path, ())
    return [{"id": live.id, **_said(live.fields)} for live in members]


def _answered(exchange: Exchange, writer: Writer) -> Any:
    """What the answer to a write shows: the id in Location, then the fields, or the order's id and state."""
    answer = writer.send(exchange.method, exchange.path, None)
    made = {"id": answer.new_id} if answer.new_id else {}
    if answer.document is None:
        return made
    found = served_by(exchange)
    if found is None:
        told = texts(answer.document)
        return made | {path: told[path] for path in told if path.rpartition("/")[2] in {"id", "OrderStatus"}}
    kind, setting = found
    name = setting.root if setting else kind.serving.member  # type: ignore[union-attr]
    node = next(node for node in answer.document.walk() if node.name == name)
    return made | _fields(kind, node, setting)


def _fields(kind: Kind, node: Node, setting: Setting | None) -> dict[str, Any]:
    several = len(kind.serving.settings) > 1
    fields = kind.decode(node, setting.name if setting and several else "")
    return _said(fields) or fields


def _said(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def texts(document: Node) -> dict[str, list[str]]:
    """Every text of a document by its path below the root."""
    found: dict[str, list[str]] = {}

    def add(node: Node, above: str) -> None:
        for child in node.children:
            path = f"{above}{child.name}"
            if child.text:
                found.setdefault(path, []).append(child.text)
            add(child, f"{path}/")

    add(document, "")
    return found


def _texts_at(reader: Reader, path: str) -> Any:
    finished = "/disconnects/" in path  # PARTIAL and FAILED ones carry an ErrorList
    document = reader.get(path, errors_are_data=finished).document
    return None if document is None else texts(document)


def _orders(reader: Reader, path: str) -> Any:
    book = OrderBook(reader, IDS["accountId"])
    book.calibrate()
    rows = [
        [row.value(name) for name in ("orderId", "CustomerOrderId", "OrderStatus")] for row in book.rows()
    ]
    return {"rows": rows, "next": next_page(reader.get(path, tolerate=(404,)).document)}


def _order(reader: Reader, path: str) -> Any:
    order, document = OrderBook(reader, IDS["accountId"]).order(path.rpartition("/")[2], 1)
    inner = document.first("Order") or Node("Order")
    told = {name: getattr(order, name) for name in ("status", "quantity", "delivered", "pending", "reasons")}
    told["criterion"] = order_criterion(inner)
    return told | {"finished": order.finished and order.finished.isoformat()}


def _numbers(reader: Reader, path: str) -> Any:
    return [[number.digits, number.campaign] for number in read_numbers(reader, path)]


def _key(ids: Mapping[str, str]) -> Key:
    return Key(ids["accountId"], ids["siteId"], ids["sipPeerId"], "")


READERS: Mapping[str, Callable[[Reader, str], Any]] = {
    "/accounts/{accountId}/orders": _orders,
    "/accounts/{accountId}/orders/{orderId}": _order,
    "/tns": _numbers,
    "/totaltns": read_total,
}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple | list) else value


# ---- requests ------------------------------------------------------------------------------------


def encoded(exchange: Exchange) -> bytes:
    """The document that the client sends to say what the exchange `writes`."""
    sent: list[httpx.Request] = []
    with served(exchange, exchange.response, sent) as writer:
        _write(exchange, writer)
    request = sent[-1]
    assert (request.method, request.url.path) == (exchange.method, f"/api{exchange.path}")
    return request.content


def _write(exchange: Exchange, writer: Writer) -> None:
    path, found, writes = exchange.path, served_by(exchange), exchange.writes or {}
    fields = _tuples(writes.get("fields", {}))
    assert found is not None
    kind, setting = found
    call = exchange.method, path
    if isinstance(kind.serving, Collection):
        if writes.get("removed"):
            collection.delete(writer, kind.serving, path)
        elif exchange.method == "POST":
            assert collection.create(writer, kind, kind.serving, path, fields, AT_ONCE)
        else:
            collection.update(writer, kind, kind.serving, call, fields, frozenset(writes.get("changed", ())))
        return
    assert isinstance(kind.serving, Settings)
    assert setting is not None
    if writes.get("removed"):
        singleton.remove(writer, kind.serving, (*call, setting))
    else:
        singleton.write(writer, kind, kind.serving, (*call, setting), fields, AT_ONCE)


def _tuples(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _tuples(each) for name, each in value.items()}
    return tuple(value) if isinstance(value, list) else value
