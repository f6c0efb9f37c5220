"""Option orders: what may be set on numbers, and what that does to them."""

from __future__ import annotations

from typing import Any

import pytest
from caller import PEER, World, furnished, numbers
from option_orders import OPTIONS, body, carried_out, stocked

A2P = "<A2pLongCode>{}</A2pLongCode><A2pMessageClass>T</A2pMessageClass><A2pCampaignId>CLOCAL</A2pCampaignId>"
AS_GIVEN = "<A2pSettings><Action>{}</Action>{}</A2pSettings>"
CAMPAIGN = AS_GIVEN.format("asSpecified", "<CampaignId>CHARBOR</CampaignId>")
PLAN = "<OriginationRoutePlan>{}</OriginationRoutePlan>"
ROUTE = "<Route><Endpoint>7575550199</Endpoint><Priority>{}</Priority><Weight>{}</Weight></Route>"


def kept(world: World, number: str) -> dict[str, Any]:
    """The record of a number."""
    record: dict[str, Any] = world.emulator.dump()["numbers"][number]
    return record


def test_an_option_order_goes_through_its_statuses() -> None:
    """RECEIVED, PROCESSING and COMPLETE are shown in turn; the numbers are set at the end."""
    world, had = stocked()
    placed = world.call("POST", OPTIONS, body(("<CallForward>7575550199</CallForward>", had)))
    assert (placed.status, placed.text("TnOptionOrder/ProcessingStatus")) == (201, "RECEIVED")
    path = f"{OPTIONS}/{placed.text('TnOptionOrder/OrderId')}"
    world.clock.now += 0.06
    assert world.call("GET", path).text("ProcessingStatus") == "PROCESSING"
    assert kept(world, had[0])["options"] == {}
    world.clock.now += 0.06
    assert world.call("GET", path).text("ProcessingStatus") == "COMPLETE"
    assert kept(world, had[0])["options"] == {"CallForward": "7575550199"}
    history = world.call("GET", f"{path}/history").texts("OrderHistory/Status")
    assert history == ["received", "processing", "complete"]


def test_options_can_take_looks_instead_of_time() -> None:
    """With order_looks=2 one look shows RECEIVED, one PROCESSING, and the third the end."""
    world = furnished(order_looks=2)
    placed = world.call("POST", OPTIONS, body(("<RewriteUser>desk</RewriteUser>", ["9195550121"])))
    seen = [world.call("GET", f"{OPTIONS}/{placed.new_id}").text("ProcessingStatus") for _ in range(3)]
    assert seen == ["RECEIVED", "PROCESSING", "FAILED"]


SET = [
    ("NumberFormat", "11digit"),
    ("RPIDFormat", "e164"),
    ("RewriteUser", "desk"),
    ("CallForward", "7575550199"),
    ("CallingNameDisplay", "on"),
    ("PortOutPasscode", "dock42"),
    ("FinalDestinationURI", "sip:+17575550199@198.51.100.7:5060"),
    ("PindropEnabled", "true"),
    ("CallVerificationEnabled", "true"),
    ("ESPID", "S042"),
]


@pytest.mark.parametrize(("name", "value"), SET)
def test_an_option_is_set_left_alone_and_taken_away(name: str, value: str) -> None:
    """A value is kept on the number, unchanged leaves it, systemDefault takes it away."""
    world, had = stocked()
    for text, options in ((value, {name: value}), ("unchanged", {name: value}), ("systemDefault", {})):
        reply = carried_out(world, (f"<{name}>{text}</{name}>", had[:1]))
        assert reply.text("ProcessingStatus") == "COMPLETE"
        assert kept(world, had[0])["options"] == options
    assert kept(world, had[1])["options"] == {}


def test_options_are_shown_at_the_location() -> None:
    """What is set on a number is read back from the list of its location."""
    world, had = stocked("")
    wanted = "<CallForward>7575550199</CallForward><Protected>true</Protected><Sms>off</Sms>"
    carried_out(world, (wanted, had[:1]))
    shown = world.call("GET", f"{PEER}/tns/{had[0]}")
    row = "SipPeerTelephoneNumber"
    assert shown.text(f"{row}/CallForward") == "7575550199"
    assert shown.texts(f"{row}/TnAttributes/TnAttribute") == ["Protected"]
    assert shown.text(f"{row}/MessagingSettings/SmsEnabled") == "false"


