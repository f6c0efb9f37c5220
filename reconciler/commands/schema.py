"""`schema`: the manifest's JSON Schema, for editors and other tools."""

from __future__ import annotations

import click

from reconciler.commands.failing import reported
from reconciler.commands.speaking import tell
from reconciler.kinds.schema import manifest_schema
from reconciler.report.as_json import dumps


@click.command()
@reported
def command() -> int:
    """Print the manifest's JSON Schema (draft 2020-12)."""
    tell(dumps(manifest_schema()))
    return 0
