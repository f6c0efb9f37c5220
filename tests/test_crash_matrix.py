"""An apply that dies or loses an answer at any of its writes is run again, and nothing is doubled or lost.

Of two: one that makes something of everything, and one that renames, moves, gives up and takes away.

The quick suite has points from all over the matrix; `make crash-matrix` prints the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from crash.explore import Survey, every_point, explored
from crash.points import Blow, Point, all_points, point_from, spread
from crash.score import Verdict, holdings, score
from crash.world import Lived
from rich.console import Console
from run_crash_matrix import counted, table

PROCESSES = 3


def assert_right(lived: list[Lived], points: int) -> None:
    """So many points were lived through, every blow fell, and every account became what was wanted."""
    bad = "\n".join(f"{one.point}: {one.codes} {one.verdict}\n{one.said}" for one in lived if one.bad)
    assert not bad, bad
    counts = counted(lived)
    assert counts["unlocked"] <= 2  # the first write of a run to a ledger that is kept is its lock
    del counts["undetermined"], counts["unlocked"], counts["waited"]
    assert +counts == Counter(points=points)
    assert all(one.runs <= 3 and one.waited <= 1 for one in lived)


def points_from_all_over(surveys: Sequence[Survey]) -> list[Point]:
    """Points of some rows, and two at a disconnect order, which nothing undoes."""
    edit = surveys[-1]
    disconnect = next(at for at, call in enumerate(edit.writes, 1) if call.endswith("/disconnects"))
    lost = [Point((Blow(what, disconnect),), act=edit.act) for what in ("kill-after", "drop-after")]
    return [*spread(every_point(surveys), 1)[::12], *lost]


def test_points_from_all_over() -> None:
    """Blows of all sorts, with and without a lag and a ledger, and a second one after it: all is right."""
    lived = list(explored(points_from_all_over, PROCESSES))
    rows = {one.point.row for one in lived}
    assert len(rows) == len(lived)
    assert_right(lived, points=7)


@pytest.mark.full
def test_a_point_of_each_row() -> None:
    """A blow of each sort under each lag, with the ledger kept and lost, and a second one: all is right."""
    lived = list(explored(lambda surveys: spread(every_point(surveys), 1), PROCESSES))
    assert_right(lived, points=2 * (8 + 8 + 7 + 4))


@pytest.mark.full
def test_every_point() -> None:
    """Whichever write of a run it is that a blow falls on, all is right after three more runs at the most."""
    lived = list(explored(every_point, PROCESSES))
    assert len({one.point for one in lived}) > 1400
    assert_right(lived, len(lived))


def test_points_are_told_in_words() -> None:
    """The words that a bad point is told in lead back to it."""
    points = list(all_points(writes=5, ledger_writes=7, act=2))
    assert [point_from(str(point)) for point in points] == points
    with pytest.raises(ValueError, match="kill-during:7 is no word for a point"):
        point_from("kill-during:7 lag=0")


def test_every_write_is_struck() -> None:
    """Each write of a run is struck in every way and setting, each write of the ledger in every setting."""
    points = list(all_points(writes=5, ledger_writes=7))
    alone = Counter(point.row for point in points if len(point.blows) == 1)
    assert set(alone.values()) == {5, 7}
    assert [row for row, count in alone.items() if count == 7] == [
        ("1", "kill-in-ledger", "0", "kept"),
        ("1", "power-cut", "0", "kept"),
        ("1", "kill-in-ledger", "3", "kept"),
        ("1", "power-cut", "3", "kept"),
        ("1", "kill-in-ledger", "0", "deleted"),
    ]
    assert len(set(points)) == len(points)


def location(**fields: Any) -> dict[str, Any]:
    """A location's record, as an emulator dumps it."""
    return {"document": {"PeerName": "desk"}, "numbers": [], "sms": None, **fields}


