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


@dataclass(frozen=True)
class Exchange:
    """One row of the index.

    `call` is method and path template. `writes` says what the client makes the request from, `decodes` what
    it must make of the answer; `given` what is sent to an emulator before, `settings` how that is started.
    `client_only` is why the emulator cannot be made to give this answer, "" where it can.
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
    client_only: str = ""

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.call.partition(" ")[0]

    @property
    def template(self) -> str:
        """The path below the version, ids as variables."""
        return self.call.partition(" ")[2]

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


def leaves(root: etree._Element) -> Iterator[tuple[tuple[str, ...], str]]:
    """The path below the root and the text of every element that holds no other."""
    for element in root.iter():
        if not len(element):
            path = [str(e.tag) for e in (element, *element.iterancestors())]
            yield tuple(reversed(path[:-1])), (element.text or "").strip()


def elements(root: etree._Element) -> set[tuple[str, ...]]:
    """The path of every element, the root's name included."""
    return {tuple(str(e.tag) for e in (*reversed([*element.iterancestors()]), element))
            for element in root.iter()}  # fmt: skip


def said(root: etree._Element, assigned: Collection[str] = ()) -> Counter[tuple[tuple[str, ...], str]]:
    """Every leaf with its text; without it where the server chooses the text, or words an error."""
    return Counter(
        (path, "" if path[-1:] and path[-1] in assigned or _is_wording(path) else text)
        for path, text in leaves(root)
    )


def _is_wording(path: tuple[str, ...]) -> bool:
    return path[-2:-1] in {("ResponseStatus",), ("Error",), ("AddressErrorDescription",)} and not path[
        -1
    ].endswith("Code")
