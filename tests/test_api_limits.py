"""Rate limits: how long a 429 asks to wait, and that every thread heeds it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.api import errors
from reconciler.api.auth import Basic
from reconciler.api.client import Options, open_writer
from reconciler.api.dates import http_date
from reconciler.api.endpoints import Endpoints
from reconciler.api.limits import Limiter, Pause, pause_asked
from reconciler.document import Node

DATE = "Tue, 07 Jul 2026 10:00:00 GMT"
EPOCH = 1783418400  # the same moment
LATER = "Tue, 07 Jul 2026 10:00:07 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-ratelimit-reset": str(EPOCH + 12), "date": DATE}, 12),
        ({"x-ratelimit-reset": str(EPOCH + 12)}, 2),
        ({"x-ratelimit-reset": str(EPOCH + 12), "retry-after": "99", "date": DATE}, 12),
        ({"x-ratelimit-reset": str(EPOCH - 12), "date": DATE}, 1),
        ({"x-ratelimit-reset": "soon", "date": DATE}, 1),
        ({"retry-after": "5", "date": DATE}, 5),
        ({"retry-after": LATER, "date": DATE}, 7),
        ({"retry-after": "-5"}, 1),
        ({"retry-after": "nan"}, 1),
        ({"date": "yesterday"}, 1),
        ({}, 1),
    ],
)
def test_pause_asked(headers: dict[str, str], seconds: float) -> None:
    """The reset counts from the answer's Date, else from the local clock; a second by default."""
    assert pause_asked(headers, now=lambda: EPOCH + 10) == Pause(seconds)


numbers = st.integers(-1, 10**6).map(str)
dates = st.builds("Tue, {} Jul {} {}:{}:00 {}".format, *[numbers] * 4, numbers | st.just("GMT"))


@given(st.text(max_size=40) | dates)
def test_no_header_breaks_a_date(text: str) -> None:
    """Whatever a header says, it is a moment in UTC or none."""
    moment = http_date(text)
    assert moment is None or str(moment.tzinfo) == "UTC"


