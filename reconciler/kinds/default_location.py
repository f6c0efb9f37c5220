"""Which location of a sub-account is its default one: what the first one gets, and what the API refuses.

Exactly one is, the first one always (13522). Numbers that are ordered without a location land there.
"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model import Action, Change, Finding, Problem, Resource, Severity, World

DEFAULT = "is_default_peer"


def is_first(resource: Resource, world: World) -> bool:
    """Whether it becomes the default of a sub-account which has no location yet."""
    return resource.address == _first(resource, world)


def _first(resource: Resource, world: World) -> object:
    """The address that becomes the default of a sub-account which has no location yet, if any."""
    parent = resource.address.names[:1]
    if world.live_members("location", parent):
        return None
    wanted = world.wanted_members("location", parent)
    chosen = [r for r in wanted if r.fields.get(DEFAULT)]
    chosen += [r for r in wanted if r.fields.get(DEFAULT) is not False]
    return chosen[0].address if chosen else None


def check_default(resource: Resource, world: World) -> Iterable[Problem]:
    """Two defaults in one sub-account."""
    others = world.wanted_members("location", resource.address.names[:1])
    defaults = [r for r in others if r.fields.get(DEFAULT)]
    if resource.fields.get(DEFAULT) and defaults[0].address != resource.address:
        yield Problem(
            f"{resource.address}: {defaults[0].address} is the default location already",
            resource.where(DEFAULT),
            "a sub-account has exactly one default location",
        )


def review_default(change: Change, world: World) -> Iterable[Finding]:
    """A default that the API would not make, move or take away."""

    def refusal(message: str, hint: str) -> Finding:
        return Finding(Severity.REFUSAL, change.address, message, hint, change.wanted.where(DEFAULT))

    wanted, live = (
        change.wanted.fields.get(DEFAULT),
        world.live_members("location", change.address.names[:1]),
    )
    default = next((m for m in live if m.fields.get(DEFAULT)), None)
    if change.action is Action.CREATE and not live and _first(change.wanted, world) is None:
        yield refusal("the first location of a sub-account must be its default one, and every one says false",
                      "set is_default_peer: true on one of them")  # fmt: skip
    elif wanted and default and default.address != change.address:
        yield refusal(
            f"{default.address} ({default.id}) is the live default location, and moving the default is "
            f"not supported yet",
            "move it in the dashboard, or leave is_default_peer out",
        )
    elif (
        wanted is False and change.live and change.live.fields.get(DEFAULT) and not _successor(change, world)
    ):
        yield refusal("it is the live default location, and none would follow it",
                      "make another one the default first")  # fmt: skip


def _successor(change: Change, world: World) -> bool:
    """Whether the manifest makes another location the default; that one says why it cannot be yet."""
    return any(r.fields.get(DEFAULT) for r in world.wanted_members("location", change.address.names[:1]))
