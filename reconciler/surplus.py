"""A pool's numbers, and those that a person named, to the ones that are given up. Pure.

A number that was given up is gone for ever, so none is chosen here: `--release` names each, and what is
named is given up only where it is one too many.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from reconciler.chain import Facts
from reconciler.model import Action, Address, Change, FieldChange, Finding, Resource, Severity, Value, few


def candidates(facts: Facts) -> tuple[str, ...]:
    """A pool's numbers in the order in which they are proposed to be given up: last come, first to go.

    Those of the pool's newest order first, then older orders', then those that none of its orders
    delivered; highest digits first within each. What leaves already is none of them.
    """
    delivered = {n: order.generation for order in facts.chain for n in order.delivered}
    staying = facts.listed - facts.leaving
    return tuple(sorted(staying, key=lambda n: (delivered.get(n, 0), n), reverse=True))


def given_up(resource: Resource, numbers: Collection[str], named: Collection[str]) -> Change | None:
    """The change that gives up those of the numbers that were named, if any were."""
    released = tuple(sorted(set(numbers) & set(named)))
    if not released:
        return None
    there = len(numbers)
    observed: dict[str, Value] = {"numbers": tuple(f"+1{number}" for number in released)}
    moved = FieldChange("present", there, there - len(released))
    return Change(resource.address, Action.RELEASE, (moved,), observed, resource, released=released)


def release(resource: Resource, facts: Facts, named: Collection[str]) -> Change | Finding | None:
    """What is given up of a pool, or why what was named is not; None where nothing of it was named."""
    change = given_up(resource, facts.listed, set(named) - facts.leaving)
    if change is None:
        return None
    why = next(_in_the_way(resource, facts, change.released), None)
    return Finding(Severity.REFUSAL, resource.address, *why, resource.where()) if why else change


def _in_the_way(resource: Resource, facts: Facts, named: Sequence[str]) -> Iterator[tuple[str, str]]:
    count = int(str(resource.fields["count"]))
    # what only counts as there because nobody can say that it is gone (rule 7) is no reason to give one up
    left, going = len(facts.listed - facts.leaving - set(named)), facts.leaving - set(named)
    waiting = [order.id for order in facts.orders if order.received or order.pending]
    if waiting or facts.doubt:
        which = ", ".join(waiting) or facts.doubt
        yield (
            f"--release names {few(_written(named))}, and an order of this pool is open ({which})",
            "apply without --release first; it waits for the order, or closes it",
        )
    if left < count:
        listed = f"{len(facts.listed)} are listed" + (
            f", {len(going)} of which leave already" if going else ""
        )
        short = f"{count} are wanted and {listed}: others would be bought for them"
        hint = f"lower the count to {max(left, 0)}, or name fewer"
        yield f"--release names {few(_written(named))}, {short}", hint


def unplaced(named: str, *, gone: bool) -> Finding:
    """A number that was named and that no pool or leaving location of the manifest has."""
    address = Address("number", (f"+1{named}",))
    if gone:
        return Finding(Severity.WARNING, address, "--release names it, and it is not in service any more")
    return Finding(
        Severity.REFUSAL, address, "--release names it, and no pool of the manifest counts it",
        "name a number that the plan shows as one too many",
    )  # fmt: skip


def left_out(named: Collection[str]) -> Iterator[Finding]:
    """Numbers that were named and that `--only` leaves where they are."""
    for number in sorted(named):
        yield Finding(
            Severity.REFUSAL, Address("number", (f"+1{number}",)),
            "--release names it, and what --only chooses does not give it up",
            "name its pool with --only too, or leave one of the two options out",
        )  # fmt: skip


def unsteady(named: str, why: str) -> Finding:
    """A number that was named and may not be given up now."""
    hint = "run it again when that is over"
    return Finding(
        Severity.REFUSAL, Address("number", (f"+1{named}",)), f"--release names it, but {why}", hint
    )


def _written(numbers: Sequence[str]) -> list[str]:
    return [f"+1{number}" for number in numbers]
