"""A list of answers turned into a server that gives them one by one, and keeps what it was sent."""

from __future__ import annotations

import httpx

from reconciler.api.auth import Basic, ClientCredentials

BASIC = Basic("user", "password")
CLIENT = ClientCredentials("id", "secret")
SITES = "/accounts/42/sites"


class Server(httpx.MockTransport):
    """Answers calls with what `answers` gives, token requests with a token; keeps both."""

    def __init__(self, *answers: httpx.Response) -> None:
        super().__init__(self._answer)
        self.calls: list[httpx.Request] = []
        self.tokens: list[httpx.Request] = []
        self._answers = iter(answers)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/oauth2/token"):
            self.tokens.append(request)
            return httpx.Response(200, json={"access_token": f"token-{len(self.tokens)}"})
        self.calls.append(request)
        return next(self._answers)
