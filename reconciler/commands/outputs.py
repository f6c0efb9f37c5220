"""`outputs`: ids, hosts and numbers that other systems need. It cannot write to the account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

import click

from reconciler.chain import SETTLE
from reconciler.commands.failing import reported
from reconciler.commands.inputs import Inputs, common
from reconciler.commands.planning import Access, nearest, read_live, read_manifest
from reconciler.commands.remembered import remembered
from reconciler.commands.speaking import say, tell
from reconciler.desired import Desired
from reconciler.model import Address, Problem, Problems
from reconciler.outputs import Outputs, in_the_way, narrowed, outputs_from
from reconciler.paths import lineage
from reconciler.report.as_json import dumps
from reconciler.report.outputs import outputs_json, outputs_text
from reconciler.report.variables import outputs_dotenv, outputs_github
from reconciler.report.words import safe
from reconciler.view import Live

RENDERED: Mapping[str, Callable[[Outputs], str]] = {
    "text": outputs_text,
    "json": lambda outputs: dumps(outputs_json(outputs)),
    "dotenv": outputs_dotenv,
    "github": outputs_github,
}
STEP_FILE = "GITHUB_OUTPUT"
APPLY = "reconciler apply makes what is missing"


@click.command()
@common
@click.option("--format", "format_", default="text", show_default=True,
              type=click.Choice(list(RENDERED)), help="How to print them.")  # fmt: skip
@click.option("--only", multiple=True, metavar="ADDRESS", help="Only this address and what is below it.")
@reported
def command(inputs: Inputs, format_: str, only: tuple[str, ...]) -> int:
    """Print ids, SIP hosts, user names and numbers that other systems need.

    Of what the manifest names and is live, by address; never a password. With --format github they go to
    the file that GITHUB_OUTPUT names, where it is set.

    Exits 0, or 3 when something that --only asks for is not live.
    """
    wanted = read_manifest(inputs)
    _check_addresses(only, narrowed(wanted.desired))
    desired = narrowed(wanted.desired, only)
    live = _read(inputs, desired, wanted.account)
    doubts = in_the_way(desired, live, only)
    if doubts:
        found = [Problem(f"{each.address}: {each.message}", each.position, each.hint) for each in doubts]
        raise Problems(found, exit_code=3)
    outputs = outputs_from(desired, live, wanted.account, only)
    if only and outputs.missing:
        raise Problems([Problem(f"{each} is not live", hint=APPLY) for each in outputs.missing], exit_code=3)
    _hand_over(RENDERED[format_](outputs), inputs.environ.get(STEP_FILE) if format_ == "github" else None)
    _tell_missing(outputs.missing)
    return 0


def _check_addresses(only: Iterable[str], desired: Desired) -> None:
    known = {str(owner) for address in desired.resources for owner in lineage(address)}
    problems = [
        Problem(f"--only: the manifest has no outputs for {given}", hint=nearest(given, sorted(known)))
        for given in only
        if given not in known
    ]
    if problems:
        raise Problems(problems)


def _read(inputs: Inputs, desired: Desired, account: str) -> Live:
    with ExitStack() as stack:
        pause = inputs.outside.signals.stop.wait
        access = Access(inputs.connect(stack), remembered(inputs, account), SETTLE, pause)
        return read_live(desired, account, inputs, access)


def _hand_over(text: str, step_file: str | None) -> None:
    """To the step's file where there is one, else to stdout."""
    if not step_file:
        tell(text)
        return
    try:
        with Path(step_file).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        message = f"the outputs cannot be written to the file of {STEP_FILE}, {step_file}: {error.strerror}"
        raise Problems([Problem(message)]) from error


def _tell_missing(missing: Iterable[Address]) -> None:
    for address in missing:
        say(f"note: {safe(str(address))} is not live\n", err=True)
