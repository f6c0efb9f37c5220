"""A step that orders numbers to its result: the pool's purchase, and in words how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from reconciler.api.buying import Buyer, Purchase
from reconciler.api.client import Writer
from reconciler.api.guard import Guard
from reconciler.api.number_details import Directory
from reconciler.api.orders import OrderBook
from reconciler.api.patience import Patience
from reconciler.api.pools import LocationPools
from reconciler.chain import Order
from reconciler.execute import Ids, Result, State
from reconciler.kinds import BY_NAME
from reconciler.kinds.kind import Orders
from reconciler.model import Address
from reconciler.paths import fill, lineage
from reconciler.plan import Step
from reconciler.purchase import End, Stop
from reconciler.reads import key_of
from reconciler.standing import Assumptions

Said = Callable[[Address, Order], None]


def _quiet(address: Address, order: Order) -> None:
    del address, order


@dataclass(frozen=True)
class Purchasing:
    """What every purchase of a run is made with.

    `counts` maps each location to the counts of its pools; `said` is told of every look at an order that
    is waited for.
    """

    account: str
    counts: Mapping[Address, Mapping[Address, int]]
    guard: Guard
    assumptions: Assumptions = field(default_factory=Assumptions)
    patience: Patience = field(default_factory=Patience)
    said: Said = _quiet

    def buyer(self, writer: Writer, step: Step, ids: Ids) -> Buyer:
        """Who carries out the step's purchase. Raises `LookupError` with an address that has no id."""
        serving = BY_NAME[step.address.kind].serving
        assert isinstance(serving, Orders)
        assert step.change is not None
        counts = self.counts[lineage(step.address)[1]]
        pools = {pool: (key_of(self.account, pool, ids), count) for pool, count in counts.items()}
        book = OrderBook(writer, self.account, self.assumptions.settle, self.guard.intents.read)
        return Buyer(
            writer,
            book,
            Directory(writer, self.account),
            LocationPools(fill(serving.numbers, self.account, step.address, ids), pools),
            step.address,
            step.change.wanted.fields,
            self.guard,
            self.assumptions,
            self.patience,
            lambda order: self.said(step.address, order),
        )


LOOK_FOR_IT = (
    "look for {name} in the dashboard's orders; apply decides it {until}, or at once with "
    "--order-not-placed {name} if you know that it was not placed"
)
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
        "there are several orders under one customer order id, {name}; the last is {id}",
        "look at them in the dashboard; --accept-duplicate {name} lets this pool order again",
    ),
    End.REFUSED: (State.FAILED, "the order was refused: {error}", ""),
    End.NOT_SENT: (
        State.FAILED,
        "no order was sent: {error}",
        "run apply again",
    ),
    End.LEASE: (
        State.FAILED,
        "no order was sent: the lock of this run ends too soon for one",
        "run apply again; the ledger did not renew the lock",
    ),
    End.UNDETERMINED: (
        State.UNDETERMINED,
        "an order was sent as {name} and nobody knows what became of it: {error}",
        LOOK_FOR_IT,
    ),
}
LOST_LOCK = "another run has taken the lock, or the order's time was over"
NOT_SHOWN = "no list shows it"


def bought(step: Step, buyer: Buyer, purchase: Purchase) -> Result:
    """The step's result."""
    stop = purchase.stop
    state, words, hint = _ENDS[stop.end]
    if stop.end is End.OPEN and not buyer.patience.wait:
        state = State.PENDING
    if purchase.error and stop.end is End.REFUSED:
        hint = purchase.error.hint
    said = _said(stop, buyer, purchase)
    numbers = sum(len(order.delivered) for order in purchase.orders)
    return Result.of(step, state, words.format(**said), hint.format(**said), purchase.wrote, numbers=numbers)


def _said(stop: Stop, buyer: Buyer, purchase: Purchase) -> Mapping[str, object]:
    order = stop.order or Order("", 0, "", 0)
    unknown = {End.NOT_SENT: LOST_LOCK, End.UNDETERMINED: NOT_SHOWN}.get(stop.end, "")
    key, _ = buyer.place.pools[buyer.address]
    return {
        "id": order.id,
        "name": key.customer_order_id(stop.generation),
        "status": order.status,
        "delivered": len(order.delivered),
        "quantity": order.quantity,
        "reasons": "; ".join(order.reasons) or "the API gives no reason",
        "error": purchase.error or unknown,
        "until": f"from {stop.until:%F %T} UTC on" if stop.until else "when its list shows it again",
    }
