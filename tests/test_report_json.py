from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from account import Account
from hypothesis import given
from jsonschema import Draft202012Validator
from plans import EXAMPLE, FEW, NOTHING, OUTCOMES, PLANS, RELEASE, TOO_MANY, UPDATE

from reconciler.calls import Call
from reconciler.execute import Outcome, Result, State
from reconciler.model import FieldChange, Position, Problem
from reconciler.plan import Plan
from reconciler.report.as_json import dumps, error_json, outcome_json, plan_json
from reconciler.report.as_text import plan_text
from reconciler.report.formats import ERROR_SCHEMA, OUTCOME_SCHEMA, PLAN_SCHEMA
from reconciler.schemas import schemas, write

MADE = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
WEEK = timedelta(days=7)
COMMITTED = Path(__file__).parents[1] / "schemas"
TIMES = ("created_at", "expires_at")
PLACE = {"file": "prod.yaml", "line": 7, "column": 5}
PARTS = {
    "format": "reconciler.plan/1",
    "tool": "0.1",
    "account": "9900000",
    "created_at": "2030-01-02T03:04:05Z",
    "expires_at": "2030-01-09T03:04:05Z",
    "manifest": {"files": ["base.yaml", "prod.yaml"], "sha256": "5" * 64},
    "summary": {
        "create": 1,
        "update": 1,
        "delete": 1,
        "order": 1,
        "release": 0,
        "numbers_ordered": 2,
        "numbers_released": 0,
        "numbers_pending": 1,
        "unmanaged": 1,
    },
    "pending": [
        {"address": "numbers.production/support[area_code=919]", "order_ids": ["order-1"], "quantity": 1}
    ],
    "surplus": [
        {
            "address": "numbers.production/support[toll_free=8**]",
            "count": 1,
            "present": 3,
            "surplus": 2,
            "candidates": ["+18885550102", "+18885550101"],
        }
    ],
    "unmanaged": [{"address": 'application."old one"', "id": "93de"}],
}
ORDER = {
    "id": "numbers.production/support[area_code=919]#order",
    "address": "numbers.production/support[area_code=919]",
    "action": "order",
    "needs": [],
    "changes": [{"path": "count", "before": 3, "after": 5, "secret": False}],
    "calls": [{"method": "POST", "path": "/accounts/9900000/orders"}],
    "observed": {"present": 2, "pending": 1, "orders": 1},
    "quantity": 2,
}


def made(plan: Plan, at: datetime = MADE) -> dict[str, Any]:
    """Make the document of a plan."""
    return plan_json(plan, tool="0.1", created_at=at, expires_at=at + WEEK)


def test_a_plan_has_the_keys_of_the_contract_in_its_order() -> None:
    """The contract's keys come first, then pools, options and the digest."""
    assert list(made(EXAMPLE)) == [
        *("format", "tool", "account", "created_at", "expires_at", "manifest", "summary", "steps", "pending"),
        *("surplus", "unmanaged", "warnings", "refusals", "pools", "options", "sha256"),
    ]


def test_a_plan_says_what_it_holds() -> None:
    """Totals, steps, numbers on their way, surplus, refusals and options are those of the plan."""
    document = made(EXAMPLE)
    assert {key: document[key] for key in PARTS} == PARTS
    assert document["steps"][3] == ORDER
    assert [list(step) for step in document["steps"]] == [list(ORDER)[:-1]] * 3 + [list(ORDER)]
    assert document["steps"][1]["observed"]["zones"] == [1, 2]
    assert document["refusals"] == [
        {
            "address": "mms.production/support",
            "severity": "hazard",
            "message": "texts with pictures stop",
            "hint": "--allow-hazard 'mms.production/support' lets it happen",
            **PLACE,
        }
    ]
    assert document["options"] == {
        "only": ["location.production/support"], "allow_hazard": [], "resend_secrets": [], "release": [],
    }  # fmt: skip
    assert [pool["numbers"] for pool in document["pools"]] == [[], list(TOO_MANY)]


