"""Outputs to text for a person, and to the contract's JSON document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reconciler.outputs import Output, Outputs
from reconciler.report.words import safe

OUTPUTS = "reconciler.outputs/1"


def outputs_text(outputs: Outputs) -> str:
    """A paragraph for each address, names and values in two columns, each value on a line of its own."""
    width = max((len(name) for each in outputs.found for name in each.values), default=0)
    paragraphs = ["\n".join(_paragraph(each, width)) for each in outputs.found]
    return "\n\n".join([f"Account {safe(outputs.account)}", *paragraphs]) + "\n"


def _paragraph(output: Output, width: int) -> Iterator[str]:
    yield safe(str(output.address))
    for name, value in output.values.items():
        lines = [value] if isinstance(value, str) else value or ("(none)",)
        for number, line in enumerate(lines):
            yield f"  {'' if number else name:{width}}  {safe(line)}"


def outputs_json(outputs: Outputs) -> dict[str, Any]:
    """Everything by address; what may be several is a list."""
    return {
        "format": OUTPUTS,
        "account": outputs.account,
        "outputs": {
            str(each.address): {
                name: value if isinstance(value, str) else list(value) for name, value in each.values.items()
            }
            for each in outputs.found
        },
        "missing": [str(address) for address in outputs.missing],
    }
