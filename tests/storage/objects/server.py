"""A real S3 server on loopback, and a proxy before it that makes the faults of a network and of a store."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import ClassVar

from tests.surroundings import free_port

BUCKET = "captures"


@dataclass
class Fault:
    """What happens to the next requests of a method for a path that ends so."""

    kind: str
    """500, cut (in the middle of the answer), cut_body (in the middle of what is sent), slow, drip (a header
    every tenth of a second), lost (done, not answered), corrupt (a byte on its way there), corrupt_answer (a
    byte on its way back), short_answer, hang_up (no answer at all), or a status and the store's own word for
    it: 403 AccessDenied."""
    method: str
    times: int
    ending: str = ".warc.gz"


@dataclass
class Plan:
    """The faults that are still to come, and what was asked."""

    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    slow_s: float = 3.0
    _lock: Lock = field(default_factory=Lock)

    def next(self, method: str, path: str) -> str | None:
        with self._lock:
            self.asked.append(f"{method} {path}")
            for one in self.faults:
                if one.method == method and one.times > 0 and path.partition("?")[0].endswith(one.ending):
                    one.times -= 1
                    return one.kind
        return None

    @property
    def all_came(self) -> bool:
        return all(one.times == 0 for one in self.faults)


@contextmanager
def s3_server() -> Iterator[int]:
    """The port of a server of its own process."""
    port = free_port()
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "MOTO_S3_CUSTOM_ENDPOINTS": ""}
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, **quiet) as server:  # type: ignore[call-overload]
        try:
            _wait_for(port)
            call(port, "PUT", f"/{BUCKET}")
            yield port
        finally:
            server.terminate()


def call(port: int, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
    """One request past every driver: what the server holds, to look at and to spoil."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    auth = (
        "AWS4-HMAC-SHA256 Credential=key/20261126/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
    )
    connection.request(method, path, body, {"Authorization": auth})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, data


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the S3 server did not start")


@contextmanager
def faulty(behind: int, plan: Plan) -> Iterator[int]:
    """The port of a proxy before the server."""
    handler = type("Handler", (_Handler,), {"plan": plan, "behind": behind})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    plan: ClassVar[Plan]
    behind: ClassVar[int]

    def _any(self) -> None:
        fault = self.plan.next(self.command, self.path)
        length = int(self.headers.get("Content-Length") or 0)
        if fault == "cut_body":
            self.rfile.read(length // 2)
            return self._hang_up()
        body = self.rfile.read(length)
        if fault == "500":
            return self._answer(500, [], b"<Error><Code>InternalError</Code></Error>")
        if fault == "hang_up":
            return self._hang_up()
        if fault is not None and fault[:3].isdecimal():
            status, _, word = fault.partition(" ")
            return self._answer(int(status), [], f"<Error><Code>{word}</Code></Error>".encode())
        if fault == "drip":
            return self._drip()
        if fault == "slow":
            time.sleep(self.plan.slow_s)
        if fault == "corrupt":
            body = body[:-1] + bytes([body[-1] ^ 1])
        status, headers, data = self._asked(body)
        if fault == "lost":
            return self._hang_up()
        if fault == "corrupt_answer":
            data = data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]
        if fault == "short_answer":
            data = data[: len(data) // 2]
            headers = [(key, value) for key, value in headers if key.lower() != "content-length"]
        if fault == "cut":
            self._answer(status, headers, data, sent=len(data) // 2)
            return self._hang_up()
        return self._answer(status, headers, data)

    do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _any  # noqa: N815

    def _asked(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.behind, timeout=60)
        dropped = {"connection", "expect", "content-length", "transfer-encoding"}
        headers = {key: value for key, value in self.headers.items() if key.lower() not in dropped}
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        kept = [
            (key, value)
            for key, value in answer.getheaders()
            if key.lower() not in {"connection", "transfer-encoding"}
        ]
        connection.close()
        return answer.status, kept, data

    def _answer(
        self, status: int, headers: list[tuple[str, str]], data: bytes, sent: int | None = None
    ) -> None:
        try:
            self.send_response_only(status)
            for key, value in headers:
                self.send_header(key, value)
            if not any(key.lower() == "content-length" for key, _ in headers):
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data if sent is None else data[:sent])
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _drip(self) -> None:
        self.close_connection = True
        self.send_response_only(200)
        with suppress(OSError):  # whoever asked hangs up in the end
            while True:
                self.send_header("X-Amz-Drop", "1")
                self.flush_headers()
                time.sleep(0.1)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def handle_expect_100(self) -> bool:
        self.send_response_only(100)
        self.end_headers()
        return True

    def log_message(self, *_: object) -> None:
        """Quiet."""