class Time:
    """A clock that moves only by sleeping."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self.now += seconds
        self.slept.append(seconds)

    def limiter(self, parallelism: int = 8) -> Limiter:
        """Make a limiter that lives in this time."""
        return Limiter(parallelism, clock=lambda: self.now, sleep=self.sleep)


def limited(times: int, **headers: str) -> Callable[[httpx.Request], httpx.Response]:
    """Answer 429 so many times, then 200."""
    left = iter(range(times))
    return lambda _: httpx.Response(200 if next(left, None) is None else 429, headers=headers)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_limited_call_is_repeated(method: str) -> None:
    """After 429 nothing was done, so that any call is repeated once the pause is over."""
    time = Time()
    transport = httpx.MockTransport(limited(2, **{"Retry-After": "20"}))
    options = Options(transport=transport, limiter=time.limiter())
    with open_writer(Endpoints(), Basic("u", "p"), **options) as writer:
        assert writer.send(method, "/accounts/1/orders", Node("Order")).status == 200
    assert time.slept == [20, 20]


@pytest.mark.parametrize(("asked", "slept"), [("400", []), ("200", [200]), ("100", [100] * 3)])
def test_a_call_is_given_up(asked: str, slept: list[float]) -> None:
    """A call whose pauses would add up to more than `max_wait` fails, and is not lost."""
    time = Time()
    transport = httpx.MockTransport(limited(9, **{"Retry-After": asked}))
    options = Options(transport=transport, limiter=time.limiter())
    with (
        open_writer(Endpoints(), Basic("u", "p"), **options) as writer,
        pytest.raises(errors.RateLimited) as caught,
    ):
        writer.send("POST", "/accounts/1/orders", Node("Order"))
    assert str(caught.value) == (f"POST /accounts/1/orders: 429 too many requests, for another {asked} s")
    assert time.slept == slept
    assert not caught.value.lost
    assert "--max-wait" in caught.value.hint


def test_once_given_up_nothing_is_sent_before_the_reset() -> None:
    """After one call was given up the others fail at once, until the limit is over."""
    time, asked = Time(), iter([Pause(400), "first", "second"])
    limiter = time.limiter()
    assert limiter.run(lambda: next(asked)) == Pause(400)
    time.now += 150  # what is left would be short enough for a call that begins now
    assert limiter.run(lambda: next(asked)) == Pause(250)
    time.now += 250
    assert [limiter.run(lambda: next(asked)) for _ in range(2)] == ["first", "second"]
    assert time.slept == []


def test_a_run_that_is_stopped_waits_for_nothing() -> None:
    """Where the sleep ends because the run was stopped the call is not sent again."""
    asked = iter([Pause(20), "never"])
    limiter = Limiter(clock=lambda: 100.0, sleep=lambda _: True)
    assert limiter.run(lambda: next(asked)) == Pause(20)
    assert next(asked) == "never"


def test_everybody_waits() -> None:
    """A pause that one call was asked for holds back the others, which were asked for none."""
    now, paused, sleeping = [100.0], threading.Event(), threading.Barrier(2, timeout=5)
    outcomes = iter([Pause(30), "first"])

    def sleep(seconds: float) -> None:
        assert seconds == 30
        paused.set()
        sleeping.wait()  # breaks unless both calls sleep at once
        now[0] = 130.0

    limiter = Limiter(2, clock=lambda: now[0], sleep=sleep)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(limiter.run, lambda: next(outcomes))
        assert paused.wait(5)
        second = pool.submit(limiter.run, lambda: "second")
        assert (first.result(), second.result()) == ("first", "second")


def test_a_call_about_to_leave_waits_like_everybody() -> None:
    """A refusal that arrives while another call waits for its place in the pace holds that back, too."""
    now, left = [100.0], []
    departed, going, refused = threading.Event(), threading.Event(), threading.Event()

    def sleep(seconds: float) -> None:
        if seconds > 29:
            refused.set()
        elif departed.is_set():  # the second call's wait for its place
            going.set()
            assert refused.wait(5)
        now[0] += seconds

    limiter = Limiter(2, clock=lambda: now[0], sleep=sleep)
    lesson = iter([*["passed"] * 10, Pause(1), "passed"])
    assert [limiter.run(lambda: next(lesson)) for _ in range(11)] == ["passed"] * 11
    assert limiter.rate

    def first() -> str | Pause:
        if departed.is_set():
            return "first"
        departed.set()
        assert going.wait(5)
        return Pause(30)

    def second() -> str:
        left.append(now[0])
        return "second"

    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(limiter.run, first)
        assert departed.wait(5)
        before = now[0]
        assert limiter.run(second) == "second"
        assert ended.result() == "first"
    assert left[0] >= before + 30


def most_in_flight(limiter: Limiter, calls: int) -> int:
    """How many of these calls, made by many threads, ran at a time."""
    lock, running, most = threading.Lock(), 0, 0

    def attempt() -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.005)
        with lock:
            running -= 1
        return "done"

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(lambda _: limiter.run(attempt), range(calls))) == {"done"}
    return most


def test_calls_in_flight_are_bounded() -> None:
    """No more calls run at a time than the limiter was made for."""
    assert most_in_flight(Limiter(3), 36) == 3


def test_the_number_in_flight_falls_and_climbs_again() -> None:
    """A refusal halves it; every round of calls that pass allows one more, up to what it was."""
    time, asked = Time(), iter([Pause(1), Pause(1), "passed"])
    limiter = time.limiter(parallelism=8)
    assert limiter.run(lambda: next(asked)) == "passed"
    assert most_in_flight(limiter, 8) <= 4
    assert most_in_flight(limiter, 40) <= 8
    assert most_in_flight(limiter, 40) == 8
