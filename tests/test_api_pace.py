"""The pace: what is learnt of a limit from its refusals, whatever the way in which it counts."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.api.limits import Limiter, Pause
from reconciler.api.pace import Pace

LATENCY = 0.005  # seconds that a call takes to be answered


class Limit(Protocol):
    """So many calls in so many seconds, counted in one way or another."""

    def until(self, now: float) -> float | None:
        """Count a call; None lets it pass, else it is to come again at that time."""


@dataclass
class Fixed:
    """Windows one after another, from a common beginning."""

    calls: int
    seconds: float
    window: float = -1
    count: int = 0

    def until(self, now: float) -> float | None:
        """The end of the window where that is full."""
        window = now // self.seconds
        self.count = self.count + 1 if window == self.window else 1
        self.window = window
        return None if self.count <= self.calls else (window + 1) * self.seconds


@dataclass
class FromFirst(Fixed):
    """Windows that begin with the first call after the last one."""

    began: float = -math.inf

    def until(self, now: float) -> float | None:
        """The end of the window where that is full."""
        if now >= self.began + self.seconds:
            self.began, self.count = now, 0
        self.count += 1
        return None if self.count <= self.calls else self.began + self.seconds


@dataclass
class Sliding:
    """The calls of the last so many seconds."""

    calls: int
    seconds: float
    passed: list[float] = field(default_factory=list)

    def until(self, now: float) -> float | None:
        """When the oldest of them is old enough."""
        self.passed = [at for at in self.passed if at > now - self.seconds]
        if len(self.passed) >= self.calls:
            return self.passed[0] + self.seconds
        self.passed.append(now)
        return None


@dataclass
class Bucket:
    """A bucket of tokens, refilled all the time."""

    calls: int
    seconds: float
    tokens: float = math.nan
    at: float = 0.0

    def until(self, now: float) -> float | None:
        """When there is a token again."""
        earned = (now - self.at) * self.calls / self.seconds
        self.tokens = min(self.calls, self.calls if math.isnan(self.tokens) else self.tokens + earned)
        self.at = now
        if self.tokens < 1:
            return now + (1 - self.tokens) * self.seconds / self.calls
        self.tokens -= 1
        return None


Shape = Callable[[int, float], Limit]
SHAPES: tuple[Shape, ...] = (Fixed, FromFirst, Sliding, Bucket)
Rounding = Callable[[float], float]


@dataclass
class World:
    """One client, a call after another, in front of one limit; time passes as they wait.

    `exact` servers say to the fraction of a second when to come again; the others say it in whole
    seconds, of a Date in whole seconds, rounding the reset as told.
    """

    limit: Limit
    rounding: Rounding | None = None
    now: float = 1000.3
    sent: int = 0
    refused: int = 0

    def __post_init__(self) -> None:
        self.limiter = Limiter(clock=lambda: self.now, sleep=self.sleep, max_wait=3600)

    def sleep(self, seconds: float) -> None:
        """Let time pass, and a little more: no sleep is exact."""
        self.now += seconds + 0.0005

    def call(self) -> str | Pause:
        """A request, and its answer."""
        self.sent += 1
        self.now += LATENCY
        until = self.limit.until(self.now)
        if until is None:
            return "served"
        self.refused += 1
        date = math.floor(self.now) if self.rounding else self.now
        asked = (self.rounding(until) if self.rounding else until) - date
        return Pause(asked if asked > 0 else 1.0)

    def make(self, calls: int) -> float:
        """So many calls, each served in the end; the seconds that it took."""
        began = self.now
        assert {self.limiter.run(self.call) for _ in range(calls)} == {"served"}
        return self.now - began


RATES = ((20, 1.0), (5, 1.0), (100, 10.0), (100, 60.0), (200, 1.0))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("calls", "seconds"), RATES)
@pytest.mark.parametrize("rounding", [None, math.ceil, math.floor])
def test_few_calls_are_wasted(shape: Shape, calls: int, seconds: float, rounding: Rounding | None) -> None:
    """A limit is learnt within a few refusals, and most of what it allows is used."""
    world, windows = World(shape(calls, seconds), rounding), 12
    took = world.make(windows * calls)
    assert world.refused <= 5 + 0.01 * world.sent
    assert took < 1.75 * windows * seconds


@pytest.mark.parametrize("shape", SHAPES)
def test_a_limit_that_grows_is_found_again(shape: Shape) -> None:
    """A pace that turns out to be far too slow is left behind, a little with every call that passes."""
    world = World(shape(20, 1.0))
    world.make(100)
    slow = world.limiter.rate
    world.limit = shape(10**9, 1.0)
    world.make(4000)
    assert slow
    assert world.limiter.rate
    assert 15 < slow < 21
    assert world.limiter.rate > 2 * slow


def test_one_refusal_after_a_few_calls_tells_no_rate() -> None:
    """A limit that others have used up says little of itself: everybody waits, and goes on as before."""
    asked = iter([*["passed"] * 3, Pause(1), *["passed"] * 100])
    world = World(Fixed(10**9, 1.0))
    assert [world.limiter.run(lambda: next(asked)) for _ in range(103)] == ["passed"] * 103
    assert world.limiter.rate is None
    assert world.now == pytest.approx(1001.3, abs=0.01)


def test_nobody_is_paced_before_a_refusal() -> None:
    """Without a 429 nothing is waited for, however many calls there are."""
    world = World(Fixed(10**9, 1.0))
    assert world.make(1000) == pytest.approx(1000 * LATENCY)
    assert world.limiter.rate is None


def rate_after(refusals: int) -> float | None:
    """The rate that is learnt where so many calls in flight together are refused after ten that passed."""
    now, together = [100.0], threading.Barrier(refusals, timeout=5)

    def sleep(seconds: float) -> None:
        now[0] += seconds

    limiter = Limiter(clock=lambda: now[0], sleep=sleep)

    def call(*answers: str | Pause) -> str | Pause:
        left = list(answers)

        def attempt() -> str | Pause:
            if len(left) > 1:
                together.wait()
            return left.pop(0)

        return limiter.run(attempt)

    assert [call("passed") for _ in range(10)] == ["passed"] * 10
    with ThreadPoolExecutor(refusals) as pool:
        ended = list(pool.map(lambda _: call(Pause(2), "passed"), range(refusals)))
    assert ended + [call("passed") for _ in range(4 - refusals)] == ["passed"] * 4
    return limiter.rate


def test_calls_refused_together_count_once() -> None:
    """One limit that meets four calls in flight slows the run down as it does where it meets one."""
    assert rate_after(4) == pytest.approx(rate_after(1))


gaps = st.lists(st.floats(0, 10), max_size=30)


@given(st.lists(st.tuples(gaps, st.floats(0.1, 100)), min_size=1, max_size=5))
def test_a_refusal_never_quickens_the_pace(periods: list[tuple[list[float], float]]) -> None:
    """Whatever passed before it: after a refusal calls leave at nine tenths of the pace at the most."""
    pace, now = Pace(), 100.0
    for passed, pause in periods:
        for gap in passed:
            now += gap
            pace.passed(pace.leave(now))
        before = pace.rate
        pace.refused(now + pause)
        assert pace.rate is None or 0 < pace.rate <= 0.9 * (before or math.inf)
        if pace.rate:
            assert pace.due(pace.leave(now)) == pytest.approx(now + 1 / pace.rate)
        now += pause
