"""Text to a stream that may be gone or full: nothing that a run has done is lost for it."""

from __future__ import annotations

import os
import sys

import click

GONE = "nobody reads it any more"


def say(text: str, *, err: bool = False) -> str:
    """Print it as it is; "", or why it could not be. A stream that failed is silent from then on."""
    try:
        click.echo(text, nl=False, err=err)
    except OSError as error:
        # what the stream still holds must not raise again when Python closes it
        os.dup2(os.open(os.devnull, os.O_WRONLY), (sys.stderr if err else sys.stdout).fileno())
        return GONE if isinstance(error, BrokenPipeError) else error.strerror or str(error)
    return ""


def tell(text: str) -> None:
    """Print what a command was asked for. Where it cannot be printed, that is exit 1.

    A reader that has left, as `head` does, needs no message.
    """
    why = say(text)
    if why and why != GONE:
        say(f"error: stdout cannot be written: {why}\n", err=True)
    if why:
        raise click.exceptions.Exit(1)
