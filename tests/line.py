"""An emulator called in process as if over a line: where the connection breaks, httpx says so."""

from __future__ import annotations

import httpx

from reconciler.emulator import Dropped, Emulator


class Line(httpx.BaseTransport):
    """Requests to an emulator, without a socket. A stalled answer is a timeout at once."""

    def __init__(self, emulator: Emulator) -> None:
        self._served = httpx.WSGITransport(app=emulator)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request. Raises httpx.ReadTimeout, or httpx.RemoteProtocolError for a broken connection."""
        try:
            response = self._served.handle_request(request)
            response.read()
        except Dropped as dropped:
            if dropped.seconds:
                raise httpx.ReadTimeout(str(dropped), request=request) from dropped
            raise httpx.RemoteProtocolError(str(dropped), request=request) from dropped
        return response
