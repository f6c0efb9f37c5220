"""A document and its schema turned into every problem between them, each with its position.

jsonschema finds them, `fault_wording` says them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from reconciler.manifest.fault_wording import WORDINGS, Fault, Remark, unworded
from reconciler.manifest.shape import Path, Shape
from reconciler.manifest.suggestions import Homes, homes_of_words
from reconciler.manifest.values import Place
from reconciler.manifest.wording import dotted
from reconciler.model import Position, Problem

# Of several faults of one value the first of these is the cause of the others.
_CAUSES = ("not", "type", "const", "enum")


def _unique_items(
    _validator: object, wanted: bool, items: object, _schema: object
) -> Iterator[ValidationError]:
    given = items if wanted and isinstance(items, list) else []
    if len({json.dumps(item, sort_keys=True) for item in given}) < len(given):
        yield ValidationError("not unique")


# jsonschema's own way compares every item with every other where they cannot be sorted.
_Validator = validators.extend(  # type: ignore[no-untyped-call]  # untyped in its stubs
    Draft202012Validator, {"uniqueItems": _unique_items}
)


def validate(data: Any, places: Mapping[Path, Place], schema: Mapping[str, Any]) -> list[Problem]:
    """Every problem of `data` against `schema`, by position; `places` has every path of `data`."""
    shape = Shape.of(schema)
    homes = homes_of_words(shape)
    errors_at: dict[Path, list[ValidationError]] = {}
    for error in _Validator(schema).iter_errors(data):
        errors_at.setdefault(tuple(error.absolute_path), []).append(error)
    problems: dict[tuple[Position, str, str], Problem] = {}
    for path in filter(errors_at.__contains__, places):  # document order; jsonschema's is random
        for remark in _remarks(path, errors_at[path], places, shape, homes):
            place = places[remark.path]
            position = place.value if remark.at_value else place.key
            message = ": ".join(filter(None, [dotted(remark.path), remark.text]))
            # What aliases repeat stands in the file once, and is said once.
            key = (position, remark.text, remark.hint)
            problems.setdefault(key, Problem(message, position, remark.hint))
    return sorted(problems.values(), key=lambda problem: (problem.position, problem.message))


def _remarks(
    path: Path,
    errors: list[ValidationError],
    places: Mapping[Path, Place],
    root: Shape,
    homes: Homes,
) -> Iterator[Remark]:
    keywords = [str(error.validator) for error in errors]
    cause = next((word for word in _CAUSES if word in keywords), None)
    for error in errors if cause is None else [errors[keywords.index(cause)]]:
        limit, given = error.validator_value, error.instance
        fault = Fault(path, given, limit, root, homes, places[path].variables)
        yield from WORDINGS.get(str(error.validator), unworded)(fault)
