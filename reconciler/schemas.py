"""The code's tables to the JSON Schemas in `schemas/`: `python -m reconciler.schemas [FOLDER]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from reconciler.kinds.schema import manifest_schema
from reconciler.report.as_json import dumps
from reconciler.report.formats import ERROR_SCHEMA, OUTCOME_SCHEMA, PLAN_SCHEMA


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema, by its file's name."""
    return {
        "manifest.schema.json": manifest_schema(),
        "plan.schema.json": PLAN_SCHEMA,
        "outcome.schema.json": OUTCOME_SCHEMA,
        "error.schema.json": ERROR_SCHEMA,
    }


def write(folder: Path) -> None:
    """Write every schema into the folder."""
    for name, schema in schemas().items():
        (folder / name).write_text(dumps(schema), encoding="utf-8")


if __name__ == "__main__":
    write(Path(*sys.argv[1:2] or ["schemas"]))
