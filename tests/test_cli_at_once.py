"""Many steps at once against one account: how many calls are in flight, and what one failure costs."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from cli import ADDRESS, TOKEN, account

from reconciler.emulator import Emulator

APPLICATION = "{{service_type: Voice-V2, call_initiated_callback_url: 'https://example.com/{}'}}"
NAMES = "abcdefgh"
APPLICATIONS = "version: 1\napplications:\n" + "".join(
    f"  {name}: {APPLICATION.format(name)}\n" for name in NAMES
)


class Gathering(Emulator):
    """An emulator that answers no write before so many are in flight; `most` were at once."""

    def __init__(self, at_once: int) -> None:
        super().__init__(order_seconds=0)
        self.at_once = at_once
        self.flying = self.most = 0
        self.moved = threading.Condition()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        if environ["REQUEST_METHOD"] == "GET" or environ["PATH_INFO"].endswith(TOKEN):
            return super().__call__(environ, start_response)
        with self.moved:
            self.flying += 1
            self.most = max(self.most, self.flying)
            self.moved.notify_all()
            assert self.moved.wait_for(lambda: self.most >= self.at_once, timeout=20)
        try:
            return super().__call__(environ, start_response)
        finally:
            with self.moved:
                self.flying -= 1


@pytest.mark.parametrize(("parallelism", "at_once"), [(1, 1), (4, 4), (8, 8), (64, 8)])
def test_independent_steps_run_at_once(parallelism: int, at_once: int, tmp_path: Path) -> None:
    """Eight applications are created as many at a time as `--parallelism` allows, and no more."""
    emulator = Gathering(at_once)
    with account(tmp_path, emulator) as place:
        place.write(APPLICATIONS)
        assert place.run("apply", "--yes", "--parallelism", str(parallelism)).code == 0
        assert emulator.most == at_once
        assert sorted(each["AppName"] for each in place.state()["applications"].values()) == list(NAMES)


TWO = f"""\
version: 1
applications:
  texts: {{service_type: Messaging-V2, inbound_callback_url: https://example.com/sms}}
sub_accounts:
  broken: &same
    address: {ADDRESS}
    locations:
      desk:
        features: {{sms: true, mms: true}}
        messaging_application: texts
        numbers: [{{area_code: "919", count: 1}}]
  whole: *same
"""


def test_one_failure_skips_what_needs_it_and_is_told_once(tmp_path: Path) -> None:
    """Where one sub-account is refused, all that is in it is skipped, the other is done to its numbers."""
    emulator = Emulator(order_seconds=0, faults=("error-before=400 POST sites nth=1 code=13520",))
    with account(tmp_path, emulator) as place:
        place.write(TWO)
        ran = place.run("apply", "--yes", "--format", "json", "--parallelism", "1")
        assert ran.code == 4
        (order,) = place.orders()
        ends = {step["id"]: step for step in ran.document["steps"]}
        assert {end["state"] for name, end in ends.items() if "whole" in name} == {"done"}
        refused, *skipped = [end for name, end in ends.items() if "broken" in name]
        assert (refused["id"], refused["state"]) == ("sub_account.broken#create", "failed")
        assert {end["state"] for end in skipped} == {"skipped"}
        assert ran.out.count("13520") == 1
        assert all(end["message"].startswith("needs ") for end in skipped)
        again = place.run("apply", "--yes", "--settle", "0")
        assert (again.code, len(place.orders()), len(place.state()["sites"])) == (0, 2, 2), again.said
        assert order["id"] in {each["id"] for each in place.orders()}
