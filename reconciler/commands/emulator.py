"""`emulator`: an emulated account on a socket, for tests and trials."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from collections.abc import Callable
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from reconciler.commands.failing import reported
from reconciler.commands.inputs import Seconds
from reconciler.emulator import Emulator, Unreadable, given, serve
from reconciler.emulator.faults.fault import KINDS, Fault
from reconciler.emulator.faults.words import GRAMMAR, WORDS, fault_from, faults_in
from reconciler.emulator.features import NAMES
from reconciler.emulator.limits.rate import Rate, rate_from
from reconciler.emulator.limits.windows import check_buckets
from reconciler.emulator.readings import READINGS
from reconciler.model import Problem, Problems

T = TypeVar("T")
_GLOSSARY = "What --fault may say, as --fault 'drop-after POST orders nth=1'"


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
        with formatter.section(_GLOSSARY):
            formatter.write_dl(_kinds())


def _kinds() -> list[tuple[str, str]]:
    """Each kind of fault, with what happens and its usual number; then the other words."""
    kinds = [
        (
            f"{name}={kind.value}" if kind.value else name,
            f"{kind.about[0].upper()}{kind.about[1:]}."
            + (f"  [{kind.usual:g}]" if kind.usual is not None else ""),
        )
        for name, kind in KINDS.items()
    ]
    return kinds + [(word, f"{about}.") for word, about in WORDS.items()]


_served = partial(click.option, cls=Switch, section="Where, and to whom")
_account = partial(click.option, cls=Switch, section="What it takes, and what it has")
_kept = partial(click.option, cls=Switch, section="Where the account is kept")
_happens = partial(click.option, cls=Switch, section="Faults and time")
_COUNT = click.IntRange(min=0)
_FILE = click.Path(path_type=Path, dir_okay=False)


def _code(_ctx: click.Context, _param: click.Parameter, words: tuple[str, ...]) -> dict[str, int]:
    """The words as counts by code."""
    counts = {}
    for word in words:
        code, _, count = word.partition("=")
        if not (len(code) == 3 and code.isdecimal() and count.isdecimal()):
            raise click.UsageError(f"--inventory {word}: expected a code and a count, as 919=3")
        counts[code] = int(count)
    return counts


def _said(option: str, words: Callable[[], T]) -> T:
    """What the words of an option mean."""
    try:
        return words()
    except (ValueError, OSError) as wrong:
        raise click.UsageError(f"{option}: {wrong}") from wrong


def _fault(_ctx: click.Context, _param: click.Parameter, lines: tuple[str, ...]) -> tuple[Fault, ...]:
    """The lines as faults."""
    return tuple(_said("--fault", partial(fault_from, line)) for line in lines)


def _faults(_ctx: click.Context, _param: click.Parameter, file: Path | None) -> tuple[Fault, ...]:
    """The faults of the file."""
    return _said(f"--faults {file}", partial(faults_in, file)) if file else ()


def _rates(_ctx: click.Context, _param: click.Parameter, words: tuple[str, ...]) -> dict[str, Rate]:
    """The words as rates by bucket."""
    rates = dict(_said("--rate-limit", partial(rate_from, word)) for word in words)
    _said("--rate-limit", partial(check_buckets, rates))
    return rates


def _read(read: Callable[[Any], T]) -> Callable[[click.Context, click.Parameter, Any], T]:
    """What an option's value is read as."""
    return lambda _ctx, param, value: _said(param.opts[0], partial(read, value))


def _check_waits() -> None:
    """Refuses a time and a count of looks for one thing."""
    context = click.get_current_context()
    for what in ("order", "backorder"):
        by = [f"{what}_seconds", f"{what}_looks"]
        if all(context.get_parameter_source(each) is ParameterSource.COMMANDLINE for each in by):
            raise click.UsageError(f"--{what}-seconds or --{what}-looks: give one of them")


def _writable(_ctx: click.Context, _param: click.Parameter, path: Path | None) -> Path | None:
    """The path of a file that can be written, as far as can be told before there is something to write."""
    if path is not None and not os.access(path.parent, os.W_OK):
        raise click.UsageError(f"--dump {path}: its folder is not there, or not to be written in")
    return path


