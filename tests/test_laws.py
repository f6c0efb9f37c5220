"""What holds of every plan and apply, whatever the manifest, its edits, and what others do meanwhile."""

from __future__ import annotations

import random
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from account import ACCOUNT, REFUSED, Account, Applied, is_write, shown
from drawn import PARTS
from hypothesis import HealthCheck, Phase, event, example, given, settings
from hypothesis import strategies as st
from stories import RELEASE, Turn, stories
from telling import is_doomed, right, written
from visible import Place, keys, named, visible

from reconciler.emulator.readings import READINGS
from reconciler.execute import State
from reconciler.model import Severity
from reconciler.plan import Options, Plan
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


@dataclass(frozen=True)
class Moment:
    """An account before a turn's manifest is applied, the manifest's text, and what is said with it."""

    account: Account
    turn: Turn
    manifest: str
    options: Options

    def plan(self) -> Plan:
        """Plan it."""
        return self.account.plan(self.manifest, options=self.options).plan

    def apply(self) -> Applied:
        """Apply it."""
        return self.account.apply(self.manifest, options=self.options)


def lived(story: list[Turn], *, populated: bool, **readings: Any) -> Iterator[Moment]:
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
            manifest = written(turn.manifest, _ids(account))
            yield Moment(account, turn, manifest, _said_with(account, turn, manifest))


def _ids(account: Account) -> dict[tuple[str, ...], str]:
    """The id of each object, by its name and its parent's."""
    held, names = account.emulator.dump(), account.names()
    found: dict[tuple[str, ...], str] = {(names[id_],): id_ for id_ in held["applications"]}
    for site in held["sites"].values():
        found[names[site["id"]],] = site["id"]
        found |= {(names[site["id"]], names[peer]): peer for peer in site["peers"]}
    return found


def _said_with(account: Account, turn: Turn, manifest: str) -> Options:
    """What a person says who reads the plan first: hazards are allowed, numbers are named."""
    if not (turn.gives_up or turn.daring):
        return Options()
    plan = account.plan(manifest).plan
    hazards = [each for each in plan.refusals if turn.daring and each.severity is Severity.HAZARD]
    numbers = [number for pool in plan.pools for number in pool.candidates] + _leaving(account, turn)
    if turn.gives_up < 0:
        numbers = [n for pool in plan.pools if not pool.surplus for n in pool.numbers]
    return Options(
        allow_hazard=tuple(str(each.address) for each in hazards),
        release=tuple(numbers[: abs(turn.gives_up)]),
    )


def _leaving(account: Account, turn: Turn) -> list[str]:
    """The numbers at locations that are to go."""
    names, held = keys(account), account.state()["numbers"].values()
    sites = right(turn.manifest).get("sub_accounts", {})
    doomed = {
        (site, peer)
        for site, fields in sites.items()
        for peer, location in fields.get("locations", {}).items()
        if is_doomed(location)
    }
    return [
        f"+1{each['number']}"
        for each in held
        if each["status"] == "Inservice" and (names[each["site"]], names[each["peer"]]) in doomed
    ]


def in_service(account: Account) -> set[str]:
    """The numbers in service."""
    return {n["number"] for n in account.state()["numbers"].values() if n["status"] == "Inservice"}


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
    for moment in lived(story, populated=False, **readings):
        account, applied = moment.account, moment.apply()
        event("refused" if applied.plan.refusals else "applied" if applied.plan.steps else "nothing to do")
        for action in {step.action for step in applied.plan.steps if not applied.plan.refusals}:
            event(action)
        said = f"{moment.manifest}\n{moment.options}\n{shown(applied.plan)}"
        if moment.turn.gives_up < 0 and moment.options.release:
            assert applied.code == REFUSED, said
        if applied.plan.refusals:
            assert not applied.sent
            continue
        failed = [r for r in applied.outcome.results if r.state not in {State.DONE, State.PENDING}]
        assert not failed, f"{failed}\n{said}"
        assert applied.code == 0, f"left:\n{shown(applied.residue)}\n{said}"
        sent = Counter(call for call, _ in account.calls(applied.sent))
        listed, at_most = _listed(account, applied.plan, conditional=False), _listed(account, applied.plan)
        as_listed = listed <= sent <= at_most
        assert as_listed or (readings and listed.keys() <= sent.keys() <= at_most.keys()), said


