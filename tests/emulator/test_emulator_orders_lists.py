"""The lists of orders: filters, dates, totals, and those of a sub-account."""

from __future__ import annotations

import pytest
from caller import ORDERS, SITES, World, by_area_code, furnished, order

LISTED = "ListOrderIdUserIdDate"
COUNT = f"{LISTED}/TotalCount"
IDS = f"{LISTED}/OrderIdUserIdDate/orderId"
SITE_ORDERS = f"{SITES}/{{site}}/orders"
DAY = 86400
NAMED = "<CustomerOrderId>spring 4</CustomerOrderId>"


def aged() -> World:
    """An account with an order of three years ago, one of two days ago, and one of now (2023-11-14)."""
    world = furnished()
    for days in (3 * 365, 2, 0):
        world.clock.now -= days * DAY
        world.names[f"days-{days}"] = world.call("POST", ORDERS, order(by_area_code(), extra=NAMED)).new_id
        world.clock.now += days * DAY
    return world


WINDOWS = [
    ("page=1&size=9", ["0", "2"]),
    ("customerOrderId=spring%204", ["0", "2", "1095"]),
    ("customerOrderId=spring", []),
    ("startdate=20-01-01", ["0", "2", "1095"]),
    ("enddate=23-11-12", ["2", "1095"]),
    ("startdate=23-11-12&enddate=23-11-13", ["2"]),
    ("userid=user", ["0", "2"]),
    ("userid=nobody", []),
    ("status=complete", ["0", "2"]),
]


@pytest.mark.parametrize(("query", "days"), WINDOWS)
def test_the_list_shows_two_years_unless_it_is_told_otherwise(query: str, days: list[str]) -> None:
    """Without dates, or the id that says which orders are meant, older orders are left out."""
    world = aged()
    world.clock.now += 1
    reply = world.call("GET", f"{ORDERS}?{query}")
    assert reply.texts(IDS) == [world.names[f"days-{each}"] for each in days]
    assert reply.text(COUNT) == str(len(days))


REFUSED = [
    ("orders?status=cancelled", 400, 15518),
    ("orders?startdate=2023-11-14", 400, 15503),
    ("orders?startdate=23-11-14&enddate=23-11-13", 400, 15501),
    ("orders?size=1001", 400, 1006),
    ("orders?size=many", 400, 13057),
    ("orders?page=3d9e5a70-41b8-4c6f-a2d7-9b0c8e1f6a54", 404, 5061),
    ("orders/totals?status=done", 400, 15518),
    ("disconnects?status=backordered", 400, 15532),
    ("disconnects?startdate=23-11-14", 400, 15508),
    ("disconnects?size=5001", 400, 1006),
    ("sites/1/orders?page=1&size=9", 404, 12016),
]


@pytest.mark.parametrize(("path", "status", "code"), REFUSED)
def test_what_a_list_cannot_read_is_refused(path: str, status: int, code: int) -> None:
    """Filters, dates and pages outside their rules are errors with the catalogue's code."""
    reply = furnished().call("GET", ORDERS.replace("orders", path))
    assert (reply.status, reply.code) == (status, code)


def test_totals_agree_with_the_list() -> None:
    """The total of a status is as many orders as the list of that status has."""
    world = furnished()
    world.order(by_area_code())
    world.emulator.fail_next_order()
    world.order(by_area_code())
    for query in ("", "?status=complete", "?status=failed", "?status=partial"):
        total = world.call("GET", f"{ORDERS}/totals{query}").text(COUNT)
        assert total == world.call("GET", f"{ORDERS}{query}").text(COUNT)


def test_a_sub_account_lists_its_own_orders() -> None:
    """The list of a sub-account has its orders only, page by page, and 404 with links when it has none."""
    world = furnished()
    own = [world.call("POST", ORDERS, order(by_area_code())).new_id for _ in range(2)]
    address = "<Address><HouseNumber>1</HouseNumber><StreetName>Quay</StreetName><City>Norfolk</City>"
    rest = "<StateCode>VA</StateCode><Zip>23510</Zip></Address>"
    other = world.made("other", SITES, f"<Site><Name>other</Name>{address}{rest}</Site>")
    reply = world.call("GET", f"{SITE_ORDERS}?page=1&size=1")
    assert (reply.text(COUNT), reply.texts(IDS)) == ("2", [own[1]])
    assert f"/sites/{world.names['site']}/orders?page={own[0]}" in str(reply.text(f"{LISTED}/Links/next"))
    none = world.call("GET", f"{SITES}/{other}/orders?page=1&size=1")
    assert (none.status, none.tree.tag, none.names("*")) == (404, "Links", ["first"])
    assert world.call("GET", f"{SITES}/{other}/orders/{own[0]}").code == 5061


def test_version_2_has_no_orders_of_a_sub_account() -> None:
    """The calls below a sub-account are gone in version 2."""
    world = furnished()
    own = world.call("POST", ORDERS, order(by_area_code())).new_id
    for path in (SITE_ORDERS, f"{SITE_ORDERS}/{own}", f"{SITE_ORDERS}/{own}/tns"):
        assert world.call("GET", path, prefix="/api/v2").status == 404
        assert world.call("GET", path).status == 200


READINGS = [
    ({"order_id_case": "upper"}, f"{LISTED}/OrderIdUserIdDate/OrderId", 1),
    ({"order_id_case": "upper"}, IDS, 0),
    ({}, f"{LISTED}/OrderIdUserIdDate/CustomerOrderId", 0),
    ({"listed_customer_order_id": "present"}, f"{LISTED}/OrderIdUserIdDate/CustomerOrderId", 1),
]


@pytest.mark.parametrize(("options", "path", "count"), READINGS)
def test_rows_can_be_read_in_several_ways(options: dict[str, str], path: str, count: int) -> None:
    """How ids are spelled, and whether customers' ids are shown, are readings."""
    world = furnished(**options)
    world.order(by_area_code(), extra=NAMED)
    assert len(world.call("GET", f"{ORDERS}?page=1&size=9").tree.findall(path)) == count


def test_no_orders_can_be_a_404() -> None:
    """Under the reading no_orders=404 an empty list is a 404 with its links, a full one is not."""
    world = furnished(no_orders="404")
    none = world.call("GET", f"{ORDERS}?page=1&size=9")
    assert (none.status, none.tree.tag) == (404, "Links")
    world.order(by_area_code())
    assert world.call("GET", f"{ORDERS}?page=1&size=9").status == 200
