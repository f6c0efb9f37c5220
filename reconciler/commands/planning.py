"""A manifest and an account to a plan: the stages that `plan` and `apply` have in common."""

from __future__ import annotations

import contextlib
import difflib
import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.addresses import address_from
from reconciler.api.client import Connection, Reader
from reconciler.api.disconnects import MOST
from reconciler.commands.inputs import Inputs
from reconciler.commands.remembered import Remembered
from reconciler.desired import Desired, desired_from
from reconciler.diff import SecretAt, differences
from reconciler.guards import guarded
from reconciler.live import read_account
from reconciler.manifest import Document
from reconciler.model import Address, Finding, Problem, Problems, Resource, Severity
from reconciler.past import Lag, Past
from reconciler.plan import Options, Plan, Step, only, plan_from
from reconciler.secret_values import secrets_in, unreadable
from reconciler.sent_secrets import rotations
from reconciler.surplus import left_out
from reconciler.view import Live

NUMBER = re.compile(r"(\+1)?[2-9][0-9]{9}")


@dataclass(frozen=True)
class Wanted:
    """A manifest that is right, and the account it is for."""

    document: Document
    desired: Desired
    account: str


@dataclass(frozen=True)
class Access:
    """How a run gets at the account, and at what is remembered of it.

    `settle` and `pause` are in seconds: how long lists may lag, and what lets time pass between two looks.
    """

    connection: Connection
    memory: Remembered
    settle: float
    pause: Callable[[float], object] = time.sleep


@dataclass(frozen=True)
class Planned:
    """A plan and what it was made from."""

    plan: Plan
    live: Live

    @property
    def ids(self) -> dict[Address, str]:
        """The ids of everything that is live."""
        return {address: live.id for address, live in self.live.resources.items() if live.id}


def read_manifest(inputs: Inputs, files: tuple[Path, ...] | None = None) -> Wanted:
    """The manifest, checked, and the account. Raises `Problems`."""
    document = inputs.load(files)
    desired = desired_from(document)
    return Wanted(document, desired, inputs.account_id(desired.account))


def read_live(
    desired: Desired, account: str, inputs: Inputs, access: Access, named: Collection[str] = ()
) -> Live:
    """What the account has of it, read by a client that cannot write. Raises `ApiError`, `LedgerFailed`."""
    memory = access.memory
    with Reader(access.connection) as reader:
        return read_account(
            reader,
            desired,
            account,
            parallelism=inputs.parallelism,
            past=Past(memory.creations.known, memory.intents.read),
            lag=Lag(access.settle, access.pause),
            named=named,
        )


def make_plan(
    wanted: Wanted,
    inputs: Inputs,
    access: Access,
    options: Options,
    rotated: Collection[SecretAt] = (),
) -> Planned:
    """Read the account and plan, with a client that cannot write; nothing is written to the ledger either.

    `rotated` are the passwords that a saved plan calls so. Raises `ApiError`, `LedgerFailed` or `Problems`.
    """
    desired = wanted.desired
    _check_passwords(options, desired)
    if not (desired.policy.prune or any(not each.wanted for each in desired.resources.values())):
        _check_addresses(options, desired.resources)
    named = _numbers(options.release)
    memory = access.memory
    live = read_live(desired, wanted.account, inputs, access, named)
    desired = desired.extended(live.pruned)
    secrets = rotations(desired, live, memory.digests, inputs.environ, rotated, inputs.parallelism)
    found = differences(desired, live, _addresses(options.resend_secrets), secrets.rotated, named)
    plan = plan_from(desired, live, found, account_id=wanted.account, source=wanted.document.source)
    _check_addresses(options, {*desired.resources, *(step.address for step in plan.steps)})
    plan = replace(plan, warnings=(*plan.warnings, *secrets.doubts(plan.steps)))
    if options.only:
        plan = only(plan, _addresses(options.only))
        going = {number[-10:] for step in plan.steps for number in step.released}
        plan = replace(plan, refusals=plan.refusals or tuple(left_out(named - going - live.given_up)))
    plan = guarded(plan, desired, _addresses(options.allow_hazard))
    blind = _blind(plan.steps, inputs.environ)
    return Planned(replace(plan, options=options, warnings=(*plan.warnings, *blind)), live)


def _numbers(texts: Iterable[str]) -> frozenset[str]:
    """What --release names, as ten digits. Raises `Problems` for what is no number, and for too many."""
    if len(set(texts)) > MOST:
        raise Problems([Problem(f"--release: {MOST:,} numbers are the most that one run gives up")])
    wrong = [text for text in texts if not NUMBER.fullmatch(text)]
    if wrong:
        hint = "write it in E.164, as +19195551234"
        raise Problems([Problem(f"--release: {text} is not a number", hint=hint) for text in wrong])
    return frozenset(text[-10:] for text in texts)


def _blind(steps: Iterable[Step], environ: Mapping[str, str]) -> Iterator[Finding]:
    for step, problem in unreadable(steps, environ):
        yield Finding(
            Severity.WARNING, step.address, f"apply would stop: {problem.message}", problem.hint,
            problem.position,
        )  # fmt: skip


def _check_addresses(options: Options, known: Collection[Address]) -> None:
    """An address of nothing is a slip, and a slip must not look like "no changes". Raises `Problems`.

    What goes without being named in the manifest is known when the account was read.
    """
    said = {"--only": options.only, "--allow-hazard": options.allow_hazard}
    _refuse_slips(
        (f"{option}: the manifest has no {given}", given, known)
        for option, addresses in said.items()
        for given in addresses
    )


def _check_passwords(options: Options, desired: Desired) -> None:
    known = {resource.address for resource in desired.resources.values() if _has_password(resource)}
    _refuse_slips(
        (f"--resend-secrets: the manifest has no password of {given}", given, known)
        for given in options.resend_secrets
    )


def _refuse_slips(said: Iterable[tuple[str, str, Collection[Address]]]) -> None:
    problems = [
        Problem(message, hint=nearest(given, sorted(map(str, known))))
        for message, given, known in said
        if _addresses([given]).isdisjoint(known)
    ]
    if problems:
        raise Problems(problems)


def _has_password(resource: Resource) -> bool:
    sent = (value for name, value in resource.fields.items() if name not in resource.lifecycle.ignore)
    return any(True for value in sent for _ in secrets_in("", value))


def _addresses(texts: Iterable[str]) -> set[Address]:
    """What was said on the command line, or in a saved plan, as addresses; slips are left out."""
    found = set()
    for text in texts:
        with contextlib.suppress(ValueError):
            found.add(address_from(text))
    return found


def nearest(given: str, known: list[str]) -> str:
    """The hint for an address that is not among those known."""
    near = difflib.get_close_matches(given, known, n=1, cutoff=0.4)
    return f"did you mean {near[0]}?" if near else f"its addresses read like {known[0]}" if known else ""
