"""Plans, outcomes and errors to the contract's JSON documents; `formats` has their schemas."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from reconciler.calls import Call
from reconciler.execute import Outcome, Result, State
from reconciler.model import Action, FieldChange, Finding, Position, Problem, Value
from reconciler.plan import Plan, Pool, Step
from reconciler.report.words import converged

PLAN = "reconciler.plan/1"
OUTCOME = "reconciler.outcome/1"
ERROR = "reconciler.error/1"
UNHASHED = frozenset({"sha256", "created_at", "expires_at", "tool"})
"""Keys of a plan that may differ between two plans that are the same."""

Json = dict[str, Any]


def dumps(document: Mapping[str, Any]) -> str:
    """The document's text: indented, keys as they stand, ASCII only, so that no terminal obeys a name."""
    return json.dumps(document, indent=2) + "\n"


def content_sha256(document: Mapping[str, Any]) -> str:
    """The hex digest of what a plan says; the times, the tool and the digest itself do not count."""
    content = {key: value for key, value in document.items() if key not in UNHASHED}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def plan_json(plan: Plan, *, tool: str, created_at: datetime, expires_at: datetime) -> Json:
    """The plan as a document. The times carry their zone and are written in UTC, to the second."""
    document: Json = {
        "format": PLAN,
        "tool": tool,
        "account": plan.account,
        "created_at": moment(created_at),
        "expires_at": moment(expires_at),
        "manifest": {"files": [str(f) for f in plan.source.files], "sha256": plan.source.sha256},
        "summary": _plan_summary(plan),
        "steps": [_step(step) for step in plan.steps],
        "pending": _pending(plan.pools),
        "surplus": [
            {
                "address": str(p.address),
                "count": p.count,
                "present": p.present,
                "surplus": p.surplus,
                "candidates": list(p.candidates),
            }
            for p in plan.pools
            if p.surplus
        ],
        "unmanaged": [{"address": str(each.address), "id": each.id} for each in plan.unmanaged],
        "warnings": [_finding(finding) for finding in plan.warnings],
        "refusals": [_finding(finding) for finding in plan.refusals],
        "pools": [_pool(pool) for pool in plan.pools],
        "options": {name: list(getattr(plan.options, name)) for name in plan.options.__slots__},
    }
    return document | {"sha256": content_sha256(document)}


def outcome_json(
    outcome: Outcome,
    plan: Plan,
    residue: Plan | None,
    *,
    tool: str,
    exit_code: int,
    reminder: str = "",
    trouble: str = "",
) -> Json:
    """How an apply ended.

    `residue` is the plan made afterwards; None when it could not be made, and then `trouble` says why.
    """
    return {
        "format": OUTCOME,
        "tool": tool,
        "account": plan.account,
        "exit": exit_code,
        "converged": converged(outcome, residue),
        "interrupted": outcome.interrupted,
        "summary": {
            **{str(state): outcome.count(state) for state in State},
            "numbers": outcome.numbers,
            "released": outcome.released,
        },
        "steps": [_result(result) for result in outcome.results],
        "residue": None if residue is None else [_step(step) for step in residue.steps],
        "pending": _pending((residue or plan).pools),
        "warnings": [_finding(finding) for finding in plan.warnings],
        "refusals": [_finding(finding) for finding in residue.refusals] if residue else [],
        "reminder": reminder,
        "trouble": trouble,
    }


def error_json(exit_code: int, problems: Sequence[Problem]) -> Json:
    """What there is to say when there is no plan or outcome."""
    return {
        "format": ERROR,
        "exit": exit_code,
        "problems": [
            {"message": problem.message, **_place(problem.position), "hint": problem.hint}
            for problem in problems
        ],
    }


def moment(at: datetime) -> str:
    """The moment in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _plan_summary(plan: Plan) -> Json:
    return {
        **{str(action): plan.count(action) for action in Action},
        "numbers_ordered": plan.numbers_ordered,
        "numbers_released": plan.numbers_released,
        "numbers_pending": plan.numbers_pending,
        "unmanaged": len(plan.unmanaged),
    }


def _step(step: Step) -> Json:
    quantity = {"quantity": step.quantity} if step.quantity else {}
    released = {"released": list(step.released)} if step.released else {}
    return {
        "id": step.id,
        "address": str(step.address),
        "action": str(step.action),
        "needs": list(step.needs),
        "changes": [_change(change) for change in step.changes],
        "calls": [_call(call) for call in step.calls],
        "observed": {name: _value(value) for name, value in step.observed.items()},
        **quantity,
        **released,
    }


def _call(call: Call) -> Json:
    conditional = {"conditional": True} if call.conditional else {}
    return {"method": call.method, "path": call.path, **conditional}


def _change(change: FieldChange) -> Json:
    sides = {"before": _value(change.before), "after": _value(change.after)}
    rotated = {"rotated": True} if change.rotated else {}
    return {"path": change.path, **sides, "secret": change.secret, **rotated}


def _value(value: Value) -> Any:
    """A plain value with lists for tuples."""
    if isinstance(value, tuple):
        return [_value(each) for each in value]
    if isinstance(value, Mapping):
        return {name: _value(each) for name, each in value.items()}
    return value


def _pool(pool: Pool) -> Json:
    return {
        "address": str(pool.address),
        "count": pool.count,
        "present": pool.present,
        "pending": pool.pending,
        "ordered": pool.ordered,
        "numbers": list(pool.numbers),
    }


def _pending(pools: Iterable[Pool]) -> list[Json]:
    return [
        {"address": str(p.address), "order_ids": list(p.open_orders), "quantity": p.pending}
        for p in pools
        if p.pending or p.open_orders
    ]


def _finding(finding: Finding) -> Json:
    return {
        "address": str(finding.address),
        "severity": str(finding.severity),
        "message": finding.message,
        "hint": finding.hint,
        **_place(finding.position),
    }


def _result(result: Result) -> Json:
    return {
        "id": result.step,
        "address": str(result.address),
        "action": str(result.action),
        "state": str(result.state),
        "message": result.message,
        "hint": result.hint,
        "id_created": result.id or None,
        "numbers": result.numbers,
    }


def _place(position: Position | None) -> Json:
    if position is None:
        return {"file": None, "line": None, "column": None}
    return {"file": position.file, "line": position.line, "column": position.column}
