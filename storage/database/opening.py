"""Opening the archive's database: for writing, for reading only, and bringing its tables up to date.

SQLite and PostgreSQL are told apart here (and in storage.database.upsert), nowhere else. The SQLite settings
are those that leased nothing twice with two writers (measured November 2026: the driver's default
mode leased 4,930 of 5,000 rows twice, a plain BEGIN gave 496 "database is locked").
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy import URL, Connection, Engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from storage.database.engines import ONLY_READS, postgresql_engine, sqlite_reader, sqlite_writer
from storage.database.reaching import IDLE_MS
from storage.database.reading import authorise_reading
from storage.database.reconnect import wait_for_server
from storage.database.refusal import (
    AN_AT_TOO_MANY,
    UNREADABLE_URL,
    DatabaseRefused,
    WrongUrl,
    busy_seconds,
    describe,
    refusals,
    refuse_missing,
)
from storage.database.revisions import REVISIONS
from storage.database.server_words import MAKE, NO_RIGHT
from storage.database.soundness import TO_DO
from storage.database.waiting import change_tables

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.orm import Session

__all__ = [
    "DatabaseRefused",
    "SchemaState",
    "WrongUrl",
    "authorise_reading",
    "check_url",
    "describe",
    "open_database",
    "open_readonly",
    "reading",
    "refusals",
    "refuse_unwritable",
    "require_current",
    "schema_state",
    "upgrade",
    "writing",
    "writing_rows",
]

log = logging.getLogger("newsarchive")

SchemaState = Literal["empty", "current", "outdated", "unknown"]

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_WRITER_LOCK = 0x6E657773
""""news": the advisory lock that makes PostgreSQL write one transaction at a time, as SQLite does."""
CHANGE_LOCKS = (0x6E657774, _WRITER_LOCK)
"""What a change of the tables holds: no other change, then no writer."""


_DRIVERS = {"postgresql", "postgres", "postgresql+psycopg", "sqlite", "sqlite+pysqlite"}


def check_url(url: str) -> None:
    """Raise WrongUrl unless this is the address of a database that an archive can be kept in."""
    _parse(url)


def _parse(url: str) -> URL:
    """The URL with its driver named; WrongUrl when it is none or of another database."""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ValueError, ArgumentError, NoSuchModuleError) as error:
        raise WrongUrl(UNREADABLE_URL) from error
    if parsed.drivername not in _DRIVERS:
        raise WrongUrl(
            f"{parsed.drivername} is not supported: the archive is kept in SQLite or PostgreSQL (psycopg)"
        )
    if backend != "sqlite":
        if "@" in (parsed.host or ""):
            raise WrongUrl(AN_AT_TOO_MANY)  # else part of it would be told as the host
        return parsed.set(drivername="postgresql+psycopg")
    if not parsed.database or parsed.database == ":memory:":
        raise WrongUrl("The archive needs a file: name one as sqlite:///PATH")
    if unknown := sorted(set(parsed.query) - {"timeout"}):
        raise WrongUrl(f"The database URL of an SQLite file takes ?timeout= alone, not {unknown[0]}")
    busy_seconds(parsed)  # a wrong one is told before anything is opened
    try:
        database = str(Path(parsed.database).expanduser())
    except RuntimeError as error:
        raise WrongUrl(
            f"{parsed.database} begins with ~ and names no user's home: write the whole path"
        ) from error
    return parsed.set(drivername="sqlite", database=database)


def open_database(url: str, *, make: bool = True) -> Engine:
    """Open the archive for writing.

    Args:
        make: an SQLite file that is not there, and its folder; else it is refused.

    Raises DatabaseRefused when the URL is wrong or the database cannot be reached or written.
    """
    parsed = _parse(url)
    if not make:
        refuse_missing(parsed)
    engine = sqlite_writer(parsed) if parsed.drivername == "sqlite" else postgresql_engine(parsed)
    _reached(engine, "SELECT 1")  # a wrong address is told at once; from then on a restart is waited for
    return engine if _is_sqlite(engine) else wait_for_server(engine)


def open_readonly(url: str) -> Engine:
    """Open the archive for reading: the database itself refuses every write.

    Raises DatabaseRefused when there is no such database.
    """
    parsed = _parse(url)
    refuse_missing(parsed)
    engine = (
        sqlite_reader(parsed) if parsed.drivername == "sqlite" else postgresql_engine(parsed, readonly=True)
    )
    return _reached(engine, "SELECT count(*) FROM sqlite_master" if _is_sqlite(engine) else "SELECT 1")


def refuse_unwritable(url: str) -> None:
    """Raise DatabaseRefused where no row could be written: by this role, at this server, in this file."""
    engine = open_database(url, make=False)
    nothing = "UPDATE alembic_version SET version_num = version_num WHERE version_num IS NULL"
    try:
        with refusals(engine.url), engine.begin() as connection:
            connection.execute(text(nothing))  # refused as one of a row would be
            if connection.dialect.name == "postgresql":
                _refuse_partly_granted(connection)
    finally:
        engine.dispose()


_NOT_GRANTED = text(
    """SELECT relname FROM pg_class
    WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
    AND (relkind = 'r' AND relname = ANY(:tables) AND NOT (has_table_privilege(oid, 'SELECT')
         AND has_table_privilege(oid, 'INSERT') AND has_table_privilege(oid, 'UPDATE'))
      OR relkind = 'S' AND relname = ANY(:sequences) AND NOT has_sequence_privilege(oid, 'USAGE'))
    ORDER BY relname"""
)


def _refuse_partly_granted(connection: Connection) -> None:
    """Raise DatabaseRefused where the role may write some tables and not others: a crawl ends at them."""
    from migrations.whole import tables_of

    tables = list(tables_of(connection.dialect.name).tables)
    known = {"tables": tables, "sequences": [f"{name}_id_seq" for name in tables]}
    if lacking := list(connection.execute(_NOT_GRANTED, known).scalars()):
        url = connection.engine.url
        raise DatabaseRefused(
            f"{describe(url)} does not let the role {url.username} read and write {', '.join(lacking)}: "
            "GRANT it SELECT, INSERT and UPDATE on tables, USAGE on sequences, or name their owner"
        )


def _reached(engine: Engine, question: str) -> Engine:
    """The engine, once it has answered; closed, and DatabaseRefused, when it does not or is too new."""
    try:
        with refusals(engine.url), engine.begin() as connection:
            connection.execute(text(question))
            try:
                _refuse_newer(connection)
            except DBAPIError as error:
                # A role that may only ask some views: what it asks is answered or refused by itself.
                if getattr(error.orig, "sqlstate", None) != NO_RIGHT:
                    raise
    except BaseException:
        engine.dispose()
        raise
    return engine


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
    with engine.connect() as connection:
        connection.info[ONLY_READS] = True
        try:
            with connection.begin():
                yield connection
        finally:
            connection.info.pop(ONLY_READS, None)


_UNKNOWN = (
    "{where} holds tables that this version of newsarchive does not know: name the archive's own database, "
    "or restore a backup"
)

# --- tables -------------------------------------------------------------------------------------


def migration_config() -> Config:
    """Alembic's settings for the migrations that lie beside this package."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def upgrade(url: str, say: Callable[[str], None] = log.info) -> None:
    """Bring the tables to the newest revision, in one transaction, beside living crawls and readers.

    Args:
        say: told in a sentence what is waited for, and what a long change is at.

    Raises DatabaseRefused when the database refuses or holds a revision that this program is too
    old to know.
    """
    parsed = _parse(url)
    # An SQLite file that is being written is waited for below, where that is said.
    engine = sqlite_writer(parsed) if parsed.drivername == "sqlite" else open_database(url)
    try:
        with refusals(engine.url):
            change_tables(engine, partial(_to_newest, say=say), CHANGE_LOCKS, say)
    finally:
        engine.dispose()


