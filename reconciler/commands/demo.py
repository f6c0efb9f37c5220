"""`demo`: the example manifest on the emulator, from an empty account to a second plan with no changes."""

from __future__ import annotations

import os
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path

import click

from reconciler.api.buying import Patience
from reconciler.commands.apply import Run, carry_out
from reconciler.commands.failing import reported
from reconciler.commands.inputs import Inputs
from reconciler.commands.planning import read_manifest
from reconciler.plan import Options
from reconciler.purchase import SETTLE
from reconciler.report.as_text import plan_text
from reconciler.secret_values import read_secrets

ACCOUNT = "9900000"
ENVIRONMENT = {
    "BW_CLIENT_ID": "client",
    "BW_CLIENT_SECRET": "secret",
    "BW_ACCOUNT_ID": ACCOUNT,
    "SMS_HOOK_PASSWORD": "only-for-the-demo",
}


def example(name: str) -> Path:
    """An example manifest: from the installed package, or from the source tree."""
    packaged = Path(str(files("reconciler"))) / "examples" / name
    return packaged if packaged.is_file() else Path(__file__).parents[2] / "examples" / name


@click.command()
@reported
def command() -> int:
    """Plan, apply and plan again: the example manifest against an emulated, empty account."""
    from reconciler.emulator import Emulator, serve

    with ExitStack() as stack:
        server = stack.enter_context(serve(Emulator(account_id=ACCOUNT)))
        manifest = example("quickstart.yaml")
        inputs = Inputs((manifest,), api_url=server.url, color=_color(), environ=ENVIRONMENT)
        click.echo(f"An empty emulated account is at {server.url}; the manifest is {manifest.name}.\n")
        run = Run(
            inputs,
            read_manifest(inputs),
            inputs.connect(stack),
            Options(),
            SETTLE,
            Patience(),
            False,
        )
        click.echo("$ reconciler apply --yes")
        planned = run.plan()
        click.echo(plan_text(planned.plan, color=inputs.color))
        code = carry_out(run, planned, read_secrets(planned.plan.steps, ENVIRONMENT))
        again = run.plan().plan
        click.echo("\n$ reconciler plan")
        click.echo(plan_text(again, color=inputs.color), nl=False)
    return code or int(bool(again.steps))


def _color() -> bool:
    return os.isatty(1) and not os.environ.get("NO_COLOR")