REFUSED = [
    ("<NumberFormat>7digit</NumberFormat>", 400, 5081),
    ("<RPIDFormat>none</RPIDFormat>", 400, 5089),
    ("<CallForward>12</CallForward>", 400, 5080),
    ("<CallForward>9195550121</CallForward>", 400, 5088),
    ("<CallingNameDisplay>maybe</CallingNameDisplay>", 400, 5079),
    ("<PortOutPasscode>abc</PortOutPasscode>", 400, 5193),
    ("<PortOutPasscode>dock-42</PortOutPasscode>", 400, 5193),
    ("<Protected>perhaps</Protected>", 400, 5107),
    ("<Sms>systemDefault</Sms>", 400, 5113),
    ("<NNID>many</NNID>", 400, 5143),
    (f"<FinalDestinationURI>{'a' * 61}</FinalDestinationURI>", 400, 5117),
    ("<FinalDestinationURI>123456789012</FinalDestinationURI>", 400, 5118),
    ("<FinalDestinationURI>desk@pbx.example.com</FinalDestinationURI>", 400, 5119),
    ("<FinalDestinationURI>desk.example.com</FinalDestinationURI>", 400, 5122),
    (AS_GIVEN.format("asSpecified", ""), 400, 13638),
    (AS_GIVEN.format("off", "<CampaignId>CHARBOR</CampaignId>"), 400, 5134),
    (AS_GIVEN.format("on", ""), 400, 5138),
    (AS_GIVEN.format("asSpecified", f"<CampaignId>{'C' * 65}</CampaignId>"), 400, 12822),
    (PLAN.format("<Action>asSpecified</Action>"), 400, 5184),
    (PLAN.format("<Action>on</Action>"), 400, 5207),
    (PLAN.format(ROUTE.format(1, 100) + "<Action>off</Action>"), 400, 5208),
    (PLAN.format(ROUTE.format(2, 100)), 400, 5223),
    (PLAN.format(ROUTE.format(999_999_999, 100)), 400, 5223),
    (PLAN.format(ROUTE.format(0, 100)), 400, 5189),
    (PLAN.format(ROUTE.format(1, 0)), 400, 5187),
    (PLAN.format(ROUTE.format(1, 100)) + "<CallForward>7575550199</CallForward>", 400, 5203),
    (PLAN.format(ROUTE.format(1, 100)) + "<RewriteUser>desk</RewriteUser>", 400, 5204),
    (
        "<PindropEnabled>true</PindropEnabled><CallVerificationEnabled>true</CallVerificationEnabled>",
        400,
        13693,
    ),
    ("", 400, 5115),
    ("<Shiny>on</Shiny>", 400, 1005),
]


@pytest.mark.parametrize(("settings", "status", "code"), REFUSED)
def test_what_no_number_can_have_is_refused(settings: str, status: int, code: int) -> None:
    """Values outside the table, and settings that do not go together, are errors; nothing is ordered."""
    world = furnished()
    reply = world.call("POST", OPTIONS, body((settings, ["9195550121"])))
    assert (reply.status, reply.code) == (status, code)
    assert reply.names("*") == ["ResponseStatus"]
    assert world.call("GET", OPTIONS).text("TnOptionOrders/TotalCount") == "0"


NUMBERS = [
    ([("<Sms>on</Sms>", ["555"])], "/api", 5070),
    ([("<Sms>on</Sms>", ["9195550121"])], "/api/v2", 1022),
    ([("<Sms>on</Sms>", [])], "/api", 5073),
    ([("<Sms>on</Sms>", ["9195550121", "9195550121"])], "/api", 5072),
    ([("<Sms>on</Sms>", ["9195550121"]), ("<Sms>off</Sms>", ["9195550121"])], "/api", 5072),
]


@pytest.mark.parametrize(("groups", "prefix", "code"), NUMBERS)
def test_numbers_are_named_once_and_in_the_versions_form(
    groups: list[tuple[str, list[str]]], prefix: str, code: int
) -> None:
    """A number that is malformed, missing or named twice refuses the order."""
    assert furnished().call("POST", OPTIONS, body(*groups), prefix=prefix).code == code


READINGS = [
    ({"options_error": "list"}, "<Sms>maybe</Sms>", 400, "ErrorList"),
    (
        {"final_uri": "bare"},
        "<FinalDestinationURI>sip:desk@198.51.100.7</FinalDestinationURI>",
        400,
        "ResponseStatus",
    ),
    (
        {"final_uri": "bare"},
        "<FinalDestinationURI>desk@198.51.100.7</FinalDestinationURI>",
        201,
        "TnOptionOrder",
    ),
    ({"without": ["OriginationRoutePlan"]}, PLAN.format(ROUTE.format(1, 100)), 409, "ResponseStatus"),
    ({}, PLAN.format(ROUTE.format(1, 100)), 201, "TnOptionOrder"),
]


@pytest.mark.parametrize(("options", "settings", "status", "element"), READINGS)
def test_refusals_depend_on_readings_and_on_the_account(
    options: dict[str, Any], settings: str, status: int, element: str
) -> None:
    """The shape of a refusal, the sip: of a URI, and route plans are the choices of who starts it."""
    reply = furnished(**options).call("POST", OPTIONS, body((settings, ["9195550121"])))
    assert (reply.status, reply.names("*")) == (status, [element])


