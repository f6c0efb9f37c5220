"""A plan to a changed account: carried out, written down, read again, and reported."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from reconciler import __version__
from reconciler.api.client import Connection, Writer
from reconciler.api.errors import ApiError
from reconciler.api.guard import Guard
from reconciler.api.looks import LOOKS, pauses
from reconciler.api.orders import ForeignOrder
from reconciler.api.patience import Patience
from reconciler.buying_steps import Purchasing, Said
from reconciler.commands.inputs import Inputs
from reconciler.commands.interrupts import Signals
from reconciler.commands.planning import Access, Planned, Wanted, make_plan
from reconciler.commands.progress import Progress
from reconciler.commands.remembered import Remembered
from reconciler.commands.speaking import GONE, say
from reconciler.diff import SecretAt
from reconciler.execute import Outcome, Perform, State, execute
from reconciler.ledger.holder import Holder
from reconciler.ledger.journal import Journal, now
from reconciler.ledger.store import LedgerFailed
from reconciler.model import Problem, Problems, Secret, few
from reconciler.perform import Performer
from reconciler.plan import Options, Plan
from reconciler.reads import pools_of
from reconciler.report.as_json import dumps, outcome_json
from reconciler.report.as_text import outcome_text
from reconciler.report.words import converged
from reconciler.runs import Began, planned
from reconciler.sent_secrets import Remembering
from reconciler.standing import Assumptions

REMINDER = (
    "US local numbers need a 10DLC campaign before their texts are delivered, and {count} here have none "
    "({numbers})."
)
INTERRUPTED = "the run was interrupted"


@dataclass(frozen=True)
class Run:
    """What one apply works with."""

    inputs: Inputs
    wanted: Wanted
    connection: Connection
    options: Options
    assumptions: Assumptions
    patience: Patience
    memory: Remembered
    guard: Guard
    holder: Holder
    as_json: bool = False

    def plan(self, rotated: Collection[SecretAt] = ()) -> Planned:
        """Read the account and plan. `rotated` are the passwords that a saved plan calls so."""
        return self._plan(self.options, rotated)

    def plan_again(self) -> Planned:
        """Read the account and plan once more; what was sent or given up is not to be a second time."""
        return self._plan(replace(self.options, resend_secrets=(), release=()))

    def _plan(self, options: Options, rotated: Collection[SecretAt] = ()) -> Planned:
        access = Access(self.connection, self.memory, self.assumptions.settle, self.patience.pause)
        return make_plan(self.wanted, self.inputs, access, options, rotated)

    def journal(self, plan: Plan) -> Journal:
        """The beginning of this run's journal. Raises `LedgerFailed`."""
        began = Began(
            now(),
            "apply",
            __version__,
            self.holder.owner,
            self.holder.host,
            self.wanted.account,
            tuple(map(str, plan.source.files)),
            plan.source.sha256,
            planned(plan),
        )
        return Journal.begin(self.memory.store, self.guard.run, began)

    def performer(self, writer: Writer, secrets: Mapping[Secret, str], said: Said) -> Perform:
        """What carries out steps."""
        counts = pools_of(self.wanted.desired)
        purchasing = Purchasing(
            self.wanted.account, counts, self.guard, self.assumptions, self.patience, said
        )
        performer = Performer(writer, secrets, self.memory.creations, purchasing)
        return Remembering(performer, self.memory.digests, secrets)

    @property
    def signals(self) -> Signals:
        """What the run hears of being told to stop."""
        return self.inputs.outside.signals

    def tell(self, text: str) -> None:
        """The plan, for a person: on stderr where stdout is for a document.

        Raises `Problems` where stdout does not take it: nothing is done that nobody could see.
        """
        why = say(text, err=self.as_json)
        if why and not self.as_json:
            raise Problems([Problem(f"the plan cannot be shown: {why}", hint="nothing was changed")])


