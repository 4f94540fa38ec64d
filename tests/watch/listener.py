"""A webhook on loopback, as an alarm target."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event


class Listener(HTTPServer):
    """A webhook that answers what it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hook)
        self.heard: list[str] = []
        self.answer = 200
        self.asked = 0
        self.meanwhile: Callable[[], object] | None = None
        """Called before the first answer."""
        self.drips = Event()
        """An answer that does not end while it is set."""

    @property
    def target(self) -> str:
        return f"json://127.0.0.1:{self.server_port}/hook"


class Hook(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        self.server.asked += 1
        if (meanwhile := self.server.meanwhile) is not None:
            self.server.meanwhile = None
            meanwhile()
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.answer == 200:
            self.server.heard.append(body["message"])
        self.send_response(self.server.answer)
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        while self.server.drips.is_set():
            self.wfile.write(b".")
            time.sleep(0.02)

    def do_CONNECT(self) -> None:
        """As a proxy that leads nowhere."""
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silent."""
