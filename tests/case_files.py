"""A folder of YAML files turned into cases by name; what begins with x- is only for anchors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml


def cases_in(folder: Path) -> Mapping[str, Any]:
    """Each case as `file: name`."""
    return {
        f"{file.stem}: {name}": case
        for file in sorted(folder.glob("*.yaml"))
        for name, case in yaml.safe_load(file.read_text(encoding="utf-8")).items()
        if not name.startswith("x-")
    }
