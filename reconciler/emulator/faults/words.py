"""Faults written by people, as a line or as a document, to `Fault`s, and back."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from reconciler.emulator.faults.fault import Fault, whole

GRAMMAR = "WHAT[=VALUE] [METHOD] [PATH] [nth=N] [times=N] [chance=0.5] [seed=N] [code=N] [body=TEXT]"
WORDS = {
    "METHOD": "GET, POST, PUT, PATCH, DELETE, WRITE (all but GET); A|B is either",
    "PATH": "Below /api: from its beginning with a /, else its end; * is one part",
    "nth, times": "From the nth such request on, so many times; nth alone is once",
    "chance, seed": "Of happening to each such request, 0 to 1, by a dice that repeats",
    "code, body": "Of an error: a code of the API's catalogue, or the whole document",
}
"""The other words of a line, with what they say."""
_TYPES = {"value": float, "nth": int, "times": int, "chance": float, "seed": int, "code": int, "body": str}
_DEFAULTS = {field.name: field.default for field in fields(Fault)}


def fault_from(said: str | Mapping[str, Any] | Fault) -> Fault:
    """The fault of a line as in `GRAMMAR`, or of a mapping with the fields of `Fault`. Raises ValueError."""
    if isinstance(said, Fault):
        return said
    given = _of_line(said) if isinstance(said, str) else dict(said)
    unknown = [str(word) for word in given if word not in _DEFAULTS]
    if unknown:
        raise ValueError(f"{', '.join(unknown)} is none of {', '.join(_DEFAULTS)}")
    if "what" not in given:
        raise ValueError(f"what is missing: expected {GRAMMAR}")
    return Fault(**{name: _typed(name, value) for name, value in given.items()})


def _of_line(line: str) -> dict[str, Any]:
    what, *words = shlex.split(line) or [""]
    name, is_given, value = what.partition("=")
    given: dict[str, Any] = {"what": name} | ({"value": value} if is_given else {})
    for word in words:
        said, text = _of_word(word)
        if said in given:
            raise ValueError(f"{line}: {said} is said twice; expected {GRAMMAR}")
        given[said] = text
    return given


def _of_word(word: str) -> tuple[str, str]:
    named = re.match("([a-z]+)=", word)
    if named:
        return named.group(1), word[named.end() :]
    return ("method" if re.fullmatch("[A-Z|]+", word) else "path"), word


def _typed(name: str, value: Any) -> Any:
    if value is None or isinstance(value, list | Mapping):
        raise ValueError(f"{name}: {value} is no value")
    try:
        # By its text: True is no number, and 1.5 no count.
        return _TYPES.get(name, str)(str(value))
    except ValueError:
        raise ValueError(f"{name}: {value} is not a number") from None


def faults_from(document: object) -> tuple[Fault, ...]:
    """The faults of a list of lines, mappings and `Fault`s, or of a mapping with such a list under `faults`.

    Raises ValueError with a line for each entry that makes no sense, and its number.
    """
    entries = document.get("faults") if isinstance(document, Mapping) else document
    if not isinstance(entries, list):
        raise ValueError("expected a list of faults")  # noqa: TRY004 - of a document, not of a program
    found, wrong = [], []
    for place, entry in enumerate(entries, 1):
        try:
            found.append(_of_entry(entry))
        except ValueError as error:
            wrong.append(f"fault {place}: {error}")
    if wrong:
        raise ValueError("\n".join(wrong))
    return tuple(found)


def _of_entry(entry: object) -> Fault:
    if not isinstance(entry, str | Mapping | Fault):
        raise ValueError("expected a line or a mapping")  # noqa: TRY004 - of a document, as above
    return fault_from(entry)


def faults_in(path: Path) -> tuple[Fault, ...]:
    """The faults of a YAML or JSON file. Raises ValueError, OSError."""
    try:
        return faults_from(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as wrong:
        raise ValueError(f"not YAML: {wrong}") from wrong


def document_of(fault: Fault) -> dict[str, Any]:
    """The mapping that `fault_from` takes: what was said, and no more."""
    said = {name: getattr(fault, name) for name in _DEFAULTS}
    if fault.value is not None:
        said["value"] = whole(fault.value)
    return {name: value for name, value in said.items() if value != _DEFAULTS[name]}