def test_what_goes_for_ever_is_told_by_its_digits() -> None:
    """A release lists its numbers, an outcome counts them; a call that may be left out says so."""
    calls = (Call("PUT", "/a"), Call("PUT", "/b", conditional=True))
    document = made(replace(NOTHING, steps=(RELEASE, replace(UPDATE, calls=calls))))
    summary = document["summary"]
    assert (summary["release"], summary["numbers_released"]) == (1, 1)
    assert document["steps"][0]["released"] == ["+18775550100"]
    assert document["steps"][1]["calls"] == [
        {"method": "PUT", "path": "/a"}, {"method": "PUT", "path": "/b", "conditional": True},
    ]  # fmt: skip
    gone = Result(RELEASE.id, RELEASE.address, RELEASE.action, State.DONE, wrote=True, numbers=1)
    ended = outcome_json(Outcome((gone,)), EXAMPLE, NOTHING, tool="0.1", exit_code=0)["summary"]
    assert (ended["released"], ended["numbers"]) == (1, 0)


def test_an_allowed_hazard_is_a_hazard_still() -> None:
    """Among the warnings a hazard that was allowed keeps its weight."""
    document = made(replace(NOTHING, warnings=(*EXAMPLE.refusals, *EXAMPLE.warnings)))
    assert [finding["severity"] for finding in document["warnings"]] == ["hazard", "warning"]


def test_times_are_written_in_utc() -> None:
    """A moment in another zone is the same moment."""
    elsewhere = MADE.astimezone(timezone(timedelta(hours=5)))
    assert made(EXAMPLE, elsewhere) == made(EXAMPLE)


def test_two_plans_differ_in_their_times_only() -> None:
    """A plan that says the same has the same digest and bytes, whenever it is made."""
    first, second = made(EXAMPLE), made(EXAMPLE, MADE + WEEK)
    assert dumps(first) != dumps(second)
    assert dumps({**second, **{key: first[key] for key in TIMES}}) == dumps(first)


@pytest.mark.parametrize(
    "other",
    [
        replace(EXAMPLE, account="1"),
        replace(EXAMPLE, steps=EXAMPLE.steps[1:]),
        replace(EXAMPLE, pools=EXAMPLE.pools[1:]),
        replace(EXAMPLE, refusals=()),
        replace(EXAMPLE, steps=(replace(UPDATE, changes=(FieldChange("description", "a", "c"),)),)),
    ],
)
def test_another_plan_has_another_digest(other: Plan) -> None:
    """Whatever a plan says goes into its digest."""
    assert made(other)["sha256"] != made(EXAMPLE)["sha256"]


@FEW
@given(PLANS)
def test_any_plan_fits_the_schema(plan: Plan) -> None:
    """Every plan is a document of the schema, in printable ASCII that reads back as itself."""
    document = made(plan)
    Draft202012Validator(PLAN_SCHEMA).validate(document)
    text = dumps(document)
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    assert json.loads(text) == document


@FEW
@given(OUTCOMES, PLANS)
def test_any_outcome_fits_the_schema(outcome: Outcome, plan: Plan) -> None:
    """Every outcome is a document of the schema, with or without a second plan."""
    for residue in (None, plan):
        document = outcome_json(outcome, plan, residue, tool="0.1", exit_code=4)
        Draft202012Validator(OUTCOME_SCHEMA).validate(document)
        assert json.loads(dumps(document)) == document


def test_an_outcome_says_how_each_step_ended() -> None:
    """States, ids, counts, what is left and the reminder are those of the run."""
    results = (
        Result(
            "application.a#create", EXAMPLE.steps[0].address, EXAMPLE.steps[0].action, State.DONE, id="93de"
        ),
        Result(UPDATE.id, UPDATE.address, UPDATE.action, State.FAILED, "12112", "see the dashboard"),
    )
    residue = replace(NOTHING, steps=(UPDATE,), pools=EXAMPLE.pools)
    document = outcome_json(Outcome(results), EXAMPLE, residue, tool="0.1", exit_code=4, reminder="10DLC")
    assert document["summary"] == {
        "done": 1, "pending": 0, "failed": 1, "undetermined": 0, "skipped": 0, "numbers": 0,
        "released": 0,
    }  # fmt: skip
    assert (document["exit"], document["converged"], document["reminder"]) == (4, False, "10DLC")
    assert [step["id_created"] for step in document["steps"]] == ["93de", None]
    assert document["steps"][1] == {
        "id": "location.production/support#update", "address": "location.production/support",
        "action": "update", "state": "failed", "message": "12112", "hint": "see the dashboard",
        "id_created": None, "numbers": 0,
    }  # fmt: skip
    assert [step["id"] for step in document["residue"]] == [UPDATE.id]
    assert document["pending"] == PARTS["pending"]


