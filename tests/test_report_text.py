from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import pytest
from hypothesis import given
from plans import (
    CREATE,
    DELETE,
    EXAMPLE,
    FEW,
    GONE,
    LOCATION,
    NOTHING,
    ORDER,
    OUTCOMES,
    PLANS,
    POOL,
    RELEASE,
    TEXT,
    TOLL_FREE,
    TOO_MANY,
    UPDATE,
)

from reconciler.execute import Outcome, Result, State
from reconciler.model import FieldChange, Finding, Severity, Value
from reconciler.plan import Plan, Pool, Step
from reconciler.report.as_text import outcome_text, plan_text
from reconciler.report.nested import inside
from reconciler.report.words import apart, grouped

PLAN_TEXT = """\
Plan: 1 to create, 1 to change, 1 to remove, 2 numbers to order
Refused: apply will not start, for 1 reason.
Account 9900000, manifest base.yaml, prod.yaml

hazard, refused: prod.yaml:7:5: mms.production/support: texts with pictures stop
  hint: --allow-hazard 'mms.production/support' lets it happen

  + create application.support-sms
      inbound_callback_url: "https://example.com/sms"
      inbound_callback_creds.password: (secret, will be sent)
  ~ update location.production/support
      description: "a" -> "b"
      address.zip: "27601" -> "27606"
      calling_name.display: true -> (not set)
  - delete mms.production/support
      protocol: "HTTP"
  $ order numbers.production/support[area_code=919]: 2 numbers
      5 wanted, 2 there, 1 coming with open orders, 2 to order

  numbers.production/support[toll_free=8**]: 1 wanted, 3 there, \
2 too many (kept; to give them up for ever: --release +18885550102 --release +18885550101)

Not in the manifest, left alone: 1 live object (-v lists them)

warning: location.production/support: it becomes the default location
"""
REFUSAL = Finding(Severity.REFUSAL, LOCATION, "no")
SEVEN = tuple(f"+1919555010{n}" for n in range(7))
NO_CHANGES = "No changes. The account matches the manifest.\nAccount 9900000, manifest base.yaml, prod.yaml\n"
COMING = f"{NO_CHANGES}\n  {POOL}: 5 wanted, 2 there, 3 coming with open orders\n"
BLOCKED = """\
Plan: nothing that could be done
Refused: apply will not start, for 2 reasons.
Account 9900000, manifest base.yaml, prod.yaml

hazard, refused: prod.yaml:7:5: mms.production/support: texts with pictures stop
  hint: --allow-hazard 'mms.production/support' lets it happen

refused: location.production/support: no
"""
LEAVING = """\
Plan: 1 to remove, 1 number to give up for ever
Account 9900000, manifest base.yaml, prod.yaml

hazard, allowed: mms.production/support: texts with pictures stop

  ! release numbers.production/support[toll_free=8**]: 1 number
      +18775550100
      1 wanted, 3 there, 1 to give up for ever, \
1 more too many (kept; to give them up for ever: --release +18885550102)
  - delete location.production/old
      id: "3"
      name: "old"

warning: location.production/support: it becomes the default location
"""
KEPT = "too many (kept; "
UNLISTED = f"{NO_CHANGES}\n  {TOLL_FREE}: 1 wanted, 3 there, 2 {KEPT}the location does not list them yet)\n"
FIRST_FIVE = " ".join(f"--release {number}" for number in SEVEN[:5])
MANY = (
    f"{NO_CHANGES}\n  {TOLL_FREE}: 0 wanted, 7 there, "
    f"7 {KEPT}to give them up for ever: {FIRST_FIVE} … 2 more)\n"
)
PLAN_TEXTS = (
    (EXAMPLE, PLAN_TEXT),
    (NOTHING, NO_CHANGES),
    (replace(NOTHING, pools=(Pool(POOL, 5, 2, 3, 0, ("o",)),)), COMING),
    (replace(NOTHING, pools=(Pool(POOL, 5, 5, 0, 0),)), NO_CHANGES),
    (replace(NOTHING, refusals=(REFUSAL, *EXAMPLE.refusals)), BLOCKED),
    (
        replace(
            NOTHING,
            steps=(RELEASE, GONE),
            pools=EXAMPLE.pools[1:],
            warnings=(*EXAMPLE.warnings, replace(EXAMPLE.refusals[0], hint="", position=None)),
        ),
        LEAVING,
    ),
    (replace(NOTHING, pools=(Pool(TOLL_FREE, 1, 3, 0, 0),)), UNLISTED),
    (replace(NOTHING, pools=(Pool(TOLL_FREE, 0, 7, 0, 0, numbers=SEVEN),)), MANY),
)

