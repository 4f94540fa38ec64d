"""Every view is read by other people's tools, with the same rows."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import duckdb_extension_sqlite_scanner
import pandas
import polars
import pytest
from datasette.app import Datasette
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from storage.database.opening import open_readonly
from storage.query.duckdb import statements
from storage.query.views import views

Rows = list[tuple[Any, ...]]
VIEWS = tuple(views("sqlite"))


def plainly(path: Path, view: str) -> Rows:
    with closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(f"SELECT * FROM {view}").fetchall()


def columns_of(path: Path, view: str) -> list[str]:
    with closing(sqlite3.connect(path)) as connection, connection:
        return [column[0] for column in connection.execute(f"SELECT * FROM {view} LIMIT 0").description]


def by_duckdb(path: Path, view: str) -> Rows:
    """DuckDB hands a view with a function of SQLite's back to SQLite and takes every value for text; what it
    can read itself has types. docs/sql.md tells to cast."""
    found = _attached(path).execute(f"SELECT * FROM archive.{view}")
    kinds = {str(column[1]) for column in found.description}
    assert kinds <= {"VARCHAR", "BIGINT", "INTEGER", "DOUBLE"}, (view, kinds)
    rows = found.fetchall()
    return [tuple(map(_typed, row, like)) for row, like in zip(rows, plainly(path, view), strict=True)]


@cache
def _attached(path: Path) -> duckdb.DuckDBPyConnection:
    extension = next(Path(duckdb_extension_sqlite_scanner.__file__).parent.rglob("*.duckdb_extension"))
    connection = duckdb.connect(config={"threads": "1"})
    connection.execute(f"LOAD '{extension}'")
    connection.execute(f"ATTACH '{path}' AS archive (TYPE sqlite, READ_ONLY)")
    return connection


def _typed(value: Any, like: Any) -> Any:
    """``CAST(value AS BIGINT)`` and ``AS DOUBLE``, where SQLite has a number."""
    return type(like)(value) if isinstance(like, int | float) and value is not None else value


def by_pandas(path: Path, view: str) -> Rows:
    with closing(sqlite3.connect(path)) as connection, connection:
        frame = pandas.read_sql_query(f"SELECT * FROM {view}", connection)
    kept = frame.astype(object).where(frame.notna(), None)
    return [tuple(row) for row in kept.itertuples(index=False)]


def by_polars(path: Path, view: str) -> Rows:
    with closing(sqlite3.connect(path)) as connection, connection:
        frame = polars.read_database(f"SELECT * FROM {view}", connection, infer_schema_length=None)
    return frame.rows()


def by_sqlalchemy(path: Path, view: str) -> Rows:
    """As a database tool does it: reflects the view, then reads it."""
    engine = create_engine(f"sqlite:///{path}")
    try:
        names = [column["name"] for column in inspect(engine).get_columns(view)]
        with engine.connect() as connection:
            listed = ", ".join(f'"{name}"' for name in names)
            return [tuple(row) for row in connection.exec_driver_sql(f'SELECT {listed} FROM "{view}"')]
    finally:
        engine.dispose()


def by_datasette(path: Path, view: str) -> Rows:
    async def read() -> Rows:
        served = Datasette([], immutables=[str(path)], settings={"sql_time_limit_ms": 20_000})
        try:
            page = await served.client.get(f"/archive/{view}.json?_shape=arrays&_size=max")
            assert page.status_code == 200, page.text
            return [tuple(row) for row in page.json()["rows"]]
        finally:
            for database in served.databases.values():
                database.close()

    return asyncio.run(read())


READERS = (by_duckdb, by_pandas, by_polars, by_sqlalchemy, by_datasette)


@pytest.mark.parametrize("read", READERS, ids=lambda read: str(read.__name__))
def test_every_view_is_read_whole(sqlite_week: Path, read: Callable[[Path, str], Rows]) -> None:
    for view in VIEWS:
        there = plainly(sqlite_week, view)
        assert there, f"{view} is empty: it shows nothing"
        assert sorted(read(sqlite_week, view), key=repr) == sorted(there, key=repr), view


def test_duckdb_is_told_the_types_of_numbers(sqlite_week: Path, postgresql_week: str) -> None:
    """By views of its own around ours: each number is what PostgreSQL, which has types, says of it."""
    extension = next(Path(duckdb_extension_sqlite_scanner.__file__).parent.rglob("*.duckdb_extension"))
    with duckdb.connect(config={"threads": "1"}) as told, _opened(postgresql_week) as engine:
        told.execute(f"LOAD '{extension}'")
        for statement in statements(sqlite_week):
            told.execute(statement)
        with engine.connect() as connection:
            theirs = {view: _kinds(connection, view) for view in VIEWS}
        ours = {view: dict(told.execute(f"SELECT name, type FROM pragma_table_info('{view}')").fetchall())
                for view in VIEWS}  # fmt: skip
        assert ours == theirs
        articles = told.execute("SELECT sum(appearances), max(article_id) FROM articles").fetchone()
    with closing(sqlite3.connect(sqlite_week)) as connection, connection:
        assert (
            articles
            == connection.execute("SELECT sum(appearances), max(article_id) FROM articles").fetchone()
        )


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    engine = open_readonly(url)
    yield engine
    engine.dispose()


def _kinds(connection: Connection, view: str) -> dict[str, str]:
    """Column -> type, in DuckDB's words."""
    kinds = {"integer": "BIGINT", "bigint": "BIGINT", "numeric": "BIGINT", "double precision": "DOUBLE"}
    asked = text("SELECT column_name, data_type FROM information_schema.columns WHERE table_name = :view")
    return {row[0]: kinds.get(row[1], "VARCHAR") for row in connection.execute(asked, {"view": view})}


def test_duckdb_compares_and_reckons_with_times(sqlite_week: Path) -> None:
    """As they come: text that orders as time does, and that DuckDB takes for an instant."""
    week = _attached(sqlite_week)
    for view, column in (
        ("articles", "published_at"), ("runs", "started_at"), ("changes", "changed_at"),
        ("revisions", "valid_from"), ("outcomes", "at"), ("slots", "due_at"), ("alarms", "changed_at"),
    ):  # fmt: skip
        asked = f'SELECT min("{column}"), count(*) FILTER (WHERE "{column}" >= \'2026-01-01\')'
        theirs = f'{asked}, count("{column}"::TIMESTAMPTZ) FROM archive.{view}'
        least, ordered, instants = week.execute(theirs).fetchall()[0]
        with closing(sqlite3.connect(sqlite_week)) as connection, connection:
            wanted = connection.execute(f'{asked}, count("{column}") FROM {view}').fetchone()
        assert (least, ordered, instants) == wanted, view
        assert instants > 0, view


def test_postgresql_shows_the_same_types_and_values(sqlite_week: Path, postgresql_week: str) -> None:
    engine = create_engine(postgresql_week.replace("postgresql:", "postgresql+psycopg:"))
    try:
        with engine.connect() as connection:
            for view in VIEWS:
                theirs = [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {view}")]
                own = columns_of(sqlite_week, view)[0] in OWN
                for mine, other in zip(
                    _ordered(plainly(sqlite_week, view), own), _ordered(theirs, own), strict=True
                ):
                    assert [type(one) for one in mine] == [type(one) for one in other], view
                    assert mine == pytest.approx(other), view
    finally:
        engine.dispose()


OWN = ("outcome_id", "visit_id")
"""Numbers that are each archive's own, and that nothing else names."""


def _ordered(rows: Rows, own: bool) -> Rows:
    return sorted((row[1:] if own else row for row in rows), key=repr)
