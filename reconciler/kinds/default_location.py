"""Which location of a sub-account is its default one: what the first one gets, and what the API refuses.

Exactly one is, the first one always (13522), and it goes last (13558). Numbers that are ordered without a
location land there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reconciler.model import Action, Change, Finding, LiveResource, Problem, Resource, Severity, World

DEFAULT = "is_default_peer"
Refusing = Callable[[str, str], Finding]


def is_first(resource: Resource, world: World) -> bool:
    """Whether it becomes the default of a sub-account which has no location yet."""
    return resource.address == _first(resource, world)


def _first(resource: Resource, world: World) -> object:
    """The address that becomes the default of a sub-account which has no location yet, if any."""
    if world.live_members("location", resource.address.names[:1]):
        return None
    wanted = _staying(resource, world)
    chosen = [r for r in wanted if r.fields.get(DEFAULT)]
    chosen += [r for r in wanted if r.fields.get(DEFAULT) is not False]
    return chosen[0].address if chosen else None


def _staying(resource: Resource, world: World) -> list[Resource]:
    """The locations of the same sub-account that the manifest wants."""
    return [r for r in world.wanted_members("location", resource.address.names[:1]) if r.wanted]


def check_default(resource: Resource, world: World) -> Iterable[Problem]:
    """Two defaults in one sub-account."""
    defaults = [r for r in _staying(resource, world) if r.fields.get(DEFAULT)]
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

    wanted = change.wanted.fields.get(DEFAULT)
    live = world.live_members("location", change.address.names[:1])
    default = next((m for m in live if m.fields.get(DEFAULT)), None)
    if change.action is Action.CREATE and not live and _first(change.wanted, world) is None:
        yield refusal("the first location of a sub-account must be its default one, and every one says false",
                      "set is_default_peer: true on one of them")  # fmt: skip
    elif wanted and default and default.address != change.address and not _gives_up(default, world):
        yield from _kept(default, world, refusal)
    elif default and default.address == change.address:
        yield from _withdrawn(change, world, refusal)


def _kept(default: LiveResource, world: World, refusal: Refusing) -> Iterable[Finding]:
    """Another one is to be the default, and nothing says that the live one is to be it no longer."""
    there, kept = f"{default.address} ({default.id})", world.wanted(default.address)
    if kept and DEFAULT in kept.lifecycle.ignore:
        yield refusal(
            f"{there} is the live default location, and is_default_peer is in its ignore",
            "take it out of that ignore and write false there, or leave is_default_peer out here",
        )
    else:
        yield refusal(
            f"{there} is the live default location, and the manifest does not say that it is not to be",
            f"write is_default_peer: false on {default.address}, or leave it out here",
        )


def _withdrawn(change: Change, world: World, refusal: Refusing) -> Iterable[Finding]:
    """The live default, when it is to be that no longer, or to go, and no other one follows it."""
    staying = _staying(change.wanted, world)
    if any(_says(r, world) for r in staying):
        return
    ignoring = next((r.address for r in staying if r.fields.get(DEFAULT)), None)
    another = "make another one the default: is_default_peer: true"
    hint = f"take is_default_peer out of the ignore of {ignoring}" if ignoring else another
    if change.action is Action.DELETE:
        live = world.live_members("location", change.address.names[:1])
        left = [m.address for m in live if not _leaves(m, world)] + [r.address for r in staying]
        if left:
            yield refusal(f"it is the default location, and {left[0]} stays (13558)", hint)
    elif change.wanted.fields.get(DEFAULT) is False:
        yield refusal("it is the live default location, and none would follow it", hint)


def _gives_up(default: LiveResource, world: World) -> bool:
    """Whether the manifest says that the live default is to be that no longer."""
    wanted = world.wanted(default.address)
    return wanted is not None and (not wanted.wanted or _says(wanted, world) is False)


def _says(resource: Resource, world: World) -> object:
    """What the manifest says of it as a default; nothing of a live one where that is ignored."""
    ignored = DEFAULT in resource.lifecycle.ignore and world.live(resource.address)
    return None if ignored else resource.fields.get(DEFAULT)


def _leaves(member: LiveResource, world: World) -> bool:
    wanted = world.wanted(member.address)
    return wanted is not None and not wanted.wanted
