"""The pages of number lists: query parameters to whole numbers, and places in a list to links."""

from __future__ import annotations

from urllib.parse import urlencode

from reconciler.emulator.call import Call
from reconciler.emulator.errors import Refusal
from reconciler.emulator.xml import Tree


def positive(call: Call, name: str, default: int) -> int:
    """A query parameter that counts from 1. Raises 13056 (page), 13057 (size) or 13058."""
    text = call.query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refusal({"page": 13056, "size": 13057}[name])
    if int(text) < 1:
        raise Refusal(13058)
    return int(text)


def at_most(call: Call, default: int, largest: int) -> int:
    """The page's size. Raises 1006 when it is more than may be asked for."""
    size = positive(call, "size", default)
    if size > largest:
        raise Refusal(1006, name="size", low=1, high=largest)
    return size


def cut(numbers: list[str], page: int, size: int) -> tuple[list[str], int | None]:
    """The numbers of a page counted from 1, and the page that follows."""
    end = page * size
    return numbers[end - size : end], page + 1 if end < len(numbers) else None


def links(call: Call, path: str, following: object, size: int, first: object = 1) -> Tree:
    """`Links` to the first page and to the following one (None: there is none).

    path: below the version. The filters of the call are kept.
    """
    pages = {"first": first} | ({} if following is None else {"next": following})
    return {rel: _link(call, path, page, size, rel) for rel, page in pages.items()}


def _link(call: Call, path: str, page: object, size: int, rel: str) -> str:
    query = {**call.query, "page": str(page), "size": str(size)}
    # numbers_v2.yml writes the + of a number as it is
    return f'Link=<{call.url}{path}?{urlencode(query, safe="+,")}>;rel="{rel}";'
