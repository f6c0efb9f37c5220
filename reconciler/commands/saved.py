"""A saved plan's file to the plan that may be applied again: readable, ours, and still true."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from reconciler.commands.inputs import Inputs
from reconciler.commands.planning import Wanted, read_manifest
from reconciler.commands.remembered import remembered
from reconciler.ledger.used_plans import APPLIED_BEFORE, was_applied
from reconciler.model import Problem, Problems
from reconciler.plan import Options, Plan
from reconciler.plan_file import SavedPlan, check_usable, differences, read_plan


def read_saved(path: Path) -> SavedPlan:
    """The plan in a file. Raises `Problems` (exit 1) when it cannot be read or was edited."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        message = f"the plan file {path} cannot be read: {error.strerror}"
        raise Problems([Problem(message, hint="reconciler plan --out FILE makes one")]) from error
    except UnicodeDecodeError as error:
        raise Problems([Problem(f"the plan file {path} is not UTF-8")]) from error
    return read_plan(text)


def manifest_of(saved: SavedPlan, inputs: Inputs) -> Wanted:
    """The manifest that the plan was made from, as it is now. Raises `Problems`."""
    files = saved.files
    if inputs.files_given and inputs.files != files:
        listed = ", ".join(map(str, files))
        raise Problems(
            [Problem(f"the plan was made from {listed}", hint="leave -f out, or name the same files")]
        )
    wanted = read_manifest(inputs, files)
    problems = check_usable(saved, account=wanted.account, now=datetime.now(UTC))
    if was_applied(remembered(inputs, wanted.account).store, saved.digest):
        problems.append(APPLIED_BEFORE)
    if wanted.document.source.sha256 != saved.plan.source.sha256:
        problems.append(Problem("the manifest, or a variable in it, has changed since the plan was made",
                                hint="make a new plan"))  # fmt: skip
    if problems:
        raise Problems(problems, 3)
    return wanted


def options_of(saved: SavedPlan, said: Options) -> Options:
    """The options that the plan was made with. Raises `Problems` where others are said now."""
    planned = saved.plan.options
    differing = [name for name in said.__slots__ if getattr(said, name) not in {(), getattr(planned, name)}]
    if differing:
        words = ", ".join(f"--{name.replace('_', '-')}" for name in differing)
        hint = "leave it out: a saved plan keeps its options; or make a new plan"
        raise Problems([Problem(f"the plan was not made with this {words}", hint=hint)])
    return planned


def check_fresh(saved: SavedPlan, fresh: Plan) -> None:
    """Refuse (exit 3) unless planning again gave the same steps on the same observed objects."""
    moved = differences(saved.plan, fresh)
    if moved:
        raise Problems([Problem(p.message, p.position, p.hint or "make a new plan") for p in moved], 3)
