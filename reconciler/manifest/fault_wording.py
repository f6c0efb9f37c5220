"""A fault that JSON Schema names by a keyword turned into a message and a hint.

One function a keyword. A value is repeated only when it is no secret's and was not read from the
environment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from reconciler.manifest.shape import Path, Shape
from reconciler.manifest.suggestions import field_hint, nearest, supported_words
from reconciler.manifest.values import typed
from reconciler.manifest.wording import cut, dotted, listed, shown

REFERENCE_HINT = "write {env: NAME} or {file: path}: where it is read, not what it is"

_TYPE_WORDS = {
    "boolean": ("true", "false"),
    "integer": ("a whole number",),
    "string": ("text",),
    "array": ("a list",),
    "object": ("a map",),
    "null": ("null",),
}
_SWITCHES = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What jsonschema found: the value's path, the value, and the keyword's own value.

    With it what words need to be found: the whole schema, the places of its words, and the
    environment variables that gave the value.
    """

    path: Path
    given: Any
    limit: Any
    root: Shape
    homes: Mapping[str, Sequence[str]]
    variables: tuple[str, ...] = ()

    @property
    def shape(self) -> Shape:
        """The shape of the place."""
        return self.root.at(self.path)

    @property
    def in_secret(self) -> bool:
        """Whether the place is a secret's, or inside one."""
        above = (self.path[:end] for end in range(len(self.path) + 1))
        return any(self.root.at(path).secret for path in above)

    @property
    def repeated(self) -> str:
        """The value as a message may say it."""
        if self.variables:
            return f"what {listed((f'${{{v}}}' for v in self.variables), 'and')} holds"
        if isinstance(self.given, dict | list):
            return shown(self.given)
        if self.in_secret or "password" in str(self.path[-1:]).lower():
            return "what is written"
        return shown(self.given)


@dataclass(frozen=True, slots=True)
class Remark:
    """A message about `path`, cited where its value stands, or its key."""

    path: Path
    text: str
    hint: str
    at_value: bool = False


def unworded(fault: Fault) -> Iterator[Remark]:
    """Say only that the place is wrong: the keyword has no words of its own."""
    yield Remark(fault.path, "not valid here", _about(fault.shape, "see `reconciler schema`"))


def _not(fault: Fault) -> Iterator[Remark]:
    if fault.limit == {}:
        yield Remark(fault.path, "not supported yet", "this version does not manage it; leave it out")
    else:
        text = f"{fault.repeated} is not supported yet"
        yield Remark(fault.path, text, _about(fault.shape, "leave it out"), at_value=True)


def _type(fault: Fault) -> Iterator[Remark]:
    if fault.shape.secret:
        message = "a secret is never written in a manifest"
        yield Remark(fault.path, message, REFERENCE_HINT, at_value=True)
        return
    types = fault.shape.types
    wanted = listed(chain(*(words for name, words in _TYPE_WORDS.items() if name in types)))
    given = fault.repeated
    if isinstance(fault.given, str) and types <= {"object", "array", "null"}:
        given = "text"
    text = f"must be {wanted}, not {given}"
    yield Remark(fault.path, text, _type_hint(fault, types), at_value=True)


def _type_hint(fault: Fault, types: frozenset[str]) -> str:
    if fault.given is None:
        return "give it a value, or leave it out: what is absent is not managed"
    if isinstance(fault.given, str) and not fault.variables:
        if "boolean" in types and fault.given.lower() in _SWITCHES:
            return f"write {_SWITCHES[fault.given.lower()]}"
        if typed(fault.given, True, types) != fault.given:
            return "remove the quotes"
    if "array" in types:
        return "write a list: [one, another]"
    if "object" in types:
        words = supported_words(fault.shape)
        return f"its fields are {listed(words, 'and')}" if words else "write an entry for each name"
    return _about(fault.shape, "write the value alone")


def _enum(fault: Fault) -> Iterator[Remark]:
    words = [str(word) if isinstance(word, str) else shown(word) for word in fault.limit]
    near = nearest(fault.given, words) if isinstance(fault.given, str) else None
    hint = f"did you mean {near}?" if near else _about(fault.shape, "write one of these words")
    text = f"{fault.repeated} is not one of {listed(words, ',')}"
    yield Remark(fault.path, text, hint, at_value=True)


def _const(fault: Fault) -> Iterator[Remark]:
    text = f"must be {shown(fault.limit)}, not {fault.repeated}"
    hint = f'write "{dotted(fault.path[-1:])}: {shown(fault.limit)}", all that this version reads'
    yield Remark(fault.path, text, hint, at_value=True)


