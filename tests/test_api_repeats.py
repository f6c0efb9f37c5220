"""Repeats: which calls are sent again, after how long, and when it is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.api import errors
from reconciler.api.auth import Basic, ClientCredentials
from reconciler.api.client import Writer, open_writer
from reconciler.api.endpoints import Endpoints
from reconciler.api.repeats import ATTEMPTS, BASE, CAP, Repeats, backoff
from reconciler.document import Node

SITES = "/accounts/42/sites"
XML = {"Content-Type": "application/xml"}
DOWN = "<R><ResponseStatus><ErrorCode>{}</ErrorCode><Description>Broken</Description></ResponseStatus></R>"
Happening = Callable[[], httpx.Response]


def answered(status: int, text: str = "", **headers: str) -> Happening:
    """Answer so."""
    return lambda: httpx.Response(status, text=text, headers={**XML, **headers})


def broken(error: Exception) -> Happening:
    """Break the line so."""

    def happen() -> httpx.Response:
        raise error

    return happen


SERVED = answered(200, "<R/>")
FAILED = answered(500)
GONE = answered(404)
DROPPED = broken(httpx.RemoteProtocolError("Server disconnected without sending a response."))
REFUSED = broken(httpx.ConnectError("Connection refused"))
SILENT = broken(httpx.ReadTimeout("nothing came"))


@dataclass
class Line(httpx.BaseTransport):
    """A server where these things happen, one after another, and then the last of them for ever."""

    happenings: Sequence[Happening]
    calls: list[str] = field(default_factory=list)
    tokens: list[Happening] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Let the next thing happen."""
        if request.url.path.endswith("/oauth2/token"):
            return self.tokens.pop(0)()
        self.calls.append(request.method)
        return self.happenings[min(len(self.calls), len(self.happenings)) - 1]()


@dataclass
class Pauses:
    """What was waited for, without waiting; `stopped` is the answer to each."""

    seconds: list[float] = field(default_factory=list)
    stopped: bool = False

    def __call__(self, seconds: float) -> bool:
        """Take note."""
        self.seconds.append(seconds)
        return self.stopped


def open_line(line: Line, pauses: Pauses, quota: float = 100) -> Writer:
    """A client of that server, whose jitter is as long as it can be."""
    repeats = Repeats(quota=quota, pause=pauses, draw=lambda: 1.0)
    return open_writer(Endpoints(), Basic("u", "p"), transport=line, repeats=repeats)


PASSING = {
    "500": FAILED,
    "503 without a document": answered(503),
    "no answer in time": SILENT,
    "a dropped connection": DROPPED,
    "no connection": REFUSED,
    "a document cut short": answered(200, "<R><Sites>"),
    "a proxy's page": answered(200, "<html>Sign in</html>", **{"Content-Type": "text/html"}),
}


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("happening", PASSING.values(), ids=PASSING)
def test_what_passes_is_tried_again(method: str, happening: Happening) -> None:
    """A call that can do no harm twice is sent up to four times, with longer and longer pauses."""
    line, pauses = Line([happening, happening, happening, SERVED]), Pauses()
    with open_line(line, pauses) as writer:
        assert writer.send(method, SITES, Node("Site") if method != "GET" else None).status == 200
    assert (line.calls, pauses.seconds) == ([method] * 4, [0.25, 0.5, 1.0])


@pytest.mark.parametrize("happening", PASSING.values(), ids=PASSING)
def test_what_does_not_pass_is_given_up(happening: Happening) -> None:
    """After four attempts the last error is the call's."""
    line = Line([happening])
    with open_line(line, Pauses()) as writer, pytest.raises(errors.ApiError) as caught:
        writer.get(SITES)
    assert len(line.calls) == ATTEMPTS
    assert caught.value.endpoint == f"GET {SITES}"


@pytest.mark.parametrize("happening", PASSING.values(), ids=PASSING)
def test_a_post_is_never_repeated(happening: Happening) -> None:
    """Whatever becomes of a POST, the caller decides what to do about it."""
    line, pauses = Line([happening, SERVED]), Pauses()
    with open_line(line, pauses) as writer, pytest.raises(errors.ApiError):
        writer.send("POST", SITES, Node("Site"))
    assert (line.calls, pauses.seconds) == (["POST"], [])


LASTING = {
    "a refusal": answered(400, DOWN.format(1003)),
    "forbidden": answered(403),
    "not found": GONE,
    "credentials refused": answered(401),
    "an error inside a 2xx": answered(200, DOWN.format(1003)),
    "a redirect to another host": answered(302, Location="https://example.com/"),
    "the address service is down": answered(503, DOWN.format(13566)),
    "a coding that was not asked for": answered(200, "<R/>", **{"Content-Encoding": "br"}),
}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("happening", LASTING.values(), ids=LASTING)
def test_what_lasts_is_told_at_once(method: str, happening: Happening) -> None:
    """An error that the next moment does not mend costs one request."""
    line, pauses = Line([happening]), Pauses()
    with open_line(line, pauses) as writer, pytest.raises(errors.ApiError):
        writer.send(method, SITES, None)
    assert (line.calls, pauses.seconds) == ([method], [])


