"""`validate`: is the manifest right? Offline."""

from __future__ import annotations

import click

from reconciler.commands.failing import reported
from reconciler.commands.inputs import Inputs, common
from reconciler.commands.speaking import tell
from reconciler.desired import desired_from
from reconciler.report.words import counted


@click.command()
@common
@reported
def command(inputs: Inputs) -> int:
    """Check the manifest, offline: every problem at once, each with file, line and column."""
    document = inputs.load()
    desired = desired_from(document)
    inputs.account_id(desired.account, needed=False)
    files = ", ".join(str(path) for path in document.source.files)
    tell(f"{files}: valid, {counted(len(desired.resources), 'thing')} declared.\n")
    return 0
