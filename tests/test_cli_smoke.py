"""`smoke`: a message is sent where nothing is in its way; what was not sent, or may have been, is told."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from cli import ACCOUNT, CASES, Account, Ran, account
from hypothesis import given
from hypothesis import strategies as st
from terminal import Terminal

from reconciler.api.auth import Basic
from reconciler.api.client import connect, open_reader
from reconciler.api.endpoints import Endpoints
from reconciler.api.errors import ApiError
from reconciler.api.messaging import send_text
from reconciler.api.sender import read_sender
from reconciler.emulator import Emulator
from reconciler.model import Address, LiveResource
from reconciler.smoke import Application, Place, Text, shown, unreachable

KIT = yaml.safe_load((CASES / "smoke.yaml").read_text(encoding="utf-8"))
IDS, SITUATIONS, LOST = KIT["ids"], KIT["situations"], KIT["lost"]
NUMBER, TO = "+19195550100", "+12125550199"
USER = Basic("user", "password")
BASIC = {"BW_CLIENT_ID": None, "BW_CLIENT_SECRET": None, "BW_USERNAME": "user", "BW_PASSWORD": "password"}
SECRETS = ("canary-password", "canary-token", "hook:")


@contextlib.contextmanager
def furnished(folder: Path, **options: Any) -> Iterator[Account]:
    """The account of the cases on a socket, its manifest in the directory."""
    (folder / "account.yaml").write_text(KIT["account"], encoding="utf-8")
    with account(folder, Emulator(load=folder / "account.yaml", **options)) as place:
        place.write(KIT["manifest"])
        yield place


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """An account in which nothing goes wrong; what is sent in it changes nothing else."""
    with furnished(tmp_path_factory.mktemp("calm")) as place:
        yield place


def smoke(
    place: Account, *words: str, environ: Mapping[str, str | None] | None = None, **changed: Any
) -> Ran:
    """Run `smoke` of the usual message, but for what is changed."""
    said = {"from": NUMBER, "to": TO, "application": "texts", **changed}
    said["application"] = IDS.get(said["application"], said["application"])
    options = [word for name, value in said.items() for word in (f"--{name}", value)]
    return place.run("smoke", *options, *words, **(environ or {}))


def heard(place: Account) -> list[dict[str, Any]]:
    """The messages that were sent, as they came."""
    return [json.loads(each.request) for each in place.emulator.log if each.path.endswith("/messages")]


@pytest.mark.parametrize("name", SITUATIONS)
def test_each_situation_has_its_exit_code_and_words(name: str, calm: Account, tmp_path: Path) -> None:
    """A message is sent, or is not and every reason is told with a hint."""
    case = SITUATIONS[name]
    changed = {key: case[key] for key in ("from", "to", "application", "text") if key in case}
    if "length" in case:
        changed["text"] = "é" * case["length"]
    there = furnished(tmp_path, **case["emulator"]) if "emulator" in case else contextlib.nullcontext(calm)
    with there as place:
        before = len(heard(place))
        named = ("-f", case["manifest"]) if "manifest" in case else ()
        ran = smoke(place, *named, "--yes", "--format", "json", environ=case.get("environ"), **changed)
        assert ran.code == case["exit"], ran.said
        assert len(heard(place)) - before == case.get("heard", 0)
    if case["exit"]:
        problems = ran.document["problems"]
        expected = [text.format(url=place.url, **IDS) for text in case["problems"]]
        assert [each["message"] for each in problems] == expected
        assert all(each["hint"] for each in problems)
        hints = [text.format(**IDS) for text in case.get("hints", ())]
        assert [each["hint"] for each in problems][: len(hints)] == hints
    else:
        assert ran.document["state"] == "accepted"


@pytest.mark.parametrize("environ", [{}, BASIC], ids=["OAuth2", "Basic"])
def test_what_was_accepted_is_told(environ: dict[str, str | None], tmp_path: Path) -> None:
    """The text tells that it is accepted and no more, by which id, and where the event will arrive."""
    with furnished(tmp_path) as place:
        place.environ |= environ
        ran = smoke(place, "--yes", "--text", "Grüße 😀", "--trace", "trace.txt")
        ((id_, kept),) = place.emulator.dump()["messages"].items()
        (sent,) = heard(place)
    assert (ran.code, ran.err, kept["lost"]) == (0, "", "")
    assert sent == {"applicationId": IDS["texts"], "to": [TO], "from": NUMBER, "text": "Grüße 😀"}
    assert ran.out == (
        f"Accepted, not delivered: message {id_} from {NUMBER} to {TO}, 1 segment.\n"
        f"  through application texts ({IDS['texts']}) at location main/desk (1001/500001)\n"
        "  message-delivered or message-failed will be posted to https://hooks.widgets.dev/out?…\n"
    )
    trace = (tmp_path / "trace.txt").read_text()
    assert f"/api/v2/users/{ACCOUNT}/messages" in trace
    assert "Bearer ey" not in trace
    assert not [secret for secret in ("cGFzc3dvcmQ", *SECRETS) if secret in ran.said]


def test_what_was_accepted_as_a_document(tmp_path: Path) -> None:
    """The JSON document has the ids, the address, the segments and the events, and no secret."""
    with furnished(tmp_path) as place:
        ran = smoke(place, "--yes", "--format", "json", application="application.texts", text="x" * 161)
        ((id_, _),) = place.emulator.dump()["messages"].items()
    document = ran.document
    assert document.pop("tool")
    assert document == {
        "format": "reconciler.smoke/1",
        "account": ACCOUNT,
        "exit": 0,
        "state": "accepted",
        "message": {"id": id_, "segments": 2, "from": NUMBER, "to": TO, "text": "x" * 161},
        "application": {"id": IDS["texts"], "name": "texts", "address": "application.texts"},
        "location": {"id": "500001", "name": "desk", "sub_account_id": "1001", "sub_account": "main"},
        "events": {
            "url": "https://hooks.widgets.dev/out?…",
            "types": ["message-delivered", "message-failed", "message-sending"],
        },
    }
    assert not [secret for secret in SECRETS if secret in ran.said]


@pytest.mark.parametrize("said", ["", " body=accepted", " body={}"])
def test_an_accepted_message_may_have_no_id(said: str, tmp_path: Path) -> None:
    """202 is the answer, whatever its body says: exit 0, and that no id was given."""
    with furnished(tmp_path, faults=[f"error-after=202 POST messages{said}"]) as place:
        ran = smoke(place, "--yes")
        document = smoke(place, "--yes", "--format", "json").document
    assert ran.code == 0, ran.said
    assert ran.out.startswith("Accepted, not delivered: a message that was given no id, from ")
    assert document["message"]["id"] is None


@pytest.mark.parametrize("name", LOST)
def test_a_lost_answer_is_never_followed_by_a_second_message(name: str, tmp_path: Path) -> None:
    """Where nobody knows whether it was sent, that is exit 5, and it was sent once."""
    case = LOST[name]
    with furnished(tmp_path, faults=[case["fault"]]) as place:
        ran = smoke(place, "--yes", "--format", "json", "--timeout", str(case.get("timeout", 30)))
        assert len(heard(place)) == 1
    (problem,) = ran.document["problems"]
    assert ran.code == 5
    assert problem["message"].startswith(f"POST /users/{ACCOUNT}/messages: {case['says']}")
    assert problem["message"].endswith("; nobody knows whether the message was sent")
    assert problem["hint"].startswith("it is not sent again; see whether an event arrives at https://hooks.")


def test_the_messaging_api_may_be_elsewhere(tmp_path: Path) -> None:
    """BW_MESSAGING_URL alone says where the message goes; nobody there means that nothing was sent."""
    with furnished(tmp_path) as place, furnished(tmp_path) as other:
        place.environ["BW_MESSAGING_URL"] = other.url
        assert smoke(place, "--yes").code == 0
        assert (heard(place), len(heard(other))) == ([], 1)
        place.environ["BW_MESSAGING_URL"] = "http://127.0.0.1:1"
        nobody = smoke(place, "--yes")
    assert nobody.code == 1
    assert "error: POST /users/9900000/messages: no connection to 127.0.0.1:1: " in nobody.err


def test_nobody_to_ask_sends_nothing(tmp_path: Path) -> None:
    """Without a terminal and without --yes it is exit 1; what is in the way comes first, with exit 3."""
    with furnished(tmp_path) as place:
        quiet: dict[str, Any] = {"from": "+19195550102"}
        asked, refused = smoke(place), smoke(place, **quiet)
        assert heard(place) == []
    assert (asked.code, refused.code) == (1, 3)
    assert asked.err == "error: smoke needs a yes, and there is no terminal to ask on\n  hint: pass --yes\n"


def test_a_person_is_asked(tmp_path: Path) -> None:
    """On a terminal the question names what is sent, from where, to whom and through what."""
    with furnished(tmp_path) as place:
        words = ("--from", NUMBER, "--to", TO, "--application", IDS["texts"], "--text", "It's me")
        terminal = Terminal(place, "smoke", *words)
        terminal.until("[y/N]: ")
        assert heard(place) == []
        terminal.type("y")
        assert terminal.ended() == 0
        assert len(heard(place)) == 1
    question = f'Send "It\'s me" from {NUMBER} to {TO} through application texts ({IDS["texts"]})?'
    assert question in " ".join(terminal.screen.split())


# the process that is interrupted here is the test's own, and its sockets stay open until it ends
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("call", "code", "said"),
    [
        ("GET applications", 1, "Stopped: nothing was changed."),
        ("POST messages", 0, "Accepted, not delivered: "),
    ],
)
def test_a_message_that_has_left_is_told_of(call: str, code: int, said: str, tmp_path: Path) -> None:
    """Ctrl-C before the message stops it; while it is on its way, what becomes of it is told all the same."""

    def interrupt(_seconds: float) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    with furnished(tmp_path, faults=[f"latency {call}"], sleep=interrupt) as place:
        ran = smoke(place, "--yes")
        assert len(heard(place)) == (code == 0)
    assert ran.code == code
    assert said in ran.said


def test_a_text_of_no_characters_is_a_slip(tmp_path: Path) -> None:
    """What the terminal's encoding could not read is told before anything is asked."""
    with furnished(tmp_path) as place:
        ran = smoke(place, "--yes", text="\udce9")
        assert place.emulator.log == []
    assert (ran.code, ran.err.split("\n")[0]) == (1, "error: --text: the text is not UTF-8")


