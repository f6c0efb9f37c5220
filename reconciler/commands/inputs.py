"""The common options and the environment to what a command works with: a manifest, an account, a client."""

from __future__ import annotations

import functools
import math
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from reconciler.commands.outside import Outside
from reconciler.commands.speaking import say
from reconciler.model import Problem, Problems

if TYPE_CHECKING:
    from reconciler.api.client import Connection
    from reconciler.ledger.store import Store
    from reconciler.manifest import Document

DEFAULT_FILE = Path("bandwidth.yaml")
DEFAULT_LEDGER = ".reconciler"
F = TypeVar("F", bound=Callable[..., Any])


class Seconds(click.FloatRange):
    """A duration: a finite number of seconds, three years at the most."""

    def __init__(self, least: float = 0) -> None:
        super().__init__(least, 1e8)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number. Fails for a word that is none, and for nan."""
        seconds = float(super().convert(value, param, ctx))
        return self.fail(f"{value} is not a duration", param, ctx) if math.isnan(seconds) else seconds


@dataclass(frozen=True)
class Waiting:
    """How a run waits for a rate limit: how many seconds at most, who lets them pass and who counts them.

    `pause` answers with something true where the run was stopped meanwhile.
    """

    most: float = 300.0
    pause: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic


@dataclass(frozen=True)
class Inputs:
    """What was said on the command line and in the environment."""

    files: tuple[Path, ...] = (DEFAULT_FILE,)
    files_given: bool = False
    account: str | None = None
    api_url: str | None = None
    ledger: str = DEFAULT_LEDGER
    parallelism: int = 8
    timeout: float = 30.0
    color: bool = False
    verbose: int = 0
    trace: Path | None = None
    outside: Outside = field(default_factory=Outside, repr=False)

    @property
    def environ(self) -> Mapping[str, str]:
        """The variables that the run sees."""
        return self.outside.environ

    def open_ledger(self) -> Store:
        """The ledger, of every account; looking makes nothing. Raises `LedgerFailed`."""
        return self.outside.open_ledger(self.ledger, self.environ)

    def load(self, files: tuple[Path, ...] | None = None) -> Document:
        """The manifest as a `Document`. Raises `Problems`."""
        from reconciler.kinds.schema import manifest_schema
        from reconciler.manifest import load

        return load(files or self.files, self.environ, manifest_schema())

    def account_id(self, in_manifest: str | None, *, needed: bool = True) -> str:
        """The account: from the option, the environment and the manifest, which must agree.

        Raises `Problems`; where none is `needed`, "" stands for none.
        """
        given = {
            "--account": self.account,
            "BW_ACCOUNT_ID": self.environ.get("BW_ACCOUNT_ID"),
            "account in the manifest": in_manifest,
        }
        said = {where: value for where, value in given.items() if value}
        if not said and not needed:
            return ""
        if not said:
            raise Problems([Problem("no account was given", hint="set BW_ACCOUNT_ID, or pass --account")])
        if len(set(said.values())) > 1:
            listed = ", ".join(f"{where} says {value}" for where, value in said.items())
            raise Problems([Problem(f"the account is not clear: {listed}", hint="make them agree")])
        found = next(iter(said.values()))
        if not found.isdecimal():
            raise Problems(
                [Problem(f"the account id {found!r} is not a number", hint="an account id is digits only")]
            )
        return found

    def connect(self, stack: ExitStack, waiting: Waiting | None = None) -> Connection:
        """A connection of the API client, its trace file closed with `stack`. Raises `Problems`."""
        from reconciler.api.auth import credentials_from
        from reconciler.api.client import connect
        from reconciler.api.endpoints import resolve_endpoints
        from reconciler.api.trace import Trace

        waiting = waiting or Waiting(pause=self.outside.signals.stop.wait)
        endpoints = resolve_endpoints(self.api_url, self.environ)
        credentials = credentials_from(self.environ)
        trace = Trace(self._trace_file(stack), self._say if self.verbose else None, self._say_untraced)
        return connect(
            endpoints,
            credentials,
            timeout=self.timeout,
            parallelism=self.parallelism,
            trace=trace,
            transport=self.outside.transport,
            max_wait=waiting.most,
            pause=waiting.pause,
            clock=waiting.clock,
        )

    def _trace_file(self, stack: ExitStack) -> TextIO | None:
        if self.trace is None:
            return None
        try:
            return stack.enter_context(self.trace.open("w", encoding="utf-8"))
        except OSError as error:
            raise Problems(
                [Problem(f"the trace file {self.trace} cannot be written: {error.strerror}")]
            ) from error

    @staticmethod
    def _say(line: str) -> None:
        say(f"{line}\n", err=True)

    def _say_untraced(self, why: str) -> None:
        say(f"warning: the trace file {self.trace} is not written to the end: {why}\n", err=True)


def common(function: F) -> F:
    """The options that every command with a manifest takes; the command gets them as `inputs`."""
    options = (
        click.option("-f", "--file", "files", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
                     help=f"Manifest; several are merged, later over earlier.  [default: {DEFAULT_FILE}]"),
        click.option("--account", metavar="ID", help="Account id; agrees with BW_ACCOUNT_ID and manifest."),
        click.option("--api-url", metavar="URL", help="Origin of the API, as of an emulator (BW_API_URL)."),
        click.option("--ledger", default=DEFAULT_LEDGER, show_default=True, metavar="URL",
                     help="Where runs keep their lock and records: a directory, or s3://, gs://, az://."),
        click.option("--parallelism", default=8, show_default=True, type=click.IntRange(1, 64),
                     help="Requests at a time."),
        click.option("--timeout", default=30.0, show_default=True, type=Seconds(0.1),
                     metavar="SECONDS", help="Longest wait for one answer."),
        click.option("--no-color", is_flag=True, help="Plain text (NO_COLOR does the same)."),
        click.option("-v", "--verbose", count=True, help="Say more: requests on stderr, unmanaged objects."),
        click.option("--trace", type=click.Path(path_type=Path), metavar="FILE",
                     help="Write requests and answers to FILE, without secrets."),
    )  # fmt: skip

    @functools.wraps(function)
    def with_inputs(*args: Any, no_color: bool, files: tuple[Path, ...], ledger: str, **options: Any) -> Any:
        names = ("account", "api_url", "parallelism", "timeout", "verbose", "trace")
        given = {name: options.pop(name) for name in names}
        outside = click.get_current_context().find_object(Outside) or Outside()
        plain = no_color or outside.environ.get("NO_COLOR")
        color = bool(sys.stdout and sys.stdout.isatty() and not plain)
        inputs = Inputs(
            files or (DEFAULT_FILE,), bool(files), ledger=ledger, color=color, outside=outside, **given
        )
        return function(*args, inputs=inputs, **options)

    for option in reversed(options):
        with_inputs = option(with_inputs)
    return with_inputs  # type: ignore[return-value]
