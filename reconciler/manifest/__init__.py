"""Manifest files turned into one document that knows the file, line and column of every key.

Each file's text becomes a tree; the trees are merged; the merged tree's values are interpolated
and typed as the schema wants them; the data is validated. All that is wrong is found at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.manifest.overlay import merge
from reconciler.manifest.shape import Path as DataPath
from reconciler.manifest.shape import Shape
from reconciler.manifest.text import DEFAULT_FILE, read_text
from reconciler.manifest.validation import validate
from reconciler.manifest.values import read_values
from reconciler.manifest.yaml_tree import MappingNode, compose
from reconciler.model import Position, Problem, Problems, Source


@dataclass(frozen=True)
class Document:
    """The merged, interpolated, typed and valid manifest.

    `data` is JSON-like: file order of keys, no top-level `x-…` keys, no defaults filled in, secrets
    as {"env": NAME} or {"file": PATH}, the path found from the folder of the file that names it.
    `positions` has where each path's key (in lists: item) stands in the file that won, and holds the
    empty path.
    """

    data: Mapping[str, Any]
    positions: Mapping[DataPath, Position]
    source: Source

    def where(self, *path: str | int) -> Position:
        """Find the position of the key at `path`, or of the nearest above that the files have."""
        return _nearest(self.positions, path)


def load(files: Sequence[Path], environ: Mapping[str, str], schema: Mapping[str, Any]) -> Document:
    """Read the document that `files` (one or more, later ones over earlier ones) describe.

    `schema` is a JSON Schema (draft 2020-12) of the kind that `Shape` reads. Raises `Problems` with
    everything that is wrong, by position; what only follows from another problem is not repeated.
    """
    trees, problems = _trees(files)
    if not trees or len(trees) < len(files):
        raise _sorted(problems)
    shape = Shape.of(schema)
    values = read_values(merge(trees, shape), environ, shape)
    problems = [*problems, *values.problems]
    known = {problem.position for problem in problems}
    faults = validate(values.data, values.places, schema)
    problems += [fault for fault in faults if fault.position not in known]
    if problems:
        raise _sorted(problems)
    return Document(
        values.data,
        {path: place.key for path, place in values.places.items()},
        Source(tuple(files), digest(values.data)),
    )


def digest(data: Mapping[str, Any]) -> str:
    """Take the SHA-256, in hexadecimal, of a document as JSON without spaces, keys in order."""
    text = json.dumps(data, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _trees(files: Sequence[Path]) -> tuple[list[MappingNode], list[Problem]]:
    """Compose the files that are YAML, and collect what is wrong with the text of any."""
    if not files:
        return [], [Problem("no manifest is named", hint=f"-f {DEFAULT_FILE}")]
    trees: list[MappingNode] = []
    problems: list[Problem] = []
    for file in files:
        try:
            tree, found = compose(read_text(file), str(file))
        except Problems as unreadable:
            problems += unreadable.problems
            continue
        problems += found
        trees += [tree] if tree else []
    return trees, problems


def _sorted(problems: Iterable[Problem]) -> Problems:
    def place(problem: Problem) -> tuple[Position, str]:
        return problem.position or Position("", 0, 0), problem.message

    return Problems(sorted(problems, key=place))


def _nearest(positions: Mapping[DataPath, Position], path: DataPath) -> Position:
    while path not in positions and path:
        path = path[:-1]
    return positions.get(path, Position("", 1, 1))
