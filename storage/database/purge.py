"""After rows were removed: their bytes go too, out of the database's own files, statistics and logs.

Deleting a row leaves its text in free pages, in the write-ahead log, in an index's old segments, in the
planner's statistics. Nothing here knows what was removed; doing it again is harmless.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from storage.database.refusal import busy_seconds
from storage.models import ARRAYS_IN_POSTGRESQL, Base

_NO_RIGHT = "42501"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What keeps, all the same, what was deleted; each in a sentence."""

    left: tuple[str, ...] = ()
    """Until somebody does something about it."""
    for_a_while: tuple[str, ...] = ()
    """Until its own time is over, or by the server's settings."""
    again: bool = False
    """Nobody needs do anything but call it again, when what is in the way has gone."""


def purge(engine: Engine, say: Callable[[str], None] = lambda _said: None) -> Purged:
    """Make the database forget what was deleted.

    Args:
        say: told in a sentence what is begun.

    Raises:
        DBAPIError: the database refused, or another process held it for too long.
    """
    if engine.dialect.name == "sqlite":
        return _purge_sqlite(engine, say)
    return _purge_postgresql(engine, say)


def _purge_sqlite(engine: Engine, say: Callable[[str], None]) -> Purged:
    """Free pages are overwritten, the search index is merged, the file is written anew, the log emptied."""
    raw = engine.raw_connection()
    try:
        driver: Any = raw.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.execute(f"PRAGMA busy_timeout = {int(busy_seconds(engine.url) * 1000)}")
        driver.execute("PRAGMA secure_delete = ON")
        say("the search index is merged")
        driver.execute("INSERT INTO search_index_grams (search_index_grams) VALUES ('optimize')")
        driver.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")
        say("the database file is written anew")
        driver.execute("VACUUM")
        busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        raw.close()
    if not busy:
        return Purged()
    said = (
        f"{engine.url.database}-wal still holds what was removed, as another process reads the archive: end "
        "it, and give the same command again"
    )
    return Purged(left=(said,), again=True)


_KEPT = (
    (
        "archive_mode",
        "off",
        "archived WAL segments (archive_mode = {}) hold what was removed until you delete them",
    ),
    ("wal_keep_size", "0", "the server keeps {} of WAL (wal_keep_size)"),
)
_SLOTS = "SELECT count(*) FROM pg_replication_slots"
_STATEMENTS = "SELECT current_setting('log_statement')"


def _purge_postgresql(engine: Engine, say: Callable[[str], None]) -> Purged:
    """Every table is written anew, with statistics that do not remember, and a checkpoint is made."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        say("every table is written anew")
        tables = [ARRAYS_IN_POSTGRESQL.get(table.name, table.name) for table in Base.metadata.sorted_tables]
        for name in (*tables, "search_index"):
            connection.execute(text(f'VACUUM (FULL, ANALYZE) "{name}"'))
        by_hand = [*_statistics(connection), *_checkpoint(connection)]
        return Purged(left=tuple(by_hand), for_a_while=tuple(_logs(connection)))


def _statistics(connection: Connection) -> list[str]:
    """Former statistics hold values of columns; the catalogue is its owner's to write anew."""
    try:
        connection.execute(text("VACUUM (FULL) pg_statistic"))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _NO_RIGHT:
            raise
        return [_BY_HAND.format(statement="VACUUM (FULL) pg_statistic")]
    return []


_BY_HAND = "{statement} needs a role with more rights: let the server's administrator give it"


def _checkpoint(connection: Connection) -> list[str]:
    try:
        connection.execute(text("CHECKPOINT"))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _NO_RIGHT:
            raise
        return [_BY_HAND.format(statement="CHECKPOINT")]
    return []


def _logs(connection: Connection) -> list[str]:
    """How long the write-ahead log, its copies and the server's own log may keep it."""
    timeout = connection.scalar(text("SELECT current_setting('checkpoint_timeout')"))
    least = connection.scalar(text("SELECT current_setting('min_wal_size')"))
    said = [
        f"PostgreSQL's own WAL files hold what was removed until they are written over: after the next "
        f"checkpoints (every {timeout}, and {least} are kept for use again)"
    ]
    for name, harmless, words in _KEPT:
        value = connection.scalar(text("SELECT current_setting(:name)"), {"name": name})
        if value != harmless:
            said.append(words.format(value))
    if slots := connection.scalar(text(_SLOTS)):
        said.append(
            f"{slots} replication slots keep WAL until their readers have it, and standbys hold it then"
        )
    if (logged := connection.scalar(text(_STATEMENTS))) not in ("none", "ddl"):
        said.append(f"the server's log holds statements with their values (log_statement = {logged})")
    return said
