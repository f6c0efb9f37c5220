"""A location's pools and numbers to which number counts for which pool. Pure and deterministic.

Each number counts for one pool at most. A pool may take a number that is of its criterion, and any that
one of its own orders delivered. Who gets what:

0. A pool of one telephone number has that number if it is here: nothing else could satisfy it.
1. As many wanted numbers as possible are there, over all pools: nothing is ordered where the numbers that
   are here can satisfy every pool.
2. Among the ways to do that, as little as possible of what a pool's own orders delivered is lent to another
   pool; then pools have as much of what they want from their own orders as they can.
3. Then the most specific pool has as many as it wants: first those of seven digits, six digits, a vanity
   word, a ZIP code, a rate centre, a city, a LATA, an area code, a state; then toll-free patterns, those
   with the fewest stars first; of equals the first in alphabetical order.
4. Numbers that the same pools may take are alike; of these the lowest go to the most specific pool. A pool
   with a choice takes those that the fewest others may take, then those among which the lowest number is.

What is wanted by nobody, a surplus, stays with the pool whose order delivered it, else with the most
specific pool that it is of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from reconciler.kinds.criteria import Asked, Details, asked


@dataclass(frozen=True)
class Pool:
    """One pool of a location.

    `wanted` is how many of the numbers that are listed there it lacks: its count, without those that are
    coming. `delivered` are the numbers that its own orders delivered.
    """

    criterion: str
    wanted: int
    delivered: Collection[str] = ()


@dataclass(frozen=True)
class _Alike:
    """Numbers, ascending, that the same pools may take (by place in the list) and the same delivered."""

    takers: tuple[int, ...]
    owners: tuple[int, ...]
    numbers: tuple[str, ...]


def assign(pools: Collection[Pool], numbers: Mapping[str, Details]) -> dict[str, frozenset[str]]:
    """The numbers that count for each pool, by criterion; `numbers` maps those listed to their details."""
    questions = {pool.criterion: asked(pool.criterion) for pool in pools}
    sole = {text: number for text, each in questions.items() if (number := each.number)}
    named = {text: frozenset({number} & numbers.keys()) for text, number in sole.items()}
    taken = frozenset().union(*named.values())
    others = {number: numbers[number] for number in sorted(numbers.keys() - taken)}
    ranked = sorted(
        (pool for pool in pools if pool.criterion not in sole),
        key=lambda pool: (questions[pool.criterion].specificity, pool.criterion),
    )
    return named | _shared_out(ranked, _alike(ranked, [questions[p.criterion] for p in ranked], others))


def _shared_out(ranked: list[Pool], alike: list[_Alike]) -> dict[str, frozenset[str]]:
    found: list[set[str]] = [set() for _ in ranked]
    rest = [iter(group.numbers) for group in alike]
    for at, place, amount in _shares(ranked, alike):
        found[at].update(islice(rest[place], amount))
    for group, surplus in zip(alike, rest, strict=True):
        found[(group.owners or group.takers)[0]].update(surplus)
    return {pool.criterion: frozenset(mine) for pool, mine in zip(ranked, found, strict=True)}


def _alike(ranked: list[Pool], questions: list[Asked], numbers: Mapping[str, Details]) -> list[_Alike]:
    """The numbers that any pool may take; groups with fewer takers first, then by their lowest number."""
    groups: dict[tuple[tuple[int, ...], tuple[int, ...]], list[str]] = {}
    own = [frozenset(pool.delivered) for pool in ranked]
    for number, details in numbers.items():
        owners = tuple(at for at, mine in enumerate(own) if number in mine)
        claimed = (at for at, each in enumerate(questions) if each.claims(number, details))
        takers = tuple(sorted({*claimed, *owners}))
        if takers:
            groups.setdefault((takers, owners), []).append(number)
    made = [_Alike(takers, owners, tuple(each)) for (takers, owners), each in groups.items()]
    return sorted(made, key=lambda group: (len(group.takers), group.numbers[0]))


def _shares(ranked: list[Pool], alike: list[_Alike]) -> Iterator[tuple[int, int, int]]:
    """Which pool has how many numbers of which group: those with one taker, then the contested ones."""
    left = [max(0, pool.wanted) for pool in ranked]
    for place, group in enumerate(alike):
        if len(group.takers) == 1:
            yield group.takers[0], place, len(group.numbers)
            left[group.takers[0]] = max(0, left[group.takers[0]] - len(group.numbers))
    several = {place: group for place, group in enumerate(alike) if len(group.takers) > 1}
    contested = {place: group for place, group in several.items() if any(left[at] for at in group.takers)}
    if contested:
        yield from _flow(left, contested)


def _flow(left: list[int], groups: Mapping[int, _Alike]) -> Iterator[tuple[int, int, int]]:
    """Which pool gets how many of which contested group, by place: the one best flow of the rules 1 to 4.

    The rules are digits of one number, the first the highest, so that a flow of least cost keeps them in
    their order; with a digit for every share, no two flows cost the same.
    """
    # imported late: it takes as long as half a plan, and few plans need it
    import networkx as nx  # type: ignore[import-untyped]  # noqa: PLC0415

    shares = [(at, place) for at in range(len(left)) for place in groups if at in groups[place].takers]
    weight = _weights(left, groups, shares)
    graph = nx.DiGraph()
    for place, group in groups.items():
        graph.add_edge("numbers", ("group", place), capacity=len(group.numbers), weight=0)
    for at, place in shares:
        graph.add_edge(("group", place), ("pool", at), weight=-weight(at, place))
    for at, wanted in enumerate(left):
        graph.add_edge(("pool", at), "wanted", capacity=wanted, weight=0)
    graph.add_edge("wanted", "numbers", weight=0)
    flow = nx.min_cost_flow(graph)
    yield from ((at, place, flow["group", place]["pool", at]) for at, place in shares)


def _weights(
    left: list[int], groups: Mapping[int, _Alike], shares: list[tuple[int, int]]
) -> Callable[[int, int], int]:
    base = 2 * sum(len(group.numbers) for group in groups.values()) + 1
    there, kept_own, not_lent = (base ** (len(left) + len(shares) + at) for at in (2, 0, 1))
    specific = [base ** (len(left) + len(shares) - 1 - at) for at in range(len(left))]
    share = {each: base ** (len(shares) - 1 - at) for at, each in enumerate(shares)}

    def weight(at: int, place: int) -> int:
        owners = groups[place].owners
        own = 0 if not owners else kept_own if at in owners else -not_lent
        return int(there + own + specific[at] + share[at, place])

    return weight
