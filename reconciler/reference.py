"""The kinds' tables to the field reference, `docs/fields.md`: a heading a kind, a row a field. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from reconciler.kinds import KINDS
from reconciler.kinds.address import PARTS, REQUIRED, StreetAddress
from reconciler.kinds.criteria import BY_WORD, CRITERIA, Word
from reconciler.kinds.entries import Entries
from reconciler.kinds.fields import Credentials, Field, Schema
from reconciler.kinds.kind import Collection, Kind, Orders, Settings
from reconciler.kinds.number_pool import OPTIONS

HEAD = """# Fields

Written from the code by `make schemas`; a test holds it to the code.

`Element` is where the API's documents have the field. A field that is left out is not managed: it is
neither compared nor sent. "Cleared by" says what `null` does; a dash means that `null` is refused.
Passwords are references (`{env: NAME}` or `{file: path}`), never text. The manifest's JSON Schema says
the same to an editor: `reconciler schema`.
"""
WORDS = {"boolean": "`true`, `false`", "null": "`null`"}
Row = tuple[str, ...]


def fields_markdown() -> str:
    """The whole reference as markdown, ending in a line break."""
    sections = chain.from_iterable(_section(kind) for kind in KINDS)
    return "\n".join([HEAD, *sections, *_addresses(), *_entries()])


def _section(kind: Kind) -> Iterator[str]:
    place = ".".join(word for word in kind.where if word != "#").replace("*", "<name>")
    yield f"## `{place}`\n"
    yield f"{kind.description}\n"
    yield from _table(("Field", "Element", "Values", "Default", "Cleared by", ""), _rows(kind))


def _rows(kind: Kind) -> Iterator[Row]:
    if isinstance(kind.serving, Orders):
        yield from map(_criterion, BY_WORD.values())
        yield "`count`", "`Quantity`, of what is missing", "0 or more", "", "-", "How many there should be."
        yield from ((f"`{name}`", f"`{element}`", WORDS["boolean"], "`false`", "-", description)
                    for name, (element, description) in OPTIONS.items())  # fmt: skip
        return
    if kind.block:
        roots = _words(setting.root for setting in kind.serving.settings)
        named = f"the name of a {kind.refers_to[1]} application" if kind.refers_to else _values(kind.block)
        yield f"`{kind.where[-1]}`", roots, named, "", _removed(kind), ""
    if kind.is_object or _is_mapping(kind.block):
        shown = [row for row in kind.fields if not row.hidden]
        yield from (_row(kind, row) for row in shown)


def _criterion(word: Word) -> Row:
    types = (criterion.order_type for criterion in CRITERIA if word.name in criterion.words)
    elements = ", ".join(f"`{name}/{word.element}`" for name in types)
    return f"`{word.name}`", elements, f"text like `{word.pattern}`", "", "-", word.description


def _row(kind: Kind, row: Field) -> Row:
    default = _listed(row.default) if row.default is not None else ""
    only = f"{' and '.join(row.services)}. " if row.services else ""
    secret = " Its password is never shown." if row.secret else ""
    return (
        f"`{row.name}`" + (" (required)" if row.required else ""),
        f"`{row.element}`" if row.element else "",
        _field_values(row),
        default,
        _cleared(kind, row),
        f"{only}{row.description}{secret}",
    )


def _cleared(kind: Kind, row: Field) -> str:
    """What `null` does to a live field."""
    if row.required or not row.nullable:
        return "-"
    if row.clear:
        return f"PATCH with `{row.clear}`"
    if row.default is not None:
        return "its default"
    if isinstance(row.codec, Entries):
        return f"PUT with {'`off`' if row.codec.spoken else 'it empty'}"
    partial = isinstance(kind.serving, Collection) and kind.serving.update == "PATCH"
    return "PUT of the whole application" if partial else "PUT without it"


def _removed(kind: Kind) -> str:
    """What takes a setting away, where something does."""
    serving = kind.serving
    if not isinstance(serving, Settings):
        return "-"
    if serving.removal:
        return f"`null`: {serving.remove} with `{serving.removal[0].text}`"
    if "boolean" in (kind.block or {}).get("type", ()):
        return f"`false`: {serving.remove}"
    return "`null`: SIP again"


def _field_values(row: Field) -> str:
    if isinstance(row.codec, Credentials):
        return "`user_id` (6 to 63 characters) and `password`, together"
    if isinstance(row.codec, StreetAddress):
        return "[an address](#addresses), replaced whole"
    if isinstance(row.codec, Entries):
        names = " and ".join(f"`{name}`" for name in row.codec.names)
        alone = f"; a {names} alone is one" if len(row.codec.names) == 1 else ""
        return f"a {'list' if row.codec.ordered else 'set'} of [entries](#entries){alone}"
    return _values(row.codec.schema)


def _values(schema: Schema) -> str:
    """A schema's values in words."""
    types = schema.get("type", "string")
    if not isinstance(types, str):
        return ", ".join(_values({**schema, "type": each}) for each in types)
    if "enum" in schema and types != "array":
        return _listed(tuple(schema["enum"]))
    if types == "array":
        return f"a set of {_values(schema['items'])}"
    if types == "integer":
        return f"{schema['minimum']} to {schema['maximum']}"
    if types == "object":
        return "a map of the fields below"
    return WORDS.get(types) or _text(schema)


def _text(schema: Schema) -> str:
    most = f", at most {schema['maxLength']} characters" if "maxLength" in schema else ""
    form = f" like `{schema['pattern']}`" if "pattern" in schema else ""
    return f"text{form}{most}"


def _is_mapping(block: Schema | None) -> bool:
    return block is not None and "object" in block.get("type", ())


def _refused(block: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(word for word, schema in block.get("properties", {}).items() if schema.get("not") == {})


def _listed(value: Any) -> str:
    words = value if isinstance(value, tuple) else (value,)
    return _words(str(word).lower() if isinstance(word, bool) else str(word) for word in words)


def _words(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _addresses() -> Iterator[str]:
    yield "## Addresses\n"
    yield (
        "Compared without case, the street as one line of abbreviated words (USPS Publication 28): "
        "`Street` equals `ST`.\nA part that is left out is not compared, and neither are `address_type` and "
        "`country` where the API does not show them.\n"
    )
    parts = StreetAddress().schema["properties"]
    rows = ((f"`{name}`" + (" (required)" if name in REQUIRED else ""), f"`{element}`",
             _values(parts[name]), text) for name, element, _, text in PARTS)  # fmt: skip
    yield from _table(("Part", "Element", "Values", ""), rows)


def _entries() -> Iterator[str]:
    yield "## Entries\n"
    yield (
        "What an entry of a list may say. A part that is left out is not compared, and what is live of it "
        "is\ncarried. Names of hosts have no case; `/32` is the address alone.\n"
    )
    rows = [row for kind in KINDS for row in kind.fields]
    yield from _table(("Field", "Part", "Element", "Values", ""), (
        (f"`{row.name}`", f"`{part.word}`" + (" (required)" if part.word in row.codec.names else ""),
         f"`{row.codec.item}/{part.element}`", _values(part.schema), part.description)
        for row in rows if isinstance(row.codec, Entries) for part in row.codec.parts
    ))  # fmt: skip


def _table(head: Row, rows: Iterable[Row]) -> Iterator[str]:
    yield _line(head)
    yield _line("---" for _ in head)
    yield from map(_line, rows)
    yield ""


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
