"""A model world to the facts that a run reads of it, in the order of rules 4 to 9."""

from __future__ import annotations

from dataclasses import replace

from purchase_circumstances import Circumstances
from purchase_world import Account, Still, World

from reconciler.chain import Facts, Order, Record, Whereabouts, delivered_by, next_generation

HERE, RELEASED, UNKNOWN = Whereabouts.HERE, Whereabouts.RELEASED, Whereabouts.UNKNOWN


def look(
    world: World, runner: int, given: Circumstances, between: World | None = None
) -> tuple[World, Facts | None]:
    """Everything about the pool; None where the chain has a gap.

    `between` is what the world becomes after the number list was read.
    """
    for _ in range(given.assumptions.looks):
        world, facts = _read_once(world, runner, given, between)
        between = None
        if facts is None or not facts.undecided:
            break
    return world, facts


def _read_once(
    world: World, runner: int, given: Circumstances, between: World | None
) -> tuple[World, Facts | None]:
    began = world.account.now
    account, listed = world.account.listing()
    before = None
    while before != listed:  # rule 9: until two readings agree
        before = listed
        account, listed = account.listing()
    if between:
        # what happened meanwhile stands; only how often the list was read is forgotten
        world, account = between, between.account
    record = world.ledger_of(runner).record
    account, chain = _chain(account, record)
    world = replace(world, account=account)
    if chain is None:
        return world, None
    there = {number.name: number.there for number in account.numbers}
    gone = delivered_by(chain) - listed
    missing = Still({n: UNKNOWN if not given.told else HERE if there[n] else RELEASED for n in gone})
    facts = Facts(world.count, listed, chain, (), missing, began, given.assumptions.settle, record)
    return world, facts


def _chain(account: Account, record: Record) -> tuple[Account, tuple[Order, ...] | None]:
    """Rules 4 and 5."""
    found: dict[int, dict[str, Order]] = {}
    while (g := next_generation({n: bool(o) for n, o in found.items()}, record.last_known)) is not None:
        found[g] = {order_id: account.order(order_id) for order_id in record.orders.get(g, ())}
        if not found[g] or len(record.of(g)) > 1:
            account, listed = account.under(g)
            found[g] |= {order.id: order for order in listed}
    head = max((g for g, orders in found.items() if orders), default=0)
    if head:
        account, listed = account.under(head)
        found[head] |= {order.id: order for order in listed}
    if not all(found[g] for g in range(1, head + 1)):
        return account, None
    return account, tuple(found[g][i] for g in range(1, head + 1) for i in sorted(found[g]))
