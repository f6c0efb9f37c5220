"""Lists of elements with parts, such as hosts: the manifest's entries to the API's, and back.

A part that the manifest leaves out is not managed: it is neither compared nor taken away, and a full
replace carries what is live of the same entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.document import Node
from reconciler.kinds.fields import Codec, Schema
from reconciler.model import Value

Entry = Mapping[str, Value]


@dataclass(frozen=True)
class Part:
    """One part of an entry: the manifest's word, the API's element, and how a value is spelled.

    `default` is what the API means when it shows nothing, and `sent` what an entry has that says nothing.
    """

    word: str
    element: str
    codec: Codec
    description: str
    default: Value = None
    sent: Value = None

    @property
    def schema(self) -> Schema:
        """The manifest's schema of this part."""
        sent = {} if self.sent is None else {"default": self.sent}
        return {**self.codec.schema, "description": self.description, **sent}


@dataclass(frozen=True)
class Entries(Codec):
    """Elements `item` inside the field's element, at most `most` (0: nobody says how many).

    `names` are the parts that tell entries apart, and are needed; where it is one, its text alone is an
    entry. Where `ordered` is false the order means nothing.
    """

    item: str
    parts: tuple[Part, ...]
    names: tuple[str, ...]
    most: int
    ordered: bool = True

    @property
    def schema(self) -> Schema:
        alone = self.parts[0].schema if len(self.names) == 1 else {}
        entry = {
            **alone,
            "type": ["string", "object"] if alone else "object",
            "properties": {part.word: part.schema for part in self.parts},
            "required": list(self.names),
            "additionalProperties": False,
        }
        return {"type": "array", "items": entry, **({"maxItems": self.most} if self.most else {})}

    def read(self, node: Node) -> Value:
        return tuple(self._short(self._entry(child)) for child in node.all(self.item)) or None

    def _entry(self, node: Node) -> Entry:
        found = ((p.word, node.first(p.element), p.codec) for p in self.parts)
        values = {word: codec.read(each) for word, each, codec in found if each is not None}
        return {word: value for word, value in values.items() if value is not None}

    def _short(self, entry: Entry) -> Value:
        """The entry as a manifest would have it: its name alone, if there is nothing else to say."""
        telling = {p.word: entry[p.word] for p in self.parts if entry.get(p.word, p.default) != p.default}
        return telling[self.names[0]] if (*telling,) == self.names and len(telling) == 1 else telling

    def entries(self, value: Value) -> tuple[Entry, ...]:
        """A value's entries, each with its parts by word."""
        given = value if isinstance(value, tuple) else ()
        return tuple(each if isinstance(each, Mapping) else {self.names[0]: each} for each in given)

    def canonical(self, value: Value) -> Value:
        return value or None

    def same(self, wanted: Value, live: Value, default: Value) -> bool:  # noqa: ARG002 - the base's
        """Whether each wanted entry is live with all the parts that it gives, and nothing else is."""
        mine, theirs = self.entries(wanted), self.entries(live)
        if len(mine) != len(theirs):
            return False
        places = range(len(mine)) if self.ordered else self._places(mine, theirs)
        return all(p is not None and self._fits(e, theirs[p]) for e, p in zip(mine, places, strict=True))

    def told(self, wanted: Value, live: Value) -> Value:
        """What will be live: what is live of the same entries is carried, in its place and spelling."""
        mine, theirs = self.entries(wanted), self.entries(live)
        found = list(zip(mine, self._places(mine, theirs), strict=True))
        if not self.ordered:
            found.sort(key=lambda each: len(theirs) if each[1] is None else each[1])
        return tuple(self._short(self._settled(e, {} if p is None else theirs[p])) for e, p in found) or None

    def _settled(self, wanted: Entry, live: Entry) -> Entry:
        moved = {p.word for p in self.parts if p.word in wanted and not self._agree(p, wanted, live)}
        return {**wanted, **{word: value for word, value in live.items() if word not in moved}}

    def write(self, name: str, value: Value) -> Node:
        return Node(name, children=tuple(self.elements(value, None)))

    def over(self, name: str, value: Value, live: Node | None) -> Node | None:
        """The whole list, each entry what is live of it with the given parts put in.

        Where the list is to go that is an empty element: nobody says that a full replace clears what it
        leaves out (numbers.yml, PUT sippeers).
        """
        if not value:
            return Node(name) if live else None
        return Node(name, children=tuple(self.elements(value, live)))

    def elements(self, value: Value, live: Node | None) -> Iterator[Node]:
        """The elements of a value's entries, made from the live ones where there are such."""
        nodes, wanted = list(live.all(self.item)) if live else [], self.entries(value)
        places = self._places(wanted, [self._entry(node) for node in nodes])
        for entry, place in zip(wanted, places, strict=True):
            node = Node(self.item) if place is None else nodes[place]
            for part in self.parts:
                said = entry.get(part.word, None if node.first(part.element) else part.sent)
                if said is not None:
                    order = [each.element for each in self.parts]
                    node = node.put(part.element, part.codec.write(part.element, said), order)
            yield node

    def _places(self, wanted: Sequence[Entry], live: Sequence[Entry]) -> list[int | None]:
        """Where each wanted entry is live, those that say most choosing first; None for nowhere."""
        left, found = dict(enumerate(live)), dict[int, int]()
        choosing = sorted(enumerate(wanted), key=lambda each: -len(each[1]))
        for fits in (self._fits, self._alike):
            for place, entry in choosing:
                other = next((p for p, e in left.items() if fits(entry, e)), None)
                if place not in found and other is not None:
                    found[place] = other
                    del left[other]
        return [found.get(place) for place in range(len(wanted))]

    def _fits(self, wanted: Entry, live: Entry) -> bool:
        return all(self._agree(part, wanted, live) for part in self.parts if part.word in wanted)

    def _alike(self, wanted: Entry, live: Entry) -> bool:
        return all(self._agree(part, wanted, live) for part in self.parts if part.word in self.names)

    @staticmethod
    def _agree(part: Part, wanted: Entry, live: Entry) -> bool:
        return part.codec.same(wanted.get(part.word), live.get(part.word), part.default)
