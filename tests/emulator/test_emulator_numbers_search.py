"""Searches of the numbers on sale, and reservations: what is found, what is held, and for how long."""

from __future__ import annotations

import json
from typing import Any

import pytest
from caller import ACCOUNT, BASIC, World, by_area_code, furnished, numbers
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

SEARCH = f"{ACCOUNT}/availableNumbers"
FOUND = "TelephoneNumberList/TelephoneNumber"
HOLDS = f"{ACCOUNT}/tnreservation"
RESERVED = (
    "<ExistingTelephoneNumberOrderType><ReservationIdList><ReservationId>{}</ReservationId>"
    "</ReservationIdList></ExistingTelephoneNumberOrderType>"
)
HOURS = 3600


def search(world: World, query: str, prefix: str = "/api") -> list[str]:
    """The numbers that a search finds."""
    return world.call("GET", f"{SEARCH}?{query}", prefix=prefix).texts(FOUND)


def reserve(world: World, number: str) -> str:
    """Holds a number; gives the hold's id."""
    return world.made("hold", HOLDS, f"<Reservation><ReservedTn>{number}</ReservedTn></Reservation>")


@pytest.mark.parametrize(
    ("query", "begins", "count"),
    [
        ("areaCode=919&quantity=3", "919", 3),
        ("areaCode=919", "919", 5000),
        ("npaNxx=919329&LCA=false", "919329", 250),
        ("npaNxxx=9193290&LCA=false", "9193290", 25),
        ("state=ny&quantity=9", "212", 9),
        ("city=Seattle&state=WA&quantity=9", "206", 9),
        ("rateCenter=SEATTLE&state=WA&quantity=9&LCA=false", "206", 9),
        ("zip=98101&quantity=9", "206", 9),
        ("zip=98101-1234&quantity=9", "206", 9),
        ("lata=674&quantity=9", "206", 9),
        ("areaCode=206&state=WA&lata=674&quantity=9", "206", 9),
        ("areaCode=206&state=NY", "", 0),
        ("tollFreeWildCardPattern=88*&quantity=9", "888", 9),
        ("areaCode=919&protected=ONLY", "", 0),
        ("areaCode=919&protected=MIXED&quantity=2", "919", 2),
    ],
)
def test_what_searches_find(query: str, begins: str, count: int) -> None:
    """Numbers that answer every criterion, at most the quantity; nothing is an empty root."""
    world = furnished()
    found = search(world, query)
    assert (len(found), {number[: len(begins)] for number in found} - {begins}) == (count, set())
    result = world.call("GET", f"{SEARCH}?{query}")
    assert result.text("ResultCount") == (str(count) if count else None)


@pytest.mark.parametrize(
    ("query", "digits", "at_end"),
    [("localVanity=1234", "1234", False), ("localVanity=OSLS&endsIn=true", "6757", True)],
)
def test_vanity_searches(query: str, digits: str, at_end: bool) -> None:
    """Words are dialled; they may stand anywhere behind the area code, or at the end only."""
    found = search(furnished(), f"{query}&quantity=5")
    assert found
    assert all(number.endswith(digits) if at_end else digits in number[3:] for number in found)


def test_the_local_calling_area_is_searched_by_default() -> None:
    """An NPA-NXX comes first, then the rest of its LATA, unless LCA=false."""
    world = furnished(inventory={"919": 300, "984": 10})
    near, exact = search(world, "npaNxx=919329"), search(world, "npaNxx=919329&LCA=false")
    assert (len(exact), near[: len(exact)]) == (250, exact)
    assert {number[:3] for number in near[250:]} == {"919", "984"}
    assert len(near) == len(set(near)) == 310


def test_results_are_sorted_when_asked() -> None:
    """`orderBy` sorts by as many digits as it names."""
    world = furnished()
    found = search(world, "npaNxx=919329&LCA=false&quantity=20")
    assert found != sorted(found)
    assert search(world, "npaNxx=919329&LCA=false&quantity=20&orderBy=fullNumber") == sorted(found)


def test_what_is_found_is_free_until_it_is_had() -> None:
    """A search reserves nothing; an owned, an aging or a held number is not found."""
    world = furnished(inventory={"919": 4})
    first = search(world, "areaCode=919")
    assert search(world, "areaCode=919") == first
    world.order(by_area_code(2))
    world.emulator.release(numbers(world)[0])
    reserve(world, first[3])
    assert search(world, "areaCode=919") == [first[2]]


def test_version_2_wants_a_country_for_an_area_code() -> None:
    """Numbers of other countries, and of other types, are not on sale."""
    world = furnished()
    assert world.call("GET", f"{SEARCH}?areaCode=919", prefix="/api/v2").code == 4010
    query = "areaCode=919&quantity=1&countryCodeA3="
    assert search(world, f"{query}USA", "/api/v2") == ["+19193290919"]
    assert search(world, f"{query}NLD", "/api/v2") == []
    assert search(world, f"{query}USA&phoneNumberType=TOLL_FREE", "/api/v2") == []
    assert search(world, f"{query}USA&phoneNumberType=GEOGRAPHIC", "/api/v2") == ["+19193290919"]


