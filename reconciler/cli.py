"""Words on the command line to a command and an exit code.

Importing it stays cheap: a command is loaded when it is first asked for.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence

import click

from reconciler import __version__

COMMANDS = {
    "validate": "Check the manifest, offline.",
    "plan": "Show what would change in the account.",
    "apply": "Make the account what the manifest says.",
    "show": "Render a saved plan.",
    "schema": "Print the manifest's JSON Schema.",
    "emulator": "Serve an emulated account for tests and trials.",
    "demo": "Plan, apply and plan again on the emulator.",
}
NOT_YET = ("init", "doctor", "export", "outputs", "smoke", "history", "unlock")
USAGE, ABORTED = 1, 130


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
            return None
        command = importlib.import_module(f"reconciler.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="reconciler")
def cli() -> None:
    r"""A Bandwidth account as code.

    A manifest (bandwidth.yaml) says which applications, sub-accounts, locations, features and numbers
    there should be. `plan` shows what would change, `apply` changes it and checks that nothing is left.

    \b
    Exit codes: 0 done, 1 failed with nothing written, 2 plan --detailed-exitcode found changes,
    3 refused, 4 written but not all is done, 5 the outcome of an order or a create is unknown.
    """


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> None:
    """Run the program and exit with the contract's code; words and environment are the process's."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    variables = dict(os.environ if environ is None else environ)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = cli.main(words, prog_name="reconciler", standalone_mode=False, obj=variables)
    except click.ClickException as error:
        code = _usage(error, words)
    except click.Abort:
        click.echo("Stopped: nothing was changed.", err=True)
        code = USAGE
    except KeyboardInterrupt:
        click.echo("Interrupted.", err=True)
        code = ABORTED
    except BrokenPipeError:
        # whoever read the output has gone; what is left of it must not raise again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = USAGE
    sys.exit(code if isinstance(code, int) else 0)


def _usage(error: click.ClickException, words: Sequence[str]) -> int:
    """A wrong word: exit 1 (2 means that there are changes), as a JSON document where JSON was asked for."""
    if _wants_json(words):
        from reconciler.model import Problem
        from reconciler.report.as_json import dumps, error_json

        click.echo(dumps(error_json(USAGE, [Problem(error.format_message())])), nl=False)
    else:
        error.show()
    return USAGE


def _wants_json(words: Sequence[str]) -> bool:
    pairs = zip(words, [*words[1:], ""], strict=True)
    return any(word == "--format=json" or (word == "--format" and after == "json") for word, after in pairs)