def dump(
    *peers: dict[str, Any], orders: tuple[str, ...] = (), numbers: int = 0, given_up: tuple[int, ...] = ()
) -> dict[str, Any]:
    """An emulator's dump of one sub-account with these locations, and orders and numbers of the first.

    Of the numbers those at these places were given up, each by an order of its own.
    """
    by_id = {f"50000{n}": {"id": f"50000{n}", **peer} for n, peer in enumerate(peers)}
    return {
        "applications": {},
        "sites": {"1001": {"id": "1001", "document": {"Name": "main"}, "peers": by_id}},
        "numbers": {
            f"919555010{n}": {
                "number": f"919555010{n}",
                "status": "Aging" if n in given_up else "Inservice",
                "peer": "500000",
            }
            for n in range(numbers)
        },
        "disconnects": {str(at): {"granted": [f"919555010{n}"]} for at, n in enumerate(given_up)},
        "orders": {
            str(n): {
                "id": str(n),
                "peer": "500000",
                "status": "COMPLETE",
                "document": {"CustomerOrderId": name},
            }
            for n, name in enumerate(orders)
        },
    }


WANTED = dump(location(), orders=("rc1-A-1",), numbers=2)
OTHER = location(document={"PeerName": "other"})
FOUND: tuple[tuple[dict[str, Any], Mapping[str, list[str]]], ...] = (
    # what there is, and what is said of it; differences are told with their documents
    (dump(location(), orders=("rc1-A-1", "rc1-A-2"), numbers=2), {}),
    (
        dump(location(), location(), orders=("rc1-A-1",), numbers=2),
        {"duplicates": ["2 of location main/desk"], "differences": ["desk"]},
    ),
    (dump(location(), orders=("rc1-A-1", "rc1-A-1"), numbers=2), {"duplicates": ["2 orders rc1-A-1"]}),
    (
        dump(location(), orders=("rc1-A-1",), numbers=3),
        {"duplicates": ["1 numbers too many at location main/desk"]},
    ),
    (
        dump(location(), OTHER, numbers=2),
        {"orphans": ["location main/other"], "differences": ["other"]},
    ),
    (
        dump(location(), orders=("rc1-A-1", "rc1-B-1"), numbers=2),
        {"orphans": ["order 1 (rc1-B-1) is COMPLETE"]},
    ),
    (dump(location(sms={"Zone1": "true"}), numbers=2), {"differences": ["null", "true"]}),
    (dump(location(), numbers=1), {"differences": ["1 numbers too few at location main/desk"]}),
    (dump(location(), numbers=3, given_up=(0,)), {"lost": ["9195550100"]}),
)
SCORED = ("duplicates", "orphans", "lost", "differences")


@pytest.mark.parametrize(("found", "words"), FOUND)
def test_the_score_misses_nothing(found: dict[str, Any], words: Mapping[str, list[str]]) -> None:
    """What is twice there, nobody accounts for, is lost or is not as it was wanted is each told as that."""
    verdict = score(holdings(found), holdings(WANTED))
    for what in SCORED:
        told, wanted = getattr(verdict, what), words.get(what, [])
        assert len(told) == len(wanted), told
        assert all(word in each for word, each in zip(wanted, told, strict=True))


def test_the_score_holds_releases_to_what_was_named() -> None:
    """A number that was named and is still there is a difference, one that went twice is a duplicate."""
    named = holdings(dump(location(), numbers=2, given_up=(0,)))
    assert score(named, named).right
    kept = score(holdings(dump(location(), numbers=2)), named)
    assert kept.differences == ("9195550100 is still there",)
    assert kept.duplicates == ("1 numbers too many at location main/desk",)
    again = score(holdings(dump(location(), numbers=2, given_up=(0, 0))), named)
    assert again.duplicates == ("9195550100 was given up 2 times",)


def test_what_is_bad_fails_the_run() -> None:
    """A point that is wrong in any way is counted in its column, and is bad."""
    point = point_from("kill-after:7 lag=3 kept")
    good = Lived(point, (-9, 0), met=True, quiet=True, unlocked=0, waited=0, verdict=Verdict(), said="")
    bad = (
        replace(good, verdict=Verdict(duplicates=("2 of location main/desk",))),
        replace(good, verdict=Verdict(orphans=("location main/other",))),
        replace(good, verdict=Verdict(lost=("9195550100",))),
        replace(good, verdict=Verdict(differences=("location main/desk: {}",))),
        replace(good, met=False),
        replace(good, codes=(-9, 5, 4, 4), quiet=False),
        replace(good, codes=(-9, 1, 0)),
    )
    assert [one.bad for one in (good, *bad)] == [False, *[True] * len(bad)]
    console = Console(width=160)
    with console.capture() as shown:
        console.print(table([good, *bad]))
    assert " ".join(shown.get().splitlines()[-1].split()) == "in all 8 1 1 1 2 1 1 1 0 0 3"