def _required(fault: Fault) -> Iterator[Remark]:
    here = fault.shape
    if "oneOf" in here.node and not all(here.entry(word).supported for word in fault.given):
        return  # a choice that is not built yet may need other fields
    meant = {nearest(word, supported_words(here)) for word in fault.given if not here.knows(word)}
    for word in fault.limit:
        if word not in fault.given and word not in meant:
            yield Remark(fault.path, f"{word} is missing", _missing_hint(word, here.entry(word)))


def _missing_hint(word: str, shape: Shape) -> str:
    if "const" in shape.node:
        return f'add "{word}: {shown(shape.node["const"])}"'
    if "enum" in shape.node:
        return f"add {word}: {listed(map(str, shape.node['enum']))}"
    return _about(shape, f"add {word}")


def _additional_properties(fault: Fault) -> Iterator[Remark]:
    here = fault.shape
    for word in fault.given:
        if here.knows(word):
            continue
        if fault.in_secret:  # a key here may be a password that was written into the reference
            yield Remark(fault.path, "has more than env or file", REFERENCE_HINT)
        else:
            hint = field_hint(word, here, fault.homes)
            yield Remark((*fault.path, word), "unknown field", hint)


def _one_of(fault: Fault) -> Iterator[Remark]:
    choices = [choice.get("required", []) for choice in fault.limit]
    present = [choice for choice in choices if all(word in fault.given for word in choice)]
    names = [" with ".join(choice) for choice in present or choices]
    here = fault.shape
    if present:
        text = f"has {listed(names, 'and')}, which exclude each other"
        yield Remark(fault.path, text, REFERENCE_HINT if fault.in_secret else "keep one of them")
    elif all(here.knows(word) and here.entry(word).supported for word in fault.given):
        meanings = [f"{word}: {_about(here.entry(word), '…')}" for word in chain(*choices)]
        hint = REFERENCE_HINT if fault.in_secret else cut("; ".join(meanings), 200)
        yield Remark(fault.path, f"needs {listed(names)}", hint)


def _unique_items(fault: Fault) -> Iterator[Remark]:
    seen: dict[str, int] = {}
    for index, item in enumerate(fault.given):
        first = seen.setdefault(json.dumps(item, sort_keys=True), index)
        if first != index:
            text = f"repeats {dotted((*fault.path[-1:], first))}"
            yield Remark((*fault.path, index), text, "name each once", at_value=True)


def _pattern(fault: Fault) -> Iterator[Remark]:
    if "://" in fault.limit and re.match("[^:]*://[^/?#]*@", fault.given):
        block = next(_blocks_beside(fault), "a credentials block")
        hint = f"they go into {block}, the password as {{env: NAME}} or {{file: path}}"
        yield Remark(fault.path, "a URL takes no user or password", hint, at_value=True)
        return
    rule = f"it must match {cut(fault.limit)}"
    about = _about(fault.shape, "")
    hint = f"{about} ({rule})" if about else rule
    yield Remark(fault.path, f"{fault.repeated} does not have the form of this field", hint, at_value=True)


def _blocks_beside(fault: Fault) -> Iterator[str]:
    """The words for the credentials of a URL's word, those of the URL alone first."""
    words = f"{str(fault.path[-1]).removesuffix('url')}creds".split("_")
    here = fault.root.at(fault.path[:-1]).properties
    return (word for start in range(len(words)) if (word := "_".join(words[start:])) in here)


def _bound(words: str) -> Callable[[Fault], Iterator[Remark]]:
    """Make the wording of a keyword whose value is a number, {limit} in `words`."""

    def wording(fault: Fault) -> Iterator[Remark]:
        size = len(fault.given) if isinstance(fault.given, str | list) else None
        given = fault.repeated if size is None else size
        text = words.format(limit=fault.limit, given=given, s="" if fault.limit == 1 else "s")
        yield Remark(fault.path, text, _about(fault.shape, "change the value"), at_value=True)

    return wording


WORDINGS: Mapping[str, Callable[[Fault], Iterator[Remark]]] = {
    "not": _not,
    "type": _type,
    "enum": _enum,
    "const": _const,
    "required": _required,
    "additionalProperties": _additional_properties,
    "oneOf": _one_of,
    "uniqueItems": _unique_items,
    "pattern": _pattern,
    "minimum": _bound("must be at least {limit}, not {given}"),
    "maximum": _bound("must be at most {limit}, not {given}"),
    "minLength": _bound("must have at least {limit} character{s}, not {given}"),
    "maxLength": _bound("must have at most {limit} character{s}, not {given}"),
    "minItems": _bound("must have at least {limit} item{s}, not {given}"),
    "maxItems": _bound("must have at most {limit} item{s}, not {given}"),
}


def _about(shape: Shape, otherwise: str) -> str:
    """Give what the schema says of the place."""
    return cut(str(shape.node.get("description", "")).rstrip("."), 160) or otherwise