@pytest.mark.parametrize(
    ("happenings", "sent", "status"),
    [
        ([DROPPED, GONE], 2, 404),
        ([SILENT, GONE], 2, 404),
        ([FAILED, REFUSED, GONE], 3, 404),
        ([FAILED, answered(204)], 2, 204),
        ([REFUSED, GONE], 2, None),
        ([GONE], 1, None),
    ],
)
def test_what_is_gone_after_a_lost_answer_was_deleted(
    happenings: Sequence[Happening], sent: int, status: int | None
) -> None:
    """A DELETE that finds nothing has been done if an earlier attempt may have done it, and only then."""
    line = Line(happenings)
    with open_line(line, Pauses()) as writer:
        if status:
            assert writer.send("DELETE", SITES, None).status == status
        else:
            with pytest.raises(errors.NotFound):
                writer.send("DELETE", SITES, None)
    assert line.calls == ["DELETE"] * sent


@pytest.mark.parametrize(
    ("asked", "paused"),
    [("5", 5.0), ("0.1", 0.25), ("8", 8.0), ("9", 0.25), ("soon", 0.25), ("-1", 0.25)],
)
def test_a_short_retry_after_is_heeded(asked: str, paused: float) -> None:
    """Retry-After lengthens a pause; one of more than eight seconds makes no difference."""
    line, pauses = Line([answered(503, **{"Retry-After": asked}), SERVED]), Pauses()
    with open_line(line, pauses) as writer:
        writer.get(SITES)
    assert pauses.seconds == [paused]


@given(st.integers(1, 40), st.floats(0, 1))
def test_jitter_is_full(attempts: int, drawn: float) -> None:
    """A pause lies between nothing and what doubles with every attempt, up to eight seconds."""
    most = min(CAP, BASE * 2.0 ** (attempts - 1))
    assert backoff(attempts, errors.TimedOut("late"), lambda: drawn) == drawn * most


def test_the_quota_is_everybody_s() -> None:
    """Once a run's repeats are used up each call is one request; calls that succeed earn new ones."""
    happenings = [FAILED] * 6 + [SERVED] * 5 + [FAILED] * 3
    line = Line(happenings)

    def sent(call: Callable[[], object]) -> int:
        before = len(line.calls)
        call()
        return len(line.calls) - before

    with open_line(line, Pauses(), quota=4) as writer:

        def fail() -> None:
            with pytest.raises(errors.ServerFailed):
                writer.get(SITES)

        def succeed() -> None:
            assert writer.get(SITES).status == 200

        assert [sent(fail) for _ in range(2)] == [4, 2]
        assert [sent(succeed) for _ in range(5)] == [1] * 5
        assert [sent(fail) for _ in range(2)] == [2, 1]


def test_a_repeat_that_succeeds_costs_nothing() -> None:
    """One repeat in hand is enough for any number of calls that succeed at the second attempt."""
    line = Line([FAILED, SERVED] * 10)
    with open_line(line, Pauses(), quota=1) as writer:
        assert {writer.get(SITES).status for _ in range(10)} == {200}
    assert len(line.calls) == 20


def test_a_run_that_is_stopped_repeats_nothing() -> None:
    """Where the pause ends because the run was stopped, the error is the call's end."""
    line, pauses = Line([FAILED, SERVED]), Pauses(stopped=True)
    with open_line(line, pauses) as writer, pytest.raises(errors.ServerFailed):
        writer.get(SITES)
    assert (line.calls, pauses.seconds) == (["GET"], [0.25])


def tokens(*happenings: Happening) -> Iterator[Happening]:
    """Let these happen, and then give a token."""
    yield from happenings
    yield lambda: httpx.Response(200, json={"access_token": "token"})


@pytest.mark.parametrize(("method", "sent"), [("GET", 1), ("POST", 0)])
def test_a_token_that_is_not_to_be_had_may_be_had_a_moment_later(method: str, sent: int) -> None:
    """A read waits for the token endpoint to come back, too; a POST fails, and was not sent."""
    line = Line([SERVED], tokens=list(tokens(answered(503), DROPPED)))
    client, repeats = ClientCredentials("id", "secret"), Repeats(pause=Pauses())
    with open_writer(Endpoints(), client, transport=line, repeats=repeats) as writer:
        if sent:
            assert writer.send(method, SITES, None).status == 200
        else:
            with pytest.raises(errors.Unauthorised) as caught:
                writer.send(method, SITES, None)
            assert not caught.value.lost
    assert line.calls == [method] * sent
