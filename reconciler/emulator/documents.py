"""A request's XML and the table of what it may hold to a Tree, or a Refusal.

What the table does not know is refused, each fault with the catalogue's code where there is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from lxml import etree

from reconciler.emulator.errors import Refusal
from reconciler.emulator.xml import Tree


@dataclass(frozen=True)
class Leaf:
    """An element of text: how often, which values, how long, and the codes to refuse with.

    kind: "text", "boolean" (in any case) or "integer". required: the code when missing, True for
    1003. A blank element counts as left out unless `blank` says to refuse it as `bad`.
    """

    kind: str = "text"
    required: int | bool = False
    many: bool = False
    values: tuple[str, ...] = ()
    pattern: str = ""
    bad: int = 1008
    longest: int = 0
    long: int = 1011
    shortest: int = 0
    blank: bool = False


@dataclass(frozen=True)
class Group:
    """An element of elements; `aliases` maps other spellings in use to the documented one.

    `text` allows text instead of elements; it is read as the value of the key "". `bare` allows an
    empty element where parts are required, for the handler to judge.
    """

    of: Mapping[str, Leaf | Group]
    required: int | bool = False
    many: bool = False
    aliases: Mapping[str, str] = field(default_factory=dict)
    text: bool = False
    bare: bool = False


@dataclass(frozen=True)
class Document:
    """A request document: its root and what it holds.

    `partial`: required elements may be left out (PATCH, PUT of single fields).
    """

    root: str
    body: Group
    partial: bool = False


def read(document: Document, root: etree._Element, lenient: bool) -> Tree:
    """The document as a Tree in the table's order. Raises Refusal.

    lenient: namespaces, unknown elements and what stands in the wrong place do not count.
    """
    if lenient:
        for element in root.iter():
            element.tag = etree.QName(element).localname
    if root.tag != document.root:
        raise Refusal(1019, why=f"the root element must be {document.root}, not {root.tag!s}")
    return _Reader(document.partial, lenient).group(document.body, root)


@dataclass(frozen=True)
class _Reader:
    partial: bool
    lenient: bool

    def group(self, table: Group, element: etree._Element) -> Tree:
        stray = not self.lenient and _stray_text(element)
        if len(element) and stray:
            raise Refusal(1019, why=f"text beside the elements of {element.tag!s}")
        if table.text and not len(element):
            return {"": (element.text or "").strip()}
        if stray:
            raise Refusal(1019, why=f"{element.tag!s} holds elements, not text")
        if table.bare and not len(element):
            return {}
        found = self._sort(table, element)
        tree: Tree = {}
        for name, rule in table.of.items():
            values = [v for e in found.get(name, ()) if (v := self._value(rule, name, e)) is not None]
            if values:
                tree[name] = values if rule.many else values[0]
            elif rule.required and not self.partial:
                raise Refusal(1003 if rule.required is True else rule.required, name=name)
        return tree

    def _sort(self, table: Group, element: etree._Element) -> dict[str, list[etree._Element]]:
        found: dict[str, list[etree._Element]] = {}
        for child in element:
            tag = str(child.tag)
            name = table.aliases.get(tag, tag)
            rule = table.of.get(name)
            if rule is not None:
                found.setdefault(name, []).append(child)
                if len(found[name]) > 1 and not rule.many:
                    raise Refusal(1009, name=name)
            elif not self.lenient:
                raise Refusal(1005, name=f"{element.tag!s}/{tag}")
        return found

    def _value(self, rule: Leaf | Group, name: str, element: etree._Element) -> Tree | str | None:
        if isinstance(rule, Group):
            return self.group(rule, element)
        if len(element) and not self.lenient:
            raise Refusal(1019, why=f"{name} holds text, not elements")
        text = (element.text or "").strip()
        if not text:
            return _refuse(rule, name, text) if rule.blank else None
        return _checked(rule, name, text)


def _stray_text(element: etree._Element) -> bool:
    return any(text and not text.isspace() for text in (element.text, *(child.tail for child in element)))


def _refuse(rule: Leaf, name: str, text: str) -> NoReturn:
    raise Refusal(rule.bad, name=name, value=text, why=f"'{text}' is no {name}")


def _checked(rule: Leaf, name: str, text: str) -> str:
    if rule.kind == "boolean":
        text = text.lower()
        if text not in ("true", "false"):
            _refuse(rule, name, text)
    if rule.kind == "integer" and not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise Refusal(rule.bad if rule.bad != 1008 else 1014, name=name, value=text)
    if rule.values and text not in rule.values:
        _refuse(rule, name, text)
    if rule.longest and len(text) > rule.longest:
        raise Refusal(rule.long, name=name, value=text, limit=rule.longest)
    if len(text) < rule.shortest:
        raise Refusal(1012, name=name, value=text, limit=rule.shortest)
    if rule.pattern and not re.fullmatch(rule.pattern, text):
        _refuse(rule, name, text)
    return text


def each(tree: Tree, *path: str) -> Iterator[Tree]:
    """The groups at a path through single groups to a repeated one; none when a part is missing."""
    for name in path[:-1]:
        tree = tree.get(name) or {}
    yield from tree.get(path[-1]) or []
