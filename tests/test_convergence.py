"""Every field of every kind set, changed and cleared or left alone, and what an update must not lose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from account import ENVIRON, Account
from between import meddled
from convergence import CASES, live_through, texts_of

from reconciler.coverage import YES, Covered, coverage
from reconciler.desired import Desired, desired_from
from reconciler.execute import State
from reconciler.kinds import KINDS
from reconciler.kinds.criteria import CRITERIA, Criterion, asked
from reconciler.kinds.fields import Field
from reconciler.kinds.schema import manifest_schema
from reconciler.manifest import load


@pytest.mark.parametrize("name", CASES)
def test_each_stage_ends_as_it_says(name: str, tmp_path: Path) -> None:
    """Applied manifests are what the account holds then, and planning them again changes nothing."""
    lived = live_through(CASES[name], tmp_path)
    assert not lived.faults, "\n".join(lived.faults)


def test_every_field_has_its_cases(tmp_path: Path) -> None:
    """Each row of each kind's table is set on create, changed, and cleared or left alone by some case."""
    seen = {each for case in CASES.values() for each in _shown_by(case, tmp_path)}
    wanted = {(kind.name, row.name, what) for kind in KINDS for row in kind.fields for what in _wanted(row)}
    wanted |= {("numbers", c.word, what) for c in CRITERIA for what in _wanted_of_pool(c)}
    without = wanted - seen
    assert not without, "\n".join(" ".join(each) for each in sorted(without))


SIDES = {"created": "set", "changed": "changed", "cleared": "cleared"}
# what a switch of a location is seen by in its kind's table
SWITCHES = {"sms": "protocol", "mms": "protocol", "messaging_application": "application",
            "voice_application": "origination"}  # fmt: skip


def test_each_yes_of_the_coverage_table_has_its_case(tmp_path: Path) -> None:
    """What docs/coverage.md says can be done to a field some case does, and plans to nothing after."""
    seen = {each for case in CASES.values() for each in _shown_by(case, tmp_path)}
    rows = {row: tuple(_cases_of(row)) for row in coverage()}
    assert not [row for row, cases in rows.items() if not set(cases) <= seen]
    # what is not read back cannot be seen to have been done: a plan would show it again, or never
    unseen = [row.field for row in rows if not row.read_back.startswith(YES)]
    assert [field for field in unseen if field not in UNSEEN and not field.endswith(".password")] == []


UNSEEN = {
    "traffic_distribution",
    "toll_free_vanity",
    "local_vanity + area_code",
    "zip",
    "protected",
    "backorder",
}


def _cases_of(row: Covered) -> Iterator[tuple[str, str, str]]:
    field = row.field.removesuffix(".user_id").removesuffix(".password").split(" + ")[0]
    if field == row.kind or field in SWITCHES:
        field = SWITCHES[field]
    for side, what in SIDES.items():
        if getattr(row, side).startswith(YES):
            yield row.kind, field, what


def _wanted(row: Field) -> tuple[str, ...]:
    """What a row's cases are; hidden ones are not words of the manifest, so nobody can change them."""
    if row.hidden:
        return "set", "cleared"
    return "set", "changed", "cleared" if row.nullable and not row.required else "left"


def _wanted_of_pool(criterion: Criterion) -> tuple[str, ...]:
    """What a criterion's cases are; the count of a number is 1."""
    return ("set", "left") if criterion.word == "telephone_number" else ("set", "changed", "cleared", "left")


def _shown_by(case: Mapping[str, Any], folder: Path) -> Iterator[tuple[str, str, str]]:
    before = Desired()
    for stage, texts in texts_of(case):
        if "refused" not in stage and "ends" not in stage:
            after = _desired(texts, folder)
            yield from _moves(before, after)
            before = after


