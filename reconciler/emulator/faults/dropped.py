"""What a WSGI call raises where the connection would break: the server on a socket breaks it."""

from __future__ import annotations


class Dropped(ConnectionError):
    """The connection is closed without an answer, or within one.

    seconds: for how long it is first held open in silence. A call in process sees it at once.
    """

    def __init__(self, what: str, seconds: float = 0.0) -> None:
        self.seconds = seconds
        super().__init__(what)
