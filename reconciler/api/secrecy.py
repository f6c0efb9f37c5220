"""Text of requests, answers and servers' messages turned into text that may be shown."""

from __future__ import annotations

import re
from collections.abc import Collection
from xml.sax.saxutils import escape

from reconciler.document import Node

HIDDEN = "[redacted]"
_SHORTEST = 4  # hiding shorter values would riddle every message and so give them away
_NAME = r"(?=[\w.:-]*(?:password|passwd|secret|token))[\w.:-]+"
_PLACES = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        # Each goes to the end of the text where that is cut off.
        rf"(<({_NAME})(?:\s[^<>]*)?(?<!/)>).*?(?=</\2|\Z)",
        rf'("{_NAME}"\s*:\s*")(?:[^"\\]|\\.)*',
        rf"((?<![\w.:-]){_NAME}=)[^&\s]+",
        r"(\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}",
    )
)


def passwords_in(document: Node | None) -> frozenset[str]:
    """Collect the texts of a document's password elements."""
    nodes = document.walk() if document else ()
    return frozenset(n.text for n in nodes if "password" in n.name.lower() and n.text)


def redact(text: str, secrets: Collection[str]) -> str:
    """Take `secrets` out of `text` (as XML writes them, too), and what its names call secret.

    Names are those of elements, JSON keys and form fields; well-formed or cut off, all the same.
    """
    spellings = {form for secret in secrets for form in (secret, escape(secret))}
    for secret in sorted(spellings, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, HIDDEN)
    for place in _PLACES:
        text = place.sub(lambda found: found[1] + HIDDEN, text)
    return text


def one_line(text: str, limit: int) -> str:
    """Put `text` on one line of at most `limit` characters, control characters escaped."""
    line = " ".join(text.split())
    cut = line if len(line) <= limit else line[: limit - 1] + "…"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in cut)
