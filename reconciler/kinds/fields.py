"""The table columns of a kind: each field's manifest schema, and its way out of and into the API's XML.

A codec works on one element. Before `write` every `Ref` has become an id and every `Secret` a
password, so codecs see plain values only. `None` is "nothing there", on either side.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from reconciler.document import Node, leaf
from reconciler.model import Value

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a value, whatever the account has: why, what to do, and the field that says it."""

    message: str
    hint: str
    field: str


class Codec(ABC):
    """How one field is spelled in the manifest and in the API's documents.

    `spoken` tells that a full replace has words for "nothing", so that an empty element adds none;
    `plain` that an element without text is not one of its values, nor a list without entries.
    """

    spoken: ClassVar[bool] = False
    plain: ClassVar[bool] = False

    @property
    @abstractmethod
    def schema(self) -> Schema:
        """The JSON Schema of the manifest's value, null not included."""

    @abstractmethod
    def read(self, node: Node) -> Value:
        """The value that an element holds; None when it is blank."""

    def write(self, name: str, value: Value) -> Node:
        """The element called `name` that says `value`."""
        assert isinstance(value, str | int)
        return leaf(name, value)

    def over(self, name: str, value: Value, live: Node | None) -> Node | None:
        """The element called `name` that takes the place of the live one; None for none at all."""
        del live
        return None if value is None else self.write(name, value)

    def canonical(self, value: Value) -> Value:
        """The form in which two values that mean the same are equal."""
        return value

    def told(self, wanted: Value, live: Value) -> Value:
        """What will be live once the manifest has what it wants, for a reader."""
        del live
        return wanted

    def same(self, wanted: Value, live: Value, default: Value) -> bool:
        """Whether the live value is what the manifest wants, `default` standing for nothing."""

        def or_default(value: Value) -> Value:
            found = self.canonical(value)
            return self.canonical(default) if found is None else found

        return or_default(wanted) == or_default(live)


@dataclass(frozen=True)
class Text(Codec):
    """Character data; `limits` are further JSON Schema keywords (maxLength, pattern, …)."""

    plain: ClassVar[bool] = True
    limits: Schema = field(default_factory=dict)

    @property
    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1, **self.limits}

    def read(self, node: Node) -> Value:
        return node.text or None

    def canonical(self, value: Value) -> Value:
        return value.strip() or None if isinstance(value, str) else value


@dataclass(frozen=True)
class Word(Text):
    """One of a few words, spelled as the API spells them; `aliases` maps other live spellings to them."""

    words: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def schema(self) -> Schema:
        return {"type": "string", "enum": list(self.words)}

    def read(self, node: Node) -> Value:
        return self.aliases.get(node.text, node.text) or None


@dataclass(frozen=True)
class Flag(Codec):
    """`true` or `false`."""

    plain: ClassVar[bool] = True

    @property
    def schema(self) -> Schema:
        return {"type": "boolean"}

    def read(self, node: Node) -> Value:
        return {"true": True, "false": False}.get(node.text.lower())


@dataclass(frozen=True)
class Whole(Codec):
    """A whole number from `least` to `most`."""

    plain: ClassVar[bool] = True
    least: int
    most: int

    @property
    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def read(self, node: Node) -> Value:
        return int(node.text) if node.text.isdecimal() else None


@dataclass(frozen=True)
class WordSet(Codec):
    """A whole set of words: `item` elements inside the field's element, order without meaning."""

    item: str
    words: tuple[str, ...]

    @property
    def schema(self) -> Schema:
        words = {"type": "string", "enum": list(self.words)}
        return {"type": "array", "items": words, "uniqueItems": True, "minItems": 1}

    def read(self, node: Node) -> Value:
        return tuple(child.text for child in node.all(self.item)) or None

    def write(self, name: str, value: Value) -> Node:
        assert isinstance(value, tuple)
        return Node(name, children=tuple(leaf(self.item, str(word)) for word in value))

    def canonical(self, value: Value) -> Value:
        return tuple(sorted(value, key=str)) if isinstance(value, tuple) else value


