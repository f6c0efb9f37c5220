"""`unlock`: give up the lock of a run that cannot do so itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconciler.commands.asking import ask
from reconciler.commands.failing import reported
from reconciler.commands.history import account_of
from reconciler.commands.inputs import Inputs, common
from reconciler.commands.speaking import tell
from reconciler.model import Problem, Problems

if TYPE_CHECKING:
    from reconciler.ledger.holder import Holder

WARNING = "If that run is still alive, it stops before its next order, and another run may begin meanwhile."


@click.command()
@common
@click.argument("run", required=False, metavar="[ID]")
@click.option("--yes", is_flag=True, help="Do not ask.")
@reported
def command(inputs: Inputs, run: str | None, yes: bool) -> int:
    """Give up the lock that a run holds on the account, after asking.

    With ID, the id of the run that is meant, nothing is asked; another run's lock is left alone.
    """
    from reconciler.ledger.lock import current, unlock

    account = account_of(inputs)
    store = inputs.open_ledger().below(account)
    holder = current(store)
    if holder is None:
        tell(f"Account {account} is not locked.\n")
        return 0
    tell(_words(holder, account))
    if run and run != holder.run:
        hint = f"reconciler unlock {holder.run} gives up the lock that is held now"
        raise Problems([Problem(f"the lock is held by run {holder.run}, not by {run}", hint=hint)])
    if not (run or yes):
        ask("unlock", "Unlock?")
    unlock(store, holder)
    tell("Unlocked.\n")
    return 0


def _words(holder: Holder, account: str) -> str:
    from reconciler.report.as_json import moment
    from reconciler.report.words import safe

    process = f", process {holder.pid}" if holder.pid else ""
    return (
        f"Account {account} is locked by run {safe(f'{holder.run}: {holder.purpose}')}\n"
        f"  {safe(f'{holder.owner} on {holder.host}')}{process}\n"
        f"  since {moment(holder.taken)}, expires {moment(holder.expires)}\n"
        f"{WARNING}\n"
    )
