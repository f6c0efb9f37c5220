"""`demo`: the example manifest on the emulator, from an empty account to a second plan with no changes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import click
from obstore.store import MemoryStore

from reconciler.api.patience import Patience
from reconciler.commands.failing import reported
from reconciler.commands.inputs import Inputs
from reconciler.commands.locked import locked
from reconciler.commands.outside import Outside
from reconciler.commands.planning import read_manifest
from reconciler.commands.remembered import remembered
from reconciler.commands.running import Run, carry_out
from reconciler.ledger.journal import new_run_id, now
from reconciler.ledger.store import Store
from reconciler.plan import Options
from reconciler.report.as_text import plan_text
from reconciler.secret_values import read_secrets
from reconciler.standing import Assumptions

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
        outside = replace(_around(), environ=ENVIRONMENT, transport=None, open_ledger=_in_memory())
        inputs = Inputs((manifest,), api_url=server.url, color=_color(), outside=outside)
        click.echo(f"An empty emulated account is at {server.url}; the manifest is {manifest.name}.\n")
        click.echo("$ reconciler apply --yes")
        run = _run(inputs, stack)
        planned = run.plan()
        click.echo(plan_text(planned.plan, color=inputs.color))
        code = carry_out(run, planned, read_secrets(planned.plan.steps, ENVIRONMENT))
        again = run.plan().plan
        click.echo("\n$ reconciler plan")
        click.echo(plan_text(again, color=inputs.color), nl=False)
    return code or int(bool(again.steps))


def _in_memory() -> Callable[[str, Mapping[str, str]], Store]:
    store = Store(MemoryStore(), "in memory")
    return lambda *_: store


def _run(inputs: Inputs, stack: ExitStack) -> Run:
    wanted, memory = read_manifest(inputs), remembered(inputs, ACCOUNT)
    patience = Patience(stop=inputs.outside.signals.stop)
    guard, holder = stack.enter_context(locked(memory, inputs, new_run_id(now()), 0))
    return Run(
        inputs, wanted, inputs.connect(stack), Options(), Assumptions(), patience, memory, guard, holder
    )


def _around() -> Outside:
    return click.get_current_context().find_object(Outside) or Outside()


def _color() -> bool:
    return os.isatty(1) and not os.environ.get("NO_COLOR")
