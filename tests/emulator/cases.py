"""A call in the words of the case files, to the reply that it gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caller import ACCOUNT, ADDRESS, CREDS, MMS, PEER, PRODUCTS, SITES, Reply, World, sms

# What the cases call the API's paths and long documents; ids are filled in by the world.
WORDS = {
    "account": ACCOUNT,
    "applications": f"{ACCOUNT}/applications",
    "sub_accounts": SITES,
    "sub_account": f"{SITES}/{{site}}",
    "locations": f"{SITES}/{{site}}/sippeers",
    "location": PEER,
    "products": PRODUCTS,
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
    "129 hosts": "".join(
        f"<TerminationHost><HostName>198.51.100.{n}</HostName></TerminationHost>" for n in range(129)
    ),
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


def ask(world: World, case: Mapping[str, Any]) -> Reply:
    """The reply to a case's call: `ask`, the method and path, with `body`."""
    filled = {key: case.get(key, "") for key in ("ask", "body")}
    for word, text in WORDS.items():
        filled = {key: value.replace(f"{{{word}}}", text) for key, value in filled.items()}
    method, path = filled["ask"].split()
    return world.call(method, path, filled["body"])


def prepare(world: World, steps: list[Any]) -> None:
    """Makes the calls that a case wants made before: calls, or names of `BEFORE`."""
    for name in steps:
        step = BEFORE[name] if isinstance(name, str) else name
        reply = ask(world, step)
        assert reply.status < 300, (step, reply.body)
        if "named" in step:
            world.names[step["named"]] = reply.new_id
