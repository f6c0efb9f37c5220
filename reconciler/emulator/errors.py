"""What goes wrong: an error code with its facts to an HTTP status and a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reconciler.emulator.catalogue import STATUSES, TEXTS
from reconciler.emulator.xml import Tree


class Refusal(Exception):
    """A request that is not done: its code, the status to answer with, and what to say.

    `facts` fill the sentence of the code, or it `says` another where the catalogue has a code twice;
    `beside` are elements next to the error.
    """

    def __init__(
        self,
        code: int | None,
        *,
        status: int | None = None,
        beside: Tree | None = None,
        says: str = "",
        **facts: object,
    ) -> None:
        self.code = code
        self.status = status or STATUSES.get(code, 400)
        self.description = says or TEXTS[code].format_map(facts)
        self.beside = beside or {}
        super().__init__(f"{code}: {self.description}")


def refuse_any(faults: Mapping[int, object], **facts: Any) -> None:
    """Raises a Refusal with the first of the codes whose fault is there."""
    for code, fault in faults.items():
        if fault:
            raise Refusal(code, **facts)


def _coded(refusal: Refusal, name: str = "Code") -> Tree:
    code = {} if refusal.code is None else {name: refusal.code}
    return {**code, "Description": refusal.description}


def _status(refusal: Refusal) -> Tree:
    return {"ResponseStatus": _coded(refusal, "ErrorCode")}


# The shapes in which endpoints tell of an error (samples of numbers.yml), by the element that is theirs.
SHAPES: Mapping[str, Callable[[Refusal], Tree]] = {
    "status": _status,
    "list": lambda refusal: {"ErrorList": {"Error": _coded(refusal)}},
    "search": lambda refusal: {"Error": _coded(refusal)},
    "errors": lambda refusal: {"Errors": _coded(refusal)},
}
