"""An account that is edited a little, drifts a little and breaks a little: no number twice, nothing lost."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

import pytest
from drawn import APART, PARTS, Manifest, pools
from holding import locations
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from stateful_account import Life
from stories import DRIFTS, edited

WHOLE: Manifest = PARTS["whole"]
WHAT = [
    "drop-before", "drop-after", "error-before", "error-before=503", "error-after", "error-after=503",
    "stall-before", "stall-after", "truncate", "empty", "limit=0",
]  # fmt: skip
FAULTS = st.builds(
    "{} {} nth={}".format,
    st.sampled_from(WHAT),
    st.sampled_from(["POST orders", "POST", "WRITE", "GET"]),
    st.sampled_from([1, 1, 2, 3, 5, 8, 13, 21]),
)
# what befalls a life, as its methods and what they are given
Befalling = tuple[Any, ...]
Befalls = st.SearchStrategy[Befalling]
BEFALLS: Befalls = st.one_of(
    st.tuples(st.just("fail"), FAULTS),
    st.tuples(st.just("fail"), FAULTS),
    st.tuples(st.just("die"), st.integers(1, 60), st.booleans()),
    st.just(("travel",)),
    st.tuples(st.just("lag"), st.sampled_from([1, 2, 3, 20])),
    st.just(("hold",)),
    st.tuples(st.just("sell_out"), st.integers(0, 1)),
    st.sampled_from([("drift", *drift) for drift in DRIFTS]),
    st.tuples(st.just("release"), st.integers(0, 20)),
    st.tuples(st.just("release"), st.integers(0, 20)),
    st.tuples(st.just("order"), st.integers(0, 7), st.sampled_from(["919", "984"]), st.integers(1, 2)),
    st.tuples(st.just("want"), st.integers(0, 4)),
    st.tuples(st.just("give_up"), st.integers(1, 9)),
    st.tuples(st.just("give_up"), st.integers(1, 9)),
    st.just(("lose_the_ledger",)),
)


@st.composite
def recounted(draw: st.DrawFn, before: Manifest) -> Manifest:
    """The manifest with other pools, or other counts, at one of its locations."""
    manifest = copy.deepcopy(before)
    places = [fields for *_, fields in locations(manifest)]
    if places:
        draw(st.sampled_from(places))["numbers"] = draw(pools("pools_apart"))
    return manifest


class Living(RuleBasedStateMachine):
    """One account, one manifest and one ledger, and what may befall them in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.life = Life(Path(self.folder.name))

    @initialize(populated=st.booleans())
    def begin(self, populated: bool) -> None:
        """There may have been an account before."""
        begin(self.life, populated=populated)

    # one rule for all: of several, hypothesis leaves most out of each story
    @rule(
        data=st.data(),
        edits=st.integers(0, 3),
        befalls=st.lists(BEFALLS, max_size=4),
        in_peace=st.integers(0, 3).map(lambda drawn: drawn == 3),
    )
    def turn(self, data: st.DataObject, edits: int, befalls: list[Befalling], in_peace: bool) -> None:
        """Edit a little, drift a little, break a little, apply."""
        for _ in range(edits):
            manifest = self.life.manifest
            self.life.manifest = data.draw(
                st.one_of(edited(manifest, APART), recounted(manifest), recounted(manifest))
            )
        live(self.life, *befalls)
        applied = self.life.apply_in_peace() if in_peace else self.life.apply()
        event(f"exit {applied.code if applied else None}")

    @invariant()
    def nothing_is_there_twice(self) -> None:
        """At most one order of each customer order id, one object of each name, what was wanted."""
        self.life.check()

    def teardown(self) -> None:
        """In the end all is well."""
        try:
            self.life.apply_in_peace()
            self.life.check()
        finally:
            self.folder.cleanup()


def begin(life: Life, *, populated: bool = False) -> None:
    """The account before the first run."""
    for call, body in PARTS["population"] if populated else ():
        assert life.account.call(call, body).is_success
    life.settle()
    life.manifest = WHOLE


def live(life: Life, *befalls: Befalling) -> None:
    """Live through it."""
    for what, *given in befalls:
        getattr(life, what)(*given)


STORIES: dict[str, tuple[tuple[Befalling, ...], ...]] = {
    "an order travels for longer than the next run": ((("travel",),), ()),
    "a death before the first number, while lists lag": ((("lag", 3), ("die", 40, True)), ()),
    "a number is given up while lists lag for long": ((), (("lag", 20), ("release", 0)), ()),
    "more are wanted while an order is open": ((("hold",),), (("want", 3),), (("want", 1),)),
    "lists show what is gone": ((), (("lag", 3), ("doom", "branch"), ("give_up", 9)), ()),
    "lists lag for long": ((("lag", 20),), (), ()),
    "the ledger is lost after a lost answer": (
        (("fail", "drop-after POST orders nth=1"),),
        (("lose_the_ledger",),),
    ),
    "an order is still open in the next run": ((("hold",), ("fail", "stall-after POST orders nth=1")), ()),
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_story_ends_well(story: tuple[tuple[Befalling, ...], ...], tmp_path: Path) -> None:
    """Whatever befalls each run, nothing is there twice, and a run in peace puts all right."""
    life = Life(tmp_path)
    begin(life)
    for befalls in story:
        live(life, *befalls)
        life.apply()
        life.check()
    applied = life.apply_in_peace()
    life.check()
    assert applied
    assert applied.code == 0


PROFILE = settings(deadline=None, suppress_health_check=list(HealthCheck))
BRIEFLY = settings(PROFILE, max_examples=8, stateful_step_count=5, derandomize=True, database=None)
AT_LENGTH = settings(PROFILE, max_examples=100, stateful_step_count=20)


def test_an_account_lives_on() -> None:
    """Of some stories, the same ones each time, each ends well."""
    run_state_machine_as_test(Living, settings=BRIEFLY)


@pytest.mark.full
def test_an_account_lives_on_at_length() -> None:
    """Many more and longer stories end well."""
    run_state_machine_as_test(Living, settings=AT_LENGTH)
