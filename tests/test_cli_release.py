"""Numbers given up through the command line: only those that are named, once, and told one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cli import ADDRESS, Account, account

from reconciler.emulator import Emulator

POOL = "numbers.main/desk[area_code=919]"
FIRST, SECOND, THIRD = "+19193298838", "+19193296757", "+19193290919"  # as they are proposed to go
SET_UP = 5  # a sub-account, two locations, an order for each
LEAVING = (
    f"1 wanted, 3 there, 1 of them leaving, 1 too many (kept; to give them up for ever: --release {SECOND})"
)
GONE = f'number."{FIRST}": --release names it, and it is not in service any more'


def manifest(count: int, policy: str = "max_numbers_released: 5") -> str:
    """A manifest of two locations with a pool each, one of them of `count` numbers."""
    return f"""\
version: 1
policy: {{{policy}}}
sub_accounts:
  main:
    address: {ADDRESS}
    locations:
      desk: {{numbers: [{{area_code: "919", count: {count}}}]}}
      back: {{numbers: [{{area_code: "984", count: 1}}]}}
"""


@contextmanager
def too_many(folder: Path, wanted: int = 1) -> Iterator[Account]:
    """An account with three numbers where the manifest wants fewer by now."""
    with account(folder) as place:
        place.write(manifest(3))
        assert place.run("apply", "--yes").code == 0
        place.write(manifest(wanted))
        assert len(place.writes()) == SET_UP
        yield place


def named(*numbers: str) -> list[str]:
    """The words that name these numbers."""
    return [word for number in numbers for word in ("--release", number)]


def sent(place: Account) -> list[str]:
    """The writes since there were too many."""
    return place.writes()[SET_UP:]


def statuses(place: Account) -> list[str]:
    """What became of the three numbers, in the order in which they are proposed."""
    held = place.state()["numbers"]
    return [held[number.removeprefix("+1")]["status"] for number in (FIRST, SECOND, THIRD)]


def test_a_surplus_is_told_and_kept(tmp_path: Path) -> None:
    """Without the digits nothing goes; a plan says which ones would, in order, and the words for it."""
    with too_many(tmp_path) as place:
        planned, as_json = place.run("plan", "--detailed-exitcode"), place.run("plan", "--format", "json")
        applied = place.run("apply", "--yes")
        assert (planned.code, applied.code, sent(place)) == (0, 0, [])
    assert (
        f"{POOL}: 1 wanted, 3 there, 2 too many (kept; to give them up for ever: --release {FIRST} "
        f"--release {SECOND})" in planned.out
    )
    document = as_json.document
    assert (document["steps"], document["summary"]["numbers_released"]) == ([], 0)
    (surplus,) = document["surplus"]
    assert surplus == {
        "address": POOL, "count": 1, "present": 3, "surplus": 2, "candidates": [FIRST, SECOND]
    }  # fmt: skip
    assert document["pools"][0]["numbers"] == [FIRST, SECOND, THIRD]


def test_what_is_named_is_given_up_once(tmp_path: Path) -> None:
    """A plan shows each number; applied it is gone, and the same words again are a warning and exit 0."""
    with too_many(tmp_path) as place:
        planned = place.run("plan", *named(FIRST, FIRST[2:]), "--format", "json").document
        shown = place.run("plan", *named(FIRST))
        first = place.run("apply", "--yes", *named(FIRST), "--format", "json")
        again = place.run("apply", "--yes", *named(FIRST))
        assert len(sent(place)) == 1
        assert statuses(place) == ["Aging", "Inservice", "Inservice"]
    (step,) = planned["steps"]
    assert (step["id"], step["released"], planned["summary"]["numbers_released"]) == (
        f"{POOL}#release", [FIRST], 1
    )  # fmt: skip
    assert f"! release {POOL}: 1 number\n      {FIRST}\n" in shown.out
    assert (first.code, first.document["summary"]["released"], first.document["converged"]) == (0, 1, True)
    assert again.code == 0
    assert f"warning: {GONE}" in again.out


def test_a_run_that_ends_between_the_order_and_the_proof(tmp_path: Path) -> None:
    """Where the account cannot be read again it is exit 4; the next run finds the number gone."""
    with too_many(tmp_path) as place:
        place.emulator.fail("error-before=403 GET sites nth=2")
        first = place.run("apply", "--yes", *named(FIRST))
        again = place.run("apply", "--yes", *named(FIRST), "--format", "json")
        assert len(sent(place)) == 1
    assert (first.code, again.code) == (4, 0)
    assert "error: the account could not be read again" in first.err
    assert [warning["message"] for warning in again.document["warnings"]] == [GONE.partition(": ")[2]]


def test_each_number_that_stays_says_why(tmp_path: Path) -> None:
    """Of a PARTIAL order, what went is counted and what did not is told in the API's words: exit 4."""
    with too_many(tmp_path) as place:
        place.emulator.partial_next_order(1, "disconnects")
        ran = place.run("apply", "--yes", *named(FIRST, SECOND))
        history = place.run("history")
        assert sorted(statuses(place)) == ["Aging", "Inservice", "Inservice"]
    assert (ran.code, history.code) == (4, 0)
    assert f"{FIRST} not given up: 5006 The telephone number could not be disconnected" in ran.out
    assert "run it again with --release for those that are still to go" in ran.out


