from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans import CREATE, DELETE, EXAMPLE, FEW, NOTHING, ORDER, PLANS, UPDATE, steps

from reconciler.calls import Call
from reconciler.model import Change, FieldChange, Problems, Resource, Value
from reconciler.plan import Plan, Step
from reconciler.plan_file import check_usable, differences, read_plan
from reconciler.report.as_json import content_sha256, dumps, plan_json

MADE = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
ENDS = MADE + timedelta(days=7)


def document(plan: Plan) -> dict[str, Any]:
    """Make the document of a plan."""
    return plan_json(plan, tool="0.1", created_at=MADE, expires_at=ENDS)


@FEW
@given(PLANS)
def test_reading_undoes_writing(plan: Plan) -> None:
    """Whatever is in a plan, hostile names included, the saved plan holds the same."""
    assert read_plan(dumps(document(plan))).plan == plan


def test_a_saved_plan_tells_its_origin() -> None:
    """Its times, tool and manifest are those that it was made with; what carries it out is not saved."""
    change = Change(CREATE.address, CREATE.action, (), {}, Resource(CREATE.address, {}))
    saved = read_plan(dumps(document(replace(EXAMPLE, steps=(replace(CREATE, change=change),)))))
    assert (saved.created_at, saved.expires_at) == (MADE, ENDS)
    assert (saved.files, saved.plan.source.sha256) == ((Path("base.yaml"), Path("prod.yaml")), "5" * 64)
    assert [step.change for step in saved.plan.steps] == [None]


def test_a_digest_tells_plans_apart() -> None:
    """Plans made at different times, and plans that say different things, have different digests."""
    other = {**document(EXAMPLE), "created_at": "2030-01-02T03:04:06Z"}
    texts = [dumps(document(EXAMPLE)), dumps(other), dumps(document(NOTHING))]
    assert len({read_plan(text).digest for text in texts}) == 3
    assert read_plan(texts[0]).digest == read_plan(texts[0]).digest


def test_another_tool_or_time_is_no_edit() -> None:
    """The digest in the file covers what the plan says, not when it was made or by which version."""
    moved = {**document(EXAMPLE), "tool": "0.2", "expires_at": "2031-01-01T00:00:00Z"}
    assert read_plan(dumps(moved)).plan == EXAMPLE


Edit = Callable[[dict[str, Any]], object]
EDITS: tuple[tuple[Edit, str], ...] = (
    (lambda plan: plan["steps"][1]["changes"][0].update(after="c"), "was edited after it was made"),
    (lambda plan: plan["steps"].pop(), "was edited after it was made"),
    (lambda plan: plan["refusals"].clear(), "was edited after it was made"),
    (lambda plan: plan.update(account="1"), "was edited after it was made"),
    (lambda plan: plan["options"].update(allow_hazard=["x"]), "was edited after it was made"),
    (lambda plan: plan.update(sha256="0" * 64), "was edited after it was made"),
    (lambda plan: plan.update(format="reconciler.plan/2"), 'its format is "reconciler.plan/2"'),
    (lambda plan: plan.pop("steps"), "is not a plan: $: 'steps' is a required property"),
    (lambda plan: plan["steps"][0].update(needs=3), "is not a plan: $.steps[0].needs: 3 is not of type"),
    (lambda plan: plan["steps"][1]["observed"].update(f=0.5), "is not a plan: $.steps[1].observed.f: 0.5"),
)
REHASHED: tuple[tuple[Edit, str], ...] = (
    (lambda plan: plan["steps"][0].update(address="location.a b"), "is not an address"),
    (lambda plan: plan["unmanaged"][0].update(address="nothing"), "does not start with a kind"),
    (lambda plan: plan.update(created_at="2030-13-01T00:00:00Z"), "cannot be understood: "),
)
TEXTS = (
    ("", "the plan file is not JSON: Expecting value: line 1 column 1 (char 0)"),
    ("{", "the plan file is not JSON: "),
    ("[" * 100_000, "nested too deeply"),
    ("[]", "the plan file is not a reconciler.plan/1 document: its format is null"),
    ('"x"', "its format is null"),
    ("9" * 5000, "the plan file is not JSON: "),
    ('{"format": "reconciler.outcome/1"}', 'its format is "reconciler.outcome/1"'),
    ("version: 1", "the plan file is not JSON: "),
)


