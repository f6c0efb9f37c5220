"""`plan`: what would change in the account. It cannot write."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from reconciler import __version__
from reconciler.chain import SETTLE
from reconciler.commands.failing import reported
from reconciler.commands.inputs import Inputs, Seconds, common
from reconciler.commands.planning import Access, make_plan, read_manifest
from reconciler.commands.remembered import remembered
from reconciler.commands.speaking import tell
from reconciler.model import Problem, Problems
from reconciler.plan import Options, Plan
from reconciler.report.as_json import dumps, plan_json
from reconciler.report.as_markdown import plan_markdown
from reconciler.report.as_text import plan_text

VALID_FOR = timedelta(days=7)


def planning_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that change what a plan says."""
    for option in (
        click.option("--settle", default=SETTLE, show_default=True, type=Seconds(),
                     metavar="SECONDS", help="How long the API's lists may lag behind its orders."),
        click.option("--release", multiple=True, metavar="NUMBER",
                     help="Give this number up for ever, where it is one too many."),
        click.option("--resend-secrets", multiple=True, metavar="ADDRESS",
                     help="Send this address's passwords again."),
        click.option("--allow-hazard", multiple=True, metavar="ADDRESS",
                     help="Let a change with a hazard happen."),
        click.option("--only", multiple=True, metavar="ADDRESS",
                     help="Only this address, what is below it and what it needs."),
    ):  # fmt: skip
        function = option(function)
    return function


def render(plan: Plan, form: str, inputs: Inputs, moment: datetime) -> str:
    """The plan in the form that was asked for."""
    if form == "json":
        return dumps(plan_json(plan, tool=__version__, created_at=moment, expires_at=moment + VALID_FOR))
    if form == "markdown":
        return plan_markdown(plan)
    return plan_text(plan, color=inputs.color, verbose=bool(inputs.verbose))


@click.command()
@common
@planning_options
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Save the plan for apply.",
)
@click.option("--format", "format_", default="text", show_default=True,
              type=click.Choice(["text", "json", "markdown"]), help="How to print it.")  # fmt: skip
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when there are changes.")
@reported
def command(
    inputs: Inputs,
    out: Path | None,
    format_: str,
    detailed_exitcode: bool,
    settle: float,
    **said: tuple[str, ...],
) -> int:
    """Show what would change in the account. Nothing is written to it.

    Exits 0, or 2 with --detailed-exitcode when there are changes, or 3 when apply would refuse.
    """
    with ExitStack() as stack:
        wanted = read_manifest(inputs)
        pause = inputs.outside.signals.stop.wait
        access = Access(inputs.connect(stack), remembered(inputs, wanted.account), settle, pause)
        plan = make_plan(wanted, inputs, access, Options(**said)).plan
    moment = datetime.now(UTC).replace(microsecond=0)
    if out:
        _save(out, render(plan, "json", inputs, moment))
    tell(render(plan, format_, inputs, moment))
    if plan.refusals:
        return 3
    return 2 if detailed_exitcode and plan.steps else 0


def _save(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Problems([Problem(f"the plan cannot be saved to {path}: {error.strerror}")]) from error
