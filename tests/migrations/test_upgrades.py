"""Archives of every earlier version, with rows in every table, brought to today's tables and back."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import Connection, MetaData, Table, inspect, text

from storage.database.revisions import REVISIONS
from storage.database.upgrading import migration_config, upgrade
from storage.models import ARRAYS_IN_POSTGRESQL
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
    ("import_entry", "fate"): "taken",
    ("import_entry", "outcome"): "stored",
    ("text", "digest"): "0f" * 32,
    ("article", "text_digest"): "0f" * 32,
    ("appearance", "text_digest"): "0f" * 32,
    ("revision", "text_digest"): "0f" * 32,
    ("fingerprint", "text_digest"): "0f" * 32,
    ("search_entry", "text_digest"): "0f" * 32,
    ("appearance", "content_digest"): "1e" * 32,
    ("revision", "content_digest"): "1e" * 32,
}
"""Columns that take certain words only, or that mean something here by being empty."""
FLAGS = ("no_reproduction", "no_redistribution", "no_ai_training", "no_collection")
KEYLESS = {("article", "preferred_appearance_id"), ("article", "byline_appearance_id")}
"""References that go round: set when both rows are there."""


def tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    left_out = ("alembic_version", "search_index", *ARRAYS_IN_POSTGRESQL.values())  # no models
    return [table for table in found.tables.values() if not table.name.startswith(left_out)]


def value(table: Table, column: sa.Column[Any], backend: str) -> Any:
    if (table.name, column.name) in WORDS:
        word = WORDS[table.name, column.name]
        return bytes.fromhex(word) if isinstance(column.type, sa.LargeBinary) else word
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


IN_SQLITE = [("sqlite", earlier) for earlier in REVISIONS[:-1]]
IN_POSTGRESQL = [
    pytest.param(
        "postgresql", earlier, marks=() if earlier in (REVISIONS[0], REVISIONS[-2]) else pytest.mark.proof
    )
    for earlier in REVISIONS[:-1]
]
"""The first version passes through all others; those between are among the proofs."""


@pytest.fixture(scope="module")
def earlier_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An empty SQLite archive of each earlier version, not to be written: the one before, one step on."""
    folder = tmp_path_factory.mktemp("earlier")
    growing = folder / "archive.db"
    for version in REVISIONS[:-1]:
        migrate(f"sqlite:///{growing}", version)
        shutil.copy(growing, folder / version)
    return {version: folder / version for version in REVISIONS[:-1]}


@pytest.mark.parametrize(("fresh_url", "earlier"), [*IN_SQLITE, *IN_POSTGRESQL], indirect=["fresh_url"])
def test_rows_of_every_earlier_version_are_kept(
    fresh_url: str, earlier: str, request: pytest.FixtureRequest
) -> None:
    if fresh_url.startswith("sqlite:///"):
        files = request.getfixturevalue("earlier_files")
        shutil.copy(files[earlier], fresh_url.removeprefix("sqlite:///"))
    else:
        migrate(fresh_url, earlier)
    with connected(fresh_url) as connection:
        before = seed(connection)
    upgrade(fresh_url)
    with connected(fresh_url) as connection:
        after = {table.name: row(connection, table) for table in tables(connection)}
        keys = connection.execute(text("SELECT * FROM fingerprint_key"))  # a view on PostgreSQL
        after["fingerprint_key"] = dict(keys.mappings().first() or {})
        if earlier < "0010":
            before["discovery"] = merged(before["discovery"], after["seed"])
        for name, columns in before.items():
            columns = by_number(columns) if earlier < "0016" else columns
            kept = {column: after[name][column] for column in columns}
            unread = dict.fromkeys(FLAGS) if name == "appearance_rights" and earlier < "0004" else {}
            wanted = columns | unread
            assert kept == wanted, name
        if earlier < "0004":
            assert after["revision"]["reader"] is after["revision"]["cause"] is None
        for view in views(connection.dialect.name):
            connection.execute(text(f"SELECT * FROM {view}")).all()


def by_number(row: dict[str, Any]) -> dict[str, Any]:
    """A row of 0015 as 0016 keeps it: the one text and the one set of rules have the number 1."""
    digests = {
        name: bytes.fromhex(value)
        for name, value in row.items()
        if name in {"digest", "content_digest"} and value is not None and len(value) == 64
    }
    numbers = {"text_id": 1} if row.get("text_digest") else {}
    numbers |= {"rules_id": 1} if row.get("rules") else {}
    gone = {"text_digest", "rules"} | ({"title_key"} if "created_at" in row else set())
    return {name: value for name, value in row.items() if name not in gone} | digests | numbers


def merged(row: dict[str, Any], seed: dict[str, Any]) -> dict[str, Any]:
    """The one discovery of 0009 as 0010 keeps it: one row for as long as the seed says the same."""
    assert seed["url"] == row.pop("seed")
    run, at = row.pop("run_id"), row.pop("seen_at")
    runs = {"first_run_id": run, "last_run_id": run, "previous_run_id": None, "times": 1}
    return row | runs | {"seed_id": seed["id"], "first_seen_at": at, "last_seen_at": at}


