"""`apply`: plan, ask, carry out, and read the account again to see that nothing is left."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import click

from reconciler import __version__
from reconciler.api.buying import Patience
from reconciler.api.client import Connection, Writer
from reconciler.api.errors import ApiError
from reconciler.api.orders import ForeignOrder
from reconciler.commands.failing import fail, reported
from reconciler.commands.inputs import Inputs, Seconds, common, not_yet
from reconciler.commands.plan import planning_options
from reconciler.commands.planning import Planned, Wanted, make_plan, read_manifest
from reconciler.commands.progress import Progress
from reconciler.commands.saved import check_fresh, manifest_of, options_of, read_saved
from reconciler.commands.speaking import say
from reconciler.execute import Outcome, State, execute
from reconciler.ledger.used_plans import claim
from reconciler.model import Problem, Problems, Secret
from reconciler.perform import Performer
from reconciler.plan import Options, Plan
from reconciler.reads import pools_of
from reconciler.report.as_json import dumps, outcome_json
from reconciler.report.as_text import outcome_text, plan_text
from reconciler.secret_values import read_secrets

REMINDER = (
    "US local numbers need a 10DLC campaign before their texts are delivered, and {count} here have none "
    "({numbers})."
)


@dataclass(frozen=True)
class Run:
    """What one apply works with."""

    inputs: Inputs
    wanted: Wanted
    connection: Connection
    options: Options
    settle: float
    patience: Patience
    as_json: bool

    def plan(self) -> Planned:
        """Read the account and plan."""
        return make_plan(self.wanted, self.connection, self.inputs, self.options, self.settle)

    def plan_again(self) -> Planned:
        """Read the account and plan once more; secrets that were sent again are not wanted a second time."""
        sent = replace(self.options, resend_secrets=())
        return make_plan(self.wanted, self.connection, self.inputs, sent, self.settle)

    def tell(self, text: str) -> None:
        """Something for a person: on stderr where stdout is for a document."""
        click.echo(text, nl=False, err=self.as_json)


@click.command()
@common
@planning_options
@not_yet("--lock-timeout", "--max-wait", "--order-not-placed")
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
@click.option(
    "--order-timeout",
    default=600.0,
    show_default=True,
    type=Seconds(),
    metavar="SECONDS",
    help="Longest wait for an order to end.",
)
@click.option("--order-patience", default=60.0, show_default=True, type=Seconds(),
              metavar="SECONDS", help="How long to look for an order whose answer was lost.")  # fmt: skip
@reported
def command(
    inputs: Inputs, plan_file: Path | None, yes: bool, format_: str, no_wait: bool, order_timeout: float,
    order_patience: float, settle: float, **said: tuple[str, ...],
) -> int:  # fmt: skip
    """Make the account what the manifest says: plan, ask, apply, and check that nothing is left.

    With PLAN.json, a plan that `plan --out` saved is applied, if it is still true.
    """
    patience = Patience(order_timeout, order_patience, not no_wait)
    with ExitStack() as stack:
        saved = read_saved(plan_file) if plan_file else None
        wanted = manifest_of(saved, inputs) if saved else read_manifest(inputs)
        options = options_of(saved, Options(**said)) if saved else Options(**said)
        run = Run(inputs, wanted, inputs.connect(stack), options, settle, patience, format_ == "json")
        planned = run.plan()
        if saved:
            check_fresh(saved, planned.plan)
        run.tell(plan_text(planned.plan, color=inputs.color and not run.as_json))
        if planned.plan.refusals:
            return _refused(planned.plan, run)
        secrets = read_secrets(planned.plan.steps, inputs.environ)
        if planned.plan.steps and not (yes or saved):
            _ask()
        if saved and planned.plan.steps:
            claim(Path(inputs.ledger), saved.digest)
        return carry_out(run, planned, secrets)


def _refused(plan: Plan, run: Run) -> int:
    if run.as_json:
        problems = [Problem(f"{f.address}: {f.message}", f.position, f.hint) for f in plan.refusals]
        fail(problems, 3, as_json=True)
    return 3


def _ask() -> None:
    if not sys.stdin.isatty():
        raise Problems([Problem("apply needs a yes, and there is no terminal to ask on", hint="pass --yes")])
    click.confirm("Apply these changes?", abort=True, err=True)


def carry_out(run: Run, planned: Planned, secrets: Mapping[Secret, str]) -> int:
    """Apply the plan, plan again, report; the exit code."""
    with Writer(run.connection) as writer, Progress(planned.plan, run.inputs) as progress:
        performer = Performer(
            writer,
            run.wanted.account,
            secrets,
            pools_of(run.wanted.desired),
            run.patience,
            run.settle,
            progress.order,
        )
        outcome = execute(
            planned.plan,
            planned.ids,
            performer,
            progress.step,
            stop=run.patience.stop,
            parallelism=run.inputs.parallelism,
        )
    after, trouble = _read_again(run, planned, outcome)
    code = exit_code(outcome, after.plan if after else None)
    _report(run, planned.plan, outcome, (after, trouble), code)
    if trouble:
        say(f"error: the account could not be read again: {trouble}\n", err=True)
    return code


def _read_again(run: Run, planned: Planned, outcome: Outcome) -> tuple[Planned | None, str]:
    if not outcome.wrote:
        return planned, ""
    try:
        return run.plan_again(), ""
    except (ApiError, ForeignOrder) as error:
        return None, str(error)
    except KeyboardInterrupt:
        return None, "the run was interrupted"


def exit_code(outcome: Outcome, residue: Plan | None) -> int:
    """The contract's code for how a run ended; `residue` is the plan made afterwards."""
    if outcome.count(State.UNDETERMINED):
        return 5
    left = residue is None or residue.steps or residue.refusals
    if outcome.interrupted or outcome.count(State.FAILED) or outcome.count(State.SKIPPED) or left:
        return 4 if outcome.wrote else 1
    return 0


def _report(run: Run, plan: Plan, outcome: Outcome, after: tuple[Planned | None, str], code: int) -> None:
    again, trouble = after
    residue = again.plan if again else None
    bare = again.live.without_campaign if again else ()
    reminder = REMINDER.format(count=len(bare), numbers=_some(bare)) if bare else ""
    if run.as_json:
        document = outcome_json(
            outcome, plan, residue, tool=__version__, exit_code=code, reminder=reminder, trouble=trouble
        )
        say(dumps(document))
    elif outcome.results:
        say(outcome_text(outcome, plan, residue, reminder, color=run.inputs.color))
    elif reminder:
        say(f"Reminder: {reminder}\n")


def _some(numbers: tuple[str, ...], most: int = 3) -> str:
    shown = ", ".join(f"+1{number}" for number in numbers[:most])
    return f"{shown}, …" if len(numbers) > most else shown
