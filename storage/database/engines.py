"""SQLAlchemy's engines, one that writes and one that reads for each database."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.util import LRUCache

from storage.database.barred import barred
from storage.database.reaching import OWN_SESSION, READ_ONLY, connect_arguments
from storage.database.reading import only_reads
from storage.database.refusal import DatabaseRefused, busy_seconds, describe, refusals, refuse_other
from storage.database.server_words import POOLED
from storage.database.unwritable import connect_readonly, remember

CACHED_KIB = 16 * 1024
"""Pages of an SQLite file that a writer holds, as each run of a crawl is one. A near-duplicate look-up reads
sixty places of a tree, of a gigabyte at a million articles: 16 MiB hold what lies above its leaves. With four
times as much a look-up took 0.21 ms instead of 0.22, and a crawl of two sites held 100 MB more (20,000 pages,
2026-11-26). The file is not mapped into memory instead, which is faster still: who cuts a mapped file kills
the process that reads it (SIGBUS), and nothing is said of why (tried 2026-11-26)."""

STATEMENTS = 500
"""Compiled ones that are kept; as many as SQLAlchemy keeps for an engine."""

_WRITES = "newsarchive_writes"
"""In the ``info`` of a connection whose transactions begin with SQLite's lock of writers."""


class WriterEngine(Engine):
    """An engine of an SQLite file whose ``begin`` writes, and whose other transactions read.

    Each took the lock, as Session and ``connect`` cannot tell what they are for: `verify` held it for as long
    as it read a WARC file, and whoever wrote beside it waited for more than 30 s and gave up (2026-11-28).
    """

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that has the lock from its beginning: who reads first and then writes is refused."""
        with self.connect() as connection, with_lock(connection), connection.begin():
            yield connection


@contextmanager
def with_lock(connection: Connection) -> Iterator[None]:
    """What is begun on the connection meanwhile writes."""
    info = connection.info
    info[_WRITES] = True
    try:
        yield
    finally:
        info.pop(_WRITES, None)


def sqlite_writer(url: URL) -> Engine:
    """One that writes an SQLite file, whose folder is made when missing. Raises DatabaseRefused."""
    refuse_other(url)
    with refusals(url):
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    _refuse_foreign(url)
    like, compiled = _like_all_writers(url)
    options = {"compiled_cache": compiled}
    return WriterEngine(like.pool.recreate(), like.dialect, like.url, execution_options=options)


def _refuse_foreign(url: URL) -> None:
    """Raise DatabaseRefused where this user may not write the file: before SQLite is asked, which would leave
    files of this user beside it, and bar it for the one whose it is."""
    file = Path(str(url.database))
    with suppress(PermissionError):  # a folder that this user may not enter: told when the file is opened
        if file.exists() and (why := barred("readonly database", file)) is not None:
            raise DatabaseRefused(f"{describe(url)} {why}")


def _begin(connection: PoolProxiedConnection) -> None:
    """By the dialect: an engine with one listener asks for those of every event anew with each
    connection: a third of what a transaction costs (2026-11-26)."""
    connection.cursor().execute("BEGIN IMMEDIATE" if _WRITES in connection.info else "BEGIN")


@lru_cache(maxsize=4)
def _like_all_writers(url: URL) -> tuple[Engine, LRUCache[Any, Any]]:
    """What the writers of one file in this process are made after, and what was compiled for any of them.

    A crawl has a writer for each source, and each compiled the same 130 statements: 0.1 s of its start
    (2026-11-26). The connections are each writer's own: a file that was replaced meanwhile is opened anew.
    """
    waits = busy_seconds(url)
    engine = create_engine(url, connect_args={"timeout": waits})
    engine.dialect.do_begin = _begin  # type: ignore[assignment, method-assign]

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions on its own
        _use_wal(connection, waits)
        # NORMAL: a power cut may lose the last transactions, never break the file; captures that
        # lost their rows are read again from the WARC files.
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA cache_size=-{CACHED_KIB}")

    return engine, LRUCache(STATEMENTS)


def _use_wal(connection: sqlite3.Connection, waits: float) -> None:
    """Switch the file to WAL. SQLite does not wait for another process that is doing the same: we do."""
    deadline = time.monotonic() + waits
    while connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def sqlite_reader(url: URL) -> Engine:
    """One that can only read an SQLite file."""
    refuse_other(url)
    path = Path(str(url.database))

    def connect() -> sqlite3.Connection:
        connection, mark = connect_readonly(path, busy_seconds(url))
        if mark is not None:
            remember(engine, path, mark)
        only_reads(connection)
        return connection

    engine = create_engine(url, creator=connect)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


_PATIENCE = "-c statement_timeout=1h -c lock_timeout=10s"
"""Of a reader, on PostgreSQL (our choice): nothing that it asks runs for ever, and a reader that went away
holds up no change of the tables for ever (idle_in_transaction_session_timeout of every session)."""


def postgresql_engine(url: URL, *, readonly: bool = False) -> Engine:
    """One of a PostgreSQL database; ``readonly``: the server refuses every write."""
    arguments = connect_arguments(url)
    if not readonly:
        return _of_own_sessions(url, arguments)
    arguments["options"] += f" {_PATIENCE}"
    # 0: prepare every statement at once. A prepared statement is exactly one command, so a second
    # one cannot be smuggled in behind a semicolon.
    arguments["prepare_threshold"] = 0
    engine = _of_own_sessions(url, arguments, READ_ONLY)
    engine.update_execution_options(postgresql_readonly=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that has read cannot be made a writing one any more: PostgreSQL refuses it.
        connection.exec_driver_sql("SELECT 1 FROM pg_catalog.pg_class LIMIT 1")

    return engine


def _of_own_sessions(url: URL, arguments: dict[str, Any], first: str | None = None) -> Engine:
    """An engine that refuses a connection whose session a pooler shares out: a statement that was prepared in
    one session is another program's in the next (two crawls ran each other's, pgbouncer 1.18,
    pool_mode=transaction).

    Args:
        first: what each session is told at its beginning.
    """
    with refusals(url):
        engine = create_engine(url, connect_args=arguments, pool_pre_ping=True)

    @event.listens_for(engine, "connect")
    def need(connection: Any, _record: object) -> None:
        connection.set_autocommit(True)
        session, *_freed = connection.execute(OWN_SESSION, prepare=False).fetchone()
        if session != "own":
            connection.close()
            raise DatabaseRefused(POOLED.format(where=describe(engine.url), fatal="it dropped our options"))
        if first is not None:
            connection.execute(first, prepare=False)
        connection.set_autocommit(False)

    return engine
