"""Messages: the messaging API's one call, what it refuses, and what becomes of what it accepts."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from caller import ACCOUNT, APPS, BASIC, MMS, PRODUCTS, World, by_area_code, furnished, numbers, sms
from hypothesis import given
from hypothesis import strategies as st

from reconciler.emulator.limits.rate import Rate
from reconciler.emulator.messages import segments

PATH = "/users/9900000/messages"
TO = "+19195550123"
GSM = st.text("abc xyz019.,!?", max_size=400)


@pytest.fixture
def world() -> World:
    """A location with SMS, an application that hears of messages, and a number."""
    world = furnished()
    world.call("PATCH", f"{APPS}/{{msg}}",
               "<Application><OutboundCallbackUrl>https://a.example/out</OutboundCallbackUrl>"
               "</Application>")  # fmt: skip
    world.call("POST", f"{PRODUCTS}/messaging/features/sms", sms())
    assign(world, "{msg}")
    world.order(by_area_code())
    world.names["number"] = f"+1{numbers(world)[0]}"
    return world


def assign(world: World, application: str) -> None:
    """Gives the location a messaging application, or none with REMOVE."""
    world.call("PUT", f"{PRODUCTS}/messaging/applicationSettings",
               f"<ApplicationsSettings><HttpMessagingV2AppId>{application}</HttpMessagingV2AppId>"
               "</ApplicationsSettings>")  # fmt: skip


def message(world: World, **members: Any) -> str:
    """A message as JSON; None leaves a member out."""
    whole = {"applicationId": world.names["msg"], "from": world.names["number"], "to": [TO], "text": "Hi"}
    return json.dumps({name: value for name, value in {**whole, **members}.items() if value is not None})


def send(world: World, body: str, prefix: str = "/api/v2", **options: Any) -> tuple[int, dict[str, Any]]:
    """The status and the document of one message."""
    reply = world.call("POST", options.pop("path", PATH), body.encode(), prefix,
                       **{"media_type": "application/json", **options})  # fmt: skip
    assert reply.headers["Content-Type"] == "application/json"
    return reply.status, json.loads(reply.body)


def kept(world: World) -> list[dict[str, Any]]:
    """The messages that the emulator keeps."""
    return list(world.emulator.dump()["messages"].values())


def test_accepted(world: World) -> None:
    """A message is accepted with 202 and the documented members, and would be heard of."""
    status, told = send(world, message(world, tag="greeting", priority="high"))
    assert status == 202
    assert told.pop("id").startswith("17000000")
    assert told == {
        "owner": world.names["number"],
        "applicationId": world.names["msg"],
        "time": "2023-11-14T22:13:21.000Z",
        "segmentCount": 1,
        "direction": "out",
        "to": [TO],
        "from": world.names["number"],
        "text": "Hi",
        "tag": "greeting",
        "priority": "high",
    }
    assert [one["lost"] for one in kept(world)] == [""]


def test_one_recipient_without_a_list(world: World) -> None:
    """A single recipient may stand without a list, and is told of in one."""
    status, told = send(world, message(world, to=TO))
    assert (status, told["to"]) == (202, [TO])


def test_bearer(world: World) -> None:
    """A token works as user and password do."""
    basic = "Basic " + base64.b64encode(b"client:secret").decode()
    form = "application/x-www-form-urlencoded"
    granted = world.call("POST", "/oauth2/token", "grant_type=client_credentials", "/api/v1", basic, form)
    token = f"Bearer {json.loads(granted.body)['access_token']}"
    assert send(world, message(world), authorization=token)[0] == 202


FAULTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing at all": ({"applicationId": None, "from": None, "to": None, "text": None},
                       ["applicationId", "from", "to", "text"]),
    "no text, no media": ({"text": None}, ["text"]),
    "10 digits": ({"from": "9195550100", "to": ["9195550101"]}, ["from", "to"]),
    "no recipients": ({"to": []}, ["to"]),
    "one recipient twice": ({"to": [TO, TO]}, ["to"]),
    "a long text": ({"text": "x" * 2049}, ["text"]),
    "a number for text": ({"text": 5}, ["text"]),
    "a long tag": ({"tag": "x" * 1025}, ["tag"]),
    "media of no URL": ({"media": ["logo.png"]}, ["media"]),
    "media without a list": ({"media": "https://a.example/logo.png"}, ["media"]),
    "a long URL": ({"media": ["https://a.example/" + "x" * 4096]}, ["media"]),
    "another priority": ({"priority": "urgent"}, ["priority"]),
    "no time zone": ({"expiration": "2030-01-01T00:00:00"}, ["expiration"]),
    "no date": ({"expiration": "soon"}, ["expiration"]),
    "a misspelled member": ({"Tag": "x"}, ["Tag"]),
    "an application that is not there": ({"applicationId": "none"}, ["applicationId"]),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_faults(world: World, case: str) -> None:
    """What is not well-formed is refused with 400 naming the fields, and nothing is kept."""
    members, fields = FAULTS[case]
    status, told = send(world, message(world, **members))
    assert (status, told["type"]) == (400, "request-validation")
    assert told["description"] == "Your request could not be accepted"
    assert [fault["fieldName"] for fault in told["fieldErrors"]] == fields
    assert kept(world) == []


@pytest.mark.parametrize("body", ["", "{", "[]", '"text"', "[" * 100_000], ids=range(5))
def test_no_message(world: World, body: str) -> None:
    """What is no JSON object is refused with 400 and names no field."""
    told = {"type": "request-validation", "description": "Your request could not be accepted"}
    assert send(world, body) == (400, told)


@pytest.mark.parametrize(
    ("options", "status", "kind"),
    [
        ({"authorization": ""}, 401, "unauthorized"),
        ({"authorization": BASIC + "x"}, 401, "unauthorized"),
        ({"path": "/users/1/messages"}, 401, "unauthorized"),
        ({"media_type": "text/plain"}, 415, "unsupported-content-type"),
    ],
)
def test_turned_away(world: World, options: dict[str, Any], status: int, kind: str) -> None:
    """Wrong credentials, accounts and media types are told in JSON, with the documented type."""
    answered, told = send(world, message(world), **options)
    assert (answered, told["type"]) == (status, kind)


def test_too_many() -> None:
    """Over its limit the platform says so in JSON, not with the empty body of the XML calls."""
    world = World({"rate_limits": {"MESSAGES": Rate(1, 60)}}, {"msg": "none", "number": TO})
    assert send(world, message(world))[0] == 400
    status, told = send(world, message(world))
    assert (status, told["type"]) == (429, "max-message-queue-size-exceeded")
    assert world.call("GET", ACCOUNT).status == 200


def test_only_under_version_2(world: World) -> None:
    """The messaging API has one prefix; below others there is nothing, told in its own shape."""
    status, told = send(world, message(world), prefix="/api")
    assert (status, told["error"], told["path"]) == (404, "Not Found", f"/api{PATH}")


def test_account_without_http_messaging() -> None:
    """An account without HTTP messaging is forbidden to send."""
    status, told = send(World({"without": ["HTTPV2"]}), "{}")
    assert (status, told) == (403, {"type": "forbidden", "description": "Access Denied"})


def test_unknown_application_by_the_other_reading() -> None:
    """Where the application is not looked at, the message is accepted and lost."""
    world = World({"unknown_application": "accepted"}, {"msg": "none", "number": TO})
    assert send(world, message(world))[0] == 202
    assert kept(world)[0]["lost"] == "the sender's number is not in service on the account"


LOSSES: dict[str, tuple[str, dict[str, Any], str]] = {
    "no application": ("REMOVE", {}, "the sender's location has no messaging application"),
    "MMS off": ("{msg}", {"media": ["https://a.example/x.png"]}, "the sender's location has MMS off"),
    "a number of elsewhere": ("{msg}", {"from": TO}, "the sender's number is not in service on the account"),
}


@pytest.mark.parametrize("case", LOSSES)
def test_vanished(world: World, case: str) -> None:
    """A message that nobody would hear of again is accepted all the same; the record says why."""
    application, members, why = LOSSES[case]
    assign(world, application)
    assert send(world, message(world, **members))[0] == 202
    assert [one["lost"] for one in kept(world)] == [why]


def test_media(world: World) -> None:
    """A picture message is one segment, and reaches where MMS is on."""
    world.call("POST", f"{PRODUCTS}/messaging/features/mms", MMS)
    status, told = send(world, message(world, text="x" * 500, media=["https://a.example/x.png"]))
    assert (status, told["segmentCount"], told["media"]) == (202, 1, ["https://a.example/x.png"])
    assert [one["lost"] for one in kept(world)] == [""]


def test_another_application(world: World) -> None:
    """A message of an application that is not the location's is lost."""
    other = world.made("other", APPS, "<Application><ServiceType>Messaging-V2</ServiceType>"
                       "<AppName>other</AppName><MsgCallbackUrl>https://b.example</MsgCallbackUrl>"
                       "</Application>")  # fmt: skip
    send(world, message(world, applicationId=other))
    assert [one["lost"] for one in kept(world)] == ["the sender's location has another messaging application"]


