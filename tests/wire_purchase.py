"""A pool's purchase against an account that is made of documents: the one request that it sends."""

from __future__ import annotations

import httpx
from obstore.store import MemoryStore
from wire_client import ENDPOINTS
from wire_documents import IDS, Exchange, exchanges

from reconciler.api.auth import Basic
from reconciler.api.buying import Buyer
from reconciler.api.client import Writer, connect
from reconciler.api.guard import Guard
from reconciler.api.number_details import Directory
from reconciler.api.orders import OrderBook
from reconciler.api.patience import Patience
from reconciler.api.pools import LocationPools
from reconciler.chain import Key, Order
from reconciler.kinds.criteria import asked
from reconciler.ledger.intents import Intents
from reconciler.ledger.lock import take
from reconciler.ledger.store import Store
from reconciler.model import Address
from reconciler.standing import Assumptions

TNS = "/accounts/{accountId}/sites/{siteId}/sippeers/{sipPeerId}/tns".format(**IDS)


def bought(exchange: Exchange) -> bytes:
    """The document that the client sends to bring the pool to its `count`.

    The order list has the pool's first order once that is sent; where one is `open`, it has it before.
    """
    writes = exchange.writes or {}
    fields = {**asked(writes["pool"]).values, **writes.get("options", {})}
    pool = Address("numbers", ("harbor", "desk"), writes["pool"])
    key = Key(IDS["accountId"], IDS["siteId"], IDS["sipPeerId"], writes["pool"])
    place = LocationPools(TNS, {pool: (key, writes["count"])})
    account = _Account(exchange)
    connection = connect(ENDPOINTS, Basic("user", "password"), transport=httpx.MockTransport(account))
    with Writer(connection) as writer:
        intents = Intents(Store(MemoryStore()))
        book = OrderBook(writer, key.account, record=intents.read)
        looks: list[Order] = []
        with take(Store(MemoryStore()), run="run", purpose="a test") as lock:
            guard = Guard("run", intents, lock)
            rules = Assumptions(request_timeout=connection.timeout)
            directory = Directory(writer, key.account)
            buyer = Buyer(
                writer, book, directory, place, pool, fields, guard, rules, Patience(5), looks.append
            )
            buyer.buy(writes["count"])
    (sent,) = account.sent
    assert (sent.method, sent.url.path) == (exchange.method, f"/api{exchange.path}")
    return sent.content


class _Account:
    """Answers every GET with a document, and remembers what is sent."""

    def __init__(self, exchange: Exchange) -> None:
        self.sent: list[httpx.Request] = []
        self._exchange = exchange

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method != "GET":
            self.sent.append(request)
            headers = {"Location": self._exchange.location}
            return httpx.Response(self._exchange.status, content=self._exchange.response, headers=headers)
        if request.url.path.endswith("/totaltns"):
            return httpx.Response(404)
        return httpx.Response(200, content=exchanges()[self._found(request)].response)

    def _found(self, request: httpx.Request) -> str:
        writes, last = self._exchange.writes or {}, request.url.path.rpartition("/")[2]
        if last in {"tns", "tndetails"}:
            return "tns/list.empty" if last == "tns" else "tns/details.aging"
        if last != "orders":
            return str(writes["after"] if self.sent else writes["open"])
        first = request.url.params.get("customerOrderId", "").endswith("-1")
        return "orders/list" if first and "open" in writes else "orders/list.empty"
