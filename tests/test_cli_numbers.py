"""Numbers, bought through the command line: once, again when they are gone, and never twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from cli import ADDRESS, Account, account

from reconciler.emulator import Emulator

POOL = "numbers.main/desk[area_code=919]"
QUICK = ("apply", "--yes", "--order-patience", "0")


def manifest(count: int, code: str = "919", most: int = 50) -> str:
    """A manifest of one location with one pool."""
    return f"""\
version: 1
policy: {{max_numbers_ordered: {most}}}
sub_accounts:
  main:
    address: {ADDRESS}
    locations:
      desk:
        numbers:
          - {{area_code: "{code}", count: {count}}}
"""


def generations(place: Account) -> list[str]:
    """The customer order ids of all orders, as the generations of one pool."""
    names = [order["document"]["CustomerOrderId"].rpartition("-") for order in place.orders()]
    assert len({pool for pool, _, _ in names}) == 1
    return [f"generation {generation}" for _, _, generation in names]


def in_service(place: Account) -> list[str]:
    """The numbers that the account has."""
    return [n for n, each in place.state()["numbers"].items() if each["status"] == "Inservice"]


def test_numbers_are_bought_once(tmp_path: Path) -> None:
    """Applied twice, a count is one order of so many numbers; the second run has nothing to do."""
    with account(tmp_path) as place:
        place.write(manifest(3))
        first, second = place.run("apply", "--yes"), place.run("apply", "--yes")
        planned = place.run("plan", "--detailed-exitcode")
        assert (first.code, second.code, planned.code) == (0, 0, 0)
        assert generations(place) == ["generation 1"]
        assert len(in_service(place)) == 3
    assert "3 numbers delivered" in first.out
    assert "US local numbers need a 10DLC campaign" not in first.out
    assert (
        second.out
        == "No changes. The account matches the manifest.\nAccount 9900000, manifest bandwidth.yaml\n"
    )


def test_released_numbers_are_bought_again(tmp_path: Path) -> None:
    """A number that somebody released is ordered again, under the next generation, and others stay."""
    with account(tmp_path) as place:
        place.write(manifest(3))
        assert place.run("apply", "--yes").code == 0
        gone, *kept = in_service(place)
        place.emulator.release(gone)
        planned = place.run("plan", "--detailed-exitcode")
        assert planned.code == 2
        assert "3 wanted, 2 there, 1 to order" in planned.out
        assert place.run("apply", "--yes").code == 0
        assert generations(place) == ["generation 1", "generation 2"]
        assert [order["document"]["AreaCodeSearchAndOrderType"]["Quantity"] for order in place.orders()] == [
            "3",
            "1",
        ]
        assert {*kept, gone} - set(in_service(place)) == {gone}
        assert len(in_service(place)) == 3


ENDS: dict[str, tuple[Callable[[Emulator], None], str, int]] = {
    "PARTIAL": (
        lambda emulator: emulator.partial_next_order(deliver=1),
        "PARTIAL with 1 of 3 numbers: 5017 Only a partial quantity of the telephone numbers",
        1,
    ),
    "FAILED": (
        lambda emulator: emulator.fail_next_order(),
        "FAILED with 0 of 3 numbers: 5018 The entire quantity of telephone numbers ordered is unavailable",
        0,
    ),
}


@pytest.mark.parametrize("status", ENDS)
def test_an_order_that_falls_short_is_reported(status: str, tmp_path: Path) -> None:
    """A partial and a failed order are exit 4 with the API's reasons; the next run orders the rest."""
    rehearse, says, delivered = ENDS[status]
    with account(tmp_path) as place:
        place.write(manifest(3))
        rehearse(place.emulator)
        ran = place.run("apply", "--yes", "--format", "json")
        assert len(in_service(place)) == delivered
        assert len(place.orders()) == 1
        again = place.run("apply", "--yes")
        assert generations(place) == ["generation 1", "generation 2"]
        assert len(in_service(place)) == 3
    (failed,) = [step for step in ran.document["steps"] if step["state"] != "done"]
    assert (ran.code, again.code, failed["state"], failed["numbers"]) == (4, 0, "failed", delivered)
    order_id, _, said = failed["message"].removeprefix("order ").partition(" ended ")
    assert order_id in ran.err
    assert said.startswith(says)
    assert failed["hint"] == "run apply again to order what is missing, or lower the count"
    assert not ran.document["converged"]


