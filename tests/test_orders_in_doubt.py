"""What is bought, and what is not, when answers to orders are lost or unclear and lists lag behind them."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from account import ACCOUNT, Account
from between import Serve, asking, disturbed, is_order, order, pools

from reconciler.api.errors import Unreadable
from reconciler.api.orders import ForeignOrder
from reconciler.chain import Closed, Intent, Key
from reconciler.execute import State
from reconciler.ledger.intents import Intents
from reconciler.ledger.lock import current, unlock

KEY = Key("9900000", "1001", "500001", "area_code=919")
NO_NUMBERS = b"<SipPeerTelephoneNumbersResponse><SipPeerTelephoneNumbers/></SipPeerTelephoneNumbersResponse>"
REFUSAL = "<R><ErrorList><Error><Code>{}</Code><Description>No.</Description></Error></ErrorList></R>"


def refusing(code: str, status: int = 400) -> httpx.Response:
    """An answer with an error code of the API."""
    return httpx.Response(status, text=REFUSAL.format(code), headers={"Content-Type": "application/xml"})


@pytest.mark.parametrize(
    "answer",
    [refusing("5999"), refusing("5999", 200), httpx.Response(409), httpx.Response(503), httpx.Response(200)],
    ids=["400 with another code", "200 with an error", "409", "503", "200 and nothing"],
)
def test_an_answer_that_proves_nothing_has_the_order_looked_up(
    answer: httpx.Response, tmp_path: Path
) -> None:
    """Whatever the answer to an order was, the order is found by its name, waited for, and placed once."""

    def misleading(request: httpx.Request, served: Serve) -> httpx.Response:
        real = served(request)
        return answer if is_order(request) else real

    account = disturbed(tmp_path, misleading)
    applied = account.apply(pools(_919=2))
    assert [(r.state, r.numbers) for r in applied.outcome.results] == [(State.DONE, 2)]
    assert (applied.code, len(applied.sent)) == (0, 1)


@pytest.mark.parametrize("code", ["5002", "5097", "5211"])
def test_a_code_that_proves_that_nothing_was_ordered_ends_the_purchase(code: str, tmp_path: Path) -> None:
    """An order that the API says it did not take is refused, and not looked for."""

    def refused(request: httpx.Request, served: Serve) -> httpx.Response:
        return refusing(code) if is_order(request) else served(request)

    account = disturbed(tmp_path, refused)
    applied = account.apply(pools(_919=2))
    (result,) = applied.outcome.results
    assert (applied.code, result.state, applied.sent) == (1, State.FAILED, ())
    assert result.message.startswith("the order was refused: POST /accounts/9900000/orders: 400 refused")


def test_a_lost_order_is_looked_for_six_times_without_any_patience(tmp_path: Path) -> None:
    """An order that the list shows at the sixth look is adopted, though --order-patience is 0."""
    looks: list[int] = []

    def late(request: httpx.Request, served: Serve) -> httpx.Response:
        if is_order(request):
            served(request)
            looks.append(0)
            return httpx.Response(503)
        if looks and "customerOrderId" in request.url.params:
            looks[0] += 1
            request = asking(request, customerOrderId="rc0-none") if looks[0] < 6 else request
        return served(request)

    account = disturbed(tmp_path, late, order_patience=0)
    applied = account.apply(pools(_919=2))
    assert [(r.state, r.numbers) for r in applied.outcome.results] == [(State.DONE, 2)]
    assert (applied.code, len(looks)) == (0, 1)


@pytest.mark.parametrize("stale", [1, 2])
def test_a_number_list_that_lags_is_read_until_it_settles(stale: int, tmp_path: Path) -> None:
    """Before buying, numbers are read until two readings and the location's own total agree."""
    readings: list[str] = []

    def lagging(request: httpx.Request, served: Serve) -> httpx.Response:
        if request.url.path.endswith("/tns"):
            readings.append(request.url.path)
            if len(readings) <= 1 + stale:  # the plan's own reading, and so many of the purchase
                return httpx.Response(200, content=NO_NUMBERS)
        return served(request)

    account = disturbed(tmp_path, lagging)
    order(account, "919", 2)
    applied = account.apply(pools(_919=3))
    assert (applied.plan.numbers_ordered, applied.code) == (3, 0)
    ((_, body),) = account.calls(applied.sent)
    assert b"<Quantity>1</Quantity>" in body


def test_a_number_list_that_never_settles_buys_nothing(tmp_path: Path) -> None:
    """Where list and total go on contradicting each other, nothing is ordered."""

    def empty(request: httpx.Request, served: Serve) -> httpx.Response:
        if request.url.path.endswith("/tns"):
            return httpx.Response(200, content=NO_NUMBERS)
        return served(request)

    account = disturbed(tmp_path, empty)
    order(account, "919", 2)
    applied = account.apply(pools(_919=3))
    (result,) = applied.outcome.results
    assert (applied.code, result.state, applied.sent) == (1, State.FAILED, ())
    assert "the list of numbers did not settle in 20 readings" in result.message


def test_a_number_list_without_an_order_of_its_own_settles(tmp_path: Path) -> None:
    """Two readings agree that hold the same numbers, in whatever order each lists them."""
    readings: list[str] = []

    def turned(request: httpx.Request, served: Serve) -> httpx.Response:
        answer = served(request)
        if not request.url.path.endswith("/tns"):
            return answer
        answer.read()
        readings.append(answer.text)
        row = "SipPeerTelephoneNumber"
        rows = re.findall(f"<{row}>.*?</{row}>", answer.text)
        told = "".join(reversed(rows) if len(readings) % 2 else rows)
        return httpx.Response(200, text=NO_NUMBERS.decode().replace("Numbers/>", f"Numbers>{told}</{row}s>"))

    account = disturbed(tmp_path, turned)
    order(account, "919", 2)
    applied = account.apply(pools(_919=3))
    assert (applied.code, applied.outcome.numbers) == (0, 1)


