"""What an application reads back as, and what PUT, PATCH and DELETE leave of it."""

from __future__ import annotations

import pytest
from caller import APPS, CREDS, PRODUCTS, World, furnished, sms

ONE_URL = (
    "<Application><ServiceType>Messaging-V2</ServiceType><AppName>one</AppName>"
    "<{url}>https://a.example/all</{url}><CallbackCreds>{creds}</CallbackCreds></Application>"
)
VOICE = (
    "<Application><ServiceType>Voice-V2</ServiceType><AppName>calls</AppName>"
    "<CallInitiatedCallbackUrl>https://a.example/c</CallInitiatedCallbackUrl>"
    "<CallStatusCallbackUrl>https://a.example/s</CallStatusCallbackUrl>"
    "<CallStatusMethod>GET</CallStatusMethod>"
    "<CallInitiatedFallbackUrl>https://b.example/f</CallInitiatedFallbackUrl></Application>"
)


@pytest.mark.parametrize("url", ["MsgCallbackUrl", "CallbackUrl"])
def test_one_url_form_reads_back_with_all_mirrors(url: str) -> None:
    """One URL and one set of credentials fill every URL and credentials field of the read."""
    world = furnished()
    world.made("app", APPS, ONE_URL.format(url=url, creds=CREDS))
    read = world.call("GET", f"{APPS}/{{app}}")
    for name in ("CallbackUrl", "MsgCallbackUrl", "InboundCallbackUrl", "OutboundCallbackUrl"):
        assert read.text(f"Application/{name}") == "https://a.example/all"
    for name in ("CallbackCreds", "InboundCallbackCreds", "OutboundCallbackCreds"):
        assert read.text(f"Application/{name}/UserId") == "hook-user"
    assert read.texts("Application/RequestedCallbackTypes/CallbackType") == [
        "message-failed",
        "message-delivered",
        "message-sending",
    ]


def test_two_url_form_mirrors_the_inbound_side_only() -> None:
    """An application with an inbound URL shows it as MsgCallbackUrl too, and no CallbackUrl."""
    read = furnished().call("GET", f"{APPS}/{{msg}}")
    assert read.text("Application/MsgCallbackUrl") == "https://a.example/in"
    assert read.text("Application/MsgCallbackCreds/UserId") == "hook-user"
    assert read.text("Application/CallbackUrl") is None
    assert read.text("Application/OutboundCallbackUrl") is None


def test_methods_default_to_post_where_their_url_is() -> None:
    """A voice application shows POST for every URL whose method was not named, and no other."""
    world = furnished()
    world.made("app", APPS, VOICE)
    read = world.call("GET", f"{APPS}/{{app}}")
    assert read.text("Application/CallInitiatedMethod") == "POST"
    assert read.text("Application/CallStatusMethod") == "GET"
    assert read.text("Application/CallInitiatedFallbackMethod") == "POST"
    bare = world.call("GET", f"{APPS}/{{voice}}")
    assert bare.text("Application/CallStatusMethod") is None


def test_no_answer_holds_a_password_and_the_store_does() -> None:
    """Passwords are kept and never returned, by any call that shows an application."""
    world = furnished()
    world.made("app", APPS, ONE_URL.format(url="MsgCallbackUrl", creds=CREDS))
    for method, path, body in (
        ("GET", APPS, ""),
        ("GET", f"{APPS}/{{app}}", ""),
        ("PATCH", f"{APPS}/{{app}}", "<Application><AppName>z</AppName></Application>"),
        ("PUT", f"{APPS}/{{app}}", ONE_URL.format(url="MsgCallbackUrl", creds=CREDS)),
    ):
        reply = world.call(method, path, body)
        assert reply.status == 200
        assert b"hook-password" not in reply.body
    assert "hook-password" in str(world.emulator.dump())


