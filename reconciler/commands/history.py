"""`history`: what the ledger says of past runs. It writes nothing, and reads nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from reconciler.commands.failing import reported
from reconciler.commands.inputs import Inputs, common
from reconciler.commands.speaking import tell
from reconciler.model import Problem, Problems

if TYPE_CHECKING:
    from reconciler.ledger.store import Store
    from reconciler.runs import PastRun

AT_ONCE = 20  # runs shown where nothing else is said


def account_of(inputs: Inputs) -> str:
    """The account, for commands that only need to know whose ledger is meant. Raises `Problems`.

    The manifest is read where `-f` names it or nothing else says the account: a manifest that is
    missing or wrong must not stand between a person and the ledger.
    """
    from reconciler.desired import desired_from

    said = inputs.account or inputs.environ.get("BW_ACCOUNT_ID")
    if inputs.files_given or not (said or not inputs.files[0].exists()):
        return inputs.account_id(desired_from(inputs.load()).account)
    return inputs.account_id(None)


@click.command()
@common
@click.argument("run", required=False)
@click.option("-n", "most", default=AT_ONCE, show_default=True, type=click.IntRange(1), metavar="COUNT",
              help="How many runs to show.")  # fmt: skip
@click.option("--format", "format_", default="text", show_default=True,
              type=click.Choice(["text", "json"]), help="How to print them.")  # fmt: skip
@reported
def command(inputs: Inputs, run: str | None, most: int, format_: str) -> int:
    """List past runs, newest first; with RUN, show what one did.

    RUN is a run's id, or as much of its beginning as no other has.
    """
    from reconciler.report.as_json import dumps
    from reconciler.report.history import history_json, history_text, run_text

    account = account_of(inputs)
    store = inputs.open_ledger().below(account)
    shown, earlier = ((_one(store, run),), 0) if run else _newest(store, most)
    if format_ == "json":
        tell(dumps(history_json(account, shown)))
    elif run:
        tell(run_text(shown[0], color=inputs.color))
    else:
        tell(history_text(shown, earlier, color=inputs.color))
    return 0


def _newest(store: Store, most: int) -> tuple[tuple[PastRun, ...], int]:
    """The newest runs, and how many there are before them."""
    from reconciler.ledger.journal import past_runs, run_ids

    ids = run_ids(store)
    return past_runs(store, ids[:most], _holder(store)), max(0, len(ids) - most)


def _one(store: Store, beginning: str) -> PastRun:
    """The one run whose id begins so, with its steps. Raises `Problems`."""
    from reconciler.ledger.journal import past_runs, past_steps, run_ids

    found = [run for run in run_ids(store) if run.startswith(beginning)]
    if not found:
        raise Problems([Problem(f"the ledger has no run {beginning}", hint="reconciler history lists them")])
    if len(found) > 1 and beginning not in found:
        hint = f"they are {', '.join(found[:3])}{', …' if len(found) > 3 else ''}"
        raise Problems([Problem(f"the ids of {len(found)} runs begin with {beginning}", hint=hint)])
    run = beginning if beginning in found else found[0]
    (past,) = past_runs(store, [run], _holder(store))
    return replace(past, steps=past_steps(store, run))


def _holder(store: Store) -> str:
    """The run that has the lock.

    To be asked after the ids were listed and before the runs are read: a run takes the lock before it
    writes its beginning, and gives it up after its end.
    """
    from reconciler.ledger.lock import current

    holder = current(store)
    return holder.run if holder else ""
