"""Orders from RECEIVED to their end, and the list of orders."""

from __future__ import annotations

import pytest
from caller import ORDERS, PEER, by_area_code, furnished, numbers, order

ROWS = "ListOrderIdUserIdDate/OrderIdUserIdDate"
FLAGS = "<BackOrderRequested>{}</BackOrderRequested><PartialAllowed>{}</PartialAllowed>"
EXISTING = (
    "<ExistingTelephoneNumberOrderType><TelephoneNumberList>{}</TelephoneNumberList>{}"
    "</ExistingTelephoneNumberOrderType>"
)
TN = "<TelephoneNumber>{}</TelephoneNumber>"


def test_an_order_is_received_then_complete() -> None:
    """POST answers RECEIVED with the id; after a time the order is COMPLETE and its numbers there."""
    world = furnished()
    placed = world.call("POST", ORDERS, order(by_area_code(2)))
    assert (placed.status, placed.text("OrderStatus")) == (201, "RECEIVED")
    assert placed.text("Order/id") == placed.new_id
    assert placed.headers["Location"] == f"http://localhost/api{ORDERS}/{placed.new_id}"
    path = f"{ORDERS}/{placed.new_id}"
    assert world.call("GET", path).text("OrderStatus") == "RECEIVED"
    assert numbers(world) == []
    world.clock.now += 0.1
    done = world.call("GET", path)
    assert (done.text("OrderStatus"), done.text("CompletedQuantity")) == ("COMPLETE", "2")
    assert done.text("Order/PeerId") == world.names["peer"]
    assert done.text("Order/id") is None
    granted = done.texts("CompletedNumbers/TelephoneNumber/FullNumber")
    assert numbers(world) == sorted(granted)
    assert done.text("Summary") == "2 numbers ordered in (919)"


def test_orders_can_take_looks_instead_of_time() -> None:
    """With order_looks=2 an order is shown as RECEIVED twice, however much time passes."""
    world = furnished(order_looks=2)
    order_id = world.call("POST", ORDERS, order(by_area_code())).new_id
    world.clock.now += 1000
    statuses = [world.call("GET", f"{ORDERS}/{order_id}").text("OrderStatus") for _ in range(3)]
    assert statuses == ["RECEIVED", "RECEIVED", "COMPLETE"]


def test_orders_can_be_held() -> None:
    """Held orders stay RECEIVED whatever the time, and end once they are released."""
    world = furnished()
    world.emulator.hold_orders()
    assert world.order(by_area_code(), wait=1000).text("OrderStatus") == "RECEIVED"
    world.emulator.release_orders()
    assert world.call("GET", f"{ORDERS}/{{order}}").text("OrderStatus") == "COMPLETE"


# Back-order, partial, and how an order of 3 ends when there are 2: status, got, failed, error.
TABLE = [
    ("true", "true", "BACKORDERED", "2", "0", "5520"),
    ("true", "false", "BACKORDERED", "0", "0", "5521"),
    ("false", "true", "PARTIAL", "2", "1", "5017"),
    ("false", "false", "FAILED", "0", "3", "5018"),
]


@pytest.mark.parametrize("row", TABLE)
def test_too_few_numbers_end_by_the_table(row: tuple[str, ...]) -> None:
    """When too few are on sale, the two flags decide what the order gets and how it ends."""
    backorder, partial, status, got, failed, code = row
    world = furnished(inventory={"919": 2})
    reply = world.order(by_area_code(3), extra=FLAGS.format(backorder, partial))
    assert reply.status == 200
    assert reply.text("OrderStatus") == status
    assert reply.text("CompletedQuantity") == got
    assert reply.text("FailedQuantity") == failed
    assert reply.text("ErrorList/Error/Code") == code
    assert len(numbers(world)) == int(got)


def test_nothing_left_fails_with_5018() -> None:
    """An area code without numbers fails the order, which still is a 200."""
    reply = furnished(inventory={"919": 0}).order(by_area_code())
    assert (reply.status, reply.text("OrderStatus"), reply.code) == (200, "FAILED", 5018)


@pytest.mark.parametrize(("partial", "status"), [("true", "PARTIAL"), ("false", "FAILED")])
def test_the_next_order_can_be_made_partial(partial: str, status: str) -> None:
    """partial_next_order lets one order find few numbers; the one after it is as usual."""
    world = furnished()
    world.emulator.partial_next_order(deliver=1)
    first = world.order(by_area_code(3), extra=FLAGS.format("false", partial))
    assert first.text("OrderStatus") == status
    assert world.order(by_area_code(3)).text("OrderStatus") == "COMPLETE"


