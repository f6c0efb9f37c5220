"""Whatever stops a command to one clear message and the contract's exit code; never a traceback."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from reconciler.commands.speaking import say
from reconciler.model import Problem, Problems

F = TypeVar("F", bound=Callable[..., int])


def reported(function: F) -> F:
    """The command with its failures told: as text on stderr, or as one JSON document on stdout."""

    @functools.wraps(function)
    def command(*args: Any, **options: Any) -> int:
        from reconciler.api.errors import ApiError
        from reconciler.api.orders import ForeignOrder
        from reconciler.ledger.store import LedgerFailed

        try:
            return function(*args, **options)
        except Problems as found:
            problems, code = found.problems, found.exit_code
        except ApiError as error:
            problems, code = (Problem(str(error), hint=error.hint),), 1
        except LedgerFailed as error:  # a step's own is its result, so no step has begun
            hint = f"nothing was changed in the account; {error.hint}"
            problems, code = (Problem(str(error), hint=hint),), 1
        except ForeignOrder as error:
            problems, code = (Problem(str(error), hint=error.hint),), 3
        fail(problems, code, as_json=options.get("format_") == "json")
        return code

    return command  # type: ignore[return-value]


def fail(problems: Sequence[Problem], code: int, *, as_json: bool) -> None:
    """Tell what is wrong; on stderr, too, where stdout does not take the document."""
    from reconciler.report.as_json import dumps, error_json
    from reconciler.report.words import safe

    if as_json and not say(dumps(error_json(code, problems))):
        return
    for problem in problems:
        say("\n".join(map(safe, f"error: {problem}".split("\n"))) + "\n", err=True)
    if len(problems) > 1:
        say(f"{len(problems)} problems; nothing was changed.\n", err=True)
