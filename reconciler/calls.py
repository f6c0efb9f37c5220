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
    """One request that a step may make. `{address}` in the path is an id that is not known yet."""

    method: str
    path: str
    setting: str = field(default="", compare=False)


def calls_for(kind: Kind, change: Change, account: str, ids: Ids) -> Iterator[Call]:
    """The calls that carry out a change."""

    def path(template: str) -> str:
        return fill(template, account, change.address, ids)

    serving = kind.serving
    if isinstance(serving, Orders):
        if change.action is Action.UPDATE:
            yield Call("PUT", f"{path(serving.path)}/{change.observed['back_order']}")
        for _ in range(0, change.quantity, MOST_PER_ORDER):
            yield Call("POST", path(serving.path))
    elif isinstance(serving, Collection):
        member = path(serving.path) + (f"/{change.live.id}" if change.live else "")
        method = {Action.CREATE: "POST", Action.DELETE: "DELETE"}.get(change.action)
        yield Call(method or _update_method(kind, serving, change), member)
    else:
        for setting, method in _settings(kind, serving, change):
            yield Call(method, path(setting.path), setting.name)


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
