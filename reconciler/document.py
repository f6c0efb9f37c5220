"""The API's XML documents as frozen values: what `api` reads from bytes and `kinds` turn into fields.

Reading ignores the case of element names (samples of numbers.yml answer MMS settings in lower camel
case) and their order; writing keeps both as given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Node:
    """One element: its local name, its own stripped text, and its child elements in order."""

    name: str
    text: str = ""
    children: tuple[Node, ...] = ()

    def all(self, path: str) -> Iterator[Node]:
        """Every element at `path` (`A/B`, relative to this one), in document order."""
        head, _, rest = path.partition("/")
        for child in self.children:
            if child.name.lower() == head.lower():
                if rest:
                    yield from child.all(rest)
                else:
                    yield child

    def first(self, path: str) -> Node | None:
        """The first element at `path`, or None."""
        return next(self.all(path), None)

    def value(self, path: str) -> str | None:
        """The text of the first element at `path`; None when there is none."""
        found = self.first(path)
        return None if found is None else found.text

    def walk(self) -> Iterator[Node]:
        """The element itself and everything below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def empty(self) -> bool:
        """Whether it says nothing: no text in it or below."""
        return not any(node.text for node in self.walk())

    def put(self, path: str, node: Node | None, order: Sequence[str] = ()) -> Node:
        """A copy in which `node` stands at `path` (None: nothing does); parents are made as needed.

        An element that is new goes where `order` (the documented order of the outermost level)
        has it, else last.
        """
        head, _, rest = path.partition("/")
        if rest:
            inner = (self.first(head) or Node(head)).put(rest, node)
            node = None if node is None and inner == Node(inner.name) else inner
        kept = list(self.children)
        places = [i for i, child in enumerate(kept) if child.name.lower() == head.lower()]
        if node is None:
            return replace(self, children=tuple(c for i, c in enumerate(kept) if i not in places))
        if places:
            kept[places[0]] = node
            return replace(self, children=tuple(c for i, c in enumerate(kept) if i not in places[1:]))
        kept.insert(_place(kept, head, order), node)
        return replace(self, children=tuple(kept))


def _place(children: Sequence[Node], name: str, order: Sequence[str]) -> int:
    ranks = {element.lower(): rank for rank, element in enumerate(order)}
    if name.lower() not in ranks:
        return len(children)
    mine = ranks[name.lower()]
    before = [i for i, c in enumerate(children) if ranks.get(c.name.lower(), mine) < mine]
    return before[-1] + 1 if before else 0


def leaf(name: str, value: str | int | bool) -> Node:
    """An element with only text, booleans and numbers written as the API writes them."""
    return Node(name, str(value).lower() if isinstance(value, bool) else str(value))
