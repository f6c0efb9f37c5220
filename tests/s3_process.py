"""Moto's S3 as a process: `python tests/s3_process.py` serves on a free port of loopback and prints it.

S3 itself carries a conditional create out atomically. Moto looks for the object and stores the new one in two
steps and in threads, so that two creates can both succeed: here it serves one request at a time.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from threading import Lock
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

ANSWER_LOST = "answer-lost"


class OneAtATime:
    """A WSGI application that serves one request at a time.

    The first PUT to a path that has ANSWER_LOST in it is carried out, and answered 500.
    """

    def __init__(self, application: Any) -> None:
        self._application = application
        self._lock = Lock()
        self._lost: set[str] = set()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve a request (PEP 3333)."""
        path = environ["PATH_INFO"]
        with self._lock:
            if environ["REQUEST_METHOD"] == "PUT" and ANSWER_LOST in path and path not in self._lost:
                self._lost.add(path)
                list(self._application(environ, lambda *_: None))
                start_response("500 Internal Server Error", [("Content-Length", "0")])
                return []
            return list(self._application(environ, start_response))


if __name__ == "__main__":
    served = OneAtATime(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, served, threaded=True, request_handler=MotoRequestHandler)
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()
