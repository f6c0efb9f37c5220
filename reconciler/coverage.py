"""The kinds' tables to what becomes of each settable field, `docs/coverage.md`: a row a field. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reconciler.kinds import KINDS
from reconciler.kinds.criteria import CRITERIA, Seen
from reconciler.kinds.fields import Field
from reconciler.kinds.kind import Kind, Orders
from reconciler.kinds.number_pool import OPTIONS

HEAD = """# What is managed

Written from the code by `make schemas`. A test holds it to the code, and each "yes" to a case that
shows it on the emulator. Created: it can be said of something new. Changed: of something live.
Cleared: `null`, `false` or `count: 0` takes it away. Read back: a difference from the live value shows.
"""
REST = """## What is not

Settable elements of the same documents that no field of the manifest stands for. A full replace carries
them as they are.

"""
YES, NO = "yes", "no"
SEEN = {
    Seen.DIGITS: "yes, by its digits",
    Seen.DETAILS: "yes, by number details",
    Seen.ORDERS: "no: what the pool's own orders delivered counts",
}
# settable elements of the documents, and why there is no field for them
NOT_MANAGED: Mapping[str, str] = {
    "`Application`: `CallbackUrl`, `MsgCallbackCreds`": "deprecated mirrors of what `callback_url` and "
    "`callback_creds` set",
    "`SipPeer`: `ShortMessagingProtocol`, `SmsHosts`": "legacy; set by the SMS feature now",
    "`SipPeerSmsFeature`: `Protocol` SMPP or SIP, `SmppHosts`": "SMS is managed over HTTP; another live "
    "protocol is a hazard",
    "`SipPeerSmsFeature`: `HttpSettings/ProxyPeerId`": "assigned by the API",
    "`MmsFeature`: `Protocols/MM4`": "MMS is managed over HTTP; a live MM4 is a hazard",
    "`SipPeerMessagingSettings`: `BreakOutCountries`": "left alone",
    "`SipPeerOriginationSettings`, `…Termination…`: `VoiceV2ProxyPeerId`": "an older page; no current sample "
    "has it",
    "`Order`: `Name`, `EnableTNDetail`, `EndsIn`, `ReservationIdList`": "never sent: the pool's address, and "
    "the API's defaults",
    "`Order`: `CombinedSearchAndOrderType` beyond `local_vanity`": "each criterion has its own order type",
}


@dataclass(frozen=True, slots=True)
class Covered:
    """What becomes of one field: each side begins with "yes", or says why not."""

    kind: str
    field: str
    created: str = YES
    changed: str = YES
    cleared: str = YES
    read_back: str = YES
    secret: str = NO

    @property
    def cells(self) -> tuple[str, ...]:
        """The row, in the table's order."""
        sides = (self.created, self.changed, self.cleared, self.read_back, self.secret)
        return (f"`{self.kind}`", f"`{self.field}`", *sides)


def coverage() -> Iterator[Covered]:
    """Every settable field of every kind, in the tables' order."""
    for kind in KINDS:
        if isinstance(kind.serving, Orders):
            yield from _numbers(kind)
            continue
        if not kind.is_object:
            yield Covered(kind.name, kind.where[-1], changed=YES if kind.refers_to else "no: it is on or off")
        if not kind.refers_to:
            yield from (each for row in kind.fields if not row.hidden for each in _field(kind, row))


def _field(kind: Kind, row: Field) -> Iterator[Covered]:
    if row.local:
        why = "held against the hosts that are given"
        yield Covered(kind.name, row.name, *(f"no: {why}",) * 3, "no: never sent")
        return
    cleared = YES if row.nullable and not row.required else "no: it is always there"
    if row.secret:
        yield Covered(kind.name, f"{row.name}.user_id", cleared=cleared)
        yield Covered(
            kind.name, f"{row.name}.password", cleared=cleared, secret=YES,
            read_back="no: by a digest of what was last sent",
        )  # fmt: skip
    else:
        fixed = row.name in kind.identity and row.name != "name"
        yield Covered(
            kind.name, row.name, changed="no: another application" if fixed else YES, cleared=cleared
        )


def _numbers(kind: Kind) -> Iterator[Covered]:
    for criterion in CRITERIA:
        fixed = "no: another criterion is another pool"
        yield Covered(kind.name, " + ".join(criterion.words), YES, fixed, fixed, SEEN[criterion.seen])
    yield Covered(kind.name, "count")
    for option in OPTIONS:
        said = "no: said when ordering"
        yield Covered(kind.name, option, YES, said, said, said)


def coverage_markdown() -> str:
    """The whole table as markdown, ending in a line break."""
    head = ("Kind", "Field", "Created", "Changed", "Cleared", "Read back", "Secret")
    lines = [HEAD, *_table(head, (each.cells for each in coverage())), "", REST.rstrip(), ""]
    return "\n".join([*lines, *_table(("Element", "Why"), NOT_MANAGED.items()), ""])


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    columns = [*head]
    for cells in (columns, ["---"] * len(columns), *rows):
        yield "| " + " | ".join(cells) + " |"