def test_a_gap_among_the_pool_s_orders_is_a_failed_look_up(tmp_path: Path) -> None:
    """Where the third of four orders does not show, nobody can say what was delivered: no plan is made."""

    def gapped(request: httpx.Request, served: Serve) -> httpx.Response:
        hidden = request.url.params.get("customerOrderId", "").endswith("-3")
        return served(asking(request, customerOrderId="rc0-none") if hidden else request)

    account = disturbed(tmp_path, gapped)
    for generation in (1, 2, 3, 4):
        order(account, "919", 1, KEY.customer_order_id(generation))
    with pytest.raises(Unreadable, match=r"order rc1-.*-3 is missing, but not a later one"):
        account.plan(pools(_919=4))


def test_another_pool_s_order_under_this_pool_s_name_stops_everything(tmp_path: Path) -> None:
    """An order that carries the pool's id and asked for something else is nobody's guess."""
    account = disturbed(tmp_path, lambda request, served: served(request))
    order(account, "984", 1, KEY.customer_order_id(1))
    with pytest.raises(ForeignOrder, match="is for site 1001, location 500001 and area_code=984"):
        account.plan(pools(_919=1))


def test_an_order_that_this_run_placed_counts_though_no_list_shows_it(tmp_path: Path) -> None:
    """Where lists stand still after an order, the run knows it by its id, and orders no more than planned."""
    shown: dict[str, bytes] = {}
    orders: list[httpx.Request] = []

    def frozen(request: httpx.Request, served: Serve) -> httpx.Response:
        if is_order(request):
            orders.append(request)
        path = request.url.path
        if not path.endswith(("/tns", "/totaltns")):
            return served(asking(request, customerOrderId="rc0-none"))
        if path.endswith("/tns") and path not in shown:  # the plan's own reading
            shown[path] = NO_NUMBERS
        elif not orders:
            shown[path] = served(request).read()
        return httpx.Response(200, content=shown[path])

    account = disturbed(tmp_path, frozen)
    order(account, "919", 2)
    applied = account.apply(pools(_919=3))
    assert applied.plan.numbers_ordered == 3
    assert [b"<Quantity>1</Quantity>" in each.content for each in orders] == [True]


def test_an_order_of_an_earlier_run_counts_though_no_list_shows_it(tmp_path: Path) -> None:
    """The ledger knows an order by its id: what it delivered is there, and only the rest is ordered."""
    blind = False

    def lagging(request: httpx.Request, served: Serve) -> httpx.Response:
        if blind and request.url.path.endswith("/tns"):
            return httpx.Response(200, content=NO_NUMBERS)
        if blind and request.url.path.endswith("/totaltns"):
            return httpx.Response(404)
        return served(asking(request, customerOrderId="rc0-none") if blind else request)

    account = disturbed(tmp_path, lagging)
    assert account.apply(pools(_919=2)).code == 0
    blind = True
    applied = account.apply(pools(_919=3))
    ((_, body),) = account.calls(applied.sent)
    assert b"<Quantity>1</Quantity>" in body
    assert (applied.plan.numbers_ordered, applied.code) == (1, 0)


def test_an_order_that_is_not_found_yet_is_looked_at_again(tmp_path: Path) -> None:
    """A 404 soon after an order was placed means that it is open, not that it failed."""
    absent = [httpx.Response(404), httpx.Response(404)]

    def slow(request: httpx.Request, served: Serve) -> httpx.Response:
        looked = request.method == "GET" and "/orders/" in request.url.path
        return absent.pop() if looked and absent else served(request)

    applied = disturbed(tmp_path, slow).apply(pools(_919=2))
    assert [(r.state, r.numbers) for r in applied.outcome.results] == [(State.DONE, 2)]
    assert (applied.code, len(applied.sent), absent) == (0, 1, [])


def test_an_order_does_not_leave_once_the_lock_is_lost(tmp_path: Path) -> None:
    """A run whose lock was given up behind its back sends no order, and closes what it wrote down."""
    account: Account

    def unlocking(request: httpx.Request, served: Serve) -> httpx.Response:
        locks = account.ledger.below(ACCOUNT)
        holder = current(locks)
        if holder and written_down(account):
            unlock(locks, holder)
        return served(request)

    account = disturbed(tmp_path, unlocking)
    applied = account.apply(pools(_919=2))
    (result,) = applied.outcome.results
    assert (applied.code, result.state, applied.sent) == (1, State.FAILED, ())
    assert result.message.startswith("no order was sent: ")
    assert [intent.closed for intent in written_down(account)] == [Closed.NOT_SENT]


def test_an_order_whose_time_is_over_is_written_down_again(tmp_path: Path) -> None:
    """An order that was held up for longer than its intent allows leaves under a new one, once."""
    account: Account

    def slow(request: httpx.Request, served: Serve) -> httpx.Response:
        if len(written_down(account)) == 1:
            account.clock.now += 61
        return served(request)

    account = disturbed(tmp_path, slow)
    applied = account.apply(pools(_919=2))
    assert (applied.code, len(applied.sent)) == (0, 1)
    assert [intent.closed for intent in written_down(account)] == [Closed.NOT_SENT, Closed.ORDERED]


def written_down(account: Account) -> tuple[Intent, ...]:
    """The intents of the pool's first order."""
    return Intents(account.ledger.below(ACCOUNT)).read(KEY.chain).of(1)
