"""A saved plan's digest to the promise that it is applied once: a file that only one run can create."""

from __future__ import annotations

from pathlib import Path

from reconciler.model import Problem, Problems


def claim(ledger: Path, digest: str) -> None:
    """Mark the plan as applied. Raises `Problems`: exit 3 when it was before, 1 when that cannot be kept."""
    folder = ledger / "used-plans"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / digest).touch(exist_ok=False)
    except FileExistsError:
        raise Problems(
            [
                Problem(
                    "this plan was applied before",
                    hint="make a new plan; a saved plan applies once",
                )
            ],
            3,
        ) from None
    except OSError as error:
        raise Problems(
            [Problem(f"the ledger {ledger} cannot be written: {error.strerror}",
                     hint="nothing was changed; pass --ledger with a directory that can be written")]
        ) from error  # fmt: skip
