"""What goes wrong: an error code with its facts to an HTTP status and a sentence."""

from __future__ import annotations

from reconciler.emulator.catalogue import STATUSES, TEXTS
from reconciler.emulator.xml import Tree


class Refusal(Exception):
    """A request that is not done: its code, the status to answer with, and what to say.

    `facts` fill the sentence of the code; `beside` are elements next to the error.
    """

    def __init__(
        self,
        code: int | None,
        *,
        status: int | None = None,
        beside: Tree | None = None,
        **facts: object,
    ) -> None:
        self.code = code
        self.status = status or STATUSES.get(code, 400)
        self.description = TEXTS[code].format_map(facts)
        self.beside = beside or {}
        super().__init__(f"{code}: {self.description}")
