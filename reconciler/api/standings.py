"""Numbers to where they stand, looked at once, or until it is settled what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.api.client import Reader
from reconciler.api.errors import ApiError
from reconciler.api.looks import LOOKS
from reconciler.api.numbers import placement, read_numbers
from reconciler.api.patience import Patience
from reconciler.document import Node
from reconciler.releasing import Standing, Told, unsettled


def read_standing(reader: Reader, account: str, numbers: Sequence[str]) -> Mapping[str, Standing]:
    """Where each number (ten digits) stands. Raises `ApiError` for a read that fails."""
    return {number: _standing(reader, account, number) for number in numbers}


def _standing(reader: Reader, account: str, number: str) -> Standing:
    """By the number's details; by its status where those are not served or do not say it."""
    for path, tolerated in ((f"/tns/{number}/tndetails", (400, 403, 404)), (f"/tns/{number}", (404,))):
        answer = reader.get(path, tolerate=tolerated)
        nodes = answer.document.walk() if answer.document and answer.status not in tolerated else ()
        found = next((node for node in nodes if node.value("Status")), None)
        if found is not None:
            return _stands(found, account)
    return Standing()


def _stands(details: Node, account: str) -> Standing:
    found = placement(details)
    ours = found.account in {"", account}
    return Standing(found.status, found.account, found.site, found.peer, ours)


def settled(
    reader: Reader, account: str, numbers: Sequence[str], order: Told | None, patience: Patience
) -> Mapping[str, Standing]:
    """Where the numbers of an order stand, once that settles what became of each, or no look is left.

    `order` is None where its answer was lost. A number that could not be looked at is missing. A look ends
    with the first read that fails, and the next one begins with the other numbers: one that cannot be read
    does not hide them, and an API that is down is not asked for each.
    """
    standings: dict[str, Standing] = {}
    failed: set[str] = set()
    for _ in looks(patience):
        for number in sorted(unsettled(numbers, order, standings), key=failed.__contains__):
            try:
                standings[number] = _standing(reader, account, number)
            except ApiError:
                failed.add(number)
                break
        if not any(unsettled(numbers, order, standings)):
            break
    return standings


def looks(patience: Patience) -> Iterator[int]:
    """`LOOKS` looks over `order_patience`, each pause twice the last one; none once the run is stopped."""
    shortest = patience.order_patience / (2 ** (LOOKS - 1) - 1)
    for look in range(LOOKS):
        if patience.stop.is_set():
            return
        yield look
        if look < LOOKS - 1:
            patience.pause(shortest * 2**look)


def await_unlisted(reader: Reader, tns_path: str, numbers: Sequence[str], patience: Patience) -> bool:
    """Whether the list of a location's numbers (…/tns) has dropped all of these, within `LOOKS` looks.

    A look that fails counts as one that shows them.
    """
    for _ in looks(patience):
        try:
            listed = {number.digits for number in read_numbers(reader, tns_path)}
        except ApiError:
            continue
        if listed.isdisjoint(numbers):
            return True
    return False
