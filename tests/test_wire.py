"""The project's own documents in `tests/wire/`: client and emulator each checked against them, apart."""

from __future__ import annotations

import json
import re

import httpx
import pytest
from wire_account import Account
from wire_client import ENDPOINTS, decoded, encoded
from wire_documents import FOLDER, Exchange, elements, exchanges, index, parse, said
from wire_purchase import bought

from reconciler.api.auth import ClientCredentials, TokenSource
from reconciler.api.trace import Trace
from reconciler.emulator.routes import ROUTES

JSON = {"oauth/token", "messages/create"}
XML = [exchange for exchange in exchanges().values() if exchange.name not in JSON]
READ = [exchange for exchange in XML if not exchange.emulator_only]
ANSWERED = [exchange for exchange in READ if exchange.response is not None or exchange.location]
WRITTEN = [exchange for exchange in XML if exchange.writes is not None]
SERVED = [exchange for exchange in XML if not exchange.client_only]
TOKEN = (FOLDER / "oauth" / "token.response.json").read_bytes()
FORM = (FOLDER / "oauth" / "token.request.txt").read_bytes()


def by_name(rows: list[Exchange]) -> pytest.MarkDecorator:
    """One test for each exchange, named after it."""
    return pytest.mark.parametrize("exchange", rows, ids=[row.name for row in rows])


@by_name(ANSWERED)
def test_client_decodes_the_answer(exchange: Exchange) -> None:
    """The client makes of an answer exactly the value, or the error, that the index gives."""
    assert decoded(exchange, exchange.response) == exchange.decodes


@by_name(WRITTEN)
def test_client_writes_the_request(exchange: Exchange) -> None:
    """From the manifest's fields the client writes this document: these elements, so nested, these texts."""
    sent = bought(exchange) if "pool" in (exchange.writes or {}) else encoded(exchange)
    if exchange.request is None:
        assert sent == b""
        return
    mine, theirs = parse(sent), parse(exchange.request)
    assert (mine.tag, said(mine)) == (theirs.tag, said(theirs))


@by_name(SERVED)
def test_emulator_answers_the_request(exchange: Exchange) -> None:
    """The emulator gives the request its documented status, and an answer that says all of the document."""
    with Account(exchange.settings) as account:
        account.give(exchange)
        answer = account.ask(exchange, exchange.request)
    assert answer.status_code == exchange.status, answer.text
    assert "Location" in answer.headers or not exchange.location
    if exchange.response is None:
        assert answer.content == b""
        return
    theirs, mine = parse(exchange.response), parse(answer.content)
    assigned = {*index()["assigned"], *exchange.assigned}
    assert elements(theirs) - elements(mine) == set()
    assert said(theirs, assigned) - said(mine, assigned) == {}


def test_client_and_token() -> None:
    """The client asks for a token with the documented form and reads the documented answer."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, content=TOKEN, headers={"Content-Type": "application/json"})

    credentials = ClientCredentials("harbor", "spring tide")
    token = TokenSource(ENDPOINTS.token, credentials, 5, Trace(), httpx.MockTransport(answer)).fetch()
    documented = json.loads(TOKEN)
    assert (token.value, token.lifetime) == (documented["access_token"], documented["expires_in"])
    assert sent[0].content == FORM.strip()


def test_emulator_and_token() -> None:
    """The emulator takes the documented form and answers with the documented members."""
    with Account() as account:
        answer = account.ask_for_token(FORM.strip())
    assert answer.status_code == 200
    assert {name: type(value) for name, value in answer.json().items()} == {
        name: type(value) for name, value in json.loads(TOKEN).items()
    }


def test_emulator_and_message() -> None:
    """The emulator takes the documented message and answers with the documented members, word for word."""
    sent = (FOLDER / "messages" / "create.request.json").read_bytes()
    documented = json.loads((FOLDER / "messages" / "create.response.json").read_bytes())
    row = exchanges()["messages/create"]
    with Account(row.settings) as account:
        answer = account.send_message(row, sent)
    assert answer.status_code == 202
    chosen = {"id": str, "time": str}
    assert {**answer.json(), **chosen} == {**documented, **chosen}


def test_every_document_is_indexed() -> None:
    """Each file is of an exchange, each exchange has a source; some have no files to show."""
    names = {re.sub(r"\.(request|response)\.\w+$", "", str(path.relative_to(FOLDER)))
             for path in FOLDER.glob("*/*")}  # fmt: skip
    rows = exchanges()
    assert names - rows.keys() == set()
    bare = [rows[name] for name in rows.keys() - names]
    assert [row.name for row in bare if row.method != "DELETE" and not row.emulator_only] == []
    assert {row.source for row in rows.values()} == set(index()["sources"])


def test_every_call_has_documents() -> None:
    """Each call that the emulator serves is in the index."""

    def shape(path: str) -> str:
        return re.sub(r"\{\w+\}|<\w+>|7\d{5,6}", "*", path).lower()

    served = {f"{method} {shape(rule.rule)}" for rule in ROUTES.iter_rules()
              for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}  # fmt: skip
    documented = {f"{row.method} {shape(row.template)}" for row in exchanges().values()}
    assert served - documented == set()


def test_answers_that_only_the_client_is_shown() -> None:
    """What the emulator is not checked against is listed with its reason, and does not grow unseen."""
    assert len([row for row in XML if row.client_only]) == 5
