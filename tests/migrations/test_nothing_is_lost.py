"""An archive that 0015 wrote, brought to today's tables: every view shows what it showed.

``made/0015.json.gz`` holds the rows of its tables and of its views, as the program of 26 November 2026
wrote and showed them: an invented week of two sites with edits, copies, aliases, links, a page in quarantine,
one that was taken down, re-readings that stand, were taken back or are pinned.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import Connection, text

from storage.database.opening import open_database
from storage.database.refusal import DatabaseRefused
from storage.database.upgrading import migration_config, upgrade
from storage.models import Base
from storage.operations.rows import orphans, texts
from tests.migrations.test_migrations import connected, migrate
from tests.migrations.test_upgrades import KEYLESS, in_order, tables

KEYS = text("SELECT key, fingerprint_id FROM fingerprint_key")
UNJUDGED = text("SELECT id FROM capture WHERE processed_at IS NULL")
MADE = Path(__file__).parent / "made" / "0015.json.gz"


@cache
def made() -> Any:
    return json.loads(gzip.decompress(MADE.read_bytes()))


def value(column: sa.Column[Any], said: Any, backend: str) -> Any:
    if said is None:
        return None
    if isinstance(column.type, sa.LargeBinary):
        return bytes.fromhex(said)
    if isinstance(column.type, sa.Boolean):
        return bool(said)
    if isinstance(column.type, (sa.DateTime, sa.TIMESTAMP)):
        at = datetime.fromisoformat(said)
        return at if backend == "sqlite" else at.replace(tzinfo=UTC)
    return said


def fill(connection: Connection) -> None:
    """The rows of 0015, into its tables."""
    backend = connection.dialect.name
    later: list[tuple[sa.Table, sa.Column[Any], int, Any]] = []
    for table in in_order(tables(connection)):
        kept = made()["tables"][table.name]
        rows = []
        for row in kept["rows"]:
            said = {
                name: value(table.c[name], one, backend)
                for name, one in zip(kept["columns"], row, strict=True)
            }
            for column in table.c:
                own = any(key.column.table is table for key in column.foreign_keys)
                if own or (table.name, column.name) in KEYLESS:
                    later.append((table, column, said["id"], said.pop(column.name)))
            rows.append(said)
        if rows:
            connection.execute(table.insert(), rows)
    for table, column, number, one in later:
        connection.execute(table.update().where(table.c.id == number).values({column.name: one}))


def shown(connection: Connection, view: str) -> list[list[Any]]:
    columns = made()["views"][view]["columns"]
    rows = [list(row) for row in connection.execute(text(f"SELECT {', '.join(columns)} FROM {view}"))]
    return sorted(rows, key=spelled)


def spelled(row: list[Any]) -> str:
    return json.dumps(row, ensure_ascii=False, default=str)


def differing(connection: Connection) -> list[str]:
    views: dict[str, Any] = made()["views"]
    return [name for name in views if shown(connection, name) != sorted(views[name]["rows"], key=spelled)]


def test_every_view_shows_what_it_showed(fresh_url: str) -> None:
    migrate(fresh_url, "0015")
    with connected(fresh_url) as connection:
        fill(connection)
    said: list[str] = []
    upgrade(fresh_url, said.append)
    assert any("text" in one for one in said)
    with connected(fresh_url) as connection:
        assert differing(connection) == []
        keys = sorted(map(list, connection.execute(KEYS)))
        assert keys == sorted(made()["tables"]["fingerprint_key"]["rows"])
        for digest, body in connection.execute(text("SELECT digest, body FROM text")):
            assert hashlib.sha256(body.encode()).digest() == bytes(digest)
        if connection.dialect.name == "sqlite":
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    engine = open_database(fresh_url)
    assert [*orphans(engine, repair=False), *texts(engine)] == []
    engine.dispose()


def test_down_again_every_row_is_as_it_was(fresh_url: str) -> None:
    migrate(fresh_url, "0015")
    with connected(fresh_url) as connection:
        fill(connection)
        before = rows(connection)
    upgrade(fresh_url)
    with connected(fresh_url) as connection:
        config = migration_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0015")
    with connected(fresh_url) as connection:
        assert rows(connection) == before
    upgrade(fresh_url)
    with connected(fresh_url) as connection:
        assert differing(connection) == []


def rows(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All that the tables hold, but for what the triggers keep; columns by name, as one came back last."""
    found = {}
    for table in tables(connection):
        if table.name in Base.metadata.tables:
            kept = {"article_id"} if table.name == "byline" else set()
            if table.name == "search_entry":  # says that the index has to be made anew
                kept = {"version"}
            if table.name == "capture":  # a list's is judged from 0017 on
                kept = {"processed_at"}
            asked = sa.select(*(table.c[name] for name in sorted({*table.c.keys()} - kept)))
            found[table.name] = sorted(map(tuple, connection.execute(asked)), key=repr)
    return found


@pytest.mark.parametrize("fresh_url", ["sqlite"], indirect=True)
def test_lists_do_not_wait_to_be_judged_any_more(fresh_url: str) -> None:
    """Each start of a run read all of them; what a killed run left of a page still waits."""
    migrate(fresh_url, "0015")
    with connected(fresh_url) as connection:
        fill(connection)
        listed, left = connection.scalars(text("SELECT id FROM capture ORDER BY id LIMIT 2"))
        waits = "UPDATE capture SET processed_at = NULL{} WHERE id = {}"
        connection.execute(text(waits.format(", address_id = NULL", listed)))
        connection.execute(text(waits.format("", left)))
    upgrade(fresh_url)
    with connected(fresh_url) as connection:
        assert connection.scalars(UNJUDGED).all() == [left]


@pytest.mark.parametrize("fresh_url", ["postgresql"], indirect=True)
def test_an_upgrade_that_breaks_off_is_begun_again(fresh_url: str) -> None:
    """Behind the rows that 0017 has moved by then: something of the operator's own is in its way."""
    migrate(fresh_url, "0015")
    own = "FUNCTION postings_of(bigint[])"
    with connected(fresh_url) as connection:
        fill(connection)
        connection.execute(text(f"CREATE {own} RETURNS int LANGUAGE sql AS 'SELECT 1'"))
    with pytest.raises(DatabaseRefused, match=r"what its revision 0015 made, .*postings_of"):
        upgrade(fresh_url)
    with connected(fresh_url) as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0015"
        connection.execute(text(f"DROP {own}"))
    upgrade(fresh_url)
    with connected(fresh_url) as connection:
        assert differing(connection) == []
        keys = sorted(map(list, connection.execute(KEYS)))
        assert keys == sorted(made()["tables"]["fingerprint_key"]["rows"])