def test_the_manifest_of_an_id_is_for_the_same_account(tmp_path: Path) -> None:
    """An id needs no manifest; one that -f names must agree on the account, and names the application."""
    with furnished(tmp_path) as place:
        (tmp_path / "bandwidth.yaml").unlink()
        assert smoke(place, "--yes").code == 0
        place.write(KIT["manifest"], "other.yaml")
        named = smoke(place, "--yes", "-f", "other.yaml")
        place.write(KIT["manifest"].replace("version: 1", 'version: 1\naccount: "5"'), "other.yaml")
        foreign = smoke(place, "--yes", "-f", "other.yaml")
    assert (named.code, foreign.code) == (0, 1)
    assert f"through application.texts ({IDS['texts']})" in named.out


NOT_A_MESSAGE = {
    "the API's words": (400, {"type": "request-validation", "description": "No", "fieldErrors": [
        {"fieldName": "to", "description": "'1' is short"}, {"description": "and so on"}]},
        "400 refused: No; to: '1' is short; and so on"),
    "errors as a list": (409, {"errors": [{"type": "conflict", "description": "Not now"}]},
                         "409 refused: Not now"),
    "no words": (415, {}, "415 refused: {}"),
    "no path": (404, {"status": 404, "error": "Not Found", "message": "Nothing here"},
                "404 not found: Nothing here"),
    "a list": (400, ["no"], '400 refused: ["no"]'),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_A_MESSAGE)