def test_a_dry_inventory_is_told_by_text(tmp_path: Path) -> None:
    """What the inventory lacks is exit 4, with the API's reason in the text and on one line."""
    with account(tmp_path, Emulator(order_seconds=0, inventory={"919": 0})) as place:
        place.write(manifest(2))
        ran = place.run("apply", "--yes")
    assert ran.code == 4
    (line,) = [line for line in ran.out.splitlines() if line.startswith(f"  failed: order {POOL}: order ")]
    assert "ended FAILED with 0 of 2 numbers: 5018 " in line
    assert "Not converged. Plan: 2 numbers to order" in ran.out


def test_an_open_order_is_counted_and_not_repeated(tmp_path: Path) -> None:
    """Left open by --no-wait (exit 0), an order's numbers are pending for `plan`, and never ordered again."""
    with account(tmp_path) as place:
        place.write(manifest(3))
        place.emulator.hold_orders()
        ran = place.run("apply", "--yes", "--no-wait", "--format", "json")
        (order,) = place.orders()
        coming = [{"address": POOL, "order_ids": [order["id"]], "quantity": 3}]
        assert (ran.code, ran.document["pending"], ran.document["converged"]) == (0, coming, True)
        assert [step["state"] for step in ran.document["steps"]][-1] == "pending"
        planned = place.run("plan", "--format", "json", "--detailed-exitcode")
        assert (planned.code, planned.document["pending"]) == (0, coming)
        assert "3 wanted, 0 there, 3 coming with open orders" in place.run("plan").out
        again = place.run("apply", "--yes")
        assert (again.code, len(place.orders())) == (0, 1)
        place.write(manifest(5))
        more = place.run("apply", "--yes", "--order-timeout", "0.2")
        assert (more.code, len(place.orders())) == (1, 1)
        assert f"failed: order {POOL}: order {order['id']} is still open" in more.out
        place.emulator.release_orders()
        assert place.run("apply", "--yes").code == 0
        assert generations(place) == ["generation 1", "generation 2"]
        assert len(in_service(place)) == 5


def test_an_order_that_takes_too_long(tmp_path: Path) -> None:
    """An order that is open at --order-timeout is exit 4, and the next run waits for it, not for another."""
    with account(tmp_path) as place:
        place.write(manifest(1))
        place.emulator.hold_orders()
        late = place.run("apply", "--yes", "--order-timeout", "0.2")
        assert late.code == 4
        assert "is still open" in late.out
        assert "hint: its numbers count as pending; plan shows when they are there" in late.out
        place.emulator.release_orders()
        assert place.run("apply", "--yes").code == 0
        assert len(place.orders()) == 1


@pytest.mark.parametrize("command", [("plan",), ("apply", "--yes"), ("apply", "--yes", "--format", "json")])
def test_the_cap_refuses(command: tuple[str, ...], tmp_path: Path) -> None:
    """More numbers than the cap is exit 3 with the value that would pass, which then passes."""
    with account(tmp_path) as place:
        place.write(manifest(3, most=2))
        ran = place.run(*command)
        assert (ran.code, place.writes()) == (3, [])
        assert f"{POOL}: the plan orders 3 numbers, and policy.max_numbers_ordered is 2" in ran.said
        assert "max_numbers_ordered: 3 in policy would let it pass" in ran.said
        assert "bandwidth.yaml:2:" in ran.said or ran.document["problems"][0]["line"] == 2
        place.write(manifest(3, most=3))
        assert place.run("apply", "--yes").code == 0


