"""YAML text turned into a tree of frozen nodes that know where they stand, aliases resolved.

PyYAML's parser gives events; nothing here constructs an object, so no tag can run code. Composing
is one pass without recursion, and counts what aliases expand to before anything is expanded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from reconciler.manifest.text import UNPRINTABLE
from reconciler.manifest.wording import dotted
from reconciler.manifest.yaml_syntax import syntax_problem
from reconciler.model import Position, Problem, Problems

MAX_DEPTH = 32
"""Levels of nesting; a manifest needs nine."""

MAX_NODES = 150_000
"""Values and keys of one file with its aliases expanded; a file of the largest size has 100,000."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is optional in PyYAML
_CORE = "tag:yaml.org,2002:"
_TEXT_TAGS = {"!", f"{_CORE}str"}
_TAGS = {
    yaml.ScalarEvent: _TEXT_TAGS | {_CORE + name for name in ("int", "float", "bool", "null")},
    yaml.SequenceStartEvent: {"!", f"{_CORE}seq"},
    yaml.MappingStartEvent: {"!", f"{_CORE}map"},
}


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A scalar's source text; `plain` when neither quotes nor a tag make it text for certain."""

    text: str
    plain: bool
    at: Position


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list; `at` is where it starts."""

    items: tuple[Tree, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a map: where its key stands, and its value."""

    at: Position
    value: Tree


@dataclass(frozen=True, slots=True)
class MappingNode:
    """A map in file order, merged entries (`<<`) at the place of their `<<`."""

    entries: Mapping[str, Entry]
    at: Position


Tree = ScalarNode | SequenceNode | MappingNode


