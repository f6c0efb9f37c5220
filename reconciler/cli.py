"""Words on the command line to a command and an exit code.

Importing it stays cheap: a command is loaded when it is first asked for.
"""

from __future__ import annotations

import difflib
import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise

import click

from reconciler import __version__
from reconciler.commands.interrupts import interruptible
from reconciler.commands.outside import Outside
from reconciler.commands.speaking import say

COMMANDS = {
    "validate": "Check the manifest, offline.",
    "plan": "Show what would change in the account.",
    "apply": "Make the account what the manifest says.",
    "smoke": "Send one test message, after checking that it can arrive.",
    "show": "Render a saved plan.",
    "outputs": "Print ids, SIP hosts and numbers that other systems need.",
    "history": "Show past runs, and what became of their steps.",
    "unlock": "Give up the lock of a run that cannot do so itself.",
    "schema": "Print the manifest's JSON Schema.",
    "emulator": "Serve an emulated account for tests and trials.",
    "demo": "Plan, apply and plan again on the emulator.",
}
NOT_YET = ("init", "doctor", "export")
FAILED, ABORTED = 1, 130


class Group(click.Group):
    """Commands that are imported when they are first asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order in which one meets them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, loaded; None for a word that is none."""
        del ctx
        if cmd_name in NOT_YET:
            raise click.UsageError(f"the command {cmd_name} is not supported yet")
        if cmd_name not in COMMANDS:
            near = difflib.get_close_matches(cmd_name, COMMANDS, n=1)
            if near:
                raise click.UsageError(f"No such command '{cmd_name}'. Did you mean '{near[0]}'?")
            return None
        command = importlib.import_module(f"reconciler.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


HELP = """A Bandwidth account as code.

A manifest (bandwidth.yaml) says which applications, sub-accounts, locations, features and numbers there
should be. `plan` shows what would change, `apply` changes it and checks that nothing is left.
"""
EPILOG = """\b
Exit codes:
  0  done, or nothing to do
  1  failed, with nothing written
  2  plan --detailed-exitcode: there are changes
  3  refused: a cap, a hazard, twins, a plan that is no longer true
  4  something was written, and not all is done
  5  the outcome of an order or a create is unknown

\b
Environment:
  BW_CLIENT_ID, BW_CLIENT_SECRET  OAuth2 client credentials
  BW_USERNAME, BW_PASSWORD        or Basic credentials
  BW_ACCOUNT_ID, BW_API_URL       as --account and --api-url
"""


@click.group(
    cls=Group,
    help=HELP,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="reconciler")
def cli() -> None:
    """Words on the command line to a command; the help is `HELP`."""


def main(
    arguments: Sequence[str] | None = None,
    environ: Mapping[str, str] | None = None,
    *,
    outside: Outside | None = None,
) -> None:
    """Run the program and exit with the contract's code; words and surroundings are the process's."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    around = outside or (Outside() if environ is None else Outside(environ))
    try:
        with interruptible(ABORTED, around.signals):
            code = cli.main(words, prog_name="reconciler", standalone_mode=False, obj=around)
    except click.ClickException as error:
        code = _stopped(error.format_message(), error.show, words)
    except click.Abort:
        stopped = "Stopped: nothing was changed."
        code = _stopped(stopped, partial(click.echo, stopped, err=True), words)
    sys.exit(code if isinstance(code, int) else 0)


def _stopped(message: str, show: Callable[[], None], words: Sequence[str]) -> int:
    """Wrong words, or a run that was given up: exit 1 (2 means changes), as JSON where that was asked for."""
    if _wants_json(words):
        from reconciler.model import Problem
        from reconciler.report.as_json import dumps, error_json

        say(dumps(error_json(FAILED, [Problem(message)])))
    else:
        show()
    return FAILED


def _wants_json(words: Sequence[str]) -> bool:
    return "--format=json" in words or ("--format", "json") in pairwise(words)
