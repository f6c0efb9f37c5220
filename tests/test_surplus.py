"""Which of a pool's numbers are proposed to be given up, and in which order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.chain import Facts, Order
from reconciler.model import Action, Address, Change, Finding, Resource
from reconciler.surplus import candidates, release

NUMBERS = [f"91955501{last:02}" for last in range(12)]
RESOURCE = Resource(Address("numbers", ("main", "desk"), "area_code=919"), {"count": 2})


def facts(orders: dict[int, list[str]], listed: list[str], count: int = 2) -> Facts:
    """A pool whose orders, by generation, delivered these numbers."""
    chain = tuple(Order(str(g), g, "COMPLETE", len(got), tuple(got)) for g, got in orders.items())
    return Facts(count, frozenset(listed), chain)


def test_the_last_come_are_the_first_to_go() -> None:
    """Newest order first, within each the highest digits; what none of them delivered stays longest."""
    orders = {1: [NUMBERS[8], NUMBERS[1]], 2: [NUMBERS[0], NUMBERS[5]]}
    proposed = candidates(facts(orders, [*NUMBERS[:6], NUMBERS[8], NUMBERS[11]]))
    expected = [5, 0, 8, 1, 11, 4, 3, 2]
    assert proposed == tuple(NUMBERS[place] for place in expected)


@given(
    st.permutations(NUMBERS),
    st.integers(0, 12),
    st.lists(st.integers(0, 12), min_size=2, max_size=2).map(sorted),
)
def test_each_number_is_proposed_once(numbers: list[str], there: int, cut: list[int]) -> None:
    """What is proposed are the listed numbers, in an order that no other order of reading changes."""
    orders = {2: numbers[cut[0] : cut[1]], 1: numbers[: cut[0]]}
    proposed = candidates(facts(orders, numbers[:there]))
    assert sorted(proposed) == sorted(numbers[:there])
    turned = {generation: delivered[::-1] for generation, delivered in sorted(orders.items())}
    assert proposed == candidates(facts(turned, numbers[:there][::-1]))


@given(st.sets(st.sampled_from(NUMBERS)), st.sets(st.sampled_from(NUMBERS)), st.integers(0, 12))
def test_only_what_is_named_and_too_many_goes(there: set[str], named: set[str], count: int) -> None:
    """Nothing goes that nobody named, and never so many that others would be bought for them."""
    resource = Resource(RESOURCE.address, {"count": count})
    found = release(resource, facts({}, sorted(there), count), named)
    if not there & named:
        assert found is None
    elif len(there - named) < count:
        assert isinstance(found, Finding)
    else:
        assert isinstance(found, Change)
        assert (found.action, set(found.released)) == (Action.RELEASE, there & named)
