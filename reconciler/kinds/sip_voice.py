"""Calls over SIP at a location: the rows of its table, and the rules between them and other locations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from reconciler.document import Node
from reconciler.kinds import hosts, route_plan
from reconciler.kinds.fields import Field, Flag, Flaw, Text, Word
from reconciler.model import Change, Fields, Finding, Problem, Resource, Severity, Value, World

FINAL = "final_destination_uri"
DISTRIBUTION = "traffic_distribution"
NONE, RANDOM, SEQUENTIAL = "none", "random", "sequential failover"
VERIFIED = ("call_verification_enabled", "pindrop_enabled")
ELSEWHERE = "each address may be in use once in all of Bandwidth"


class Switch(Flag):
    """A flag of a feature that few accounts have: `false` is only said where something is shown."""

    def over(self, name: str, value: Value, live: Node | None) -> Node | None:
        return super().over(name, value, live) if value or live else None


FIELDS = (
    Field(FINAL, "FinalDestinationUri", route_plan.SipUri({"pattern": r"^\S+$"}),
          "Failover: the SIP URI that is tried last."),
    Field("billing_identifier", "BillingIdentifier", Text({"maxLength": 50}), "A label on the bill."),
    Field(DISTRIBUTION, "", Word(words=(NONE, RANDOM, SEQUENTIAL, SEQUENTIAL.replace(" ", "_"))),
          "How calls spread over hosts, in the dashboard's words; only held against the hosts given here.",
          nullable=False, local=True),
    Field("voice_hosts", "VoiceHosts", hosts.VOICE, "Hosts that calls go to, in fail-over order.",
          gate="Origination"),
    Field("voice_host_group", "VoiceHostGroups", hosts.GROUP, "Hosts that calls go to, one at random.",
          gate="Origination"),
    Field("termination_hosts", "TerminationHosts", hosts.TERMINATION, "Hosts that may make calls.",
          gate="Termination"),
    Field(route_plan.FIELD, route_plan.ELEMENT, route_plan.ROUTES, "Where calls go by priority and weight."),
    Field("premise_trunks", "PremiseTrunks", Text(), "Trunks, on accounts with UC trunking.",
          gate="UcTrunking"),
    Field("ss_send_to_customer", "SsSendToCustomer",
          Word(words=("NONE", "VERSTAT", "ENH_VERSTAT", "VERSTAT_AND_IDENTITY", "ENH_VERSTAT_AND_IDENTITY",
                      "IDENTITY")),
          "Which results of caller verification come with a call.", default="NONE"),
    Field("call_verification_enabled", "CallVerificationEnabled", Switch(), "Verify callers.", default=False),
    Field("pindrop_enabled", "PindropEnabled", Switch(), "Pindrop's verification of callers.", default=False),
)  # fmt: skip


def settled(fields: Fields) -> Fields:
    """The fields with empty lists as nothing, and hosts of the one way taking the place of the other's."""
    lists = (*hosts.FIELDS, route_plan.FIELD)
    given = {name: value for name, value in fields.items() if name not in lists}
    given |= {name: fields[name] or None for name in lists if name in fields}
    for word, other in (hosts.CALLED, hosts.CALLED[::-1]):
        if given.get(word) and other not in given:
            given[other] = None
    return given


def check(resource: Resource, world: World) -> Iterable[Problem]:
    """What is wrong with a location's voice, whatever the account has."""
    for flaw in _flaws(resource, world):
        message = f"{resource.address}: {flaw.message}"
        yield Problem(message, resource.where(flaw.field), flaw.hint)


def _flaws(resource: Resource, world: World) -> Iterator[Flaw]:
    fields = resource.fields
    yield from hosts.flaws(fields)
    yield from route_plan.flaws(fields)
    yield from _unfit_distribution(fields)
    if fields.get(FINAL) and not route_plan.is_destination(str(fields[FINAL])):
        # not repeated: a SIP URI may hold a password
        yield Flaw(
            "final_destination_uri is no SIP URI (13510)", "write it as sip:desk@sbc.example.com", FINAL
        )
    if all(fields.get(word) for word in VERIFIED):
        yield Flaw(
            "call_verification_enabled and pindrop_enabled exclude each other (13693)",
            "keep one of them",
            VERIFIED[1],
        )
    voice = world.wanted(resource.address.sibling("voice_application"))
    named = [word for word in hosts.FIELDS if fields.get(word)]
    if named and voice and any(value is not None for value in voice.fields.values()):
        yield Flaw(
            f"{named[0]} beside voice_application: no hosts where voice is over HTTP (13646)",
            "keep one of them",
            named[0],
        )
    for name, other in _taken_before(resource, world):
        yield Flaw(f"{name} is at {other}, too (13552)", ELSEWHERE, hosts.TERMINATING)


