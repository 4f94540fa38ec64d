"""What the process may have of its own machine: enough at the start, and told when it runs out in mid-run.

Each connection, reading process, database and WARC file is an open file or more; names are looked up and the
database is asked on threads; all of it takes memory. Where none is left, whatever is tried next fails with
words of its own (a list in quarantine, a page that is not there), and none of them is true of the site.
"""

from __future__ import annotations

import _thread
import mmap
import os
import resource
import time

from storage.database.refusal import DatabaseRefused, refusals

LEAST = 128
"""A crawl of the twin of fnnews fails with 24 files and ends well with 40 (2026-11-26), with one reading
process; each further process and host takes more. Three times that."""
WANTED = 4096
"""What is asked for where the system allows it: our choice; Linux gives a process 1,024 to begin with."""
SPARE = 8
"""So many must be left before anything is written: to start a reading process takes several. Our choice."""
MIB = 1024 * 1024
LEAST_MEMORY = 128 * MIB
"""Address space that must be free at the start: five pages of the twin take about as much (2026-11-26)."""
LOOK_S = 0.1
"""Between two looks: our choice. A page's three works come within it, and a look, which makes a thread, takes
as long as a statement (2026-11-26)."""
SPARE_MEMORY = 16 * MIB
"""So much must be left before anything is written: our choice, the stacks of two threads."""


def ready_room() -> None:
    """Raise this process's own limit of files as far as is useful.

    Raises:
        DatabaseRefused: it may not have as many as a crawl needs, or not the memory or the threads.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    endless = resource.RLIM_INFINITY
    wanted = WANTED if hard == endless else min(WANTED, hard)
    if soft != endless and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    if soft != endless and soft < LEAST:
        raise DatabaseRefused(
            f"This process may have {soft} files open at once, and a crawl needs {LEAST}: raise the limit "
            "(ulimit -n, LimitNOFILE= of a unit)"
        )
    with refusals():
        _can_have(LEAST_MEMORY)
        _can_start_a_thread()


def need_room() -> None:
    """Raise DatabaseRefused where hardly any more file, memory or thread can be had."""
    with refusals():
        _can_open(SPARE)
        _can_have(SPARE_MEMORY)
        _can_start_a_thread()


class Room:
    """need_room, asked before each work of a run: looked at anew after LOOK_S."""

    def __init__(self) -> None:
        self._look_at = 0.0

    def need(self) -> None:
        """Raises as need_room."""
        now = time.monotonic()
        if now >= self._look_at:
            need_room()
            self._look_at = now + LOOK_S


def _can_open(files: int) -> None:
    opened: list[int] = []
    try:
        for _ in range(files):
            opened.append(os.open(os.devnull, os.O_RDONLY))  # noqa: PERF401  those that were opened are closed
    finally:
        for one in opened:
            os.close(one)


def _can_have(size: int) -> None:
    """Taken and given back untouched: that costs microseconds, whatever the size."""
    mmap.mmap(-1, size).close()


def _can_start_a_thread() -> None:
    """One that ends at once; nobody waits for it."""
    _thread.start_new_thread(int, ())
