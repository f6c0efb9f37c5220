"""Several manifests' trees turned into one, the later winning: maps by key, all else whole."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from reconciler.manifest.shape import Shape
from reconciler.manifest.yaml_tree import Entry, MappingNode, Tree


def merge(manifests: Sequence[MappingNode], shape: Shape) -> MappingNode:
    """Merge trees, at least one; every key stands where the last file that names it has it.

    In the order of keys it keeps the place that the first file naming it gave it.
    """
    return reduce(lambda under, over: _merge_maps(under, over, shape), manifests)


def _merge_maps(under: MappingNode, over: MappingNode, shape: Shape) -> MappingNode:
    entries = dict(under.entries)
    for key, entry in over.entries.items():
        below = entries.get(key)
        value = _merge(below.value, entry.value, shape.entry(key)) if below else entry.value
        entries[key] = Entry(entry.at, value)
    return MappingNode(entries, under.at)


def _merge(under: Tree, over: Tree, shape: Shape) -> Tree:
    if isinstance(under, MappingNode) and isinstance(over, MappingNode) and not shape.replaced:
        return _merge_maps(under, over, shape)
    return over
