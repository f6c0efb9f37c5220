"""An account kept in a file, and written to and read from a document."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from caller import ACCOUNT, ADDRESS, PEER, SITES, World, by_area_code, furnished, numbers
from werkzeug.test import Client

from reconciler.emulator import Emulator, Unreadable

BY_HAND = """
format: reconciler.emulator/1
account: 9900000
store:
  seed: 0
  sites:
    1001:
      id: 1001
      document: {Name: on, Address: {HouseNumber: 7, StreetName: Main, City: CARY, StateCode: NC, Zip: 02134}}
      peers:
        500001: {id: 500001, document: {PeerName: desk, IsDefaultPeer: true}}
  numbers:
    9192000000:
      {number: 9192000000, status: Inservice, since: 1.5, changed: 1, order: x, site: 1001, peer: 500001}
  last_site: 1001
  last_peer: 500001
"""
SITE = "document: {Name: on, Address:"
BROKEN = {
    "no store": ("format: reconciler.emulator/1\naccount: 9900000\nstore: 3", "a mapping @ store"),
    "no site": (BY_HAND.replace("numbers:", "applications: {x: 3}\n  numbers:"), "applications"),
    "a site of text": (
        "format: reconciler.emulator/1\naccount: 9900000\nstore: {sites: {1: x}}",
        "sites['1']",
    ),
    "a key twice": (BY_HAND.replace("seed: 0", "seed: 0\n  seed: 1"), "seed comes twice"),
    "another id": (BY_HAND.replace("id: 1001\n", "id: 7\n"), "it has the id 7 @ store.sites['1001']"),
    "an unknown element": (
        BY_HAND.replace(SITE, "document: {Bogus: 1, Name: on, Address:"),
        "Site/Bogus is not allowed",
    ),
    "a short ZIP": (BY_HAND.replace("02134", "2134"), "@ store.sites['1001'].document"),
    "no default": (
        BY_HAND.replace("IsDefaultPeer: true", "IsDefaultPeer: maybe"),
        "peers['500001'].document",
    ),
    "no status": (BY_HAND.replace("status: Inservice", "status: Nope"), "Nope is none of Inservice, Aging"),
    "a broken application": (
        BY_HAND.replace("seed: 0", "applications: {x: {document: {}}}"),
        "applications['x']",
    ),
    "not YAML": ("{", "not YAML"),
    "something else": ("version: 1", "begins with `format: reconciler.emulator/1`"),
    "another account": (BY_HAND.replace("account: 9900000", "account: 1"), "it holds account 1"),
    "an unknown word": (
        BY_HAND.replace("peers:", "pears:"),
        "extra fields found (pears) @ store.sites['1001']",
    ),
    "no number": (BY_HAND.replace("last_site: 1001", "last_site: x"), "expected int @ store.last_site"),
    "a number nowhere": (BY_HAND.replace("peer: 500001}", "peer: 5}"), "a location that is not there"),
}


def world(**options: object) -> World:
    """An emulator with a clock of its own."""
    return World(dict(options))


def test_an_account_outlives_its_emulator(tmp_path: Path) -> None:
    """What was acknowledged is there in the next emulator on the file, ids going on from where they were."""
    data = tmp_path / "account.db"
    first = furnished(data=data)
    first.order(by_area_code(3))
    before = first.emulator.dump()
    first.emulator.close()
    second = world(data=data)
    assert second.emulator.dump() == before
    assert second.made("later", SITES, f"<Site><Name>later</Name>{ADDRESS}</Site>") == "1002"


def test_an_order_is_carried_out_after_a_restart(tmp_path: Path) -> None:
    """An order that was waiting when the emulator ended completes in the next one."""
    data = tmp_path / "account.db"
    first = furnished(data=data, order_seconds=60.0)
    assert first.order(by_area_code(1)).text("OrderStatus") == "RECEIVED"
    first.emulator.close()
    second = World({"data": data, "order_seconds": 60.0}, first.names)
    second.clock.now += 61
    assert len(numbers(second)) == 1
    second.emulator.close()
    assert len(World({"data": data}, first.names).emulator.dump()["numbers"]) == 1


def test_what_is_deleted_stays_deleted(tmp_path: Path) -> None:
    """A deleted object is not in the file either."""
    data = tmp_path / "account.db"
    first = furnished(data=data)
    assert first.call("DELETE", PEER).status == 200
    first.emulator.close()
    assert world(data=data).emulator.dump()["sites"][first.names["site"]]["peers"] == {}


def test_a_killed_emulator_loses_nothing_that_it_answered(tmp_path: Path) -> None:
    """Without being closed, the file has what was written before the process ended."""
    script = (
        "import os, pathlib, sys\nfrom werkzeug.test import Client\n"
        "from reconciler.emulator import Emulator\n"
        "client = Client(Emulator(data=pathlib.Path(sys.argv[1]), site_address='optional'))\n"
        "answer = client.post('/api/accounts/9900000/sites', data='<Site><Name>kept</Name></Site>',"
        " auth=('user', 'password'))\n"
        "os._exit(answer.status_code - 200)"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path / "a.db")], check=False)
    assert ended.returncode == 1
    (site,) = world(data=tmp_path / "a.db").emulator.dump()["sites"].values()
    assert site["document"]["Name"] == "kept"


def test_a_file_is_of_one_account_and_one_emulator(tmp_path: Path) -> None:
    """Another account's file, a file in use, and a file of something else are refused by name."""
    data = tmp_path / "account.db"
    holder = Emulator(data=data)
    with pytest.raises(Unreadable, match=r"account\.db: another emulator has it"):
        Emulator(data=data)
    holder.close()
    with pytest.raises(Unreadable, match="it holds account 9900000, and account 1 is served"):
        Emulator(data=data, account_id="1")
    data.write_text("no database" * 100)
    with pytest.raises(Unreadable, match="not a database"):
        Emulator(data=data)
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE users (name TEXT)")
    other.close()
    with pytest.raises(Unreadable, match="a database of something else"):
        Emulator(data=tmp_path / "other.db")


