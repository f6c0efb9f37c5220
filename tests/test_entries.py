"""Lists of entries, such as hosts: what a full replace makes of any live list under any wanted one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.document import Node, leaf
from reconciler.kinds.entries import Entries
from reconciler.kinds.fields import Field
from reconciler.kinds.location import KIND

ROWS = {row.name: row for row in KIND.fields if isinstance(row.codec, Entries)}
PORT = st.sampled_from([0, 5060, 5080])
NAMES = st.sampled_from(["a.example", "B.example", "192.0.2.1"])
HOSTS = st.lists(
    st.fixed_dictionaries({"host_name": NAMES}, optional={"port": PORT}),
    max_size=4,
    unique_by=lambda host: (host["host_name"], host.get("port", 0)),
)
NETWORKS = st.lists(
    st.fixed_dictionaries(
        {"host_name": st.sampled_from(["198.51.100.1", "198.51.100.2/32", "198.51.100.16/30"])},
        optional={"port": PORT, "data_allowed": st.booleans(),
                  "customer_traffic_allowed": st.sampled_from(["LITE", "ALL"])},
    ),
    max_size=3,
    unique_by=lambda host: host["host_name"],
)  # fmt: skip
ROUTES = st.lists(
    st.fixed_dictionaries(
        {"endpoint": st.sampled_from(["9195550100", "a.example"]), "priority": st.integers(1, 2)},
        optional={"name": st.sampled_from(["one", "two"]), "weight": st.integers(1, 3)},
    ),
    max_size=3,
    unique_by=lambda route: (route["endpoint"], route["priority"]),
)  # fmt: skip
LISTS: Mapping[str, st.SearchStrategy[list[Any]]] = {
    "voice_hosts": HOSTS,
    "voice_host_group": HOSTS,
    "termination_hosts": NETWORKS,
    "origination_route_plan": ROUTES,
}


def put(row: Field, document: Node, value: Any) -> Node:
    """A document after a full replace by one with this value, as the API keeps it."""
    changed = row.put(document, tuple(value), KIND.order)
    action = changed.value(f"{row.element}/Action")
    if action == "unchanged":
        return document
    return changed.put(row.element, None) if action == "off" else changed


@pytest.mark.parametrize("name", LISTS)
@given(data=st.data())
def test_what_is_put_is_what_is_wanted(name: str, data: st.DataObject) -> None:
    """After a replace nothing differs, a second one changes nothing, and the plan told what came of it."""
    row = ROWS[name]
    live = put(row, Node("SipPeer"), data.draw(LISTS[name], "live"))
    wanted = tuple(data.draw(LISTS[name], "wanted"))
    after = put(row, live, wanted)
    assert row.same(wanted, row.read(after))
    assert put(row, after, wanted) == after
    assert row.same(row.codec.told(wanted, row.read(live)), row.read(after))


@given(live=NETWORKS, wanted=NETWORKS)
def test_parts_that_the_manifest_leaves_out_are_carried(
    live: list[Mapping[str, Any]], wanted: list[Mapping[str, Any]]
) -> None:
    """Each host that stays has every part that it had and that the manifest does not give."""
    row = ROWS["termination_hosts"]
    after = put(row, put(row, Node("SipPeer"), live), wanted)
    shown = {host.value("HostName"): host for host in after.all("TerminationHosts/TerminationHost")}
    before = {host["host_name"]: host for host in live}
    for host in wanted:
        merged = {**before.get(host["host_name"], {}), **host}
        node = shown[host["host_name"]]
        assert node.value("CustomerTrafficAllowed") == merged.get("customer_traffic_allowed")
        assert node.value("Port") == (str(merged["port"]) if "port" in merged else None)


def test_an_element_of_a_host_that_nobody_knows_yet_goes_back() -> None:
    """What a later version of the API says of a host is kept, wherever in the list the host goes."""
    novel = Node("Host", children=(leaf("HostName", "A.example"), leaf("Transport", "TLS")))
    live = Node("SipPeer", children=(Node("VoiceHosts", children=(novel,)),))
    after = put(ROWS["voice_hosts"], live, ["b.example", {"host_name": "a.example", "port": 5061}])
    hosts = [[(part.name, part.text) for part in host.children] for host in after.all("VoiceHosts/Host")]
    assert hosts[0] == [("HostName", "b.example")]
    assert sorted(hosts[1]) == [("HostName", "a.example"), ("Port", "5061"), ("Transport", "TLS")]
