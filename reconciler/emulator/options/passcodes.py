"""The passcodes that keep numbers from being ported out: of numbers that are named, or of all."""

from __future__ import annotations

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.catalogue import TEXTS
from reconciler.emulator.errors import Refusal
from reconciler.emulator.numbers import paging
from reconciler.emulator.xml import Tree

_LARGEST_LIST = 2500
_DEFAULT_SIZE = 500
_PASSCODE = "PortOutPasscode"


def of_named(call: Call) -> Answer:
    """The passcodes of the numbers sent; those that have none, or are not the account's, are errors."""
    sent: list[str] = call.body.get("Tn", [])
    if len(sent) > _LARGEST_LIST:
        raise Refusal(15607, limit=_LARGEST_LIST)
    digits = {number: call.digits(number) for number in sent}
    owned = [number for number, bare in digits.items() if bare in _owned(call)]
    without = [number for number in owned if digits[number] not in _coded(call)]
    faults = {
        15608: [number for number, bare in digits.items() if bare is None],
        15619: without,
        15610: [number for number, bare in digits.items() if bare is not None and number not in owned],
    }
    rows = [_row(call, str(digits[number])) for number in owned if number not in without]
    content: Tree = {"TelephoneNumberCount": len(owned), "TelephoneNumbers": {"TelephoneNumber": rows}}
    errors = [_error(call, code, numbers) for code, numbers in faults.items() if numbers]
    if errors:
        content["ErrorList"] = {"Error": errors}
    return Answer(200, content)


def _owned(call: Call) -> set[str]:
    return {number for number, record in call.store.numbers.items() if record.status == "Inservice"}


def _coded(call: Call) -> list[str]:
    """The numbers that have a passcode, in ascending order."""
    return sorted(number for number in _owned(call) if _PASSCODE in call.store.numbers[number].options)


def _row(call: Call, number: str) -> Tree:
    passcode = call.store.numbers[number].options[_PASSCODE]
    return {"FullNumber": call.shown(number), "Passcode": passcode}


def _error(call: Call, code: int, numbers: list[str]) -> Tree:
    text = TEXTS[code].format_map({"account": call.settings.account_id})
    return {"Code": code, "Description": text, "TelephoneNumbers": {"TelephoneNumber": numbers}}


def listing(call: Call) -> Answer:
    """A page of all numbers with a passcode; `page` is the number that it begins with, or 1."""
    coded, start = _coded(call), 0
    page, size = call.query.get("page", "1"), paging.at_most(call, _DEFAULT_SIZE, _LARGEST_LIST)
    if page != "1":
        first = call.digits(page)
        if first not in coded:
            raise _not_ours(call, page)
        start = coded.index(first)
    following = coded[start + size] if start + size < len(coded) else None
    path = f"/accounts/{call.settings.account_id}/tnPortoutPasscodes"
    links = paging.links(call, path, following and call.shown(following), size)
    rows = [_row(call, number) for number in coded[start : start + size]]
    return Answer(200, {"Links": links, "TelephoneNumbers": {"TelephoneNumber": rows}})


def _not_ours(call: Call, page: str) -> Refusal:
    account = call.settings.account_id
    text = TEXTS[15610].format_map({"account": account})
    numbers = {"TelephoneNumber": [page]}
    status = {"ErrorCode": 15610, "Description": text, "TelephoneNumbers": numbers}
    return Refusal(15610, account=account, beside={"ResponseStatus": status})
