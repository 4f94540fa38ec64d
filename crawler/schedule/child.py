"""Crawls as processes of their own: each its own session, a time to end in, a time to be killed."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K")

log = logging.getLogger("newsarchive")

GRACE_S = 45.0
"""Seconds between SIGTERM and SIGKILL: a request in flight takes 30 at most (DOWNLOAD_TIMEOUT)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildEnd:
    """How the process ended."""

    code: int
    """Its exit code; negative: the signal that ended it."""
    stopped: str | None = None
    """Why we ended it, None when it ended by itself."""


class Child:
    """A running crawl. The process outlives a killed scheduler and ends its slot itself."""

    def __init__(self, command: Sequence[str], kill_after_s: float, grace_s: float = GRACE_S) -> None:
        self._kill_after_s = kill_after_s
        self._grace_s = grace_s
        self._stopped: str | None = None
        # A session of its own: a terminal's Ctrl-C reaches the scheduler alone, which then asks politely.
        self._process = subprocess.Popen(  # noqa: S603
            list(command), stdin=subprocess.DEVNULL, start_new_session=True
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait(self) -> ChildEnd:
        """Wait for the end; after the time given SIGTERM, after the grace SIGKILL."""
        try:
            code = self._process.wait(self._kill_after_s)
        except subprocess.TimeoutExpired:
            self.terminate(f"it had run for {self._kill_after_s:g} s, its kill_after")
            code = self._last_wait()
        return ChildEnd(code=code, stopped=self._stopped)

    def _last_wait(self) -> int:
        try:
            return self._process.wait(self._grace_s)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._process.wait()

    def terminate(self, reason: str) -> None:
        """Ask the crawl to end. Once: Scrapy takes a second SIGTERM as an order to drop everything."""
        if self._stopped is None and self._process.poll() is None:
            self._stopped = reason
            log.warning("the crawl of process %d is told to end: %s", self.pid, reason)
            self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once; what it leaves is taken up by the next run."""
        if self._process.poll() is None:
            log.warning("the crawl of process %d did not end in time and is killed", self.pid)
            self._stopped = f"{self._stopped or 'the scheduler ended'}; killed after the grace"
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            log.debug("process %d had ended already", self.pid)


class Children(Generic[K]):
    """The running crawls of one process, which end when it does.

    Args:
        stop: set when the process is told to stop.
        why: what its crawls are told then.
    """

    def __init__(self, stop: threading.Event, why: str) -> None:
        self._stop, self._why = stop, why
        self._running: dict[K, Child] = {}

    @property
    def running(self) -> Collection[K]:
        return list(self._running)

    def crawl(self, key: K, source: str, command: Sequence[str], kill_after_s: float) -> ChildEnd:
        """Start a crawl and wait for its end; code 127, a shell's, where it cannot be started."""
        try:
            child = Child(command, kill_after_s)
        except OSError as error:
            log.error("the crawl of %s cannot be started: %s", source, error.strerror)
            return ChildEnd(code=127)
        self._running[key] = child
        try:
            if self._stop.is_set():
                child.terminate(self._why)
            return child.wait()
        finally:
            del self._running[key]

    def end(self, within_s: float) -> None:
        """Ask the running crawls to end, kill those that do not in time. Blocking."""
        for child in list(self._running.values()):
            child.terminate(self._why)
        deadline = time.monotonic() + within_s
        while self._running and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in list(self._running.values()):
            child.kill()
