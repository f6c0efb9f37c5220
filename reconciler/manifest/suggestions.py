"""An unknown word turned into a hint: the nearest word here, or the place where it belongs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from reconciler.manifest.shape import Shape
from reconciler.manifest.wording import dotted, listed

Homes = Mapping[str, Sequence[str]]
"""Each word of a schema with the places where it stands, as `sub_accounts.<name>`."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Find the one of `words` that was meant; CamelCase, the API's, counts as snake_case."""
    return _nearest(word, tuple(words))


def field_hint(word: str, here: Shape, homes: Homes) -> str:
    """Say what to write instead of the unknown field `word`."""
    words = supported_words(here)
    near = nearest(word, words)
    if near and _normal(near) == _normal(word):
        return f'did you mean "{near}"?'
    if word in homes:
        return f'"{word}" belongs in {listed(homes[word], most=3)}'
    if near:
        return f'did you mean "{near}"?'
    return f"the fields here are {listed(words, 'and')}" if words else "no field can stand here"


def homes_of_words(root: Shape) -> Homes:
    """Find where each word that this version builds stands below `root`."""
    homes: dict[str, list[str]] = {}
    for path, shape in root.places():
        if shape.supported:
            homes.setdefault(str(path[-1]), []).append(_place(path[:-1]))
    return homes


def supported_words(shape: Shape) -> list[str]:
    """List the words of a map that this version builds."""
    return [word for word in shape.properties if shape.entry(word).supported]


@lru_cache(maxsize=4096)
def _nearest(word: str, words: tuple[str, ...]) -> str | None:
    spelled = {_normal(each): each for each in words}
    found = difflib.get_close_matches(_normal(word), spelled, n=1, cutoff=0.7)
    return spelled[found[0]] if found else None


def _place(path: tuple[str | int, ...]) -> str:
    shown = dotted(path).replace('"<name>"', "<name>").replace("[0]", "[]")
    return shown or "the top level"


def _normal(word: str) -> str:
    return _CAMEL.sub("_", word).lower().replace("-", "_").replace(" ", "_")
