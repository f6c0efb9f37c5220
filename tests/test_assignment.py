"""Which number counts for which pool: the published rule, against every way to share out a few numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Set
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds.assignment import Pool, assign
from reconciler.kinds.criteria import UNKNOWN, Details, asked

RALEIGH = Details("RALEIGH", "NC", "RALEIGH", "426")
CARY = Details("CARY", "NC", "CARY", "426")
ATLANTA = Details("ATLANTA", "GA", "ATLANTA", "438")
NUMBERS = {
    "4045550101": ATLANTA, "8005550102": UNKNOWN, "8885550103": UNKNOWN, "9192000104": RALEIGH,
    "9192000205": CARY, "9192100106": RALEIGH, "9845550107": RALEIGH, "9845550108": CARY,
}  # fmt: skip
CRITERIA = (
    "telephone_number=+19192000104", "npa_nxx=919200", "npa_nxx_x=9192000", "zip=27606",
    "area_code=919,local_vanity=BOAT", "city=RALEIGH,state=NC", "rate_center=CARY,state=NC", "lata=426",
    "area_code=919", "area_code=984", "state=NC", "toll_free=8**", "toll_free=88*",
)  # fmt: skip
Counted = Mapping[str, Set[str]]


@st.composite
def pools(draw: st.DrawFn) -> list[Pool]:
    """Up to four pools, most of which overlap; no number was delivered to two of them."""
    texts = draw(st.lists(st.sampled_from(CRITERIA), min_size=1, max_size=4, unique=True))
    buyer = {number: draw(st.sampled_from([*texts, "", "", ""])) for number in NUMBERS}
    return [
        Pool(text, wanted, tuple(n for n, bought in buyer.items() if bought == text and _sold(text, n)))
        for text, wanted in ((text, draw(st.integers(0, 3))) for text in texts)
        if not asked(text).number or wanted
    ]


def _sold(text: str, number: str) -> bool:
    return asked(text).number in {"", number}


LISTED = st.sets(st.sampled_from(sorted(NUMBERS)), max_size=5).map(lambda some: {n: NUMBERS[n] for n in some})


def ranked(all_pools: list[Pool]) -> list[Pool]:
    """The most specific pool first."""
    return sorted(all_pools, key=lambda pool: (asked(pool.criterion).specificity, pool.criterion))


def takers(number: str, all_pools: list[Pool]) -> list[str]:
    """The pools that may take a number: the pool that names it alone; else those it is of, or was sold to."""
    may = [
        p.criterion
        for p in all_pools
        if number in p.delivered or asked(p.criterion).claims(number, NUMBERS[number])
    ]
    return [text for text in may if asked(text).number] or may


def worth(counted: Counted, all_pools: list[Pool]) -> tuple[int, ...]:
    """How good a sharing is by the rules 1 to 3: the greater, the better."""
    there = [min(max(0, pool.wanted), len(counted[pool.criterion])) for pool in ranked(all_pools)]
    own = {pool.criterion: counted[pool.criterion] & set(pool.delivered) for pool in all_pools}
    lent = sum(
        number in set().union(*(counted[other] for other in counted if other != pool.criterion))
        for pool in all_pools for number in pool.delivered
    )  # fmt: skip
    kept = sum(min(max(0, pool.wanted), len(own[pool.criterion])) for pool in all_pools)
    return sum(there), -lent, kept, *there


def sharings(numbers: Mapping[str, Details], all_pools: list[Pool]) -> Iterator[Counted]:
    """Every way to give each number to a pool that may take it."""
    wanted = {number: may for number in numbers if (may := takers(number, all_pools))}
    for chosen in product(*wanted.values()):
        pairs = list(zip(wanted, chosen, strict=True))
        yield {p.criterion: frozenset(n for n, text in pairs if text == p.criterion) for p in all_pools}


@given(all_pools=pools(), numbers=LISTED)
def test_no_other_way_to_share_them_out_is_better(all_pools: list[Pool], numbers: dict[str, Details]) -> None:
    """What comes out is a sharing, and by the rules the best: nothing is ordered where that can be."""
    found = assign(all_pools, numbers)
    every = list(sharings(numbers, all_pools))
    assert found in every
    assert worth(found, all_pools) == max(worth(each, all_pools) for each in every)


@given(all_pools=pools(), numbers=LISTED, seed=st.integers(0, 9))
def test_the_order_of_pools_and_numbers_does_not_matter(
    all_pools: list[Pool], numbers: dict[str, Details], seed: int
) -> None:
    """Pools and numbers in another order are shared out alike."""
    chance = random.Random(seed)
    shuffled = chance.sample(list(numbers), len(numbers))
    other = assign(chance.sample(all_pools, len(all_pools)), {number: NUMBERS[number] for number in shuffled})
    assert other == assign(all_pools, numbers)


THREE = ("9192000104", "9192100106", "9845550107")
CITY = "city=RALEIGH,state=NC"


def of(**wanted: int) -> list[Pool]:
    """Pools of Raleigh, of 919, and of North Carolina."""
    texts = {"city": CITY, "code": "area_code=919", "state": "state=NC"}
    return [Pool(texts[name], count) for name, count in wanted.items()]


CASES: tuple[tuple[str, list[Pool], Counted], ...] = (
    (
        "a number moves on so that another pool has one",
        of(state=1, code=1, city=1),
        {CITY: {"9845550107"}, "area_code=919": {"9192000104"}, "state=NC": {"9192100106"}},
    ),
    (
        "the most specific pool has what there is",
        of(state=3, code=3, city=3),
        {CITY: set(THREE), "area_code=919": set(), "state=NC": set()},
    ),
    (
        "what nobody wants is of the most specific pool",
        of(state=0, code=1),
        {"area_code=919": {"9192000104", "9192100106"}, "state=NC": {"9845550107"}},
    ),
    (
        "what a pool's own order delivered is its own",
        [Pool("area_code=919", 1), Pool("state=NC", 1, ["9192000104"])],
        {"area_code=919": {"9192100106"}, "state=NC": {"9192000104", "9845550107"}},
    ),
    (
        "a number that is named is nobody else's, whoever bought it",
        [Pool("area_code=919", 2, ["9192000104"]), Pool("telephone_number=+19192000104", 1)],
        {"area_code=919": {"9192100106"}, "telephone_number=+19192000104": {"9192000104"}},
    ),
    (
        "a ZIP code has what its own order delivered, and no more",
        [Pool("zip=27606", 2, ["9192100106"])],
        {"zip=27606": {"9192100106"}},
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("all_pools", "counted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_which_number_counts_for_which_pool(all_pools: list[Pool], counted: Counted) -> None:
    """Three numbers of Raleigh, one of them not of 919, are shared out as the rules say."""
    assert assign(all_pools, dict.fromkeys(THREE, RALEIGH)) == counted


def test_the_narrowest_toll_free_pattern_is_served_first() -> None:
    """Of toll-free patterns the one with the fewest stars is the most specific."""
    numbers = dict.fromkeys(("8885550105", "8885550106", "8005550104"), UNKNOWN)
    found = assign([Pool("toll_free=8**", 2), Pool("toll_free=888", 1)], numbers)
    assert found == {"toll_free=888": {"8885550105"}, "toll_free=8**": {"8005550104", "8885550106"}}
