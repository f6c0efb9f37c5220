"""The command `emulator`: what it says of where it serves, what its options do, and which it refuses."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from caller import ACCOUNT
from cli import Place, Ran, run
from click.testing import CliRunner

from reconciler.commands.emulator import command
from reconciler.emulator import Emulator, serve
from reconciler.emulator.faults.fault import KINDS


def test_a_port_that_is_in_use_is_told() -> None:
    """In process it is an OSError; the command says in two lines what is wrong and what helps, exit 1."""
    with serve(Emulator()) as server:
        port = server.url.rpartition(":")[2]
        with pytest.raises(OSError, match="in use"), serve(Emulator(), port=int(port)):
            pass
        ran = run("emulator", "--port", port, environ={}, folder=Path())
    assert ran == Ran(1, "", f"error: port {port} is in use\n  hint: --port 0 takes a free one\n")


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1"])
def test_a_host_that_is_not_here_is_told(host: str) -> None:
    """A name without an address, or an address of another machine: one line that names it, exit 1."""
    ran = run("emulator", "--host", host, "--port", "0", environ={}, folder=Path())
    assert (ran.code, ran.out) == (1, "")
    assert re.fullmatch(rf"error: cannot listen on {re.escape(host)}, port 0: [\w ]+\n", ran.err)


@contextmanager
def commanded(*options: str) -> Iterator[tuple[str, str]]:
    """The command on a free port: its origin, and the first line that it prints."""
    words = [sys.executable, "-m", "reconciler", "emulator", "--port", "0", *options]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield line.rpartition(" at ")[2].strip(), line
        finally:
            process.terminate()


def test_the_command_tells_where_it_serves_and_does_what_its_options_say(tmp_path: Path) -> None:
    """The first line ends with the origin; faults, a file of them, limits and control are in force."""
    (tmp_path / "faults.yaml").write_text("- refuse GET sites nth=2\n", encoding="utf-8")
    options = ("--fault", "forbidden GET sites nth=1", "--faults", str(tmp_path / "faults.yaml"))
    with commanded(*options, "--rate-limit", "3/600", "--control") as (origin, line):
        assert line == f"The emulator serves account 9900000 at {origin}\n"
        url = f"{origin}/api{ACCOUNT}/sites"
        statuses = [httpx.get(url, auth=("user", "password")).status_code for _ in range(6)]
        told = httpx.get(f"{origin}/_emulator/faults").json()
    assert statuses == [403, 503, 200, 200, 200, 429]
    assert [each["happened"] for each in told] == [1, 1]


@pytest.mark.parametrize(("option", "may"), [([], "look at"), (["--control"], "look at and steer")], ids=str)
def test_the_command_warns_of_the_network(option: list[str], may: str, tmp_path: Path) -> None:
    """On every address the origin is one to be called from here, and stderr says who else gets in."""
    place = Place(tmp_path, "")
    process = place.start("emulator", "--port", "0", "--host", "0.0.0.0", *option)
    assert process.stdout is not None
    first = process.stdout.readline()
    assert process.stderr is not None
    warned = process.stderr.readline()
    process.send_signal(signal.SIGINT)
    assert place.ended(process).code == 0
    assert re.search(r" at http://127\.0\.0\.1:\d+\n$", first)
    assert warned == f"warning: anybody on the network can {may} this account\n"


WRONG_OPTIONS = (
    (["--fault", "explode"], "--fault: explode: is none of latency, "),
    (["--fault", "refuse when=now"], "--fault: when is none of what, value, method, path, nth, "),
    (["--fault", "refuse nth=2 nth=3"], "nth is said twice; expected WHAT[=VALUE] [METHOD] [PATH]"),
    (["--faults", "nowhere.yaml"], "--faults nowhere.yaml: "),
    (["--rate-limit", "many"], "--rate-limit: many: expected BUCKET=CALLS/SECONDS"),
    (["--rate-limit", "ORDERS=1/1"], "--rate-limit: ORDERS: a bucket is one of ALL, "),
    (["--account", ""], "--account: it is empty"),
    (["--username", ""], "--username: it is empty"),
    (["--allow-host", "emulator:80"], "--allow-host: emulator:80 is no name of a host"),
    (["--order-seconds", "1", "--order-looks", "1"], "--order-seconds or --order-looks: give one of them"),
    (["--backorder-looks", "1", "--backorder-seconds", "1"], "--backorder-seconds or --backorder-looks: "),
)


@pytest.mark.parametrize(("options", "words"), WRONG_OPTIONS, ids=str)
def test_a_senseless_option_is_told(options: list[str], words: str) -> None:
    """A fault, a file or a limit that makes no sense is a usage error, and nothing is served."""
    ran = CliRunner().invoke(command, options)
    assert ran.exit_code != 0
    assert words in " ".join(ran.output.split())


def test_the_help_explains_every_kind_of_fault() -> None:
    """Each kind is in the help, with what happens."""
    told = " ".join(CliRunner().invoke(command, ["--help"], terminal_width=200).output.split())
    for name, kind in KINDS.items():
        assert (f"{name}={kind.value}" if kind.value else name) in told
        assert kind.about[1:] in told