def test_released_number(world: World) -> None:
    """A number that was given up cannot be heard of."""
    world.emulator.release(world.names["number"])
    send(world, message(world))
    assert [one["lost"] for one in kept(world)] == ["the sender's number is not in service on the account"]


@pytest.mark.parametrize(
    ("text", "segments_"),
    [("x" * 160, 1), ("x" * 161, 2), ("x" * 307, 3), ("€" * 80, 1), ("€" * 81, 2), ("я" * 70, 1),
     ("я" * 71, 2), ("😀" * 35, 1), ("😀" * 36, 2), ("\udc00", 1)],
    ids=range(10),
)  # fmt: skip
def test_segments(text: str, segments_: int) -> None:
    """A segment has 160 places of the GSM alphabet, 153 in parts, or 70 and 67 of another."""
    assert segments.count(text) == segments_


@given(GSM, GSM)
def test_segments_add_up(one: str, other: str) -> None:
    """More text never takes fewer segments, nor more than its halves and one."""
    whole = segments.count(one + other)
    assert max(segments.count(one), segments.count(other)) <= whole
    assert whole <= segments.count(one) + segments.count(other) + 1


def test_wrong_account_in_the_xml_api(world: World) -> None:
    """The messages path takes nothing from the XML calls: a GET there is not served."""
    assert world.call("GET", PATH, prefix="/api/v2").status == 405
    assert world.call("GET", ACCOUNT).status == 200
