"""Whose fault a driver's error is: the statement's, or the database's, its server's and its machine's."""

from __future__ import annotations

import sqlite3

_FILES = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
"""Not SQLITE_READONLY: so a file that is opened for reading refuses a statement that would write."""
_SERVERS = frozenset({"08", "40", "53", "55", "57", "58", "F0", "XX"})
"""Classes of SQLSTATE (PostgreSQL's appendix A): connection, rollback, resources, objects that are in use,
operators' intervention, the system, the configuration, internal errors."""


def is_the_databases(error: BaseException | None) -> bool:
    """Whether any statement could have met it: the same one may be answered later, or elsewhere."""
    if (code := sqlite_code(error)) is not None:
        return code in _FILES
    return is_connection_failure(error) or _state(error)[:2] in _SERVERS


def sqlite_code(error: BaseException | None) -> int | None:
    """SQLite's primary result code, whatever the extended one tells of how; None: no error of SQLite's."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def is_connection_failure(error: BaseException | None) -> bool:
    """Whether psycopg never got a session or lost it: an OperationalError of any kind without SQLSTATE."""
    kinds = [kind.__name__ for kind in type(error).__mro__ if kind.__module__.split(".")[0] == "psycopg"]
    return _state(error).startswith(("08", "57P", "25P")) or (
        "OperationalError" in kinds and not _state(error)
    )


def has_collided(error: BaseException | None) -> bool:
    """Whether PostgreSQL undid a transaction for another's sake: the same again may go through."""
    return _state(error).startswith("40")


def _state(error: BaseException | None) -> str:
    return getattr(error, "sqlstate", None) or ""
