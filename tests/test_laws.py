"""What holds of every plan and apply, whatever the manifest, its edits, and what others do meanwhile."""

from __future__ import annotations

import random
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from account import Account, Applied, is_write, shown
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from stories import PARTS, RELEASE, Turn, stories
from visible import named, visible

from reconciler.emulator.readings import READINGS
from reconciler.execute import State
from reconciler.plan import Plan
from reconciler.report.as_json import dumps, plan_json

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


class Dawdling(httpx.BaseTransport):
    """Passes requests on after a moment that only the seed knows, so that answers overtake each other."""

    def __init__(self, transport: httpx.BaseTransport, seed: int) -> None:
        self._transport, self._random, self._lock = transport, random.Random(seed), threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Wait, and pass it on."""
        with self._lock:
            moment = self._random.random() * 0.004
        time.sleep(moment)
        return self._transport.handle_request(request)


def lived(story: list[Turn], *, populated: bool, **readings: Any) -> Iterator[tuple[Account, str]]:
    """The account before each turn's manifest is planned: the turns before are applied."""
    with tempfile.TemporaryDirectory() as folder:
        account = Account(Path(folder), **{"site_address": "optional", **readings})
        for call, body in PARTS["population"] if populated else ():
            answer = account.call(call, body)
            assert answer.is_success, f"{call}: {answer.text}"
        account.clock.wait(1)
        account.call("GET /applications")  # orders are carried out when somebody next calls
        for turn in story:
            _drift(account, turn)
            yield account, turn.manifest


def _drift(account: Account, turn: Turn) -> None:
    """Somebody else's doing; what the API refuses them is not done."""
    if turn.drift == RELEASE:
        numbers = account.state()["numbers"].values()
        for number in [n["number"] for n in numbers if n["status"] == "Inservice"][:1]:
            account.emulator.release(number)
    elif turn.drift:
        account.call(*turn.drift)


def as_bytes(plan: Plan) -> str:
    """A plan as its JSON document, times aside."""
    return dumps(plan_json(plan, tool="", created_at=MOMENT, expires_at=MOMENT))


def applies_and_converges(story: list[Turn], **readings: Any) -> None:
    """Unless it is refused, every step is done, nothing is left, and what was sent is what was listed.

    Under other readings a call may be sent in a second form.
    """
    for account, manifest in lived(story, populated=False, **readings):
        applied = account.apply(manifest)
        event("refused" if applied.plan.refusals else "applied" if applied.plan.steps else "nothing to do")
        if applied.plan.refusals:
            assert not applied.sent
            continue
        said = f"{manifest}\n{shown(applied.plan)}"
        failed = [r for r in applied.outcome.results if r.state is not State.DONE]
        assert not failed, f"{failed}\n{said}"
        assert applied.code == 0, f"left:\n{shown(applied.residue)}\n{said}"
        sent, listed = _sent(account, applied), _listed(account, applied.plan)
        assert sent == listed or (readings and sent.keys() == listed.keys()), said


def _sent(account: Account, applied: Applied) -> Counter[str]:
    return Counter(call for call, _ in account.calls(applied.sent))


def _listed(account: Account, plan: Plan) -> Counter[str]:
    calls = [f"{call.method} {call.path}" for step in plan.steps for call in step.calls]
    known = (
        re.sub(r"\{[^}]*[./]([^}./]+)\}", r"\1", call).replace("/accounts/9900000", "") for call in calls
    )
    return Counter(account.named(call) for call in known)


def plans_without_a_trace(story: list[Turn]) -> None:
    """A plan sends nothing but GET, changes nothing, and is the same bytes whatever answer comes first."""
    for account, manifest in lived(story, populated=True):
        before, log = account.state(), len(account.emulator.log)
        plans = {as_bytes(account.plan(manifest).plan)}
        straight = account.transport
        for seed in range(3):
            account.transport = Dawdling(straight, seed)
            plans.add(as_bytes(account.plan(manifest).plan))
        account.transport = straight
        assert len(plans) == 1, manifest
        assert not [each for each in account.emulator.log[log:] if is_write(each)]
        assert account.state() == before
        account.apply(manifest)


def leaves_alone_what_is_not_named(story: list[Turn]) -> None:
    """Objects that the manifest does not name, and fields that it does not declare, are as they were."""
    for account, manifest in lived(story, populated=True):
        before = visible(account)
        applied = account.apply(manifest)
        after, wanted = visible(account), yaml.safe_load(manifest)
        for path, value in before.items():
            if not named(path, wanted):
                assert after.get(path) == value, f"{path}\n{manifest}\n{shown(applied.plan)}"
        if not applied.plan.steps:
            assert after == before


LAWS: tuple[Callable[[list[Turn]], None], ...] = (
    applies_and_converges,
    plans_without_a_trace,
    leaves_alone_what_is_not_named,
)
PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
BRIEFLY = settings(
    phases=PHASES,
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)
AT_LENGTH = settings(phases=PHASES, max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("law", LAWS)
@BRIEFLY
@given(stories())
def test_a_law_holds(law: Callable[[list[Turn]], None], story: list[Turn]) -> None:
    """Each law holds of some stories, the same ones each time."""
    law(story)


# what the stories' manifests have, and the API may refuse
REFUSING = {"zones", "campaign_needed"}
OTHERWISE = st.fixed_dictionaries(
    {},
    optional={
        reading.name: st.sampled_from(reading.answers[1:])
        for reading in READINGS.values()
        if not reading.unmet and reading.name not in REFUSING
    },
)


@pytest.mark.full
@AT_LENGTH
@given(stories(), OTHERWISE)
def test_stories_converge_under_any_answers(story: list[Turn], readings: dict[str, str]) -> None:
    """Whatever several open questions about the API are answered at once, applied is converged."""
    applies_and_converges(story, **readings)


@pytest.mark.full
@pytest.mark.parametrize("law", LAWS)
@AT_LENGTH
@given(stories(turns=4))
def test_a_law_holds_at_length(law: Callable[[list[Turn]], None], story: list[Turn]) -> None:
    """Each law holds of many more and longer stories."""
    law(story)
