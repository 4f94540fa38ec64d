"""An empty archive while it is filled: without what every row would ask for again and again.

Indexes, references and triggers are made behind the rows: an index of rows that are there is one sort, where
120,000 articles put one by one into PostgreSQL's indexes of words and of fingerprints' keys took over five
minutes (2026-11-28).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, text

from storage.database.engines import with_lock
from storage.database.waiting import NO_LIMITS
from storage.models import ARRAYS_IN_POSTGRESQL, Base
from storage.query.kept import create_triggers, drop_triggers

_SORTS_IN = "SET LOCAL maintenance_work_mem = '256MB'"
"""PostgreSQL's default of 64 MB sorts an index of a million words several times over (our choice)."""
_INDEXES_OF_SQLITE = text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
_INDEXES = text(
    "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) "
    "FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid "
    "WHERE t.relname = ANY (:ours) AND pg_table_is_visible(t.oid) "
    "AND NOT EXISTS (SELECT 1 FROM pg_constraint c "
    "WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))"
)
_REFERENCES = text(
    "SELECT t.oid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid) "
    "FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "
    "WHERE t.relname = ANY (:ours) AND pg_table_is_visible(t.oid) AND c.contype = 'f'"
)


@contextmanager
def filling(target: Engine) -> Iterator[Connection]:
    """A transaction on an empty archive that is bare inside it; what was away is there again before its end.

    On SQLite nothing refuses rows that refer to none: :func:`refers_to_nothing` finds them.
    """
    with target.connect() as into, _referring_freely(into), with_lock(into), into.begin():
        if into.dialect.name == "postgresql":
            into.execute(NO_LIMITS)
        yield into


@contextmanager
def bare(into: Connection) -> Iterator[None]:
    """Away: triggers, indexes that hold nothing unique by a constraint, and PostgreSQL's references."""
    drop_triggers(into)  # what they keep is copied; they would look for it again row by row
    undone = list(_taken_away(into))
    yield
    if into.dialect.name == "postgresql":
        into.execute(text(_SORTS_IN))
    for statement in undone:
        into.execute(text(statement.replace(":", r"\:")))
    create_triggers(into)


def refers_to_nothing(into: Connection) -> str | None:
    """On SQLite, a table with a row that refers to none, in words; PostgreSQL has refused it by now."""
    if into.dialect.name != "sqlite":
        return None
    found = into.execute(text("PRAGMA foreign_key_check")).first()
    return None if found is None else f"a row of {found[0]} refers to none of {found[2]}"


def _taken_away(into: Connection) -> Iterator[str]:
    """Drop them; the statements that make them again, indexes first."""
    if into.dialect.name == "sqlite":
        for name, made in into.execute(_INDEXES_OF_SQLITE).all():
            into.execute(text(f'DROP INDEX "{name}"'))
            yield made
        return
    ours = {"ours": [*Base.metadata.tables, *ARRAYS_IN_POSTGRESQL.values(), "search_index"]}
    references = into.execute(_REFERENCES, ours).all()
    for table, name, _ in references:
        into.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    for name, made in into.execute(_INDEXES, ours).all():
        into.execute(text(f"DROP INDEX {name}"))
        yield made
    for table, name, made in references:
        yield f"ALTER TABLE {table} ADD CONSTRAINT {name} {made}"


@contextmanager
def _referring_freely(into: Connection) -> Iterator[None]:
    """SQLite looks for what a row refers to, or is referred to by, unless told so outside a transaction."""
    driver: Any = into.connection.driver_connection if into.dialect.name == "sqlite" else None
    if driver is not None:
        driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        if driver is not None:
            driver.execute("PRAGMA foreign_keys = ON")
