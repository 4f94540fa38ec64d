"""A time limit on everything that is asked through an engine, on both databases."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

EVERY = 2_000
"""Instructions of SQLite's machine between two looks at the clock (our choice: well under a millisecond)."""
_CANCELLED = "57014"
"""PostgreSQL's query_canceled."""


class TooLong(Exception):
    """The time was over."""


def limit(engine: Engine, seconds: float) -> None:
    """From now on, all that this engine is asked ends within so many seconds, together.

    A statement that begins too late raises :class:`TooLong`; one that runs too long is stopped by the
    database, whose error :func:`was_stopped` knows.
    """
    deadline = time.monotonic() + seconds

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            driver.set_progress_handler(lambda: int(time.monotonic() > deadline), EVERY)
        else:
            stop_after(driver, deadline - time.monotonic())

    @event.listens_for(engine, "before_cursor_execute")
    def before(*_: Any) -> None:
        if time.monotonic() > deadline:
            raise TooLong


def stop_after(driver: Any, seconds: float) -> None:
    """Let PostgreSQL stop each statement of this transaction after so many seconds; 0 is at once."""
    left = max(1, int(seconds * 1000))  # 0 would be no limit at all
    driver.execute("SELECT set_config('statement_timeout', %s, true)", (str(left),))


def was_stopped(error: DBAPIError) -> bool:
    """Whether the database stopped a statement for its time."""
    return str(error.orig) == "interrupted" or getattr(error.orig, "sqlstate", None) == _CANCELLED
