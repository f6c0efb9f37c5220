"""The text of a saved plan to the plan, and what keeps it from being applied: age, account, moved objects."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from reconciler.addresses import address_from
from reconciler.calls import Call
from reconciler.model import (
    Action,
    Address,
    FieldChange,
    Finding,
    Position,
    Problem,
    Problems,
    Severity,
    Source,
    Value,
    few,
)
from reconciler.plan import Options, Plan, Pool, Step, Unmanaged
from reconciler.report.as_json import PLAN, content_sha256
from reconciler.report.formats import PLAN_SCHEMA
from reconciler.report.nested import inside
from reconciler.report.words import cut, said

MAKE_ANOTHER = "make a new plan with reconciler plan --out FILE"


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan as it was saved. Its steps have no `change`, so it is compared, not carried out."""

    plan: Plan
    created_at: datetime
    expires_at: datetime
    sha256: str

    @property
    def files(self) -> tuple[Path, ...]:
        """The manifest's files, as they were named."""
        return self.plan.source.files

    @property
    def digest(self) -> str:
        """What tells this plan from every other: its content and when it was made, as hex."""
        return hashlib.sha256(f"{self.sha256} {self.created_at.isoformat()}".encode()).hexdigest()


def read_plan(text: str) -> SavedPlan:
    """The plan in a file's text. Raises `Problems` (exit 1) unless it is one, and unedited."""
    document = _document(text)
    try:
        return SavedPlan(
            _plan(document),
            datetime.fromisoformat(document["created_at"]),
            datetime.fromisoformat(document["expires_at"]),
            document["sha256"],
        )
    except ValueError as error:
        raise _unreadable(f"the plan file cannot be understood: {error}") from error


def check_usable(saved: SavedPlan, *, account: str, now: datetime) -> list[Problem]:
    """Why the plan is not to be applied to this account at this time; `now` carries its zone."""
    problems = []
    if saved.plan.account != account:
        message = f"the plan is for account {saved.plan.account}, and this is account {account}"
        problems.append(Problem(message, hint="name the account that it was made for"))
    if now >= saved.expires_at:
        problems.append(Problem(f"the plan expired at {saved.expires_at.isoformat()}", hint=MAKE_ANOTHER))
    return problems


def _unreadable(message: str) -> Problems:
    return Problems([Problem(message, hint=MAKE_ANOTHER)])


