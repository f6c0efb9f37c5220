"""An emulator of the Bandwidth Dashboard API: the same documents, rules and errors, in memory.

`Emulator` is a WSGI application; `serve` puts it on a socket. It shares no code with the client.
"""

from reconciler.emulator.app import Emulator
from reconciler.emulator.faults.dropped import Dropped
from reconciler.emulator.faults.fault import Fault
from reconciler.emulator.limits.rate import Rate
from reconciler.emulator.log import Exchange
from reconciler.emulator.records import Unreadable
from reconciler.emulator.server import Server, serve
from reconciler.emulator.settings import Settings

__all__ = ["Dropped", "Emulator", "Exchange", "Fault", "Rate", "Server", "Settings", "Unreadable", "serve"]
