"""Bandwidth's own SDKs, as their registries serve them: each through a whole flow against the emulator.

A flow is a program of its own, in its client's language and environment, that prints what the client
understood of the answers; see `official_clients/`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from node import CACHE, INSTALLED

from reconciler.emulator import Emulator, Exchange, serve

pytestmark = pytest.mark.full

INSTALLED_CLIENTS = CACHE / "clients"
FLOWS = Path(__file__).parent / "official_clients"
COMPARED_ELSEWHERE = {"application", "sites", "location", "delivered", "numbers", "left"}


@dataclass(frozen=True)
class Client:
    """An SDK: its name and version, the program that drives it, and what only it makes of failures.

    refused: the last word of the path and the error code of each call that the emulator refuses.
    """

    name: str
    command: Sequence[Path]
    environ: Mapping[str, str]
    failures: Mapping[str, Any]
    refused: Sequence[tuple[str, bytes]]


CLIENTS = (
    Client(
        "bandwidth-numbers-sdk 1.2.0",
        (INSTALLED_CLIENTS / "python" / "bin" / "python", FLOWS / "python_flow.py"),
        {},
        {
            "without_numbers": ["RECEIVED", "RECEIVED", "FAILED"],
            "refused": "5016 Iris error: The SiteId submitted is invalid.",
        },
        [("orders", b"5016")],
    ),
    Client(
        "@bandwidth/numbers 2.0.0",
        (INSTALLED, FLOWS / "node_flow.cjs"),
        {"NODE_PATH": str(INSTALLED_CLIENTS / "node_modules")},
        # It throws on a 200 with an error list, and does not read the body of a 400.
        {"without_numbers": "5018", "refused": "400", "with_site_id": "400"},
        [("sippeers", b"1005"), ("orders", b"5016")],
    ),
)


@dataclass(frozen=True)
class Run:
    """What a client saw, what the account holds afterwards, and what went over the wire."""

    client: Client
    seen: Mapping[str, Any]
    account: Mapping[str, Any]
    log: Sequence[Exchange]


@pytest.fixture(scope="module", params=CLIENTS, ids=lambda client: client.name)
def run(request: pytest.FixtureRequest) -> Run:
    """One client's flow against an empty, strict account; its orders are RECEIVED for one look."""
    client: Client = request.param
    if not INSTALLED_CLIENTS.exists():
        pytest.fail(f"{INSTALLED_CLIENTS} is not there: `make test-full` makes it, from PyPI and npm")
    emulator = Emulator(order_looks=1, inventory={"212": 0})
    with serve(emulator) as server:
        arguments = (f"{server.url}/api", "9900000", "user", "password", "919", "212")
        ran = subprocess.run(
            [*client.command, *arguments],
            env={"PATH": os.environ["PATH"], **client.environ},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr
    return Run(client, json.loads(ran.stdout), emulator.dump(), tuple(emulator.log))


def test_a_client_understands_every_answer(run: Run) -> None:
    """The client's own parser finds the ids, names, statuses and errors of the whole flow."""
    (application,) = run.account["applications"]
    polled = ["RECEIVED", "RECEIVED", "COMPLETE"]
    assert {name: value for name, value in run.seen.items() if name not in COMPARED_ELSEWHERE} == {
        "client": run.client.name,
        "applications": ["inbox"],
        "protocol": ["HTTP"],
        "assigned": [application],
        "order": polled,
        "disconnect": polled,
        "gone": "Aging",
        **run.client.failures,
    }


def test_the_account_holds_what_the_client_saw(run: Run) -> None:
    """Application, sub-account and location of the account are those that the client was told of."""
    ((application, document),) = run.account["applications"].items()
    (site,) = run.account["sites"].values()
    (peer,) = site["peers"].values()
    assert run.seen["application"] == application == peer["application"]
    assert document["AppName"] == "inbox"
    assert run.seen["sites"] == [[site["id"], "production"]]
    assert run.seen["location"] == [peer["id"], "support", "true"]
    assert peer["sms"] is not None


def test_a_disconnected_number_is_gone_for_the_client(run: Run) -> None:
    """The client lists both ordered numbers, gives the first up, and then lists the second alone."""
    (site,) = run.account["sites"].values()
    (peer,) = site["peers"].values()
    first, second = run.seen["delivered"]
    assert first.startswith("919")
    assert run.seen["numbers"] == {"at_location": [first, second], "in_account": [first, second]}
    assert run.seen["left"] == {"at_location": [second], "in_account": [second]}
    assert peer["numbers"] == [second]
    assert run.account["numbers"][first]["status"] == "Aging"


def test_strict_refuses_what_no_document_has_and_nothing_else(run: Run) -> None:
    """Basic lets every call in; refused are an order at no sub-account, and an element out of place."""
    refused = [
        (exchange.path.rpartition("/")[2], *re.findall(rb"<(?:Error)?Code>(\d+)<", exchange.response))
        for exchange in run.log
        if exchange.status >= 400
    ]
    assert refused == run.client.refused
    assert {exchange.authorization.partition(" ")[0] for exchange in run.log} == {"Basic"}
