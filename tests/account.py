"""An emulated account and manifests turned into plans, outcomes, calls sent and records kept, in process.

Everything goes through the stages that the commands go through, over a WSGI transport instead of a
socket, with a clock that moves when somebody sleeps. Objects are spoken of by their names.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from line import Line
from lxml import etree
from obstore.store import MemoryStore

from reconciler.api.client import Writer
from reconciler.api.patience import Patience
from reconciler.chain import SETTLE
from reconciler.commands.inputs import Inputs, Waiting
from reconciler.commands.locked import locked
from reconciler.commands.outside import Outside
from reconciler.commands.planning import Planned, read_manifest
from reconciler.commands.remembered import remembered
from reconciler.commands.running import Run, acted, exit_code, read_again
from reconciler.emulator import Emulator, Exchange
from reconciler.execute import Outcome, execute
from reconciler.ledger.digests import Cost
from reconciler.ledger.store import Store
from reconciler.model import Finding
from reconciler.plan import Options, Plan, Step
from reconciler.secret_values import read_secrets
from reconciler.standing import Assumptions

ACCOUNT = "9900000"
REFUSED = 3
NOTHING_SAID = Options()
CHEAP = Cost(2, 1, 1)
ROOT = f"/api/accounts/{ACCOUNT}"
ENVIRON = {
    "BW_API_URL": "https://localhost",
    "BW_ACCOUNT_ID": ACCOUNT,
    "BW_CLIENT_ID": "client",
    "BW_CLIENT_SECRET": "secret",
    "HOOK_PASSWORD": "hook-password",
    "NEW_PASSWORD": "new-password",
    "SAME_PASSWORD": "new-password",
}


class Clock(threading.Event):
    """The time of one account, in epoch seconds; it passes when somebody waits to be stopped."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_700_000_000.0
        self._moving = threading.Lock()

    def __call__(self) -> float:
        """Tell the time."""
        return self.now

    def wait(self, timeout: float | None = None) -> bool:
        """Let time pass, and a little more, so that no rounding keeps an order waiting."""
        with self._moving:
            self.now += (timeout or 0) + 0.001
        return self.is_set()


@dataclass(frozen=True)
class Applied:
    """An apply: its plan, how the steps ended, what was sent, the plan made afterwards, the exit code.

    A refused plan has no outcome to speak of: nothing was sent, and what is left is the plan itself.
    """

    plan: Plan
    outcome: Outcome
    sent: tuple[Exchange, ...]
    residue: Plan
    code: int