# The location's SMS (None: off; or its A2P), what is asked for, the status, and the code of the number.
FAILING: list[tuple[str | None, str, str, int]] = [
    (None, "<Sms>on</Sms>", "FAILED", 5145),
    (None, CAMPAIGN, "FAILED", 5132),
    ("", f"<Sms>off</Sms>{CAMPAIGN}", "FAILED", 5132),
    ("", CAMPAIGN, "FAILED", 5133),
    (A2P.format("ON"), CAMPAIGN, "FAILED", 5133),
    (A2P.format("ON"), AS_GIVEN.format("off", ""), "FAILED", 5225),
    (
        A2P.format("DefaultOn"),
        AS_GIVEN.format("asSpecified", "<CampaignId>CODD</CampaignId>"),
        "FAILED",
        12220,
    ),
    (A2P.format("DefaultOn"), CAMPAIGN, "COMPLETE", 0),
    (None, "<NNID>104</NNID>", "FAILED", 5202),
]


@pytest.mark.parametrize(("feature", "settings", "status", "code"), FAILING)
def test_what_a_number_cannot_have_fails_later(
    feature: str | None, settings: str, status: str, code: int
) -> None:
    """What depends on a number's location is found out when the order is carried out, as a 200."""
    world, had = stocked(feature, campaigns=["CHARBOR", "CLOCAL"])
    reply = carried_out(world, (settings, had[:1]))
    assert (reply.status, reply.text("ProcessingStatus")) == (200, status)
    assert reply.code == code


def test_each_number_fails_by_itself() -> None:
    """A number of somebody else, and one that ages, are errors; the order is PARTIAL, the rest is set."""
    world, had = stocked()
    world.emulator.release(had[1])
    reply = carried_out(world, ("<RewriteUser>desk</RewriteUser>", [*had, "7575550121"]))
    assert reply.text("ProcessingStatus") == "PARTIAL"
    errors = [reply.texts(f"ErrorList/Error/{name}") for name in ("Code", "TelephoneNumber")]
    assert errors == [["5074", "5076"], [had[1], "7575550121"]]
    assert kept(world, had[0])["options"] == {"RewriteUser": "desk"}


def test_a_campaign_is_set_and_goes_back_to_the_locations() -> None:
    """The action asSpecified sets a campaign, off clears it, systemDefault brings back the location's."""
    world, had = stocked(A2P.format("DefaultOn"))
    for settings, campaign in (
        (CAMPAIGN, "CHARBOR"),
        (AS_GIVEN.format("unchanged", ""), "CHARBOR"),
        (AS_GIVEN.format("off", ""), ""),
        (AS_GIVEN.format("systemDefault", ""), "CLOCAL"),
    ):
        assert carried_out(world, (settings, had[:1])).text("ProcessingStatus") == "COMPLETE"
        assert kept(world, had[0])["campaign"] == campaign


def test_sms_that_is_on_already_is_a_warning() -> None:
    """Turning SMS on where it is on completes, with a warning that names the number."""
    world, had = stocked("")
    reply = carried_out(world, ("<Sms>on</Sms>", had[:1]))
    assert reply.text("ProcessingStatus") == "COMPLETE"
    assert reply.texts("Warnings/Warning/TelephoneNumber") == had[:1]


def test_a_route_plan_and_call_forwarding_do_not_meet() -> None:
    """A number with one of the two is refused the other, until the first is taken away."""
    world, had = stocked()
    forward = ("<CallForward>7575550199</CallForward>", had)
    plan = (PLAN.format(ROUTE.format(1, 100)), had)
    steps = [
        (forward, 0),
        (plan, 5203),
        (("<CallForward>systemDefault</CallForward>", had), 0),
        (plan, 0),
        (forward, 5205),
        ((PLAN.format("<Action>off</Action>"), had), 0),
        (forward, 0),
    ]
    assert [carried_out(world, group).code for group, _ in steps] == [code for _, code in steps]


def test_toll_free_numbers_cannot_be_protected() -> None:
    """Protected is for other numbers (5100)."""
    world = furnished()
    kind = "TollFreeWildCharSearchAndOrderType"
    world.order(
        f"<{kind}><TollFreeWildCardPattern>8**</TollFreeWildCardPattern><Quantity>1</Quantity></{kind}>"
    )
    assert carried_out(world, ("<Protected>true</Protected>", numbers(world))).code == 5100


@pytest.mark.parametrize(("deliver", "status"), [(0, "FAILED"), (1, "PARTIAL"), (2, "COMPLETE")])
def test_the_next_option_order_can_be_rehearsed(deliver: int, status: str) -> None:
    """A limit of the outcomes lets the next option order set so many numbers, and only that one."""
    world, had = stocked()
    world.emulator.outcomes.limit(deliver, "tn_options")
    assert carried_out(world, ("<RewriteUser>desk</RewriteUser>", had)).text("ProcessingStatus") == status
