"""A field's change to the changes inside it: of a list or a map only what moved, each with its path."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model import FieldChange, Value


def inside(change: FieldChange) -> tuple[FieldChange, ...]:
    """The change itself, or where both sides are lists or maps, those of their entries.

    A map that comes or goes is told entry by entry, a list as a whole. Paths read `address.city` and
    `termination_hosts[0].host_name`.
    """
    before, after = change.before, change.after
    if before is None and isinstance(after, Mapping):
        before = {}
    elif after is None and isinstance(before, Mapping):
        after = {}
    maps = isinstance(before, Mapping) and isinstance(after, Mapping)
    lists = isinstance(before, tuple) and isinstance(after, tuple)
    found = _entries(change.path, before, after) if maps or lists else []
    return tuple(found) or (change,)


def _entries(path: str, before: Value, after: Value) -> list[FieldChange]:
    # deepdiff takes longer to import than most plans take to make: only when a nested value moved
    from deepdiff import DeepDiff  # noqa: PLC0415
    from deepdiff.helper import notpresent  # noqa: PLC0415

    tree = DeepDiff(before, after, view="tree", threshold_to_diff_deeper=0).tree
    parts = [(level.path(output_format="list"), level) for levels in tree.values() for level in levels]
    keys = list({**before, **after}) if isinstance(before, Mapping) and isinstance(after, Mapping) else []
    parts.sort(key=lambda part: _place(part[0], keys))
    return [
        FieldChange(
            path + "".join(f".{step}" if isinstance(step, str) else f"[{step}]" for step in steps),
            None if level.t1 is notpresent else level.t1,
            None if level.t2 is notpresent else level.t2,
        )
        for steps, level in parts
    ]


def _place(steps: list[str | int], keys: list[str]) -> tuple[int, list[tuple[bool, str | int]]]:
    """Where an entry is told: in the order of the map's own keys, deeper down in order of their names."""
    first = steps[0]
    return (
        keys.index(first) if isinstance(first, str) else first,
        [(isinstance(step, str), step) for step in steps[1:]],
    )
