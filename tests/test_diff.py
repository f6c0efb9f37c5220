"""What is wanted and what the account shows, to the fields that differ."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from account import ENVIRON

from reconciler.api.xml import parse
from reconciler.desired import Desired, desired_from
from reconciler.diff import differences
from reconciler.kinds import BY_NAME
from reconciler.kinds.schema import manifest_schema
from reconciler.manifest import load
from reconciler.model import Action, Address, LiveResource, Ref
from reconciler.view import Live

APPLICATION = Address("application", ("line",))
SUB_ACCOUNT = Address("sub_account", ("main",))
LOCATION = Address("location", ("main", "desk"))
IN_LOCATION = "sub_accounts: {main: {locations: {desk: {FIELDS}}}}"
MANIFESTS = {
    "messaging": "applications: {line: {service_type: Messaging-V2, FIELDS}}",
    "voice": "applications: {line: {service_type: Voice-V2, FIELDS}}",
    "sub_account": "sub_accounts: {main: {FIELDS}}",
    "location": IN_LOCATION,
    "sms": IN_LOCATION.replace("FIELDS", "features: {sms: FIELDS}"),
    "mms": IN_LOCATION.replace("FIELDS", "features: {mms: FIELDS}"),
}
ADDRESSES = {
    "messaging": APPLICATION,
    "voice": APPLICATION,
    "sub_account": SUB_ACCOUNT,
    "location": LOCATION,
    "sms": LOCATION.sibling("sms"),
    "mms": LOCATION.sibling("mms"),
}
HEADS = {
    "messaging": "<ServiceType>Messaging-V2</ServiceType><AppName>line</AppName>",
    "voice": "<ServiceType>Voice-V2</ServiceType><AppName>line</AppName>",
    "sub_account": "<Name>main</Name>",
    "location": "<PeerName>desk</PeerName>",
}
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "diffs.yaml").read_text(encoding="utf-8"))


def desired(text: str, folder: Path) -> Desired:
    """What a manifest wants."""
    (folder / "0.yaml").write_text(f"version: 1\n{text}\n", encoding="utf-8")
    return desired_from(load([folder / "0.yaml"], ENVIRON, manifest_schema()))


def shown(address: Address, xml: str) -> LiveResource:
    """What the account shows of one thing."""
    node = parse(f"<Shown>{xml}</Shown>".encode())
    return LiveResource(address, BY_NAME[address.kind].decode(node), "7", document=node)


def live(found: Mapping[Address, LiveResource]) -> Live:
    """An account with these in it, and the location that settings are at."""
    default = "<PeerName>desk</PeerName><IsDefaultPeer>true</IsDefaultPeer>"
    around = {SUB_ACCOUNT: shown(SUB_ACCOUNT, "<Name>main</Name>"), LOCATION: shown(LOCATION, default)}
    return Live({**around, **found})


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['of']}: {case['wanted']}")
def test_only_what_is_declared_and_means_something_else_differs(
    case: Mapping[str, str], tmp_path: Path
) -> None:
    """Mirrors, defaults, spellings, order and blanks make no difference; another value does."""
    of = case["of"]
    address = ADDRESSES[of]
    wanted = desired(MANIFESTS[of].replace("FIELDS", case["wanted"]), tmp_path)
    found = live({address: shown(address, HEADS.get(of, "") + case.get("shown", ""))})
    changes = [change for change in differences(wanted, found).changes if change.address == address]
    differs = case.get("differs", "").split()
    assert [each.path for change in changes for each in change.changes] == differs


def test_a_reference_is_compared_by_what_it_points_at(tmp_path: Path) -> None:
    """The application that is assigned is no change, another one is, under its address."""
    text = (
        "applications:\n"
        "  one: {service_type: Messaging-V2, inbound_callback_url: https://a.example/1}\n"
        "  two: {service_type: Messaging-V2, inbound_callback_url: https://a.example/1}\n"
        "sub_accounts: {main: {locations: {desk: {features: {sms: true}, messaging_application: one}}}}"
    )
    assignment = LOCATION.sibling("messaging_application")
    for name, moves in (("one", []), ("two", ["application.two to application.one"])):
        held = LiveResource(assignment, {"application": Ref(Address("application", (name,)))})
        changes = differences(desired(text, tmp_path), live({assignment: held})).changes
        found = [each for change in changes if change.address == assignment for each in change.changes]
        assert [f"{each.before} to {each.after}" for each in found] == moves


def test_what_is_not_there_is_created_with_all_that_is_declared(tmp_path: Path) -> None:
    """A create has the declared fields and what the API needs besides; a null adds nothing."""
    text = IN_LOCATION.replace(
        "FIELDS", "description: null, calling_name: {display: true}, features: {mms: false}"
    )
    changes = {change.address: change for change in differences(desired(text, tmp_path), Live()).changes}
    assert {str(address): change.action for address, change in changes.items()} == {
        "sub_account.main": Action.CREATE,
        "location.main/desk": Action.CREATE,
    }
    assert {each.path: each.after for each in changes[LOCATION].changes} == {
        "name": "desk",
        "is_default_peer": True,
        "calling_name.display": True,
        "calling_name.enforced": False,
    }


@pytest.mark.parametrize(
    ("fields", "voice", "says"),
    [
        ("voice_hosts: [a.example]", "app", ["voice_hosts"]),
        ("voice_hosts: [a.example]", None, []),
        ("voice_hosts: [], description: New", "app", []),
        ("termination_hosts: [198.51.100.9], voice_application: null", "app", []),
    ],
)
def test_hosts_are_refused_where_voice_is_known_to_be_over_http(
    fields: str, voice: str | None, says: list[str], tmp_path: Path
) -> None:
    """A location that wants hosts while live voice is over HTTP is refused, unless voice goes back to SIP."""
    settings = LOCATION.sibling("voice_application")
    held = LiveResource(settings, {"origination": voice, "termination": None})
    found = differences(
        desired(IN_LOCATION.replace("FIELDS", fields), tmp_path), live({settings: held})
    ).findings
    http = "its live voice is over HTTP, which takes no hosts (13646)"
    assert [f.message for f in found if f.address == LOCATION] == [f"{word}: {http}" for word in says]
