"""Disconnect orders: the account's list of them to the numbers they name; one sent, and looked after.

Nothing undoes a disconnect, so an order is sent once; where its answer is lost, the status of each number
decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.api.client import Answer, Reader, Writer
from reconciler.api.errors import (
    ApiError,
    Dropped,
    Forbidden,
    NotFound,
    RateLimited,
    ServerFailed,
    TimedOut,
    Unauthorised,
    Unreachable,
    Unreadable,
    find_error,
)
from reconciler.api.looks import pauses
from reconciler.api.numbers import next_page, ten_digits
from reconciler.api.orders import LIST, STATUSES
from reconciler.api.patience import Patience
from reconciler.api.standings import read_standing, settled
from reconciler.chain import FINAL
from reconciler.document import Node, leaf
from reconciler.releasing import Disconnect, Released, Told, became, sorted_out

MOST = 5000  # numbers in one order: iris.min.raml, of orders; 5095 says "exceeds the maximum size"
MOST_OPEN = 200  # open disconnect orders that are read to find out which numbers they name
_PAGE = 1000
_ROOTS = frozenset({LIST, "ListOrderIdUserIdDate"})
# the forms in which the list says that there is no disconnect order: its status and its root
_ABSENCE = frozenset({(204, ""), (404, "Links"), (404, "")})
_CUSTOMER_ORDER_ID = re.compile(r"[A-Za-z0-9 -]{1,40}")  # error 5052
# Codes of a 4xx that mean "no order was taken in" (error catalogue: validation). No other 4xx is proof of
# that: 5086 is "order request timed out", 5019 "order is pending", 1010 "unexpected".
_INVALID_DOCUMENT = (1003, 1005, 1006, 1008, 1009, 1011, 1012, 1014, 1019, 1022)
_INVALID_ACCOUNT = (5000, 5012, 5051, 5094)
_INVALID_NUMBERS = (5001, 5006, 5008, 5070, 5071, 5072, 5073, 5074, 5076, 5077, 5090, 5093, 5095, 5174, 5175)
_INVALID_ORDER = (5052, 5084, 5085, 5087, 5097, 5108, 5109, 5110, 5164, 5165)
NOTHING_DONE = frozenset(
    map(str, (*_INVALID_DOCUMENT, *_INVALID_ACCOUNT, *_INVALID_NUMBERS, *_INVALID_ORDER))
)

Check = Callable[[], None]
Said = Callable[[Told], None]


def open_disconnects(reader: Reader, account: str) -> Mapping[str, str]:
    """The numbers (ten digits) that disconnect orders name which have not ended, each with the order's id.

    Raises `ApiError` where the list or an order cannot be read, or more than `MOST_OPEN` are open. The list
    is read without its status filter: no document says that it knows RECEIVED.
    """
    path = _path(account)
    rows = [row for row in _rows(reader, path) if status_of(row) not in FINAL]
    if len(rows) > MOST_OPEN:
        said = f"{len(rows)} disconnect orders are open, more than the {MOST_OPEN} that are looked into"
        raise Unreadable(f"GET {path}: {said}", f"GET {path}")
    found: dict[str, str] = {}
    for row in rows:
        order_id = row.value("OrderId") or ""
        document = read_order(reader, f"{path}/{order_id}")
        if status_of(document) not in FINAL:
            lists = (node for node in document.walk() if node.name.lower() == "telephonenumberlist")
            found |= {number: order_id for node in lists for number in numbers_in(node)}
    return found


def _path(account: str) -> str:
    return f"/accounts/{account}/disconnects"


def _rows(reader: Reader, path: str) -> Iterator[Node]:
    page, seen = "1", set[str]()
    while page not in seen:
        seen.add(page)
        answer = reader.get(path, {"page": page, "size": _PAGE}, tolerate=(404,))
        root = answer.document.name if answer.document else "" if answer.empty else "what is not XML"
        if (answer.status, root) in _ABSENCE or _says_none(answer):
            return
        if answer.document is None or answer.status == 404 or root not in _ROOTS:
            said = f"expected a list of disconnect orders, got {answer.status} {root}".rstrip()
            raise Unreadable(f"GET {path}: {said}", f"GET {path}", answer.status)
        yield from (node for node in answer.document.walk() if node.name.lower() == "orderiduseriddate")
        page = next_page(answer.document) or page


def _says_none(answer: Answer) -> bool:
    """Whether a 404 says in words, under the orders' own root and without a code, that there is none."""
    document = answer.document
    if answer.status != 404 or document is None or document.name != "DisconnectTelephoneNumberOrderResponse":
        return False
    code, _ = find_error(document, 404) or ("", "")
    return not code


def read_order(reader: Reader, path: str) -> Node:
    """One order that is no purchase, whatever has become of it. Raises `ApiError`."""
    document = reader.get(path, errors_are_data=True).document
    if document is None:
        raise Unreadable(f"GET {path}: expected an order, got nothing", f"GET {path}")
    return document


def status_of(document: Node) -> str:
    """The state of an order, or of its row in a list, in capitals; "" where it has none."""
    states = (n.text for n in document.walk() if n.name.lower() in {"orderstatus", "processingstatus"})
    said = next(states, "").upper()
    return STATUSES.get(said, said)


def numbers_in(node: Node) -> frozenset[str]:
    """Every number named in an element or below it, ten digits each."""
    named = (n.text for n in node.walk() if n.name.lower() in {"telephonenumber", "fullnumber"} and n.text)
    return frozenset(map(ten_digits, named))


