"""A ledger in a directory and one on a real S3 server process on loopback, as fixtures."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import obstore
import pytest
from obstore.store import from_url

from reconciler.ledger.store import Store, open_store

BUCKET = "ledgers"
PROCESS = Path(__file__).with_name("s3_process.py")
KINDS = ("directory", "s3")


@dataclass(frozen=True)
class Place:
    """Where a ledger is, as the command line would be told: a URL and an environment."""

    url: str
    environ: Mapping[str, str]

    def store(self) -> Store:
        """The ledger."""
        return open_store(self.url, self.environ)


@dataclass(frozen=True)
class Server:
    """A running S3 server with one bucket."""

    environ: Mapping[str, str]

    def place(self) -> Place:
        """An empty ledger, with a prefix of its own."""
        return Place(f"s3://{BUCKET}/{uuid.uuid4().hex}/team a", self.environ)

    def write(self, url: str, key: str, text: bytes) -> None:
        """Store an object as it is, be it torn."""
        config: Any = dict(self.environ)
        del config["AWS_ALLOW_HTTP"]
        obstore.put(from_url(url, config=config, client_options={"allow_http": True}), key, text)


@contextmanager
def started() -> Iterator[Server]:
    """A server with its bucket, until the end of the block."""
    here = {**os.environ, "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, str(PROCESS)]
    with subprocess.Popen(command, env=here, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout
        port = int(process.stdout.readline())
        environ = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "someone",
            "AWS_SECRET_ACCESS_KEY": "made up",
            "AWS_REGION": "us-east-1",
        }
        try:
            httpx.put(f"{environ['AWS_ENDPOINT_URL']}/{BUCKET}").raise_for_status()
            yield Server(environ)
        finally:
            process.kill()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[Server]:
    """One server for all tests of a process, started where a test asks for it."""
    with started() as server:
        yield server


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where an empty ledger is: a directory that is not there yet, then a prefix of a bucket."""
    if request.param == "directory":
        return Place(str(tmp_path / "made" / "ledger"), {})
    server: Server = request.getfixturevalue("s3_server")
    return server.place()


@pytest.fixture
def store(place: Place) -> Store:
    """An empty ledger in each kind of place."""
    return place.store()
