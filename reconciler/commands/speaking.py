"""Text to a stream that may be gone: a run that writes to the account goes on when nobody listens."""

from __future__ import annotations

import os
import sys

import click


def say(text: str, *, err: bool = False) -> None:
    """Print it as it is; a stream whose reader has gone is silent from then on."""
    try:
        click.echo(text, nl=False, err=err)
    except BrokenPipeError:
        # what the stream still holds must not raise again when Python closes it
        os.dup2(os.open(os.devnull, os.O_WRONLY), (sys.stderr if err else sys.stdout).fileno())
