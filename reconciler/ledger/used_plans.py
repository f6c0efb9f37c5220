"""A saved plan's digest to the promise that it is applied once: a file that only one run can create."""

from __future__ import annotations

from pathlib import Path

from reconciler.model import Problem, Problems

APPLIED_BEFORE = Problem("this plan was applied before", hint="make a new plan; a saved plan applies once")


def was_applied(ledger: Path, digest: str) -> bool:
    """Whether a run has claimed the plan."""
    return _mark(ledger, digest).exists()


def claim(ledger: Path, digest: str) -> None:
    """Mark the plan as applied. Raises `Problems`: exit 3 when it was before, 1 when that cannot be kept."""
    mark = _mark(ledger, digest)
    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch(exist_ok=False)
    except FileExistsError:
        raise Problems([APPLIED_BEFORE], 3) from None
    except OSError as error:
        raise Problems(
            [Problem(f"the ledger {ledger} cannot be written: {error.strerror}",
                     hint="nothing was changed; pass --ledger with a directory that can be written")]
        ) from error  # fmt: skip


def _mark(ledger: Path, digest: str) -> Path:
    return ledger / "used-plans" / digest
