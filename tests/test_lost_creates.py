"""Creates whose answers are lost: found and adopted, or told to be missing, and never sent twice by a run."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from between import Serve, disturbed
from creates import ALL, MANIFEST, OTHER, account_with, ended, made, posts, reads

from reconciler.api.looks import LOOKS
from reconciler.api.patience import Patience
from reconciler.execute import State

# each kind of create: the end of its path, the step that makes it
CREATES = {
    "applications": "application.texts",
    "sites": "sub_account.main",
    "sippeers": "location.main/desk",
    "sms": "sms.main/desk",
    "mms": "mms.main/desk",
    "origination/settings": "voice_application.main/desk",
    "termination/settings": "voice_application.main/desk",
}
DONE = (
    "drop-after",
    "stall-after",
    "error-after",
    "error-after=400",
    "error-after=400 body=<R><ErrorCode>1010</ErrorCode></R>",
    "truncate",
    "truncate=0",
    "empty",
)
NOT_DONE = (
    "drop-before",
    "stall-before",
    "error-before",
    "error-before=400",
    "error-before=302",
    "refuse",
    "html",
)
PROVEN = ("forbidden", "error-before=400 code=1003", "error-before=404", "error-before=503 code=13566")


def fault_at(path: str, fault: str) -> str:
    """The fault, once, at the first POST to a path that ends so."""
    what, *code = fault.split()
    return " ".join([what, "POST", path, "nth=1", *code])


@pytest.mark.parametrize("path", CREATES)
@pytest.mark.parametrize("fault", DONE)
def test_a_create_that_was_done_is_adopted(fault: str, path: str, tmp_path: Path) -> None:
    """Whatever became of its answer, what was made is found, used, and not made again."""
    account = account_with(tmp_path, fault_at(path, fault))
    applied = account.apply(MANIFEST)
    assert (applied.code, applied.residue.steps) == (0, ())
    assert made(account) == ALL
    assert posts(account, path) == (2 if path == "applications" else 1)


@pytest.mark.parametrize("path", CREATES)
@pytest.mark.parametrize("fault", NOT_DONE)
def test_a_create_that_was_not_done_is_told_and_left_to_the_next_run(
    fault: str, path: str, tmp_path: Path
) -> None:
    """A lost create that never shows counts as not made; it is not sent again before the next run."""
    account = account_with(tmp_path, fault_at(path, fault))
    applied = account.apply(MANIFEST)
    result = ended(applied, CREATES[path])
    assert (applied.code, result.state, result.hint) == (4, State.FAILED, "run apply again")
    assert "so it counts as not made" in result.message
    before = posts(account, path)
    assert before == (2 if path == "applications" else 1)
    assert account.apply(MANIFEST).code == 0
    assert (posts(account, path), made(account)) == (before + 1, ALL)


@pytest.mark.parametrize("path", CREATES)
@pytest.mark.parametrize("fault", PROVEN)
def test_an_answer_that_proves_that_nothing_was_made_is_a_failure_at_once(
    fault: str, path: str, tmp_path: Path
) -> None:
    """The API's own refusal is not doubted: nothing is looked for, and the message is the API's."""
    account = account_with(tmp_path, fault_at(path, fault))
    began = account.clock.now
    result = ended(account.apply(MANIFEST), CREATES[path])
    assert result.state is State.FAILED
    assert "counts as not made" not in result.message
    assert account.clock.now - began < 1
    assert account.apply(MANIFEST).code == 0
    assert made(account) == ALL


def test_a_server_that_is_busy_is_asked_again(tmp_path: Path) -> None:
    """A create that is answered with 429 was not carried out, and is sent once more."""
    account = account_with(tmp_path, "limit POST sites nth=1")
    assert (account.apply(MANIFEST).code, posts(account, "sites"), made(account)) == (0, 2, ALL)


@pytest.mark.parametrize("patience", [60, 0])
def test_what_is_lost_is_looked_for_as_long_as_the_run_has_patience(patience: float, tmp_path: Path) -> None:
    """It takes six looks, and the time that there is for lost creates, before one counts as not made."""
    account = disturbed(tmp_path, lambda request, served: served(request), order_patience=patience)
    account.emulator.faults.add("drop-before POST sites")
    before = len(account.emulator.log)
    result = ended(account.apply(OTHER), "sub_account.other")
    said = re.search(r"; it is not there after (\d+) looks over (\d+) s, so", result.message)
    assert said
    looks, seconds = map(int, said.groups())
    assert (looks == LOOKS, seconds >= account.patience.for_creates) == (patience == 0, True)
    plan, plan_afterwards = 1, LOOKS  # which does not believe the list at once either
    assert reads(account, "/sites", after=before) == plan + looks + plan_afterwards


# ---- what nobody knows ---------------------------------------------------------------------------

UNKNOWN = {
    "applications": "under Applications, for the application texts",
    "sites": "under Account > Sub-accounts, for the sub-account main",
    "sippeers": "under Account > Locations, for the location desk of the sub-account main",
    "sms": "under Account > Locations, for the sms of the location desk of the sub-account main",
}


@pytest.mark.parametrize("path", UNKNOWN)
def test_looks_that_fail_leave_it_undetermined(path: str, tmp_path: Path) -> None:
    """A list that cannot be read does not say that nothing is there: exit 5, and what to look for by hand."""
    account = account_with(tmp_path, f"drop-after POST {path} nth=1")
    account.patience = Patience(order_patience=0, stop=account.clock, clock=account.clock)
    served = account.transport.handle_request
    refused: list[httpx.Request] = []

    def forbidding(request: httpx.Request) -> httpx.Response:
        looked = request.method == "GET" and request.url.path.endswith("/" + path)
        if looked and posts(account, path) and len(refused) < LOOKS:
            refused.append(request)
            return httpx.Response(403)
        return served(request)

    account.transport = httpx.MockTransport(forbidding)
    applied = account.apply(MANIFEST)
    result = ended(applied, CREATES[path])
    assert (applied.code, result.state, len(refused)) == (5, State.UNDETERMINED, LOOKS)
    assert "; looking for it failed: GET /accounts/" in result.message
    assert f"look in the dashboard, {UNKNOWN[path]}; then run apply again" in result.hint
    before = posts(account, path)
    assert account.apply(MANIFEST).code == 0
    assert (made(account), posts(account, path)) == (ALL, 2 if path == "applications" else before)


def test_a_run_that_is_stopped_does_not_call_a_lost_create_not_made(tmp_path: Path) -> None:
    """An interrupt ends the looking; one look is no proof that nothing was made."""

    def stopping(request: httpx.Request, served: Serve) -> httpx.Response:
        if request.method == "POST" and request.url.path.endswith("/sites"):
            account.clock.set()
            return httpx.Response(503)
        return served(request)

    account = disturbed(tmp_path, stopping)
    applied = account.apply(OTHER)
    (result,) = applied.outcome.results
    assert (applied.code, result.state) == (5, State.UNDETERMINED)
    assert result.message.endswith("the run was stopped while it was looked for")


def test_two_of_one_name_are_nobody_s_guess(tmp_path: Path) -> None:
    """Where two are found after a lost create, neither is taken, and both ids are told."""

    def twice(request: httpx.Request, served: Serve) -> httpx.Response:
        if request.method == "POST" and request.url.path.endswith("/sites"):
            served(request)
            served(request)
            return httpx.Response(503)
        return served(request)

    applied = disturbed(tmp_path, twice).apply(OTHER)
    (result,) = applied.outcome.results
    assert (applied.code, result.state) == (5, State.UNDETERMINED)
    assert "2 of that name are there now (1002, 1003)" in result.message