def refusal(text: str) -> str:
    """Read what is no plan; the one message, after checking its exit code and hint."""
    with pytest.raises(Problems) as caught:
        read_plan(text)
    (problem,) = caught.value.problems
    assert caught.value.exit_code == 1
    assert problem.hint == "make a new plan with reconciler plan --out FILE"
    return problem.message


@pytest.mark.parametrize(("edit", "message"), EDITS)
def test_an_edited_file_is_refused(edit: Edit, message: str) -> None:
    """A file in which anything was changed, added or taken away is not a plan any more."""
    edited = document(EXAMPLE)
    edit(edited)
    assert message in refusal(dumps(edited))


@pytest.mark.parametrize(("edit", "message"), REHASHED)
def test_a_forged_file_is_refused(edit: Edit, message: str) -> None:
    """A file whose digest is right and whose addresses or times are none is refused all the same."""
    forged = document(EXAMPLE)
    edit(forged)
    forged["sha256"] = content_sha256(forged)
    assert message in refusal(dumps(forged))


@pytest.mark.parametrize(("text", "message"), TEXTS)
def test_other_text_is_refused(text: str, message: str) -> None:
    """Text that is not JSON, or another document, is refused with what it is."""
    assert message in refusal(text)


@given(st.text() | st.recursive(st.none() | st.text(), st.lists).map(json.dumps))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text ends in anything but a plan or one clear problem."""
    assert refusal(text)


@pytest.mark.parametrize(
    ("account", "now", "messages"),
    [
        ("9900000", MADE, []),
        ("9900000", ENDS - timedelta(seconds=1), []),
        ("9900000", ENDS, ["the plan expired at 2030-01-09T03:04:05+00:00"]),
        ("1", MADE, ["the plan is for account 9900000, and this is account 1"]),
        ("1", ENDS, ["the plan is for account 9900000, and this is account 1",
                     "the plan expired at 2030-01-09T03:04:05+00:00"]),
    ],
)  # fmt: skip
def test_a_plan_is_for_one_account_and_some_time(account: str, now: datetime, messages: list[str]) -> None:
    """Another account, and the moment at which it expires, keep a plan from being applied."""
    found = check_usable(read_plan(dumps(document(EXAMPLE))), account=account, now=now)
    assert [problem.message for problem in found] == messages
    assert all(problem.hint for problem in found)


def changed(*changes: FieldChange) -> Step:
    """Make the example's update with other changes."""
    return replace(UPDATE, changes=changes)


def seen(**fields: Value) -> dict[str, Value]:
    """What the example's update saw, with other fields."""
    return {**UPDATE.observed, **fields}


