"""`emulator`: an emulated account on a socket, for tests and trials."""

from __future__ import annotations

import contextlib
import threading

import click

from reconciler.commands.failing import reported
from reconciler.commands.inputs import not_yet


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8080,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port; 0 takes a free one.",
)
@click.option("--account", default="9900000", show_default=True, help="Account id that it serves.")
@click.option("--username", default="user", show_default=True, help="Basic user.")
@click.option("--password", default="password", show_default=True, help="Basic password.")
@click.option("--client-id", default="client", show_default=True, help="OAuth2 client id.")
@click.option("--client-secret", default="secret", show_default=True, help="OAuth2 client secret.")
@click.option("--lenient", is_flag=True, help="Ignore unknown elements instead of refusing them.")
@click.option("--order-seconds", default=0.1, show_default=True, help="How long an order stays RECEIVED.")
@click.option(
    "--inventory",
    multiple=True,
    metavar="CODE=COUNT",
    help="How many numbers an area code has; 5,000 where it is not named.",
)
@click.option("--address-optional", is_flag=True, help="Sub-accounts need no address.")
@click.option("--peer-id-in-body", is_flag=True, help="Creating a location answers with a body too.")
@not_yet("--data")
@reported
def command(
    host: str, port: int, account: str, inventory: tuple[str, ...], address_optional: bool, **options: object
) -> int:  # fmt: skip
    """Serve an emulated account until interrupted. It keeps everything in memory."""
    from reconciler.emulator import Emulator, serve

    options |= {"inventory": dict(map(_code, inventory)), "address_required": not address_optional}
    emulator = Emulator(account_id=account, **options)
    with serve(emulator, host=host, port=port) as server:
        click.echo(f"The emulator serves account {account} at {server.url}")
        click.echo(
            f"  export BW_API_URL={server.url} BW_ACCOUNT_ID={account} "
            f"BW_USERNAME={options['username']} BW_PASSWORD={options['password']}"
        )
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
    return 0


def _code(text: str) -> tuple[str, int]:
    code, _, count = text.partition("=")
    if not (len(code) == 3 and code.isdecimal() and count.isdecimal()):
        raise click.UsageError(f"--inventory {text}: expected a code and a count, as 919=3")
    return code, int(count)
