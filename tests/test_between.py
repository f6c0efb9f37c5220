"""Client and emulator with something between them: short pages, lost answers, others at work meanwhile."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from between import Serve, asking, disturbed, order, pools

from reconciler.api.errors import NotFound, Refused
from reconciler.execute import State

SITE = "version: 1\nsub_accounts: {other: {}}"
OTHER = "version: 1\nsub_accounts: {other: {locations: {desk: {}}}}"
TEXTING = "version: 1\nsub_accounts: {main: {locations: {%s: {features: {sms: true}}}}}"
SMS = (
    "<SipPeerSmsFeature><SipPeerSmsFeatureSettings><TollFree>true</TollFree><Protocol>HTTP</Protocol>"
    "<Zone1>true</Zone1><Zone2>false</Zone2><Zone3>false</Zone3><Zone4>false</Zone4><Zone5>false</Zone5>"
    "</SipPeerSmsFeatureSettings><HttpSettings/></SipPeerSmsFeature>"
)


def is_setting(request: httpx.Request, method: str) -> bool:
    """Whether it is a call of a location's SMS settings."""
    return request.method == method and request.url.path.endswith("/features/sms")


def test_back_orders_on_every_page_of_the_order_list_count(tmp_path: Path) -> None:
    """What three open back-orders may still deliver is not ordered again, however short the pages are."""

    def one_a_page(request: httpx.Request, served: Serve) -> httpx.Response:
        return served(asking(request, size="1"))

    account = disturbed(tmp_path, one_a_page)
    for _ in range(3):
        account.emulator.partial_next_order(1)
        order(account, "919", 4, backorder=True)
    (pool,) = account.plan(pools(_919=12)).plan.pools
    assert (pool.present, pool.pending, pool.ordered) == (3, 9, 0)


def test_numbers_beyond_the_first_page_count(tmp_path: Path) -> None:
    """A location with more numbers than a page of the list has all of them, and none is ordered again."""
    account = disturbed(tmp_path, lambda request, served: served(request))
    order(account, "919", 4999)
    order(account, "984", 2)
    counted = {each.address.criterion: each for each in account.plan(pools(_919=4999, _984=2)).plan.pools}
    assert {name: (pool.present, pool.ordered) for name, pool in counted.items()} == {
        "area_code=919": (4999, 0),
        "area_code=984": (2, 0),
    }
    assert sum(each.path.endswith("/tns") for each in account.emulator.log) == 2


def test_a_number_list_that_is_not_found_is_not_an_empty_one(tmp_path: Path) -> None:
    """A 404 where the location says that it has numbers ends the plan; nothing looks missing."""

    def hiding(request: httpx.Request, served: Serve) -> httpx.Response:
        return httpx.Response(404) if request.url.path.endswith("/tns") else served(request)

    account = disturbed(tmp_path, hiding)
    order(account, "919", 2)
    with pytest.raises(NotFound, match="404, though the location is there"):
        account.plan(pools(_919=2))


@pytest.mark.parametrize("lost", [httpx.Response(503), httpx.ReadError("broken")], ids=["503", "dropped"])
def test_a_create_whose_answer_is_lost_is_looked_up(
    lost: httpx.Response | httpx.ReadError, tmp_path: Path
) -> None:
    """A sub-account that was made, though nobody heard of it, is found by its name, and made once."""

    def losing(request: httpx.Request, served: Serve) -> httpx.Response:
        answer = served(request)
        if request.method == "POST" and request.url.path.endswith("/sites"):
            if isinstance(lost, Exception):
                raise lost
            return lost
        return answer

    account = disturbed(tmp_path, losing)
    applied = account.apply(OTHER)
    sent = [call for call, _ in account.calls(applied.sent)]
    assert (applied.code, sent) == (0, ["POST /sites", "POST /sites/other/sippeers"])