SECRET: Schema = {
    "description": "Where the password is read when it is sent: an environment variable or a file. "
    "Never the password itself.",
    "type": "object",
    "writeOnly": True,
    "x-replace": True,
    "properties": {
        "env": {"type": "string", "minLength": 1, "description": "The environment variable."},
        "file": {
            "type": "string",
            "minLength": 1,
            "description": "The file, relative to the manifest; one trailing newline is cut.",
        },
    },
    "oneOf": [{"required": ["env"]}, {"required": ["file"]}],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Credentials(Codec):
    """`UserId` and `Password`, sent together or not at all; the API answers with the user only."""

    @property
    def schema(self) -> Schema:
        limits = {"minLength": 6, "maxLength": 63, "pattern": r"^\S(.*\S)?$"}
        user = {"type": "string", **limits, "description": "UserId, without spaces at its ends."}
        return {
            "type": "object",
            "properties": {"user_id": user, "password": {"$ref": "#/$defs/secret"}},
            "required": ["user_id", "password"],
            "additionalProperties": False,
        }

    def read(self, node: Node) -> Value:
        user = node.value("UserId")
        return {"user_id": user} if user else None

    def write(self, name: str, value: Value) -> Node:
        assert isinstance(value, Mapping)
        user, password = leaf("UserId", str(value["user_id"])), str(value["password"])
        return Node(name, children=(user, leaf("Password", password)))

    def canonical(self, value: Value) -> Value:
        return value["user_id"] if isinstance(value, Mapping) else value


@dataclass(frozen=True)
class Field:
    """One settable thing of a kind: a row of its table.

    `name` is the manifest's (dotted when nested), `element` the path below the kind's root element.
    `default` is what the API means when it shows nothing. `services` limits the row to some service
    types. `in_list` is False where the collection's list may leave the field out. `clear` is what a
    PATCH says to clear it ("" when only a PUT can). `setting` names the document that holds it, for
    a kind made of several. `hidden` rows are compared and sent but are not words of the manifest.
    `of` names the field without which the API refuses this one. `local` rows are words of the manifest
    that no document has. `gate` is the product or feature without which an account is refused the field,
    as `GET /products` calls it. `reader` and `writer` replace the codec's way where a value spans several
    elements.
    """

    name: str
    element: str
    codec: Codec
    description: str
    default: Value = None
    required: bool = False
    nullable: bool = True
    in_list: bool = True
    services: tuple[str, ...] = ()
    clear: str = ""
    setting: str = ""
    hidden: bool = False
    of: str = ""
    local: bool = False
    gate: str = ""
    reader: Callable[[Node], Value] | None = None
    writer: Callable[[Node, Value], Node] | None = None

    @property
    def schema(self) -> Schema:
        """The manifest's schema of this field, null included where it may be cleared."""
        schema = dict(self.codec.schema)
        if self.nullable and not self.required:
            schema["type"] = [schema["type"], "null"]
            if "enum" in schema:
                schema["enum"] = [*schema["enum"], None]
        default = list(self.default) if isinstance(self.default, tuple) else self.default
        return (
            schema | {"description": self.description} | ({"default": default} if default is not None else {})
        )

    @property
    def needs_replace(self) -> bool:
        """Whether a PATCH cannot clear it: there is no default to set, and no word for "nothing"."""
        return self.default is None and not self.clear

    @property
    def secret(self) -> bool:
        """Whether writing it sends a password."""
        return isinstance(self.codec, Credentials)

    def read(self, root: Node) -> Value:
        """The live value in a document of the kind."""
        if self.reader:
            return self.reader(root)
        node = root.first(self.element)
        return None if node is None else self.codec.read(node)

    def is_blank(self, root: Node) -> bool:
        """Whether a document of the kind has its element, with nothing in it."""
        node = root.first(self.element)
        return node is not None and node.empty

    def put(self, root: Node, value: Value, order: Sequence[str] = ()) -> Node:
        """The document with this field set to a plain value; None sets the default, or takes it out."""
        value = self.default if value is None else value
        if self.writer:
            return self.writer(root, value)
        node = self.codec.over(self.element.rpartition("/")[2], value, root.first(self.element))
        return root.put(self.element, node, order)

    def same(self, wanted: Value, live: Value) -> bool:
        """Whether the live value is what the manifest wants, defaults and spellings aside."""
        return self.codec.same(wanted, live, self.default)


def for_service(name: str, *fields: Field) -> tuple[Field, ...]:
    """The fields, each limited to one service type."""
    return tuple(replace(each, services=(name,)) for each in fields)