def test_a_refusal_is_told_in_the_words_of_the_api(name: str) -> None:
    """A 4xx sends nothing, whatever shape its document has; the words of single members are told, too."""
    status, document, words = NOT_A_MESSAGE[name]
    transport = httpx.MockTransport(lambda _: httpx.Response(status, json=document))
    with pytest.raises(ApiError) as caught:
        send_text(connect(Endpoints(), USER, transport=transport), "1", "a", Text(NUMBER, TO, "Hi"))
    assert str(caught.value) == f"POST /users/1/messages: {words}"
    assert not caught.value.lost
    assert caught.value.hint.startswith("nothing was sent")


@pytest.mark.parametrize(
    ("document", "segments"),
    [({"id": "m1"}, None), ({"id": 7, "segmentCount": 3}, 3), ({"id": "m1", "segmentCount": "x"}, None)],
)
def test_an_id_is_enough(document: dict[str, Any], segments: int | None) -> None:
    """Any 2xx with the id of a message is an acceptance; how many segments it has may be left out."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=document))
    accepted = send_text(connect(Endpoints(), USER, transport=transport), "1", "a", Text(NUMBER, TO, "Hi"))
    assert (accepted.id, accepted.segments) == (str(document["id"]), segments)


SMS = (
    "<SipPeerSmsFeatureResponse><SipPeerSmsFeature><SipPeerSmsFeatureSettings><Protocol>http</Protocol>"
    "</SipPeerSmsFeatureSettings></SipPeerSmsFeature></SipPeerSmsFeatureResponse>"
)
ASSIGNED = (
    "<ApplicationsSettingsResponse><ApplicationSettings><HttpMessagingV2AppId>a</HttpMessagingV2AppId>"
    "</ApplicationSettings></ApplicationsSettingsResponse>"
)
PEERS = "<TNSipPeersResponse><SipPeers>{}</SipPeers></TNSipPeersResponse>"
PEER = "<SipPeer><PeerId>{0}</PeerId><PeerName>p{0}</PeerName></SipPeer>"
TOLD = "<TelephoneNumberResponse>{}</TelephoneNumberResponse>"
DETAILS = TOLD.format("<TelephoneNumberDetails><Status>Inservice</Status>{}</TelephoneNumberDetails>")
STATUS = TOLD.format("<Status>Inservice</Status><SiteId>17</SiteId><AccountId>1</AccountId>")
SITE, OURS = "<Site><Id>17</Id></Site>", "<AccountId>1</AccountId>"
NAMED = "<Site><Id>17</Id><Name>s</Name></Site><SipPeer><PeerId>8</PeerId><PeerName>p</PeerName></SipPeer>"
HOSTED = f"""<AccountId>2</AccountId><Site><Id>3</Id></Site><HostedTelephoneNumberDetails>
    <HostedTelephoneNumberDetail><AccountId>5</AccountId></HostedTelephoneNumberDetail>
    <HostedTelephoneNumberDetail>{OURS}{NAMED}</HostedTelephoneNumberDetail></HostedTelephoneNumberDetails>"""
ALONE, TWO = PEERS.format(PEER.format(8)), PEERS.format(PEER.format(8) + PEER.format(9))
LISTED = (
    "<SipPeerTelephoneNumbersResponse><SipPeerTelephoneNumbers>{}</SipPeerTelephoneNumbers>"
    "</SipPeerTelephoneNumbersResponse>"
)
AT_8 = LISTED.format(f"<SipPeerTelephoneNumber><FullNumber>{NUMBER}</FullNumber></SipPeerTelephoneNumber>")
# The answers to details, status and list of locations, and where the number is; "" is 404. It is listed at 8.
WHERE = {
    "names and ids": (DETAILS.format(OURS + NAMED), "", "", Place("17", "8", ("s", "p"))),
    "ids alone": (DETAILS.format("<SiteId>17</SiteId><SipPeerId>8</SipPeerId>"), "", "", Place("17", "8")),
    "an id as lists have it": (
        DETAILS.format(SITE + "<SipPeer><Id>8</Id></SipPeer>"),
        "",
        "",
        Place("17", "8"),
    ),
    "the only location": (DETAILS.format(OURS + SITE), "", ALONE, Place("17", "8")),
    "one of two locations": (DETAILS.format(OURS + SITE), "", TWO, Place("17", "8")),
    "none of two locations": (
        DETAILS.format(OURS + SITE),
        "",
        PEERS.format(PEER.format(7) + PEER.format(9)),
        None,
    ),
    "no details": ("", STATUS, ALONE, Place("17", "8")),
    "details without a place": (DETAILS.format(OURS), STATUS, ALONE, Place("17", "8")),
    "no place anywhere": (DETAILS.format(OURS), "", "", None),
    "texts hosted here": (DETAILS.format(HOSTED), "", "", Place("17", "8", ("s", "p"))),
}


@pytest.mark.parametrize("name", WHERE)
def test_where_the_number_is(name: str) -> None:
    """A number's location is found in every spelling of its details, or is not known."""
    details, status, peers, place = WHERE[name]
    answers = {"tndetails": details, "9195550100": status, "sippeers": peers, "sms": SMS,
               "applicationSettings": ASSIGNED}  # fmt: skip

    def answer(request: httpx.Request) -> httpx.Response:
        *_, parent, name = request.url.path.split("/")
        text = (AT_8 if parent == "8" else LISTED.format("")) if name == "tns" else answers[name]
        return httpx.Response(200 if text else 404, text=text)

    with open_reader(Endpoints(), USER, transport=httpx.MockTransport(answer)) as reader:
        sender = read_sender(reader, "1", NUMBER)
    assert (sender.owned, sender.status, sender.place) == (True, "Inservice", place)
    assert (sender.protocol, sender.application) == (("HTTP", "a") if place else (None, ""))


