"""A convergence case to the faults that an account shows when it lives through it.

A case is a list of stages. In each, `outside` says what somebody does by the API's own documents and
`meanwhile` what the emulator is told, then a `manifest` is applied, or an `overlay` over the ones before.
Unless the stage says that it is `refused` or has an `exit` code, every step is done and the next plan is
empty; `ends` says how steps ended instead. In a manifest `<id of desk>` is the id of the live desk. `sent`
lists the writes in their order (with their bodies, if it gives them), `holds` what the account must hold,
`numbers` how many, `warned` what the plan says, `advised` the hints of what is refused. An id that the
emulator draws is `<uuid>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from account import Account, Applied, canonical, said, shown
from case_files import cases_in

from reconciler.emulator import Exchange
from reconciler.execute import State
from reconciler.plan import Options

FOLDER = Path(__file__).parent / "cases" / "convergence"
CASES = cases_in(FOLDER)


def texts_of(case: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], tuple[str, ...]]]:
    """Each stage, and the files that it is applied from."""
    texts: tuple[str, ...] = ()
    for stage in case["stages"]:
        texts = (stage["manifest"],) if "manifest" in stage else (*texts, stage.get("overlay", ""))
        yield stage, tuple(text for text in texts if text)


@dataclass(frozen=True)
class Lived:
    """What became of a case: its faults, in the first stage that has any, every exchange, names by id."""

    faults: tuple[str, ...]
    log: tuple[Exchange, ...]
    names: Mapping[str, str]


def live_through(case: Mapping[str, Any], folder: Path, readings: Mapping[str, str] | None = None) -> Lived:
    """Live through a case, under other answers than the defaults if `readings` says so.

    What is sent is only held to the case under the defaults: the way may be another, the end may not.
    """
    account = Account(folder, parallelism=1, **{**case.get("emulator", {}), **(readings or {})})
    faults: list[str] = []
    for number, (stage, texts) in enumerate(texts_of(case), 1):
        faults = _stage(stage, texts, account, sent=not readings)
        if faults:
            faults.insert(0, f"stage {number}:")
            break
    return Lived(tuple(faults), tuple(account.emulator.log), account.names())


def _stage(stage: Mapping[str, Any], texts: tuple[str, ...], account: Account, *, sent: bool) -> list[str]:
    for each in stage.get("meanwhile", ()):
        name, *arguments = each if isinstance(each, list) else [each]
        getattr(account.emulator, name)(*arguments)
    for call, body in (pair for each in stage.get("outside", ()) for pair in each.items()):
        answer = account.call(call, body)
        if not answer.is_success:
            return [f"{call}: {answer.status_code} {answer.text}"]
    account.clock.wait(stage.get("passing", 0))
    words = ("allow_hazard", "resend_secrets", "release")
    options = Options(**{word: tuple(stage.get(word, ())) for word in words})
    ids = {name: id_ for id_, name in account.names().items()}
    identified = [re.sub("<id of ([a-z]+)>", lambda found: ids[found[1]], text) for text in texts]
    applied = account.apply(*identified, options=options)
    faults = [*_ending(stage, applied), *_holding(stage, applied, account)]
    if sent:
        faults += _sent(stage, applied, account)
    return [*faults, "the plan was:", shown(applied.plan)] if faults else []


def _ending(stage: Mapping[str, Any], applied: Applied) -> Iterator[str]:
    exit_code = stage.get("exit", 3 if "refused" in stage else 0)
    if applied.code != exit_code:
        yield f"exit code: {applied.code}"
    refusals = [_without_ids(said(each)) for each in applied.plan.refusals]
    if refusals != stage.get("refused", []):
        yield f"refused: {refusals}"
    advised = [each.hint for each in applied.plan.refusals]
    if advised != stage.get("advised", advised):
        yield f"advised: {advised}"
    warnings = [_without_ids(said(each)) for each in applied.plan.warnings]
    if warnings != stage.get("warned", []):
        yield f"warned: {warnings}"
    ends = {str(r.address): _without_ids(f"{r.state}: {r.message}") for r in applied.outcome.results}
    for address, end in ends.items():
        if end != stage.get("ends", {}).get(address, f"{State.DONE}: "):
            yield f"{address} {end}"
    hints = {str(r.address): r.hint for r in applied.outcome.results if r.hint}
    yield from (f"{a} hint: {hints.get(a)!r}" for a, h in stage.get("hints", {}).items() if h != hints.get(a))
    yield from (f"{address} did not end" for address in stage.get("ends", {}) if address not in ends)
    if not refusals and exit_code == 0 and (applied.residue.steps or applied.residue.refusals):
        yield f"not converged; what is left is\n{shown(applied.residue)}"


def _without_ids(text: str) -> str:
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uuid>", text)


def _sent(stage: Mapping[str, Any], applied: Applied, account: Account) -> Iterator[str]:
    if "sent" not in stage:
        return
    sent = [(_without_ids(call), body) for call, body in account.calls(applied.sent)]
    if [call for call, _ in sent] != [_call(each)[0] for each in stage["sent"]]:
        yield f"sent: {[call for call, _ in sent]}"
        return
    for (call, body), each in zip(sent, stage["sent"], strict=True):
        wanted = _call(each)[1]
        if wanted and canonical(wanted) != body:
            yield f"{call} said {body.decode()}"


def _call(each: str | Mapping[str, str]) -> tuple[str, str]:
    return (each, "") if isinstance(each, str) else next(iter(each.items()))


def _holding(stage: Mapping[str, Any], applied: Applied, account: Account) -> Iterator[str]:
    held = account.held()
    yield from _lacks(stage.get("holds", {}), held, "")
    for pool in ("surplus", "pending"):
        amounts = {str(p.address): getattr(p, pool) for p in applied.residue.pools if getattr(p, pool)}
        if amounts != stage.get(pool, amounts):
            yield f"{pool}: {amounts}"
    for location, count in stage.get("numbers", {}).items():
        site, _, peer = location.partition("/")
        numbers = held["sub_accounts"][site]["locations"][peer]["numbers"]
        if len(numbers) != count:
            yield f"numbers at {location}: {numbers}"


def _lacks(wanted: Any, found: Any, where: str) -> Iterator[str]:
    """What is wanted and not found; null wants nothing there."""
    if isinstance(wanted, Mapping):
        inner = found if isinstance(found, Mapping) else {}
        for name, each in wanted.items():
            yield from _lacks(each, inner.get(name), f"{where}/{name}")
    elif _plain(wanted) != _plain(found):
        yield f"the account holds at {where}: {found!r}"


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)
