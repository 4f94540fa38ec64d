"""Tables are changed beside living crawls and readers: nobody is cut off, nobody waits for long."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, make_url, text
from typer.testing import CliRunner

from crawler.commands.program import make_program
from storage.database.granted import refuse_unwritable
from storage.database.opening import DatabaseRefused, open_database, open_readonly, refusals, writing
from storage.database.tables import SchemaState, schema_state
from storage.database.upgrading import upgrade
from storage.frontier.runs import list_runs
from storage.query.reader import run_select
from tests.migrations.test_migrations import migrate

OLD = "0002"


def state_of(url: str) -> SchemaState:
    engine = open_database(url)
    try:
        return schema_state(engine)
    finally:
        engine.dispose()


@contextmanager
def upgrading(url: str) -> Iterator[list[str]]:
    """An upgrade on a thread of its own, and what it says; over, and well, at the end of the block."""
    said: list[str] = []
    failed: list[Exception] = []

    def work() -> None:
        try:
            upgrade(url, said.append)
        except DatabaseRefused as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield said
    finally:
        thread.join(60)
    assert failed == []
    assert state_of(url) == "current"


def wait_for(said: list[str]) -> str:
    deadline = time.monotonic() + 60
    while not said and time.monotonic() < deadline:
        time.sleep(0.02)
    return said[0]


def test_a_long_question_is_waited_for_and_blocks_nobody(postgresql_url: str) -> None:
    migrate(postgresql_url, OLD)
    reader, others = open_readonly(postgresql_url), open_readonly(postgresql_url)
    with reader.connect() as long, others.connect() as quick:
        long.execute(text("SELECT count(*) FROM articles"))
        quick.execute(text("SET statement_timeout = '5s'"))
        with upgrading(postgresql_url) as said:
            assert "in use: waiting for session" in wait_for(said)
            assert "SELECT count(*) FROM articles" in said[0]
            for _ in range(20):
                assert quick.execute(text("SELECT count(*) FROM appearance")).scalar() == 0
                quick.rollback()
                time.sleep(0.05)
            long.rollback()
    reader.dispose()
    others.dispose()


def test_a_crawl_that_writes_is_never_the_victim(postgresql_url: str) -> None:
    """The crawl takes its tables in another order than the migrations do: that was the deadlock."""
    migrate(postgresql_url, OLD)
    engine, ended = open_database(postgresql_url), threading.Event()
    written: list[int] = []

    def crawl() -> None:
        while not ended.is_set():
            with writing(engine) as session:
                for table in ("outcome", "capture", "revision", "appearance", "article"):
                    session.execute(text(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE"))
                    time.sleep(0.005)
            written.append(1)

    thread = threading.Thread(target=crawl)
    thread.start()
    with upgrading(postgresql_url):
        pass
    before = len(written)
    deadline = time.monotonic() + 30
    while len(written) < before + 3 and thread.is_alive() and time.monotonic() < deadline:
        time.sleep(0.01)
    ended.set()
    thread.join()
    assert len(written) >= before + 3, "the crawl was cut off"
    engine.dispose()


def test_a_crawl_in_another_process_is_waited_for_on_sqlite(sqlite_url: str) -> None:
    migrate(sqlite_url, OLD)
    crawl, reader = open_database(sqlite_url), open_readonly(sqlite_url)
    with reader.connect() as long, ExitStack() as writes:
        assert long.execute(text("SELECT count(*) FROM appearance")).scalar() == 0
        writes.enter_context(crawl.begin())
        with upgrading(sqlite_url) as said:
            assert "is being written by another process: waiting for it" in wait_for(said)
            writes.close()
        assert long.execute(text("SELECT count(*) FROM appearance")).scalar() == 0
    crawl.dispose()
    reader.dispose()


# --- a newer version's database ---------------------------------------------------------------------


def make_newer(url: str) -> None:
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()


COMMANDS = [
    ["runs"],
    ["sql", "SELECT 1"],
    ["coverage"],
    ["coverage", "--fill"],
    ["report", "--politeness"],
    ["db", "upgrade"],
    ["relink"],
    ["why", "https://v.daum.net/v/1", "https://v.daum.net/v/2"],
    ["diff", "https://v.daum.net/v/1"],
    ["crawl", "daum", "--origin", "daum=http://127.0.0.1:9", "--delay", "0"],
    ["fetch", "https://v.daum.net/v/20261120090000123", "--origin", "daum=http://127.0.0.1:9"],
]


def test_a_newer_database_is_refused_by_every_command(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_newer(database_url)
    monkeypatch.setenv("NEWSARCHIVE_DATABASE_URL", database_url)
    monkeypatch.setenv("NEWSARCHIVE_DIR", str(tmp_path / "archive"))
    for words in COMMANDS:
        done = CliRunner().invoke(make_program(), words)
        assert isinstance(done.exception, DatabaseRefused), (words, done.output, done.exception)
        said = str(done.exception)
        assert "holds tables of a newer version (9999) that this version of newsarchive does not know" in said
        assert "\n" not in said


# --- a role without rights --------------------------------------------------------------------------


@pytest.fixture
def poor_url(postgresql_url: str) -> Iterator[str]:
    """The archive as a role that may do nothing there."""
    url = make_url(postgresql_url)
    conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
    role = sql.Identifier(f"poor_{url.database}")
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
        yield url.set(username=f"poor_{url.database}").render_as_string(hide_password=False)
        connection.execute(sql.SQL("DROP OWNED BY {}").format(role))
        connection.execute(sql.SQL("DROP ROLE {}").format(role))


def ask(engine: Engine) -> None:
    with refusals(engine.url):
        list_runs(engine, 1)


def test_a_role_without_rights(poor_url: str) -> None:
    told = pytest.raises(DatabaseRefused, match="permission denied")
    with told, run_select(poor_url, "SELECT * FROM articles"):
        pass
    reader = open_readonly(poor_url)
    with pytest.raises(DatabaseRefused, match=r"gives the role poor_\w+ too few rights: permission denied"):
        ask(reader)
    reader.dispose()
    with pytest.raises(DatabaseRefused, match="too few rights"):
        upgrade(poor_url)


def test_a_role_that_may_not_write_every_table_is_told_before_a_crawl(
    postgresql_url: str, poor_url: str
) -> None:
    """One table was made by another role: doctor found nothing, and each crawl ended at it."""
    role = make_url(poor_url).username
    engine = open_database(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text(f"GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO {role}"))
        connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"))
    refuse_unwritable(poor_url)
    with engine.begin() as connection:
        connection.execute(text(f"REVOKE INSERT ON outcome FROM {role}"))
        connection.execute(text(f"REVOKE ALL ON SEQUENCE run_id_seq FROM {role}"))
    engine.dispose()
    with pytest.raises(
        DatabaseRefused, match=r"poor_\w+ read and write outcome, run_id_seq: GRANT it SELECT"
    ):
        refuse_unwritable(poor_url)


def test_a_role_that_may_ask_a_view_is_answered(postgresql_url: str, poor_url: str) -> None:
    engine = open_database(postgresql_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f'GRANT SELECT ON articles TO "{make_url(poor_url).username}"')
    engine.dispose()
    with run_select(poor_url, "SELECT count(*) FROM articles") as (_, rows):
        assert list(rows) == [(0,)]
