"""A question to the person at the terminal, before something that cannot be undone."""

from __future__ import annotations

import sys

import click

from reconciler.model import Problem, Problems


def ask(command: str, question: str) -> None:
    """Go on with a yes. Raises `Problems` where there is nobody to ask, `click.Abort` for a no."""
    if not sys.stdin.isatty():
        message = f"{command} needs a yes, and there is no terminal to ask on"
        raise Problems([Problem(message, hint="pass --yes")])
    click.confirm(question, abort=True, err=True)
