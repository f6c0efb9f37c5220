"""The emulator as a WSGI application: a request found, let in, read, answered and logged."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from reconciler.emulator import beginning, control, page
from reconciler.emulator.asked import Asked, look_up
from reconciler.emulator.faults.dropped import Dropped
from reconciler.emulator.faults.fault import Fault
from reconciler.emulator.faults.happening import afterwards, instead, seconds_late, serving
from reconciler.emulator.faults.lag import packed
from reconciler.emulator.faults.rules import Faults, Rule
from reconciler.emulator.keeper import Keeper
from reconciler.emulator.limits.windows import Limits
from reconciler.emulator.log import Exchange, Log
from reconciler.emulator.orders import schedule
from reconciler.emulator.orders.order import Sort
from reconciler.emulator.orders.release import release
from reconciler.emulator.readings import READINGS
from reconciler.emulator.responses import described
from reconciler.emulator.serving import Service
from reconciler.emulator.settings import Settings
from reconciler.emulator.store import Outcomes, Store

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_LOG = logging.getLogger(__name__)
LARGEST_BODY = 10 * 1024 * 1024


class Emulator:
    """A Bandwidth account in memory that speaks the Dashboard API; call it as a WSGI application.

    The options are those of `Settings` and the names of `READINGS`, by keyword. Safe to call from many
    threads. A call raises `Dropped` where a fault breaks the connection.
    """

    def __init__(self, **options: Any) -> None:
        readings = {name: options.pop(name) for name in READINGS if name in options}
        readings = {**options.pop("readings", {}), **readings}
        self._options = Settings(readings=readings, **options)
        self._lock = threading.Lock()
        self.faults: Faults = Faults(self._packed)
        self._keeper = Keeper(self._options)
        self._begin(self._keeper.start)

    def reset(self) -> None:
        """Begins again, as it was made: its first account and faults, the clock's own time."""
        self._begin(self._keeper.first())

    def _begin(self, store: Store) -> None:
        with self._changing():
            self.settings = self._options
            self.log = Log()
            self.outcomes = Outcomes()
            self._store = store
            self._limits = Limits(self.settings)
            self._ahead = 0.0
        self.faults.clear()
        for fault in self.settings.faults:
            self.faults.add(fault)

    def close(self) -> None:
        """Lets go of the data file, if there is one."""
        self._keeper.close()

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """What is done to the account within is kept, or, where that fails, not done."""
        with self._lock:
            try:
                yield
            finally:
                self._keep()

    def _keep(self) -> None:
        try:
            self._keeper.keep(self._store)
        except sqlite3.Error:
            self._store = self._keeper.last()
            raise

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serves one request. Raises Dropped, from here or from the body's iteration."""
        request = _Request(environ)
        try:
            response = self._beside(request) or self._respond(request)
        except Dropped:
            raise
        except Exception as error:
            response = self._failed(request, error)
        response.headers["Date"] = formatdate(self.now(), usegmt=True)
        return response(environ, start_response)

    def _failed(self, request: Request, error: Exception) -> Response:
        """A fault of the emulator's own, or of the disk: told to the client, and in the log."""
        _LOG.exception("The emulator failed at %s %s", request.method, request.path)
        response = described(
            500, f"The emulator failed: {type(error).__name__}: {error}", {"Connection": "close"}
        )
        self._record(request, b"", self.now(), response.status_code, response.get_data())
        return response

    def now(self) -> float:
        """The account's time, epoch seconds: the clock's, and what was passed besides."""
        return self.settings.clock() + self._ahead

    def pass_time(self, seconds: float) -> None:
        """Lets time pass for the account at once."""
        self._ahead += seconds

    def dump(self) -> dict[str, Any]:
        """The whole account as plain data, ids and passwords included, in a stable order."""
        with self._lock:
            return self._store.dump()

    def written(self) -> str:
        """The whole account as a document that `Settings.load` takes: YAML, passwords included."""
        with self._lock:
            return beginning.written(self.settings.account_id, self._store)

    def fail(self, fault: Fault | str | Mapping[str, Any]) -> None:
        """Something goes wrong from now on; a line or a mapping as in `faults.words`, or a `Fault`.

        Raises ValueError for what makes no sense.
        """
        self.faults.add(fault)

    def release(self, number: str) -> None:
        """Gives a number (10 digits, or +1 and 10) up, as a person in the dashboard would.

        Raises KeyError when it is not in service.
        """
        with self._changing():
            if not release(self._store, number.removeprefix("+1"), self.now()):
                raise KeyError(f"{number} is not in service")

    def describe(self, number: str, facts: Mapping[str, Any]) -> None:
        """Adds to a number's details what no call sets (`Number.facts`), nested as the API has it.

        Raises KeyError for a number (10 digits, or +1 and 10) that the account never had.
        """
        with self._changing():
            self._store.numbers[number.removeprefix("+1")].facts.update(facts)

    def put_on_sale(self, inventory: Mapping[str, int]) -> None:
        """Changes how many numbers these codes have, sold ones included; others stay as they are."""
        with self._lock:
            merged = {**(self.settings.inventory or {}), **inventory}
            self.settings = replace(self.settings, inventory=merged)

    def restock(self) -> None:
        """The numbers that back-orders wait for come on sale."""
        with self._changing():
            schedule.restock(self._store)

    def fail_next_order(self) -> None:
        """The next order gets no numbers and FAILS."""
        self.partial_next_order(deliver=0)

    def partial_next_order(self, deliver: int, sort: Sort = "orders") -> None:
        """The next order finds at most `deliver` numbers; what follows is up to its two flags.

        A disconnect, a move or an option order (`sort`) reaches no more than that.
        """
        with self._lock:
            self.outcomes.limit(deliver, sort)

    def hold_orders(self) -> None:
        """Orders stay RECEIVED until `release_orders`."""
        with self._lock:
            self.outcomes.held = True

    def release_orders(self) -> None:
        """Orders are carried out again when their time has come."""
        with self._lock:
            self.outcomes.held = False

    def _packed(self) -> bytes:
        with self._lock:
            return packed(self._store)

    def _beside(self, request: Request) -> Response | None:
        """What is no call of the API: the page, and the control endpoint where it is on."""
        if self.settings.control and control.serves(request):
            return control.respond(request, self)
        settings = self.settings
        return page.respond(request, page.Source(settings.account_id, self.dump, self.log, settings.hosts))

    def _respond(self, request: Request) -> Response:
        began, body = self.now(), b""
        rules: tuple[Rule, ...] = ()
        try:
            # Read first and whole: what is left unread would be taken for the next request.
            body = request.get_data(cache=False)
        except RequestEntityTooLarge:
            response = _unread(413, f"A document may have {LARGEST_BODY} bytes")
        except (ClientDisconnected, ValueError) as error:  # a body cut short, or badly chunked
            response = _unread(400, str(error))
        else:
            asked = look_up(request, body, began)
            rules = self.faults.happening(asked)
            try:
                response = self._answer(asked, rules)
            except Dropped:
                self._record(request, body, began, 0, b"", rules)
                raise
        self._record(request, body, began, response.status_code, response.get_data(), rules)
        return response

    def _answer(self, asked: Asked, rules: tuple[Rule, ...]) -> Response:
        late = seconds_late(rules)
        if late:
            self.settings.sleep(late)
            asked = replace(asked, now=self.now())
        early = instead(rules, asked, self.settings)
        if early is not None:
            return early
        reads = asked.request.method == "GET" and not self._store.unfinished
        with self._lock if reads else self._changing():
            schedule.advance(self._store, self.settings, self.outcomes, asked.now)
            service = Service(self.settings, self.outcomes, self._limits)
            response = serving(rules, service.serve)(asked, self._store)
        return afterwards(rules, asked, self.settings, response)

    def _record(
        self,
        request: Request,
        body: bytes,
        began: float,
        status: int,
        response: bytes,
        rules: Iterable[Rule] = (),
    ) -> None:
        ended = self.now()
        self.log.record(
            Exchange(
                request.method,
                request.path,
                request.query_string.decode("latin-1"),
                body,
                status,
                response,
                request.headers.get("Authorization", ""),
                ended,
                ended - began,
                fault=", ".join(rule.fault.words for rule in rules),
            )
        )


class _Request(Request):
    max_content_length = LARGEST_BODY


def _unread(status: int, text: str) -> Response:
    return described(status, text, {"Connection": "close"})
