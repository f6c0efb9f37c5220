"""What may be given for a setting: the value that it stands for, or a refusal that names the setting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import Emulator, Fault, Rate, Settings

GIVEN: tuple[tuple[str, Any, Any], ...] = (
    ("account_id", 9900001, "9900001"),
    ("inventory", {919: 3}, {"919": 3}),
    ("without", "SMS", ("SMS",)),
    ("without", ["SMS", "MMS"], ("SMS", "MMS")),
    ("countries", "CAN", ("CAN",)),
    ("traffic", "LITE", "LITE"),
    ("taken", "198.51.100.9", ("198.51.100.9/32",)),
    ("hosts", "Emulator", ("emulator",)),
    ("faults", "refuse GET", (Fault(what="refuse", method="GET"),)),
    ("faults", {"what": "lag"}, (Fault(what="lag"),)),
    ("faults", Fault(what="lag"), (Fault(what="lag"),)),
    ("faults", ["lag", Fault(what="refuse")], (Fault(what="lag"), Fault(what="refuse"))),
    ("rate_limits", {"order": "100/60", "ALL": Rate(2, 1)}, {"ORDER": Rate(100, 60), "ALL": Rate(2, 1)}),
    ("data", "account.db", Path("account.db")),
    ("load", "account.yaml", Path("account.yaml")),
    ("load", None, None),
    ("backorder_seconds", 2, 2),
)


@pytest.mark.parametrize(("name", "given", "value"), GIVEN, ids=str)
def test_what_is_given_is_read(name: str, given: Any, value: Any) -> None:
    """One stands for a collection of one, text for a path, a rate or a fault, a whole number for an id."""
    assert getattr(Settings(**{name: given}), name) == value


WRONG: tuple[tuple[str, Any, str], ...] = (
    ("account_id", "", "it is empty"),
    ("username", "", "it is empty"),
    ("client_id", "", "it is empty"),
    ("order_seconds", -1, "-1 is no number of seconds"),
    ("order_seconds", "2", "2 is no number of seconds"),
    ("order_seconds", float("nan"), "nan is no number of seconds"),
    ("backorder_seconds", -0.5, "-0.5 is no number of seconds"),
    ("provision_seconds", True, "True is no number of seconds"),
    ("token_seconds", -1, "-1 is no number of seconds"),
    ("order_looks", -1, "-1 is not a count"),
    ("backorder_looks", 1.5, "1.5 is not a count"),
    ("inventory", {"9199": 1}, "9199: a code has 3 digits"),
    ("inventory", {"919": -1}, "-1 is not a count"),
    ("inventory", 3, "expected a count for each code"),
    ("without", "Teleport", "there is no product or feature Teleport"),
    ("without", 3, "'int' object is not iterable"),
    ("traffic", "HEAVY", "HEAVY is none of LITE, DOMESTIC, ALL"),
    ("taken", ["sbc.example.com"], "Expected 4 octets in 'sbc.example.com'"),
    ("hosts", "emulator:8080", "emulator:8080 is no name of a host; a port is left out"),
    ("faults", "explode", "fault 1: explode: is none of "),
    ("faults", ["lag", 3], "fault 2: expected a line or a mapping"),
    ("rate_limits", {"ORDER": "many"}, "ORDER=many: expected BUCKET=CALLS/SECONDS"),
    ("rate_limits", {"ORDER": "ALL=1/1"}, "ORDER=ALL=1/1: expected BUCKET=CALLS/SECONDS"),
    ("rate_limits", {"ORDERS": "1/1"}, "ORDERS: a bucket is one of ALL, "),
    ("rate_limits", "1/1", ""),
    ("data", 3, ""),
)


@pytest.mark.parametrize(("name", "given", "words"), WRONG, ids=str)
def test_what_makes_no_sense_is_refused(name: str, given: Any, words: str) -> None:
    """A value that is none is a ValueError that begins with the name of the setting, and says why."""
    with pytest.raises(ValueError, match=f"^{name}: ") as refused:
        Emulator(**{name: given})
    assert words in str(refused.value)
