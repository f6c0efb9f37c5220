"""A page of a list asked for, to another page than that one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from werkzeug.wrappers import Response

from reconciler.emulator.asked import Asked
from reconciler.emulator.store import Store

Serve = Callable[[Asked, Store], Response]
# A link to the next page, as it stands in a document: the address is in escaped angle brackets.
_NEXT = re.compile(rb"[?&;]page=([^&>;\s]+)[^<]*rel=\"next\"")


def repeated(serve: Serve, asked: Asked, store: Store) -> Response:
    """The first page in place of a later one."""
    return serve(_at(asked, "1"), store)


def missed(serve: Serve, asked: Asked, store: Store) -> Response:
    """The page after the one that is asked for, where there is one; a list without links counts pages."""
    response = serve(asked, store)
    found = _NEXT.search(response.get_data())
    if found:
        return serve(_at(asked, found.group(1).decode()), store)
    page = asked.query.get("page", "1")
    if b"<Links" in response.get_data() or not re.fullmatch("[0-9]{1,5}", page):
        return response
    return serve(_at(asked, str(int(page) + 1)), store)


def _at(asked: Asked, page: str) -> Asked:
    return replace(asked, query={**asked.query, "page": page})
