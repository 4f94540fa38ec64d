"""A reading room on loopback, and a browser without one: raw requests."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message

from crawler.serve.server import Serving, application, listening, server


@dataclass(frozen=True, slots=True)
class Page:
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True, slots=True)
class Open:
    """A room that is open."""

    port: int

    def get(self, path: str, method: str = "GET", **headers: str) -> Page:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return Page(answer.status, answer.headers, answer.read())
        finally:
            connection.close()


@contextmanager
def opened(url: str, *, password: str | None = None, seconds: float = 10.0) -> Iterator[Open]:
    """A room at a free port, in a thread."""
    serving = Serving(url=url, host="127.0.0.1", port=0, password=password, seconds=seconds)
    running = server(application(serving))
    with listening(serving.host, serving.port) as listener:
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        while not running.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield Open(listener.getsockname()[1])
        finally:
            running.should_exit = True
            thread.join()
