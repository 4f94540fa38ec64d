"""Making the archive's tables, and bringing them up to date."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from storage.database.address import parse_url
from storage.database.engines import sqlite_writer
from storage.database.faults import is_the_databases
from storage.database.opening import CHANGE_LOCKS, open_database
from storage.database.refusal import DatabaseRefused, describe, refusals
from storage.database.server_words import STATES
from storage.database.tables import (
    OTHER_TABLES,
    UNKNOWN,
    refuse_newer,
    refuse_other_encoding,
    require_current,
    schema_state,
    state_of,
)
from storage.database.waiting import change_tables

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger("newsarchive")

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


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
    parsed = parse_url(url)
    # An SQLite file that is being written is waited for below, where that is said.
    engine = sqlite_writer(parsed) if parsed.drivername == "sqlite" else open_database(url)
    try:
        with refusals(engine.url):
            change_tables(engine, partial(_to_newest, say=say), CHANGE_LOCKS, say)
    finally:
        engine.dispose()


def _to_newest(connection: Connection, say: Callable[[str], None]) -> None:
    refuse_newer(connection)
    state = state_of(connection)
    if state == "unknown":
        raise DatabaseRefused(UNKNOWN.format(where=describe(connection.engine.url)))
    if state == "empty":
        refuse_other_encoding(connection)
        from migrations.whole import make_whole

        make_whole(connection)
        return
    from alembic import command

    config = migration_config()
    config.attributes |= {"connection": connection, "say": say}
    with _other_tables_refused(connection):
        command.upgrade(config, "head")
    from migrations.lacking import make_lacking
    from migrations.numbers import go_on_behind_rows

    make_lacking(connection, say)
    go_on_behind_rows(connection, say)


@contextmanager
def _other_tables_refused(connection: Connection) -> Iterator[None]:
    """A migration that meets other tables or rows than those of its revision says what it met.

    A program between two versions made them, a dump was put over others, or somebody's hand was there.
    """
    revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    try:
        yield
    except DBAPIError as error:
        if is_the_databases(error.orig) or getattr(error.orig, "sqlstate", None) in STATES:
            raise
        raise DatabaseRefused(
            OTHER_TABLES.format(
                where=describe(connection.engine.url), revision=revision, said=str(error.orig).splitlines()[0]
            )
        ) from error


def lacking_indexes(engine: Engine) -> list[str]:
    """The names of indexes that somebody dropped; :func:`upgrade` makes them anew, keys alone not.

    Raises DatabaseRefused.
    """
    from migrations.lacking import lacking_indexes as lacking

    with refusals(engine.url), engine.connect() as connection:
        return lacking(connection)


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