DONE = Result(CREATE.id, CREATE.address, CREATE.action, State.DONE, id="93de", wrote=True)
GIVEN_UP = Result(RELEASE.id, RELEASE.address, RELEASE.action, State.DONE, wrote=True, numbers=1)
BOUGHT = Result(ORDER.id, ORDER.address, ORDER.action, State.DONE, wrote=True, numbers=2)
FAILED = Result(UPDATE.id, LOCATION, UPDATE.action, State.FAILED, "PUT: 12112 no such\nstreet", "try this")
SKIPPED = Result(
    DELETE.id, DELETE.address, DELETE.action, State.SKIPPED, f"needs {UPDATE.id}, which was failed"
)
FULL = replace(NOTHING, pools=(Pool(POOL, 5, 5, 0, 0),))
CONVERGED = """\
Applied to account 9900000: 1 created, 2 numbers delivered

Converged: a second plan shows no changes.

Reminder: text
"""
HALF = """\
Applied to account 9900000: 1 created, 2 numbers delivered; 1 failed, 1 skipped

  failed: update location.production/support: PUT: 12112 no such street
      hint: try this
  skipped: delete mms.production/support: needs location.production/support#update, which was failed

Not converged. Plan: 1 to change, 1 to remove
  ~ update location.production/support
  - delete mms.production/support
"""
BLIND = """\
Applied to account 9900000: 1 created
Interrupted: what had not begun was not begun.

Not verified: the account was not read again, so what is left is not known.
"""
NOT_ONE = """\
Applied to account 9900000: 1 failed

  failed: update location.production/support: PUT: 12112 no such street
      hint: try this

Not converged. Plan: nothing that could be done
refused: prod.yaml:7:5: mms.production/support: texts with pictures stop
  hint: --allow-hazard 'mms.production/support' lets it happen
"""
APPLIED = "Applied to account 9900000"
AND_EQUAL = "\nConverged: a second plan shows no changes.\n"
OUTCOME_TEXTS = (
    (Outcome((DONE, BOUGHT)), FULL, "text", CONVERGED),
    (Outcome((DONE, FAILED, SKIPPED, BOUGHT)), replace(FULL, steps=(UPDATE, DELETE)), "", HALF),
    (Outcome((DONE,), interrupted=True), None, "", BLIND),
    (
        Outcome((GIVEN_UP, BOUGHT)),
        FULL,
        "",
        f"{APPLIED}: 2 numbers delivered, 1 number given up\n{AND_EQUAL}",
    ),
    (Outcome((FAILED,)), replace(NOTHING, refusals=EXAMPLE.refusals), "", NOT_ONE),
)
LABELS = ("hazard, refused", "hazard, allowed", "warning", "refused")
HEADING = re.compile(r"  [-+~$!] (create|update|delete|order|release) ")

INSIDE: tuple[tuple[Value, Value, list[tuple[str, Value, Value]]], ...] = (
    ("a", "b", [("f", "a", "b")]),
    (None, ("a", "b"), [("f", None, ("a", "b"))]),
    (("a", "c"), ("a", "b", "c"), [("f[1]", None, "b")]),
    (("a", "b"), ("a",), [("f[1]", "b", None)]),
    ({"z": "1", "a": "2"}, {"z": "3", "a": "4"}, [("f.z", "1", "3"), ("f.a", "2", "4")]),
    ({"a": "1"}, {"b": "1"}, [("f.a", "1", None), ("f.b", None, "1")]),
    (None, {"a": 1, "b": True}, [("f.a", None, 1), ("f.b", None, True)]),
    ({"a": "1"}, None, [("f.a", "1", None)]),
    (({"h": "x", "p": 1},), ({"h": "x", "p": 2},), [("f[0].p", 1, 2)]),
    ((1, 2), "12", [("f", (1, 2), "12")]),
    ({}, None, [("f", {}, None)]),
)


@pytest.mark.parametrize(("plan", "text"), PLAN_TEXTS)
def test_a_plan_reads_as_written_here(plan: Plan, text: str) -> None:
    """What will happen comes first in short, then hazards, then each step, what else stops it last."""
    assert plan_text(plan, color=False) == text


