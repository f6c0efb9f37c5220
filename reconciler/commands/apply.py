"""`apply`: plan, ask, carry out, and read the account again to see that nothing is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from reconciler.api.guard import Guard
from reconciler.api.patience import Patience
from reconciler.chain import Facts
from reconciler.commands.asking import ask
from reconciler.commands.failing import fail, reported
from reconciler.commands.inputs import Inputs, Seconds, Waiting, common
from reconciler.commands.locked import locked
from reconciler.commands.plan import planning_options
from reconciler.commands.planning import read_manifest
from reconciler.commands.remembered import Remembered, accept_duplicates, remembered, say_not_placed
from reconciler.commands.running import Run, carry_out
from reconciler.commands.saved import check_fresh, manifest_of, options_of, read_saved
from reconciler.commands.speaking import say
from reconciler.ledger.journal import new_run_id, now
from reconciler.ledger.used_plans import claim
from reconciler.model import Problem
from reconciler.plan import Options, Plan
from reconciler.plan_file import SavedPlan
from reconciler.report.as_text import plan_text
from reconciler.secret_values import read_secrets
from reconciler.sent_secrets import rotated_in
from reconciler.standing import Assumptions

FORGOTTEN = (
    "the ledger {url} is a directory of this machine; a CI job starts without it, and others do not see its "
    "lock: --ledger s3://..., gs://... or az://... keeps it"
)
WAITS = {
    "--order-timeout": (600.0, "Longest wait for an order to end."),
    "--order-patience": (60.0, "How long to look for an order or a create whose answer was lost."),
    "--lock-timeout": (0.0, "How long to wait for another run to end."),
    "--max-wait": (300.0, "Longest wait for a rate limit to pass."),
}


def waiting_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say how long an apply waits for what."""
    for name, (usual, about) in reversed(WAITS.items()):
        option = click.option(
            name, default=usual, show_default=True, type=Seconds(), metavar="SECONDS", help=about
        )
        function = option(function)
    return function


@click.command()
@common
@planning_options
@click.argument("plan_file", required=False, metavar="[PLAN.json]", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--format",
    "format_",
    default="text",
    show_default=True,
    type=click.Choice(["text", "json"]),
    help="How to print the outcome.",
)
@click.option("--no-wait", is_flag=True, help="Leave number orders open and report them.")
@waiting_options
@click.option(
    "--order-not-placed",
    multiple=True,
    metavar="ID",
    help="You know that no order was placed under this customer order id.",
)
@click.option("--accept-duplicate", multiple=True, metavar="ID",
              help="Order again though several orders have this customer order id.")  # fmt: skip
@reported
def command(
    inputs: Inputs, plan_file: Path | None, yes: bool, format_: str, no_wait: bool, settle: float,
    order_timeout: float, order_patience: float, lock_timeout: float, max_wait: float,
    order_not_placed: tuple[str, ...], accept_duplicate: tuple[str, ...], **said: tuple[str, ...],
) -> int:  # fmt: skip
    """Make the account what the manifest says: plan, ask, apply, and check that nothing is left.

    With PLAN.json, a plan that `plan --out` saved is applied, if it is still true.
    """
    patience = Patience(order_timeout, order_patience, not no_wait, inputs.outside.signals.stop)
    assumptions = Assumptions(settle, order_patience, request_timeout=inputs.timeout)
    with ExitStack() as stack:
        saved = read_saved(plan_file) if plan_file else None
        wanted = manifest_of(saved, inputs) if saved else read_manifest(inputs)
        options = options_of(saved, Options(**said)) if saved else Options(**said)
        connection = inputs.connect(stack, Waiting(max_wait, patience.pause))
        memory = remembered(inputs, wanted.account)
        _say_if_forgotten(memory, inputs)
        guard, holder = stack.enter_context(locked(memory, inputs, new_run_id(now()), lock_timeout))
        say_not_placed(memory.intents, order_not_placed)
        accept_duplicates(memory.intents, accept_duplicate)
        run = Run(
            inputs,
            wanted,
            connection,
            options,
            assumptions,
            patience,
            memory,
            guard,
            holder,
            format_ == "json",
        )
        return _apply(run, saved, yes)


def _apply(run: Run, saved: SavedPlan | None, yes: bool) -> int:
    planned = run.plan(rotated_in(saved.plan) if saved else ())
    _adopt(run.guard, planned.live.pools.values())
    if saved:
        check_fresh(saved, planned.plan)
    run.tell(plan_text(planned.plan, color=run.inputs.color and not run.as_json))
    if planned.plan.refusals:
        return _refused(planned.plan, run)
    secrets = read_secrets(planned.plan.steps, run.inputs.environ)
    if planned.plan.steps and not (yes or saved):
        ask("apply", "Apply these changes?")
    if saved and planned.plan.steps:
        claim(run.memory.store, saved.digest)
    return carry_out(run, planned, secrets)


def _say_if_forgotten(memory: Remembered, inputs: Inputs) -> None:
    if memory.store.local and inputs.environ.get("CI") == "true":
        say(f"warning: {FORGOTTEN.format(url=inputs.ledger)}\n", err=True)


def _adopt(guard: Guard, pools: Iterable[Facts]) -> None:
    """Every order that was found is written down, also of pools that need nothing now (rule 5)."""
    for facts in pools:
        for order in facts.chain:
            if facts.key and not facts.record.knows(order):
                guard.adopt(facts.key.customer_order_id(order.generation), order)


def _refused(plan: Plan, run: Run) -> int:
    if run.as_json:
        problems = [Problem(f"{f.address}: {f.message}", f.position, f.hint) for f in plan.refusals]
        fail(problems, 3, as_json=True)
    return 3