DESCRIPTION = changed(FieldChange("description", "a", "b"))
PASSWORD = FieldChange("callback_creds.password", "set", "set", secret=True)
ROTATED = replace(PASSWORD, rotated=True)
PEER = "/accounts/9900000/sites/1/sippeers"
MOVED: tuple[tuple[Step | None, Step | None, tuple[str, ...]], ...] = (
    (UPDATE, UPDATE, ()),
    (
        DESCRIPTION,
        replace(changed(FieldChange("description", "z\n", "b")), observed=seen(description="z\n")),
        ('description was "a" when planned and is "z\\n" now',),
    ),
    (
        UPDATE,
        replace(UPDATE, observed=seen(id="3"), calls=(Call("PUT", f"{PEER}/3"),)),
        (
            'id was "2" when planned and is "3" now',
            f"the step's calls were PUT {PEER}/2 when planned and are PUT {PEER}/3 now",
        ),
    ),
    (
        UPDATE,
        replace(UPDATE, observed=seen(zones=(1,), address={"city": "Cary", "zip": "27601"})),
        (
            "zones[1] was 2 when planned and is (not set) now",
            'address.city was "Raleigh" when planned and is "Cary" now',
        ),
    ),
    (
        DESCRIPTION,
        changed(FieldChange("description", "a", "c"), FieldChange("calling_name", None, True)),
        (
            'description: "a" -> "b" when planned and "a" -> "c" now',
            "calling_name: no change when planned and (not set) -> true now",
        ),
    ),
    (DESCRIPTION, None, ('description was "a" when planned, and needs no change to "b" now',)),
    (None, DESCRIPTION, ('description needed no change when planned, and is "a" now, to become "b"',)),
    (changed(PASSWORD), changed(ROTATED), ()),
    (
        changed(FieldChange("description", "a", "b")),
        changed(FieldChange("description", "a", "b"), ROTATED),
        ("callback_creds.password: no change when planned and rotated since it was last sent now",),
    ),
    (
        changed(ROTATED),
        None,
        ("callback_creds.password was rotated since it was last sent when planned, and needs no change now",),
    ),
    (
        None,
        changed(ROTATED),
        ("callback_creds.password needed no change when planned, and is rotated since it was last sent",),
    ),
    (None, CREATE, ("it was there when planned, and is not now",)),
    (CREATE, None, ("it was not there when planned, and is now",)),
    (DELETE, None, ("it was there when planned, and is not now",)),
    (ORDER, None, ("the numbers to order were 2 when planned, and are 0 now",)),
    (None, ORDER, ("the numbers to order were 0 when planned, and are 2 now",)),
    (
        ORDER,
        replace(
            ORDER,
            quantity=3,
            observed={**ORDER.observed, "present": 1},
            changes=(FieldChange("count", 2, 5),),
        ),
        (
            "present was 2 when planned and is 1 now",
            "count: 3 -> 5 when planned and 2 -> 5 now",
            "the numbers to order were 2 when planned, and are 3 now",
        ),
    ),
    (
        DELETE,
        replace(DELETE, needs=()),
        (f"the step needed {UPDATE.id} when planned and needs nothing now",),
    ),
)


@pytest.mark.parametrize(("then", "now", "words"), MOVED)
def test_what_moved_is_named(then: Step | None, now: Step | None, words: tuple[str, ...]) -> None:
    """Each difference between a saved and a fresh step names object, field, before and after."""
    saved, fresh = (replace(EXAMPLE, steps=(step,) if step else ()) for step in (then, now))
    step = then or now
    assert step is not None
    found = differences(saved, fresh)
    assert [problem.message for problem in found] == [f"{step.address}: {each}" for each in words]


@pytest.mark.parametrize(
    ("then", "now", "helps"),
    [
        (None, ROTATED, True),
        (ROTATED, None, True),
        (None, PASSWORD, False),
        (FieldChange("description", "a", "b"), FieldChange("description", "a", "c"), False),
    ],
)
def test_what_one_ledger_knows_and_another_does_not_has_a_hint(
    then: FieldChange | None, now: FieldChange | None, helps: bool
) -> None:
    """A rotation that only one of two plans saw is explained by the ledger, nothing else is."""
    saved, fresh = (replace(NOTHING, steps=(changed(each),) if each else ()) for each in (then, now))
    (problem,) = differences(saved, fresh)
    assert problem.hint.endswith(f"or with --resend-secrets {UPDATE.address}") == helps


@FEW
@given(st.lists(steps(), max_size=3, unique_by=lambda step: step.id), steps(), st.data())
def test_only_the_same_steps_are_no_difference(several: list[Step], other: Step, data: st.DataObject) -> None:
    """Plans with the same steps in any order do not differ; one step more, less or other does."""
    saved = replace(NOTHING, steps=tuple(several))
    fresh = replace(NOTHING, steps=tuple(data.draw(st.permutations(several))))
    assert differences(saved, fresh) == []
    more = replace(NOTHING, steps=(*(step for step in several if step.id != other.id), other))
    assert bool(differences(saved, more)) == (set(map(repr, saved.steps)) != set(map(repr, more.steps)))


@FEW
@given(steps(), steps())
def test_every_part_of_a_step_counts(step: Step, other: Step) -> None:
    """A step in which anything is another step's differs, unless that is the same."""
    for part in ("needs", "changes", "calls", "observed", "quantity"):
        mixed = replace(step, **{part: getattr(other, part)})
        saved, fresh = (replace(NOTHING, steps=(each,)) for each in (step, mixed))
        assert bool(differences(saved, fresh)) == (step != mixed)
