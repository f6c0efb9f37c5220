"""Option orders whose time has come, to verdicts, and verdicts to the numbers that they set."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.emulator.numbers.inventory import TOLL_FREE
from reconciler.emulator.options.rules import AGAINST_PLAN, PLAN, is_literal
from reconciler.emulator.options.tables import LINE
from reconciler.emulator.orders.order import Order, Verdict, shared_out
from reconciler.emulator.orders.release import protect
from reconciler.emulator.places.route_plans import with_types
from reconciler.emulator.products.messaging import inherit
from reconciler.emulator.settings import Settings
from reconciler.emulator.store import Number, SipPeer, Store
from reconciler.emulator.xml import Tree

SET_ELSEWHERE = ("Sms", "Protected", "A2pSettings", "TelephoneNumbers", PLAN)
_ALREADY = "SMS is already Enabled or number is in processing."


def groups(order: Order) -> Iterator[tuple[Tree, str]]:
    """Every number that the order names (10 digits), with the group of settings that it gets."""
    for group in order.document["TnOptionGroups"]["TnOptionGroup"]:
        for number in group["TelephoneNumbers"]["TelephoneNumber"]:
            yield group, number


def judge(order: Order, store: Store, settings: Settings) -> Verdict:
    """How the order ends: each number that cannot be given its settings is an error."""
    beyond = order.beyond()
    errors = []
    for group, number in groups(order):
        code = 5076 if number in beyond else _fault(group, store.numbers.get(number), store, settings)
        if code:
            errors.append((code, number))
    return shared_out(order.numbers, errors)


def _fault(group: Tree, record: Number | None, store: Store, settings: Settings) -> int | None:
    if record is None:
        return 5076
    if record.status != "Inservice":
        return 5074
    peer = _peer(record, store)
    sms = group["Sms"] == "on" if group.get("Sms") in ("on", "off") else record.sms
    faults = {
        5159: "HostedTelephoneNumberDetails" in record.facts and group.keys() & LINE.keys(),
        5100: group.get("Protected", "").lower() == "true" and record.number.startswith(TOLL_FREE),
        5145: group.get("Sms") == "on" and peer.sms is None,
        5202: "NNID" in group and not is_literal(group["NNID"]) and not sms,
    }
    fault = next((code for code, holds in faults.items() if holds), None)
    return (
        fault
        or _plan_fault(group, record)
        or _a2p_fault(group.get("A2pSettings"), record, peer, sms, settings)
    )


def _peer(record: Number, store: Store) -> SipPeer:
    """The location of a number that is in service."""
    return store.sites[str(record.site)].peers[str(record.peer)]


def _plan_fault(group: Tree, record: Number) -> int | None:
    """A route plan, and what it does not go with, meeting on a number that had one of them."""
    plan = group.get(PLAN, {"Action": "unchanged"}).get("Action", "asSpecified") == "asSpecified"
    for name, (beside, before) in AGAINST_PLAN.items():
        if PLAN in record.options and not is_literal(group.get(name, "unchanged")):
            return beside
        if plan and name in record.options and group.get(name, "").lower() != "systemdefault":
            return before
    return None


def _a2p_fault(
    wanted: Tree | None, record: Number, peer: SipPeer, sms: bool, settings: Settings
) -> int | None:
    if wanted is None or wanted["Action"] not in ("asSpecified", "off"):
        return None
    feature = (peer.sms or {}).get("SipPeerSmsFeatureSettings", {})
    by_location = feature.get("A2pLongCode", "OFF")
    if wanted["Action"] == "off":
        return 5225 if by_location == "ON" else None
    campaign = wanted.get("CampaignId")
    faults = {
        5132: not sms,
        5133: by_location not in ("DefaultOn", "DefaultOff") and not record.number.startswith(TOLL_FREE),
        12220: campaign and settings.campaigns is not None and campaign not in settings.campaigns,
    }
    return next((code for code, holds in faults.items() if holds), None)


def carry_out(order: Order, verdict: Verdict, store: Store, now: float) -> None:
    """Gives the numbers their settings; a number that had SMS on already is a warning."""
    done = set(verdict.granted)
    for group, number in groups(order):
        if number in done:
            record = store.numbers[number]
            if group.get("Sms") == "on" and record.sms:
                order.warnings.append((_ALREADY, number))
            _give(record, group, _peer(record, store))
            _give_plan(record, group.get(PLAN, {"Action": "unchanged"}), store)
            record.changed = now


def _give(record: Number, group: Tree, peer: SipPeer) -> None:
    for name, value in group.items():
        if name not in SET_ELSEWHERE:
            _keep(record, name, value)
    protect(record, group.get("Protected", "unchanged"))
    _give_messaging(record, group, peer)


def _keep(record: Number, name: str, value: str) -> None:
    if value.lower() == "systemdefault":
        record.options.pop(name, None)
    elif value.lower() != "unchanged":
        record.options[name] = value


def _give_plan(record: Number, plan: Tree, store: Store) -> None:
    action = plan.get("Action", "asSpecified")
    if action == "asSpecified":
        record.options[PLAN] = {"Id": store.new_uuid(), "Route": with_types(plan["Route"])}
    elif action == "off":
        record.options.pop(PLAN, None)


def _give_messaging(record: Number, group: Tree, peer: SipPeer) -> None:
    if group.get("Sms") in ("on", "off"):
        record.sms = group["Sms"] == "on"
    wanted = group.get("A2pSettings", {"Action": "unchanged"})
    if wanted["Action"] == "asSpecified":
        record.options["A2pSettings"] = wanted
        record.campaign = wanted.get("CampaignId", "")
        record.message_class = wanted.get("MessageClass", "")
    elif wanted["Action"] == "off":
        record.options["A2pSettings"] = wanted
        record.campaign = record.message_class = ""
    elif wanted["Action"] != "unchanged":
        sms = record.sms
        record.options.pop("A2pSettings", None)
        inherit(record, peer)
        record.sms = sms