@pytest.mark.parametrize("answer", [
    httpx.Response(404),
    httpx.Response(400, text=TOLD.format("<ResponseStatus><ErrorCode>12512</ErrorCode></ResponseStatus>")),
    httpx.Response(200, text=TOLD.format("<ResponseStatus><ErrorCode>12512</ErrorCode></ResponseStatus>")),
    httpx.Response(200, text=DETAILS.format("<AccountId>2</AccountId>" + SITE)),
])  # fmt: skip
def test_a_number_that_is_not_ours(answer: httpx.Response) -> None:
    """A number that is unknown, refused, or another account's is not owned."""
    transport = httpx.MockTransport(lambda request: answer)  # noqa: ARG005 - whatever is asked
    with open_reader(Endpoints(), USER, transport=transport) as reader:
        assert not read_sender(reader, "1", "+33140289562").owned


REACHED = (
    "https://hooks.widgets.dev/x",
    "http://8.8.8.8:8080/",
    "https://[2606:4700::1111]/",
    "HTTPS://A.DEV.",
)
UNREACHED = (
    "https://example.com", "https://WWW.Example.NET/a", "https://a.test./", "http://x.invalid", "https://localhost/",
    "https://a.localhost", "http://127.0.0.1/", "https://10.0.0.8", "https://[::1]/", "https://[fd00::1]/x",
    "http://[::ffff:10.0.0.1]/", "https://192.0.2.7", "http://169.254.1.1", "https://printer.local", "https://web/x",
    "https://svc.internal", "http://127.1/", "ftp://a.dev", "https://", "hooks", "https://[", "https://REPLACE_ME/x",
)  # fmt: skip


