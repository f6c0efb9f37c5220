"""A question to the person at the terminal, before something that cannot be undone."""

from __future__ import annotations

import select
import sys

import click

from reconciler.model import Problem, Problems

ANSWERS = {"y": True, "yes": True, "n": False, "no": False, "": False}
GLANCE = 0.2  # seconds


def ask(command: str, question: str) -> None:
    """Go on with a yes. Raises `Problems` where there is nobody to ask, `click.Abort` for a no."""
    if not (sys.stdin and sys.stdin.isatty()):
        message = f"{command} needs a yes, and there is no terminal to ask on"
        raise Problems([Problem(message, hint="pass --yes")])
    while (answer := _answer(question)) is None:
        click.echo("Error: answer y or n", err=True)
    if not answer:
        raise click.Abort


def _answer(question: str) -> bool | None:
    click.echo(f"{question} [y/N]: ", nl=False, err=True)
    # click's own prompt does not hear a signal that comes while readline sets the terminal up
    while not select.select([sys.stdin], [], [], GLANCE)[0]:
        pass
    line = sys.stdin.readline()
    if not line:
        raise click.Abort
    return ANSWERS.get(line.strip().lower())
