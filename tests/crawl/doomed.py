"""The command line in a process that kills itself when something has happened so many times.

``python -m tests.crawl.doomed WHAT N COMMAND...``: WHAT is ``record`` (a WARC record has been written, its
row has not), ``torn`` (half of a WARC record has been written), ``commit`` (a transaction has been
committed), ``outcome`` (an outcome has been written, its transaction not yet committed) or ``told`` (as
``commit``, but it is told to stop by SIGTERM, and may), or ``server`` (a verdict is being committed, and the
PostgreSQL server is killed).
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

from storage.warc import file


def die(by: signal.Signals = signal.SIGKILL) -> None:
    os.kill(os.getpid(), by)


def at_nth(number: int) -> Callable[[], bool]:
    """True on the n-th call."""
    left = [number]

    def reached() -> bool:
        left[0] -= 1
        return left[0] == 0

    return reached


def doom_records(number: int, *, torn: bool) -> None:
    reached, append = at_nth(number), file.OpenFile.append

    def doomed(self: file.OpenFile, data: bytes) -> None:
        last = reached()
        append(self, data[: len(data) // 3] if last and torn else data)
        if last:
            die()

    file.OpenFile.append = doomed  # type: ignore[method-assign]


def doom_commits(number: int, by: signal.Signals = signal.SIGKILL) -> None:
    reached = at_nth(number)

    @event.listens_for(Engine, "commit")
    def commit(connection: Any) -> None:
        if reached():
            connection.connection.driver_connection.commit()
            die(by)


def doom_server(number: int) -> None:
    """Kill the PostgreSQL server whose number DOOMED_SERVER names, at the n-th commit after a verdict was
    written, that one counted: before the server has said that it kept it."""
    reached, written = at_nth(number), False

    @event.listens_for(Engine, "after_cursor_execute")
    def executed(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        nonlocal written
        written = written or (statement.startswith("UPDATE run SET") and "verdict" in statement)

    @event.listens_for(Engine, "commit")
    def commit(connection: Any) -> None:
        if written and reached():
            connection.connection.driver_connection.commit()
            time.sleep(1)  # it writes its log by itself within three fifths of a second: the commit is kept
            os.kill(int(os.environ["DOOMED_SERVER"]), signal.SIGQUIT)
            time.sleep(1)


def doom_outcomes(number: int) -> None:
    reached = at_nth(number)

    @event.listens_for(Engine, "after_cursor_execute")
    def executed(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO outcome") and reached():
            die()


DOOMS: dict[str, Callable[[int], None]] = {
    "record": lambda number: doom_records(number, torn=False),
    "torn": lambda number: doom_records(number, torn=True),
    "commit": doom_commits,
    "outcome": doom_outcomes,
    "server": doom_server,
    "told": lambda number: doom_commits(number, signal.SIGTERM),
}


def main() -> None:
    what, number, *words = sys.argv[1:]
    DOOMS[what](int(number))
    sys.argv = ["newsarchive", *words]
    from crawler import cli

    cli.main()


if __name__ == "__main__":
    main()