def test_a_document_is_an_account_and_an_account_a_document(tmp_path: Path) -> None:
    """What `written` writes begins an equal account."""
    first = furnished()
    first.order(by_area_code(2))
    document = tmp_path / "account.yaml"
    document.write_text(first.emulator.written(), encoding="utf-8")
    second = World({"load": document}, first.names)
    assert second.emulator.dump() == first.emulator.dump()
    second.clock.now = first.clock.now
    assert len(numbers(second)) == 2


def test_a_document_may_be_written_by_hand(tmp_path: Path) -> None:
    """Scalars are text as they stand, what is left out has its default, and lists of numbers follow."""
    document = tmp_path / "account.yaml"
    document.write_text(BY_HAND, encoding="utf-8")
    begun = World({"load": document}, {"site": "1001", "peer": "500001"})
    assert begun.call("GET", f"{SITES}/1001").text("Site/Name") == "on"
    assert begun.call("GET", f"{SITES}/1001").text("Site/Address/Zip") == "02134"
    assert numbers(begun) == ["9192000000"]
    assert begun.call("GET", f"{ACCOUNT}/orders?page=1&size=10").status == 200


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_document_is_refused(text: str, message: str, tmp_path: Path) -> None:
    """A document that is no account is refused with the file and the place."""
    document = tmp_path / "account.yaml"
    document.write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable) as refused:
        Emulator(load=document)
    assert str(document) in str(refused.value)
    assert message in str(refused.value)


def test_what_a_document_leaves_out_follows(tmp_path: Path) -> None:
    """Ids follow from keys, counters from ids, and the first location is the default one."""
    document = tmp_path / "account.yaml"
    document.write_text(
        "format: reconciler.emulator/1\naccount: 9900000\nstore:\n  sites:\n    1001:\n"
        "      document: {Name: here}\n      peers: {500001: {document: {PeerName: desk}}}\n"
        "  numbers: {9192000000: {site: 1001, peer: 500001}}\n",
        encoding="utf-8",
    )
    begun = World({"load": document}, {"site": "1001", "peer": "500001"})
    assert numbers(begun) == ["9192000000"]
    assert begun.call("GET", PEER).text("SipPeer/IsDefaultPeer") == "true"
    assert begun.made("next", SITES, f"<Site><Name>next</Name>{ADDRESS}</Site>") == "1002"
    assert (
        begun.made("peer", f"{SITES}/1001/sippeers", "<SipPeer><PeerName>b</PeerName></SipPeer>") == "500002"
    )


def test_what_cannot_be_kept_is_not_done(tmp_path: Path) -> None:
    """When the disk is full a write is answered with 500, and the account is as it was kept."""
    data = tmp_path / "account.db"
    kept = furnished(data=data)
    before, limits = kept.emulator.dump(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        refused = kept.call("POST", SITES, f"<Site><Name>too much</Name>{ADDRESS}</Site>")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert refused.status == 500
    assert b"The emulator failed" in refused.body
    assert kept.emulator.dump() == before
    assert kept.made("now", SITES, f"<Site><Name>now</Name>{ADDRESS}</Site>") == "1002"


def test_a_document_begins_no_account_that_has_begun(tmp_path: Path) -> None:
    """With a file that holds an account, a document to begin with is refused."""
    document, data = tmp_path / "account.yaml", tmp_path / "account.db"
    document.write_text(BY_HAND, encoding="utf-8")
    first = Emulator(load=document, data=data)
    first.close()
    with pytest.raises(Unreadable, match="holds an account already"):
        Emulator(load=document, data=data)
    assert Emulator(data=data).dump() == first.dump()


def test_reading_changes_no_file(tmp_path: Path) -> None:
    """GETs write nothing to the file."""
    data = tmp_path / "account.db"
    kept = furnished(data=data)
    before = (data.stat().st_size, Path(f"{data}-wal").stat().st_size)
    for _ in range(5):
        Client(kept.emulator).get(f"/api{ACCOUNT}/sites", auth=("user", "password"))
    assert (data.stat().st_size, Path(f"{data}-wal").stat().st_size) == before


def test_a_document_is_readable() -> None:
    """The document is YAML in which names, ids and numbers are seen."""
    begun = furnished()
    begun.order(by_area_code(1))
    whole = yaml.safe_load(begun.emulator.written())
    assert (whole["format"], whole["account"]) == ("reconciler.emulator/1", "9900000")
    (site,) = whole["store"]["sites"].values()
    assert site["document"]["Name"] == "main"