POLLS = """
INSERT INTO discovery (id, address_id, run_id, seed, seen_at, title_hint, time_hint, time_raw, section_hint)
VALUES
 (1, 1, 1, 'a', :at1, '비', NULL, '22분 전', NULL), (2, 1, 2, 'a', :at2, '비', NULL, '1시간 전', NULL),
 (3, 1, 3, 'a', :at3, '비 그쳐', NULL, '2시간 전', '날씨'),
 (4, 1, 4, 'a', :at4, '비 그쳐', NULL, NULL, '날씨'),
 (5, 1, 4, 'b', :at4, '비 그쳐', :at1, 'Sun, 27 Sep 2026 12:00:00 +0900', NULL),
 (6, 2, 2, 'a', :at2, NULL, NULL, '2026.09.27 11:00', NULL),
 (7, 2, 4, 'a', :at4, NULL, NULL, '2026.09.27 11:30', NULL)
"""
"""Four polls of two seeds as 0009 kept them: address 1 is retitled, address 2 gets another time."""


def test_polls_of_0009_become_one_row_for_what_a_seed_said(fresh_url: str) -> None:
    migrate(fresh_url, "0009")
    with connected(fresh_url) as connection:
        polled(connection)
    upgrade(fresh_url)
    with connected(fresh_url) as connection:
        assert ledger(connection) == [
            [(1, 1, 1, 0), (2, 2, 1, 0), (3, 1, 0, 0), (4, 2, 0, 0)],
            [("daum", "2026-09-27", "날씨", 1, 0, 1), ("daum", "2026-09-27", None, 1, 0, 1)],
        ]
        rows = connection.execute(
            text(
                "SELECT d.id, address_id, url, first_run_id, last_run_id, previous_run_id, times, title_hint "
                "FROM discovery AS d JOIN seed ON seed.id = seed_id ORDER BY d.id"
            )
        )
        assert [tuple(row) for row in rows] == [
            (1, 1, "a", 1, 2, 1, 2, "비"),
            (3, 1, "a", 3, 4, 3, 2, "비 그쳐"),
            (5, 1, "b", 4, 4, None, 1, "비 그쳐"),
            (6, 2, "a", 2, 2, None, 1, None),
            (7, 2, "a", 4, 4, 2, 1, None),
        ]
        owed = connection.execute(text("SELECT run_id, address_id FROM unended ORDER BY 1, 2"))
        assert [tuple(row) for row in owed] == [(2, 2), (3, 1), (4, 1), (4, 2)]
        seed_id = connection.scalar(text("SELECT id FROM seed WHERE url = 'a'"))
        columns = "address_id, seed_id, first_run_id, last_run_id, first_seen_at, last_seen_at, times"
        added = f"INSERT INTO discovery ({columns}) VALUES (2, {seed_id}, 4, 4, :at, :at, 1)"
        # The numbers go on behind those that were kept.
        connection.execute(text(added), {"at": f"{NOON:%Y-%m-%d %H:%M:%S.%f}"})
        assert connection.scalar(text("SELECT max(id) FROM discovery")) == 8
    with connected(fresh_url) as connection:
        config = migration_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0009")
    with connected(fresh_url) as connection:
        assert connection.scalar(text("SELECT count(*) FROM discovery WHERE seed = 'a'")) == 6


def polled(connection: Connection) -> None:
    at = {f"at{n}": NOON + timedelta(minutes=20 * n) for n in range(1, 5)}
    if connection.dialect.name == "sqlite":
        at = {name: moment.strftime("%Y-%m-%d %H:%M:%S.000000") for name, moment in at.items()}
    connection.execute(text("INSERT INTO source (name) VALUES ('daum')"))
    for run in range(1, 5):
        columns = "id, source, mode, owner, started_at, settings"
        connection.execute(
            text(f"INSERT INTO run ({columns}) VALUES ({run}, 'daum', 'latest', 'x', :at, '{{}}')"),
            {"at": at[f"at{run}"]},
        )
    for number in (1, 2):
        columns = "id, source, url, state, first_seen_at, attempts"
        row = f"({number}, 'daum', 'https://v.daum.net/v/{number}', 'settled', :at, 0)"
        connection.execute(text(f"INSERT INTO address ({columns}) VALUES {row}"), {"at": at["at1"]})
    connection.execute(text(POLLS), at)
    for run in (1, 2):
        columns = "run_id, address_id, outcome, reason, at"
        row = f"({run}, 1, 'stored', 'stored', :at)"
        connection.execute(text(f"INSERT INTO outcome ({columns}) VALUES {row}"), {"at": at["at1"]})


def ledger(connection: Connection) -> list[list[tuple[Any, ...]]]:
    """What the public views say of lists."""
    asked = (
        "SELECT run_id, listed, stored, failed FROM runs ORDER BY run_id",
        "SELECT source, day, section, listed, stored, pending FROM coverage ORDER BY day, section IS NULL",
    )
    return [[tuple(row) for row in connection.execute(text(one))] for one in asked]


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
