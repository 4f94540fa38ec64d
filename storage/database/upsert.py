"""Insert unless it is there: the same statement for both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.database.prepared import Prepared
from storage.models import Base
from storage.models.base import table_of

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

K = TypeVar("K", int, str)
BATCH = 500
"""Rows in one statement: SQLite takes 32,766 values, and no table here has 65 columns."""


def insert_missing(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows that break no unique constraint; leave the others as they are.

    Args:
        rows: all with the same columns.
    """
    insert_missing_rows(session.connection(), table, rows)


def insert_missing_rows(connection: Connection, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """The same on a connection, without a session."""
    if rows:
        _added(connection.dialect.name, table, tuple(rows[0])).run_all(connection, rows)


def inserted(
    connection: Connection, table: type[Base], row: Mapping[str, Any], key: InstrumentedAttribute[K]
) -> K | None:
    """Insert a row unless it breaks a unique constraint; its ``key``, None where another stands there.

    One statement, and none built: for the tables that get a row with every page.
    """
    made = _asking(connection.dialect.name, table, key.key, tuple(row))
    found: K | None = made.run(connection, row).scalar()
    return found


def is_added(connection: Connection, table: type[Base], row: Mapping[str, Any]) -> bool:
    """Insert a row unless it breaks a unique constraint; whether it did not. Cheaper than asking its key."""
    return _added(connection.dialect.name, table, tuple(row)).run(connection, row).rowcount == 1


def added(session: Session, table: type[Base], row: Mapping[str, Any]) -> int | None:
    """Insert a row unless it breaks a unique constraint; its number, None where another stands there."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":  # gives the number without being asked
        done = _added("sqlite", table, tuple(row)).run(connection, row)
        return done.lastrowid if done.rowcount == 1 else None
    number: int | None = _asking("postgresql", table, "id", tuple(row)).run(connection, row).scalar()
    return number


@cache
def _asking(dialect: str, table: type[Base], key: str, _columns: tuple[str, ...]) -> Prepared:
    return Prepared(_insert(dialect, table, key))


@cache
def _added(dialect: str, table: type[Base], _columns: tuple[str, ...]) -> Prepared:
    return Prepared(_insert(dialect, table, None))


@cache
def _insert(dialect: str, table: type[Base], key: str | None) -> Insert:
    """Made once: building a statement costs SQLAlchemy more than the database needs to answer it."""
    rows = table_of(table)
    made = _insert_into(rows, dialect).on_conflict_do_nothing()
    return made.inline() if key is None else made.returning(rows.c[key])


def _insert_into(rows: Table, dialect: str) -> SqliteInsert | PostgresqlInsert:
    """Its engine has loaded the dialect; to load the other one, too, takes 25 ms of a start (2026-11-26)."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(rows)
    return sqlite.insert(rows)
