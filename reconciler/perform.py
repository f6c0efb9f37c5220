"""One step to its calls and their result: which manner of serving carries it out, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from reconciler.api import collection, singleton
from reconciler.api.buying import Buyer, Patience, Purchase
from reconciler.api.client import Writer
from reconciler.api.errors import ApiError
from reconciler.api.orders import ForeignOrder, OrderBook
from reconciler.api.pools import LocationPools
from reconciler.calls import Call
from reconciler.execute import Ids, Result, State
from reconciler.kinds import BY_NAME
from reconciler.kinds.address import as_manifest_line
from reconciler.kinds.kind import Collection, Kind, Orders, Plain, Settings
from reconciler.model import Action, Address, Ref, Secret, Value
from reconciler.paths import fill, lineage, resolve
from reconciler.plan import Step
from reconciler.purchase import SETTLE, End, Order
from reconciler.reads import key_of

Said = Callable[[Address, Order], None]


def _quiet(address: Address, order: Order) -> None:
    del address, order


@dataclass(frozen=True)
class Performer:
    """Carries out steps; safe to call from many threads. It sends the calls that a step lists, no others.

    `counts` maps each location to the counts of its pools; `secrets` are the passwords that steps send.
    """

    writer: Writer
    account: str
    secrets: Mapping[Secret, str]
    counts: Mapping[Address, Mapping[Address, int]] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)
    settle: float = SETTLE
    said: Said = _quiet

    def __call__(self, step: Step, ids: Ids) -> Result:
        """Do the step; an API failure is a result, not an exception."""
        sent = _Sent()
        try:
            calls = [Call(c.method, resolve(c.path, ids), c.setting) for c in step.calls]
            return self._serve(step, calls, ids, sent)
        except collection.Undetermined as unknown:
            return _result(
                step,
                State.UNDETERMINED,
                str(unknown),
                "look in the dashboard before the next apply",
                True,
            )
        except ApiError as error:
            return _result(step, State.FAILED, str(error), _hint(error), sent.any or error.lost)
        except LookupError as unknown:
            return _result(
                step, State.FAILED, f"it is not known which {unknown.args[0]} is meant", "", sent.any
            )
        except ForeignOrder as error:
            return _result(step, State.FAILED, str(error), error.hint,
                           sent.any)  # fmt: skip

    def _serve(self, step: Step, calls: list[Call], ids: Ids, sent: _Sent) -> Result:
        kind = BY_NAME[step.address.kind]
        if isinstance(kind.serving, Orders):
            return self._buy(step, kind.serving, ids, sent)
        assert step.change is not None
        fields = {name: self._plain(value, ids) for name, value in step.change.wanted.fields.items()}
        if isinstance(kind.serving, Collection):
            return self._member(kind, kind.serving, step, calls[0], fields)
        return self._settings(kind, kind.serving, step, calls, fields, sent)

    def _member(self, kind: Kind, serving: Collection, step: Step, call: Call, fields: Plain) -> Result:
        created = ""
        if step.action is Action.CREATE:
            created = collection.create(self.writer, kind, serving, call.path, fields)
        elif step.action is Action.DELETE:
            collection.delete(self.writer, call.path)
        else:
            assert step.change is not None
            changed = frozenset(change.path for change in step.change.changes)
            collection.update(self.writer, kind, serving, (call.method, call.path), fields, changed)
        return _result(step, State.DONE, wrote=True, created=created)

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
            if step.action is Action.DELETE:
                singleton.remove(self.writer, serving, call.path)
            else:
                target = (call.method, call.path, by_name[call.setting])
                unseen = planned.path != call.path
                singleton.write(self.writer, kind, serving, target, fields, unseen=unseen)
            sent.any = True
        return _result(step, State.DONE, wrote=True)

    def _plain(self, value: Value, ids: Ids) -> Value:
        if isinstance(value, Ref):
            return _known(value.address, ids)
        if isinstance(value, Secret):
            return self.secrets[value]
        if isinstance(value, Mapping):
            return {name: self._plain(each, ids) for name, each in value.items()
                    if not isinstance(each, Secret) or each in self.secrets}  # fmt: skip
        return value

    def _buy(self, step: Step, serving: Orders, ids: Ids, sent: _Sent) -> Result:
        assert step.change is not None
        counts = self.counts[lineage(step.address)[1]]
        pools = {pool: (key_of(self.account, pool, ids), count) for pool, count in counts.items()}
        buyer = Buyer(
            self.writer,
            OrderBook(self.writer, self.account, self.settle),
            LocationPools(fill(serving.numbers, self.account, step.address, ids), pools),
            step.address,
            step.change.wanted.fields,
            self.patience,
            lambda order: self.said(step.address, order),
        )
        try:
            return _bought(step, buyer.buy(step.quantity), self.patience)
        finally:
            sent.any = buyer.wrote


def _known(address: Address, ids: Ids) -> str:
    """The id of what a step refers to. Raises `LookupError` with the address of one that has none."""
    if address not in ids:
        raise LookupError(str(address))
    return ids[address]


@dataclass
class _Sent:
    any: bool = False


# how a purchase ended: the step's state, what to say (of the order, or of the error), what to do
_ENDS: Mapping[End, tuple[State, str, str]] = {
    End.DONE: (State.DONE, "", ""),
    End.BACKORDERED: (State.PENDING, "order {id} is back-ordered: {reasons}", ""),
    End.SHORT: (
        State.FAILED,
        "order {id} ended {status} with {delivered} of {quantity} numbers: {reasons}",
        "run apply again to order what is missing, or lower the count",
    ),
    End.OPEN: (
        State.FAILED,
        "order {id} is still open",
        "its numbers count as pending; plan shows when they are there",
    ),
    End.DUPLICATED: (
        State.FAILED,
        "there are several orders under one customer order id, the last is {id}",
        "look at them in the dashboard; nothing more is ordered for this pool",
    ),
    End.REFUSED: (State.FAILED, "the order was refused: {error}", ""),
    End.UNDETERMINED: (
        State.UNDETERMINED,
        "an order was sent and nobody knows what became of it: {error}",
        "look for it in the dashboard's orders before the next apply",
    ),
}


def _bought(step: Step, purchase: Purchase, patience: Patience) -> Result:
    end, order = purchase.stop.end, purchase.stop.order or Order("", 0, "", 0)
    state, words, hint = _ENDS[end]
    if end is End.OPEN and not patience.wait:
        state = State.PENDING
    if purchase.error and end is End.REFUSED:
        hint = _hint(purchase.error)
    message = words.format(
        id=order.id,
        status=order.status,
        delivered=len(order.delivered),
        quantity=order.quantity,
        reasons="; ".join(order.reasons) or "the API gives no reason",
        error=purchase.error,
    )
    return _result(step, state, message, hint, purchase.wrote, numbers=len(order.delivered))


def _hint(error: ApiError) -> str:
    recommended = (
        next((n for n in error.document.walk() if n.name == "RecommendedAddress"), None)
        if error.document
        else None
    )
    if recommended is not None:
        return f"the API recommends this, ready to paste:\n{as_manifest_line(recommended)}"
    return error.hint


def _result(
    step: Step,
    state: State,
    message: str = "",
    hint: str = "",
    wrote: bool = False,
    *,
    created: str = "",
    numbers: int = 0,
) -> Result:
    return Result(step.id, step.address, step.action, state, message, hint, created, wrote, numbers)