@pytest.mark.parametrize(("outcome", "residue", "reminder", "text"), OUTCOME_TEXTS)
def test_an_outcome_reads_as_written_here(
    outcome: Outcome, residue: Plan | None, reminder: str, text: str
) -> None:
    """What was done is counted, what was not is told with its cause, then what is left."""
    assert outcome_text(outcome, EXAMPLE, residue, reminder, color=False) == text


def test_unmanaged_objects_are_listed_on_demand() -> None:
    """Verbose names each object that the manifest does not, instead of the way to ask for it."""
    text = plan_text(EXAMPLE, color=False, verbose=True)
    assert 'left alone: 1 live object\n  application."old one" (93de)\n' in text


def test_the_numbers_of_each_pool_are_listed_on_demand() -> None:
    """Verbose names the numbers that count for each pool, those that would be given up first at the top."""
    text = plan_text(EXAMPLE, color=False, verbose=True)
    listed = "".join(f"  {number}\n" for number in TOO_MANY)
    assert f"Counted for {POOL}: 0 numbers\nCounted for {TOLL_FREE}: 3 numbers\n{listed}" in text


def test_a_cleared_secret_is_told() -> None:
    """A password that goes away is not said to be sent."""
    step = replace(CREATE, changes=(FieldChange("creds.password", "set", None, secret=True),))
    assert "creds.password: (secret, will be cleared)" in plan_text(
        replace(NOTHING, steps=(step,)), color=False
    )


@pytest.mark.parametrize(("before", "after", "found"), INSIDE)
def test_nested_values_show_what_moved(
    before: Value, after: Value, found: list[tuple[str, Value, Value]]
) -> None:
    """Of a list or map only the entries that moved are told, each with its path."""
    assert inside(FieldChange("f", before, after)) == tuple(FieldChange(*each) for each in found)


@FEW
@given(PLANS)
def test_colour_adds_nothing(plan: Plan) -> None:
    """Without its colours, coloured text is the plain text."""
    assert click.unstyle(plan_text(plan, color=True)) == plan_text(plan, color=False)


@FEW
@given(PLANS)
def test_no_name_can_steer_a_terminal_or_fake_a_line(plan: Plan) -> None:
    """Whatever it is called, all is printable; steps and findings, like ones together, have a line each."""
    lines = plan_text(plan, color=False, verbose=True).split("\n")
    assert all(line.isprintable() for line in lines)
    assert sum(bool(HEADING.match(line)) for line in lines) == len(plan.steps)
    stopping, refusals = apart(plan.refusals)
    allowed, warnings = apart(plan.warnings)
    found = [sum(line.startswith(f"{label}: ") for line in lines) for label in LABELS]
    assert found == [len(stopping), len(allowed), len(grouped(warnings)), len(refusals)]


@FEW
@given(OUTCOMES, PLANS, TEXT)
def test_no_message_can_steer_a_terminal_or_fake_a_line(
    outcome: Outcome, residue: Plan, reminder: str
) -> None:
    """Whatever the API said, all is printable, and every step that is not done has one line."""
    lines = outcome_text(outcome, NOTHING, residue, reminder, color=False).split("\n")
    told = tuple(f"  {state}: " for state in State)
    assert all(line.isprintable() for line in lines)
    assert sum(line.startswith(told) for line in lines) == len(outcome.results) - outcome.count(State.DONE)


def test_a_flat_plan_needs_no_deepdiff() -> None:
    """A plan without nested values is shown without importing deepdiff, which takes its time."""
    code = (
        "import sys, plans, dataclasses\n"
        "from reconciler.report.as_text import plan_text\n"
        "plan_text(dataclasses.replace(plans.EXAMPLE, steps=(plans.CREATE,)), color=False)\n"
        "sys.exit('deepdiff' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent, check=False).returncode == 0
    )


def _long(steps: int) -> tuple[Step, ...]:
    return tuple(replace(CREATE, id=f"application.a{n}#create") for n in range(steps))


def test_large_counts_are_grouped() -> None:
    """Thousands are told apart at a glance."""
    plan = replace(NOTHING, steps=(*_long(1843), replace(ORDER, quantity=12_000)))
    assert plan_text(plan, color=False).startswith("Plan: 1,843 to create, 12,000 numbers to order\n")