def test_the_default_cap_is_fifty(tmp_path: Path) -> None:
    """Without a policy fifty numbers pass and fifty-one are refused."""
    with account(tmp_path) as place:
        place.write(manifest(51).replace("policy: {max_numbers_ordered: 50}\n", ""))
        assert place.run("plan").code == 3
        place.write(manifest(50).replace("policy: {max_numbers_ordered: 50}\n", ""))
        assert place.run("plan").code == 0


def test_a_surplus_is_reported_and_kept(tmp_path: Path) -> None:
    """Fewer numbers wanted than there are is no change and exit 0; none is released."""
    with account(tmp_path) as place:
        place.write(manifest(3))
        assert place.run("apply", "--yes").code == 0
        place.write(manifest(1))
        planned = place.run("plan", "--format", "json", "--detailed-exitcode")
        highest = sorted((f"+1{number}" for number in in_service(place)), reverse=True)[:2]
        surplus = {"address": POOL, "count": 1, "present": 3, "surplus": 2, "candidates": highest}
        assert (planned.code, planned.document["surplus"]) == (0, [surplus])
        proposed = " ".join(f"--release {number}" for number in highest)
        assert f"2 too many (kept; to give them up for ever: {proposed})" in place.run("apply", "--yes").out
        assert len(in_service(place)) == 3


class Losing(Emulator):
    """An emulator whose line breaks at every order POST, before or after the order is taken.

    `hidden`: lists of orders by customer order id show nothing for a while.
    """

    def __init__(self, *, taken: bool, hidden: bool = False) -> None:
        super().__init__(order_seconds=0)
        self.taken, self.hidden = taken, hidden
        self.posts = 0

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Serve one request, or break the line."""
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].endswith("/orders"):
            self.posts += 1
            if self.taken:
                super().__call__(environ, lambda *_: bytes)
            raise ConnectionResetError
        if self.hidden and environ["PATH_INFO"].endswith("/orders"):
            environ["QUERY_STRING"] = environ["QUERY_STRING"].replace("customerOrderId=", "customerOrderId=x")
        return super().__call__(environ, start_response)


def test_a_lost_answer_is_looked_up_and_adopted(tmp_path: Path) -> None:
    """An order whose answer was lost is found by its customer order id; one order, exit 0."""
    emulator = Losing(taken=True)
    with account(tmp_path, emulator) as place:
        place.write(manifest(3))
        ran = place.run(*QUICK)
        assert (ran.code, emulator.posts, len(place.orders()), len(in_service(place))) == (0, 1, 1, 3)
    assert "3 numbers delivered" in ran.out


def test_an_order_that_nobody_knows_of_is_exit_5(tmp_path: Path) -> None:
    """An order that was taken and does not show is exit 5; once it shows, it is counted, not repeated."""
    emulator = Losing(taken=True, hidden=True)
    with account(tmp_path, emulator) as place:
        place.write(manifest(3))
        lost = place.run(*QUICK, "--format", "json")
        assert (lost.code, emulator.posts, len(place.orders())) == (5, 1, 1)
        emulator.hidden = False
        found = place.run(*QUICK)
        assert (found.code, emulator.posts, len(place.orders()), len(in_service(place))) == (0, 1, 1, 3)
    (step,) = [step for step in lost.document["steps"] if step["state"] == "undetermined"]
    name = place.orders()[0]["document"]["CustomerOrderId"]
    assert step["message"].startswith(f"an order was sent as {name} and nobody knows what became of it: ")
    assert step["hint"].startswith(f"look for {name} in the dashboard's orders; apply decides it from 20")
    assert step["hint"].endswith(f"--order-not-placed {name} if you know that it was not placed")


def test_an_order_that_never_arrived_is_exit_5_too(tmp_path: Path) -> None:
    """Whether it arrived cannot be known: exit 5, in text too, and it was posted once."""
    emulator = Losing(taken=False)
    with account(tmp_path, emulator) as place:
        place.write(manifest(3))
        ran = place.run(*QUICK)
        assert (ran.code, emulator.posts, place.orders()) == (5, 1, [])
    assert f"undetermined: order {POOL}: an order was sent as rc1-" in ran.out
