"""Numbers given up: one order at most is sent, and what became of each number is told as it is known."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from account import ACCOUNT, ROOT, canonical
from between import meddled
from giving_up import NAME, Stop, home, nothing_against_it

from reconciler.api.disconnects import MOST, open_disconnects, release
from reconciler.api.errors import ApiError
from reconciler.api.looks import LOOKS
from reconciler.api.standings import await_unlisted
from reconciler.releasing import Released


def test_numbers_are_given_up_in_one_order(tmp_path: Path) -> None:
    """The documented document, sent once; the order and every number are told."""
    here = home(tmp_path)
    released = here.release()
    (order_id,) = here.account.emulator.dump()["disconnects"]
    assert released == Released(order_id, here.wanted.numbers, wrote=True)
    assert (here.posts, here.statuses()) == (1, ["Aging", "Aging"])
    (sent,) = (each for each in here.account.emulator.log if each.path.endswith("/disconnects"))
    listed = "".join(f"<TelephoneNumber>{number}</TelephoneNumber>" for number in here.wanted.numbers)
    assert canonical(sent.request) == canonical(
        f"<DisconnectTelephoneNumberOrder><CustomerOrderId>{NAME}</CustomerOrderId>"
        f"<DisconnectTelephoneNumberOrderType><TelephoneNumberList>{listed}</TelephoneNumberList>"
        "<DisconnectMode>normal</DisconnectMode><Protected>UNCHANGED</Protected>"
        "</DisconnectTelephoneNumberOrderType></DisconnectTelephoneNumberOrder>"
    )


REASON = "5006 The telephone number could not be disconnected"


@pytest.mark.parametrize("deliver", [0, 1])
def test_numbers_that_the_order_leaves_are_refused_in_the_api_s_words(deliver: int, tmp_path: Path) -> None:
    """FAILED and PARTIAL are answers like any other: what went has gone, and the rest says why not."""
    here = home(tmp_path)
    here.account.emulator.partial_next_order(deliver, "disconnects")
    released = here.release()
    gone, stayed = here.wanted.numbers[:deliver], here.wanted.numbers[deliver:]
    assert (released.released, released.refused) == (gone, dict.fromkeys(stayed, REASON))
    assert (released.pending, released.unknown, released.error, here.posts) == ((), (), "", 1)


def test_a_protected_number_can_be_given_up(tmp_path: Path) -> None:
    """No document rules it out; its mark is left as it is."""
    here = home(tmp_path, count=1)
    body = (
        "<TnOptionOrder><TnOptionGroups><TnOptionGroup><Protected>true</Protected><TelephoneNumbers>"
        f"<TelephoneNumber>{here.wanted.numbers[0]}</TelephoneNumber></TelephoneNumbers></TnOptionGroup>"
        "</TnOptionGroups></TnOptionOrder>"
    )
    assert here.account.call("POST /tnoptions", body).is_success
    here.account.clock.wait(1)
    assert here.release().released == here.wanted.numbers
    held = here.account.emulator.dump()["numbers"][here.wanted.numbers[0]]
    assert (held["status"], held["attributes"]) == ("Aging", ["Protected"])


DONE = (
    "drop-after", "stall-after", "error-after", "error-after=400", "error-after=400 code=5086",
    "error-after=400 body=<R><ErrorCode>1010</ErrorCode></R>", "truncate", "truncate=0", "empty",
)  # fmt: skip
NOT_DONE = ("drop-before", "stall-before", "error-before", "error-before=400", "error-before=400 code=5086",
            "error-before=302", "refuse", "html")  # fmt: skip


def at_the_post(fault: str) -> str:
    """The fault, once, at the first disconnect order."""
    what, *rest = fault.split(" ", 1)
    return " ".join([what, "POST", "disconnects", "nth=1", *rest])


@pytest.mark.parametrize("fault", DONE)
def test_a_lost_order_that_was_carried_out_shows_in_the_numbers(fault: str, tmp_path: Path) -> None:
    """Whatever became of the answer, numbers that are no longer in service have been given up."""
    here = home(tmp_path, at_the_post(fault))
    released = here.release()
    assert (released.released, released.unknown, released.refused) == (here.wanted.numbers, (), {})
    assert (here.posts, released.wrote) == (1, True)


def test_a_number_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    """Of a lost order the numbers that can be looked at are told; the one that cannot stays unknown."""
    here = home(tmp_path, at_the_post("drop-after"), count=3)
    hidden = here.wanted.numbers[0]

    def broken(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        return httpx.Response(500) if here.posts and f"/tns/{hidden}" in request.url.path else answer

    here.account.transport = meddled(here.account.transport, broken)
    released = here.release()
    assert (released.released, released.unknown) == (here.wanted.numbers[1:], (hidden,))


@pytest.mark.parametrize("fault", NOT_DONE)
def test_a_lost_order_that_shows_nowhere_is_undetermined(fault: str, tmp_path: Path) -> None:
    """Numbers that stay in service through six looks over the patience may go yet: nobody knows."""
    here = home(tmp_path, at_the_post(fault))
    began, before = here.account.clock.now, len(here.account.emulator.log)
    released = here.release()
    looks = [e for e in here.account.emulator.log[before:] if e.path.endswith("/tndetails")]
    assert (released.unknown, released.released, released.order) == (here.wanted.numbers, (), "")
    assert released.error.startswith(f"POST /accounts/{ACCOUNT}/disconnects: ")
    assert (here.posts, released.wrote, here.statuses()) == (1, True, ["Inservice", "Inservice"])
    assert len(looks) == 2 * (1 + LOOKS)
    assert here.account.clock.now - began >= here.patience.order_patience


PROVEN = (
    "error-before=400 code=5001", "error-before=400 code=5076", "error-before=400 code=1003",
    "forbidden", "error-before=401", "error-before=404", "limit=301",
)  # fmt: skip


@pytest.mark.parametrize("fault", PROVEN)
def test_an_order_that_was_refused_did_nothing(fault: str, tmp_path: Path) -> None:
    """The API's own refusal is not doubted: no look, no wait, and the API's words for every number."""
    here = home(tmp_path, f"{fault.split(' ', 1)[0]} POST disconnects {fault.partition(' ')[2]}")
    before = len(here.account.emulator.log)
    with here.writer() as writer:
        released = release(writer, here.wanted, here.patience, nothing_against_it)
    assert released.refused == dict.fromkeys(here.wanted.numbers, released.error)
    assert (released.wrote, released.unknown, bool(released.error)) == (False, (), True)
    asked = [each.path for each in here.account.emulator.log[before:]]
    assert asked[:2] == [f"/api/tns/{number}/tndetails" for number in here.wanted.numbers]
    assert set(asked[2:]) == {f"{ROOT}/disconnects"}


def test_no_connection_is_no_order(tmp_path: Path) -> None:
    """What never left gave nothing up."""
    here = home(tmp_path)
    served = here.account.transport.handle_request

    def unplugged(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            raise httpx.ConnectError("no route")
        return served(request)

    here.account.transport = httpx.MockTransport(unplugged)
    released = here.release()
    assert (released.wrote, here.posts, list(released.refused)) == (False, 0, list(here.wanted.numbers))
    assert "no connection" in released.error


def test_a_limit_is_waited_out_and_the_last_look_taken_again(tmp_path: Path) -> None:
    """429 did nothing: the order is taken in once, and `check` is called as each attempt leaves."""
    here = home(tmp_path, "limit=5 POST disconnects nth=1")
    looked: list[float] = []
    released = here.release(lambda: looked.append(here.account.clock.now))
    assert (released.released, here.posts, len(looked)) == (here.wanted.numbers, 1, 2)
    assert looked[1] - looked[0] >= 5


def test_a_last_look_can_stop_it(tmp_path: Path) -> None:
    """What `check` raises comes out as it is, and nothing was sent."""
    here = home(tmp_path)

    def lost() -> None:
        raise LookupError("another run has the lock")

    with pytest.raises(LookupError, match="another run has the lock"):
        here.release(lost)
    assert (here.posts, here.statuses()) == (0, ["Inservice", "Inservice"])


def test_a_last_look_can_say_that_the_api_stands_in_the_way(tmp_path: Path) -> None:
    """An `ApiError` of `check` is why the numbers stay, and nothing was sent."""
    here = home(tmp_path)

    def refused() -> None:
        raise ApiError("the lock is gone")

    released = here.release(refused)
    assert released.refused == dict.fromkeys(here.wanted.numbers, "the lock is gone")
    assert (released.wrote, here.posts) == (False, 0)


def test_details_that_lag_are_looked_at_again(tmp_path: Path) -> None:
    """An order that is COMPLETE is believed once the numbers show it too."""
    here = home(tmp_path, "lag=3 GET tndetails")
    for number in here.wanted.numbers:
        here.account.call(f"GET /tns/{number}/tndetails")
    released = here.release()
    assert (released.released, released.unknown) == (here.wanted.numbers, ())


def test_an_order_that_its_numbers_deny_is_undetermined(tmp_path: Path) -> None:
    """COMPLETE, yet in service in every look: the order's word is not the only one."""
    here = home(tmp_path)
    body = "<T><Status>Inservice</Status></T>"
    here.account.transport = meddled(
        here.account.transport,
        lambda request, answer: httpx.Response(200, text=body) if "/tns/" in request.url.path else answer,
    )
    released = here.release()
    assert (released.unknown, released.released, bool(released.order)) == (here.wanted.numbers, (), True)


