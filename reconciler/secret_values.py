"""Secret references to the passwords behind them, read just before a step sends them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from reconciler.model import Action, Problem, Problems, Secret, Value
from reconciler.plan import Step


def read_secrets(steps: Iterable[Step], environ: Mapping[str, str]) -> Mapping[Secret, str]:
    """Every password that the steps send. Raises `Problems` naming each that cannot be read."""
    found: dict[Secret, str] = {}
    problems: dict[Secret, Problem] = {}
    for step in steps:
        for secret in _sent(step):
            value = _read(secret, environ)
            if isinstance(value, Problem):
                problems.setdefault(secret, value)
            else:
                found[secret] = value
    if problems:
        raise Problems(list(problems.values()))
    return found


def _sent(step: Step) -> Iterator[Secret]:
    """The secrets in a step's body: in a PATCH those of the changed fields, else all."""
    if step.change is None or step.action is Action.DELETE:
        return
    partial = any(call.method == "PATCH" for call in step.calls)
    changed = {change.path for change in step.change.changes}
    for name, value in step.change.wanted.fields.items():
        if not partial or name in changed:
            yield from _inside(value)


def _inside(value: Value) -> Iterator[Secret]:
    if isinstance(value, Secret):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _inside(each)


def _read(secret: Secret, environ: Mapping[str, str]) -> str | Problem:
    if secret.source == "env":
        value = environ.get(secret.name)
        if not value:
            return Problem(f"the environment variable {secret.name}, which holds a password, is not set",
                           secret.position, f"set {secret.name}")  # fmt: skip
        return value
    try:
        value = Path(secret.name).read_text(encoding="utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        return Problem(f"the password file {secret.name} cannot be read: {reason}", secret.position,
                       "put the password there, or change the reference")  # fmt: skip
    return value or Problem(f"the password file {secret.name} is empty", secret.position)