@pytest.mark.parametrize(
    ("residue", "converged", "left"),
    [
        (NOTHING, True, []),
        (None, False, None),
        (replace(NOTHING, refusals=EXAMPLE.refusals), False, []),
        (replace(NOTHING, pools=EXAMPLE.pools), True, []),
    ],
)
def test_converged_means_a_second_plan_with_nothing(
    residue: Plan | None, converged: bool, left: list[str] | None
) -> None:
    """Nothing left to do or to refuse is converged; an account that was not read again is not."""
    document = outcome_json(Outcome(), EXAMPLE, residue, tool="0.1", exit_code=0)
    assert (document["converged"], document["residue"]) == (converged, left)


def test_an_error_lists_its_problems() -> None:
    """Each problem has its message, place and hint, and an unknown place is null."""
    problems = [Problem("unknown field", Position("prod.yaml", 7, 5), "description?"), Problem("no account")]
    document = error_json(1, problems)
    Draft202012Validator(ERROR_SCHEMA).validate(document)
    assert document == {
        "format": "reconciler.error/1",
        "exit": 1,
        "problems": [
            {"message": "unknown field", **PLACE, "hint": "description?"},
            {"message": "no account", "file": None, "line": None, "column": None, "hint": ""},
        ],
    }


@pytest.mark.parametrize("name", schemas())
def test_the_committed_schemas_are_those_of_the_code(name: str) -> None:
    """`make schemas` would change nothing, and each file is a schema."""
    schema = schemas()[name]
    Draft202012Validator.check_schema(schema)
    assert (COMMITTED / name).read_text(encoding="utf-8") == dumps(schema)


def test_schemas_are_written(tmp_path: Path) -> None:
    """Each schema goes to a file of its own."""
    write(tmp_path)
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {n: dumps(s) for n, s in schemas().items()}


Mutation = Callable[[dict[str, Any]], object]
STRANGE: tuple[Mutation, ...] = (
    lambda plan: plan.update(more=1),
    lambda plan: plan["steps"][0].update(more=1),
    lambda plan: plan["steps"][0].update(action="destroy"),
    lambda plan: plan["steps"][0].pop("calls"),
    lambda plan: plan["steps"][0]["calls"][0].update(method="GET"),
    lambda plan: plan["steps"][0]["observed"].update(f=1.5),
    lambda plan: plan["summary"].update(create=-1),
    lambda plan: plan["manifest"].pop("sha256"),
    lambda plan: plan["refusals"][0].update(line=0),
    lambda plan: plan.update(created_at="yesterday"),
)


@pytest.mark.parametrize("mutation", STRANGE)
def test_the_schema_refuses_what_no_plan_says(mutation: Mutation) -> None:
    """A missing or unknown key, and a value outside its bounds, do not fit."""
    document = made(EXAMPLE)
    mutation(document)
    assert not Draft202012Validator(PLAN_SCHEMA).is_valid(document)


def test_a_live_url_is_shown_without_its_user(tmp_path: Path) -> None:
    """A password that somebody else put into a URL is in no plan; an @ behind the host stays."""
    account = Account(tmp_path)
    live = "https://hook:canary@a.example/in?to=@desk"
    body = f"<AppName>texts</AppName><ServiceType>Messaging-V2</ServiceType><InboundCallbackUrl>{live}"
    assert account.call(
        "POST /applications", f"<Application>{body}</InboundCallbackUrl></Application>"
    ).is_success
    wanted = "{service_type: Messaging-V2, inbound_callback_url: https://b.example/in}"
    plan = account.plan(f"version: 1\napplications: {{texts: {wanted}}}").plan
    told = dumps(plan_json(plan, tool="0.1", created_at=MADE, expires_at=MADE + WEEK)) + plan_text(
        plan, color=False
    )
    assert told.count("@a.example/in?to=@desk") == 3
    assert "canary" not in told
