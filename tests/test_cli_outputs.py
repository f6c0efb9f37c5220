"""`outputs`: what is live of the manifest in each format, what is not, and never a password."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli import ADDRESS, Account, account, location
from dotenv import dotenv_values

from reconciler.emulator import Emulator

CANARIES = {"HOOK": "canary-hook-<&>-3c1f", "BW_CLIENT_SECRET": "canary-client-92d4"}
POOL = "numbers.main/desk[area_code=919]"
FORMATS = ("text", "json", "dotenv", "github")
MANIFEST = f"""\
version: 1
applications:
  texts:
    service_type: Messaging-V2
    callback_url: https://example.com/sms
    callback_creds: {{user_id: sms-hook, password: {{env: HOOK}}}}
  calls:
    service_type: Voice-V2
    call_initiated_callback_url: https://example.com/voice
    callback_creds: {{user_id: voice-hook, password: {{env: HOOK}}}}
sub_accounts:
  main:
    address: {ADDRESS}
    locations:
      desk:
        voice_hosts: [{{host_name: sbc1.example.com, port: 5070}}, 192.0.2.10]
        numbers:
          - {{area_code: "919", count: 2}}
          - {{toll_free: "8**", count: 1}}
      spare: {{voice_host_group: [sbc2.example.com], termination_hosts: [198.51.100.16/30]}}
