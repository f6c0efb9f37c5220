"""What calls on a feature do that is not there, or is there already: an answer, or a Refusal."""

from __future__ import annotations

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.errors import Refusal
from reconciler.emulator.xml import Tree


def off(call: Call) -> Answer:
    """A GET of what was never made; nobody documents it."""
    if call.reads("feature_off", "empty"):
        return Answer(200, {})
    raise Refusal(None, status=int(call.settings.answer("feature_off")))


def check_creatable(call: Call, live: Tree | None, element: str) -> None:
    """Raises 1015 for a POST on what is there."""
    if live is not None and call.reads("feature_again", "refused"):
        raise Refusal(1015, name=element)


def check_changeable(call: Call, live: Tree | None, element: str) -> None:
    """Raises 1016 for a PUT on what is not there."""
    if live is None and call.reads("feature_put", "refused"):
        raise Refusal(1016, name=element)
