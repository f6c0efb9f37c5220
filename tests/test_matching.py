"""Laws of who is who, over names that differ in case, twins, pins and renames that `naming` lets pass."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds import BY_NAME
from reconciler.matching import match
from reconciler.model import Address, Finding, Lifecycle, LiveResource, Resource
from reconciler.naming import misnamed

SITE = BY_NAME["sub_account"]
NAMES = st.sampled_from(["main", "Main", "live", "LIVE", "other"])
IDS = st.sampled_from(["9", "10", "11", "12"])


def live(id_: str, name: str) -> LiveResource:
    """A live sub-account as its list shows it."""
    return LiveResource(Address("sub_account", (name,)), {"name": name}, id_)


def block(key: str, name: str, who: tuple[str, str], wanted: bool) -> Resource:
    """A block of the manifest; `who` is its id and the name that it had."""
    return Resource(
        Address("sub_account", (key,)), {"name": name}, {}, wanted, Lifecycle(id=who[0], renamed_from=who[1])
    )


WHO = st.one_of(st.just(("", "")), st.tuples(IDS, st.just("")), st.tuples(st.just(""), NAMES))
MEMBERS = st.dictionaries(IDS, NAMES).map(lambda found: [live(*each) for each in found.items()])
BLOCKS = (
    st.lists(st.tuples(NAMES, WHO, st.booleans()), max_size=3)
    .map(lambda rows: [block(f"block-{number}", *row) for number, row in enumerate(rows)])
    .filter(lambda blocks: not any(misnamed(blocks)))
)


def told(findings: Sequence[Finding]) -> set[tuple[Address, str]]:
    """What is refused, without order."""
    return {(finding.address, finding.message) for finding in findings}


@given(BLOCKS, MEMBERS)
def test_every_member_is_there_once(blocks: list[Resource], members: list[LiveResource]) -> None:
    """Whatever is meant by whom, nothing live is lost, and no two have one address."""
    found, _ = match(SITE, blocks, members)
    assert [each.id for each in found] == [each.id for each in members]
    assert len({each.address for each in found}) == len(members)


@given(BLOCKS, st.data())
def test_the_order_of_a_list_does_not_show(blocks: list[Resource], data: st.DataObject) -> None:
    """The same members in another order have the same addresses, and the same is refused."""
    members = data.draw(MEMBERS)
    found, findings = match(SITE, blocks, members)
    otherwise, refused = match(SITE, blocks, data.draw(st.permutations(members)))
    assert {each.id: each.address for each in found} == {each.id: each.address for each in otherwise}
    assert told(findings) == told(refused)


@given(BLOCKS, MEMBERS)
def test_nothing_is_made_beside_what_it_may_be(blocks: list[Resource], members: list[LiveResource]) -> None:
    """A wanted block that is neither paired nor refused has no id, and nothing live has its name."""
    found, findings = match(SITE, blocks, members)
    settled = {each.address for each in found} | {finding.address for finding in findings}
    names = {str(each.fields["name"]).casefold() for each in members}
    for resource in blocks:
        if resource.wanted and resource.address not in settled:
            assert not resource.lifecycle.id
            assert str(resource.fields["name"]).casefold() not in names


@given(BLOCKS, MEMBERS)
def test_what_goes_is_what_was_named(blocks: list[Resource], members: list[LiveResource]) -> None:
    """A block is only ever paired with the live one of its id, of its name, or of the name that it had."""
    found, _ = match(SITE, blocks, members)
    by_address = {resource.address: resource for resource in blocks}
    for member in found:
        resource = by_address.get(member.address)
        if resource:
            names = {resource.fields["name"], resource.lifecycle.renamed_from}
            pinned = resource.lifecycle.id
            assert pinned == member.id if pinned else member.fields["name"] in names


def test_an_id_is_one_in_any_case() -> None:
    """Ids of applications are UUIDs, which some write in capitals."""
    kind, fields = BY_NAME["application"], {"name": "texts", "service_type": "Messaging-V2"}
    address = Address("application", ("texts",))
    pinned = Resource(address, fields, lifecycle=Lifecycle(id="3F2504E0-4F89"))
    found, findings = match(kind, [pinned], [LiveResource(address, fields, "3f2504e0-4f89")])
    assert ([each.address for each in found], findings) == ([address], [])