def _listed(account: Account, plan: Plan, *, conditional: bool = True) -> Counter[str]:
    """The calls that a plan lists, with or without those that are sent only if need be."""
    calls = (call for step in plan.steps for call in step.calls if conditional or not call.conditional)
    known = (re.sub(r"\{[^}]*[./]([^}./]+)\}", r"\1", f"{call.method} {call.path}") for call in calls)
    return Counter(account.named(call.replace(f"/accounts/{ACCOUNT}", "")) for call in known)


def plans_without_a_trace(story: list[Turn]) -> None:
    """A plan sends nothing but GET, changes nothing, and is the same bytes whatever answer comes first."""
    for moment in lived(story, populated=True):
        account = moment.account
        before, log = account.state(), len(account.emulator.log)
        plans = {as_bytes(moment.plan())}
        straight = account.transport
        for seed in range(2):
            account.transport = Dawdling(straight, seed)
            plans.add(as_bytes(moment.plan()))
        account.transport = straight
        assert len(plans) == 1, moment.manifest
        assert not [each for each in account.emulator.log[log:] if is_write(each)]
        assert account.state() == before
        moment.apply()


def leaves_alone_what_is_not_named(story: list[Turn]) -> None:
    """What the manifest does not name or declare is as it was; no number goes that was not named.

    Nor is anything missing that nobody asked to delete.
    """
    for moment in lived(story, populated=True):
        account = moment.account
        before, numbers = visible(account), in_service(account)
        applied = moment.apply()
        said = f"{moment.manifest}\n{moment.options}\n{shown(applied.plan)}"
        after, wanted = visible(account), right(moment.turn.manifest)
        given_up = numbers - in_service(account)
        assert given_up <= {number.removeprefix("+1") for number in moment.options.release}, said
        came = in_service(account) - numbers  # one that ages may be ordered again by its digits
        for path, value in before.items():
            if not (named(path, wanted) or _of_numbers(path, before, given_up | came)):
                assert after.get(path) == value, f"{path}\n{said}"
        if not applied.plan.steps:
            assert after == before


def _of_numbers(path: Place, before: Mapping[Place, Any], moved: Collection[str]) -> bool:
    """Whether it tells of numbers that went or came, of an order of the client's own, or that none is."""
    if len(path) == 1 or path[-1] == "numbers":
        return True
    name = before.get(("orders", path[1], "document", "CustomerOrderId"), "")
    return path[1] in moved or str(name).startswith("rc1-")


LAWS: tuple[Callable[[list[Turn]], None], ...] = (
    applies_and_converges,
    plans_without_a_trace,
    leaves_alone_what_is_not_named,
)
PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
BRIEFLY = settings(
    phases=PHASES,
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)
AT_LENGTH = settings(phases=PHASES, max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


# something of everything that an edit may do to what is there
TOLD = [
    Turn(None, PARTS["whole"]),
    *(Turn(None, manifest, gives_up=99, daring=True) for manifest in PARTS["edits"]),
]


@pytest.mark.parametrize("law", LAWS)
@BRIEFLY
@given(stories())
@example(TOLD)
def test_a_law_holds(law: Callable[[list[Turn]], None], story: list[Turn]) -> None:
    """Each law holds of some stories, the same ones each time."""
    law(story)


# what the stories' manifests have, and the API may refuse
REFUSING = {"zones", "campaign_needed", "second_default", "associated", "name_characters", "uc_configuration"}
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
