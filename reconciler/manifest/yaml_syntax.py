"""A YAML parser's error turned into a problem that says what to type instead.

libyaml and PyYAML's own parser word the same fault differently; the table knows both. No text of
the file is repeated: what does not parse may be a password.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import yaml

from reconciler.model import Position, Problem


@dataclass(frozen=True, slots=True)
class _Fault:
    pattern: str  # searched in "context: problem"
    message: str
    hint: str
    applies: Callable[[str, int], bool] = lambda _text, _index: True
    where_begun: bool = False  # cite where the construct starts, not where it was given up


def _at_tab(text: str, index: int) -> bool:
    line_start = max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1
    return text[index : index + 1] == "\t" or "\t" in text[line_start:index]


def _at_variable(text: str, index: int) -> bool:
    return text[max(index - 1, 0) : index + 1] == "${"


_QUOTE = 'text with this character in it needs quotes: "..."'
_FAULTS = (
    _Fault("tab|cannot start any token", "a tab where YAML takes only spaces",
           "indent with spaces", _at_tab),
    _Fault("flow mapping|flow sequence", "${...} inside { } or [ ] needs quotes",
           'write "${NAME}"', _at_variable),
    _Fault("cannot start any token", "this character cannot start a value", _QUOTE),
    _Fault("quoted scalar: .*(end of stream|document)", "the quotes are not closed",
           "close them before the end of the file", where_begun=True),
    _Fault("quoted scalar|quoted-scalar|double-quoted", "not a valid escape in double quotes",
           r"write \\ for a backslash, or use single quotes", where_begun=True),
    _Fault("document start", "text after the end of the document", "one manifest per file"),
    _Fault("mapping values are not allowed", "a colon where no key can stand",
           "quote text with \": \" in it, and indent a map's keys alike"),
    _Fault("sequence entries are not allowed", "a list cannot start here",
           "put its first - on a line of its own"),
    _Fault("flow (mapping|sequence|node)", "{ or [ is not closed, or a comma is missing",
           "entries between { } or [ ] are separated by commas"),
    _Fault("simple key|block mapping|block collection",
           "neither a key with a colon nor a list entry",
           "indent like the lines around it; every key needs a colon"),
    _Fault("(alias|anchor): .*alphabetic", "neither an anchor nor an alias",
           "text that starts with * or & needs quotes"),
    _Fault("tag", "tags are not supported here", 'text that starts with "!" needs quotes'),
    _Fault("block scalar", "not a valid start of a text block", "write | or > alone on its line"),
    _Fault("YAML document|directive", "this directive is not supported", "delete the line"),
    _Fault("node content", "this cannot start a value", _QUOTE),
    _Fault("", "not valid YAML", "compare its quotes and its indentation with the lines above"),
)  # fmt: skip


def syntax_problem(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """Say what `error`, raised while parsing `text`, means."""
    mark = error.problem_mark or error.context_mark
    index = mark.index if mark else 0
    said = f"{error.context or ''}: {error.problem or ''}"
    fault = next(f for f in _FAULTS if re.search(f.pattern, said) and f.applies(text, index))
    if fault.where_begun and error.context_mark:
        mark = error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    return Problem(fault.message, Position(file, line + 1, column + 1), fault.hint)