class Account:
    """One emulated account. `folder` takes the manifests; options are the emulator's.

    `transport` stands between the client and the emulator, where a test wants something there.
    """

    def __init__(self, folder: Path, *, parallelism: int = 8, **options: Any) -> None:
        self.folder = folder
        self.environ = dict(ENVIRON)
        self.clock = Clock()
        self.emulator = Emulator(account_id=ACCOUNT, clock=self.clock, sleep=self.clock.wait, **options)
        self.transport: httpx.BaseTransport = Line(self.emulator)
        self.patience = Patience(stop=self.clock, clock=self.clock)
        self.settle = SETTLE
        self.ledger = Store(MemoryStore())
        self.runs = 0
        self.parallelism = parallelism

    def plan(self, *texts: str, options: Options = NOTHING_SAID) -> Planned:
        """Plan the manifest that these texts make when each is laid over those before it."""
        with self._run(texts, options) as run:
            return run.plan()

    def apply(self, *texts: str, options: Options = NOTHING_SAID) -> Applied:
        """Plan and carry out, unless it is refused, and plan again."""
        with self._run(texts, options) as run:
            planned = run.plan()
            if planned.plan.refusals:
                return Applied(planned.plan, Outcome(), (), planned.plan, REFUSED)
            before = len(self.emulator.log)
            outcome = self._carry_out(run, planned)
            sent = tuple(each for each in self.emulator.log[before:] if is_write(each))
            residue = read_again(run, outcome).plan
        known = residue if acted(outcome) else planned.plan
        return Applied(planned.plan, outcome, sent, residue, exit_code(outcome, known))

    def _carry_out(self, run: Run, planned: Planned) -> Outcome:
        secrets = read_secrets(planned.plan.steps, self.environ)
        with Writer(run.connection) as writer:
            return execute(
                planned.plan,
                planned.ids,
                run.performer(writer, secrets, lambda *_: None),
                lambda *_: None,
                parallelism=self.parallelism,
            )

    @contextmanager
    def _run(self, texts: Sequence[str], options: Options) -> Iterator[Run]:
        files = tuple(self.folder / f"{number}.yaml" for number in range(len(texts)))
        for file, text in zip(files, texts, strict=True):
            file.write_text(text, encoding="utf-8")
        outside = Outside(self.environ, self.transport, lambda *_: self.ledger)
        inputs = Inputs(files, parallelism=self.parallelism, outside=outside)
        wanted, memory = read_manifest(inputs), replace(remembered(inputs, ACCOUNT), cost=CHEAP)
        assumptions = Assumptions(self.settle, self.patience.order_patience)
        self.runs += 1
        with ExitStack() as stack:
            connection = inputs.connect(stack, Waiting(pause=self.clock.wait, clock=self.clock))
            lock = stack.enter_context(locked(memory, inputs, f"run-{self.runs}", 0))
            yield Run(inputs, wanted, connection, options, assumptions, self.patience, memory, *lock)

    def call(self, call: str, body: str = "") -> httpx.Response:
        """Make a call of the API's own, as somebody else would; names in path and body become ids."""
        ids = {name: id_ for id_, name in self.names().items()}
        method, path = call.split(" ", 1)
        path = "/".join(ids.get(part, part) for part in path.split("/"))
        for name, id_ in ids.items():
            body = body.replace("{" + name + "}", id_)
        with httpx.Client(transport=httpx.WSGITransport(app=self.emulator)) as http:
            return http.request(
                method,
                "https://localhost" + ROOT + path,
                content=body.encode(),
                headers={"Content-Type": "application/xml"},
                auth=("user", "password"),
            )

    def names(self) -> dict[str, str]:
        """The name of every application, sub-account and location, by id."""
        held = self.emulator.dump()
        found = {id_: each["AppName"] for id_, each in held["applications"].items()}
        for site in held["sites"].values():
            found[site["id"]] = site["document"]["Name"]
            found |= {peer["id"]: peer["document"]["PeerName"] for peer in site["peers"].values()}
        return found

    def state(self) -> dict[str, Any]:
        """All that the account holds; how often an order was looked at is not of the account."""
        held = self.emulator.dump()
        for order in (*held["orders"].values(), *held["disconnects"].values()):
            del order["looks"]
        return held

    def held(self) -> dict[str, Any]:
        """The objects that the account holds, by name: documents as stored, with names for ids.

        `{applications: {ivr: {AppName: …}}, sub_accounts: {main: {Name: …, locations: {desk: {PeerName: …,
        sms: {…}, mms: {…}, application: …, origination: {…}, termination: {…}, numbers: […]}}}}}`; of
        several with one name the later ones have their ids.
        """
        held, names = self.emulator.dump(), self.names()
        found: dict[str, Any] = {"applications": {}, "sub_accounts": {}}
        for id_, document in held["applications"].items():
            _add(found["applications"], names[id_], id_, document)
        for site in held["sites"].values():
            peers: dict[str, Any] = {}
            for peer in site["peers"].values():
                products = {name: value for name, value in peer.items() if name not in {"id", "document"}}
                _add(peers, peer["document"]["PeerName"], peer["id"], {**peer["document"], **products})
            _add(
                found["sub_accounts"], names[site["id"]], site["id"], {**site["document"], "locations": peers}
            )
        return {name: _with_names(each, names) for name, each in found.items()}

    def calls(self, exchanges: Sequence[Exchange]) -> list[tuple[str, bytes]]:
        """Each request as `PUT /sites/main/sippeers/desk`, and its body, canonical; names stand for ids."""
        names = self.names()
        return [
            (f"{each.method} {self.named(each.path.removeprefix(ROOT))}", _named_body(each.request, names))
            for each in exchanges
        ]

    def named(self, path: str) -> str:
        """A path with names for ids; a location's id may be that of another sub-account's location too."""
        names, held = self.names(), self.emulator.dump()["sites"]
        parts, found = path.split("/"), []
        for before, part in zip(["", "", *parts], parts, strict=False):
            peer = held.get(before, {}).get("peers", {}).get(part)
            found.append(peer["document"]["PeerName"] if peer else names.get(part, part))
        return "/".join(found)


def _add(found: dict[str, Any], name: str, id_: str, document: dict[str, Any]) -> None:
    found[id_ if name in found else name] = document


def _with_names(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _with_names(each, names) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_names(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value


def is_write(exchange: Exchange) -> bool:
    """Whether a request could change the account: all but reads and the fetching of a token."""
    return exchange.method != "GET" and not exchange.path.endswith("/oauth2/token")


def _named_body(body: bytes, names: dict[str, str]) -> bytes:
    if not body:
        return b""
    root = etree.fromstring(body)
    for element in root.iter():
        if element.text in names:
            element.text = names[element.text]
    return canonical(etree.tostring(root))


def canonical(document: bytes | str) -> bytes:
    """A document's canonical form, blanks between its elements left out."""
    parser = etree.XMLParser(remove_blank_text=True)
    return etree.tostring(etree.fromstring(document, parser), method="c14n")


def shown(plan: Plan) -> str:
    """A plan as text that a case can hold: steps, then pools, what is not managed, and findings."""
    pools = [
        f"pool {pool.address}: {pool.present} there, {pool.pending} coming, "
        f"{pool.ordered} ordered of {pool.count}"
        for pool in plan.pools
    ]
    unmanaged = [f"unmanaged {each.address} ({each.id})" for each in plan.unmanaged]
    findings = [said(finding) for finding in (*plan.warnings, *plan.refusals)]
    return "\n".join([*map(_step, plan.steps), *pools, *unmanaged, *findings]) or "nothing to do"


def _step(step: Step) -> str:
    changes = [f"{change.path}: {change.before!r} -> {change.after!r}" for change in step.changes]
    lines = [f"after {need}" for need in step.needs] + changes
    calls = [f"{call.method} {call.path.removeprefix('/accounts/' + ACCOUNT)}" for call in step.calls]
    return "\n  ".join([f"{step.action} {step.address}", *lines, *calls])


def said(finding: Finding) -> str:
    """A finding as one line."""
    return f"{finding.severity} {finding.address}: {finding.message}"
