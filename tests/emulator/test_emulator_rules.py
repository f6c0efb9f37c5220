"""Each rule of the API as a case in rules/: what is there, what is asked, what comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from caller import ACCOUNT, ADDRESS, CREDS, MMS, PEER, PRODUCTS, SITES, World, furnished, sms

# What the cases call the API's paths and long documents; ids are filled in by the world.
WORDS = {
    "applications": f"{ACCOUNT}/applications",
    "sub_accounts": SITES,
    "sub_account": f"{SITES}/{{site}}",
    "locations": f"{SITES}/{{site}}/sippeers",
    "location": PEER,
    "sms": f"{PRODUCTS}/messaging/features/sms",
    "mms": f"{PRODUCTS}/messaging/features/mms",
    "assigned": f"{PRODUCTS}/messaging/applicationSettings",
    "origination": f"{PRODUCTS}/origination/settings",
    "termination": f"{PRODUCTS}/termination/settings",
    "orders": f"{ACCOUNT}/orders",
    "disconnects": f"{ACCOUNT}/disconnects",
    "address": ADDRESS,
    "creds": CREDS,
    "nines": "9" * 5000,
}
HTTP_VOICE = (
    "<SipPeerOriginationSettings><VoiceProtocol>HTTP</VoiceProtocol><HttpSettings>"
    "<HttpVoiceV2AppId>{voice}</HttpVoiceV2AppId></HttpSettings></SipPeerOriginationSettings>"
)
BEFORE = {
    "enable sms": {"ask": "POST {sms}", "body": sms()},
    "enable mms": {"ask": "POST {mms}", "body": MMS},
    "http voice": {"ask": "POST {origination}", "body": HTTP_VOICE},
    "second location": {
        "ask": "POST {locations}",
        "body": "<SipPeer><PeerName>second</PeerName></SipPeer>",
    },
}
CASES = [
    pytest.param(case, id=f"{file.stem}: {case['rule']}")
    for file in sorted((Path(__file__).parent / "rules").glob("*.yaml"))
    for case in yaml.safe_load(file.read_text())
]


def ask(world: World, case: dict[str, Any]) -> tuple[int, int]:
    """The status and code that a case's call gets."""
    filled = {key: case.get(key, "") for key in ("ask", "body")}
    for word, text in WORDS.items():
        filled = {key: value.replace(f"{{{word}}}", text) for key, value in filled.items()}
    method, path = filled["ask"].split()
    reply = world.call(method, path, filled["body"])
    return reply.status, reply.code


@pytest.mark.parametrize("case", CASES)
def test_rule(case: dict[str, Any]) -> None:
    """A request against a rule gets the documented status and code, and changes nothing."""
    world = furnished()
    for name in case.get("before", []):
        step = BEFORE[name] if isinstance(name, str) else name
        assert ask(world, step)[0] < 300, step
    held = world.emulator.dump()
    assert ask(world, case) == tuple(case["answer"])
    assert world.emulator.dump() == held