def _document(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except RecursionError:
        raise _unreadable("the plan file is not a plan: it is nested too deeply") from None
    except ValueError as error:
        raise _unreadable(f"the plan file is not JSON: {error}") from error
    form = document.get("format") if isinstance(document, dict) else None
    if form != PLAN:
        raise _unreadable(
            f"the plan file is not a {PLAN} document: its format is {cut(json.dumps(form), 60)}"
        )
    fault = best_match(Draft202012Validator(PLAN_SCHEMA).iter_errors(document))
    if fault is not None:
        raise _unreadable(f"the plan file is not a plan: {fault.json_path}: {cut(fault.message, 200)}")
    if content_sha256(document) != document["sha256"]:
        raise _unreadable("the plan file was edited after it was made")
    return dict(document)


def _plan(document: Mapping[str, Any]) -> Plan:
    orders = {each["address"]: tuple(each["order_ids"]) for each in document["pending"]}
    manifest = document["manifest"]
    return Plan(
        account=document["account"],
        source=Source(tuple(map(Path, manifest["files"])), manifest["sha256"]),
        steps=tuple(map(_step, document["steps"])),
        pools=tuple(
            Pool(**each | {"address": address_from(each["address"]), "numbers": tuple(each["numbers"])},
                 open_orders=orders.get(each["address"], ()))
            for each in document["pools"]
        ),
        unmanaged=tuple(
            Unmanaged(address_from(each["address"]), each["id"]) for each in document["unmanaged"]
        ),
        warnings=tuple(map(_finding, document["warnings"])),
        refusals=tuple(map(_finding, document["refusals"])),
        options=Options(**{name: tuple(given) for name, given in document["options"].items()}),
    )  # fmt: skip


def _step(step: Mapping[str, Any]) -> Step:
    return Step(
        id=step["id"],
        address=address_from(step["address"]),
        action=Action(step["action"]),
        needs=tuple(step["needs"]),
        changes=tuple(
            FieldChange(
                c["path"], _value(c["before"]), _value(c["after"]), c["secret"], c.get("rotated", False)
            )
            for c in step["changes"]
        ),
        calls=tuple(
            Call(call["method"], call["path"], conditional=call.get("conditional", False))
            for call in step["calls"]
        ),
        observed={name: _value(value) for name, value in step["observed"].items()},
        quantity=step.get("quantity", 0),
        released=tuple(step.get("released", ())),
    )


def _finding(finding: Mapping[str, Any]) -> Finding:
    place = finding["file"], finding["line"], finding["column"]
    return Finding(
        Severity(finding["severity"]),
        address_from(finding["address"]),
        finding["message"],
        finding["hint"],
        None if None in place else Position(*place),
    )


def _value(value: Any) -> Value:
    """A JSON value as plans hold it: tuples for lists."""
    if isinstance(value, list):
        return tuple(_value(each) for each in value)
    return {name: _value(each) for name, each in value.items()} if isinstance(value, dict) else value


def differences(saved: Plan, fresh: Plan) -> list[Problem]:
    """What keeps two plans from being the same steps on the same observed objects, one problem each.

    Empty when they are. Each names the object, the field, and both sides.
    """
    counts = (Counter(step.address for step in plan.steps) for plan in (saved, fresh))
    several = {address for count in counts for address, steps in count.items() if steps > 1}
    then, now = (
        {(step.address, step.id if step.address in several else ""): step for step in plan.steps}
        for plan in (saved, fresh)
    )
    return [
        Problem(f"{key[0]}: {words}", hint=_hint(key[0], then.get(key), now.get(key)))
        for key in then | now
        for words in _moves(then.get(key), now.get(key))
    ]


def _hint(address: Address, *steps: Step | None) -> str:
    """What helps where two ledgers, or two environments, do not agree on what was rotated."""
    then, now = ({c.path: c.rotated for c in step.changes if c.secret} if step else {} for step in steps)
    seen_once = then.keys() ^ now.keys()
    return REMEMBERED.format(address=address) if any({**then, **now}[path] for path in seen_once) else ""


GONE, THERE = "it was there when planned, and is not now", "it was not there when planned, and is now"
ROTATED = "rotated since it was last sent"
REMEMBERED = (
    "make a new plan with the ledger and the passwords of this run, or with --resend-secrets {address}"
)
APPEARED = {Action.CREATE: GONE, Action.DELETE: THERE}
VANISHED = {Action.CREATE: THERE, Action.DELETE: GONE}


def _moves(then: Step | None, now: Step | None) -> Iterable[str]:
    if then == now:
        return ()
    if now is not None and (then is None or then.action is not now.action) and now.action in APPEARED:
        return (APPEARED[now.action],)
    if then is not None and (now is None or then.action is not now.action) and then.action in VANISHED:
        return (VANISHED[then.action], *(_added(now) if now else ()))
    if then is None or now is None or then.action is not now.action:
        words = (*(_added(now) if now else ()), *(_dropped(then) if then else ()))
    else:
        words = tuple(_changed(then, now))
    return words or ("the step is not the one that was planned",)


def _added(step: Step) -> Iterator[str]:
    if step.action is Action.ORDER:
        yield _orders(0, step.quantity)
    elif step.action is Action.UPDATE:
        for part in _parts(step):
            before, after = said(part.before), said(part.after)
            moved = f"{before} now, to become {after}"
            yield f"{part.path} needed no change when planned, and is {ROTATED if part.rotated else moved}"


def _dropped(step: Step) -> Iterator[str]:
    if step.action is Action.ORDER:
        yield _orders(step.quantity, 0)
    elif step.action is Action.RELEASE:
        yield f"{few(step.released)} to be given up when planned, and not there or not one too many now"
    elif step.action is Action.UPDATE:
        for part in _parts(step):
            before, after = said(part.before), said(part.after)
            was, aim = (ROTATED, "") if part.rotated else (before, f" to {after}")
            yield f"{part.path} was {was} when planned, and needs no change{aim} now"


def _orders(then: int, now: int) -> str:
    return f"the numbers to order were {then} when planned, and are {now} now"


def _parts(step: Step) -> Iterator[FieldChange]:
    for change in step.changes:
        yield from inside(change)


def _changed(then: Step, now: Step) -> Iterator[str]:
    moved = [n for n in {**then.observed, **now.observed} if then.observed.get(n) != now.observed.get(n)]
    for name in moved:
        for part in inside(FieldChange(name, then.observed.get(name), now.observed.get(name))):
            yield f"{part.path} was {said(part.before)} when planned and is {said(part.after)} now"
    yield from _changed_aims(then, now, moved)
    if then.quantity != now.quantity:
        yield _orders(then.quantity, now.quantity)
    if then.needs != now.needs:
        yield f"the step needed {_listed(then.needs)} when planned and needs {_listed(now.needs)} now"
    if then.calls != now.calls:
        calls = [_listed(f"{c.method} {c.path}" for c in step.calls) for step in (then, now)]
        yield f"the step's calls were {calls[0]} when planned and are {calls[1]} now"


def _changed_aims(then: Step, now: Step, moved: Iterable[str]) -> Iterator[str]:
    """Fields that are to become something else; one whose live value moved has been told."""
    aims, aims_now = ({change.path: change for change in step.changes} for step in (then, now))
    told = tuple(moved)
    for path in {**aims, **aims_now}:
        planned, wanted = aims.get(path), aims_now.get(path)
        if planned != wanted and path not in told and not path.startswith(tuple(f"{name}." for name in told)):
            yield f"{path}: {_aim(planned)} when planned and {_aim(wanted)} now"


def _aim(change: FieldChange | None) -> str:
    if change is None:
        return "no change"
    return ROTATED if change.rotated else f"{said(change.before)} -> {said(change.after)}"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "nothing"
