"""Searches of the numbers on sale: query parameters to numbers, or to the catalogue's error 4000 to 4024.

Nothing is reserved by being found. Parameters, and which go together: numbers.yml, availableNumbers.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping

from reconciler.emulator.call import Answer, Call, JsonAnswer
from reconciler.emulator.errors import Refusal
from reconciler.emulator.numbers import filters, inventory, on_sale
from reconciler.emulator.numbers.inventory import Search
from reconciler.emulator.xml import Tree

_LARGEST = 5000
_NXX = "[2-9][0-9]{2}[2-9][0-9]{2}"
# What may be looked for, by parameter in lower case: the element of orders that asks for the same, what
# it looks like, and the code when it does not.
_CRITERIA = {
    "areacode": ("AreaCode", "[2-9][0-9]{2}", 4000),
    "npanxx": ("NpaNxx", _NXX, 4002),
    "npanxxx": ("NpaNxxX", f"{_NXX}[0-9]", 4002),
    "ratecenter": ("RateCenter", ".+", 4001),
    "city": ("City", ".+", 4005),
    "state": ("State", "[A-Za-z]{2}", 4006),
    "zip": ("Zip", "[0-9]{5}(-?[0-9]{4})?", 4007),
    "lata": ("Lata", "[0-9]{3,5}", 4008),
    "tollfreevanity": ("TollFreeVanity", "[A-Za-z0-9]{4,7}", 4003),
    "tollfreewildcardpattern": ("TollFreeWildCardPattern", r"8[0-9*]{2}", 4004),
    "localvanity": ("LocalVanity", "[A-Za-z0-9]{4,7}", 4010),
}
_PREFIXES = ("npanxxx", "npanxx", "areacode")
_TOLL_FREE = ("tollfreevanity", "tollfreewildcardpattern")
# How many digits of a number each order looks at (4020), and the searches that can be sorted (4021).
_ORDERS = {"fullnumber": 10, "npanxxx": 7, "npanxx": 6, "areacode": 3}
_SORTED = {"npanxx", "npanxxx", "ratecenter", "city", "zip", *_TOLL_FREE}
_TYPES = {"GEOGRAPHIC": False, "TOLL_FREE": True}


def numbers(call: Call) -> Answer | JsonAnswer:
    """The numbers that a search finds; an empty root when there are none. JSON where it is asked for."""
    as_json = call.e164 and call.accept == "application/json"
    try:
        found = _found(call)
    except Refusal as refusal:
        if not as_json:
            raise
        error = {"code": refusal.code, "description": refusal.description}
        return JsonAnswer(refusal.status, {"error": error})
    content = _result(call, found)
    return JsonAnswer(200, _as_json(content)) if as_json else Answer(200, content)


def _found(call: Call) -> list[str]:
    query = filters.lower_case(call.query)
    criteria = _criteria(query)
    if call.e164 and "areacode" in criteria and "countrycodea3" not in query:
        raise Refusal(4010, why="countryCodeA3 is required with areaCode")
    quantity = _quantity(query, _LARGEST)
    if query.get("protected", "NONE").upper() not in ("NONE", "ONLY", "MIXED"):
        raise Refusal(4022)
    digits = _sorted_by(query, criteria)
    if _rules_out_all(query, criteria):
        return []
    search = _search(criteria, query)
    free = on_sale.free(search, call.store, call.settings.inventory or {}, call.now)
    found = list(itertools.islice(free, quantity))
    return sorted(found, key=lambda number: number[:digits]) if digits else found


def _criteria(query: Mapping[str, str]) -> dict[str, str]:
    criteria = {name: query[name] for name in _CRITERIA if name in query}
    for name, text in criteria.items():
        _, pattern, code = _CRITERIA[name]
        if not re.fullmatch(pattern, text):
            raise Refusal(code, value=text, why=f"{name} is not valid")
    area = next((criteria[name][:3] for name in _PREFIXES if name in criteria), "200")
    if not inventory.is_area_code(area):
        raise Refusal(4000, value=area)
    if not {"ratecenter", "city"}.isdisjoint(criteria) and "state" not in criteria:
        raise Refusal(4006, value="")
    toll_free = not criteria.keys().isdisjoint(_TOLL_FREE)
    if not criteria or (toll_free and len(criteria) > 1):
        raise Refusal(4010, why="One or more required search parameters are missing, or do not go together")
    return criteria


def _quantity(query: Mapping[str, str], default: int) -> int:
    text = query.get("quantity", str(default))
    if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= _LARGEST:
        raise Refusal(4010, why=f"quantity is a number from 1 to {_LARGEST}")
    return int(text)


def _sorted_by(query: Mapping[str, str], criteria: Mapping[str, str]) -> int:
    """How many digits the result is sorted by; 0 for none."""
    if "orderby" not in query:
        return 0
    if query["orderby"].lower() not in _ORDERS:
        raise Refusal(4020)
    if _SORTED.isdisjoint(criteria):
        raise Refusal(4021)
    return _ORDERS[query["orderby"].lower()]


def _rules_out_all(query: Mapping[str, str], criteria: Mapping[str, str]) -> bool:
    """Whether what is asked for is nowhere on sale here: other countries, other types, protected numbers."""
    toll_free = not criteria.keys().isdisjoint(_TOLL_FREE)
    country, kind = query.get("countrycodea3", "USA").upper(), query.get("phonenumbertype")
    if country != "USA" or query.get("protected", "").upper() == "ONLY":
        return True
    return kind is not None and _TYPES.get(kind.upper()) is not toll_free


def _search(criteria: Mapping[str, str], query: Mapping[str, str]) -> Search:
    wanted = {_CRITERIA[name][0]: text for name, text in criteria.items()}
    if "Zip" in wanted:
        wanted["Zip"] = wanted["Zip"][:5]
    wanted["EndsIn"] = query.get("endsin", "").lower()
    wanted["EnableLCA"] = query.get("lca", "true").lower()
    return inventory.asked_for(wanted)


def _result(call: Call, found: list[str]) -> Tree:
    if not found:
        return {}
    if filters.lower_case(call.query).get("enabletndetail", "").lower() == "true":
        details = [_detail(call, number) for number in found]
        return {"ResultCount": len(found), "TelephoneNumberDetailList": {"TelephoneNumberDetail": details}}
    listed = [call.shown(number) for number in found]
    return {"ResultCount": len(found), "TelephoneNumberList": {"TelephoneNumber": listed}}


def _detail(call: Call, number: str) -> Tree:
    where = inventory.place(number)
    detail: Tree = {"CountryCodeA3": "USA", "PhoneNumberType": inventory.kind(number)} if call.e164 else {}
    if where is not None:
        detail |= {"City": where.city, "LATA": int(where.lata)}
        detail |= {"RateCenter": where.rate_center, "State": where.state}
    vendor = {"Tier": 0, "VendorId": 49, "VendorName": "Bandwidth CLEC"}
    return {**detail, "FullNumber": call.shown(number), **vendor}


def _as_json(content: Tree) -> Tree:
    """The result with names in lower camel case, its lists without the element that they repeat."""
    if not content:
        return {"resultCount": 0}
    if "TelephoneNumberList" in content:
        listed = content["TelephoneNumberList"]["TelephoneNumber"]
        return {"resultCount": content["ResultCount"], "telephoneNumberList": listed}
    details = content["TelephoneNumberDetailList"]["TelephoneNumberDetail"]
    rows = [{_camel(name): value for name, value in detail.items()} for detail in details]
    return {"resultCount": content["ResultCount"], "telephoneNumberDetailList": rows}


def _camel(name: str) -> str:
    return name if name.isupper() else name[0].lower() + name[1:]


def exchanges(call: Call) -> Answer:
    """How many numbers each NPA-NXX has on sale. None in an area code is its error (numbers.yml)."""
    query = filters.lower_case(call.query)
    criteria = _criteria({name: query[name] for name in ("areacode", "state") if name in query})
    least = _quantity(query, 1)
    search = _search(criteria, {})
    free = on_sale.free(search, call.store, call.settings.inventory or {}, call.now)
    counts = Counter(number[:6] for number in free)
    if not counts and "areacode" in criteria:
        raise Refusal(4000, value=criteria["areacode"])
    rows = [_exchange(code, count) for code, count in sorted(counts.items()) if count >= least]
    return Answer(200, {"AvailableNpaNxxList": {"AvailableNpaNxx": rows}})


def _exchange(code: str, count: int) -> Tree:
    where = inventory.place(f"{code}0000")
    row = {"City": where and where.city, "Npa": code[:3], "Nxx": code[3:], "Quantity": count}
    row["State"] = where and where.state
    return {name: value for name, value in row.items() if value is not None}
