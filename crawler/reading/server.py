"""The fork server of the reading processes, started as a fork of the program instead of anew.

multiprocessing starts its fork server as a new Python, which imports all rules a second time: half a second
of a crawl's start (2026-11-26). A program that has only just begun has them loaded already, and little else:
a copy of it serves as well. So does one as the tracker of shared memory that goes with every fork server: a
new Python takes 28 ms. What multiprocessing does with its server stays as it is.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import forkserver, util
from pathlib import Path
from typing import Any

from crawler.reading.process import fork_server, somewhere

log = logging.getLogger("newsarchive")

NEW_PYTHON = "spawnv_passfds"
"""What multiprocessing starts its server with (Python 3.4 to 3.14): path, words and the files to keep."""
STANDARD_ERROR = 2
"""The last of the three file numbers that every process has."""


def start_as_fork() -> None:
    """Start the fork server now, before the program opens a database, a reactor or a thread.

    Where threads run already, a fork could copy a lock that nobody opens any more: nothing is done, and the
    first reading process starts a server as multiprocessing does. So it does where the system has no room
    for one more process now.

    Raises:
        ReadingUnavailable: the system cannot fork.
    """
    fork_server()  # names what the server loads
    if threading.active_count() > 1:
        return
    try:
        with _by_fork(), somewhere():
            forkserver.ensure_running()
    except OSError as error:
        log.warning("no fork server for the reading processes: %s; tried again with the first page", error)


@contextmanager
def _by_fork() -> Iterator[None]:
    """Where multiprocessing would start a new Python, fork this one."""
    anew = getattr(util, NEW_PYTHON)
    setattr(util, NEW_PYTHON, _forked)
    try:
        yield
    finally:
        setattr(util, NEW_PYTHON, anew)


def _forked(_: object, words: Sequence[Any], passed: Sequence[int]) -> int:
    """The server's process number. In the server: run what the new Python would have run, and end."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):  # there is none, or it is closed
            stream.flush()  # else every reading process writes it again at its end
    if pid := os.fork():
        return pid
    code = 1
    try:
        _as_started_anew(passed)
        exec(words[-1], {})  # noqa: S102  multiprocessing's own line, which it gives to `python -c`
    except SystemExit as end:
        code = int(end.code or 0)
    except Exception:  # noqa: BLE001  the end of a process: said as a new Python says it
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)  # nothing of the program's own end is the server's


def _as_started_anew(passed: Sequence[int]) -> None:
    """Forget what a new process would not have: the program's files, handlers of signals and of logs."""
    for number in [int(file.name) for file in Path("/dev/fd").iterdir()]:
        if number > STANDARD_ERROR and number not in passed:
            with suppress(OSError):  # the list's own number
                os.close(number)
    signal.set_wakeup_fd(-1)
    for one in signal.valid_signals():
        if callable(signal.getsignal(one)):
            signal.signal(one, signal.SIG_DFL)
    # A stop goes to the whole group: it asks the crawl, which still has pages in hand to read.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for logger in (logging.root, *logging.root.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
    gc.freeze()
