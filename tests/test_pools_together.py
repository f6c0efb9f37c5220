"""Overlapping pools of a location that has numbers already: what is bought, and that it is all."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from account import Account
from hypothesis import given, settings
from hypothesis import strategies as st

CITIES = ("RALEIGH", "CARY", "DURHAM")
CRITERIA: tuple[dict[str, Any], ...] = (
    {"telephone_number": "+19192392750"},  # no search comes upon it before all others are sold
    {"npa_nxx": "919329"},
    {"area_code": "919"},
    {"area_code": "984"},
    *({"city": city, "state": "NC"} for city in CITIES),
    {"rate_center": "CARY", "state": "NC"},
    {"lata": "426"},
    {"state": "NC"},
    {"zip": "27606"},
)
POOLS = st.lists(
    st.tuples(st.sampled_from(CRITERIA), st.integers(0, 3)), min_size=1, max_size=4, unique_by=str
)
ORDER = (
    "<Order><CitySearchAndOrderType><City>{}</City><State>NC</State><Quantity>1</Quantity></CitySearchAndOrderType>"
    "<SiteId>{{main}}</SiteId><PeerId>{{desk}}</PeerId></Order>"
)


def manifest(pools: list[tuple[dict[str, Any], int]]) -> str:
    """A location with these pools, each criterion once."""
    counted = {json.dumps(c): c if "telephone_number" in c else {**c, "count": count} for c, count in pools}
    desk = {"numbers": list(counted.values())}
    return json.dumps({"version": 1, "sub_accounts": {"main": {"locations": {"desk": desk}}}})


@pytest.mark.full
@settings(max_examples=40, deadline=None)
@given(bought=st.lists(st.sampled_from(CITIES), max_size=4), first=POOLS, then=POOLS)
def test_pools_that_share_numbers(
    bought: list[str], first: list[tuple[dict[str, Any], int]], then: list[tuple[dict[str, Any], int]]
) -> None:
    """Applying orders what the plan says, and leaves nothing to order, whatever was there before."""
    with tempfile.TemporaryDirectory() as folder:
        account = Account(Path(folder), parallelism=1, site_address="optional")
        account.call("POST /sites", "<Site><Name>main</Name></Site>")
        account.call("POST /sites/main/sippeers", "<SipPeer><PeerName>desk</PeerName></SipPeer>")
        for city in bought:
            account.call("POST /orders", ORDER.format(city))
        account.clock.wait(1)
        before = len(bought)
        for pools in (first, then):
            applied = account.apply(manifest(pools))
            assert applied.code == 0
            numbers = account.held()["sub_accounts"]["main"]["locations"]["desk"]["numbers"]
            assert len(numbers) == before + applied.plan.numbers_ordered
            assert sum(pool.present for pool in applied.residue.pools) <= len(numbers)
            assert not any(pool.ordered or pool.pending for pool in applied.residue.pools)
            before = len(numbers)
