"""`emulator`: an emulated account on a socket, for tests and trials."""

from __future__ import annotations

import contextlib
import errno
import threading
from pathlib import Path
from typing import Any

import click

from reconciler.commands.failing import reported
from reconciler.commands.inputs import Seconds
from reconciler.commands.switches import (
    COUNT,
    FILE,
    Command,
    account,
    as_counts,
    as_fault_file,
    as_faults,
    as_rates,
    check_waits,
    happens,
    kept,
    read_by,
    served,
    with_readings,
    writable,
)
from reconciler.emulator import Emulator, Unreadable, given, serve
from reconciler.emulator.faults.fault import Fault
from reconciler.emulator.faults.words import GRAMMAR
from reconciler.emulator.features import NAMES
from reconciler.model import Problem, Problems


def _write(emulator: Emulator, path: Path) -> None:
    """Writes the account; what the file had stays until all is written."""
    half = path.with_name(f"{path.name}.part")
    try:
        half.write_text(emulator.written(), encoding="utf-8")
        half.replace(path)
    except OSError as error:
        raise Problems([Problem(f"--dump {path}: {error.strerror}")]) from error


@with_readings
@click.command(cls=Command)
@served("--host", default="127.0.0.1", help="Address to listen on.")
@served("--port", default=8080, type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@served(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    callback=read_by(given.hosts),
    help="A name, besides localhost, that leads to the page and to /_emulator/ on this machine.",
)
@served(
    "--account",
    "account_id",
    default="9900000",
    callback=read_by(given.name),
    help="Account id that it serves.",
)
@served("--username", default="user", callback=read_by(given.name), help="Basic user.")
@served("--password", default="password", help="Basic password.")
@served("--client-id", default="client", callback=read_by(given.name), help="OAuth2 client id.")
@served("--client-secret", default="secret", help="OAuth2 client secret.")
@account("--strict/--lenient", default=True, help="Refuse unknown elements, or ignore them.")
@account(
    "--inventory",
    multiple=True,
    metavar="CODE=COUNT",
    callback=as_counts,
    help="How many numbers an area code has; 5,000 where it is not named.",
)
@account(
    "--without",
    multiple=True,
    default=("UcTrunking",),
    type=click.Choice(sorted(NAMES)),
    metavar="FEATURE",
    help="A product or feature that the account has not; what is given replaces the default.",
)
@kept("--data", type=click.Path(path_type=Path), metavar="FILE", help="Keep the account in an SQLite file.")
@kept("--load", type=FILE, metavar="FILE", help="Begin with the account of a YAML or JSON document.")
@kept(
    "--dump",
    type=FILE,
    metavar="FILE",
    callback=writable,
    help="Write such a document at the end.",
)
@happens(
    "--order-seconds",
    default=0.1,
    type=Seconds(),
    metavar="SECONDS",
    help="How long an order stays RECEIVED.",
)
@happens("--order-looks", type=COUNT, metavar="LOOKS", help="How often an order is shown RECEIVED instead.")
@happens(
    "--backorder-seconds",
    type=Seconds(),
    metavar="SECONDS",
    help="When numbers for a back-order come on sale.",
)
@happens(
    "--backorder-looks", type=COUNT, metavar="LOOKS", help="How often an order is shown BACKORDERED instead."
)
@happens(
    "--provision-seconds",
    default=0.0,
    type=Seconds(),
    metavar="SECONDS",
    help="How long a number is InAccount.",
)
@happens(
    "--rate-limit",
    "rate_limits",
    multiple=True,
    metavar="[BUCKET=]CALLS/SECONDS",
    callback=as_rates,
    help="Answer 429 beyond that, as ORDER=100/60, or 20/1 for all calls.",
)
@happens("--fault", "said", multiple=True, metavar="FAULT", callback=as_faults, help=f"{GRAMMAR}: see below.")
@happens("--faults", type=FILE, metavar="FILE", callback=as_fault_file, help="A YAML or JSON list of such.")
@happens("--control", is_flag=True, help="Serve /_emulator/: faults, time and orders steered by anybody.")
@reported
def command(
    host: str, port: int, strict: bool, said: tuple[Fault, ...], dump: Path | None, **options: Any
) -> int:
    """Serve an emulated account until interrupted."""
    check_waits()
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
