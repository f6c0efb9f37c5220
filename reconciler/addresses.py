"""The text of an address to the address; the inverse of `str(Address)`."""

from __future__ import annotations

import json
import re

from reconciler.model import Address

_KIND = re.compile(r"([a-z_]+)\.")
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_CRITERION = re.compile(r"\[(.+)\]", re.DOTALL)
_JSON = json.JSONDecoder()


def address_from(text: str) -> Address:
    """Read `location.Raleigh/"a b"` or `numbers.production/support[area_code=919]`.

    Only the one spelling that `str` gives is an address. Raises `ValueError` for any other text.
    """
    kind = _KIND.match(text)
    if not kind:
        raise ValueError(f"{json.dumps(text)} does not start with a kind, as in location.")
    names, rest = _names(text, kind.end())
    criterion = _CRITERION.fullmatch(text, rest)
    address = Address(kind.group(1), names, criterion.group(1) if criterion else "")
    if str(address) != text:
        raise ValueError(f"{json.dumps(text)} is not an address, as in location.production/support")
    return address


def _names(text: str, start: int) -> tuple[tuple[str, ...], int]:
    """The names from `start` on, and where they end."""
    names: list[str] = []
    end = start
    while end == start or text[end : end + 1] == "/":
        name, end = _name(text, end + bool(names))
        names.append(name)
    return tuple(names), end


def _name(text: str, start: int) -> tuple[str, int]:
    if text.startswith('"', start):
        name, end = _JSON.raw_decode(text, start)
        return str(name), end
    plain = _NAME.match(text, start)
    if not plain:
        raise ValueError(f"{json.dumps(text)} lacks a name at character {start + 1}")
    return plain.group(), plain.end()