def as_json(world: World, query: str) -> tuple[int, Any]:
    """The answer of version 2 to a search that asks for JSON."""
    headers = {"Authorization": BASIC, "Accept": "application/json"}
    answer = Client(world.emulator).get(f"/api/v2{SEARCH}?{query}", headers=headers)
    return answer.status_code, json.loads(answer.data)


def test_version_2_answers_in_json() -> None:
    """The same result under names in lower camel case, errors as well."""
    world = furnished(inventory={"919": 1, "206": 0})
    assert as_json(world, "state=NC&enableTNDetail=true&areaCode=919&countryCodeA3=USA") == (
        200,
        {
            "resultCount": 1,
            "telephoneNumberDetailList": [
                {
                    "countryCodeA3": "USA",
                    "phoneNumberType": "GEOGRAPHIC",
                    "city": "DURHAM",
                    "LATA": 426,
                    "rateCenter": "DURHAM",
                    "state": "NC",
                    "fullNumber": "+19193290919",
                    "tier": 0,
                    "vendorId": 49,
                    "vendorName": "Bandwidth CLEC",
                }
            ],
        },
    )
    assert as_json(world, "city=DURHAM&state=NC&areaCode=919&countryCodeA3=USA")[1] == {
        "resultCount": 1,
        "telephoneNumberList": ["+19193290919"],
    }
    assert as_json(world, "zip=98101") == (200, {"resultCount": 0})
    status, error = as_json(world, "")
    assert (status, error["error"]["code"]) == (400, 4010)


def test_exchanges_on_sale() -> None:
    """Each NPA-NXX with how many numbers it has left; those with fewer than `quantity` are left out."""
    world = furnished(inventory={"919": 260})
    path, at = f"{ACCOUNT}/availableNpaNxx?areaCode=919", "AvailableNpaNxxList/AvailableNpaNxx"
    counts = world.call("GET", path).texts(f"{at}/Quantity")
    assert counts == ["250", "10"]
    world.order(by_area_code(245))
    assert world.call("GET", path).texts(f"{at}/Quantity") == ["5", "10"]
    assert world.call("GET", f"{path}&quantity=6").texts(f"{at}/Nxx") == ["366"]
    assert len(world.call("GET", f"{ACCOUNT}/availableNpaNxx?state=NY").texts(f"{at}/Npa")) == 20


def test_a_reservation_holds_a_number_for_four_hours() -> None:
    """Its seconds count down; then the number is on sale again, and the reservation is gone."""
    world = furnished(inventory={"919": 1})
    hold = reserve(world, "9193290919")
    shown = world.call("GET", f"{HOLDS}/{hold}")
    assert shown.text("Reservation/ReservationExpires") == str(4 * HOURS)
    world.clock.now += 4 * HOURS - 1
    assert world.call("GET", f"{HOLDS}/{hold.upper()}").text("Reservation/ReservationExpires") == "1"
    about = world.call("GET", "/tns/9193290919/tnreservation")
    assert (about.text("ReservationID"), about.text("ReservedTN")) == (hold, "9193290919")
    assert world.call("GET", "/tns/9193290919").text("Status") == "Reserved"
    assert world.order(by_area_code(), wait=0.5).text("OrderStatus") == "FAILED"
    world.clock.now += 1
    assert world.call("GET", f"{HOLDS}/{hold}").code == 5042
    assert world.call("GET", "/tns/9193290919").text("Status") == "Available"
    assert world.order(by_area_code()).text("OrderStatus") == "COMPLETE"


def test_an_order_takes_what_it_has_reserved() -> None:
    """The reservation ends with it, and serves no second order."""
    world = furnished()
    hold = reserve(world, "9193298838")
    assert world.order(RESERVED.format(hold)).text("OrderStatus") == "COMPLETE"
    assert numbers(world) == ["9193298838"]
    assert world.call("GET", f"{HOLDS}/{hold}").code == 5042
    again = world.order(RESERVED.format(hold))
    assert (again.text("OrderStatus"), again.code) == ("FAILED", 5043)


@given(st.lists(st.sampled_from(["reserve", "end", "order", "release", "wait"]), max_size=12))
@settings(max_examples=25, deadline=None)
def test_a_number_is_in_one_state_at_a_time(steps: list[str]) -> None:
    """However it is handled, its status, the search, the lists and a new reservation agree."""
    world = furnished(inventory={"919": 1})
    number, hold = "9193290919", "x"
    for step in steps:
        if step == "reserve":
            body = f"<Reservation><ReservedTn>{number}</ReservedTn></Reservation>"
            hold = world.call("POST", HOLDS, body).headers.get("Location", hold).rpartition("/")[2]
        elif step == "end":
            world.call("DELETE", f"{HOLDS}/{hold}")
        elif step == "order":
            world.order(RESERVED.format(hold))
        elif step == "release" and numbers(world):
            world.emulator.release(number)
        elif step == "wait":
            world.clock.now += 10 * 24 * HOURS
    status = world.call("GET", f"/tns/{number}").text("Status")
    assert (search(world, "areaCode=919") == [number]) == (status == "Available")
    assert (numbers(world) == [number]) == (status == "Inservice")
    assert (world.call("GET", f"/tns/{number}/tnreservation").status == 200) == (status == "Reserved")
    taken = world.call("POST", HOLDS, f"<Reservation><ReservedTn>{number}</ReservedTn></Reservation>")
    assert taken.code == (0 if status == "Available" else 5041)
