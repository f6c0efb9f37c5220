"""Facts that no call sets, loaded with an account: what the API refuses because of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from caller import ORDERS, PEER, SITES, World, by_area_code, order

ACCOUNT = """
format: reconciler.emulator/1
account: 9900000
store:
  sites:
    1001: {{document: {{Name: main}}, {site}, peers: {{{id}: {{document: {{PeerName: desk}}, {peer}}}}}}}
    1002: {{document: {{Name: empty}}, {site}}}
"""
NOTHING = "numbers: []"
FORGETFUL = "<SipPeer><PeerName>desk</PeerName><IsDefaultPeer>true</IsDefaultPeer>{}</SipPeer>"
HOST = "<VoiceHosts><Host><HostName>sbc.example.com</HostName></Host></VoiceHosts>"
GROUP = f"<VoiceHostGroups>{HOST.replace('VoiceHosts', 'VoiceHostGroup')}</VoiceHostGroups>"
EMPTY = f"{SITES}/1002"

# What is loaded of a sub-account and its location, the location's id, the call, its body, status and code.
FACTS: dict[str, tuple[str, str, str, str, str, int, int]] = {
    "a locked sub-account": ("locked: true", "", "", f"DELETE {EMPTY}", "", 400, 12054),
    "an order for a locked sub-account": ("locked: true", "", "", f"POST {ORDERS}",
                                          order(by_area_code()), 400, 5094),
    "a sub-account with a billing id": ("billing: B-1", "", "", f"DELETE {EMPTY}", "", 400, 12059),
    "a sub-account that nobody holds on to": ("locked: false", "", "", f"DELETE {EMPTY}", "", 200, 0),
    "the location that carries HTTP messages": ("", "", "500000", f"DELETE {PEER}", "", 400, 13679),
    "a partner of toll-free peering": ("", "partners: [CIC-0110]", "", f"DELETE {PEER}", "", 400, 13684),
    "such a partner without a host": ("", "partners: [CIC-0110]", "", f"PUT {PEER}",
                                      FORGETFUL.format(""), 400, 13683),
    "such a partner with a host": ("", "partners: [CIC-0110]", "", f"PUT {PEER}",
                                   FORGETFUL.format(HOST), 200, 0),
    "such a partner with a group": ("", "partners: [CIC-0110]", "", f"PUT {PEER}",
                                    FORGETFUL.format(GROUP), 200, 0),
    "a location that nothing stands on": ("", "", "", f"DELETE {PEER}", "", 200, 0),
}  # fmt: skip


@pytest.mark.parametrize("case", FACTS)
def test_fact(case: str, tmp_path: Path) -> None:
    """A call gets the code of the fact that stands against it, and is done where there is none."""
    site, peer, id_, call, body, status, code = FACTS[case]
    document = tmp_path / "account.yaml"
    id_ = id_ or "500001"
    text = ACCOUNT.format(site=site or "last_peer: 1", peer=peer or NOTHING, id=id_)
    document.write_text(text, encoding="utf-8")
    method, path = call.split()
    reply = World({"load": document}, {"site": "1001", "peer": id_}).call(method, path, body)
    assert (reply.status, reply.code) == (status, code), reply.body