@pytest.mark.parametrize("backorder", ["true", "false"])
def test_the_next_order_can_be_made_to_fail(backorder: str) -> None:
    """fail_next_order fails one order, back-ordered or not."""
    world = furnished()
    world.emulator.fail_next_order()
    reply = world.order(by_area_code(), extra=FLAGS.format(backorder, "true"))
    assert (reply.text("OrderStatus"), reply.code) == ("FAILED", 5018)


def test_a_wrong_location_is_taken_and_fails_later() -> None:
    """A PeerId that does not exist is no reason to refuse an order, only to fail it."""
    reply = furnished().order(by_area_code(), extra="<PeerId>1</PeerId>")
    assert (reply.status, reply.text("OrderStatus"), reply.code) == (200, "FAILED", 5023)


def test_only_a_backorder_can_be_closed_and_keeps_what_it_got() -> None:
    """CloseOrder ends a back-order as PARTIAL, with an empty answer; a second time is refused."""
    world = furnished(inventory={"919": 2})
    world.order(by_area_code(3), extra=FLAGS.format("true", "true"))
    close = "<Order><Name>n</Name><CloseOrder>true</CloseOrder></Order>"
    reply = world.call("PUT", f"{ORDERS}/{{order}}", close)
    assert (reply.status, len(reply.tree)) == (200, 0)
    read = world.call("GET", f"{ORDERS}/{{order}}")
    assert (read.text("OrderStatus"), read.text("Order/Name")) == ("PARTIAL", "n")
    assert len(numbers(world)) == 2
    assert world.call("PUT", f"{ORDERS}/{{order}}", close).code == 5060


def test_an_order_waits_before_its_location_can_go() -> None:
    """A back-order that got nothing still keeps its location from being deleted."""
    world = furnished(inventory={"919": 2})
    world.order(by_area_code(3), extra=FLAGS.format("true", "false"))
    assert world.call("DELETE", PEER).code == 13681


SEARCHES = [
    ("NPANXXSearchAndOrderType", "<NpaNxx>919329</NpaNxx>", "919329"),
    ("RateCenterSearchAndOrderType", "<RateCenter>Boston</RateCenter><State>MA</State>", "617"),
    ("StateSearchAndOrderType", "<State>WA</State>", "206"),
    ("CitySearchAndOrderType", "<City>RICHMOND</City><State>VA</State>", "804"),
    ("ZIPSearchAndOrderType", "<Zip>98101</Zip>", "206"),
    ("LATASearchAndOrderType", "<LATA>674</LATA>", "206"),
    ("TollFreeWildCharSearchAndOrderType", "<TollFreeWildCardPattern>84*</TollFreeWildCardPattern>", "844"),
    ("TollFreeVanitySearchAndOrderType", "<TollFreeVanity>2580</TollFreeVanity>", "8"),
    ("CombinedSearchAndOrderType", "<AreaCode>919</AreaCode><City>Cary</City>", "919"),
    ("CombinedSearchAndOrderType", "<NpaNxxX>9193290</NpaNxxX>", "9193290"),
    (
        "CombinedSearchAndOrderType",
        "<AreaCode>919</AreaCode><LocalVanity>0919</LocalVanity><EndsIn>true</EndsIn>",
        "919",
    ),
]


@pytest.mark.parametrize(("kind", "criterion", "prefix"), SEARCHES)
def test_every_search_finds_its_numbers(kind: str, criterion: str, prefix: str) -> None:
    """Each kind of search order gets a number that begins as the criterion says."""
    reply = furnished().order(f"<{kind}>{criterion}<Quantity>1</Quantity></{kind}>")
    assert reply.text("OrderStatus") == "COMPLETE"
    got = reply.texts("CompletedNumbers/TelephoneNumber/FullNumber")
    assert [number.startswith(prefix) for number in got] == [True]


AREAS = [
    ("NPANXXSearchAndOrderType", "<NpaNxx>919329</NpaNxx>", "", 310),
    ("NPANXXSearchAndOrderType", "<NpaNxx>919329</NpaNxx>", "<EnableLCA>true</EnableLCA>", 310),
    ("NPANXXSearchAndOrderType", "<NpaNxx>919329</NpaNxx>", "<EnableLCA>false</EnableLCA>", 250),
    ("CombinedSearchAndOrderType", "<NpaNxxX>9193290</NpaNxxX>", "", 310),
    ("CombinedSearchAndOrderType", "<NpaNxxX>9193290</NpaNxxX>", "<EnableLCA>false</EnableLCA>", 25),
    ("CombinedSearchAndOrderType", "<AreaCode>984</AreaCode>", "<EnableLCA>true</EnableLCA>", 10),
]


