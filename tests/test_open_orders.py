"""Orders that are about to do something with numbers that are to be given up."""

from __future__ import annotations

from pathlib import Path

import pytest
from account import ACCOUNT, ROOT
from giving_up import Home, home

from reconciler.api.disconnects import open_disconnects
from reconciler.api.errors import ApiError
from reconciler.api.open_orders import open_orders

TYPE, GROUP = "DisconnectTelephoneNumberOrderType", "TnOptionGroup"
# by kind: where it is placed, where the emulator keeps it, and its document
PLACES = {
    "disconnect": (
        "disconnects",
        "disconnects",
        (
            f"<DisconnectTelephoneNumberOrder><{TYPE}><TelephoneNumberList>NUMBERS</TelephoneNumberList></{TYPE}>"
            "</DisconnectTelephoneNumberOrder>"
        ),
    ),
    "move": (
        "moveTns",
        "moves",
        (
            "<MoveTnsOrder><SiteId>{main}</SiteId><SipPeerId>{desk}</SipPeerId>"
            "<TelephoneNumbers>NUMBERS</TelephoneNumbers></MoveTnsOrder>"
        ),
    ),
    "option": (
        "tnoptions",
        "tn_options",
        (
            f"<TnOptionOrder><TnOptionGroups><{GROUP}><Sms>off</Sms><TelephoneNumbers>NUMBERS</TelephoneNumbers>"
            f"</{GROUP}></TnOptionGroups></TnOptionOrder>"
        ),
    ),
}


def placed(here: Home, kind: str, *numbers: str) -> str:
    """Somebody else places an order of this kind with the numbers; its id."""
    path, kept, body = PLACES[kind]
    listed = "".join(f"<TelephoneNumber>{number}</TelephoneNumber>" for number in numbers)
    assert here.account.call(f"POST /{path}", body.replace("NUMBERS", listed)).is_success
    (order_id,) = here.account.emulator.dump()[kept]
    return str(order_id)


def found(here: Home) -> dict[str, str]:
    """The open orders of the location's numbers."""
    with here.writer() as reader:
        return dict(open_orders(reader, ACCOUNT, here.wanted.numbers, open_disconnects(reader, ACCOUNT)))


@pytest.mark.parametrize("kind", PLACES)
def test_an_open_order_is_found_until_it_ends(kind: str, tmp_path: Path) -> None:
    """Disconnects, moves and option orders, by the numbers they name, and no other number."""
    here = home(tmp_path)
    here.account.emulator.hold_orders()
    order_id = placed(here, kind, here.wanted.numbers[0])
    assert found(here) == {here.wanted.numbers[0]: f"{kind} order {order_id}"}
    here.account.emulator.release_orders()
    here.account.clock.wait(1)
    assert found(here) == {}


@pytest.mark.parametrize("fault", ["error-before=404", "forbidden"])
def test_lists_of_moves_and_options_may_not_be_served(fault: str, tmp_path: Path) -> None:
    """An account without them has none; disconnects are looked up all the same."""
    here = home(tmp_path, f"{fault} GET moveTns|tnoptions")
    here.account.emulator.hold_orders()
    order_id = placed(here, "disconnect", here.wanted.numbers[1])
    assert found(here) == {here.wanted.numbers[1]: f"disconnect order {order_id}"}


@pytest.mark.parametrize("path", ["disconnects", "moveTns", "tnoptions"])
def test_a_look_up_that_fails_is_an_error(path: str, tmp_path: Path) -> None:
    """No number is free of orders by default."""
    here = home(tmp_path, f"error-before=500 GET {path}")
    with pytest.raises(ApiError, match="500"):
        found(here)


def test_an_order_of_many_numbers_is_read_once(tmp_path: Path) -> None:
    """One list of disconnects, and two lists a number; an open order is read once for all its numbers."""
    here = home(tmp_path, count=3)
    here.account.emulator.hold_orders()
    placed(here, "option", *here.wanted.numbers[:2])
    before = len(here.account.emulator.log)
    assert len(found(here)) == 2
    asked = [each.path.removeprefix(ROOT).split("/")[1] for each in here.account.emulator.log[before:]]
    assert (asked.count("disconnects"), asked.count("moveTns"), asked.count("tnoptions")) == (1, 3, 4)
