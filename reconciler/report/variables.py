"""Outputs to variables: lines that python-dotenv, docker compose and a shell read alike, or GitHub's file.

A name is made of an address, and a value is whatever somebody typed into the account: what would break out
of its line, or be read as something else by one of the readers, is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from reconciler.model import Problem, Problems
from reconciler.outputs import NUMBERS, Out, Output, Outputs
from reconciler.report.words import safe

ACCOUNT = "ACCOUNT_ID"
# read alike without quotes too, by what takes quotes literally (docker run --env-file, kubectl)
_BARE = re.compile(r"[A-Za-z0-9_.:/@%+,=-]*")
_QUOTES = (
    # double quotes: the shell and compose substitute, all of them know escapes
    ('"', re.compile(r'["$`\\]')),
    # single quotes: python-dotenv substitutes ${…} in them too, and unescapes \\ and \'
    ("'", re.compile(r"['\\]|\$\{")),
)


def outputs_dotenv(outputs: Outputs) -> str:
    """A line `NAME=value` for each; lists are joined with commas.

    Raises `Problems` for two outputs of one name, and for a value that the readers do not read alike.
    """
    named = _named(outputs)
    problems = [
        Problem(
            f"{safe(where)}: dotenv has no way to write this value that all its readers read alike",
            hint="use --format json, or --only what you need",
        )
        for where, value in named.values()
        if _quoted(value) is None
    ]
    if problems:
        raise Problems(problems, 3)
    return "".join(f"{name}={_quoted(value)}\n" for name, (_, value) in named.items())


def outputs_github(outputs: Outputs) -> str:
    """What a step writes to the file of GITHUB_OUTPUT; names in lower case, lists as JSON for fromJSON.

    Raises `Problems` for two outputs of one name.
    """
    return "".join(
        _assigned(name, value if isinstance(value, str) else json.dumps(value))
        for name, (_, value) in _named(outputs, str.lower).items()
    )


def _named(outputs: Outputs, spelled: Callable[[str], str] = str) -> Mapping[str, tuple[str, Out]]:
    """Every value and where it comes from, by its variable's name as the format has it `spelled`."""
    found: dict[str, tuple[str, Out]] = {spelled(ACCOUNT): ("the account", outputs.account)}
    problems = []
    for output in outputs.found:
        for name, value in output.values.items():
            variable, where = spelled(_variable(output, name)), f"{output.address} ({name})"
            if variable in found:
                problems.append(_same_name(variable, found[variable][0], where))
            found[variable] = where, value
    if problems:
        raise Problems(problems, 3)
    return found


def _same_name(variable: str, one: str, other: str) -> Problem:
    return Problem(
        f"{safe(one)} and {safe(other)} would both be called {variable}",
        hint="use --format json, or --only one of them",
    )


def _variable(output: Output, name: str) -> str:
    """`LOCATION_PRODUCTION_SUPPORT_ID`: letters and digits stay, a wildcard is X, the rest is _."""
    address = output.address
    words = [address.kind, *address.names, address.criterion.replace("*", "X")]
    words += [] if name == NUMBERS else [name]
    return re.sub("[^A-Z0-9]", "_", "_".join(filter(None, words)).upper())


def _quoted(value: Out) -> str | None:
    """The value as every reader reads it; None where there is no such spelling."""
    parts = (value,) if isinstance(value, str) else value
    text = ",".join(parts)
    if not text.isprintable() or (parts is value and any("," in part for part in parts)):
        return None
    if _BARE.fullmatch(text):
        return text
    return next((f"{mark}{text}{mark}" for mark, special in _QUOTES if not special.search(text)), None)


def _assigned(name: str, value: str) -> str:
    """`name=value`, or the value between lines of a delimiter that is nowhere in it."""
    if not {"\n", "\r"} & set(value):
        return f"{name}={value}\n"
    delimiter = "EOF"
    while delimiter in value:
        delimiter += "_"
    return f"{name}<<{delimiter}\n{value}\n{delimiter}\n"
