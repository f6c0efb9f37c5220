"""An emulator brought into the state that a document speaks of, by sending it other documents.

Ids differ from server to server: the emulator's replace those of the documents, by element name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import TracebackType
from typing import Any, Self

import httpx
from lxml import etree
from wire_documents import IDS, Exchange, exchanges, parse

from reconciler.emulator import Emulator

ACCOUNT = IDS["accountId"]
SPARE = 12  # more than the numbers that any document names
# what an id is called in a path, by the last word of the list that it was created in
CREATED = {"sites": "siteId", "sippeers": "sipPeerId", "applications": "applicationId", "orders": "orderId",
           "disconnects": "disconnectId"}  # fmt: skip
IN_DOCUMENTS = {"SiteId": "siteId", "PeerId": "sipPeerId", "HttpMessagingV2AppId": "Messaging-V2",
                "HttpVoiceV2AppId": "Voice-V2"}  # fmt: skip


class Account:
    """An emulated account and what its ids have become."""

    def __init__(self, settings: Mapping[str, Any] | None = None) -> None:
        options = {"account_id": ACCOUNT, "order_seconds": 0.0, **(settings or {})}
        self.emulator = Emulator(**options)
        self.ids = {"accountId": ACCOUNT}
        self._http = httpx.Client(
            transport=httpx.WSGITransport(app=self.emulator),
            base_url="https://wire.example",
            auth=("user", "password"),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._http.close()

    def give(self, exchange: Exchange) -> None:
        """Send what the exchange wants to be there already."""
        for step in exchange.given:
            if isinstance(step, str):
                before = exchanges()[step]
                answer = self.ask(before, before.request)
                assert answer.status_code < 400, f"{step}: {answer.text}"
            else:
                for action, options in step.items():
                    getattr(self.emulator, action)(**options)

    def ask(self, exchange: Exchange, document: bytes | None) -> httpx.Response:
        """Send `document` as the exchange's request; its ids and numbers become the account's own."""
        body = None if document is None else self._translated(document, exchange.version)
        query = f"?{exchange.query}" if exchange.query else ""
        path = f"/api/{exchange.version}{self.path(exchange)}{query}"
        answer = self._http.request(exchange.method, path, content=body,
                                    headers={"Content-Type": "application/xml"})  # fmt: skip
        self._learn(exchange, body, answer)
        return answer

    def ask_for_token(self, form: bytes) -> httpx.Response:
        """Send the token endpoint's form as the client that the emulator knows."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._http.post(
            "/api/v1/oauth2/token", content=form, headers=headers, auth=("client", "secret")
        )

    def path(self, exchange: Exchange) -> str:
        """The exchange's path with the account's ids in it."""
        ids = dict(self.ids)
        if "{tn}" in exchange.template:
            ids["tn"] = _written([*on_sale(), *self.numbers()][-1], exchange.version)
        return exchange.template.format(**ids)

    def numbers(self) -> list[str]:
        """The numbers that the account has or had, ten digits each; orders are carried out by any call."""
        self._http.get(f"/api/accounts/{ACCOUNT}")
        return list(self.emulator.dump()["numbers"])

    def _learn(self, exchange: Exchange, body: bytes | None, answer: httpx.Response) -> None:
        location = answer.headers.get("Location")
        if location is None:
            return
        created = location.rpartition("/")[2]
        self.ids[CREATED[exchange.template.rpartition("/")[2]]] = created
        if body is not None and (service := parse(body).findtext("ServiceType")):
            self.ids[service] = created

    def _translated(self, document: bytes, version: str) -> bytes:
        root = parse(document)
        spare = self._spare(in_service=root.tag == "DisconnectTelephoneNumberOrder")
        for element in root.iter(*IN_DOCUMENTS):
            if IN_DOCUMENTS[str(element.tag)] in self.ids:
                element.text = self.ids[IN_DOCUMENTS[str(element.tag)]]
        chosen: dict[str | None, str] = {}
        for element in root.iter("TelephoneNumber"):
            if element.text not in chosen:
                chosen[element.text] = _written(next(spare), version)
            element.text = chosen[element.text]
        return etree.tostring(root)

    def _spare(self, *, in_service: bool) -> Iterator[str]:
        if in_service:
            yield from self.numbers()
        yield from on_sale()


def _written(number: str, version: str) -> str:
    return f"+1{number}" if version == "v2" else number


@cache
def on_sale() -> tuple[str, ...]:
    """Numbers that every emulator has on sale, of an area code that no document names."""
    order = exchanges()["orders/create.area-code"]
    assert order.request is not None
    wanted = order.request.replace(b">919<", b">720<").replace(b">2<", f">{SPARE}<".encode())
    with Account() as scout:
        scout.give(order)
        scout.ask(order, wanted)
        return tuple(scout.numbers())
