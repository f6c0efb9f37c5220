"""The command line as a stranger has it: words and an environment to an exit code, stdout and stderr.

Most runs are in this process; where the process itself matters (signals, terminals, imports), `start`
makes one. The server is an emulator on a real socket.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from reconciler.cli import main
from reconciler.emulator import Emulator, Exchange, serve

ROOT = Path(__file__).parents[1]
CASES = Path(__file__).parent / "cases" / "cli"
ACCOUNT = "9900000"
TOKEN = "/oauth2/token"
ADDRESS = '{house_number: "900", street_name: Main Campus, city: Raleigh, state_code: NC, zip: "27606"}'
SCHEMAS = {
    f"reconciler.{name}/1": Draft202012Validator(
        json.loads((ROOT / f"schemas/{name}.schema.json").read_text())
    )
    for name in ("plan", "outcome", "error", "history", "smoke", "outputs")
}


@dataclass(frozen=True)
class Ran:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """All that it said, on either stream."""
        return self.out + self.err

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on stdout; it fits the published schema of its format, and names the exit."""
        found: dict[str, Any] = json.loads(self.out)
        SCHEMAS[found["format"]].validate(found)
        assert found.get("exit", self.code) == self.code
        return found

    @property
    def problems(self) -> list[str]:
        """The messages of the error document."""
        return [problem["message"] for problem in self.document["problems"]]


def run(*words: str, environ: Mapping[str, str], folder: Path) -> Ran:
    """Run the command line in this process. An exception that it lets through fails the test."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main(words, environ)
    assert isinstance(ended.value.code, int)
    return Ran(ended.value.code, out.getvalue(), err.getvalue())


@dataclass
class Place:
    """A working directory, an environment and a server; files are the manifest's unless named."""

    folder: Path
    url: str
    environ: dict[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.environ = {
            "BW_API_URL": self.url,
            "BW_ACCOUNT_ID": ACCOUNT,
            "BW_CLIENT_ID": "client",
            "BW_CLIENT_SECRET": "secret",
            **self.environ,
        }

    def write(self, text: str, name: str = "bandwidth.yaml") -> Path:
        """Write a file of the directory."""
        file = self.folder / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(text, encoding="utf-8")
        return file

    def run(self, *words: str, **environ: str | None) -> Ran:
        """Run in this process; a variable that is None is not set."""
        return run(*words, environ=_given({**self.environ, **environ}), folder=self.folder)

    def start(
        self,
        *words: str,
        environ: Mapping[str, str] | None = None,
        stdin: Any = subprocess.DEVNULL,
        **options: Any,
    ) -> subprocess.Popen[str]:
        """Start a process of its own; `options` are those of `Popen`."""
        environ = environ or {}
        piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(
            [sys.executable, "-m", "reconciler", *words],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], **_given({**self.environ, **environ})},
            stdin=stdin,
            text=True,
            **{**piped, **options},
        )

    def ended(self, process: subprocess.Popen[str], timeout: float = 30) -> Ran:
        """Wait for a process that `start` made; it must not show a traceback."""
        with process:
            out, err = process.communicate(timeout=timeout)
        assert "Traceback" not in (err or ""), err
        return Ran(process.returncode, out or "", err or "")


def _given(variables: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in variables.items() if value is not None}


@dataclass
class Account(Place):
    """A place whose server is an emulator."""

    emulator: Emulator = field(default_factory=Emulator)

    def writes(self) -> list[str]:
        """The calls so far that could change the account, as "POST /api/accounts/…"."""
        return [f"{each.method} {each.path}" for each in self.emulator.log if is_write(each)]

    def state(self) -> dict[str, Any]:
        """All that the account holds; how often an order was looked at is not of the account."""
        held = self.emulator.dump()
        for order in (*held["orders"].values(), *held["disconnects"].values()):
            del order["looks"]
        return held

    def orders(self) -> list[dict[str, Any]]:
        """The orders that were placed, oldest first."""
        return list(self.emulator.dump()["orders"].values())

    def ask(self, call: str, body: str | bytes = "") -> str:
        """Make a call of the API's own ("PATCH /applications/…"), as somebody would; the answer's text."""
        method, path = call.split(" ", 1)
        answer = httpx.request(
            method,
            f"{self.url}/api/accounts/{ACCOUNT}{path}",
            content=body,
            headers={"Content-Type": "application/xml"},
            auth=("user", "password"),
        )
        assert answer.status_code < 300, f"{call}: {answer.status_code} {answer.text}"
        return answer.text


def is_write(exchange: Exchange) -> bool:
    """Whether a request could change the account: all but reads and the fetching of a token."""
    return exchange.method != "GET" and not exchange.path.endswith(TOKEN)


@contextlib.contextmanager
def account(folder: Path, emulator: Emulator | None = None, **environ: str | None) -> Iterator[Account]:
    """An emulated account on a socket, and a directory to work in."""
    emulator = emulator or Emulator(order_seconds=0)
    with serve(emulator) as server:
        yield Account(folder, server.url, environ, emulator)


def location(numbers: str = "", *, features: str = "{sms: {toll_free: true}, mms: true}") -> str:
    """A manifest of one application and one location, with these pools ("- {area_code: …}" lines)."""
    pools = "        numbers:\n" + "".join(f"          {line}\n" for line in numbers.splitlines())
    return f"""\
version: 1
applications:
  texts:
    service_type: Messaging-V2
    inbound_callback_url: https://example.com/sms
sub_accounts:
  main:
    address: {ADDRESS}
    locations:
      desk:
        features: {features}
        messaging_application: texts
{pools if numbers else ""}"""
