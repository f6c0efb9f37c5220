"""A value's text with `${NAME}` and `${NAME:-default}` turned into the environment's values.

`$${` stands for `${` itself. One pass: what a variable holds is not looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_REFERENCE = re.compile(
    r"(?P<literal>\$\$\{)"
    r"|\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>(?:(?!\$\{)[^}])*))?\}"
    r"|(?P<malformed>\$\{)"
)


@dataclass(frozen=True, slots=True)
class Interpolated:
    """The text that came out, the variables that gave it, those unset; a `${` without sense."""

    text: str
    names: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()
    malformed: bool = False


def interpolate(text: str, environ: Mapping[str, str]) -> Interpolated:
    """Replace the references in `text`; one that is unset or malformed stays as written."""
    names: list[str] = []
    unset: list[str] = []
    malformed: list[str] = []

    def value(match: re.Match[str]) -> str:
        if match["literal"]:
            return "${"
        if match["malformed"]:
            malformed.append(match[0])
            return match[0]
        name, default = match["name"], match["default"]
        names.append(name)
        found = environ.get(name)
        if found or (found is not None and default is None):
            return found
        if default is None:
            unset.append(name)
            return match[0]
        return default

    if "${" not in text:
        return Interpolated(text)
    replaced = _REFERENCE.sub(value, text)
    return Interpolated(replaced, tuple(dict.fromkeys(names)), tuple(dict.fromkeys(unset)), bool(malformed))
