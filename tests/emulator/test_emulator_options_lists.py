"""The list of option orders, and the passcodes of numbers."""

from __future__ import annotations

from typing import Any

import pytest
from caller import ACCOUNT, furnished
from option_orders import OPTIONS, carried_out, stocked

PASSCODES = f"{ACCOUNT}/tnPortoutPasscodes"
FILTERS = [
    ("", 2),
    ("tn={first}", 2),
    ("tn={last}", 1),
    ("status=complete", 2),
    ("status=failed", 0),
    ("customerOrderId=none", 0),
    ("lastModifiedBy=user", 2),
    ("lastModifiedBy=other", 0),
    ("orderIdFragment={options}", 1),
    ("lastModifiedAfter=2023-11-14", 2),
    ("lastModifiedAfter=2023-11-15T00:00:00Z", 0),
    ("createdDateTo=9999-12-31", 2),
    ("whatever=1", 2),
]


@pytest.mark.parametrize(("query", "count"), FILTERS)
def test_the_list_can_be_filtered(query: str, count: int) -> None:
    """Filters leave what they say, unknown ones nothing out; with orderDetails the rows are whole."""
    world, had = stocked()
    carried_out(world, ("<RewriteUser>desk</RewriteUser>", had))
    carried_out(world, ("<RewriteUser>dock</RewriteUser>", had[:1]))
    world.names |= {"first": had[0], "last": had[1]}
    reply = world.call("GET", f"{OPTIONS}?{query}")
    assert len(reply.tree.findall("TnOptionOrders/TnOptionOrderSummary")) == count
    whole = world.call("GET", f"{OPTIONS}?{query}&orderDetails=true")
    assert len(whole.tree.findall("TnOptionOrders/TnOptionOrder/TnOptionGroups")) == count


@pytest.mark.parametrize("query", ["status=done", "createdDateFrom=14-11-23", "tn=555"])
def test_a_filter_that_cannot_be_read_is_a_404(query: str) -> None:
    """A bad query is a 404 under the root of the list."""
    reply = furnished().call("GET", f"{OPTIONS}?{query}")
    assert (reply.status, reply.tree.tag) == (404, "TnOptionOrderReportResponse")


VERSION_2 = [({}, "%2B1{first}", 1), ({"options_numbers": "digits"}, "{first}", 1)]


@pytest.mark.parametrize(("options", "number", "count"), VERSION_2)
def test_version_2_filters_by_a_number_in_either_form(
    options: dict[str, Any], number: str, count: int
) -> None:
    """Whether the filter takes E.164 or ten digits is a reading; a root without a wrapper another."""
    world, had = stocked(options_root="orders", **options)
    carried_out(world, ("<RewriteUser>desk</RewriteUser>", had))
    world.names["first"] = had[0]
    reply = world.call("GET", f"{OPTIONS}?tn={number}", prefix="/api/v2")
    assert (reply.tree.tag, reply.text("TotalCount")) == ("TnOptionOrders", str(count))


def test_passcodes_are_told_to_who_asks_for_them() -> None:
    """Named numbers are sorted into those with a passcode, without, foreign and malformed ones."""
    world, had = stocked()
    carried_out(world, ("<PortOutPasscode>dock42</PortOutPasscode>", had[:1]))
    named = "".join(f"<Tn>{number}</Tn>" for number in [*had, "7575550121", "12"])
    reply = world.call("POST", PASSCODES, f"<TnList>{named}</TnList>")
    row = "TelephoneNumbers/TelephoneNumber"
    assert (reply.texts(f"{row}/FullNumber"), reply.texts(f"{row}/Passcode")) == (had[:1], ["dock42"])
    assert reply.texts("ErrorList/Error/Code") == ["15608", "15619", "15610"]
    assert reply.texts(f"ErrorList/Error/{row}") == ["12", had[1], "7575550121"]


def test_passcodes_of_too_many_numbers_are_refused() -> None:
    """More than 2,500 numbers are an error (15607)."""
    named = "".join(f"<Tn>919{number:07d}</Tn>" for number in range(2_000_000, 2_002_501))
    assert furnished().call("POST", PASSCODES, f"<TnList>{named}</TnList>").code == 15607


def test_passcodes_are_listed_page_by_page() -> None:
    """A page begins with the number that next names; a number that has none is no page (15610)."""
    world, had = stocked(count=3)
    carried_out(world, ("<PortOutPasscode>dock42</PortOutPasscode>", had))
    seen, page = [], "1"
    while page:
        reply = world.call("GET", f"{PASSCODES}?page={page}&size=2")
        seen += reply.texts("TelephoneNumbers/TelephoneNumber/FullNumber")
        link = reply.text("Links/next")
        page = link.split("page=")[1].split("&")[0] if link else ""
    assert seen == had
    assert world.call("GET", f"{PASSCODES}?page=7575550121&size=2").code == 15610