def compose(text: str, file: str) -> tuple[MappingNode | None, list[Problem]]:
    """Compose the one document in `text`, and collect every problem found in it.

    The tree is None when the text is no YAML, no map, or too large or deep to go on with.
    """
    composer = _Composer(file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            composer.take(event)
        return composer.root(), composer.problems
    except yaml.MarkedYAMLError as error:
        return None, [*composer.problems, syntax_problem(error, text, file)]
    except Problems as stop:
        return None, [*composer.problems, *stop.problems]


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    at: Position
    anchor: str | None
    mapping: bool
    nodes_before: int
    height: int = 1
    children: list[Tree] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Anchored:
    node: Tree
    nodes: int
    height: int


class _Composer:
    """Takes the events of one file in order."""

    def __init__(self, file: str) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored] = {}
        self._nodes = 0
        self._documents: list[Tree] = []

    def take(self, event: yaml.Event) -> None:
        mark = event.start_mark
        assert mark is not None  # libyaml marks every event
        at = Position(self._file, mark.line + 1, mark.column + 1)
        match event:
            case yaml.DocumentStartEvent() if self._documents:
                hint = "one manifest per file; give the others with -f"
                raise Problems([Problem("a second document starts here", at, hint)])
            case yaml.AliasEvent(anchor=str(anchor)):
                self._alias(anchor, at)
            case yaml.ScalarEvent():
                self._check_tag(event, at)
                untagged = event.tag is None and event.implicit[0]
                plain = untagged or (event.tag is not None and event.tag not in _TEXT_TAGS)
                self._count(1, at)
                self._put(_Anchored(ScalarNode(event.value, plain, at), 1, 0), event.anchor)
            case yaml.CollectionStartEvent():
                self._check_tag(event, at)
                self._enter(event, at)
            case yaml.CollectionEndEvent():
                self._leave()

    def root(self) -> MappingNode:
        """Give the document, once every event was taken; raises `Problems` when it is no map."""
        hint = 'a manifest starts with "version: 1"; an overlay that says nothing is "{}"'
        node = self._documents[0] if self._documents else None
        if isinstance(node, MappingNode):
            return node
        if node is None or (isinstance(node, ScalarNode) and node.plain and not node.text):
            raise Problems([Problem("the file is empty", Position(self._file, 1, 1), hint)])
        given = "a list" if isinstance(node, SequenceNode) else "text"
        raise Problems([Problem(f"must be a map of fields, not {given}", node.at, hint)])

    def _check_tag(self, event: yaml.NodeEvent, at: Position) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None and tag not in _TAGS[type(event)]:
            # The tag is not repeated: an unquoted password may start with "!".
            hint = 'delete the tag; text that starts with "!" needs quotes'
            self.problems.append(Problem("tags are not supported here", at, hint))

    def _count(self, nodes: int, at: Position) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            message = f"more than {MAX_NODES:,} values once aliases are expanded, the limit"
            raise Problems([Problem(message, at, "write less, or repeat fewer aliases of aliases")])

    def _check_depth(self, more: int, at: Position) -> None:
        if len(self._open) + more > MAX_DEPTH:
            hint = "a manifest needs no more than nine levels"
            raise Problems([Problem(f"nested more than {MAX_DEPTH} deep", at, hint)])

    def _enter(self, event: yaml.CollectionStartEvent, at: Position) -> None:
        self._check_depth(1, at)
        mapping = isinstance(event, yaml.MappingStartEvent)
        self._open.append(_Open(at, event.anchor, mapping, self._nodes))
        self._count(1, at)

    def _leave(self) -> None:
        done = self._open.pop()
        node: Tree
        if done.mapping:
            node = MappingNode(self._entries(done.children), done.at)
        else:
            node = SequenceNode(tuple(done.children), done.at)
        nodes = self._nodes - done.nodes_before
        self._put(_Anchored(node, nodes, done.height), done.anchor)

    def _put(self, made: _Anchored, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = made
        if self._open:
            parent = self._open[-1]
            parent.children.append(made.node)
            parent.height = max(parent.height, made.height + 1)
        else:
            self._documents.append(made.node)

    def _alias(self, name: str, at: Position) -> None:
        found = self._anchors.get(name)
        if found is None or any(opened.anchor == name for opened in self._open):
            inside = any(opened.anchor == name for opened in self._open)
            # The name is not repeated: an unquoted password may start with "*".
            message = "an alias inside what it names" if inside else "an alias of no earlier anchor"
            hint = 'write &name on a value above it; text that starts with "*" needs quotes'
            self.problems.append(Problem(message, at, hint))
            found = _Anchored(ScalarNode("", plain=False, at=at), 1, 0)
        self._check_depth(found.height, at)
        self._count(found.nodes, at)
        self._put(found, None)

    def _entries(self, children: Sequence[Tree]) -> dict[str, Entry]:
        pairs = self._pairs(children)
        entries: dict[str, Entry] = {}
        for name, (key, value) in pairs.items():
            if name != "<<" or not key.plain:
                entries[name] = Entry(key.at, value)
                continue
            for source in self._merged(value, key.at):
                for merged, entry in source.entries.items():
                    if merged not in pairs:  # what the map says itself wins, wherever it stands
                        entries.setdefault(merged, entry)
        return entries

    def _pairs(self, children: Sequence[Tree]) -> dict[str, tuple[ScalarNode, Tree]]:
        pairs: dict[str, tuple[ScalarNode, Tree]] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, ScalarNode) or UNPRINTABLE.search(key.text):
                hint = 'write it as a word, or quote it: "..."'
                self.problems.append(Problem("a key must be printable text", key.at, hint))
            elif key.text in pairs:
                message = f"the key {dotted([key.text])} is given twice"
                hint = f"the first is at {pairs[key.text][0].at}; keep one of them"
                self.problems.append(Problem(message, key.at, hint))
            else:
                pairs[key.text] = (key, value)
        return pairs

    def _merged(self, value: Tree, at: Position) -> Iterator[MappingNode]:
        for source in value.items if isinstance(value, SequenceNode) else (value,):
            if isinstance(source, MappingNode):
                yield source
            else:
                message = "<< takes a map, or a list of maps"
                self.problems.append(Problem(message, at, "write <<: *name, or <<: [*one, *two]"))
