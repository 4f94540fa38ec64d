"""A site that says what it is given to say, and 404 to all else."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar


class _Site(BaseHTTPRequestHandler):
    pages: ClassVar[Mapping[str, bytes]]

    def do_GET(self) -> None:
        body = self.pages.get(self.path, b"")
        kind = "text/html; charset=utf-8" if b"<html" in body[:200] else "application/xml"
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Quiet."""


@contextmanager
def served(pages: Mapping[str, bytes]) -> Iterator[str]:
    """The address of a server on loopback. Path -> body."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Site", (_Site,), {"pages": pages}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()
