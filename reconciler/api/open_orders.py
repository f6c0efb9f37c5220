"""Numbers that are to be given up, to the orders that are still about to do something with them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from reconciler.api.client import Reader
from reconciler.api.disconnects import numbers_in, read_order, status_of
from reconciler.chain import FINAL
from reconciler.document import Node

# what numbers can be in besides disconnects, each with a list that can be asked for one number (numbers.yml)
_BY_NUMBER = {"moveTns": "move", "tnoptions": "option"}


def open_orders(
    reader: Reader, account: str, numbers: Collection[str], disconnects: Mapping[str, str]
) -> Mapping[str, str]:
    """Which of the numbers (ten digits) an order names that has not ended, each with it ("move order 7f…").

    `disconnects` are the numbers that open disconnect orders name, with the order's id. Raises `ApiError`
    for a look-up that fails. A list of moves or of option orders that is not served, or not to this user
    (404, 403), has none.
    """
    found = {n: f"disconnect order {disconnects[n]}" for n in numbers if n in disconnects}
    read: dict[str, Node] = {}
    for number in sorted(set(numbers) - found.keys()):
        for path, name in _BY_NUMBER.items():
            for order_id in _open(reader, f"/accounts/{account}/{path}", number, read):
                found.setdefault(number, f"{name} order {order_id}")
    return found


def _open(reader: Reader, path: str, number: str, read: dict[str, Node]) -> Iterator[str]:
    """The ids of open orders that name the number. A list may not know its filter, so each is read, once."""
    answer = reader.get(path, {"tn": number}, tolerate=(403, 404))
    rows = answer.document.walk() if answer.document and answer.status == 200 else ()
    for row in rows:
        order_id = row.value("OrderId")
        if order_id and status_of(row) not in FINAL:
            read[order_id] = read.get(order_id) or read_order(reader, f"{path}/{order_id}")
            if status_of(read[order_id]) not in FINAL and number in numbers_in(read[order_id]):
                yield order_id
