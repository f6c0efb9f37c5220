"""What was asked turned into a response: let in, counted, read, handed to its handler, written."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.wrappers import Response

from reconciler.emulator import auth, control, documents, spellings, xml
from reconciler.emulator.asked import Asked
from reconciler.emulator.call import Call, JsonCall
from reconciler.emulator.errors import Refusal
from reconciler.emulator.limits.windows import Limits
from reconciler.emulator.responses import as_json, described, limited, refused, unauthorised, written
from reconciler.emulator.route import JsonRoute, Route
from reconciler.emulator.settings import Settings
from reconciler.emulator.store import Outcomes, Store

_XML_TYPES = ("", "application/xml", "text/xml")


@dataclass(frozen=True)
class Service:
    """What serves an account's calls; one call at a time."""

    settings: Settings
    outcomes: Outcomes
    limits: Limits

    def serve(self, asked: Asked, store: Store) -> Response:
        """The response to a request, what it does done to the store."""
        route, settings = asked.route, self.settings
        if route is None:
            return _not_served(asked)
        if isinstance(route, JsonRoute):
            # Nobody tells of a limit on tokens, which have no bucket.
            until = self.limits.until(route.bucket, asked) if route.bucket else None
            return limited(route, until) if until else self._serve_json(route, asked, store)
        if not auth.may_call(asked.authorization, settings, asked.now):
            return unauthorised()
        until = self.limits.until(route.bucket, asked)
        if until:
            return limited(route, until)
        try:
            _check_account(route, asked, settings)
            return written(route, route.handler(self._call(route, asked, store)), settings)
        except Refusal as refusal:
            return refused(route, refusal, settings)

    def _serve_json(self, route: JsonRoute, asked: Asked, store: Store) -> Response:
        request = asked.request
        call = JsonCall(
            store,
            self.settings,
            asked.where or {},
            request.path,
            asked.authorization,
            request.mimetype,
            asked.body,
            asked.now,
        )
        return as_json(route.handler(call))

    def _call(self, route: Route, asked: Asked, store: Store) -> Call:
        return Call(
            store=store,
            settings=self.settings,
            outcomes=self.outcomes,
            where=asked.where or {},
            query=asked.query,
            body=_document(route, asked, self.settings),
            url=asked.url,
            e164=asked.prefix.lower().endswith("v2"),
            now=asked.now,
            accept=asked.request.headers.get("Accept", ""),
        )


def _not_served(asked: Asked) -> Response:
    path = asked.request.path
    if asked.methods:
        methods = ", ".join(asked.methods)
        return described(405, f"{path} serves {methods}", {"Allow": methods})
    hint = "; start it with --control" if control.serves(asked.request) else ""
    return described(404, f"The emulator does not serve {path}{hint}")


def _check_account(route: Route, asked: Asked, settings: Settings) -> None:
    account = (asked.where or {}).get("account", settings.account_id)
    if account != settings.account_id:
        answer = settings.answer("unknown_account")
        status = None if answer == "by_call" else int(answer)
        raise Refusal(5000 if route.is_order else 12020, status=status, name=account)


def _document(route: Route, asked: Asked, settings: Settings) -> xml.Tree:
    if route.document is None:
        return {}
    media_type = asked.request.mimetype
    if media_type not in _XML_TYPES and not settings.lenient:
        raise Refusal(1019, status=415, why=f"{media_type} is not XML")
    try:
        root = xml.parse(asked.body.lstrip() if settings.lenient else asked.body)
    except xml.Malformed as error:
        raise Refusal(1019, why=str(error)) from error
    spellings.respell(root, settings)
    return documents.read(route.document, root, settings.lenient)
