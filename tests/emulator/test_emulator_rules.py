"""Each rule of the API as a case in rules/: what is there, what is asked, what comes back.

`with` are settings of the emulator.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from caller import furnished
from cases import ask, prepare

CASES = [
    pytest.param(case, id=f"{file.stem}: {case['rule']}")
    for file in sorted((Path(__file__).parent / "rules").glob("*.yaml"))
    for case in yaml.safe_load(file.read_text())
]


@pytest.mark.parametrize("case", CASES)
def test_rule(case: dict[str, Any]) -> None:
    """A request against a rule gets the documented status and code, and changes nothing."""
    world = furnished(**case.get("with", {}))
    prepare(world, case.get("before", []))
    held = world.emulator.dump()
    reply = ask(world, case)
    assert (reply.status, reply.code) == tuple(case["answer"])
    assert world.emulator.dump() == held