def _desired(texts: tuple[str, ...], folder: Path) -> Desired:
    files = [folder / f"{number}.yaml" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(re.sub("<id of ([a-z]+)>", r"\1", text), encoding="utf-8")
    return desired_from(load(files, ENVIRON, manifest_schema()))


def _moves(before: Desired, after: Desired) -> Iterator[tuple[str, str, str]]:
    for address in before.resources.keys() | after.resources.keys():
        old, new = before.resources.get(address), after.resources.get(address)
        was, now = (each.fields if each and each.wanted else {} for each in (old, new))
        if new and not new.wanted:
            now = dict.fromkeys(was)
        for field in was.keys() | now.keys():
            if address.kind == "numbers":
                moved = _move(was, now, "count")
                yield "numbers", asked(address.criterion).criterion.word, moved
                yield "numbers", field, moved if field == "count" else _move(was, now, field)
            else:
                yield address.kind, field, _move(was, now, field)


def _move(was: Mapping[str, Any], now: Mapping[str, Any], field: str) -> str:
    old, new = was.get(field), now.get(field)
    if field not in now:
        return "left"
    if new is None or (field == "count" and new == 0):
        return "cleared"
    if field not in was:
        return "added" if was else "set"
    return "kept" if old == new else "changed"


def test_an_element_that_nobody_knows_yet_goes_back_with_a_full_replace(tmp_path: Path) -> None:
    """What a later version of the API shows is sent as it was read, by every PUT that edits what it read."""

    def newer(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        shown = re.sub(
            rb"(</(?:Site|SipPeer|SipPeerSmsFeature)>)", rb"<Novelty>kept</Novelty>\1", answer.content
        )
        return httpx.Response(answer.status_code, content=shown) if request.method == "GET" else answer

    manifest = "version: 1\nsub_accounts: {main: {locations: {desk: {features: {sms: true}}}}}"
    edit = (
        "sub_accounts: {main: {description: x, locations: {desk: {description: x,"
        " features: {sms: {toll_free: true}}}}}}"
    )
    account = Account(tmp_path, lenient=True, site_address="optional")
    account.transport = meddled(account.transport, newer)
    assert account.apply(manifest).code == 0
    sent = account.calls(account.apply(manifest, edit).sent)
    assert (
        sorted((call.split()[0], b"<Novelty>kept</Novelty>" in body) for call, body in sent)
        == [("PUT", True)] * 3
    )


def test_an_order_that_cannot_be_looked_at_was_placed_all_the_same(tmp_path: Path) -> None:
    """When looking at an order fails, the run has written, and the next one does not order again."""
    manifest = (
        'version: 1\nsub_accounts: {main: {locations: {desk: {numbers: [{area_code: "919", count: 2}]}}}}'
    )
    account = Account(tmp_path, site_address="optional")
    assert account.apply("version: 1\nsub_accounts: {main: {locations: {desk: {}}}}").code == 0
    broken = [httpx.Response(403)]

    def once(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        looked = request.method == "GET" and re.search("/orders/.", request.url.path)
        return broken.pop() if looked and broken else answer

    account.transport = meddled(account.transport, once)
    applied = account.apply(manifest)
    assert [result.state for result in applied.outcome.results] == [State.FAILED]
    assert applied.code == 4
    assert [call for call, _ in account.calls(applied.sent)] == ["POST /orders"]
    account.clock.wait(1)
    again = account.apply(manifest)
    assert (again.code, again.sent) == (0, ())


def test_a_look_at_an_order_that_fails_says_nothing_of_the_order(tmp_path: Path) -> None:
    """A server that is busy for one look at an order does not fail the order: it is looked at again."""
    account = Account(tmp_path, site_address="optional", order_looks=2)
    busy = [httpx.Response(503), httpx.Response(200, content=b"<html/>")]

    def twice(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        looked = request.method == "GET" and re.search("/orders/.", request.url.path)
        return busy.pop() if looked and busy else answer

    account.transport = meddled(account.transport, twice)
    applied = account.apply(
        'version: 1\nsub_accounts: {main: {locations: {desk: {numbers: [{area_code: "919", count: 2}]}}}}'
    )
    assert (applied.code, busy) == (0, [])
