"""The log of exchanges: like a list of all there ever were, of which the oldest may be gone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.emulator import Exchange
from reconciler.emulator.log import Log

PLACES = st.none() | st.integers(-12, 12)


def exchange(number: int, size: int = 1) -> Exchange:
    """A request that can be told from others."""
    return Exchange("GET", f"/{number}", "", b"", 200, b"x" * size, "")


def paths(exchanges: list[Exchange]) -> list[str]:
    """What tells them from each other."""
    return [each.path for each in exchanges]


@given(st.integers(0, 10), st.integers(1, 10), PLACES, PLACES, PLACES.filter(lambda step: step != 0))
def test_a_slice_is_that_of_a_list_without_what_is_gone(
    count: int, most: int, start: int | None, stop: int | None, step: int | None
) -> None:
    """Positions never move: a slice has what a list's would, but for the exchanges that were dropped."""
    log, whole = Log(entries=most), [f"/{number}" for number in range(count)]
    for number in range(count):
        log.record(exchange(number))
    kept = whole[-most:]
    assert paths(log[start:stop:step]) == [path for path in whole[start:stop:step] if path in kept]
    assert paths(list(log)) == kept
    assert (len(log), log.dropped) == (count, count - len(kept))


def test_what_came_since_is_right_after_others_were_dropped() -> None:
    """The way tests read the log, `log[before:]`, holds when the log has been full for long."""
    log = Log(entries=3)
    for number in range(10):
        log.record(exchange(number))
    before = len(log)
    log.record(exchange(10))
    assert paths(log[before:]) == ["/10"]
    assert log[before].serial == before == 10
    assert log[-1].path == "/10"


def test_an_exchange_that_is_gone_is_not_another_one() -> None:
    """The index of a dropped exchange, and of one that never was, raises."""
    log = Log(entries=2)
    for number in range(3):
        log.record(exchange(number))
    for place in (0, -3, 3, -4):
        with pytest.raises(IndexError, match="keeps exchanges 1 to 2"):
            log[place]


def test_the_bodies_have_a_bound_too() -> None:
    """Large bodies push older exchanges out; the newest stays, however large it is."""
    log = Log(bytes_=100)
    for number, size in enumerate((60, 30, 10, 50)):
        log.record(exchange(number, size))
    assert paths(list(log)) == ["/1", "/2", "/3"]
    log.record(exchange(4, 1000))
    assert paths(list(log)) == ["/4"]


def test_a_log_equals_a_list_of_what_it_keeps() -> None:
    """An empty log is an empty list, and one entry a list of it."""
    log = Log()
    assert log == []
    one = log.record(exchange(0))
    assert log == [one]
    assert log != ()


def test_many_threads_record_without_loss() -> None:
    """Each exchange has a serial of its own, which is its place."""
    log = Log()
    with ThreadPoolExecutor(8) as threads:
        serials = [each.serial for each in threads.map(lambda n: log.record(exchange(n)), range(400))]
    assert sorted(serials) == list(range(400))
    assert [each.serial for each in log] == list(range(400))
