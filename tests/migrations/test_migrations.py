"""The migrations: one line of them, up and down, and equal to the models."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, make_url, text

from migrations.whole import tables_of
from storage.database.opening import CHANGE_LOCKS, DatabaseRefused, open_database
from storage.database.revisions import REVISIONS
from storage.database.tables import require_current, schema_state
from storage.database.upgrading import migration_config, upgrade
from storage.database.waiting import change_tables
from storage.models import ARRAYS_IN_POSTGRESQL
from storage.query.kst import INDEXES

ROOT = Path(__file__).resolve().parents[2]
KEPT = tuple(name.split("{")[0] for name in INDEXES)
VIEWS = {"articles", "appearances", "revisions", "bylines", "rights", "runs", "coverage"}


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = open_database(url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def migrate(url: str, revision: str) -> None:
    with connected(url) as connection:
        config = migration_config()
        config.attributes["connection"] = connection
        (command.downgrade if revision == "base" else command.upgrade)(config, revision)


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(migration_config()).get_heads()) == 1


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or not (name or "").startswith(("search_index", *ARRAYS_IN_POSTGRESQL.values()))


def is_told(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """SQLite does not tell which column of an index descends, nor of expressions: the plans hold those."""
    return kind != "index" or not (name or "").startswith(("ix_address_waiting", *KEPT))


def test_upgrading_gives_the_models(fresh_url: str) -> None:
    migrate(fresh_url, "head")
    with connected(fresh_url) as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_ours, "include_object": is_told}
        )
        assert compare_metadata(context, tables_of(connection.dialect.name)) == []
        assert set(inspect(connection).get_view_names()) >= VIEWS


def test_checks_and_foreign_keys_are_those_of_the_models(fresh_url: str) -> None:
    """compare_metadata does not look at CHECK constraints; their names do."""
    migrate(fresh_url, "head")
    with connected(fresh_url) as connection:
        found = inspect(connection)
        for table in tables_of(connection.dialect.name).sorted_tables:
            names = {check["name"] for check in found.get_check_constraints(table.name)}
            held = {*table.constraints, *(one for column in table.columns for one in column.constraints)}
            wanted = {str(c.name) for c in held if type(c).__name__ == "CheckConstraint"}
            assert names == wanted, table.name
            keys = {key["name"] for key in found.get_foreign_keys(table.name)}
            assert keys == {str(key.name) for key in table.foreign_key_constraints}, table.name


def test_down_and_up_again(fresh_url: str) -> None:
    migrate(fresh_url, "head")
    migrate(fresh_url, "base")
    with connected(fresh_url) as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
        assert inspect(connection).get_view_names() in ([], ["pg_stat_statements"])
    upgrade(fresh_url)
    with connected(fresh_url) as connection:
        assert connection.scalar(text("SELECT count(*) FROM articles")) == 0


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    upgrade(database_url)
    upgrade(database_url)


def test_limits_of_daily_statements_end_no_change_of_the_tables(postgresql_url: str) -> None:
    """A role's, a server's: a statement of a large archive's change takes minutes."""
    daily = ("statement_timeout", "idle_in_transaction_session_timeout")
    limits = " ".join(f"-c {name}=1min" for name in daily)
    engine = open_database(
        make_url(postgresql_url).update_query_dict({"options": limits}).render_as_string(False)
    )
    held: list[str | None] = []

    def change(connection: Connection) -> None:
        held.extend(
            connection.scalar(text("SELECT current_setting(:name)"), {"name": name}) for name in daily
        )

    change_tables(engine, change, CHANGE_LOCKS, print)
    with engine.connect() as connection:
        usual = [connection.scalar(text("SELECT current_setting(:name)"), {"name": name}) for name in daily]
    engine.dispose()
    # How long a transaction rests is ours to say in every session: verify reads captures within one.
    assert (held, usual) == (["0", "0"], ["1min", "10min"])


def test_a_table_that_was_dropped_is_told(fresh_url: str) -> None:
    """Every command says to run the upgrade then, which said that all was well."""
    upgrade(fresh_url)
    with connected(fresh_url) as connection:
        connection.execute(text("DROP TABLE verification"))
    with pytest.raises(DatabaseRefused, match=r"lacks the table verification, .*dropped: restore"):
        upgrade(fresh_url)


def test_a_failing_migration_leaves_nothing_behind(fresh_url: str) -> None:
    with connected(fresh_url) as connection:
        connection.execute(text("CREATE TABLE host (name text)"))  # in the way of the first migration
    with pytest.raises(DatabaseRefused, match="does not know"):
        upgrade(fresh_url)
    with connected(fresh_url) as connection:
        assert inspect(connection).get_table_names() == ["host"]


@pytest.mark.parametrize(
    ("revision", "by_hand"),
    [
        ("0016", "UPDATE alembic_version SET version_num = '0012'"),  # a dump of rows over newer tables
        ("0004", "DROP TABLE rereading"),  # a program between two versions
    ],
)
def test_other_tables_than_the_revisions_are_told(fresh_url: str, revision: str, by_hand: str) -> None:
    """It was a traceback, or said to run what had just been run."""
    migrate(fresh_url, revision)
    with connected(fresh_url) as connection:
        connection.execute(text(by_hand))
        stamped = connection.scalar(text("SELECT version_num FROM alembic_version"))
    with pytest.raises(DatabaseRefused, match=rf"does not hold what its revision {stamped} made, and stays"):
        upgrade(fresh_url)
    with connected(fresh_url) as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == stamped


def test_schema_state(fresh_url: str) -> None:
    engine: Engine = open_database(fresh_url)
    try:
        assert schema_state(engine) == "empty"
        with pytest.raises(DatabaseRefused, match="no tables yet"):
            require_current(engine)
        upgrade(fresh_url)
        assert schema_state(engine) == "current"
        require_current(engine)
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        assert schema_state(engine) == "unknown"
        with pytest.raises(DatabaseRefused, match="does not know"):
            upgrade(fresh_url)
        for by_hand in (
            "DELETE FROM alembic_version",
            "INSERT INTO alembic_version VALUES ('0016'), ('0015')",
        ):
            with engine.begin() as connection:
                connection.execute(text(by_hand))
            with pytest.raises(DatabaseRefused, match="does not know: name the archive's own database"):
                upgrade(fresh_url)
    finally:
        engine.dispose()


def test_alembic_works_from_the_root_of_the_repository(fresh_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        cwd=ROOT,
        env={"NEWSARCHIVE_DATABASE_URL": fresh_url, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    with connected(fresh_url) as connection:
        assert connection.scalar(text("SELECT count(*) FROM runs")) == 0


def test_alembic_without_a_database_says_so() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "NEWSARCHIVE_DATABASE_URL" in done.stdout + done.stderr


def test_the_revisions_are_named_in_order() -> None:
    script = ScriptDirectory.from_config(migration_config())
    assert tuple(one.revision for one in script.walk_revisions())[::-1] == REVISIONS
