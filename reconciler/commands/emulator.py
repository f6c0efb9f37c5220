"""`emulator`: an emulated account on a socket, for tests and trials."""

from __future__ import annotations

import contextlib
import threading
from functools import partial
from itertools import groupby
from typing import Any

import click

from reconciler.commands.failing import reported
from reconciler.commands.inputs import not_yet
from reconciler.emulator.readings import READINGS


class Switch(click.Option):
    """An option of the emulator; the help lists it in its `section`."""

    def __init__(self, *args: Any, section: str, **attrs: Any) -> None:
        super().__init__(*args, **{"show_default": True, **attrs})
        self.section = section


class Command(click.Command):
    """A command whose help is in sections."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One list for each run of options that name the same section."""
        rows = [
            (getattr(option, "section", "Other options"), record)
            for option in self.get_params(ctx)
            if (record := option.get_help_record(ctx))
        ]
        for section, of_section in groupby(rows, key=lambda row: row[0]):
            with formatter.section(section):
                formatter.write_dl([record for _, record in of_section])


_served = partial(click.option, cls=Switch, section="Where, and to whom")
_account = partial(click.option, cls=Switch, section="What it takes, and what it has")


def _code(_ctx: click.Context, _param: click.Parameter, words: tuple[str, ...]) -> dict[str, int]:
    """The words as counts by code."""
    counts = {}
    for word in words:
        code, _, count = word.partition("=")
        if not (len(code) == 3 and code.isdecimal() and count.isdecimal()):
            raise click.UsageError(f"--inventory {word}: expected a code and a count, as 919=3")
        counts[code] = int(count)
    return counts


def _readings(command: click.Command) -> click.Command:
    """The command with an option for each question that published sources leave open."""
    for reading in READINGS.values():
        option = Switch(
            [f"--{reading.name.replace('_', '-')}", reading.name],
            section="Where published sources disagree or are silent (docs/readings.md)",
            type=click.Choice(reading.answers),
            default=reading.answers[0],
            help=f"{reading.about[0].upper()}{reading.about[1:]}.",
        )
        command.params.append(option)
    return command


@_readings
@click.command(cls=Command)
@_served("--host", default="127.0.0.1", help="Address to listen on.")
@_served("--port", default=8080, type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@_served("--account", "account_id", default="9900000", help="Account id that it serves.")
@_served("--username", default="user", help="Basic user.")
@_served("--password", default="password", help="Basic password.")
@_served("--client-id", default="client", help="OAuth2 client id.")
@_served("--client-secret", default="secret", help="OAuth2 client secret.")
@_account("--strict/--lenient", default=True, help="Refuse unknown elements, or ignore them.")
@_account("--order-seconds", default=0.1, help="How long an order stays RECEIVED.")
@_account(
    "--inventory",
    multiple=True,
    metavar="CODE=COUNT",
    callback=_code,
    help="How many numbers an area code has; 5,000 where it is not named.",
)
@not_yet("--data")
@reported
def command(host: str, port: int, strict: bool, **options: Any) -> int:
    """Serve an emulated account until interrupted. It keeps everything in memory."""
    from reconciler.emulator import Emulator, serve

    emulator = Emulator(lenient=not strict, **options)
    with serve(emulator, host=host, port=port) as server:
        click.echo(f"The emulator serves account {emulator.settings.account_id} at {server.url}")
        click.echo(
            f"  export BW_API_URL={server.url} BW_ACCOUNT_ID={emulator.settings.account_id} "
            f"BW_USERNAME={options['username']} BW_PASSWORD={options['password']}"
        )
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
    return 0