def _to_newest(connection: Connection, say: Callable[[str], None]) -> None:
    _refuse_newer(connection)
    state = _state(connection)
    if state == "unknown":
        raise DatabaseRefused(_UNKNOWN.format(where=describe(connection.engine.url)))
    if state == "empty":
        _refuse_other_encoding(connection)
        from migrations.whole import make_whole

        make_whole(connection)
        return
    from alembic import command

    config = migration_config()
    config.attributes |= {"connection": connection, "say": say}
    command.upgrade(config, "head")
    _refuse_lacking(connection)
    from migrations.lacking import make_lacking

    make_lacking(connection, say)


def lacking_indexes(engine: Engine) -> list[str]:
    """The names of indexes that somebody dropped; :func:`upgrade` makes them anew, keys alone not.

    Raises DatabaseRefused.
    """
    from migrations.lacking import lacking_indexes as lacking

    with refusals(engine.url), engine.connect() as connection:
        return lacking(connection)


def _refuse_lacking(connection: Connection) -> None:
    """Raise DatabaseRefused where a table was dropped: no change of the tables makes it again."""
    from migrations.whole import tables_of

    there = set(inspect(connection).get_table_names())
    if lacking := sorted(set(tables_of(connection.dialect.name).tables) - there):
        where = describe(connection.engine.url)
        raise DatabaseRefused(f"{where} lacks the table {lacking[0]}, which somebody dropped: {TO_DO}")


