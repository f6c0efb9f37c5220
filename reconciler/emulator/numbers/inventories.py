"""The account's numbers in service, and those that it gave up: lists in pages, and their totals."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.errors import Refusal
from reconciler.emulator.numbers import filters, paging
from reconciler.emulator.store import Number
from reconciler.emulator.xml import Tree

_DEFAULT_SIZE, _LARGEST_PAGE = 300, 5000


def in_service(call: Call) -> Answer:
    """The numbers in service; 204 when there are none. A filter that cannot be is a 404 (numbers.yml)."""
    found = _in_service(call, call.store.numbers.values())
    page = _listing(call, found, "/inserviceNumbers")
    return page if found else Answer(204)


def in_service_at_site(call: Call) -> Answer:
    """The numbers of a sub-account that are in service."""
    site = call.site()
    of_site = (number for number in call.store.numbers.values() if number.site == site.id)
    return _listing(call, _in_service(call, of_site), f"/sites/{site.id}/inserviceNumbers")


def total_in_service(call: Call) -> Answer:
    """How many numbers are in service."""
    return _total(sum(number.listed(call.now) for number in call.store.numbers.values()))


def is_in_service(call: Call) -> Answer:
    """200 or 404, with an empty body."""
    number = call.digits(call.where["number"])
    record = call.store.numbers.get(number) if number else None
    return Answer(200 if record and record.listed(call.now) else 404)


def disconnected(call: Call) -> Answer:
    """The numbers that were given up, by the day on which that was."""
    return _listing(call, _disconnected(call), "/discnumbers")


def total_disconnected(call: Call) -> Answer:
    """How many numbers were given up."""
    return _total(len(_disconnected(call)))


def _in_service(call: Call, numbers: Iterable[Number]) -> list[str]:
    query = filters.lower_case(call.query)
    try:
        tests = filters.by_number(query)
        since = filters.between(query, "startdate", "enddate")
    except Refusal as refusal:
        refusal.status = 404
        raise
    listed = (number for number in numbers if number.listed(call.now) and since(number.since))
    return sorted(number.number for number in listed if all(test(number.number) for test in tests))


def _disconnected(call: Call) -> list[str]:
    when = filters.between(filters.lower_case(call.query), "startdate", "enddate")
    numbers = call.store.numbers.values()
    return sorted(number.number for number in numbers if number.status == "Aging" and when(number.changed))


def _listing(call: Call, numbers: list[str], path: str) -> Answer:
    page = paging.positive(call, "page", 1)
    size = paging.at_most(call, _DEFAULT_SIZE, _LARGEST_PAGE)
    rows, following = paging.cut(numbers, page, size)
    links = paging.links(call, f"/accounts/{call.settings.account_id}{path}", following, size)
    listed: Tree = {"Count": len(rows), "TelephoneNumber": [call.shown(number) for number in rows]}
    return Answer(200, {"TotalCount": len(numbers), "Links": links, "TelephoneNumbers": listed})


def _total(count: int) -> Answer:
    return Answer(200, {"Count": count})