def _unfit_distribution(fields: Fields) -> Iterator[Flaw]:
    said = str(fields.get(DISTRIBUTION, "")).replace("_", " ")
    called, group = (hosts.VOICE.entries(fields.get(word)) for word in hosts.CALLED)
    if said == NONE and (len(called) > 1 or group):
        hint = f"say {RANDOM} for a voice_host_group, {SEQUENTIAL} for several voice_hosts"
        yield Flaw("traffic_distribution none is of one host", hint, DISTRIBUTION)
    for word, way, given in ((hosts.CALLED[1], RANDOM, group), (hosts.CALLED[0], SEQUENTIAL, called)):
        if said == way and not given:
            yield Flaw(f"traffic_distribution {way} needs {word}", f"list the hosts in {word}", DISTRIBUTION)


def _taken_before(resource: Resource, world: World) -> Iterator[tuple[str, object]]:
    """The termination hosts that a location further up in the manifest has as well."""
    mine = hosts.networks(resource.fields)
    for site in world.wanted_members("sub_account", ()) if mine else ():
        for other in world.wanted_members("location", site.address.names):
            if other.address == resource.address:
                return
            theirs = hosts.networks(other.fields) if other.wanted else []
            yield from ((name, other.address) for name in hosts.overlapping(mine, theirs))


def review(change: Change, world: World, body: Node | None) -> Iterable[Finding]:
    """What the API would refuse of a change; `body` is what a full replace would send."""

    def refusal(message: str, hint: str, word: str = "") -> Finding:
        return Finding(Severity.REFUSAL, change.address, message, hint, change.wanted.where(word))

    for reason, hint in _refused(body) if body else ():
        yield refusal(f"the API refuses any update of it: {reason}", hint)
    yield from _too_wide(change, refusal) if body else ()
    named = [word for word in hosts.FIELDS if change.wanted.fields.get(word)]
    voice = change.address.sibling("voice_application")
    live = world.live(voice)
    if named and live and any(live.fields.values()) and world.wanted(voice) is None:
        yield refusal(
            f"{named[0]}: its live voice is over HTTP, which takes no hosts (13646)",
            "write voice_application: null, which goes back to SIP",
            named[0],
        )
    for name, other in _taken(change, world):
        away = f"{ELSEWHERE}: take it away there, and apply that first"
        yield refusal(f"{name} is live at {other} (13552)", away, hosts.TERMINATING)


def _too_wide(change: Change, refusal: Callable[[str, str, str], Finding]) -> Iterator[Finding]:
    """The termination hosts of an update that only a create takes: those that are live, and new ones."""
    live = hosts.wide(hosts.networks(change.live.fields)) if change.live else []
    given = hosts.TERMINATING in change.wanted.fields
    wanted = hosts.wide(hosts.networks(change.wanted.fields)) if given else live
    there, most = {net for _, net in live}, hosts.WIDEST_ON_UPDATE
    for name, net in wanted:
        if net in there:
            yield refusal(
                f"the API refuses any update of it: its live host {name} is wider than /{most} (13593)",
                "declare termination_hosts with narrower networks, or change it in the dashboard",
                hosts.TERMINATING,
            )
        else:
            yield refusal(
                f"{name} is wider than /{most}, and only a new location may have that (13593)",
                f"write it as networks from /{most} to /32",
                hosts.TERMINATING,
            )


def _taken(change: Change, world: World) -> Iterator[tuple[str, object]]:
    """The termination hosts that another location of the sub-account has."""
    mine = hosts.networks(change.wanted.fields)
    for other in world.live_members("location", change.address.names[:1]) if mine else ():
        if other.address != change.address:
            theirs = hosts.networks(other.fields)
            yield from ((name, other.address) for name in hosts.overlapping(mine, theirs))


def _refused(body: Node) -> Iterator[tuple[str, str]]:
    """Why a PUT of this body would be refused, and what to do about it."""
    called, groups = body.first(hosts.ELEMENTS[0]), body.first(hosts.ELEMENTS[1])
    if called and groups and not called.empty and not groups.empty:
        yield "it has voice hosts and voice host groups (13504)", "declare one of them, or null for the other"
    switches = (body.value(element) or "" for element in ("CallVerificationEnabled", "PindropEnabled"))
    if all(switch.lower() == "true" for switch in switches):
        yield "it has call verification and Pindrop (13693)", "declare one of them as false"
