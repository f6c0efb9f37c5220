"""Every document that Bandwidth published for the calls that are served, read in place where it is at hand.

Known gaps are in `shared_wire_gaps.yaml`, each with its reason; a gap that has closed fails too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree
from wire_account import Account
from wire_client import decoded
from wire_documents import IDS, Exchange, elements, exchanges, parse
from wire_oracle import says

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "wire"
if not SHARED.is_dir():
    pytest.skip("the published documents are not beside this repository", allow_module_level=True)
GAPS: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "shared_wire_gaps.yaml").read_text())
# what the client tells besides, and no single element of a document says
DERIVED = {"callback_url", "callback_creds", "criterion", "finished", "pending", "next", "recommends"}


@dataclass(frozen=True)
class Published:
    """A published document: its file, the call that it belongs to, and whether it is an answer."""

    file: str
    exchange: Exchange
    answer: bool

    @property
    def root(self) -> etree._Element:
        """The document itself."""
        return parse((SHARED / self.file).read_bytes())


def _call(row: Mapping[str, Any]) -> str:
    return f"{row['method']} {row['path']}"


@cache
def _served(listing: str) -> list[dict[str, Any]]:
    """The rows of one of the lists beside the documents that are of calls which the emulator serves."""
    served = {row.call for row in exchanges().values() if not row.client_only}
    rows: list[dict[str, Any]] = json.loads((SHARED / listing).read_text())
    return [row for row in rows if _call(row) in served]


def _published() -> Iterator[Published]:
    for row in _served("index.json"):
        exchange = Exchange(row["file"], _call(row), "", row["status"] or 200, row["apiVersion"])
        yield Published(row["file"], exchange, row["kind"] == "response")


PUBLISHED = tuple(_published())
ANSWERS = [one for one in PUBLISHED if one.answer]
REQUESTS = [one for one in PUBLISHED if not one.answer]
READS = [one for one in ANSWERS if (one.exchange.method, one.exchange.status) == ("GET", 200)]
SIDES = {"client": ANSWERS, "requests": REQUESTS, "reads": READS}


def _gaps(side: str) -> list[str]:
    return [pattern for known in GAPS[side]["known"] for pattern in known["files"]]


def by_file(side: str, documents: list[Published]) -> pytest.MarkDecorator:
    """One test for each document, named after it, with whether it is a known gap of that side."""
    cases = [(one, any(fnmatch(one.file, pattern) for pattern in _gaps(side))) for one in documents]
    return pytest.mark.parametrize(("published", "gap"), cases, ids=[one.file for one in documents])


@by_file("client", ANSWERS)
def test_client_decodes(published: Published, gap: bool) -> None:
    """The client makes of a published answer what the answer says, unless that is a known gap."""
    assert _client_agrees(published) is not gap


@by_file("requests", REQUESTS)
def test_emulator_takes_the_request(published: Published, gap: bool) -> None:
    """The emulator takes a published request and answers with the documented elements, but for gaps."""
    lacking = _emulator_lacks(published)
    assert (lacking == []) is not gap, lacking


@by_file("reads", READS)
def test_emulator_answers_the_read(published: Published, gap: bool) -> None:
    """The emulator answers a GET with every element of the published answer, or it is a known gap."""
    lacking = _emulator_lacks(published)
    assert (lacking == []) is not gap, lacking


@pytest.mark.parametrize("side", SIDES)
def test_gaps_are_counted(side: str) -> None:
    """The gaps are as many as the list says, and each of its patterns is of a document that is there."""
    found = {
        pattern: [one.file for one in SIDES[side] if fnmatch(one.file, pattern)] for pattern in _gaps(side)
    }
    assert all(found.values()), found
    assert len({file for files in found.values() for file in files}) == GAPS[side]["count"]


@pytest.mark.parametrize("row", _served("empty-success.json"), ids=lambda row: f"{row['api']} {_call(row)}")
def test_success_without_a_body(row: Mapping[str, Any]) -> None:
    """A success that is published without a body is among the project's own exchanges, without one too."""
    own = [one for one in exchanges().values() if one.call == _call(row) and one.response is None]
    assert row["status"] in {one.status for one in own}


def _client_agrees(published: Published) -> bool:
    root = published.root
    mine = decoded(published.exchange, etree.tostring(root), _ids_in(root))
    theirs = says(published.exchange, root)
    if isinstance(theirs, Mapping) and isinstance(mine, Mapping):
        return _same(mine, theirs)
    if isinstance(theirs, list) and isinstance(mine, list) and all(isinstance(one, dict) for one in theirs):
        return len(mine) == len(theirs) and all(map(_same, mine, theirs))
    return bool(mine == theirs)


def _same(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    return all(mine.get(name) == theirs.get(name) for name in mine.keys() | theirs.keys()
               if name in theirs or name not in DERIVED)  # fmt: skip


def _ids_in(root: etree._Element) -> Mapping[str, str]:
    """The ids under which a number's details show it, so that it is where it was looked for."""
    paths = {"accountId": "AccountId", "siteId": "Site/Id", "sipPeerId": "SipPeer/PeerId"}
    return {**IDS, **{name: text for name, path in paths.items() if (text := root.findtext(f"*/{path}"))}}


def _emulator_lacks(published: Published) -> list[str]:
    """What is wrong with the emulator's answer: its error, or the documented elements that it lacks."""
    like = _most_like(published)
    with Account(like.settings) as account:
        account.give(like)
        asked = replace(published.exchange, query=like.query)
        answer = account.ask(asked, None if published.answer else etree.tostring(published.root))
    if answer.status_code not in _successes(published.exchange.version, published.exchange.call):
        return [answer.text or str(answer.status_code)]
    documented = elements(published.root) if published.answer else _documented(published)
    found = elements(parse(answer.content)) if answer.content else set()
    return sorted("/".join(path) for path in documented - found)


@cache
def _successes(version: str, call: str) -> set[int]:
    """The statuses below 300 that the specification has for the call."""
    rows = (row for row in _served("operations.json") if (row["api"], _call(row)) == (version, call))
    return {int(status) for row in rows for status in row["responses"] if status < "300"}


def _most_like(published: Published) -> Exchange:
    """The project's own exchange of the same call whose document has most in common with this one."""
    wanted = elements(published.root)

    def alike(row: Exchange) -> int:
        own = row.response if published.answer else row.request
        return (
            2 * len(wanted & elements(parse(own))) + (row.version == published.exchange.version)
            if own
            else -1
        )

    rows = [row for row in exchanges().values() if row.call == published.exchange.call]
    return max((row for row in rows if not row.client_only and row.status < 400), key=alike)


def _documented(request: Published) -> set[tuple[str, ...]]:
    """The elements of the answer published with the request.

    Without one: those that every answer to the call has, what only other requests ask for left out.
    """
    answers = _answers(request.exchange.call)
    own = answers.get(request.file.replace(".request.", ".response."))
    if own is not None or not answers:
        return own or set()
    others = {path[-1] for one in REQUESTS if one.exchange.call == request.exchange.call
              for path in elements(one.root)}  # fmt: skip
    foreign = others - {path[-1] for path in elements(request.root)}
    return {path for path in set.intersection(*answers.values()) if foreign.isdisjoint(path)}


@cache
def _answers(call: str) -> Mapping[str, set[tuple[str, ...]]]:
    return {one.file: elements(one.root) for one in ANSWERS
            if one.exchange.call == call and one.exchange.status < 300}  # fmt: skip
