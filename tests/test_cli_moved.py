"""Saved plans, and somebody who changes the account meanwhile: exit 3, what moved, and no write.

`cases/cli/moved.yaml` has every field that a step may stand on, and what somebody makes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from briefly import briefly
from cli import CASES, Account, account, location
from lxml import etree

from reconciler.emulator import Emulator
from reconciler.kinds import KINDS

MOVED: Mapping[str, Any] = yaml.safe_load((CASES / "moved.yaml").read_text())
ROWS = [(address, field) for address, rows in MOVED["fields"].items() for field in rows]
BELOW = {
    "sms": "/products/messaging/features/sms",
    "messaging_application": "/products/messaging/applicationSettings",
    "origination": "/products/origination/settings",
    "termination": "/products/termination/settings",
}


@dataclass(frozen=True)
class Moving:
    """An account on which a saved plan stands: where things are, and what they were."""

    place: Account
    paths: Mapping[str, str]

    @classmethod
    def of(cls, place: Account) -> Moving:
        """Apply, save the plan of what comes after, and find out where everything is."""
        place.write(MOVED["before"], "before.yaml")
        place.write(MOVED["after"], "after.yaml")
        files = ("-f", "before.yaml", "-f", "after.yaml")
        assert place.run("apply", "--yes", "-f", "before.yaml").code == 0
        assert place.run("plan", *files, "--out", "plan.json").code == 0
        held = place.state()
        paths = {
            f"application.{each['AppName']}": f"/applications/{id_}"
            for id_, each in held["applications"].items()
        }
        ((site_id, site),) = held["sites"].items()
        paths["sub_account.main"] = f"/sites/{site_id}"
        for id_, peer in site["peers"].items():
            paths[f"location.main/{peer['document']['PeerName']}"] = f"/sites/{site_id}/sippeers/{id_}"
        return cls(place, paths)

    def path(self, address: str, field: str) -> str:
        """Where the document is that has the field."""
        kind, _, names = address.partition(".")
        below = BELOW.get(kind) or BELOW.get(field)
        return self.paths[f"location.{names}"] + below if below else self.paths[address]

    def moved(self, address: str, field: str, row: Mapping[str, str]) -> str:
        """Make the row's change; the call and the document that undo it, apart by a line break."""
        path, now = self.path(address, field), row["now"]
        for name, where in self.paths.items():
            now = now.replace(f"{{{name}}}", where.rpartition("/")[2])
        if address.startswith("application."):
            self.place.ask(f"PATCH {path}", f"<Application>{now}</Application>")
            return f"PUT {path}\n{MOVED['documents'][address]}"
        was = self._document(path)
        path_of_now = self.path(row.get("at", address), field)
        body = self._document(path_of_now)
        parent = body.find(row["in"]) if "in" in row else body
        element = etree.fromstring(now)
        old = parent.find(element.tag)
        if old is None:
            parent.append(element)
        else:
            parent.replace(old, element)
        self.place.ask(f"PUT {path_of_now}", etree.tostring(body))
        return f"PUT {path}\n{etree.tostring(was).decode()}"

    def _document(self, path: str) -> Any:
        document = etree.fromstring(self.place.ask(f"GET {path}").encode())[0]
        for routes in document.findall("OriginationRoutePlan[Route]"):
            etree.SubElement(routes, "Action").text = "asSpecified"  # a PUT of routes says what it is to do
        return document


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moving]:
    """One account for every row; each row puts back what it moved."""
    with account(tmp_path_factory.mktemp("moving"), HOOK="hook-password") as place:
        yield Moving.of(place)


@pytest.mark.parametrize(("address", "field"), briefly(ROWS, 4))
def test_a_field_that_moved_stops_the_plan(address: str, field: str, moving: Moving) -> None:
    """A field changed after planning is exit 3 with object, field, before and after; nothing is written."""
    row, place = MOVED["fields"][address][field], moving.place
    undo, _, document = moving.moved(address, field, row).partition("\n")
    state, writes = place.state(), place.writes()
    ran = place.run("apply", "plan.json", "--format", "json")
    assert (ran.code, place.state(), place.writes()) == (3, state, writes)
    place.ask(undo, document)
    assert any(problem.startswith(f"{address}: {row['says']}") for problem in ran.problems), ran.problems


def test_every_declared_field_is_among_the_rows() -> None:
    """Each word of the manifest that a step can stand on has its row."""
    rows = {(address.partition(".")[0], field) for address, field in ROWS}
    fields = {(kind.name, row.name) for kind in KINDS for row in kind.fields if not row.hidden}
    assert fields - rows == NOT_MOVED


NOT_MOVED = {
    ("application", "service_type"),  # the API does not change it: another type is another application
    ("location", "traffic_distribution"),  # the API does not have it
}


