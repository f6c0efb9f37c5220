"""The code's tables to `schemas/*.json` and pages of `docs/`: `python -m reconciler.schemas [ROOT]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from reconciler.coverage import coverage_markdown
from reconciler.kinds.schema import manifest_schema
from reconciler.reference import fields_markdown
from reconciler.report.as_json import dumps
from reconciler.report.formats import (
    ERROR_SCHEMA,
    HISTORY_SCHEMA,
    OUTCOME_SCHEMA,
    OUTPUTS_SCHEMA,
    PLAN_SCHEMA,
    SMOKE_SCHEMA,
)


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema, by its file's name."""
    return {
        "manifest.schema.json": manifest_schema(),
        "plan.schema.json": PLAN_SCHEMA,
        "outcome.schema.json": OUTCOME_SCHEMA,
        "error.schema.json": ERROR_SCHEMA,
        "history.schema.json": HISTORY_SCHEMA,
        "smoke.schema.json": SMOKE_SCHEMA,
        "outputs.schema.json": OUTPUTS_SCHEMA,
    }


def references() -> dict[str, str]:
    """Every page of docs/ that is written from the code, by its file's name."""
    return {"fields.md": fields_markdown(), "coverage.md": coverage_markdown()}


def write(folder: Path) -> None:
    """Write every schema into the folder."""
    for name, schema in schemas().items():
        (folder / name).write_text(dumps(schema), encoding="utf-8")


def main(root: Path) -> None:
    """Write the schemas and the field reference of the source tree at `root`."""
    write(root / "schemas")
    for name, text in references().items():
        (root / "docs" / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(*sys.argv[1:2] or ["."]))