@pytest.mark.parametrize(("kind", "criterion", "area", "count"), AREAS)
def test_an_order_takes_in_the_local_calling_area_unless_told_not_to(
    kind: str, criterion: str, area: str, count: int
) -> None:
    """What runs out in an exchange comes from the rest of its LATA, by default as in a search."""
    world = furnished(inventory={"919": 300, "984": 10})
    reply = world.order(f"<{kind}>{criterion}{area}<Quantity>400</Quantity></{kind}>")
    assert reply.text("CompletedQuantity") == str(count)


def test_prefixes_that_disagree_find_nothing() -> None:
    """A combined search whose prefixes contradict each other fails."""
    kind = "CombinedSearchAndOrderType"
    wanted = "<AreaCode>617</AreaCode><NpaNxx>919329</NpaNxx><Quantity>1</Quantity>"
    assert furnished().order(f"<{kind}>{wanted}</{kind}>").text("OrderStatus") == "FAILED"


def test_a_local_vanity_word_needs_an_area_code() -> None:
    """A combined search for a word alone is refused, as the guide on it has it with an area code."""
    kind = "CombinedSearchAndOrderType"
    wanted = f"<{kind}><LocalVanity>boat</LocalVanity><Quantity>1</Quantity></{kind}>"
    reply = furnished().call("POST", ORDERS, f"<Order>{wanted}<SiteId>{{site}}</SiteId></Order>")
    assert (reply.status, reply.code) == (400, 5002)


def test_given_numbers_can_be_ordered_once() -> None:
    """A number on sale can be ordered by its digits; one that is not is an error with the number."""
    world = furnished()
    first = world.order(by_area_code()).texts("CompletedNumbers/TelephoneNumber/FullNumber")[0]
    free = "9193298838"
    reply = world.order(EXISTING.format(TN.format(first) + TN.format(free), ""))
    assert reply.text("OrderStatus") == "PARTIAL"
    assert reply.texts("CompletedNumbers/TelephoneNumber/FullNumber") == [free]
    assert reply.texts("FailedNumbers/FullNumber") == [first]
    error = [reply.text(f"ErrorList/Error/{name}") for name in ("Code", "TelephoneNumber")]
    assert error == ["5005", first]


def test_reservations_are_not_served_and_say_so() -> None:
    """An order of a reservation fails, naming it as not found."""
    wanted = EXISTING.format("", "<ReservationIdList><ReservationId>r1</ReservationId></ReservationIdList>")
    reply = furnished().order(wanted)
    assert (reply.text("OrderStatus"), reply.code) == ("FAILED", 5043)


def test_one_customer_order_id_may_name_many_orders() -> None:
    """CustomerOrderId is a lookup key and no guard: the filtered list shows every order under it."""
    world = furnished()
    named = "<CustomerOrderId>rc1-a</CustomerOrderId>"
    ids = [world.call("POST", ORDERS, order(by_area_code(), extra=named)).new_id for _ in range(2)]
    world.call("POST", ORDERS, order(by_area_code()))
    found = world.call("GET", f"{ORDERS}?page=1&size=9&customerOrderId=rc1-a")
    assert found.text("ListOrderIdUserIdDate/TotalCount") == "2"
    assert sorted(found.texts(f"{ROWS}/orderId")) == sorted(ids)
    none = world.call("GET", f"{ORDERS}?page=1&size=9&customerOrderId=rc1-b")
    assert (none.status, none.text("ListOrderIdUserIdDate/TotalCount")) == (200, "0")


def test_the_list_is_read_page_by_page_through_its_links() -> None:
    """Following next from page 1 shows every order once; the last page has no next."""
    world = furnished()
    ids = [world.call("POST", ORDERS, order(by_area_code())).new_id for _ in range(5)]
    seen: list[str] = []
    page: str | None = "1"
    while page is not None:
        reply = world.call("GET", f"{ORDERS}?page={page}&size=2")
        seen += reply.texts(f"{ROWS}/orderId")
        link = reply.text("ListOrderIdUserIdDate/Links/next")
        page = link.split("page=")[1].split("&")[0] if link else None
    assert seen == ids[::-1]


@pytest.mark.parametrize(
    ("status", "count"), [("complete", "1"), ("failed", "1"), ("partial", "0"), ("BACKORDERED", "0")]
)
def test_the_list_can_be_filtered_by_status(status: str, count: str) -> None:
    """The status filter, in any case, shows the orders that ended so."""
    world = furnished()
    world.order(by_area_code())
    world.emulator.fail_next_order()
    world.order(by_area_code())
    reply = world.call("GET", f"{ORDERS}?page=1&size=9&status={status}")
    assert reply.text("ListOrderIdUserIdDate/TotalCount") == count
