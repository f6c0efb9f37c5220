"""Secret references to the passwords behind them, read just before a step sends them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from reconciler.model import Action, Problem, Problems, Secret, Value
from reconciler.plan import Step

SHORTEST, LONGEST = 6, 63  # characters of a callback password (RAML of the numbers API)


def read_secrets(steps: Iterable[Step], environ: Mapping[str, str]) -> Mapping[Secret, str]:
    """Every password that the steps send. Raises `Problems` naming each that cannot be read."""
    found: dict[Secret, str] = {}
    problems: dict[Secret, Problem] = {}
    for step in steps:
        for _, secret in sent(step):
            value = _read(secret, environ)
            if isinstance(value, Problem):
                problems.setdefault(secret, value)
            else:
                found[secret] = value
    if problems:
        raise Problems(list(problems.values()))
    return found


def unreadable(steps: Iterable[Step], environ: Mapping[str, str]) -> Iterator[tuple[Step, Problem]]:
    """The steps that could not be done from here, for want of a password, and why."""
    for step in steps:
        for _, secret in sent(step):
            value = _read(secret, environ)
            if isinstance(value, Problem):
                yield step, value


def sent(step: Step) -> Iterator[tuple[str, Secret]]:
    """The secrets in a step's body, by dotted path: in a PATCH those of the changed fields, else all."""
    if step.change is None or step.action is Action.DELETE:
        return
    partial = any(call.method == "PATCH" for call in step.calls)
    changed = {change.path for change in step.change.changes}
    for name, value in step.change.wanted.fields.items():
        if not partial or name in changed:
            yield from secrets_in(name, value)


def secrets_in(path: str, value: Value) -> Iterator[tuple[str, Secret]]:
    """The secrets in a field's value, by dotted path; `path` is the field's own."""
    if isinstance(value, Secret):
        yield path, value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from secrets_in(f"{path}.{name}", each)


def _read(secret: Secret, environ: Mapping[str, str]) -> str | Problem:
    value = password_of(secret, environ)
    if isinstance(value, str) and not SHORTEST <= len(value) <= LONGEST:
        return Problem(f"the password in {secret.name} has {len(value)} characters", secret.position,
                       f"the API takes {SHORTEST} to {LONGEST}")  # fmt: skip
    return value


def password_of(secret: Secret, environ: Mapping[str, str]) -> str | Problem:
    """The password behind a reference, fit to be sent or not, or why it cannot be read."""
    if secret.source == "env":
        return environ.get(secret.name) or Problem(
            f"the environment variable {secret.name}, which holds a password, is not set",
            secret.position, f"set {secret.name}",
        )  # fmt: skip
    try:
        value = Path(secret.name).read_text(encoding="utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        return Problem(f"the password file {secret.name} cannot be read: {reason}", secret.position,
                       "put the password there, or change the reference")  # fmt: skip
    return value or Problem(f"the password file {secret.name} is empty", secret.position)