@pytest.mark.parametrize("status", [404, 500])
def test_an_order_that_nothing_denies_is_believed(status: int, tmp_path: Path) -> None:
    """Where the numbers' status cannot be had any more, a COMPLETE order is the last word."""
    here = home(tmp_path)
    served = here.account.transport

    def hidden(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        gone = here.posts and "/tns/" in request.url.path
        return httpx.Response(status) if gone else answer

    here.account.transport = meddled(served, hidden)
    assert here.release().released == here.wanted.numbers


@pytest.mark.parametrize(("wait", "seconds"), [(False, 600.0), (True, 3.0)])
def test_numbers_of_an_order_that_is_still_open_are_pending(
    wait: bool, seconds: float, tmp_path: Path
) -> None:
    """They are neither given up nor lost, and the order is named; nothing is sent again."""
    here = home(tmp_path)
    here.account.emulator.hold_orders()
    here.patience = replace(here.patience, wait=wait, order_timeout=seconds)
    released = here.release()
    (order_id,) = here.account.emulator.dump()["disconnects"]
    assert released == Released(order_id, pending=here.wanted.numbers, wrote=True)


def test_an_order_that_may_not_be_looked_at_any_more_is_left_open(tmp_path: Path) -> None:
    """A look that fails for good ends the waiting, with the API's words; the order's id is not lost."""
    here = home(tmp_path, "forbidden GET disconnects/*")
    here.account.emulator.hold_orders()
    released = here.release()
    assert (released.pending, bool(released.order)) == (here.wanted.numbers, True)
    assert "403 forbidden" in released.error


@pytest.mark.parametrize("fault", ["error-before=503", "drop-before", "error-before=404", "empty", "html"])
def test_looks_that_fail_in_passing_are_taken_again(fault: str, tmp_path: Path) -> None:
    """An order that cannot be seen for a moment is still waited for."""
    here = home(tmp_path, f"{fault} GET disconnects/* times=5 nth=1")
    released = here.release()
    assert (released.released, released.error, here.posts) == (here.wanted.numbers, "", 1)


def test_a_run_that_was_stopped_sends_nothing(tmp_path: Path) -> None:
    """The last look before the order leaves sees the stop."""
    here = home(tmp_path)
    stop = threading.Event()
    stop.set()
    here.patience = replace(here.patience, stop=stop)
    released = here.release()
    assert (released.error, released.wrote, here.posts) == ("the run was interrupted", False, 0)


@pytest.mark.parametrize(
    ("fault", "kept"), [("latency=0", "pending"), ("drop-before", "unknown")], ids=["open", "lost"]
)
def test_a_run_that_is_stopped_tells_what_is_known(fault: str, kept: str, tmp_path: Path) -> None:
    """The numbers of an open order are pending, those of a lost one unknown; no look follows the stop."""
    here = home(tmp_path, at_the_post(fault))
    here.account.emulator.hold_orders()
    stop = Stop(here.account, waits=2)
    here.patience = replace(here.patience, stop=stop)
    released = here.release()
    assert (getattr(released, kept), here.posts) == (here.wanted.numbers, 1)
    assert stop.waits == 0


def test_what_is_gone_or_elsewhere_is_not_sent(tmp_path: Path) -> None:
    """A number that somebody gave up counts as released; one that moved away stays, and says where it is."""
    here = home(tmp_path, count=3)
    gone, moved, stays = here.wanted.numbers
    here.account.emulator.release(gone)
    assert here.account.call(
        "POST /sites/main/sippeers", "<SipPeer><PeerName>other</PeerName></SipPeer>"
    ).is_success
    move = f"<SipPeerTelephoneNumbers><FullNumber>{moved}</FullNumber></SipPeerTelephoneNumbers>"
    assert here.account.call("POST /sites/main/sippeers/other/movetns", move).is_success
    here.account.clock.wait(1)
    released = here.release()
    other = next(id_ for id_, name in here.account.names().items() if name == "other")
    assert (released.released, here.posts) == ((gone, stays), 1)
    at = f"it is at another location now (site {here.wanted.site}, location {other})"
    assert released.refused == {moved: at}


def test_without_a_number_to_give_up_nothing_is_sent(tmp_path: Path) -> None:
    """Numbers that are all gone already are released, with no order."""
    here = home(tmp_path)
    for number in here.wanted.numbers:
        here.account.emulator.release(number)
    assert here.release() == Released(released=here.wanted.numbers)
    assert here.posts == 0


@pytest.mark.parametrize(
    "changed",
    [{"customer_order_id": "a" * 41}, {"customer_order_id": "a_b"}, {"numbers": ("1",) * (MOST + 1)}],
)
def test_an_order_that_the_api_would_refuse_is_not_made(changed: dict[str, object], tmp_path: Path) -> None:
    """A customer order id is at most 40 letters, digits, dashes and blanks; an order has 5,000 numbers."""
    here = home(tmp_path)
    here.wanted = replace(here.wanted, **changed)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no disconnect order"):
        here.release()


@pytest.mark.parametrize(("late", "unlisted"), [(0, True), (4, True), (9, False)])
def test_a_list_that_lags_is_waited_for(late: int, unlisted: bool, tmp_path: Path) -> None:
    """The location's list has six looks to drop the numbers."""
    here = home(tmp_path, *([f"lag={late} GET tns"] if late else []))
    for _ in range(late):
        here.account.call("GET /sites/main/sippeers/desk/tns")
    released = here.release()
    with here.writer() as writer:
        before = len(here.account.emulator.log)
        assert await_unlisted(writer, here.tns_path, released.released, here.patience) is unlisted
    assert len(here.account.emulator.log) - before == min(late + 1, LOOKS)


@pytest.mark.parametrize(("times", "unlisted"), [(8, True), (99, False)])
def test_a_list_that_cannot_be_read_shows_nothing_yet(times: int, unlisted: bool, tmp_path: Path) -> None:
    """A look that fails is one that has not seen them go."""
    here = home(tmp_path)
    here.release()
    here.account.emulator.fail(f"error-before=500 GET tns nth=1 times={times}")
    with here.writer() as writer:
        assert await_unlisted(writer, here.tns_path, here.wanted.numbers, here.patience) is unlisted


def test_open_orders_of_an_account(tmp_path: Path) -> None:
    """While an order is open its numbers are found under it, and not afterwards."""
    here = home(tmp_path)
    here.account.emulator.hold_orders()
    here.patience = replace(here.patience, wait=False)
    released = here.release()
    with here.writer() as writer:
        found = open_disconnects(writer, ACCOUNT)
        assert found == dict.fromkeys(here.wanted.numbers, released.order)
        here.account.emulator.release_orders()
        here.account.clock.wait(1)
        assert open_disconnects(writer, ACCOUNT) == {}
