"""`show`: a saved plan, rendered. Offline."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.commands.failing import reported
from reconciler.commands.inputs import Inputs, common
from reconciler.commands.plan import render
from reconciler.commands.saved import read_saved
from reconciler.commands.speaking import tell


@click.command()
@common
@click.argument("plan_file", metavar="PLAN.json", type=click.Path(path_type=Path))
@click.option("--format", "format_", default="text", show_default=True,
              type=click.Choice(["text", "json", "markdown"]), help="How to print it.")  # fmt: skip
@reported
def command(inputs: Inputs, plan_file: Path, format_: str) -> int:
    """Render a plan that `plan --out` saved."""
    saved = read_saved(plan_file)
    tell(render(saved.plan, format_, inputs, saved.created_at))
    return 0
