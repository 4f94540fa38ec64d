"""How many files the process may open: enough at the start, and told when they run out in mid-run.

Each connection, reading process, database and WARC file is one or more. Where none is left, whatever is
tried next fails with words of its own (a list in quarantine, a page that is not there), and none of them
is true of the site.
"""

from __future__ import annotations

import errno
import os
import resource

from storage.database.refusal import DatabaseRefused

LEAST = 128
"""A crawl of the twin of fnnews fails with 24 and ends well with 40 (2026-11-26), with one reading process;
each further process and host takes more. Three times that."""
WANTED = 4096
"""What is asked for where the system allows it: our choice; Linux gives a process 1,024 to begin with."""
SPARE = 8
"""So many must be left before anything is written: to start a reading process takes several. Our choice."""


def ready_open_files() -> None:
    """Raise this process's own limit as far as is useful.

    Raises:
        DatabaseRefused: it may not have as many as a crawl needs.
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


def need_open_files() -> None:
    """Raise DatabaseRefused where hardly any more file can be opened."""
    opened: list[int] = []
    try:
        for _ in range(SPARE):
            opened.append(os.open(os.devnull, os.O_RDONLY))  # noqa: PERF401  those that were opened are closed
    except OSError as error:
        if error.errno not in (errno.EMFILE, errno.ENFILE):
            raise
        whose = "this process" if error.errno == errno.EMFILE else "the system"
        raise DatabaseRefused(
            f"No more files can be opened by {whose} ({os.strerror(error.errno)}), so nothing that fails now "
            "says anything of a site: raise the limit (ulimit -n, LimitNOFILE= of a unit)"
        ) from error
    finally:
        for one in opened:
            os.close(one)
