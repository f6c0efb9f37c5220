"""The code's tables to `schemas/*.json` and `docs/fields.md`: `python -m reconciler.schemas [ROOT]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

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


def write(folder: Path) -> None:
    """Write every schema into the folder."""
    for name, schema in schemas().items():
        (folder / name).write_text(dumps(schema), encoding="utf-8")


def main(root: Path) -> None:
    """Write the schemas and the field reference of the source tree at `root`."""
    write(root / "schemas")
    (root / "docs" / "fields.md").write_text(fields_markdown(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(*sys.argv[1:2] or ["."]))
