"""A PostgreSQL server that restarts under a running program: new connections wait for it.

A transaction that was cut off or lost is told from others here, and never run again here: only its caller
knows whether that is safe.
"""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError

from storage.database.faults import sqlite_code
from storage.database.reading import BUSY_SECONDS

_LOOK_S = 0.2
"""Between two tries to connect: a server is back within seconds, and says no within milliseconds."""
_NOT_NOW = "57P03"
"""PostgreSQL: cannot connect now (it starts up or shuts down)."""


def wait_for_server(engine: Engine) -> Engine:
    """Let the engine's new connections wait up to BUSY_SECONDS while the server does not listen."""

    @event.listens_for(engine, "do_connect")
    def patiently(dialect: Dialect, _record: object, args: Any, options: Any) -> Any:
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                return dialect.connect(*args, **options)
            except dialect.loaded_dbapi.OperationalError as error:
                # A server that answers has an SQLSTATE: a wrong password is no restart.
                if getattr(error, "sqlstate", None) not in (None, _NOT_NOW) or time.monotonic() > deadline:
                    raise
                time.sleep(_LOOK_S)

    return engine


def was_undone(error: DBAPIError) -> bool:
    """Whether the connection was lost on a statement, before the commit: the server kept nothing of it.

    False when it was lost on the commit itself, which the server may have done.
    """
    return error.connection_invalidated and error.statement is not None


_LOST_STATES = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL: serialisation failure, deadlock, lock not had in time. The server has rolled it back whole."""
_LOST_CODES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


def lost_against_another(error: DBAPIError) -> bool:
    """Whether a transaction was undone because another was in its way: the same again may go through."""
    if getattr(error.orig, "sqlstate", None) in _LOST_STATES:
        return True
    return sqlite_code(error.orig) in _LOST_CODES
