"""The twin as a server on loopback, and its controls for tests."""

from __future__ import annotations

import socket
import threading
import time
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit

from twin import control
from twin.playing import Playing, Request
from twin.reply import Reply, http_date
from twin.world import DEFAULT_SEED

IDLE_SECONDS = 60.0
"""How long a kept-alive connection may be silent."""


class Twin(Playing):
    """Both sites on one loopback port, told apart by the Host header.

    The other arguments are those of ``Playing``.
    """

    def __init__(
        self,
        port: int = 0,
        scenario: str = "calm",
        now: datetime | None = None,
        pages: Path | str | None = None,
        articles: int = 360,
        seed: int = DEFAULT_SEED,
        host: str = "127.0.0.1",
        memory: timedelta | None = None,
        page_kb: float | None = None,
    ) -> None:
        super().__init__(scenario, now, pages, articles, seed, memory, page_kb)
        self._address = (host, port)
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> Twin:
        """Listen. Raises OSError when the port is taken."""
        self._server = _Server(self._address, self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening and close every connection."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()
        self._server = self._thread = None

    def __enter__(self) -> Twin:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port that is listened on. Raises RuntimeError before ``start``."""
        if self._server is None:
            raise RuntimeError("The twin has not been started.")
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT``."""
        return f"http://{self._address[0]}:{self.port}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], twin: Twin) -> None:
        self.twin = twin
        self.connections: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def hang_up(self) -> None:
        """Close what clients have kept alive, so that no handler thread outlives the twin."""
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # the client has gone already: nothing is left to close
                self.connections.discard(connection)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, TimeoutError):  # the client hung up: its right, and no news
            self.close_connection = True

    def do_GET(self) -> None:
        self._respond()

    def do_HEAD(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def _respond(self) -> None:
        at = time.monotonic()
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        target = urlsplit(self.path)
        host = (target.hostname or self.headers.get("Host") or "").partition(":")[0].lower()
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(target.query, keep_blank_values=True))
        twin = self.server.twin
        if control.is_control(host, target.path):
            reply = control.answer(twin, self.command, target.path, query)
        else:
            reply = twin.world.answer(host, target.path, query, headers)
            whole = f"{target.path}?{target.query}" if target.query else target.path
            twin.requests.append(
                Request(
                    at=at, host=host, path=whole, method=self.command, headers=headers, status=reply.status
                )
            )
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        if reply.wait:
            time.sleep(reply.wait)
        self.send_response_only(reply.status)
        self.send_header("Date", http_date(self.server.twin.now))
        self.send_header("Server", "newsarchive-twin")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 304:
            self.send_header("Content-Length", str(reply.length))
        cut = reply.promised is not None and reply.promised > len(reply.body)
        if cut:
            self.close_connection = True
            self.send_header("Connection", "close")
        with_body = self.command != "HEAD" and reply.status != 304
        self._headers_buffer.append(b"\r\n" + (reply.body if with_body else b""))  # type: ignore[attr-defined]
        self.flush_headers()
        for _ in range(reply.repeat - 1 if with_body else 0):
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """The request log is ``Twin.requests``; nothing goes to the terminal."""
