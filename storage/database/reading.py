"""An SQLite connection that only reads, by the driver alone: to load SQLAlchemy takes half of a start."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from storage.database.revisions import REVISIONS
from storage.sqlite_file import JOURNAL, SHARED, with_ends

BUSY_SECONDS = 30.0
"""How long SQLite's writers wait for another, and ours for a PostgreSQL server that restarts, unless
the database URL says ``?timeout=``. A transaction of ours takes milliseconds, a restart some seconds."""

# What an SQLite statement may do on a reading connection. Everything else is refused when the
# statement is compiled: ATTACH and VACUUM INTO would write other files, PRAGMA could lift the guard.
_SQLITE_READS = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_RECURSIVE,
        sqlite3.SQLITE_TRANSACTION,
    }
)


_SQLITE_PRAGMAS = frozenset(
    [
        "table_info",
        "table_xinfo",
        "table_list",
        "index_list",
        "index_info",
        "index_xinfo",
        "foreign_key_list",
        "database_list",
        "data_version",
        "read_uncommitted",
    ]
)
"""Those that only describe, and the one that SQLAlchemy reads on connecting (of no use to a writer)."""


def directly(url: str) -> sqlite3.Connection | None:
    """A reading connection to the file of a database URL, in a transaction, without SQLAlchemy.

    None: only SQLAlchemy's way can be taken, which says why: another database, a URL with options, a file
    that is not there or not readable, that is read without locks, or that another version made.
    """
    path = url.removeprefix("sqlite:///")
    if path == url or not path or any(sign in path for sign in ":?%#"):
        return None
    try:
        file = Path(path).expanduser()
        if not file.is_file() or would_leave_files(file):
            return None
        connection = connect(file, "mode=ro", BUSY_SECONDS)
    except (sqlite3.Error, RuntimeError):  # RuntimeError: ~ of nobody
        return None
    try:
        made_by = {one for (one,) in connection.execute("SELECT version_num FROM alembic_version")}
        only_reads(connection)
        connection.execute("BEGIN")
    except sqlite3.Error:
        connection.close()
        return None
    if not made_by <= set(REVISIONS):
        connection.close()
        return None
    return connection


def would_leave_files(path: Path) -> bool:
    """Whether SQLite would make -shm and -wal as this user's, in a folder that others may write too.

    They stay, for who may not write the file cannot end them in order, and bar it for the one whose it is.
    """
    try:
        beside = any(one.exists() for one in with_ends(path, SHARED, JOURNAL))
    except PermissionError:  # a folder that may not be entered: told when the file is opened
        return False
    mine = os.access(path, os.W_OK) or not os.access(path, os.R_OK)
    return not (mine or beside) and os.access(path.parent, os.W_OK)


def only_reads(connection: sqlite3.Connection) -> None:
    """Let a connection refuse whatever does more than read."""
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")
    connection.set_authorizer(authorise_reading)


def authorise_reading(action: int, first: str | None, second: str | None, *_rest: Any) -> int:
    """What SQLite asks of every step of a statement: only what reads is allowed."""
    allowed = (
        action in _SQLITE_READS
        or (action == sqlite3.SQLITE_FUNCTION and second != "load_extension")
        or (action == sqlite3.SQLITE_PRAGMA and first in _SQLITE_PRAGMAS)
        # What opening the search index asks for; the table itself cannot be modified (query_only, mode=ro).
        or (action == sqlite3.SQLITE_UPDATE and first == "sqlite_master")
    )
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def connect(path: Path, how: str, timeout: float) -> sqlite3.Connection:
    """``how``: ``mode=ro``, ``immutable=1`` (sqlite.org/uri.html). Raises sqlite3.OperationalError."""
    return sqlite3.connect(
        f"file:{quote(str(path))}?{how}", uri=True, timeout=timeout, check_same_thread=False
    )