def test_once_everything_is_back_the_plan_applies(tmp_path: Path) -> None:
    """A plan that was refused, in text, because something moved applies and converges once that is undone."""
    with account(tmp_path, HOOK="hook-password") as place:
        moving = Moving.of(place)
        row = MOVED["fields"]["sub_account.main"]["customer_name"]
        undo, _, document = moving.moved("sub_account.main", "customer_name", row).partition("\n")
        refused = place.run("apply", "plan.json")
        place.ask(undo, document)
        ran = place.run("apply", "plan.json", "--format", "json")
        assert (ran.code, ran.document["converged"]) == (0, True)
    assert (refused.code, refused.out) == (3, "")
    assert refused.err == (
        'error: sub_account.main: customer_name was "Example" when planned and is "Moved" now\n'
        "  hint: make a new plan\n"
    )


POOL = "numbers.main/desk[area_code=919]"
BACKORDER = """\
<Order><BackOrderRequested>true</BackOrderRequested><AreaCodeSearchAndOrderType><AreaCode>919</AreaCode>
<Quantity>1</Quantity></AreaCodeSearchAndOrderType><PartialAllowed>true</PartialAllowed>
<SiteId>1001</SiteId><PeerId>500001</PeerId></Order>"""
APPLICATION = """\
<Application><ServiceType>Messaging-V2</ServiceType><AppName>late</AppName>
<InboundCallbackUrl>https://{host}/</InboundCallbackUrl></Application>"""
LATE = "  late: {service_type: Messaging-V2, inbound_callback_url: https://example.com/}\n"


def _somebody_else_runs(place: Account) -> None:
    assert place.run("apply", "--yes", "--ledger", "theirs").code == 0


OTHERS: Mapping[str, tuple[Callable[[Account], object], list[str]]] = {
    "a number is released": (
        lambda place: place.emulator.release(next(iter(place.state()["numbers"]))),
        [
            f"{POOL}: present was 2 when planned and is 1 now",
            f"{POOL}: the numbers to order were 1 when planned, and are 2 now",
        ],
    ),
    "a back-order is placed": (
        lambda place: (place.ask("POST /orders", BACKORDER), place.ask("GET /orders?status=backordered")),
        [f"{POOL}: the numbers to order were 1 when planned, and are 0 now"],
    ),
    "what was to be created is there": (
        lambda place: place.ask("POST /applications", APPLICATION.format(host="example.com")),
        ["application.late: it was not there when planned, and is now"],
    ),
    "what was to be created is there, and is not right": (
        lambda place: place.ask("POST /applications", APPLICATION.format(host="example.org")),
        [
            (
                "application.late: inbound_callback_url needed no change when planned, "
                'and is "https://example.org/" now, to become "https://example.com/"'
            ),
        ],
    ),
    "somebody else applied the same manifest": (
        _somebody_else_runs,
        [
            "application.late: it was not there when planned, and is now",
            f"{POOL}: the numbers to order were 1 when planned, and are 0 now",
        ],
    ),
}


@pytest.mark.parametrize("what", OTHERS)
def test_what_others_made_stops_the_plan(what: str, tmp_path: Path) -> None:
    """Numbers and objects that came or went after planning are exit 3; nothing is written, nothing bought."""
    happen, says = OTHERS[what]
    on_sale = 2 if "back-order" in what else 9
    with account(tmp_path, Emulator(order_seconds=0, inventory={"919": on_sale})) as place:
        place.write(location('- {area_code: "919", count: 2}'))
        assert place.run("apply", "--yes").code == 0
        wanted = location('- {area_code: "919", count: 3}')
        place.write(wanted.replace("sub_accounts:", LATE + "sub_accounts:"))
        assert place.run("plan", "--out", "plan.json").code == 0
        happen(place)
        state, writes = place.state(), place.writes()
        ran = place.run("apply", "plan.json", "--format", "json")
        assert (ran.code, place.state(), place.writes()) == (3, state, writes)
    assert set(says) <= set(ran.problems), ran.problems


def test_what_no_step_stands_on_may_move(tmp_path: Path) -> None:
    """A field that the manifest does not name changes between plan and apply; it applies, and keeps that."""
    with account(tmp_path) as place:
        place.write(location())
        assert place.run("apply", "--yes").code == 0
        place.write(location().replace("      desk:", "      desk:\n        description: Desk"))
        assert place.run("plan", "--out", "plan.json").code == 0
        document = etree.fromstring(place.ask("GET /sites/1001/sippeers/500001").encode())[0]
        document.append(etree.fromstring("<PremiseTrunks>trunks</PremiseTrunks>"))
        place.ask("PUT /sites/1001/sippeers/500001", etree.tostring(document))
        assert place.run("apply", "plan.json").code == 0
        (peer,) = place.state()["sites"]["1001"]["peers"].values()
    assert (peer["document"]["Description"], peer["document"]["PremiseTrunks"]) == ("Desk", "trunks")