def _refuse_other_encoding(connection: Connection) -> None:
    """Raise DatabaseRefused where a server's database cannot hold Korean, Hanja and emoji side by side."""
    if connection.dialect.name == "sqlite":
        return
    encoding = str(connection.execute(text("SHOW server_encoding")).scalar_one())
    if encoding != "UTF8":
        url = connection.engine.url
        raise DatabaseRefused(
            f"{describe(url)} has the encoding {encoding}, and an archive needs UTF8: make another by "
            f"{MAKE.format(name=url.database)}"
        )


def schema_state(engine: Engine) -> SchemaState:
    """``empty``: no tables; ``current``: at the newest revision; ``outdated``: at an earlier one;
    ``unknown``: tables of something else, or of a newer program."""
    with refusals(engine.url), engine.connect() as connection:
        return _state(connection)


def _refuse_newer(connection: Connection) -> None:
    """Raise DatabaseRefused when a newer program has been at work here: its tables mean other things."""
    newer = sorted(_revisions_of(connection) - set(REVISIONS))
    if newer:
        where = describe(connection.engine.url)
        raise DatabaseRefused(
            f"{where} holds tables of a newer version ({newer[-1]}) that this version of newsarchive does "
            f"not know (it knows up to {REVISIONS[-1]}): install the newer one"
        )


def _revisions_of(connection: Connection) -> set[str]:
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return {str(row[0]) for row in connection.execute(text("SELECT version_num FROM alembic_version"))}


def _state(connection: Connection) -> SchemaState:
    tables = set(inspect(connection).get_table_names())
    if not tables - {"alembic_version"}:
        return "empty"
    if "alembic_version" not in tables:
        return "unknown"
    found = _revisions_of(connection)
    if found == {REVISIONS[-1]}:
        return "current"
    # Of none, and of two beside each other, nobody knows what the tables are: somebody wrote it by hand.
    return "outdated" if len(found) == 1 and found <= set(REVISIONS) else "unknown"


def require_current(engine: Engine) -> None:
    """Raise DatabaseRefused unless the tables are at the newest revision."""
    state = schema_state(engine)
    if state == "current":
        return
    where = describe(engine.url)
    sentences = {
        "empty": f"{where} has no tables yet; run: newsarchive db upgrade",
        "outdated": f"{where} has the tables of an earlier version; run: newsarchive db upgrade",
        "unknown": _UNKNOWN.format(where=where),
    }
    raise DatabaseRefused(sentences[state])


def prepare_database(url: str, before: Callable[[], None] = lambda: None) -> None:
    """Create an archive that does not exist yet; refuse one of another version.

    Args:
        before: called before anything is made; what it raises is why nothing is.

    Raises:
        DatabaseRefused: unreachable, unwritable, or its schema is not this program's.
    """
    engine = open_database(url)
    try:
        if schema_state(engine) == "empty":
            before()
            upgrade(url)
        require_current(engine)
    finally:
        engine.dispose()