"""


Found = dict[str, dict[str, Any]]


def furnished(place: Account, manifest: str = MANIFEST) -> Found:
    """Apply the manifest; the outputs by address."""
    place.write(manifest)
    applied = place.run("apply", "--yes")
    assert applied.code == 0, applied.said
    found: Found = place.run("outputs", "--format", "json").document["outputs"]
    return found


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Account, Found]]:
    """An account with all of the manifest, which no test changes, and its outputs by address."""
    with account(tmp_path_factory.mktemp("shared"), HOOK="hook-password") as place:
        yield place, furnished(place)


def test_outputs_are_what_the_account_has(shared: tuple[Account, Found]) -> None:
    """Ids, users, hosts and numbers, by address, are those of the account; reading writes nothing."""
    place, outputs = shared
    written = len(place.writes())
    runs = [place.run("outputs", "--format", form) for form in FORMATS]
    assert [(ran.code, ran.err) for ran in runs] == [(0, "")] * len(FORMATS)
    assert len(place.writes()) == written
    held = place.state()
    ids = {each["AppName"]: id_ for id_, each in held["applications"].items()}
    (site,) = held["sites"].values()
    peers = {each["document"]["PeerName"]: each for each in site["peers"].values()}
    numbers = sorted(f"+1{number}" for number in peers["desk"]["numbers"])
    assert outputs == {
        "application.texts": {"id": ids["texts"], "callback_user_id": "sms-hook"},
        "application.calls": {"id": ids["calls"], "callback_user_id": "voice-hook"},
        "sub_account.main": {"id": site["id"]},
        "location.main/desk": {
            "id": peers["desk"]["id"],
            "voice_hosts": ["sbc1.example.com:5070", "192.0.2.10"],
        },
        "location.main/spare": {
            "id": peers["spare"]["id"],
            "voice_host_group": ["sbc2.example.com"],
            "termination_hosts": ["198.51.100.16/30"],
        },
        POOL: {"numbers": [number for number in numbers if number.startswith("+1919")]},
        "numbers.main/desk[toll_free=8**]": {
            "numbers": [number for number in numbers if number.startswith("+18")]
        },
    }
    assert len(numbers) == 3


def test_hosts_are_shown_as_live(tmp_path: Path) -> None:
    """Hosts that somebody else set are put out too, and users that differ are not called one."""
    hosts = "<VoiceHosts><Host><HostName>192.0.2.77</HostName><Port>5080</Port></Host></VoiceHosts>"
    creds = "<UserId>somebody</UserId><Password>else-else</Password>"
    other = f"<OutboundCallbackCreds>{creds}</OutboundCallbackCreds>"
    with account(tmp_path, HOOK="hook-password") as place:
        ids = furnished(place, MANIFEST.partition("        numbers:")[0] + "      spare: {}\n")
        spare = ids["location.main/spare"]["id"]
        peer = f"<SipPeer><PeerName>spare</PeerName><IsDefaultPeer>false</IsDefaultPeer>{hosts}</SipPeer>"
        place.ask(f"PUT /sites/{ids['sub_account.main']['id']}/sippeers/{spare}", peer)
        place.ask(
            f"PATCH /applications/{ids['application.texts']['id']}", f"<Application>{other}</Application>"
        )
        outputs = place.run("outputs", "--format", "json").document["outputs"]
    assert outputs["location.main/spare"] == {"id": spare, "voice_hosts": ["192.0.2.77:5080"]}
    assert outputs["application.texts"] == {"id": ids["application.texts"]["id"]}


def test_what_is_not_live_is_noted(tmp_path: Path) -> None:
    """What is named and not there is listed, exit 0; asked for by its address it is exit 3, with a hint."""
    with account(tmp_path, HOOK="hook-password") as place:
        place.write(MANIFEST)
        document = place.run("outputs", "--format", "json").document
        dotenv = place.run("outputs", "--format", "dotenv")
        refused = place.run("outputs", "--only", "location.main/desk", "--format", "json")
        assert place.run("outputs", "--only", POOL).code == 3
    assert document["outputs"] == {}
    assert document["missing"] == [
        "application.texts", "application.calls", "sub_account.main", "location.main/desk",
        "location.main/spare", POOL, "numbers.main/desk[toll_free=8**]",
    ]  # fmt: skip
    assert (dotenv.code, dotenv.out) == (0, "ACCOUNT_ID=9900000\n")
    assert dotenv.err.splitlines() == [f"note: {address} is not live" for address in document["missing"]]
    assert refused.code == 3
    assert refused.problems[0] == "location.main/desk is not live"
    assert {problem["hint"] for problem in refused.document["problems"]} == {
        "reconciler apply makes what is missing"
    }


def test_a_pool_without_its_numbers_is_missing(shared: tuple[Account, Found]) -> None:
    """A pool that should have numbers and has none is not live; what a smaller pool has is all put out."""
    place, outputs = shared
    manifest = MANIFEST.replace('"919", count: 2', '"617", count: 2').replace("count: 1", "count: 0")
    place.write(manifest, "other.yaml")
    document = place.run("outputs", "-f", "other.yaml", "--format", "json").document
    toll_free = "numbers.main/desk[toll_free=8**]"
    assert document["missing"] == ["numbers.main/desk[area_code=617]"]
    assert document["outputs"][toll_free] == outputs[toll_free]


def test_a_pool_of_none_is_never_missing(tmp_path: Path) -> None:
    """A pool that should have no numbers has none, also where its location is not live; exit 0."""
    pool = 'numbers: [{area_code: "919", count: 0}]'
    with account(tmp_path) as place:
        place.write(f"version: 1\nsub_accounts: {{main: {{locations: {{desk: {{{pool}}}}}}}}}\n")
        ran = place.run("outputs", "--only", POOL, "--format", "json")
    assert (ran.code, ran.document["outputs"], ran.document["missing"]) == (0, {POOL: {"numbers": []}}, [])


def test_only_asks_for_what_it_needs(shared: tuple[Account, Found]) -> None:
    """--only is that address and what is below it, and no more is read than that takes."""
    place, every = shared
    before = len(place.emulator.log)
    found = place.run("outputs", "--only", "application.texts", "--format", "json").document
    asked = [each.path for each in place.emulator.log[before:] if each.method == "GET"]
    below = place.run("outputs", "--only", "location.main/desk", "--format", "json").document
    two = place.run("outputs", "--only", POOL, "--only", "sub_account.main", "--format", "json").document
    assert asked == ["/api/accounts/9900000/applications"]
    assert found["outputs"] == {"application.texts": every["application.texts"]}
    assert [*below["outputs"]] == ["location.main/desk", POOL, "numbers.main/desk[toll_free=8**]"]
    assert below["outputs"][POOL] == every[POOL]
    assert two["outputs"] == {k: v for k, v in every.items() if not k.startswith("application")}


def test_a_slip_in_an_address_asks_nothing(shared: tuple[Account, Found]) -> None:
    """An address without outputs is exit 1, with the nearest, before anything is read."""
    place, _ = shared
    before = len(place.emulator.log)
    ran = place.run("outputs", "--only", "aplication.texts")
    assert len(place.emulator.log) == before
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "error: --only: the manifest has no outputs for aplication.texts\n"
        "  hint: did you mean application.texts?\n"
    )


def test_twins_are_refused(tmp_path: Path) -> None:
    """Where two live things share the name, it is exit 3; what has no part in it is not held up."""
    twin = "<Application><ServiceType>Messaging-V2</ServiceType><AppName>texts</AppName>"
    twin += "<InboundCallbackUrl>https://example.com/</InboundCallbackUrl></Application>"
    with account(tmp_path) as place:
        place.write(MANIFEST)
        for _ in range(2):
            place.ask("POST /applications", twin)
        ran = place.run("outputs", "--format", "json")
        other = place.run("outputs", "--only", "application.calls", "--format", "json")
    assert other.problems == ["application.calls is not live"]
    assert ran.code == 3
    (problem,) = ran.problems
    assert problem.startswith("application.texts: 2 live ones are called texts (")


def test_numbers_just_delivered_are_there(tmp_path: Path) -> None:
    """While the location's list lags behind the order that delivered them, numbers are put out."""
    with account(tmp_path, Emulator(order_seconds=0, faults="lag=9 tns")) as place:
        place.write(location('- {area_code: "919", count: 2}'))
        assert place.run("apply", "--yes").code == 0
        found = place.run("outputs", "--only", POOL, "--format", "json").document["outputs"][POOL]
    assert len(found["numbers"]) == 2


