"""An apply against a rate limit turned into figures: how many calls were made, and how many for nothing.

Run by `make bench`: the manifest of the crash matrix, applied over a socket by 16 threads to an account that
serves 20 calls a second, in real time.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from reconciler.cli import main as command_line
from reconciler.emulator import Emulator, serve

MANIFEST = Path(__file__).parents[1] / "crash" / "manifest.yaml"
LIMIT, WINDOW, THREADS = 20, 1.0, 16
ENVIRON = {
    "BW_ACCOUNT_ID": "9900000",
    "BW_CLIENT_ID": "client",
    "BW_CLIENT_SECRET": "secret",
    "HOOK_PASSWORD": "hook-password",
}


@dataclass(frozen=True)
class Storm:
    """How it went: the exit code and the last words, requests and what came of them, seconds in all.

    `refused` are the 429s, `refused_later` those after the first burst and the window that it filled.
    """

    code: int
    said: str
    requests: int
    refused: int
    refused_later: int
    seconds: float

    @property
    def wasted(self) -> float:
        """The share of requests that were made for nothing."""
        return self.refused / self.requests


def storm(folder: Path, calls: int = LIMIT, window: float = WINDOW, threads: int = THREADS) -> Storm:
    """Apply the manifest, with a ledger in `folder`, to an empty account that is limited so."""
    emulator = Emulator(order_seconds=0, rate_limits={"ALL": f"{calls}/{window:g}"})
    out, began = io.StringIO(), time.monotonic()
    with serve(emulator) as server, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        words = ["apply", "--yes", "-f", str(MANIFEST), "--ledger", str(folder / "ledger")]
        environ = {**ENVIRON, "BW_API_URL": server.url}
        try:
            command_line([*words, "--parallelism", str(threads)], environ)
        except SystemExit as ended:
            code = int(ended.code or 0)
    refused = [each.at for each in emulator.log if each.status == 429]
    later = [at for at in refused if at > refused[0] + window]
    seconds = time.monotonic() - began
    return Storm(code, out.getvalue(), len(emulator.log), len(refused), len(later), seconds)


def main() -> None:
    """Prints the figures."""
    with tempfile.TemporaryDirectory() as folder:
        found = storm(Path(folder))
    print(
        f"{THREADS} threads at {LIMIT} requests in {WINDOW:g} s: exit {found.code} in {found.seconds:.1f} s"
    )
    print(
        f"{found.requests} requests, {found.refused} refused ({found.wasted:.1%}), "
        f"{found.refused_later} of them after the first burst"
    )
    print(f"{(found.requests - found.refused) / found.seconds:.1f} requests a second were served")


if __name__ == "__main__":
    main()
