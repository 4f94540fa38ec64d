"""Archives of every earlier version, with rows in every table, brought to today's tables and back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import Connection, MetaData, Table, inspect, text

from storage.database.opening import REVISIONS, migration_config, upgrade
from storage.query.views import views
from tests.migrations.test_migrations import connected, migrate

NOON = datetime(2026, 9, 27, 3, 0, tzinfo=UTC)
WORDS = {
    ("run", "verdict"): "healthy",
    ("address", "state"): "settled",
    ("address", "last_outcome"): "stored",
    ("outcome", "outcome"): "stored",
    ("seed_visit", "outcome"): "stored",
    ("slot", "state"): "ran",
    ("article_link", "other_id"): 2,
    ("article_link", "kind"): "near_duplicate",
    ("appearance_rights", "notice"): None,
    ("revision", "valid_to"): None,
    ("revision", "cause"): "site",
}
"""Columns that take certain words only, or that mean something here by being empty."""
FLAGS = ("no_reproduction", "no_redistribution", "no_ai_training", "no_collection")
KEYLESS = {("article", "preferred_appearance_id"), ("article", "byline_appearance_id")}
"""References that go round: set when both rows are there."""


def tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    left_out = ("alembic_version", "search_index")  # what the index is made of is no model
    return [table for table in found.tables.values() if not table.name.startswith(left_out)]


def value(table: Table, column: sa.Column[Any], backend: str) -> Any:
    if (table.name, column.name) in WORDS:
        return WORDS[table.name, column.name]
    if (table.name, column.name) in KEYLESS:
        return None
    kind = column.type
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, (sa.Integer, sa.BigInteger)):
        return 1
    if isinstance(kind, (sa.DateTime, sa.TIMESTAMP)):
        return NOON.replace(tzinfo=None) if backend == "sqlite" else NOON
    if isinstance(kind, (sa.Float, sa.Numeric)):
        return 1.0
    return b"1" if isinstance(kind, sa.LargeBinary) else "1"


def seed(connection: Connection) -> dict[str, dict[str, Any]]:
    """One row in every table; table -> the row as it stands."""
    made = tables(connection)
    backend = connection.dialect.name
    for table in in_order(made):
        connection.execute(table.insert().values({c.name: value(table, c, backend) for c in table.columns}))
        if table.name == "article":  # a link needs two
            connection.execute(
                table.insert().values(id=2, created_at=value(table, table.c.created_at, backend))
            )
    for name, column in sorted(KEYLESS):
        connection.execute(text(f"UPDATE {name} SET {column} = 1 WHERE id = 1"))
    return {table.name: row(connection, table) for table in made}


def in_order(made: list[Table]) -> list[Table]:
    """Those that are referred to first; references that go round do not count."""
    left, done, ordered = list(made), set(), []
    while left:
        for table in left:
            needs = {
                key.column.table.name
                for key in table.foreign_keys
                if (table.name, key.parent.name) not in KEYLESS and key.column.table is not table
            }
            if needs <= done:
                left.remove(table)
                done.add(table.name)
                ordered.append(table)
                break
        else:
            raise AssertionError(f"the tables refer to each other in a circle: {[t.name for t in left]}")
    return ordered


def row(connection: Connection, table: Table) -> dict[str, Any]:
    return dict(connection.execute(sa.select(table).order_by(*table.primary_key)).mappings().first() or {})


@pytest.mark.parametrize("earlier", REVISIONS[:-1])
def test_rows_of_every_earlier_version_are_kept(fresh_url: str, earlier: str) -> None:
    migrate(fresh_url, earlier)
    with connected(fresh_url) as connection:
        before = seed(connection)
    upgrade(fresh_url)
    with connected(fresh_url) as connection:
        after = {table.name: row(connection, table) for table in tables(connection) if table.name in before}
        for name, columns in before.items():
            kept = {column: after[name][column] for column in columns}
            unread = dict.fromkeys(FLAGS) if name == "appearance_rights" and earlier < "0004" else {}
            wanted = columns | unread
            assert kept == wanted, name
        if earlier < "0004":
            assert after["revision"]["reader"] is after["revision"]["cause"] is None
        for view in views(connection.dialect.name):
            connection.execute(text(f"SELECT * FROM {view}")).all()


def test_a_read_notice_keeps_its_zeros(fresh_url: str) -> None:
    """0 of a notice that was read stays 0; 1 is never lost."""
    migrate(fresh_url, "0003")
    with connected(fresh_url) as connection:
        seed(connection)
        connection.execute(text("UPDATE appearance_rights SET notice = 'ⓒ 가일보', no_reproduction = true"))
    upgrade(fresh_url)
    with connected(fresh_url) as connection:
        assert [
            tuple(flags)
            for flags in connection.execute(text(f"SELECT {', '.join(FLAGS)} FROM appearance_rights"))
        ] == [(True, False, False, False)]


def test_down_again_with_rows_in_every_table(fresh_url: str) -> None:
    upgrade(fresh_url)
    with connected(fresh_url) as connection:
        seed(connection)
        connection.execute(text("UPDATE appearance_rights SET no_collection = NULL"))
    with connected(fresh_url) as connection:
        config = migration_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")
    with connected(fresh_url) as connection:
        assert connection.scalar(text("SELECT no_collection FROM appearance_rights")) in (0, False)
        assert not {"rereading", "declared_address"} & set(inspect(connection).get_table_names())
        assert connection.scalar(text("SELECT count(*) FROM changes")) == 0
    upgrade(fresh_url)