def test_a_step_of_github_gets_its_file(shared: tuple[Account, Found]) -> None:
    """With GITHUB_OUTPUT set, lines are added to that file and stdout has none; other formats print."""
    place, _ = shared
    file = place.write("before=1\n", "step")
    printed = place.run("outputs", "--format", "github")
    ran = place.run("outputs", "--format", "github", GITHUB_OUTPUT=str(file))
    text = place.run("outputs", GITHUB_OUTPUT=str(file))
    broken = place.run("outputs", "--format", "github", GITHUB_OUTPUT="no/step")
    assert (ran.code, ran.said) == (0, "")
    assert file.read_text(encoding="utf-8") == "before=1\n" + printed.out
    assert text.out.startswith("Account 9900000\n")
    assert broken.code == 1
    assert broken.err == (
        "error: the outputs cannot be written to the file of GITHUB_OUTPUT, no/step: "
        "No such file or directory\n"
    )


def test_one_name_for_two_is_refused_by_both_addresses(tmp_path: Path) -> None:
    """Two addresses that come to one variable are exit 3, naming both; JSON has them both."""
    url = "service_type: Messaging-V2, inbound_callback_url: 'https://example.com/'"
    with account(tmp_path) as place:
        place.write(f"version: 1\napplications:\n  a-b: {{{url}}}\n  a.b: {{{url}}}\n")
        assert place.run("apply", "--yes").code == 0
        refused = place.run("outputs", "--format", "dotenv")
        assert len(place.run("outputs", "--format", "json").document["outputs"]) == 2
        assert place.run("outputs", "--format", "dotenv", "--only", "application.a-b").code == 0
    assert (refused.code, refused.out) == (3, "")
    assert refused.err.startswith(
        "error: application.a-b (id) and application.a.b (id) would both be called APPLICATION_A_B_ID\n"
    )


@pytest.mark.parametrize("passwords", ["withheld", "echoed"])
def test_no_password_is_put_out(passwords: str, tmp_path: Path) -> None:
    """No format, trace or error has a password or a token, even where the API repeats them."""
    emulator = Emulator(order_seconds=0, client_secret=CANARIES["BW_CLIENT_SECRET"], passwords=passwords)
    header = b64encode(f"client:{CANARIES['BW_CLIENT_SECRET']}".encode()).decode()
    with account(tmp_path, emulator, **CANARIES) as place:
        furnished(place)
        step = place.write("", "step")
        runs = [
            place.run("outputs", "-vv", "--format", form, "--trace", f"{form}.trace", GITHUB_OUTPUT=str(step))
            for form in FORMATS
        ]
        runs += [place.run("outputs", "--only", "application.none"), place.run("outputs", "--account", "1")]
        runs += [place.run("outputs", "-vv", BW_CLIENT_SECRET="canary-wrong", HOOK=None)]
    assert [ran.code for ran in runs] == [0, 0, 0, 0, 1, 1, 1]
    assert "sms-hook" in dict(dotenv_values(stream=io.StringIO(runs[2].out))).values()
    files = [file.read_text(encoding="utf-8") for file in tmp_path.rglob("*") if file.is_file()]
    for text in (*(ran.said for ran in runs), *files):
        for secret in ("canary", header, "eyJ"):
            assert secret not in text, text
