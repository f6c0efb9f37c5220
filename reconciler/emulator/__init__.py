"""An emulator of the Bandwidth Dashboard API: the same documents, rules and errors, in memory.

`Emulator` is a WSGI application; `serve` puts it on a socket. It shares no code with the client.
"""

from reconciler.emulator.app import Emulator, Exchange
from reconciler.emulator.server import Server, serve
from reconciler.emulator.settings import Settings

__all__ = ["Emulator", "Exchange", "Server", "Settings", "serve"]