def test_a_create_that_nobody_knows_of_is_not_repeated(tmp_path: Path) -> None:
    """A create whose answer is lost and that does not show counts as not made, and is left to a next run."""
    posts: list[httpx.Request] = []

    def swallowing(request: httpx.Request, served: Serve) -> httpx.Response:
        if request.method != "POST" or not request.url.path.endswith("/sites"):
            return served(request)
        posts.append(request)
        return httpx.Response(503)

    applied = disturbed(tmp_path, swallowing).apply(SITE)
    assert [result.state for result in applied.outcome.results] == [State.FAILED]
    assert (applied.code, len(posts)) == (4, 1)


def test_what_others_undo_meanwhile_is_not_converged(tmp_path: Path) -> None:
    """When every step is done and the account still differs, the run has not succeeded: exit 4."""

    def undoing(request: httpx.Request, served: Serve) -> httpx.Response:
        answer = served(request)
        if request.method == "PUT":
            account.call("PUT /sites/main", "<Site><Name>main</Name><Description>Theirs</Description></Site>")
        return answer

    account = disturbed(tmp_path, undoing)
    applied = account.apply("version: 1\nsub_accounts: {main: {description: Ours}}")
    assert [result.state for result in applied.outcome.results] == [State.DONE]
    assert [str(step.address) for step in applied.residue.steps] == ["sub_account.main"]
    assert applied.code == 4


@pytest.mark.parametrize("made", [True, False], ids=["made", "not made"])
def test_a_setting_whose_answer_is_lost_is_done_only_if_it_can_be_read(made: bool, tmp_path: Path) -> None:
    """SMS whose POST was lost is there or it is not: the run looks, and does not send it twice."""

    def losing(request: httpx.Request, served: Serve) -> httpx.Response:
        if is_setting(request, "POST"):
            if made:
                served(request)
            return httpx.Response(503)
        return served(request)

    applied = disturbed(tmp_path, losing).apply(TEXTING % "desk")
    ended = (applied.outcome.results[0].state, applied.code, len(applied.sent))
    assert ended == ((State.DONE, 0, 1) if made else (State.FAILED, 4, 0))


def test_a_new_location_may_come_with_a_setting(tmp_path: Path) -> None:
    """Where SMS is on as soon as the location is made, it is changed by PUT, not created again."""

    def furnishing(request: httpx.Request, served: Serve) -> httpx.Response:
        answer = served(request)
        if request.method == "POST" and request.url.path.endswith("/sippeers"):
            path = f"/sites/main/sippeers/{answer.headers['Location'].rpartition('/')[2]}"
            assert account.call(f"POST {path}/products/messaging/features/sms", SMS).is_success
        return answer

    account = disturbed(tmp_path, furnishing)
    applied = account.apply(TEXTING % "new")
    sent = [call for call, _ in account.calls(applied.sent) if "features" in call]
    path = "/sites/main/sippeers/new/products/messaging/features/sms"
    assert (applied.code, sent) == (0, [f"POST {path}", f"PUT {path}"])


def test_a_setting_of_a_location_that_is_gone_is_not_switched_off(tmp_path: Path) -> None:
    """An error that says that the location is missing (13563) ends the plan; SMS does not look absent."""

    def gone(request: httpx.Request, served: Serve) -> httpx.Response:
        if is_setting(request, "GET"):
            return httpx.Response(404, text="<R><ErrorCode>13563</ErrorCode><Description/></R>")
        return served(request)

    with pytest.raises(Refused, match="features/sms: 404"):
        disturbed(tmp_path, gone).plan(TEXTING % "desk")


def test_an_order_list_in_an_unknown_form_is_not_an_empty_one(tmp_path: Path) -> None:
    """Where nobody knows how the list says that there is no such order, nothing is planned."""

    def strange(request: httpx.Request, served: Serve) -> httpx.Response:
        if "customerOrderId" in request.url.params:
            return httpx.Response(404, text="<Novelty/>", headers={"Content-Type": "application/xml"})
        return served(request)

    with pytest.raises(Refused, match="expected a list of orders, got 404 Novelty"):
        disturbed(tmp_path, strange).plan(pools(_919=1))
