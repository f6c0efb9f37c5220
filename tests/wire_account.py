"""An emulator brought into the state that a document speaks of, by sending it other documents.

Ids differ from server to server: the emulator's replace those of the documents, by element name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import copy
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
           "disconnects": "disconnectId", "tnreservation": "reservationId",
           "notes": "noteId", "tnoptions": "orderId", "moveTns": "orderId"}  # fmt: skip
# the same of those that only a list tells, by where it has them
LISTED = {"TerminationHost/id": "gatewayId", "AssociatedOutboundNumber/Id": "associatedOutboundNumberId"}
IN_DOCUMENTS = {"SiteId": "siteId", "PeerId": "sipPeerId", "SipPeerId": "sipPeerId",
                "HttpMessagingV2AppId": "Messaging-V2", "HttpVoiceV2AppId": "Voice-V2"}  # fmt: skip
# elements that are numbers, and the requests whose numbers the account has
NUMBERED = ("TelephoneNumber", "FullNumber", "ReservedTn", "Tn")
WELL_FORMED = re.compile(r"(\+1)?[2-9][0-9]{9}")
OWNED = {
    "DisconnectTelephoneNumberOrder",
    "SipPeerTelephoneNumber",
    "SipPeerTelephoneNumbers",
    "TnList",
    "TnOptionOrder",
    "MoveTnsOrder",
}


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
                    getattr(self.emulator, action)(**self._filled(options))

    def ask(self, exchange: Exchange, document: bytes | None, accept: str = "*/*") -> httpx.Response:
        """Send `document` as the exchange's request; its ids and numbers become the account's own."""
        body = None if document is None else self._translated(document, exchange.version, exchange.repeated)
        query = f"?{exchange.query}" if exchange.query else ""
        path = f"/api/{exchange.version}{self.path(exchange)}{query}"
        headers = {"Content-Type": "application/xml", "Accept": accept}
        answer = self._http.request(exchange.method, path, content=body, headers=headers)
        self._learn(exchange, body, answer)
        return answer

    def ask_for_token(self, form: bytes) -> httpx.Response:
        """Send the token endpoint's form as the client that the emulator knows."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._http.post(
            "/api/v1/oauth2/token", content=form, headers=headers, auth=("client", "secret")
        )

    def send_message(self, exchange: Exchange, document: bytes) -> httpx.Response:
        """Send a message as it is."""
        path = f"/api/{exchange.version}{self.path(exchange)}"
        return self._http.post(path, content=document, headers={"Content-Type": "application/json"})

    def _filled(self, options: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._last() if value == "{tn}" else value for name, value in options.items()}

    def _last(self) -> str:
        """The number that paths speak of: the account's last one, or one on sale."""
        return [*on_sale(), *self.numbers()][-1]

    def path(self, exchange: Exchange) -> str:
        """The exchange's path with the account's ids in it."""
        ids = {**IDS, **self.ids}  # what was not given here is an id that the account does not know
        if "{tn}" in exchange.template:
            ids["tn"] = _written(self._last(), exchange.version)
        return exchange.template.format(**ids)

    def numbers(self) -> list[str]:
        """The numbers that the account has or had, ten digits each; orders are carried out by any call."""
        self._http.get(f"/api/accounts/{ACCOUNT}")
        return list(self.emulator.dump()["numbers"])

    def _learn(self, exchange: Exchange, body: bytes | None, answer: httpx.Response) -> None:
        if answer.content.startswith(b"<"):
            found = parse(answer.content)
            told = {name: found.findtext(f".//{path}") for path, name in LISTED.items()}
            self.ids |= {name: text for name, text in told.items() if text}
        location = answer.headers.get("Location")
        if location is None:
            return
        created = location.rpartition("/")[2]
        self.ids[CREATED[exchange.template.rpartition("/")[2]]] = created
        if body is not None and (service := parse(body).findtext("ServiceType")):
            self.ids[service] = created

    def _translated(self, document: bytes, version: str, repeated: int) -> bytes:
        root = parse(document)
        root.extend([copy(root[-1]) for _ in range(repeated)])
        spare = self._spare(str(root.tag))
        for element in root.iter(*IN_DOCUMENTS):
            if IN_DOCUMENTS[str(element.tag)] in self.ids:
                element.text = self.ids[IN_DOCUMENTS[str(element.tag)]]
        for element in root.iter("UserId") if root.tag == "Note" else ():
            element.text = "user"  # a note is of the user who is logged in
        chosen: dict[str | None, str] = {}
        for element in root.iter(*NUMBERED):
            if element.tag == "Tn" and not WELL_FORMED.fullmatch(element.text or ""):
                continue  # what the look-up of numbers is to complain of
            if element.text not in chosen:
                chosen[element.text] = _written(next(spare), version)
            element.text = chosen[element.text]
        return etree.tostring(root)

    def _spare(self, root: str) -> Iterator[str]:
        if root in {"SipPeerTelephoneNumber", "Reservation"}:
            yield self._last()
        if root in OWNED:
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
