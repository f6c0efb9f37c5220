"""A change to the calls that may carry it out: methods and paths, known ids filled in. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from reconciler.kinds.kind import Collection, Kind, Orders, Setting, Settings
from reconciler.model import Action, Change
from reconciler.paths import Ids, fill
from reconciler.purchase import MOST_PER_ORDER


@dataclass(frozen=True, slots=True)
class Call:
    """One request that a step may make. `{address}` in the path is an id that is not known yet.

    A `conditional` one is left out where a read right before it shows that it is not needed.
    """

    method: str
    path: str
    setting: str = field(default="", compare=False)
    conditional: bool = False


def calls_for(kind: Kind, change: Change, account: str, ids: Ids) -> Iterator[Call]:
    """The calls that carry out a change."""

    def path(template: str) -> str:
        return fill(template, account, change.address, ids)

    serving = kind.serving
    if isinstance(serving, Orders) and change.action is Action.RELEASE:
        yield Call("POST", path(serving.disconnects))
    elif isinstance(serving, Orders):
        if change.action is Action.UPDATE:
            yield Call("PUT", f"{path(serving.path)}/{change.observed['back_order']}")
        for _ in range(0, change.quantity, MOST_PER_ORDER):
            yield Call("POST", path(serving.path))
    elif isinstance(serving, Collection):
        yield from _of_member(kind, serving, change, path(serving.path))
    else:
        for setting, method in _settings(kind, serving, change):
            yield Call(method, path(setting.path), setting.name)


def _of_member(kind: Kind, serving: Collection, change: Change, path: str) -> Iterator[Call]:
    if change.live is None:
        yield Call("POST", path)
    elif change.action is Action.DELETE:
        document = change.live.document
        bare = document is None or kind.strip(document) == document
        if not bare or change.live.fields.get(kind.first):
            yield Call("PUT", f"{path}/{change.live.id}", conditional=bare)
        yield Call("DELETE", f"{path}/{change.live.id}")
    else:
        # who gets the flag takes it from its sibling, as far as anybody says
        given_up = [each.path for each in change.changes] == [kind.first] and not change.changes[0].after
        method = _update_method(kind, serving, change)
        yield Call(method, f"{path}/{change.live.id}", conditional=given_up)


def _update_method(kind: Kind, serving: Collection, change: Change) -> str:
    """A PATCH clears only what has a word for "nothing"; a field that has none needs a full replace."""
    rows = {row.name: row for row in kind.rows(change.wanted.fields)}
    cleared = [rows[c.path] for c in change.changes if c.after is None]
    return "PUT" if any(row.needs_replace for row in cleared) else serving.update


def _settings(kind: Kind, serving: Settings, change: Change) -> Iterator[tuple[Setting, str]]:
    changed = {row.setting for row in kind.rows({c.path: None for c in change.changes})}
    there = change.live.settings if change.live else frozenset()
    for setting in serving.settings:
        if change.action is Action.DELETE:
            yield setting, serving.remove
        elif setting.name in changed or "" in changed:
            yield setting, "PUT" if setting.name in there else setting.create
