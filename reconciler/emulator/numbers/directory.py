"""The list of all numbers that the account has or had, filtered, and the look-up of given numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.catalogue import TEXTS
from reconciler.emulator.errors import Refusal
from reconciler.emulator.numbers import filters, inventory, paging, shown
from reconciler.emulator.store import Number
from reconciler.emulator.xml import Tree

_DEFAULT_SIZE, _LARGEST_PAGE, _LARGEST_LIST = 500, 2500, 2500
_OWNERS = ("accountid", "siteid", "sippeerid")
# Error 15519, and InAccount, which band CLI asks for, too.
_STATUSES = (
    *("Available", "Inservice", "InAccount", "Disconnected", "Aging", "PortInPendingFoc", "PortOut"),
    *("Reserved", "Removed", "Eliminated", "StatusUnchanged"),
)
_SPELLED = {status.lower(): status for status in _STATUSES}
# What a number may be looked up by when it is looked up by its service, too (15622).
_NOT_WITH_SERVICE = {
    *("lastmodifieddatefrom", "lastmodifieddateto", "state", "host", "city", "ratecenter", "tier", "lata"),
    *("protected", "siteid", "sippeerid", "status"),
}
_Test = Callable[[Number], bool]
_SERVICES: dict[str, _Test] = {
    "voice": lambda number: number.peer is not None,
    "e911": lambda number: "E911" in number.facts.get("Features", {}),
    "hosted_e911": lambda number: "HostedTelephoneNumberDetails" in number.facts,
}


def listing(call: Call) -> Answer:
    """A page of numbers in ascending order, from the number that `page` is, or counted from 1."""
    if call.reads("tns_list", "forbidden"):
        return Answer(403)
    size = paging.at_most(call, _DEFAULT_SIZE, _LARGEST_PAGE)
    found = sorted(_selected(call))
    rows, following = _page(call, found, size)
    content = {
        "TelephoneNumberCount": len(found),
        "Links": paging.links(call, "/tns", following, size),
        "TelephoneNumbers": {"TelephoneNumber": [shown.listed(call, number) for number in rows]},
    }
    return Answer(200, content)


def _page(call: Call, found: list[str], size: int) -> tuple[list[str], object]:
    if call.reads("tns_page", "counter"):
        return paging.cut(found, paging.positive(call, "page", 1), size)
    first = _first(call)
    rest = [number for number in found if number >= first]
    return rest[:size], call.shown(rest[size]) if len(rest) > size else None


def _first(call: Call) -> str:
    """The number that starts the page. The + of a link that was followed as it is has become a blank."""
    page = call.query.get("page", "1")
    number = call.digits(page.replace(" ", "+", 1) if call.e164 else page)
    if number is None and page != "1":
        raise Refusal(15516, value=page)
    return number or ""


def _selected(call: Call) -> Iterator[str]:
    query = filters.lower_case(call.query)
    given = [name for name in _OWNERS if name in query]
    if len(given) > 1:
        raise Refusal(15507)
    if query.get("accountid", call.settings.account_id) != call.settings.account_id:
        raise Refusal(12020, name=query["accountid"])
    digits = filters.by_number(query)
    tests = [*_tests(call, query), *_by_owner(call, query)]
    for number in filter(lambda number: shown.owned(call, number.number), call.store.numbers.values()):
        if all(test(number.number) for test in digits) and all(test(number) for test in tests):
            yield number.number


def _tests(call: Call, query: dict[str, str]) -> Iterator[_Test]:
    if "fullnumber" in query:
        wanted = call.digits(query["fullnumber"])
        if wanted is None:
            raise Refusal(12512, value=query["fullnumber"])
        yield lambda number: number.number == wanted
    if "status" in query:
        statuses = _statuses(query["status"])
        yield lambda number: number.state(call.now) in statuses
    if "protected" in query:
        protected = query["protected"].lower() == "true"
        yield lambda number: ("Protected" in number.attributes) == protected
    changed = filters.between(query, "lastmodifieddatefrom", "lastmodifieddateto")
    yield lambda number: changed(number.changed)
    if "service" in query:
        yield _service(query)


def _statuses(text: str) -> set[str]:
    asked = [word.strip().lower() for word in text.split(",") if word.strip()]
    if not set(asked) <= _SPELLED.keys():
        raise Refusal(15519)
    return {_SPELLED[word] for word in asked}


def _service(query: dict[str, str]) -> _Test:
    service = query["service"]
    if service.lower() not in _SERVICES:
        raise Refusal(15621, value=service)
    if not _NOT_WITH_SERVICE.isdisjoint(query):
        raise Refusal(15622, value=service)
    return _SERVICES[service.lower()]


def _by_owner(call: Call, query: dict[str, str]) -> Iterator[_Test]:
    """The filters that the validator knows and no page documents; and the host of a location."""
    if call.reads("tns_filter", "honoured"):
        if "siteid" in query:
            yield lambda number: number.site == query["siteid"]
        if "sippeerid" in query:
            yield lambda number: number.peer == query["sippeerid"]
    if "host" in query:
        at = {(s.id, p.id) for s, p in call.store.peers() if query["host"] in _hosts(p.document)}
        yield lambda number: (number.site, number.peer) in at


def _hosts(part: object) -> Iterator[str]:
    """Every host that a location's document names, voice and termination."""
    if isinstance(part, dict):
        if "HostName" in part:
            yield str(part["HostName"])
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _hosts(inner)


def look_up(call: Call) -> Answer:
    """The rows of given numbers; those that are none, or nobody's, are errors beside them."""
    sent: list[str] = call.body["Tn"]
    if len(sent) > _LARGEST_LIST:
        raise Refusal(15607, limit=_LARGEST_LIST)
    numbers = {text: call.digits(text) for text in sent}
    rows = [shown.listed(call, number) for number in numbers.values() if number and _exists(call, number)]
    malformed = [text for text, number in numbers.items() if number is None]
    unknown = [text for text, number in numbers.items() if number and not _exists(call, number)]
    content: Tree = {
        "TelephoneNumberCount": len(rows),
        "Links": {"first": f'Link=<{call.url}/tns>;rel="first";'},
        "TelephoneNumbers": {"TelephoneNumber": rows},
    }
    errors = [_error(call, code, texts) for code, texts in ((15608, malformed), (15610, unknown)) if texts]
    status = 201 if call.reads("look_up_status", "201") else 200
    return Answer(status, content | ({"ErrorList": {"Error": errors}} if errors else {}))


def _exists(call: Call, number: str) -> bool:
    return number in call.store.numbers or inventory.exists(number, call.settings.inventory or {})


def _error(call: Call, code: int, numbers: list[str]) -> Tree:
    description = TEXTS[code].format_map({"account": call.settings.account_id})
    return {"Code": code, "Description": description, "TelephoneNumbers": {"TelephoneNumber": numbers}}