def read_told(document: Node, order_id: str) -> Told:
    """What a disconnect order's document says."""
    gone = document.first("DisconnectedTelephoneNumberList")
    failed: dict[str, str] = {}
    reasons = []
    for error in (node for node in document.walk() if node.value("Code") not in {None, "", "0"}):
        words = f"{error.value('Code')} {error.value('Description') or ''}".strip()
        numbers = numbers_in(error)
        failed |= dict.fromkeys(numbers, words)
        reasons += [] if numbers else [words]
    disconnected = numbers_in(gone) if gone else frozenset[str]()
    return Told(order_id, status_of(document), disconnected, failed, "; ".join(reasons))


def _quiet(told: Told) -> None:
    del told


def release(
    writer: Writer, wanted: Disconnect, patience: Patience, check: Check, said: Said = _quiet
) -> Released:
    """Give numbers up in one order, which is sent once and then looked after until it ends.

    The numbers are looked at first: those that are gone count as released, and those that are not at the
    location, or not in service, are left out and say so. `check` is called right before the order leaves,
    after any wait for the rate limit; what it raises keeps it from being sent: an `ApiError` is why the
    numbers were refused, anything else comes out as it is. It may make no calls of its own, since this one
    holds a place among those in flight. `said` is told of each look at the order. Raises `ApiError` where
    a number cannot be looked at before the order is sent, and ValueError for more than `MOST` numbers or a
    customer order id that the API refuses.
    """
    if len(wanted.numbers) > MOST or not _CUSTOMER_ORDER_ID.fullmatch(wanted.customer_order_id):
        raise ValueError(f"no disconnect order: {len(wanted.numbers)} numbers, {wanted.customer_order_id!r}")
    numbers, before = sorted_out(wanted, read_standing(writer, wanted.account, wanted.numbers))
    if not numbers:
        return before
    posted = _post(writer, wanted, numbers, patience, check)
    if posted.nothing_done:
        refused = {**before.refused, **dict.fromkeys(numbers, str(posted.error))}
        return _with_error(replace(before, refused=refused), posted.error)
    order, error = posted.order, posted.error
    if order is not None:
        order, error = _wait(writer, _path(wanted.account), order, patience, said)
    standings = settled(writer, wanted.account, numbers, order, patience)
    return _with_error(became(numbers, order, standings, before), error)


def _with_error(released: Released, error: ApiError | None) -> Released:
    return replace(released, error=str(error), hint=error.hint) if error else released


def _document(wanted: Disconnect, numbers: Sequence[str]) -> Node:
    listed = Node("TelephoneNumberList", children=tuple(leaf("TelephoneNumber", each) for each in numbers))
    # What an order that does not say it is taken to mean (samples of numbers.yml). A protected number is
    # given up like any other, and keeps its mark.
    meant = (leaf("DisconnectMode", "normal"), leaf("Protected", "UNCHANGED"))
    kind = Node("DisconnectTelephoneNumberOrderType", children=(listed, *meant))
    named = leaf("CustomerOrderId", wanted.customer_order_id)
    return Node("DisconnectTelephoneNumberOrder", children=(named, kind))


@dataclass(frozen=True)
class _Posted:
    """The order as it was taken in, else what went wrong and whether that proves that nothing was done."""

    order: Told | None
    error: ApiError | None = None
    nothing_done: bool = False


def _post(
    writer: Writer, wanted: Disconnect, numbers: Sequence[str], patience: Patience, check: Check
) -> _Posted:
    path, leaves = _path(wanted.account), False

    def before() -> None:
        nonlocal leaves
        leaves = False
        if patience.stop.is_set():
            raise ApiError("the run was interrupted")
        check()
        leaves = True

    body = _document(wanted, numbers)
    try:
        answer = writer.send("POST", path, body, fresh=True, errors_are_data=True, before=before)
    except ApiError as error:
        return _Posted(None, error, not leaves or nothing_done(error))
    order_id = _order_id(answer)
    if not order_id:
        return _Posted(None, _without_id(answer, path))
    return _Posted(read_told(answer.document, order_id) if answer.document else Told(order_id, ""))


def nothing_done(error: ApiError) -> bool:
    """Whether a disconnect order that failed is known to have given up nothing."""
    certain = Unreachable | RateLimited | Unauthorised | Forbidden | NotFound
    return error.refused_with(NOTHING_DONE) or isinstance(error, certain)


def _order_id(answer: Answer) -> str | None:
    places = ("orderRequest/id", "orderRequest/OrderId", "OrderId")
    named = (answer.document.value(place) for place in places) if answer.document else ()
    return next(filter(None, named), None) or answer.new_id


def _without_id(answer: Answer, path: str) -> ApiError:
    code, text = find_error(answer.document, answer.status) or ("", "") if answer.document else ("", "")
    said = f" (error {code}): {text}" if code else ""
    return ApiError(f"POST {path}: {answer.status} without an order id{said}", f"POST {path}", answer.status)


def _wait(
    reader: Reader, path: str, order: Told, patience: Patience, said: Said
) -> tuple[Told, ApiError | None]:
    """The order at its end, or as it was last seen, and why it is not looked at any more.

    A 404 soon after its 201 means that it is still open; a look that fails for a passing reason says
    nothing of it.
    """
    until = patience.clock() + patience.order_timeout
    for pause in pauses():
        said(order)
        if order.ended or not patience.wait or patience.clock() >= until or patience.pause(pause):
            break
        try:
            order = read_told(read_order(reader, f"{path}/{order.order}"), order.order)
        except (NotFound, TimedOut, Dropped, ServerFailed, Unreachable, Unreadable):
            continue
        except ApiError as error:
            return order, error
    return order, None