def test_put_replaces_everything() -> None:
    """Fields that a PUT leaves out are gone, credentials included."""
    world = furnished()
    body = (
        "<Application><AppName>texts</AppName>"
        "<InboundCallbackUrl>https://a.example/new</InboundCallbackUrl></Application>"
    )
    reply = world.call("PUT", f"{APPS}/{{msg}}", body)
    assert reply.text("Application/InboundCallbackUrl") == "https://a.example/new"
    assert reply.text("Application/InboundCallbackCreds/UserId") is None
    assert "hook-password" not in str(world.emulator.dump()["applications"][world.names["msg"]])


def test_patch_changes_only_what_it_names() -> None:
    """A PATCH of the name leaves URLs and credentials, password included, as they were."""
    world = furnished()
    before = world.emulator.dump()["applications"][world.names["msg"]]
    world.call("PATCH", f"{APPS}/{{msg}}", "<Application><AppName>z</AppName></Application>")
    after = world.emulator.dump()["applications"][world.names["msg"]]
    assert after == {**before, "AppName": "z"}


def test_patch_of_a_user_alone_keeps_the_password() -> None:
    """A user named alone by PATCH is taken, as the guide shows, and the password stays."""
    world = furnished()
    block = "<InboundCallbackCreds><UserId>new-user</UserId></InboundCallbackCreds>"
    reply = world.call("PATCH", f"{APPS}/{{msg}}", f"<Application>{block}</Application>")
    assert reply.text("Application/InboundCallbackCreds/UserId") == "new-user"
    held = world.emulator.dump()["applications"][world.names["msg"]]["InboundCallbackCreds"]
    assert held == {"UserId": "new-user", "Password": "hook-password"}


def test_patch_remove_deletes_the_status_url() -> None:
    """The word remove deletes the status URL together with its method."""
    world = furnished()
    world.made("app", APPS, VOICE)
    body = "<CallStatusCallbackUrl>remove</CallStatusCallbackUrl>"
    reply = world.call("PATCH", f"{APPS}/{{app}}", f"<Application>{body}</Application>")
    assert reply.status == 200
    assert reply.text("Application/CallStatusCallbackUrl") is None
    assert reply.text("Application/CallStatusMethod") is None


def assigned(world: World) -> list[str]:
    """The locations that the messaging application says it has."""
    reply = world.call("GET", f"{APPS}/{{msg}}/associatedsippeers")
    return reply.texts("AssociatedSipPeers/AssociatedSipPeer/PeerId")


@pytest.mark.parametrize(
    "word",
    [
        "REMOVE",
        "\n  remove \n",
        "<HttpMessagingV2AppId>REMOVE</HttpMessagingV2AppId>",
    ],
)
def test_assignment_and_both_forms_of_remove(word: str) -> None:
    """An assigned application shows on both sides, and REMOVE in any form takes it off again."""
    world = furnished()
    world.call("POST", f"{PRODUCTS}/messaging/features/sms", sms())
    path = f"{PRODUCTS}/messaging/applicationSettings"
    assert world.call("GET", path).tree.find("ApplicationsSettings") is not None
    root = "<ApplicationsSettings>{}</ApplicationsSettings>"
    app_id = "<HttpMessagingV2AppId>{msg}</HttpMessagingV2AppId>"
    assert world.call("PUT", path, root.format(app_id)).status == 200
    named = world.call("GET", path).text("ApplicationsSettings/HttpMessagingV2AppId")
    assert named == world.names["msg"]
    assert assigned(world) == [world.names["peer"]]
    assert world.call("PUT", path, root.format(word)).status == 200
    assert world.call("GET", path).text("ApplicationsSettings/HttpMessagingV2AppId") is None
    assert assigned(world) == []


def test_delete_is_final() -> None:
    """A deleted application is unknown, and gone from the list."""
    world = furnished()
    deleted = world.call("DELETE", f"{APPS}/{{msg}}")
    assert (deleted.status, deleted.body) == (200, b"")
    assert world.call("GET", f"{APPS}/{{msg}}").status == 404
    listed = world.call("GET", APPS).texts("ApplicationList/Application/ApplicationId")
    assert listed == [world.names["voice"]]
