"""The control endpoint: off unless asked for, and all that it does, as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from caller import ORDERS, SITES, World, by_area_code, furnished, numbers
from werkzeug.test import Client
from worlds import SITE

from reconciler.emulator.control import CONTROLS

ROOT = "/_emulator"


def controlled(world: World, method: str, name: str, document: Any = None, **headers: Any) -> tuple[int, Any]:
    """A request to the control endpoint, to its status and what it says."""
    sent = {"json": document} if method == "POST" else {}
    reply = Client(world.emulator).open(f"{ROOT}/{name}", method=method, **{**sent, **headers})
    return reply.status_code, reply.get_json(silent=True)


def steered(**options: Any) -> World:
    """A furnished account with its control endpoint on."""
    return furnished(control=True, **options)


def test_it_is_off_unless_asked_for() -> None:
    """Without the option nothing is there, and the request is logged like any other."""
    world = furnished()
    assert controlled(world, "GET", "dump")[0] == 404
    assert world.emulator.log[-1].path == f"{ROOT}/dump"
    assert world.call("GET", f"{ROOT}/dump", prefix="").text("ResponseStatus/Description") == (
        f"The emulator does not serve {ROOT}/dump; start it with --control"
    )


def test_it_lists_what_it_does() -> None:
    """The root names every call with a sentence."""
    status, listed = controlled(steered(), "GET", "")
    assert status == 200
    assert [each["call"] for each in listed] == [f"{method} {ROOT}/{name}" for method, name in CONTROLS]
    assert all(each["about"] for each in listed)


@pytest.mark.parametrize("key", [key for key, each in CONTROLS.items() if each.example is not None], ids=str)
def test_every_example_is_taken(key: tuple[str, str]) -> None:
    """Each document that is shown by way of example is accepted."""
    method, name = key
    world = steered()
    world.order(by_area_code())
    example = {"release": list(world.emulator.dump()["numbers"])}.get(name, CONTROLS[key].example)
    assert controlled(world, method, name, example)[0] == 200


def test_faults_are_set_seen_and_cleared() -> None:
    """One fault, several, and a document of faults are added; each is told with its counts."""
    world = steered()
    controlled(world, "POST", "faults", "refuse GET sites")
    controlled(world, "POST", "faults", [{"what": "drop-after", "method": "POST"}])
    controlled(world, "POST", "faults", {"faults": ["lag=3"]})
    assert [world.call("GET", SITES).status for _ in range(2)] == [503, 503]
    _, told = controlled(world, "GET", "faults")
    assert [each["fault"]["what"] for each in told] == ["refuse", "drop-after", "lag"]
    assert told[0] == {"fault": {"what": "refuse", "method": "GET", "path": "sites"}, "met": 2, "happened": 2}
    assert controlled(world, "DELETE", "faults") == (200, [])
    assert world.call("GET", SITES).status == 200


def test_other_sorts_of_orders_can_be_let_down() -> None:
    """A disconnect that may reach one number of two is PARTIAL."""
    world = steered()
    world.order(by_area_code(2))
    controlled(world, "POST", "orders/deliver", {"disconnects": 1})
    listed = "".join(f"<TelephoneNumber>{number}</TelephoneNumber>" for number in numbers(world))
    world.made(
        "gone",
        "/accounts/9900000/disconnects",
        "<DisconnectTelephoneNumberOrder><DisconnectTelephoneNumberOrderType><TelephoneNumberList>"
        f"{listed}</TelephoneNumberList></DisconnectTelephoneNumberOrderType></DisconnectTelephoneNumberOrder>",
    )
    world.clock.now += 1
    reply = world.call("GET", "/accounts/9900000/disconnects/{gone}")
    assert reply.text("OrderStatus") == "PARTIAL"
    assert len(numbers(world)) == 1


def status_of(world: World) -> str | None:
    """An order of three numbers is placed, a second passes; its status."""
    return world.order(by_area_code(3)).text("OrderStatus")


def test_outcomes_of_the_next_orders() -> None:
    """The next orders get as many numbers as said, one after the other."""
    world = steered()
    assert controlled(world, "POST", "orders/deliver", [0, 2])[0] == 200
    assert [status_of(world) for _ in range(3)] == ["FAILED", "PARTIAL", "COMPLETE"]


def test_orders_are_held_and_go_on() -> None:
    """Held orders stay RECEIVED until they are released."""
    world = steered()
    controlled(world, "POST", "orders/hold", document=True)
    assert status_of(world) == "RECEIVED"
    controlled(world, "POST", "orders/hold", document=False)
    assert world.call("GET", f"{ORDERS}/{{order}}").text("OrderStatus") == "COMPLETE"


def test_a_back_order_is_filled_when_numbers_come() -> None:
    """What was short comes on sale, and the back-order is complete."""
    world = steered()
    controlled(world, "POST", "orders/deliver", 1)
    back = "<BackOrderRequested>true</BackOrderRequested>"
    assert world.order(by_area_code(3), extra=back).text("OrderStatus") == "BACKORDERED"
    controlled(world, "POST", "orders/restock", {})
    assert world.call("GET", f"{ORDERS}/{{order}}").text("OrderStatus") == "COMPLETE"


def test_inventory_runs_out_and_is_filled() -> None:
    """Codes have as many numbers as said, and others stay as they were."""
    world = steered(inventory={"984": 1})
    assert controlled(world, "POST", "inventory", {"919": 2}) == (200, {"984": 1, "919": 2})
    assert status_of(world) == "PARTIAL"
    controlled(world, "POST", "inventory", {"919": 50})
    assert status_of(world) == "COMPLETE"


def test_a_number_is_given_up() -> None:
    """A number that is released is gone from its location."""
    world = steered()
    world.order(by_area_code(2))
    kept, gone = numbers(world)
    assert controlled(world, "POST", "release", gone)[0] == 200
    assert numbers(world) == [kept]
    assert controlled(world, "POST", "release", gone) == (400, {"error": f"{gone} is not in service"})


def test_time_passes() -> None:
    """Seconds pass at once: an order is carried out, and the clock of the answers is ahead."""
    world = steered(order_seconds=3600)
    assert status_of(world) == "RECEIVED"
    _, before = controlled(world, "GET", "time")
    assert controlled(world, "POST", "time", 3600) == (200, {"now": before["now"] + 3600})
    assert world.call("GET", f"{ORDERS}/{{order}}").text("OrderStatus") == "COMPLETE"


def test_it_dumps_and_begins_again() -> None:
    """The account can be seen whole, and made as it was at the start, first faults included."""
    world = World({"control": True, "faults": ["refuse POST nth=2"], "inventory": {"919": 1}})
    world.call("POST", SITES, SITE)
    controlled(world, "POST", "inventory", {"919": 7})
    controlled(world, "POST", "faults", "forbidden")
    _, dump = controlled(world, "GET", "dump")
    assert len(dump["sites"]) == 1
    assert controlled(world, "POST", "reset", {})[0] == 200
    assert controlled(world, "GET", "dump")[1] == World().emulator.dump()
    assert world.emulator.settings.inventory == {"919": 1}
    assert [world.call("POST", SITES, SITE).status for _ in range(3)] == [201, 503, 201]


def test_the_account_is_written_as_a_document(tmp_path: Path) -> None:
    """What is given as YAML is what another emulator begins with."""
    world = steered()
    reply = Client(world.emulator).get(f"{ROOT}/document")
    assert (reply.status_code, reply.mimetype, reply.text) == (200, "text/yaml", world.emulator.written())
    (tmp_path / "account.yaml").write_bytes(reply.data)
    assert World({"load": tmp_path / "account.yaml"}).emulator.dump() == world.emulator.dump()


@pytest.mark.parametrize("name", [name for (_, name), each in CONTROLS.items() if each.example is None])
def test_a_call_without_a_document_needs_no_body(name: str) -> None:
    """`curl -X POST` is enough; a browser on another site, which says where it is, is refused."""
    (method, *_) = [method for method, of in CONTROLS if of == name]
    caller = Client(steered().emulator)
    assert caller.open(f"{ROOT}/{name}", method=method).status_code == 200
    told = caller.post(f"{ROOT}/{name}", headers={"Origin": "https://evil.example"})
    assert told.status_code in {400, 405}


def test_the_log_can_be_read() -> None:
    """Requests and answers are told from a serial number on; control requests are not among them."""
    world = World({"control": True, "faults": ["drop-after GET nth=2"]})
    world.call("POST", SITES, SITE)
    world.call("GET", SITES)
    _, told = controlled(world, "GET", "log")
    assert [(each["serial"], each["method"], each["status"]) for each in told] == [
        (0, "POST", 201),
        (1, "GET", 200),
    ]
    assert told[0]["request"] == SITE
    assert "authorization" not in told[0]
    assert [each["fault"] for each in told] == ["", ""]
    assert [each["serial"] for each in controlled(world, "GET", "log?since=1")[1]] == [1]


WRONG: tuple[tuple[str, str, Any, int], ...] = (
    ("POST", "faults", "explode", 400),
    ("POST", "faults", 3, 400),
    ("POST", "faults", {"what": "refuse", "when": "now"}, 400),
    ("POST", "orders/deliver", -1, 400),
    ("POST", "orders/deliver", True, 400),
    ("POST", "orders/deliver", {"parties": 1}, 400),
    ("POST", "orders/hold", "yes", 400),
    ("POST", "inventory", {"919": "many"}, 400),
    ("POST", "inventory", 3, 400),
    ("POST", "inventory", {"9199": 3}, 400),
    ("POST", "inventory", {"919": -3}, 400),
    ("POST", "time", float("inf"), 400),
    ("POST", "orders/deliver", None, 400),
    ("POST", "time", "1", 400),
    ("POST", "time", -1, 400),
    ("GET", "log?since=x", None, 400),
    ("POST", "dump", {}, 405),
    ("GET", "nothing", None, 404),
)


@pytest.mark.parametrize(("method", "name", "document", "status"), WRONG, ids=str)
def test_what_makes_no_sense_is_refused(method: str, name: str, document: Any, status: int) -> None:
    """A wrong document, method or name is refused in words, and nothing is changed."""
    world = steered()
    before = world.emulator.dump()
    found, said = controlled(world, method, name, document)
    assert found == status
    assert said["error"]
    assert (world.emulator.dump(), len(world.emulator.faults)) == (before, 0)


@pytest.mark.parametrize("sent", [{"data": "{}"}, {"data": "{", "content_type": "application/json"}], ids=str)
def test_only_json_is_taken(sent: dict[str, Any]) -> None:
    """A form, as any page can send it, or broken JSON, is refused."""
    reply = Client(steered().emulator).post(f"{ROOT}/reset", **sent)
    assert reply.status_code == 400
    assert json.loads(reply.data)["error"]


@pytest.mark.parametrize(
    ("name", "shown"), [("inventory", '{"919": 3}'), ("orders/hold", "true"), ("reset", "{}")]
)
def test_a_body_that_is_no_json_is_told_how_to_send_one(name: str, shown: str) -> None:
    """The refusal has the header that is missing, and the call's own example."""
    reply = Client(steered().emulator).post(f"{ROOT}/{name}", data={"a": "b"})
    error = f"send it with Content-Type: application/json, as {shown}"
    assert (reply.status_code, reply.get_json()) == (400, {"error": error})


def test_a_browser_led_here_by_another_name_is_refused() -> None:
    """On loopback the Host must be this machine's: a name of somebody else's may have been pointed here."""
    world = steered(hosts=["Emulator"])
    hosts = {"localhost:8080": 200, "127.0.0.1": 200, "emulator:8080": 200, "evil.example": 403}
    for host, status in hosts.items():
        sent = {"headers": {"Host": host}, "environ_base": {"REMOTE_ADDR": "127.0.0.1"}}
        found, said = controlled(world, "GET", "time", **sent)
        assert (found, "--allow-host NAME" in said.get("error", "")) == (status, status == 403)
