"""Rows of a long table to parameters of a test: some for the quick suite, all of them at full length."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def briefly(rows: Iterable[Any], every: int) -> list[Any]:
    """The rows; all but each `every`-th, from the first on, are marked `full`."""
    each = [row if isinstance(row, tuple) else (row,) for row in rows]
    marks = [[pytest.mark.full] if place % every else [] for place in range(len(each))]
    return [pytest.param(*row, marks=mark) for row, mark in zip(each, marks, strict=True)]
