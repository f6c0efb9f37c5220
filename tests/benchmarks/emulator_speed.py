"""How fast the emulator is: small GETs a second over one kept-alive connection, and calls in process.

Run by `make bench`. Server and client share one core, where the system can pin them to it, so the figure
is of both together; it is printed, not asserted.
"""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable

from werkzeug.test import Client

from reconciler.emulator import Emulator

GETS = 6000
PATH = "/api/accounts/9900000/applications"
BASIC = base64.b64encode(b"user:password").decode()
REQUEST = f"GET {PATH} HTTP/1.1\r\nHost: emulator\r\nAuthorization: Basic {BASIC}\r\n\r\n".encode()
SITE = "<Site><Name>a</Name></Site>"
BUY = (
    "<Order><AreaCodeSearchAndOrderType><AreaCode>919</AreaCode><Quantity>1</Quantity>"
    "</AreaCodeSearchAndOrderType><SiteId>1001</SiteId></Order>"
)


def _per_second(count: int, act: Callable[[], object]) -> float:
    started = time.perf_counter()
    for _ in range(count):
        act()
    return count / (time.perf_counter() - started)


def over_a_socket() -> float:
    """GETs of an empty list of applications a second, one connection, answer awaited before the next."""
    command = [sys.executable, "-m", "reconciler", "emulator", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline().rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as wire:
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

            def get() -> None:
                wire.sendall(REQUEST)
                assert wire.recv(65536).startswith(b"HTTP/1.1 200 ")

            _per_second(GETS // 10, get)
            found = _per_second(GETS, get)
        server.terminate()
    return found


def in_process() -> tuple[float, float]:
    """Reads of an account and orders a second, without a socket, in an account that grows by each."""
    client = Client(Emulator(site_address="optional", order_seconds=0.0))
    root, headers = "/api/accounts/9900000", {"Authorization": f"Basic {BASIC}"}
    client.post(f"{root}/sites", data=SITE, headers=headers)
    client.post(
        f"{root}/sites/1001/sippeers", data="<SipPeer><PeerName>a</PeerName></SipPeer>", headers=headers
    )
    orders = _per_second(2000, lambda: client.post(f"{root}/orders", data=BUY, headers=headers))
    return _per_second(GETS, lambda: client.get(PATH, headers=headers)), orders


def main() -> None:
    """Prints the figures."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(f"over a socket: {over_a_socket():,.0f} GETs a second")
    reads, orders = in_process()
    print(f"in process: {reads:,.0f} GETs and {orders:,.0f} orders a second")


if __name__ == "__main__":
    main()
