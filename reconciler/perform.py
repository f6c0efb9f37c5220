"""One step to its calls and their result: which manner of serving carries it out, and what went wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.api import collection, singleton
from reconciler.api.client import Writer
from reconciler.api.errors import ApiError
from reconciler.api.looks import NotMade, Undetermined, did_nothing
from reconciler.api.orders import ForeignOrder
from reconciler.buying_steps import Purchasing, bought
from reconciler.calls import Call
from reconciler.execute import Ids, Result, State
from reconciler.kinds import BY_NAME
from reconciler.kinds.address import as_manifest_line
from reconciler.kinds.kind import Collection, Kind, Orders, Plain, Settings
from reconciler.ledger.creations import Creations
from reconciler.ledger.store import LedgerFailed
from reconciler.model import Action, Address, Ref, Secret, Value
from reconciler.paths import lineage, resolve
from reconciler.plan import Step
from reconciler.releasing_steps import give_up, given_up


@dataclass(frozen=True)
class Performer:
    """Carries out steps; safe to call from many threads. It sends the calls that a step lists, no others.

    `secrets` are the passwords that steps send; `creations` is where the ledger keeps what was sent to be
    created, by this run and earlier ones; `purchasing` is what numbers are ordered with.
    """

    writer: Writer
    secrets: Mapping[Secret, str]
    creations: Creations
    purchasing: Purchasing

    def __call__(self, step: Step, ids: Ids) -> Result:
        """Do the step; an API failure is a result, not an exception."""
        sent = _Sent()
        try:
            calls = [replace(call, path=resolve(call.path, ids)) for call in step.calls]
            return self._serve(step, calls, ids, sent)
        except (ApiError, NotMade, Undetermined, LedgerFailed, ForeignOrder, LookupError) as error:
            return _failed(step, error, wrote=sent.any)

    def _serve(self, step: Step, calls: list[Call], ids: Ids, sent: _Sent) -> Result:
        kind = BY_NAME[step.address.kind]
        if isinstance(kind.serving, Orders):
            act = self._release if step.action is Action.RELEASE else self._buy
            return act(step, ids, sent)
        assert step.change is not None
        fields = {name: self._plain(value, ids) for name, value in step.change.wanted.fields.items()}
        if isinstance(kind.serving, Collection):
            return self._member(kind, kind.serving, step, calls, fields, sent)
        return self._settings(kind, kind.serving, step, calls, fields, sent)

    def _member(
        self, kind: Kind, serving: Collection, step: Step, calls: list[Call], fields: Plain, sent: _Sent
    ) -> Result:
        *before, call = calls
        if step.action is Action.CREATE:
            created = self._create(kind, serving, call.path, fields)
            return Result.of(step, State.DONE, wrote=True, created=created)
        if step.action is Action.DELETE:
            for strip in before:
                sent.any = collection.strip(self.writer, kind, serving, strip.path)
            collection.delete(self.writer, serving, call.path)
            self._forget(kind, step, call.path)
            return Result.of(step, State.DONE, wrote=True)
        assert step.change is not None
        changed = frozenset(change.path for change in step.change.changes)
        target = call.method, call.path
        wrote = collection.update(
            self.writer, kind, serving, target, fields, changed, conditional=call.conditional
        )
        return Result.of(step, State.DONE, wrote=wrote)

    def _forget(self, kind: Kind, step: Step, path: str) -> None:
        """What is gone is not waited for by runs that find its name in the ledger and not in a list."""
        assert step.change is not None
        with contextlib.suppress(LedgerFailed):
            self.creations.forget(path.rpartition("/")[0], kind.called(step.change.observed))

    def _create(self, kind: Kind, serving: Collection, path: str, fields: Plain) -> str:
        """Noted in the ledger before it is sent, and how it ended.

        One that the ledger does not know to have ended is looked for by the next run before it is sent
        again; so is one whose end could not be noted.
        """
        creation = self.creations.open(path, kind.called(fields), self.purchasing.guard.run)
        try:
            made = collection.create(self.writer, kind, serving, path, fields, self.purchasing.patience)
        except ApiError:
            with contextlib.suppress(LedgerFailed):
                creation.ended("")
            raise
        with contextlib.suppress(LedgerFailed):
            creation.ended(made)
        return made

    def _settings(
        self,
        kind: Kind,
        serving: Settings,
        step: Step,
        calls: list[Call],
        fields: Plain,
        sent: _Sent,
    ) -> Result:
        by_name = {setting.name: setting for setting in serving.settings}
        for call, planned in zip(calls, step.calls, strict=True):
            target = (call.method, call.path, by_name[call.setting])
            if step.action is Action.DELETE:
                singleton.remove(self.writer, serving, target)
            else:
                unseen = planned.path != call.path
                singleton.write(
                    self.writer, kind, serving, target, fields, self.purchasing.patience, unseen=unseen
                )
            sent.any = True
        return Result.of(step, State.DONE, wrote=True)

    def _plain(self, value: Value, ids: Ids) -> Value:
        if isinstance(value, Ref):
            return _known(value.address, ids)
        if isinstance(value, Secret):
            return self.secrets[value]
        if isinstance(value, Mapping):
            return {name: self._plain(each, ids) for name, each in value.items()
                    if not isinstance(each, Secret) or each in self.secrets}  # fmt: skip
        return value

    def _buy(self, step: Step, ids: Ids, sent: _Sent) -> Result:
        buyer = self.purchasing.buyer(self.writer, step, ids)
        try:
            return bought(step, buyer, buyer.buy(step.quantity))
        finally:
            sent.any = buyer.wrote

    def _release(self, step: Step, ids: Ids, sent: _Sent) -> Result:
        released = give_up(self.purchasing, self.writer, step, ids)
        sent.any = released.wrote
        return given_up(step, released, wait=self.purchasing.patience.wait)


def _known(address: Address, ids: Ids) -> str:
    """The id of what a step refers to. Raises `LookupError` with the address of one that has none."""
    if address not in ids:
        raise LookupError(str(address))
    return ids[address]


@dataclass
class _Sent:
    any: bool = False


def _failed(step: Step, error: Exception, *, wrote: bool) -> Result:
    """A step that did not do what it was to do; `wrote` tells whether an earlier call of it did."""
    match error:
        case Undetermined():
            return Result.of(step, State.UNDETERMINED, str(error), _where_to_look(step.address), wrote=True)
        case NotMade():
            return Result.of(step, State.FAILED, str(error), error.hint, wrote=True)
        case ApiError():
            wrote = wrote or (error.lost and not did_nothing(error))
            return Result.of(step, State.FAILED, str(error), _hint(error), wrote)
        case ForeignOrder() | LedgerFailed():
            return Result.of(step, State.FAILED, str(error), error.hint, wrote)
    return Result.of(step, State.FAILED, f"it is not known which {error.args[0]} is meant", wrote=wrote)


# where the dashboard's menu has what a step makes (support.bandwidth.com: how to set up an account)
_IN_DASHBOARD = {"application": "Applications", "sub_account": "Account > Sub-accounts"}


def _where_to_look(address: Address) -> str:
    page = _IN_DASHBOARD.get(address.kind, "Account > Locations")
    return (
        f"look in the dashboard, under {page}, for the {' of the '.join(map(_named, lineage(address)))}; "
        "then run apply again: it takes what is there, and makes what is not"
    )


def _named(address: Address) -> str:
    kind = address.kind.replace("_", "-")
    return f"{kind} {address.names[-1]}" if BY_NAME[address.kind].is_object else kind


def _hint(error: ApiError) -> str:
    recommended = (
        next((n for n in error.document.walk() if n.name == "RecommendedAddress"), None)
        if error.document
        else None
    )
    if recommended is not None:
        return f"the API recommends this, ready to paste:\n{as_manifest_line(recommended)}"
    return error.hint
