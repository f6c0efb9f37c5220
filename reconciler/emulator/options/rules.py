"""What an option order may ask for, beyond what its table says: a group of settings, or a Refusal."""

from __future__ import annotations

import ipaddress
import re

from reconciler.emulator.call import Call
from reconciler.emulator.errors import Refusal
from reconciler.emulator.options.tables import SETTINGS
from reconciler.emulator.xml import Tree

PLAN = "OriginationRoutePlan"
# Each with the codes of the one that is asked for beside a route plan, and of a route plan beside it.
AGAINST_PLAN = {"CallForward": (5205, 5203), "RewriteUser": (5206, 5204)}
_LITERALS = ("unchanged", "systemdefault")


def is_literal(value: object) -> bool:
    """Whether a setting is left as it is, or goes back to its location's, instead of being set."""
    return isinstance(value, str) and value.lower() in _LITERALS


def check_group(call: Call, group: Tree, numbers: list[str]) -> None:
    """Refuses what no number could be given. numbers: 10 digits each."""
    if not group.keys() & SETTINGS.keys():
        raise Refusal(5115, names=", ".join(numbers))
    _check_forward(call, group.get("CallForward", "unchanged"), numbers)
    _check_uri(call, group.get("FinalDestinationURI", "unchanged"))
    _check_a2p(group.get("A2pSettings", {}))
    if PLAN in group:
        _check_plan(call, group)
    if group.get("PindropEnabled") == group.get("CallVerificationEnabled") == "true":
        raise Refusal(13693)


def _check_forward(call: Call, target: str, numbers: list[str]) -> None:
    if is_literal(target):
        return
    digits = call.digits(target)
    if digits is None:
        raise Refusal(5080, value=target)
    if digits in numbers:
        raise Refusal(5088, value=target)


def _check_uri(call: Call, uri: str) -> None:
    """A number, or name@address:port; both readings of whether `sip:` may stand before it."""
    if is_literal(uri):
        return
    if uri.lower().startswith("sip:") and call.reads("final_uri", "bare"):
        raise Refusal(5120, value="sip:")
    bare = re.sub("^sip:", "", uri, flags=re.IGNORECASE)
    if re.fullmatch(r"\+?[0-9]+", bare):
        if not re.fullmatch(r"(\+?1)?[2-9][0-9]{9}", bare):
            raise Refusal(5118)
        return
    parts = re.fullmatch(r"[+\w.-]+@([^\s@:]+)(:[0-9]{1,5})?", bare)
    if parts is None or len(uri) < 10:
        raise Refusal(5122)
    try:
        ipaddress.IPv4Address(parts.group(1))
    except ValueError:
        raise Refusal(5119) from None


def _check_a2p(wanted: Tree) -> None:
    if wanted.get("Action", "asSpecified") == "asSpecified":
        if wanted and not wanted.keys() & {"CampaignId", "MessageClass"}:
            raise Refusal(13638)
        return
    for name in ("CampaignId", "MessageClass"):
        if name in wanted:
            raise Refusal(5134, name=name)


def _check_plan(call: Call, group: Tree) -> None:
    if not call.settings.has("OriginationRoutePlan"):
        raise Refusal(5200)
    plan = group[PLAN]
    routes, action = plan.get("Route", []), plan.get("Action", "asSpecified")
    if action != "asSpecified":
        if routes:
            raise Refusal(5208)
        return
    if not routes:
        raise Refusal(5184)
    priorities = sorted({int(route["Priority"]) for route in routes})
    missing = next((want for want, there in enumerate(priorities, 1) if want != there), None)
    if missing:
        raise Refusal(5223, value=missing)
    for name, (_, code) in AGAINST_PLAN.items():
        if not is_literal(group.get(name, "unchanged")):
            raise Refusal(code)
