"""A step that gives numbers up to its result: its disconnect order, in words what became of each number."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence

from reconciler.api.client import Writer
from reconciler.api.disconnects import release
from reconciler.api.errors import ApiError
from reconciler.api.standings import await_unlisted
from reconciler.buying_steps import LOST_LOCK, Purchasing
from reconciler.execute import Ids, Result, State
from reconciler.kinds import BY_NAME
from reconciler.kinds.kind import Orders
from reconciler.model import few
from reconciler.paths import fill, lineage
from reconciler.plan import Step
from reconciler.releasing import Disconnect, Released

MOST_NAMED = 5
LOOK = "look at {numbers} in the dashboard; run it again with the same --release when it is known"
WAIT = "wait until the order has ended; what is gone by then need not be named again"
AGAIN = "run it again with --release for those that are still to go"


def give_up(purchasing: Purchasing, writer: Writer, step: Step, ids: Ids) -> Released:
    """Carry the step out. Raises `ApiError`, or `LookupError` with an address that has no id."""
    assert step.change is not None
    serving = BY_NAME[step.address.kind].serving
    assert isinstance(serving, Orders)
    _, location, sub_account = lineage(step.address)
    numbers, (site, peer) = step.change.released, (ids[sub_account], ids[location])
    name = customer_order_id(purchasing.account, site, peer, numbers)
    wanted = Disconnect(purchasing.account, site, peer, numbers, name)

    def check() -> None:
        if not purchasing.guard.lease.held():
            raise ApiError(f"no disconnect order was sent: {LOST_LOCK}")

    released = release(writer, wanted, purchasing.patience, check)
    if not step.change.wanted.wanted and released.released:
        tns = fill(serving.numbers, purchasing.account, step.address, ids)
        await_unlisted(writer, tns, released.released, purchasing.patience)
    return released


def customer_order_id(account: str, site: str, peer: str, numbers: tuple[str, ...]) -> str:
    """The id of the order that gives these numbers up: the same for the same numbers, 28 characters."""
    text = "|".join((account, site, peer, *sorted(numbers)))
    return f"rd1-{base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()[:24]}"


def given_up(step: Step, released: Released, *, wait: bool = True) -> Result:
    """The step's result: done only when every number is gone; pending where nobody wants to `wait`."""
    state, hint = State.DONE, ""
    if released.unknown:
        state, hint = State.UNDETERMINED, LOOK.format(numbers=_listed(released.unknown))
    elif released.pending and not released.refused and not wait:
        state = State.PENDING
    elif released.refused or released.pending:
        state, hint = State.FAILED, released.hint or (WAIT if released.pending else AGAIN)
    message = "; ".join(_told(released))
    gone = len(released.released)
    return Result.of(step, state, message, hint, released.wrote, numbers=gone)


def _told(released: Released) -> Iterator[str]:
    if released.unknown:
        why = f": {released.error}" if released.error else ""
        yield f"nobody knows whether {_listed(released.unknown)} will be given up{why}"
    if released.pending:
        yield f"disconnect order {released.order} is still open for {_listed(released.pending)}"
    reasons: dict[str, list[str]] = {}
    for number, why in released.refused.items():
        reasons.setdefault(why, []).append(number)
    for why, numbers in reasons.items():
        yield f"{_listed(numbers)} not given up: {why}"


def _listed(numbers: Sequence[str]) -> str:
    return few([f"+1{number}" for number in numbers], MOST_NAMED)
