"""A run has an end of its own: when nothing moves in it any more, it is ended from a thread of its own.

The thread asks the boundary how long nothing has ended. First the event loop is told to end the run; where
that does not come to an end (a stage holds the loop itself, or does not end when told to), the run is closed
from here and the process left. It also leaves a process that has said no to all further work: a thread made
for it then may not be had any more, or hang at its start (CPython 3.11 waits for a new thread's first word,
and one whose first lines find no memory never says it).
"""

from __future__ import annotations

import _thread
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from crawler.configuration.exit_codes import REFUSED
from crawler.run.boundary import Boundary

log = logging.getLogger("newsarchive")

LIMIT_S = 600.0
"""No stage has ended for so long and no declared wait is running: the longest honest stage is a WARC file
recovered after a kill or a database that is waited for, both under a minute (2026-11-25); ten times that."""
GRACE_S = 20.0
"""From a standstill to the end of the process, come what may; as long as after a refusal."""

LOOK_S = 1.0
"""So often the watch looks up: our choice; a look takes microseconds."""

_at_work: set[Standstill] = set()
"""Those whose run has not ended: one that was refused does not cut off another source's in its process."""
_stood_still = threading.Event()
"""A run of this process stood still: one of its threads may never come back."""


class Standstill:
    """The watch over one run.

    Args:
        boundary: the run's stages.
        end: ends the run, called on this thread; told why.
        force: closes the run from this thread, for good; told why. Gives the exit code.
    """

    def __init__(self, boundary: Boundary, end: Callable[[str], None], force: Callable[[str], int]) -> None:
        self._boundary, self._end, self._force = boundary, end, force
        self._over = threading.Event()
        self._leave_at: float | None = None
        self._thread = threading.Thread(target=self._watch, name="standstill", daemon=True)

    def start(self) -> None:
        self._thread.start()
        _at_work.add(self)

    def over(self) -> None:
        """The run has ended."""
        _at_work.discard(self)
        self._over.set()

    def leave_in(self, seconds: float) -> bool:
        """Leave the process after so long with REFUSED, whatever hangs. False: the watch does not run."""
        self._leave_at = time.monotonic() + seconds
        return self._thread.is_alive()

    def _watch(self) -> None:
        while not self._over.wait(min(LOOK_S, LIMIT_S / 10)):
            if self._leave_at is not None and time.monotonic() >= self._leave_at:
                os._exit(REFUSED)
            if self._boundary.quiet_s() > LIMIT_S:
                return self._stop(
                    f"stood still: no stage ended for {LIMIT_S:g} s, at work: {self._boundary.at_work()}"
                )
        if self._leave_at is not None:  # the run has ended, the process not yet
            while time.monotonic() < self._leave_at or _at_work:
                time.sleep(min(LOOK_S, max(0.05, self._leave_at - time.monotonic())))
            os._exit(REFUSED)
        return None

    def _stop(self, why: str) -> None:
        _stood_still.set()
        log.error("%s", why)
        self._end(why)
        if not self._over.wait(GRACE_S):
            leave(within(GRACE_S, lambda: self._force(why), otherwise=REFUSED))


def within(seconds: float, work: Callable[[], int], *, otherwise: int) -> int:
    """What the work gives; ``otherwise`` when it gives nothing in time, or no thread is to be had for it."""
    codes: list[int] = []
    done = threading.Event()

    def run() -> None:
        try:
            codes.append(work())
        finally:
            done.set()

    try:
        _thread.start_new_thread(run, ())  # does not wait for the thread, which may end before its first line
    except RuntimeError:
        return otherwise
    done.wait(seconds)
    return codes[0] if codes else otherwise


def leave(code: int) -> NoReturn:
    """End the process without waiting for any thread."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads it any more
            stream.flush()
    os._exit(code)


def leave_if_stood_still(code: int) -> None:
    """At the end of the program: do not wait for a thread that may never come back."""
    if _stood_still.is_set():
        leave(code)
