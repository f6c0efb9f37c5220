"""One row of the table of calls: how a call is asked, who answers it, and with which documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reconciler.emulator.call import Answer, Call, JsonAnswer, JsonCall
from reconciler.emulator.documents import Document

ACCOUNT = "/accounts/<account>"
SITE = f"{ACCOUNT}/sites/<site>"
PEER = f"{SITE}/sippeers/<peer>"


@dataclass(frozen=True, eq=False)  # the router wants them hashable; their tables are not
class Route:
    """One call: how it is asked, who answers, the root of its answers, and the document it takes.

    `path` is written in lower case; the ids in it are in angle brackets. `is_order`: errors are an
    ErrorList, and an unknown account is a 404, as on all order calls. `bucket`: the name that the
    published rate limits count the call under; "" where they do not list it. `shape`: a name of
    `errors.SHAPES`, or of a reading whose answers are such names; "" for what is usual. `error_root`:
    the root of errors where it is another.
    """

    method: str
    path: str
    handler: Callable[[Call], Answer | JsonAnswer]
    root: str
    document: Document | None = None
    is_order: bool = False
    bucket: str = ""
    shape: str = ""
    error_root: str = ""


@dataclass(frozen=True, eq=False)
class JsonRoute:
    """One call of the platforms that speak JSON: their errors, credentials' ones included, are JSON too.

    `limited`: the document of its 429; none where the limits are those of the XML calls.
    """

    method: str
    path: str
    handler: Callable[[JsonCall], JsonAnswer]
    bucket: str = ""
    limited: Mapping[str, str] | None = None
