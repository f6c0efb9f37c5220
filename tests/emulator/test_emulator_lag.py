"""Lists that lag: what is written shows only after so many reads of a list."""

from __future__ import annotations

from typing import Any

import pytest
from caller import ORDERS, PEER, PEERS, SITES, World, by_area_code, furnished, numbers, order
from hypothesis import given
from hypothesis import strategies as st
from worlds import SITE

DONE = "ListOrderIdUserIdDate/OrderIdUserIdDate/OrderStatus"


def listed_orders(world: World, query: str = "page=1&size=9") -> list[str]:
    """The statuses of the orders that the list has."""
    return world.call("GET", f"{ORDERS}?{query}").texts(DONE)


@given(st.integers(0, 4), st.lists(st.booleans(), max_size=14))
def test_a_list_is_so_many_reads_late(behind: int, steps: list[bool]) -> None:
    """Whatever is written and read in between, a read shows what was there so many reads before it."""
    world = World({"faults": [f"lag={behind} GET sites"]})
    made, at_reads = 0, []
    for writes in steps:
        if writes:
            made += world.call("POST", SITES, SITE).status == 201
            continue
        at_reads.append(made)
        expected = at_reads[-1 - behind] if len(at_reads) > behind else 0
        assert len(world.call("GET", SITES).texts("Sites/Site")) == expected


def test_an_order_and_its_numbers_show_late_and_itself_at_once() -> None:
    """The lists of orders and numbers lag, each by its own reads; the order asked for by its id does not."""
    world = furnished(faults=["lag=2"])
    done = world.order(by_area_code(2))
    assert done.text("OrderStatus") == "COMPLETE"
    assert [len(listed_orders(world)) for _ in range(4)] == [0, 0, 1, 1]
    assert [len(numbers(world)) for _ in range(4)] == [0, 0, 2, 2]
    count = "SipPeerTelephoneNumbersCount/SipPeerTelephoneNumbersCount"
    assert [world.call("GET", f"{PEER}/totaltns").text(count) for _ in range(3)] == ["0", "0", "2"]


def test_a_list_lags_for_each_filter() -> None:
    """A look for one order counts for that look alone."""
    world = furnished(faults=["lag=1"])
    world.order(by_area_code(), extra="<CustomerOrderId>a</CustomerOrderId>")
    looks = [listed_orders(world, f"page=1&size=9&customerOrderId={each}") for each in "abab"]
    assert looks == [[], [], ["COMPLETE"], []]


def test_pages_belong_to_the_read_of_their_first() -> None:
    """The later pages of a list are of the read that its first page began."""
    world = furnished(faults=["lag=1 GET orders"])
    for _ in range(2):
        world.order(by_area_code())
    assert listed_orders(world) == []
    world.order(by_area_code())
    first = world.call("GET", f"{ORDERS}?page=1&size=1")
    assert first.text("ListOrderIdUserIdDate/TotalCount") == "2"
    page = (first.text("ListOrderIdUserIdDate/Links/next") or "").partition("page=")[2].partition("&")[0]
    assert listed_orders(world, f"page={page}&size=1") == ["COMPLETE"]


def test_a_location_made_since_is_there_without_its_numbers() -> None:
    """The place that a list is of never lags: its list is empty, not refused."""
    world = furnished()
    world.emulator.fail("lag=1")
    world.made("site", SITES, SITE)
    world.made("peer", PEERS, "<SipPeer><PeerName>new</PeerName></SipPeer>")
    world.order(by_area_code())
    assert [len(numbers(world)) for _ in range(2)] == [0, 1]


def test_a_list_shows_late_what_went() -> None:
    """A number that was given up is still listed for a while."""
    world = furnished()
    world.order(by_area_code())
    world.emulator.fail("lag=1")
    (number,) = world.emulator.dump()["numbers"]
    world.emulator.release(number)
    assert [len(numbers(world)) for _ in range(3)] == [1, 0, 0]


@pytest.mark.parametrize(("path", "late"), [("orders/*", [404, 200]), ("orders", [200, 200])])
def test_single_objects_lag_where_they_are_named(path: str, late: list[int]) -> None:
    """An order by its id lags when the fault names it so."""
    world = furnished(faults=[f"lag=1 GET {path}"])
    world.made("order", ORDERS, order(by_area_code()))
    assert [world.call("GET", f"{ORDERS}/{{order}}").status for _ in range(2)] == late


def test_application_settings_can_be_ahead_of_associations() -> None:
    """The locations of an application lag behind its assignment, where that list is named."""
    world = furnished(faults=["lag=1 GET associatedsippeers"])
    path = "/accounts/9900000/applications/{voice}/associatedsippeers"
    origination = (
        "<SipPeerOriginationSettings><VoiceProtocol>HTTP</VoiceProtocol><HttpSettings>"
        "<HttpVoiceV2AppId>{voice}</HttpVoiceV2AppId></HttpSettings></SipPeerOriginationSettings>"
    )
    assert world.call("POST", f"{PEER}/products/origination/settings", origination).status == 201
    found: list[Any] = [world.call("GET", path).texts(".//PeerId") for _ in range(2)]
    assert found == [[], [world.names["peer"]]]