def test_placeholders() -> None:
    """Names that are nobody's, addresses that are not public, and what is no URL are placeholders."""
    assert [url for url in REACHED if unreachable(url)] == []
    assert [url for url in UNREACHED if not unreachable(url)] == []


@given(st.text("a/?#@:[]%& \n", max_size=9), st.text("a@:[]%& ", max_size=9))
def test_a_url_is_shown_without_secrets(tail: str, user: str) -> None:
    """User, password, query and fragment of a callback are never shown, whatever is in them."""
    for url in (
        f"https://{user}:canary@a.dev/x",
        f"https://a.dev/x?{tail}canary",
        f"https://a.dev/#{tail}canary",
    ):
        assert "canary" not in shown(url)


def application(**fields: str) -> Application:
    """An application that shows these fields."""
    return Application(LiveResource(Address("application", ("a",)), fields, "1"))


def test_the_one_url_form_is_both() -> None:
    """The older field stands for both directions only where neither newer one is shown."""
    old = application(callback_url="https://a.dev/")
    new = application(callback_url="https://a.dev/", inbound_callback_url="https://a.dev/")
    assert (old.inbound, old.outbound) == ("https://a.dev/", "https://a.dev/")
    assert (new.inbound, new.outbound) == ("https://a.dev/", "")
