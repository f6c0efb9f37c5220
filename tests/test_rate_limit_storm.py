"""An apply of everything at once against a narrow limit: it gets through, and wastes little."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.rate_limit_storm import storm


@pytest.mark.full
def test_a_storm_is_weathered(tmp_path: Path) -> None:
    """At 20 requests a second 16 threads converge; only the first burst goes over, and by few requests."""
    found = storm(tmp_path)
    assert found.code == 0, found.said
    assert "Converged: a second plan shows no changes." in found.said
    assert found.refused > 0
    assert found.refused_later == 0
    assert found.wasted < 0.1
