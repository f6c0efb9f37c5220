"""Paths and values of a manifest turned into the words that messages use for them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from reconciler.model import without_user

LONGEST = 60
"""Characters of a key or a value that a message repeats."""

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")


def cut(text: str, longest: int = LONGEST) -> str:
    """`text`, or its beginning and an ellipsis, `longest` characters in all."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def dotted(path: Iterable[str | int]) -> str:
    """Write a path as `locations.support.numbers[0].count`, other names JSON-quoted."""
    words = (f"[{step}]" if isinstance(step, int) else f".{_word(step)}" for step in path)
    return "".join(words).removeprefix(".")


def shown(value: Any) -> str:
    """Write a scalar as JSON spells it, without passwords in URLs; of a map or list only that it is one."""
    match value:
        case dict():
            return "a map"
        case list():
            return "a list"
        case _:
            return cut(json.dumps(_unspoken(value), ensure_ascii=False))


def _unspoken(value: Any) -> Any:
    """A scalar without what a URL has for a user and a password."""
    return without_user(value) if isinstance(value, str) else value


def listed(words: Iterable[str], last: str = "or", most: int = 16) -> str:
    """Write `a, b or c`; of more than `most` the first ones and how many others there are."""
    given = [cut(word) for word in words]
    if len(given) > most:
        return ", ".join(given[:most]) + f" and {len(given) - most} more"
    joint = f" {last} " if last.isalpha() else f"{last} "
    return joint.join(filter(None, [", ".join(given[:-1]), *given[-1:]]))


def _word(step: str) -> str:
    step = without_user(step)
    return cut(step if _PLAIN.fullmatch(step) else json.dumps(step, ensure_ascii=False))
