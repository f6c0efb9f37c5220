"""`tests/wire/index.yaml` and the documents beside it turned into exchanges: a request, its answer, or both.

The documents are the project's own: structure as published, values made up. `sources` in the index says
where each structure was published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from lxml import etree

FOLDER = Path(__file__).parent / "wire"
# the ids in the documents, by what they are called in paths
IDS = {
    "accountId": "7700123",
    "siteId": "2210",
    "sipPeerId": "501220",
    "applicationId": "6f1c0c5e-2b7d-4a41-9c3e-0d5a8e7b1f22",
    "orderId": "3d9e5a70-41b8-4c6f-a2d7-9b0c8e1f6a54",
    "disconnectId": "c4f7b2e1-8a06-4d39-b5c8-17e2f09d6b83",
    "reservationId": "5e0b7d94-1c83-4f2a-9a6d-c07f3b1e8d25",
    "noteId": "87040",
    "gatewayId": "2718281828",
    "attributeId": "1",
    "associatedOutboundNumberId": "31",
    "tn": "7575550121",
}
WORDED = {("ResponseStatus",), ("Error",), ("AddressErrorDescription",)}


@dataclass(frozen=True)
class Exchange:
    """One row of the index.

    `call` is method and path template. `writes` says what the client makes the request from, `decodes` what
    it must make of the answer; `given` what is sent to an emulator before, `settings` how that is started.
    `repeated` is how often the last element of the request is sent once more, where a list has to be long.
    `client_only` is why the emulator cannot be made to give this answer, "" where it can; `emulator_only`
    why the client has no use for it.
    """

    name: str
    call: str
    source: str
    status: int = 200
    version: str = "v1"
    query: str = ""
    location: str = ""
    given: tuple[str | Mapping[str, Any], ...] = ()
    settings: Mapping[str, Any] | None = None
    assigned: tuple[str, ...] = ()
    writes: Mapping[str, Any] | None = None
    decodes: Any = None
    repeated: int = 0
    client_only: str = ""
    emulator_only: str = ""

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.call.partition(" ")[0]

    @property
    def template(self) -> str:
        """The path below the version, ids as variables."""
        return self.call.partition(" ")[2]

    @property
    def path(self) -> str:
        """The path with the ids of the documents."""
        return self.template.format(**IDS)

    @property
    def request(self) -> bytes | None:
        """The request document, where there is one."""
        return _bytes(FOLDER / f"{self.name}.request.xml")

    @property
    def response(self) -> bytes | None:
        """The answer's document, where there is one."""
        return _bytes(FOLDER / f"{self.name}.response.xml")


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


@cache
def index() -> Mapping[str, Any]:
    """The whole index: `sources`, `ids`, `assigned`, `exchanges`."""
    loaded = yaml.safe_load((FOLDER / "index.yaml").read_text())
    assert isinstance(loaded, dict)
    return loaded


@cache
def exchanges() -> Mapping[str, Exchange]:
    """Every exchange by name."""
    rows: Mapping[str, Mapping[str, Any]] = index()["exchanges"]
    return {name: Exchange(name=name, **_frozen(row)) for name, row in rows.items()}


def _frozen(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if name in {"given", "assigned"} else value for name, value in row.items()}


def parse(document: bytes) -> etree._Element:
    """The root of a document, comments out."""
    return etree.fromstring(document, etree.XMLParser(remove_comments=True, resolve_entities=False))


def _path(element: etree._Element) -> tuple[str, ...]:
    return tuple(reversed([str(each.tag) for each in (element, *element.iterancestors())]))


def leaves(root: etree._Element) -> Iterator[tuple[tuple[str, ...], str]]:
    """The path below the root and the text of every element that holds no other."""
    return ((_path(one)[1:], (one.text or "").strip()) for one in root.iter() if not len(one))


def elements(root: etree._Element) -> set[tuple[str, ...]]:
    """The path of every element, the root's name included."""
    return {_path(element) for element in root.iter()}


def said(root: etree._Element, assigned: Collection[str] = ()) -> Counter[tuple[tuple[str, ...], str]]:
    """Every leaf with its text; without it where the server chooses the text, or words an error."""

    def free(path: tuple[str, ...]) -> bool:
        worded = path[-2:-1] in WORDED and not path[-1].endswith("Code")
        return worded or not set(path[-1:]).isdisjoint(assigned)

    return Counter((path, "" if free(path) else text) for path, text in leaves(root))