def test_an_order_that_nobody_waits_for_is_pending(tmp_path: Path) -> None:
    """With --no-wait the open order is reported; until it has ended its number is not named again."""
    with too_many(tmp_path) as place:
        place.emulator.hold_orders()
        first = place.run("apply", "--yes", "--no-wait", *named(FIRST), "--format", "json")
        early = place.run("apply", "--yes", "--settle", "0", *named(FIRST))
        plain = place.run("plan")
        place.emulator.release_orders()
        place.emulator.pass_time(60)
        late = place.run("apply", "--yes", *named(FIRST))
        assert len(sent(place)) == 1
    assert (first.code, early.code, late.code) == (0, 3, 0)
    (step,) = first.document["steps"]
    assert (step["state"], step["numbers"]) == ("pending", 0)
    assert "is still open for +19193298838" in step["message"]
    assert f'refused: number."{FIRST}": --release names it, but disconnect order ' in early.out
    assert LEAVING in early.out
    assert LEAVING in plain.out


def test_an_order_that_is_about_to_end_is_waited_for(tmp_path: Path) -> None:
    """A run right behind one that left its disconnect order open finds the number gone, and sends nothing."""
    with account(tmp_path, Emulator(order_seconds=1)) as place:
        place.write(manifest(3))
        assert place.run("apply", "--yes").code == 0
        place.write(manifest(1))
        first = place.run("apply", "--yes", "--no-wait", *named(FIRST))
        again = place.run("apply", "--yes", *named(FIRST))
        assert len(sent(place)) == 1
    assert (first.code, again.code) == (0, 0)
    assert GONE in again.out


def test_an_order_that_outlasts_the_run_is_to_be_waited_for(tmp_path: Path) -> None:
    """Where the order is open at its timeout the run says to wait, and is exit 4."""
    with too_many(tmp_path) as place:
        place.emulator.hold_orders()
        ran = place.run("apply", "--yes", "--order-timeout", "0", *named(FIRST))
    assert ran.code == 4
    assert "hint: wait until the order has ended; what is gone by then need not be named again" in ran.out
    assert LEAVING in ran.out


def test_a_saved_plan_whose_numbers_went_is_stale(tmp_path: Path) -> None:
    """A release that was done meanwhile is told as such, and nothing is sent."""
    with too_many(tmp_path, wanted=2) as place:
        place.run("plan", *named(FIRST), "--out", "plan.json")
        assert place.run("apply", "--yes", *named(FIRST)).code == 0
        ran = place.run("apply", "plan.json", "--yes")
        assert len(sent(place)) == 1
    assert ran.code == 3
    assert f"{FIRST} to be given up when planned, and not there or not one too many now" in ran.said


def test_every_number_of_a_location_that_goes_is_in_the_plan(tmp_path: Path) -> None:
    """A few are told in the refusal, all of them in the document and with -v, ready to be named."""
    with account(tmp_path) as place:
        place.write(manifest(5))
        assert place.run("apply", "--yes").code == 0
        place.write(
            "version: 1\npolicy: {max_deletions: 1, max_numbers_released: 5}\n"
            "sub_accounts: {main: {locations: {desk: {state: absent}, back: {is_default_peer: true}}}}\n"
        )
        plan = place.run("plan", "--format", "json")
        long = place.run("plan", "-v")
        (surplus,) = plan.document["surplus"]
        numbers = surplus["candidates"]
        ran = place.run("apply", "--yes", *named(*numbers))
    assert (plan.code, surplus["address"], len(numbers)) == (3, "numbers.main/desk", 5)
    assert all(number in long.out for number in numbers)
    assert ran.code == 0


