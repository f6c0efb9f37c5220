"""Passwords that were sent, as the ledger knows them: which were rotated since, and which a step sends now.

The manifest, the live objects and the digests become the rotations that a plan is made with; a step that is
carried out becomes digests.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import Enum

from reconciler.desired import Desired
from reconciler.diff import SecretAt
from reconciler.execute import Perform, Result, State
from reconciler.kinds import BY_NAME
from reconciler.ledger.digests import Digests
from reconciler.ledger.store import LedgerFailed
from reconciler.model import Finding, Problem, Secret, Severity
from reconciler.paths import Ids
from reconciler.plan import Plan, Step
from reconciler.secret_values import password_of, secrets_in, sent
from reconciler.view import Live


class Verdict(Enum):
    """What is known of a password, compared with the one that was last sent."""

    SAME = "it is the one last sent"
    ROTATED = "it is not the one last sent"
    UNRECORDED = "the ledger has no digest of the one last sent"
    UNREADABLE = "it cannot be read here"


HINTS = {
    Verdict.UNRECORDED: "--resend-secrets ADDRESS sends it, and then the ledger has its digest",
    Verdict.UNREADABLE: "set the variable, or put the file there, that the manifest names",
}
"""What to do about the verdicts that are none."""


@dataclass(frozen=True, slots=True)
class Rotations:
    """Passwords of live objects that are not those last sent, and those of which nobody can tell."""

    rotated: frozenset[SecretAt] = frozenset()
    untold: Mapping[SecretAt, Verdict] = field(default_factory=dict)

    def doubts(self, steps: Iterable[Step]) -> Iterator[Finding]:
        """A warning for each object that nobody can tell about; what the steps send is beyond doubt."""
        sending = {(step.address, path) for step in steps for path, _ in sent(step)}
        left = ((place[0], why) for place, why in self.untold.items() if place not in sending)
        for address, why in dict.fromkeys(left):
            yield Finding(
                Severity.WARNING, address,
                f"nobody can tell whether a password was rotated: {why.value}", HINTS[why],
            )  # fmt: skip


def rotations(
    desired: Desired,
    live: Live,
    digests: Digests,
    environ: Mapping[str, str],
    planned: Collection[SecretAt] = (),
    parallelism: int = 8,
) -> Rotations:
    """Compare the passwords that the manifest wants with those last sent. Raises `LedgerFailed`.

    `planned` are those that a saved plan calls rotated: its word holds where this ledger has none.
    """
    asked = list(_declared(desired, live))
    with ThreadPoolExecutor(parallelism) as threads:  # a digest takes a core's time, and a store its own
        verdicts = threads.map(lambda each: _verdict(each, digests, environ), asked)
        found = {each.place: verdict for each, verdict in zip(asked, verdicts, strict=True)}
    untold = {place: why for place, why in found.items() if why in HINTS and place not in planned}
    rotated = (p for p, why in found.items() if why is not Verdict.SAME and p not in untold)
    return Rotations(frozenset(rotated), untold)


def rotated_in(plan: Plan) -> frozenset[SecretAt]:
    """The passwords that a plan sends because they were rotated."""
    return frozenset((step.address, c.path) for step in plan.steps for c in step.changes if c.rotated)


@dataclass(frozen=True, slots=True)
class _Declared:
    place: SecretAt
    owner: str
    secret: Secret


def _declared(desired: Desired, live: Live) -> Iterator[_Declared]:
    """The passwords of blocks that look as they should; a block that does not is sent anyway."""
    for resource in desired.resources.values():
        there = live.resources.get(resource.address)
        for row in BY_NAME[resource.address.kind].rows(resource.fields) if there else ():
            value = resource.fields[row.name]
            if there and row.same(value, there.fields.get(row.name)):
                for path, secret in secrets_in(row.name, value):
                    yield _Declared((resource.address, path), there.id, secret)


def _verdict(asked: _Declared, digests: Digests, environ: Mapping[str, str]) -> Verdict:
    password = password_of(asked.secret, environ)
    if isinstance(password, Problem):
        return Verdict.UNREADABLE
    same = digests.verdict(asked.owner, asked.place[1], password)
    return {None: Verdict.UNRECORDED, True: Verdict.SAME, False: Verdict.ROTATED}[same]


@dataclass(frozen=True)
class Remembering:
    """Carries out steps by `perform`, and keeps digests of the passwords that they send. Safe from threads.

    Of an update whose end is not known no password counts as the one last sent, so it is sent again.
    """

    perform: Perform
    digests: Digests
    secrets: Mapping[Secret, str] = field(repr=False)

    def __call__(self, step: Step, ids: Ids) -> Result:
        """Do the step; it is not begun where the ledger cannot be told of it first."""
        passwords = {path: self.secrets[secret] for path, secret in sent(step)}
        try:
            self._begin(step, passwords)
        except LedgerFailed as error:
            return Result.of(step, State.FAILED, error.message, error.hint)
        result = self.perform(step, ids)
        if result.state is not State.DONE:
            return result
        try:
            self._end(result.id or _owner(step), passwords)
        except LedgerFailed as error:
            return replace(result, message=f"its passwords were sent, but {error.message}", hint=error.hint)
        return result

    def _begin(self, step: Step, passwords: Collection[str]) -> None:
        owner = _owner(step)
        if not owner or not passwords:
            return
        assert step.change is not None
        fields = step.change.wanted.fields.items()
        # a block that is not declared may be a mirror of one that is sent, and have its password soon
        self.digests.forget(owner, but=[path for name, each in fields for path, _ in secrets_in(name, each)])
        for path in passwords:
            self.digests.doubt(owner, path)

    def _end(self, owner: str, passwords: Mapping[str, str]) -> None:
        for path, password in passwords.items():
            self.digests.record(owner, path, password)


def _owner(step: Step) -> str:
    """The id of what the step changes; "" for what it creates."""
    return step.change.live.id if step.change and step.change.live else ""
