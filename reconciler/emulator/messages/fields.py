"""The members of a message as a table: a JSON document to what is wrong with it, member by member.

Members, lengths and words are those of Bandwidth's messaging.yml; the sentences of the first three are
those of its guide to errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_LONGEST = {"text": 2048, "tag": 1024}
_LONGEST_URL = 4096


def faults(document: Mapping[str, Any], lenient: bool) -> Iterator[dict[str, str]]:
    """Each fault as {"fieldName", "description"}; members that nobody documents count unless `lenient`."""
    for name, check in _CHECKS.items():
        for said in check(name, document.get(name)):
            yield {"fieldName": name, "description": said}
    if not document.get("text") and not document.get("media"):
        yield {"fieldName": "text", "description": "'text' is required unless media is included"}
    for name in () if lenient else document.keys() - _CHECKS.keys():
        yield {"fieldName": name, "description": f"'{name}' is not a known field"}


def _application(name: str, value: object) -> Iterator[str]:
    if not isinstance(value, str) or not value:
        yield f"'{name}' is required"


def _sender(name: str, value: object) -> Iterator[str]:
    if not isinstance(value, str) or not value:
        yield f"'{name}' must contain exactly one telephone number"
    else:
        yield from _number(value)


def _recipients(name: str, value: object) -> Iterator[str]:
    # One number may stand without a list: the guides to sending messages do both.
    numbers = [value] if isinstance(value, str) and value else value
    if not isinstance(numbers, list) or not numbers:
        yield f"'{name}' must contain at least one telephone number"
        return
    for number in numbers:
        yield from _number(number)
    if len({str(number) for number in numbers}) < len(numbers):
        yield f"'{name}' must not contain duplicates"


def _number(value: object) -> Iterator[str]:
    if not isinstance(value, str) or not _E164.fullmatch(value):
        yield f"'{value}' must be replaced with a valid E164 formatted telephone number"


def _text(name: str, value: object) -> Iterator[str]:
    if value is not None and not isinstance(value, str):
        yield f"'{name}' must be a string"
    elif value is not None and len(value) > _LONGEST[name]:
        yield f"'{name}' must be {_LONGEST[name]} characters or less"


def _media(name: str, value: object) -> Iterator[str]:
    if value is None:
        return
    if not isinstance(value, list):
        yield f"'{name}' must be a list of URLs"
        return
    for url in value:
        if not isinstance(url, str) or not re.fullmatch(r"https?://\S+", url):
            yield f"'{url}' must be replaced with a valid URL"
        elif len(url) > _LONGEST_URL:
            yield f"each URL of '{name}' must be {_LONGEST_URL} characters or less"


def _priority(name: str, value: object) -> Iterator[str]:
    if value not in (None, "default", "high"):
        yield f"'{name}' must be one of default, high"


def _expiration(name: str, value: object) -> Iterator[str]:
    if value is None:
        return
    try:
        zone = datetime.fromisoformat(str(value)).tzinfo
    except ValueError:
        zone = None
    if zone is None:
        yield f"'{name}' must be an RFC-3339 date and time"


_CHECKS: Mapping[str, Callable[[str, object], Iterator[str]]] = {
    "applicationId": _application,
    "from": _sender,
    "to": _recipients,
    "text": _text,
    "media": _media,
    "tag": _text,
    "priority": _priority,
    "expiration": _expiration,
}
