"""Changes to the order that the API allows them in: what each needs done first. Pure.

    application -> sub_account -> location -> sms -> mms -> messaging_application -> numbers
                                     |-> voice_application ----------------------------^

Creates and updates go down this picture, deletions up it: numbers are given up, features go, hosts go, then
the location, those that are not the default first, then the sub-account, and the application that nothing
uses any more. What gets a flag that only one sibling has goes before what gives it up. Orders for numbers
that are named, or spelled, come before those for any that do, lest these get the very ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.kinds import BY_NAME, KINDS
from reconciler.kinds.criteria import Asked, asked
from reconciler.model import Action, Address, Change, Ref
from reconciler.paths import lineage

RANK = {kind.name: rank for rank, kind in enumerate(KINDS)}
Names = tuple[str, ...]


def step_id(change: Change) -> str:
    """What the step is called that carries the change out."""
    return f"{change.address}#{change.action}"


def in_order(changes: Iterable[Change], addresses: Sequence[Address]) -> list[Change]:
    """The changes as a plan shows them: what is made, from parents down; what goes, from below; orders."""
    places = {address: place for place, address in enumerate(addresses)}

    def key(change: Change) -> tuple[bool, bool, int, bool, int]:
        kind, gone = BY_NAME[change.address.kind], change.action in {Action.DELETE, Action.RELEASE}
        rank = RANK[kind.name]
        orders = change.action is Action.ORDER
        first = asked(change.address.criterion).criterion.scarce if orders else not kind.first
        later = not (first or change.wanted.fields.get(kind.first))
        return orders, gone, -rank if gone else rank, later, places[change.address]

    return sorted(changes, key=key)


def with_needs(changes: Sequence[Change]) -> Mapping[str, tuple[str, ...]]:
    """The ids of the steps that each step has to wait for, by its id."""
    board = _Board(changes)
    return {step_id(c): tuple(dict.fromkeys(map(step_id, board.needs(c)))) for c in changes}


def followed(changes: Iterable[Change]) -> Mapping[str, tuple[str, ...]]:
    """The ids of the orders that each order lets go first, however they end, by its id."""
    orders = {step_id(c): asked(c.address.criterion) for c in changes if c.action is Action.ORDER}
    scarce = {step: words for step, words in orders.items() if words.criterion.scarce}
    return {
        step: tuple(each for each, others in scarce.items() if _lets_go_first(words, others))
        for step, words in orders.items()
    }


def _lets_go_first(mine: Asked, others: Asked) -> bool:
    return others.specificity < mine.specificity and mine.may_take(others)


@dataclass
class _Board:
    """The changes of a plan, found by where they are and what they let go of."""

    changes: Sequence[Change]
    by_address: dict[Address, Change] = field(default_factory=dict)
    together: dict[Names, list[Change]] = field(default_factory=dict)
    within: dict[Address, list[Change]] = field(default_factory=dict)
    letting_go: dict[Address, list[Change]] = field(default_factory=dict)
    flagged: dict[tuple[str, Names], list[Change]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for change in self.changes:
            self.by_address[change.address] = change
            self.together.setdefault(change.address.names, []).append(change)
            for above in lineage(change.address)[1:]:
                self.within.setdefault(above, []).append(change)
            for moved in change.changes:
                if isinstance(moved.before, Ref) and moved.before != moved.after:
                    self.letting_go.setdefault(moved.before.address, []).append(change)
            if _gets_flag(change):
                self.flagged.setdefault(_siblings(change), []).append(change)

    def needs(self, change: Change) -> Iterator[Change]:
        """What has to be done before it."""
        yield from self._created_before(change)
        yield from (o for o in self.together[change.address.names] if _goes_before(o, change))
        if change.action is Action.DELETE and BY_NAME[change.address.kind].is_object:
            yield from self.within.get(change.address, ())
            yield from self.letting_go.get(change.address, ())
        if not _gets_flag(change) and (change.action is Action.CREATE or _gives_flag_up(change)):
            yield from self.flagged.get(_siblings(change), ())
        if change.action is Action.DELETE and _had_flag(change):
            siblings = (each for each in self.changes if _siblings(each) == _siblings(change))
            yield from (o for o in siblings if o.action is Action.DELETE and not _had_flag(o))

    def _created_before(self, change: Change) -> Iterator[Change]:
        """The creates of what it lies in and of what it refers to."""
        referred = (value.address for value in change.wanted.fields.values() if isinstance(value, Ref))
        for address in (*lineage(change.address)[1:2], *referred):
            found = self.by_address.get(address)
            if found and found.action is Action.CREATE:
                yield found


def _siblings(change: Change) -> tuple[str, Names]:
    return change.address.kind, change.address.names[:-1]


def _goes_before(other: Change, change: Change) -> bool:
    """Whether the API wants `other` done first, both being at one location."""
    mine, others = BY_NAME[change.address.kind], BY_NAME[other.address.kind]
    if change.action is Action.RELEASE:
        return False
    # numbers inherit what is on when they come, and SMS does not go off under them (13673)
    if change.action is Action.DELETE:
        return other.action is not Action.ORDER and mine.name in others.after
    if others.goes_first(other) and mine.name in others.after:
        return True
    waits = other.action is not Action.DELETE or change.action is Action.ORDER
    return waits and others.name in mine.after and not mine.goes_first(change)


def _gets_flag(change: Change) -> bool:
    """Whether it makes it the one of its siblings that has the flag."""
    flag = BY_NAME[change.address.kind].first
    if not flag or change.action is Action.DELETE:
        return False
    return bool(change.wanted.fields.get(flag)) and any(c.path == flag for c in change.changes)


def _had_flag(change: Change) -> bool:
    flag = BY_NAME[change.address.kind].first
    return bool(flag and change.live and change.live.fields.get(flag))


def _gives_flag_up(change: Change) -> bool:
    if not _had_flag(change):
        return False
    flag = BY_NAME[change.address.kind].first
    return change.action is Action.DELETE or any(c.path == flag and not c.after for c in change.changes)