def _write(emulator: Emulator, path: Path) -> None:
    """Writes the account; what the file had stays until all is written."""
    half = path.with_name(f"{path.name}.part")
    try:
        half.write_text(emulator.written(), encoding="utf-8")
        half.replace(path)
    except OSError as error:
        raise Problems([Problem(f"--dump {path}: {error.strerror}")]) from error


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
@_served(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    callback=_read(given.hosts),
    help="A name, besides localhost, that leads to the page and to /_emulator/ on this machine.",
)
@_served(
    "--account",
    "account_id",
    default="9900000",
    callback=_read(given.name),
    help="Account id that it serves.",
)
@_served("--username", default="user", callback=_read(given.name), help="Basic user.")
@_served("--password", default="password", help="Basic password.")
@_served("--client-id", default="client", callback=_read(given.name), help="OAuth2 client id.")
@_served("--client-secret", default="secret", help="OAuth2 client secret.")
@_account("--strict/--lenient", default=True, help="Refuse unknown elements, or ignore them.")
@_account(
    "--inventory",
    multiple=True,
    metavar="CODE=COUNT",
    callback=_code,
    help="How many numbers an area code has; 5,000 where it is not named.",
)
@_account(
    "--without",
    multiple=True,
    default=("UcTrunking",),
    type=click.Choice(sorted(NAMES)),
    metavar="FEATURE",
    help="A product or feature that the account has not; what is given replaces the default.",
)
@_kept("--data", type=click.Path(path_type=Path), metavar="FILE", help="Keep the account in an SQLite file.")
@_kept("--load", type=_FILE, metavar="FILE", help="Begin with the account of a YAML or JSON document.")
@_kept(
    "--dump",
    type=_FILE,
    metavar="FILE",
    callback=_writable,
    help="Write such a document at the end.",
)
@_happens(
    "--order-seconds",
    default=0.1,
    type=Seconds(),
    metavar="SECONDS",
    help="How long an order stays RECEIVED.",
)
@_happens("--order-looks", type=_COUNT, metavar="LOOKS", help="How often an order is shown RECEIVED instead.")
@_happens(
    "--backorder-seconds",
    type=Seconds(),
    metavar="SECONDS",
    help="When numbers for a back-order come on sale.",
)
@_happens(
    "--backorder-looks", type=_COUNT, metavar="LOOKS", help="How often an order is shown BACKORDERED instead."
)
@_happens(
    "--provision-seconds",
    default=0.0,
    type=Seconds(),
    metavar="SECONDS",
    help="How long a number is InAccount.",
)
@_happens(
    "--rate-limit",
    "rate_limits",
    multiple=True,
    metavar="[BUCKET=]CALLS/SECONDS",
    callback=_rates,
    help="Answer 429 beyond that, as ORDER=100/60, or 20/1 for all calls.",
)
@_happens("--fault", "said", multiple=True, metavar="FAULT", callback=_fault, help=f"{GRAMMAR}: see below.")
@_happens("--faults", type=_FILE, metavar="FILE", callback=_faults, help="A YAML or JSON list of such.")
@_happens("--control", is_flag=True, help="Serve /_emulator/: faults, time and orders steered by anybody.")
@reported
def command(
    host: str, port: int, strict: bool, said: tuple[Fault, ...], dump: Path | None, **options: Any
) -> int:
    """Serve an emulated account until interrupted."""
    _check_waits()
    options["faults"] = (*said, *options["faults"])
    try:
        emulator = Emulator(lenient=not strict, **options)
    except Unreadable as error:
        raise click.UsageError(str(error)) from error
    try:
        _serve(emulator, host, port)
        if dump:
            _write(emulator, dump)
    finally:
        emulator.close()
    return 0


def _serve(emulator: Emulator, host: str, port: int) -> None:
    settings = emulator.settings
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(serve(emulator, host=host, port=port))
        except OSError as error:
            raise Problems([_unheard(host, port, error)]) from error
        stack.enter_context(contextlib.suppress(KeyboardInterrupt))
        click.echo(f"The emulator serves account {settings.account_id} at {server.url}")
        click.echo(
            f"  export BW_API_URL={server.url} BW_ACCOUNT_ID={settings.account_id} "
            f"BW_USERNAME={settings.username} BW_PASSWORD={settings.password}"
        )
        if server.is_open:
            steered = " and steer" if settings.control else ""
            click.echo(f"warning: anybody on the network can look at{steered} this account", err=True)
        threading.Event().wait()


def _unheard(host: str, port: int, error: OSError) -> Problem:
    """Why it cannot listen there."""
    if error.errno == errno.EADDRINUSE:
        return Problem(f"port {port} is in use", hint="--port 0 takes a free one")
    # What `create_server` adds to the reason repeats the address.
    reason = (error.strerror or str(error)).partition(" (while ")[0]
    return Problem(f"cannot listen on {host}, port {port}: {reason}")