def carry_out(run: Run, planned: Planned, secrets: Mapping[Secret, str]) -> int:
    """Apply the plan, plan again, report; the exit code.

    From here on a signal cuts nothing short: what was done is told and written down.
    """
    run.signals.hold()
    journal = run.journal(planned.plan)
    with Writer(run.connection) as writer, Progress(planned.plan, run.inputs) as progress:
        outcome = execute(
            planned.plan,
            planned.ids,
            journal.performing(run.performer(writer, secrets, progress.order)),
            progress.step,
            stop=run.patience.stop,
            parallelism=run.inputs.parallelism,
        )
    after, trouble = _read_again(run, planned, outcome)
    outcome = replace(outcome, interrupted=outcome.interrupted or trouble == INTERRUPTED)
    residue = after.plan if after else None
    code = exit_code(outcome, residue)
    journal.end(outcome, exit_code=code, converged=converged(outcome, residue))
    untold = _report(run, planned.plan, outcome, (after, trouble), code)
    hint = f"\n  hint: reconciler history {run.guard.run} shows it"
    _say_error("the account could not be read again", trouble)
    _say_error("the run is not in the ledger as a whole", journal.trouble)
    _say_error("the outcome cannot be printed", untold and f"{untold}{hint}")
    return code or int(bool(untold) and not outcome.wrote)


def _say_error(what: str, why: object) -> None:
    if why:
        say(f"error: {what}: {why}\n", err=True)


def read_again(run: Run, outcome: Outcome) -> Planned:
    """The account planned once more; lists may lag, so what all steps have done is looked for again."""
    planned = run.plan_again()
    done = all(result.state in {State.DONE, State.PENDING} for result in outcome.results)
    for seconds in islice(pauses(run.assumptions.settle), LOOKS - 1):
        if not (done and planned.plan.steps) or run.patience.pause(seconds):
            break
        planned = run.plan_again()
    return planned


def acted(outcome: Outcome) -> bool:
    """Whether the account may be another than it was planned from; what was adopted is not a write."""
    return outcome.wrote or outcome.count(State.DONE) > 0


def _read_again(run: Run, planned: Planned, outcome: Outcome) -> tuple[Planned | None, str]:
    if not acted(outcome):
        return planned, ""
    try:
        run.signals.let()
        return read_again(run, outcome), ""
    except (ApiError, ForeignOrder, LedgerFailed) as error:
        return None, str(error)
    except KeyboardInterrupt:
        return None, INTERRUPTED
    finally:
        run.signals.hold()


def exit_code(outcome: Outcome, residue: Plan | None) -> int:
    """The contract's code for how a run ended; `residue` is the plan made afterwards."""
    doubt = residue is not None and any(pool.doubt for pool in residue.pools)
    if doubt or outcome.count(State.UNDETERMINED):
        return 5
    if converged(outcome, residue):
        return 0
    if outcome.wrote:
        return 4
    done = not (outcome.interrupted or outcome.count(State.FAILED) or outcome.count(State.SKIPPED))
    return int(not done or residue is None or bool(residue.steps or residue.refusals))


def _report(run: Run, plan: Plan, outcome: Outcome, after: tuple[Planned | None, str], code: int) -> str:
    """Print the outcome; "", or why it could not be, if somebody wants to know."""
    again, trouble = after
    residue = again.plan if again else None
    bare = again.live.without_campaign if again else ()
    reminder = (
        REMINDER.format(count=len(bare), numbers=few([f"+1{number}" for number in bare])) if bare else ""
    )
    if run.as_json:
        document = outcome_json(
            outcome, plan, residue, tool=__version__, exit_code=code, reminder=reminder, trouble=trouble
        )
        text = dumps(document)
    elif outcome.results:
        text = outcome_text(outcome, plan, residue, reminder, color=run.inputs.color)
    else:
        text = f"Reminder: {reminder}\n" if reminder else ""
    why = say(text)
    return "" if why == GONE else why
