"""A change of tables beside living crawls and readers: it waits for them, they never wait long for it.

PostgreSQL queues every later reader behind a change that waits for a lock, and picks the victim of a
deadlock among all of them. So a change takes the writers' lock first, waits for each lock a moment
only, and gives everything back before it tries again.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from storage.database.engines import with_lock
from storage.database.refusal import busy_seconds, describe

LOCK_WAIT_MS = 300
"""One lock is waited for so long: readers queue behind that, and it is less than the second after which
PostgreSQL looks for deadlocks (deadlock_timeout), so no crawl is ever chosen as the victim of one."""
PATIENCE_S = 300.0
"""On PostgreSQL. A crawl's transactions take milliseconds; a question that runs for longer is named."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 5.0
_GAP_S = 0.12
"""SQLite's waiters look again every 100 ms at last (its own busy handler): who begins anew within that is
always before them. `relink` kept a writer waiting for 58 s, longer than a crawl waits (2026-11-28)."""
_BUSY_STATES = frozenset({"55P03", "40P01", "40001"})
"""PostgreSQL: lock not available, deadlock detected, serialisation failure."""
_HOLDERS = text("""
SELECT DISTINCT activity.pid, extract(epoch FROM now() - activity.xact_start)::int AS seconds,
  left(regexp_replace(coalesce(activity.query, ''), '\\s+', ' ', 'g'), 80) AS query
FROM pg_locks JOIN pg_stat_activity AS activity ON activity.pid = pg_locks.pid
WHERE pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND pg_locks.granted AND activity.pid <> pg_backend_pid() AND activity.xact_start IS NOT NULL
ORDER BY seconds DESC NULLS LAST LIMIT 3
""")


def let_others_write(engine: Engine) -> None:
    """Between two transactions of a long change: whoever waits to write has its turn.

    PostgreSQL's writers stand in a queue and need no gap.
    """
    if engine.dialect.name == "sqlite":
        time.sleep(_GAP_S)


def change_tables(
    engine: Engine, change: Callable[[Connection], None], locks: tuple[int, ...], say: Callable[[str], None]
) -> None:
    """Make one change of the tables in one transaction, begun again for as long as others are in its way.

    Args:
        change: the whole change; undone and called anew when a lock does not come.
        locks: advisory locks of PostgreSQL to hold, in their order: other changes, then writers.
        say: told in a sentence what is waited for, each time that changes.

    Raises:
        DBAPIError: what the database says when patience is at its end, or anything else is wrong.
    """
    patience = busy_seconds(engine.url) if engine.dialect.name == "sqlite" else PATIENCE_S
    deadline, pause, said = time.monotonic() + patience, _FIRST_PAUSE_S, ""
    while True:
        try:
            with engine.connect() as connection:
                _wait_briefly(connection)
                with with_lock(connection), connection.begin():
                    _hold(connection, locks)
                    change(connection)
                return
        except DBAPIError as error:
            if not _is_busy(error) or time.monotonic() + pause > deadline:
                raise
        if (waits := _waits_for(engine)) != said:
            said = waits
            say(waits)
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE_S)


def _wait_briefly(connection: Connection) -> None:
    """SQLite's own waiting says nothing: ours is in small steps."""
    driver: Any = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.execute(f"PRAGMA busy_timeout = {LOCK_WAIT_MS}")


NO_LIMITS = text(
    "SELECT set_config(name, '0', true) FROM pg_settings WHERE name IN "
    "('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')"
)
"""What a role or a server lets its daily statements take is no measure of a change of all rows: minutes.

Of PostgreSQL, until the transaction's end."""


def _hold(connection: Connection, locks: tuple[int, ...]) -> None:
    if connection.dialect.name == "sqlite":
        return  # BEGIN IMMEDIATE is the writers' lock
    connection.execute(NO_LIMITS)
    connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_WAIT_MS}"))
    for key in locks:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def _is_busy(error: DBAPIError) -> bool:
    if isinstance(error.orig, sqlite3.OperationalError):
        return "is locked" in str(error.orig)
    return getattr(error.orig, "sqlstate", None) in _BUSY_STATES


def _waits_for(engine: Engine) -> str:
    where = describe(engine.url)
    if engine.dialect.name == "sqlite":
        return f"{where} is being written by another process: waiting for it"
    with engine.connect() as connection:
        holders = [
            f"session {pid}, at work for {seconds} s: {query}"
            for pid, seconds, query in connection.execute(_HOLDERS)
        ]
    return f"{where} is in use: waiting for {'; '.join(holders) or 'a lock'}"
