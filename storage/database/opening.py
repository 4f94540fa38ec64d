"""Opening the archive's database: for writing, and for reading only.

SQLite and PostgreSQL are told apart here (and in storage.database.upsert), nowhere else. The SQLite settings
are those that leased nothing twice with two writers (measured November 2026: the driver's default
mode leased 4,930 of 5,000 rows twice, a plain BEGIN gave 496 "database is locked").
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from storage.database.address import parse_url
from storage.database.engines import postgresql_engine, sqlite_reader, sqlite_writer
from storage.database.reaching import IDLE_MS
from storage.database.reading import authorise_reading
from storage.database.reconnect import wait_for_server
from storage.database.refusal import DatabaseRefused, WrongUrl, describe, refusals, refuse_missing
from storage.database.replicated import refuse_unfollowed
from storage.database.server_words import NO_RIGHT
from storage.database.tables import refuse_newer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = [
    "DatabaseRefused",
    "WrongUrl",
    "authorise_reading",
    "describe",
    "open_database",
    "open_readonly",
    "reading",
    "refusals",
    "writing",
    "writing_rows",
]

_WRITER_LOCK = 0x6E657773
""""news": the advisory lock that makes PostgreSQL write one transaction at a time, as SQLite does."""
CHANGE_LOCKS = (0x6E657774, _WRITER_LOCK)
"""What a change of the tables holds: no other change, then no writer."""


def open_database(url: str, *, make: bool = True) -> Engine:
    """Open the archive for writing.

    Args:
        make: an SQLite file that is not there, and its folder; else it is refused.

    Raises DatabaseRefused when the URL is wrong or the database cannot be reached or written.
    """
    parsed = parse_url(url)
    if not make:
        refuse_missing(parsed)
    engine = sqlite_writer(parsed) if parsed.drivername == "sqlite" else postgresql_engine(parsed)
    _reached(engine, "SELECT 1")  # a wrong address is told at once; from then on a restart is waited for
    if _is_sqlite(engine):
        return engine
    with _closed_if_refused(engine):
        refuse_unfollowed(engine)
    return wait_for_server(engine)


def open_readonly(url: str) -> Engine:
    """Open the archive for reading: the database itself refuses every write.

    Raises DatabaseRefused when there is no such database.
    """
    parsed = parse_url(url)
    refuse_missing(parsed)
    engine = (
        sqlite_reader(parsed) if parsed.drivername == "sqlite" else postgresql_engine(parsed, readonly=True)
    )
    return _reached(engine, "SELECT count(*) FROM sqlite_master" if _is_sqlite(engine) else "SELECT 1")


def _reached(engine: Engine, question: str) -> Engine:
    """The engine, once it has answered; closed, and DatabaseRefused, when it does not or is too new."""
    with _closed_if_refused(engine), engine.begin() as connection:
        connection.execute(text(question))
        try:
            refuse_newer(connection)
        except DBAPIError as error:
            # A role that may only ask some views: what it asks is answered or refused by itself.
            if getattr(error.orig, "sqlstate", None) != NO_RIGHT:
                raise
    return engine


@contextmanager
def _closed_if_refused(engine: Engine) -> Iterator[None]:
    try:
        with refusals(engine.url):
            yield
    except BaseException:
        engine.dispose()
        raise


def _is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


_TAKE_LOCK = text(
    "SELECT pg_advisory_xact_lock(:key), set_config('idle_in_transaction_session_timeout', :idle, true)"
)


def _take_lock(connection: Connection) -> None:
    """PostgreSQL: be the one writer. SQLite's transaction is that by its BEGIN."""
    connection.execute(_TAKE_LOCK, {"key": _WRITER_LOCK, "idle": str(IDLE_MS)})


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One transaction that writes, alone: SQLite's BEGIN IMMEDIATE, an advisory lock on PostgreSQL.

    One writer at a time makes "look for it, else create it" safe on both, and no two writers can
    wait for each other. Commits at the end, rolls back on any exception.
    """
    from storage.database.keeping import WritingSession  # the mapper: 40 ms that a reader need not wait

    with writing_rows(engine) as connection, WritingSession.within(connection) as session:
        yield session


@contextmanager
def writing_rows(engine: Engine) -> Iterator[Connection]:
    """The same for statements of tables alone: without a session, which costs as much as a statement."""
    with engine.begin() as connection:
        if not _is_sqlite(engine):
            _take_lock(connection)
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction of a writing engine that only asks: it takes no writers' lock, and waits for none."""
    with engine.connect() as connection, connection.begin():
        yield connection