def test_a_lost_order_that_shows_nowhere_is_undetermined(tmp_path: Path) -> None:
    """Nobody knows whether it will go: exit 5, and where to look."""
    with too_many(tmp_path) as place:
        place.emulator.fail("drop-before POST disconnects nth=1")
        ran = place.run("apply", "--yes", "--order-patience", "0", *named(FIRST))
        assert statuses(place)[0] == "Inservice"
    assert ran.code == 5
    assert f"nobody knows whether {FIRST} will be given up" in ran.out
    assert f"look at {FIRST} in the dashboard" in ran.out


REFUSED = {
    "others would be bought": ([*named(FIRST, SECOND, THIRD)], "others would be bought for them"),
    "no pool has it": ([*named("+12025550100")], "no pool of the manifest counts it"),
    "outside of --only": (
        [*named(FIRST), "--only", "location.main/back"],
        "what --only chooses does not give it up",
    ),
    "no pool has it, with --only": (
        [*named("+12025550100"), "--only", "location.main/back"],
        "no pool of the manifest counts it",
    ),
}


@pytest.mark.parametrize(("words", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_given_up_is_refused(words: list[str], why: str, tmp_path: Path) -> None:
    """`plan` and `apply` say it after the whole plan, and exit 3 with nothing written."""
    with too_many(tmp_path) as place:
        planned, applied = place.run("plan", *words), place.run("apply", "--yes", *words)
        assert (planned.code, applied.code, sent(place)) == (3, 3, [])
    assert why in planned.out
    assert why in applied.said


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        ("max_numbers_released: 0", "policy.max_numbers_released is 0"),
        (f'max_numbers_released: 5, protect: ["{POOL}"]', "policy.protect names it"),
    ],
)
def test_policy_keeps_numbers(policy: str, why: str, tmp_path: Path) -> None:
    """The cap, which is 0 unless somebody raised it, and protection hold whatever is named."""
    with too_many(tmp_path) as place:
        place.write(manifest(1, policy))
        ran = place.run("apply", "--yes", *named(FIRST))
        assert (ran.code, sent(place)) == (3, [])
    assert why in ran.said


def test_what_is_no_number_is_a_slip(tmp_path: Path) -> None:
    """A word that is no number is exit 1, before anything is asked."""
    with too_many(tmp_path) as place:
        asked = len(place.emulator.log)
        ran = place.run("plan", *named("+1919555"))
        assert (ran.code, ran.out, len(place.emulator.log)) == (1, "", asked)
    assert "--release: +1919555 is not a number" in ran.err


def test_a_saved_plan_keeps_its_numbers(tmp_path: Path) -> None:
    """It gives up what it was made with, once; other numbers than its own are a slip."""
    with too_many(tmp_path) as place:
        assert place.run("plan", *named(FIRST), "--out", "plan.json").code == 0
        other = place.run("apply", "plan.json", *named(SECOND))
        applied, again = place.run("apply", "plan.json"), place.run("apply", "plan.json")
        assert (other.code, applied.code, again.code) == (1, 0, 3)
        assert statuses(place) == ["Aging", "Inservice", "Inservice"]
    assert "the plan was not made with this --release" in other.err


@pytest.mark.parametrize("number", [FIRST, SECOND], ids=["the one that was named", "another one"])
def test_a_saved_plan_is_stale_when_a_number_has_gone(number: str, tmp_path: Path) -> None:
    """What somebody else gives up meanwhile, named or not, makes a new plan necessary."""
    with too_many(tmp_path, wanted=2) as place:
        assert place.run("plan", *named(FIRST), "--out", "plan.json").code == 0
        place.emulator.release(number)
        ran = place.run("apply", "plan.json")
        assert (ran.code, sent(place)) == (3, [])


def test_a_saved_deletion_is_stale_when_what_goes_has_moved(tmp_path: Path) -> None:
    """A location that has another name since the plan was made is not deleted by it."""
    with account(tmp_path) as place:
        place.write(manifest(0))
        assert place.run("apply", "--yes").code == 0
        place.write(manifest(0, "max_deletions: 1").replace('{numbers: [{area_code: "919", count: 0}]}',
                                                            "{state: absent}")
                    .replace("back: {", "back: {is_default_peer: true, "))  # fmt: skip
        assert place.run("plan", "--out", "plan.json").code == 0
        ((site, held),) = place.state()["sites"].items()
        desk = next(p for p in held["peers"].values() if p["document"]["PeerName"] == "desk")["id"]
        renamed = "<SipPeer><PeerName>shop</PeerName><IsDefaultPeer>true</IsDefaultPeer></SipPeer>"
        place.ask(f"PUT /sites/{site}/sippeers/{desk}", renamed)
        before = place.writes()
        ran = place.run("apply", "plan.json")
        assert (ran.code, place.writes()) == (3, before)
    assert "location.main/desk" in ran.err
