"""A manifest file's bytes turned into text, or into the reason why they are none."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from reconciler.model import Position, Problem, Problems

MAX_BYTES = 1_000_000
"""The largest file that is read: some 1,600 locations in full."""

DEFAULT_FILE = "bandwidth.yaml"

# What YAML does not call printable (YAML 1.2.2 production 1, c-printable); XML 1.0 refuses it too.
UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_LINE_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")


def read_text(file: Path) -> str:
    """Read `file`: UTF-8 with or without a byte order mark, of printable characters only.

    Raises `Problems` with the one problem that made it unreadable.
    """
    data = _read_bytes(file)
    mark = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    try:
        text = data[mark:].decode()
    except UnicodeDecodeError as error:
        valid = data[mark : mark + error.start].decode()
        raise Problems([_not_utf8(file, data, valid, mark + error.start)]) from None
    if found := UNPRINTABLE.search(text):
        message = f"a control character (U+{ord(found[0]):04X}) cannot stand in YAML"
        position = position_at(str(file), text[: found.start()])
        raise Problems([Problem(message, position, "delete it, and save the file as text")])
    return text


def position_at(file: str, before: str) -> Position:
    """Find the position of the character after the text `before`, lines counted as YAML does."""
    breaks = list(_LINE_BREAK.finditer(before))
    start = breaks[-1].end() if breaks else 0
    return Position(file, len(breaks) + 1, len(before) - start + 1)


def _read_bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise Problems([_problem(file, "no such file", _missing_hint(file))]) from None
    except IsADirectoryError:
        hint = "name the files in it, each with its own -f"
        raise Problems([_problem(file, "a directory, not a manifest", hint)]) from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        hint = "check that the file can be read by the user who runs this"
        raise Problems([_problem(file, f"cannot be read: {reason}", hint)]) from None
    if len(data) > MAX_BYTES:
        hint = "spread it over several files, each given with -f"
        raise Problems([_problem(file, f"larger than {MAX_BYTES:,} bytes, the limit", hint)])
    return data


def _missing_hint(file: Path) -> str:
    if file == Path(DEFAULT_FILE):
        return f'write one that starts with "version: 1", or name another than {DEFAULT_FILE} with -f'
    return "paths given with -f are relative to the working directory"


def _not_utf8(file: Path, data: bytes, valid: str, offset: int) -> Problem:
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return Problem(
        f"not UTF-8: byte 0x{data[offset]:02X} at offset {offset}",
        position_at(str(file), valid),
        "this looks like UTF-16; save it as UTF-8" if utf16 else "save the file as UTF-8",
    )


def _problem(file: Path, message: str, hint: str) -> Problem:
    return Problem(message, Position(str(file), 1, 1), hint)
