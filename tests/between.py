"""An emulated account with something between it and the client, and what somebody else does there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
from account import Account

from reconciler.api.patience import Patience

Serve = Callable[[httpx.Request], httpx.Response]
Between = Callable[[httpx.Request, Serve], httpx.Response]


def meddled(
    transport: httpx.BaseTransport, meddle: Callable[[httpx.Request, httpx.Response], httpx.Response]
) -> httpx.BaseTransport:
    """The transport, with `meddle` choosing what is answered, from what was asked and answered."""

    def served(request: httpx.Request) -> httpx.Response:
        answer = transport.handle_request(request)
        answer.read()
        return meddle(request, answer)

    return httpx.MockTransport(served)


def disturbed(folder: Path, between: Between, *, order_patience: float = 60) -> Account:
    """An account with a location, main/desk, whose requests go through `between`, which may serve them."""
    account = Account(folder, parallelism=1, site_address="optional")
    account.patience = Patience(order_patience=order_patience, stop=account.clock, clock=account.clock)
    served = account.transport.handle_request
    account.transport = httpx.MockTransport(lambda request: between(request, served))
    for call, body in (
        ("POST /sites", "<Site><Name>main</Name></Site>"),
        ("POST /sites/main/sippeers", "<SipPeer><PeerName>desk</PeerName></SipPeer>"),
    ):
        assert account.call(call, body).is_success
    return account


def order(
    account: Account, code: str, quantity: int, name: str = "theirs", *, backorder: bool = False
) -> None:
    """Somebody else orders numbers for that location under a customer order id, and they are delivered."""
    body = (
        f"<Order><CustomerOrderId>{name}</CustomerOrderId>"
        f"<BackOrderRequested>{str(backorder).lower()}</BackOrderRequested>"
        f"<AreaCodeSearchAndOrderType><AreaCode>{code}</AreaCode><Quantity>{quantity}</Quantity>"
        "</AreaCodeSearchAndOrderType><PartialAllowed>true</PartialAllowed>"
        "<SiteId>{main}</SiteId><PeerId>{desk}</PeerId></Order>"
    )
    assert account.call("POST /orders", body).is_success
    account.clock.wait(1)
    account.call("GET /orders")  # orders are carried out when somebody next calls


def pools(**counts: int) -> str:
    """A manifest of that location with these counts of numbers, by area code (`_919=2`)."""
    rows = (f'{{area_code: "{code.strip("_")}", count: {count}}}' for code, count in counts.items())
    return f"version: 1\nsub_accounts: {{main: {{locations: {{desk: {{numbers: [{', '.join(rows)}]}}}}}}}}"


def is_order(request: httpx.Request) -> bool:
    """Whether it orders numbers."""
    return request.method == "POST" and request.url.path.endswith("/orders")


def asking(request: httpx.Request, **params: str) -> httpx.Request:
    """The request with other values for these parameters, where it has them."""
    url = request.url
    for name in params.keys() & url.params.keys():
        url = url.copy_set_param(name, params[name])
    return httpx.Request(request.method, url, headers=request.headers, content=request.content)
