"""The database itself refuses: writes of a reader, and clearly what cannot work."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from crawler.watch.disk import disks_left
from storage.database.barred import barred, owner_of
from storage.database.durable import make_durable
from storage.database.engines import postgresql_engine
from storage.database.faults import is_the_databases
from storage.database.granted import refuse_unwritable
from storage.database.opening import (
    DatabaseRefused,
    WrongUrl,
    open_database,
    open_readonly,
    reading,
    refusals,
    writing,
    writing_rows,
)
from storage.database.refusal import describe, system_sentence
from storage.database.replicated import refuse_unfollowed
from storage.database.server_words import at_connecting
from storage.database.upgrading import upgrade
from storage.frontier.frontier import Frontier
from storage.frontier.runs import list_runs
from storage.query.reader import WrongStatement, run_select
from storage.sqlite_file import url_of
from tests import postgres
from tests.storage.pooler import dropping_options
from tests.storage.samples import NOON, Desk, fnnews_article
from tests.surroundings import free_port

ROOT = Path(__file__).resolve().parents[2]

WRITES = [
    "DELETE FROM article",
    "UPDATE article SET title = 'x'",
    "INSERT INTO lease (name, owner, until) VALUES ('x', 'y', '2026-01-01')",
    "DROP VIEW articles",
    "CREATE TABLE mine (a int)",
    "CREATE TEMP TABLE mine (a int)",
    "SELECT 1; DELETE FROM article",
    "SELECT 1;\n-- more\nDROP TABLE article",
    "WITH gone AS (DELETE FROM article RETURNING id) SELECT * FROM gone",
    "",
    "SELECT FROM WHERE",
]
SQLITE_WRITES = [
    "PRAGMA query_only = OFF",
    "PRAGMA writable_schema = ON",
    "PRAGMA journal_mode = DELETE",
    "ATTACH DATABASE '{path}' AS other",
    "VACUUM INTO '{path}'",
    "VACUUM",
    "REINDEX",
    "SELECT load_extension('{path}')",
    "BEGIN IMMEDIATE; DELETE FROM article",
    "EXPLAIN DELETE FROM article",
]
POSTGRESQL_WRITES = [
    "SET TRANSACTION READ WRITE; DELETE FROM article",
    "SET default_transaction_read_only = off; DELETE FROM article",
    "COMMIT; BEGIN READ WRITE; DELETE FROM article; COMMIT",
    "ROLLBACK; DELETE FROM article",
    "SET TRANSACTION READ WRITE",
    "SELECT set_config('transaction_read_only', 'off', false)",
    "SELECT 1 FROM article FOR UPDATE",
    "SELECT nextval('article_id_seq')",
    "COPY article TO '{path}'",
    "COPY (SELECT 1) TO PROGRAM 'touch {path}'",
    "EXPLAIN ANALYZE DELETE FROM article",
    "EXPLAIN SELECT 1; COMMIT; DELETE FROM article",
    "SHOW work_mem; COMMIT; DELETE FROM article",
    "DO $$ BEGIN DELETE FROM article; END $$",
    "CALL nothing()",
]


def refused(url: str, statement: str, path: Path) -> None:
    with pytest.raises(WrongStatement) as told, run_select(url, statement.format(path=path)) as (_, rows):
        list(rows)
    assert "\n" not in str(told.value)
    assert not path.exists()


def kept(engine: Engine) -> None:
    desk = Desk.__new__(Desk)
    desk.engine = engine
    assert desk.count("article") == desk.count("articles") == 1


@pytest.mark.parametrize("statement", WRITES)
def test_a_reader_cannot_write(engine: Engine, database_url: str, tmp_path: Path, statement: str) -> None:
    Desk(engine).store(fnnews_article())
    refused(database_url, statement, tmp_path / "escaped")
    kept(engine)


@pytest.mark.parametrize("statement", SQLITE_WRITES)
def test_a_reader_cannot_escape_on_sqlite(sqlite_url: str, tmp_path: Path, statement: str) -> None:
    engine = open_database(sqlite_url)
    Desk(engine).store(fnnews_article())
    refused(sqlite_url, statement, tmp_path / "escaped")
    kept(engine)
    engine.dispose()


@pytest.mark.parametrize("statement", POSTGRESQL_WRITES)
def test_a_reader_cannot_escape_on_postgresql(postgresql_url: str, tmp_path: Path, statement: str) -> None:
    engine = open_database(postgresql_url)
    Desk(engine).store(fnnews_article())
    tmp_path.chmod(0o777)
    refused(postgresql_url, statement, tmp_path / "escaped")
    kept(engine)
    engine.dispose()


def test_what_postgresql_15_lets_a_reader_do_is_undone(postgresql_url: str) -> None:
    """Large objects could be written in reading transactions before version 16."""
    for statement in ("SELECT lo_creat(-1)", "SELECT lo_from_bytea(0, 'x')"):
        try:
            with run_select(postgresql_url, statement) as (_, rows):
                list(rows)
        except WrongStatement:
            continue
    with run_select(postgresql_url, "SELECT count(*) FROM pg_largeobject_metadata") as (_, rows):
        assert list(rows) == [(0,)]


def test_the_reading_engine_refuses_too(engine: Engine, database_url: str) -> None:
    reader = open_readonly(database_url)
    Desk(engine).store(fnnews_article())
    for statement in ("DELETE FROM article", "SET TRANSACTION READ WRITE; DELETE FROM article"):
        with pytest.raises((DBAPIError, sqlite3.Warning, sqlite3.ProgrammingError)), reader.begin() as asked:
            asked.exec_driver_sql(statement)
    with pytest.raises(DBAPIError):
        Frontier(reader).let_rest("example.com", NOON, 60, "asked")
    kept(engine)
    reader.dispose()


def test_questions_are_answered_while_the_writer_works(engine: Engine, database_url: str) -> None:
    Desk(engine).store(fnnews_article())
    with engine.begin() as writer:
        writer.exec_driver_sql("UPDATE article SET section = 'x'")
        question = "SELECT section, '100%' AS share FROM articles;"
        with run_select(database_url, question) as (columns, rows):
            assert columns == ["section", "share"]
            assert [tuple(row) for row in rows] == [("사회", "100%")]


def test_the_plan_of_a_question_may_be_asked(engine: Engine, database_url: str) -> None:
    with run_select(database_url, "EXPLAIN SELECT 1") as (columns, rows):
        assert columns
        assert list(rows)


def test_rows_come_as_they_are_found(database_url: str) -> None:
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i FROM n"
    with run_select(database_url, numbers) as (_, rows):
        assert sum(row[0] for row in rows) == 5000 * 5001 // 2


# --- what cannot work is said in one sentence ---------------------------------------------------


def sentence(url: str) -> str:
    messages = set()
    for opening in (open_database, open_readonly):
        with pytest.raises(DatabaseRefused) as told:
            opening(url)
        messages.add(str(told.value))
    for message in messages:
        assert "\n" not in message
        assert "secret" not in message
    return " | ".join(messages)


def test_an_unreachable_server() -> None:
    port = free_port()
    assert f"at 127.0.0.1:{port} cannot be reached" in sentence(
        f"postgresql://nobody:secret@127.0.0.1:{port}/none"
    )


def test_an_unknown_server_name() -> None:
    assert "cannot be reached" in sentence("postgresql://nobody:secret@no.such.host.invalid/none")


@pytest.mark.parametrize(
    "url",
    ["garbage secret", "", "postgresql://u:secret@h:port/x", "nosuch://u:secret@h/x", "mysql://u:secret@h/x",
     "sqlite://", "sqlite:///:memory:", "postgresql+asyncpg://u:secret@h/x", "sqlite+aiosqlite:///x.db",
     "postgresql://u:secret@127.0.0.1:1/x?nonsense=1", "postgresql://u:secret@127.0.0.1:1/x?sslmode=foo",
     "postgresql://u:secret@127.0.0.1:1/x?keepalives=soon", "postgresql://u:p@secret@h/x",
     "postgresql://u:secret@127.0.0.1:1/x?connect_timeout=soon", "postgresql://u:secret@a:1,b:1/x",
     "postgresql://u:secret@127.0.0.1/x?port=1,2", "postgresql://u:secret@/x?host=a,b,c&port=1,2",
     "postgresql://u:secret@127.0.0.1:1/x?target_session_attrs=rw",
     "postgresql://u:secret@127.0.0.1:1/x?ssl_min_protocol_version=9", "postgresql://u:secret@/x?service=none"],
)  # fmt: skip
def test_a_url_that_is_none(url: str) -> None:
    assert sentence(url)
    with pytest.raises(WrongUrl):
        open_database(url)


@pytest.mark.parametrize(
    "name", ["news%20a", "100%", "why?timeout=5", "a#b", "시사 %2f..%2fx", "file:x?mode=memory"]
)
def test_a_folder_is_called_as_it_is(tmp_path: Path, name: str) -> None:
    """SQLAlchemy decodes the path of a URL: two archives shared one database, or it lay elsewhere."""
    file = tmp_path / name / "archive.db"
    url = url_of(file)
    open_database(url).dispose()
    assert [*tmp_path.rglob("archive.db")] == [file]
    open_readonly(url).dispose()
    assert str(file) in sentence(url_of(file / "none.db"))


def test_a_statement_that_the_server_ends_is_a_refusal(postgresql_url: str) -> None:
    engine = open_database(postgresql_url)
    with pytest.raises(DatabaseRefused, match="ended a statement: canceling statement due to"):
        sleep(engine)
    engine.dispose()


def sleep(engine: Engine) -> None:
    with refusals(engine.url), engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 1"))
        connection.execute(text("SELECT pg_sleep(5)"))


def test_what_a_server_is_short_of_is_not_the_statement(postgresql_url: str) -> None:
    """The URL's own options are the session's: no room for a sort outside its memory."""
    url = make_url(postgresql_url).update_query_dict(
        {"options": "-c temp_file_limit=0 -c work_mem=64kB"}, append=True
    )
    short = url.render_as_string(hide_password=False)
    sort = "SELECT g FROM generate_series(1, 20000) AS g ORDER BY -g"
    with pytest.raises(DatabaseRefused, match="could not do what it was asked: temporary file size"):
        asked(short, sort)
    engine = open_database(short)
    with (
        pytest.raises(DatabaseRefused, match="temporary file size"),
        refusals(engine.url),
        engine.connect() as connection,
    ):
        connection.execute(text(sort))
    engine.dispose()


@pytest.mark.parametrize("state", ["55P03", "53100", "58030", "XX001", "57P05", "40001", "25P04"])
def test_a_state_of_the_server_is_no_state_of_the_statement(state: str) -> None:
    error = psycopg.errors.lookup(state)("said")
    assert is_the_databases(error)
    assert not is_the_databases(psycopg.errors.UndefinedColumn("said"))


def test_a_damaged_file_is_not_the_statement(sqlite_url: str) -> None:
    path = Path(make_url(sqlite_url).database or "")
    with closing(sqlite3.connect(path)) as file:
        (root,) = file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'article'").fetchone()
        (size,) = file.execute("PRAGMA page_size").fetchone()
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as raw:
        raw.seek((root - 1) * size)
        raw.write(b"\xff" * size)
    with pytest.raises(DatabaseRefused, match="is damaged"):
        asked(sqlite_url, "SELECT * FROM article")


def test_a_file_that_is_open_is_named_where_its_disk_refuses(tmp_path: Path) -> None:
    """A descriptor says no name: for the database's disk a run named its WARC file."""
    file = tmp_path / "newsarchive.db"
    Path(f"{file}-wal").symlink_to("/dev/null")  # takes no fsync
    with pytest.raises(OSError, match=r"newsarchive\.db-wal") as refused:
        make_durable(create_engine(url_of(file)))
    assert system_sentence(refused.value).startswith(f"The system refused {file}-wal: ")


def test_locks_that_go_in_mid_run_have_a_sentence(tmp_path: Path) -> None:
    """SQLite's word for a lock service that is gone, tried five times (fcntl(2): ENOLCK)."""
    url = make_url(url_of(tmp_path / "newsarchive.db"))
    with (
        pytest.raises(DatabaseRefused, match="gives no locks just now: see to its file system"),
        refusals(url),
    ):
        raise sqlite3.OperationalError("locking protocol")


def test_what_is_set_for_a_database_changes_no_answer(postgresql_server: URL) -> None:
    """In every session of ours: an instant in another form cannot be read by the driver."""
    with postgres.database(postgresql_server) as url:
        with psycopg.connect(plain(url), autocommit=True) as server:
            for setting in (
                "DateStyle TO 'German, DMY'",
                "extra_float_digits TO -15",
                "idle_in_transaction_session_timeout TO '1s'",
                "idle_session_timeout TO '1s'",
            ):
                server.execute(f"ALTER DATABASE {url.database} SET {setting}")
        shown = "SELECT timestamptz '2026-11-20 12:00+09' AS at, 0.1::float8 + 0.2 AS sum"
        limits = "SELECT setting FROM pg_settings WHERE name LIKE 'idle%timeout' ORDER BY name"
        for opened in (open_database, open_readonly):
            engine = opened(plain(url))
            with engine.connect() as connection:
                told = connection.execute(text(shown)).one()
                assert told == (datetime(2026, 11, 20, 3, tzinfo=UTC), 0.1 + 0.2)
                assert list(connection.execute(text(limits)).scalars()) == ["600000", "0"]
            engine.dispose()


def test_rows_that_a_policy_hides_are_not_left_out_in_silence(postgresql_url: str) -> None:
    url = make_url(postgresql_url)
    role = f"role_{url.database}"
    with psycopg.connect(plain(url), autocommit=True) as server:
        server.execute(f"CREATE ROLE {role} LOGIN")
        server.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
        question = partial(asked, plain(url.set(username=role)), "SELECT count(*) FROM article")
        assert question() == [(0,)]
        server.execute("ALTER TABLE article ENABLE ROW LEVEL SECURITY")  # as a hosted server's page offers
        with pytest.raises((DatabaseRefused, WrongStatement), match="row-level security policy for table"):
            question()
        server.execute(f"DROP OWNED BY {role}")
        server.execute(f"DROP ROLE {role}")


@pytest.mark.parametrize("opened", [open_database, open_readonly])
def test_a_pooler_that_shares_out_sessions_is_refused(
    postgresql_server: URL, opened: Callable[[str], Engine]
) -> None:
    with (
        dropping_options(postgresql_server) as pooled,
        pytest.raises(DatabaseRefused, match=r"through a pooler .* dropped our options.* the server itself"),
    ):
        opened(plain(pooled))


def test_a_pooler_that_refuses_our_options_is_called_one() -> None:
    said = at_connecting("FATAL:  unsupported startup parameter: options")
    assert said is not None
    assert "through a pooler" in said


def test_a_server_without_room_for_a_session_is_told_as_that() -> None:
    """PostgreSQL 15 on a full disk; it says nothing of why."""
    said = at_connecting("FATAL:  could not write init file")
    assert said is not None
    assert "its server writes on is full" in said


def asked(url: str, statement: str) -> list[Sequence[Any]]:
    with run_select(url, statement) as (_, rows):
        return list(rows)


def test_a_server_that_stands_still_is_a_refusal(tmp_path: Path) -> None:
    """It takes connections, as its listening socket does, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://u:secret@127.0.0.1:{silent.getsockname()[1]}/x?connect_timeout=2"
        with pytest.raises(DatabaseRefused, match="cannot be reached: connection timeout expired"):
            open_database(url)


def test_a_server_whose_commits_wait_for_a_standby_that_is_gone() -> None:
    """No commit would end, and nothing would say so."""
    with postgres.own_server() as server:
        with psycopg.connect(plain(server.url), autocommit=True) as administrator:
            administrator.execute("ALTER SYSTEM SET synchronous_standby_names = 'gone'")
        server.restart()
        # What the tests' servers do without, which waits for nobody.
        engine = postgresql_engine(server.url.update_query_dict({"options": "-c synchronous_commit=on"}))
        with pytest.raises(DatabaseRefused, match=r"'gone'.*, and none is connected: start it, or let"):
            refuse_unfollowed(engine, patience=0.0)
        engine.dispose()
        open_database(server.url.render_as_string(hide_password=False)).dispose()


def test_a_database_that_is_not_there(postgresql_url: str) -> None:
    assert "is not there: mend its name" in sentence(postgresql_url.replace("/test_", "/none_"))


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "garbage.db"
    path.write_bytes(b"this is no database\n" * 100)
    assert f"{path} is not an SQLite database" in sentence(f"sqlite:///{path}")


def test_what_is_no_file_in_the_place_of_the_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.db")
    assert "is a folder" in sentence(f"sqlite:///{tmp_path}")
    for place in (tmp_path / "pipe.db", Path("/dev/null")):
        assert "is no file, but a pipe or a device" in sentence(f"sqlite:///{place}")
        with pytest.raises(DatabaseRefused, match="is no file"):
            upgrade(f"sqlite:///{place}")
        with pytest.raises(DatabaseRefused, match="is no file"):
            asked(f"sqlite:///{place}", "SELECT 1")


def test_tables_that_are_missing_are_not_the_statement(fresh_url: str) -> None:
    open_database(fresh_url).dispose()
    assert asked(fresh_url, "SELECT 1") == [(1,)]
    with pytest.raises(DatabaseRefused, match="has no tables yet; run: newsarchive db upgrade"):
        asked(fresh_url, "SELECT count(*) FROM articles")


def test_a_database_that_may_only_be_read_is_told_before_a_crawl(database_url: str) -> None:
    refuse_unwritable(database_url)
    url = make_url(database_url)
    if url.get_backend_name() == "postgresql":  # a standby says the same
        url = url.update_query_dict({"options": "-c default_transaction_read_only=on"})
        with pytest.raises(DatabaseRefused, match=r"written: cannot execute UPDATE.* is a standby"):
            refuse_unwritable(url.render_as_string(hide_password=False))


def test_what_a_server_refuses_comes_with_what_to_do(postgresql_server: URL) -> None:
    outside = psycopg.connect(plain(postgresql_server), autocommit=True)
    with outside as server, postgres.database(postgresql_server) as url:
        name, role = url.database, f"role_{url.database}"
        server.execute(f"CREATE ROLE {role}")
        for prepared, asked_for, told in (
            ("", url.set(database="nö-base"), 'is not there.* CREATE DATABASE "nö-base" ENCODING'),
            ("", url.set(username="nobody-here"), 'no role nobody-here.* CREATE ROLE "nobody-here" LOGIN'),
            ("", url.set(username=role), f'lets the role {role} not log in: ALTER ROLE "{role}" LOGIN'),
            (
                f"ALTER ROLE {role} LOGIN CONNECTION LIMIT 0",
                url.set(username=role),
                rf'has no free connection \(too many connections for role "{role}"\): end .* raise the limit',
            ),
            (
                f"ALTER ROLE {role} CONNECTION LIMIT 9; ALTER DATABASE {name} CONNECTION LIMIT 0",
                url.set(username=role),
                "has no free connection .* raise the limit",
            ),
            (f"ALTER DATABASE {name} ALLOW_CONNECTIONS false", url, f'ALTER DATABASE "{name}" ALLOW_CONN'),
        ):
            if prepared:
                for statement in prepared.split("; "):
                    server.execute(statement)
            with pytest.raises(DatabaseRefused, match=told):
                open_readonly(asked_for.render_as_string(hide_password=False)).connect()
        server.execute(f"DROP ROLE {role}")


def test_a_reader_does_not_make_a_file(tmp_path: Path) -> None:
    with pytest.raises(DatabaseRefused, match="There is no archive in"):
        open_readonly(f"sqlite:///{tmp_path / 'none.db'}")
    assert not list(tmp_path.iterdir())


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseRefused, match="is no folder"):
        open_database(f"sqlite:///{tmp_path / 'file' / 'archive.db'}")


@pytest.mark.parametrize("path", ["/newsarchive.db", "/newsarchive-test/new/archive.db"])
def test_an_unwritable_folder(tmp_path: Path, path: str) -> None:
    """Root may write anywhere, so the attempt is made as another user.

    All that it needs is loaded before: the other user may not read a checkout in a private folder.
    """
    script = (
        "import os, sys\n"
        "from storage.database.opening import DatabaseRefused, open_database\n"
        "open_database('sqlite:///' + sys.argv[2]).dispose()\n"
        "def refused(url):\n"
        "    try: open_database(url)\n"
        "    except DatabaseRefused as error: return error\n"
        "refused('sqlite:////proc/nowhere/archive.db'), refused('sqlite:////')\n"
        "if os.geteuid() == 0: os.setgroups([]), os.setgid(65534), os.setuid(65534)\n"
        "print(refused(sys.argv[1]))\n"
    )
    command = [sys.executable, "-c", script, f"sqlite:///{path}", str(tmp_path / "archive.db")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.count("\n") == 1, done.stderr
    assert "refused" in done.stdout or "cannot be opened" in done.stdout


def test_a_file_that_this_user_may_not_read() -> None:
    """Root may, so the attempt is made as another user, in a folder that others may enter."""
    script = (
        "import os, sqlite3, sys\n"
        "from pathlib import Path\n"
        "from sqlalchemy import make_url\n"
        "from storage.database.barred import barred\n"
        "from storage.database.opening import DatabaseRefused, refusals\n"
        "if os.geteuid() == 0: os.setgroups([]), os.setgid(65534), os.setuid(65534)\n"
        "else: os.chmod(os.path.dirname(sys.argv[1]), 0)\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n"
        "        with refusals(make_url('sqlite:///' + name)):\n"
        "            sqlite3.connect(name).execute('PRAGMA user_version')\n"
        "    except DatabaseRefused as error: print(error)\n"
        "own = Path(sys.argv[2]).with_name('own') / 'd.db'\n"
        "own.touch(mode=0o400)\n"
        "for file in (Path(sys.argv[2]).with_name('c.db'), own):\n"
        "    print(barred('attempt to write a readonly database', file))\n"
    )
    with TemporaryDirectory(dir="/tmp") as made:
        folder = Path(made)
        folder.chmod(0o755)
        (folder / "locked").mkdir(mode=0o700)
        (folder / "own").mkdir()
        (folder / "own").chmod(0o777)
        named = [folder / "locked" / "a.db", folder / "b.db"]
        for file in named:
            file.touch()
        named[1].chmod(0)
        left = folder / "c.db-wal"  # by a command of root, beside a file that this user may write
        left.touch(mode=0o400)
        (folder / "c.db").touch()
        (folder / "c.db").chmod(0o666)
        whose = owner_of(left)
        command = [sys.executable, "-c", script, *map(str, named)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        (folder / "locked").chmod(0o700)
    assert done.stdout.splitlines() == [
        f"The database file {named[0]} lies in a folder that this user may not enter",
        f"The database file {named[1]} may not be read by this user",
        f"may not be written: c.db-wal belongs to {whose}. Give it to this user (chown), or open the archive "
        "once as that one (newsarchive runs)"
        if os.geteuid() == 0
        else "may not be written: c.db-wal is this user's, and its mode is 0400: chmod u+rw",
        "may not be written: d.db is this user's, and its mode is 0400: chmod u+rw",
    ], done.stderr


def test_a_file_that_is_marked_as_unchangeable(tmp_path: Path) -> None:
    file = tmp_path / "newsarchive.db"
    file.touch()
    marked = subprocess.run(["chattr", "+i", str(file)], capture_output=True, check=False)
    if marked.returncode != 0:
        pytest.skip("only root, on some file systems: " + os.fsdecode(marked.stderr).strip())
    try:
        why = str(barred("attempt to write a readonly database", file))
    finally:
        subprocess.run(["chattr", "-i", str(file)], check=True)
    assert why.startswith("may not be written: newsarchive.db is marked as unchangeable (lsattr)")


def test_a_disk_that_takes_no_more_files_says_so(tmp_path: Path) -> None:
    """However much is free on it: a crawl's sentence and doctor's."""
    disk = tmp_path / "disk"
    disk.mkdir()
    small = ["mount", "-t", "tmpfs", "-o", "size=1m,nr_inodes=3", "tmpfs", str(disk)]
    mounted = subprocess.run(small, capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("such a disk can be mounted only by root: " + os.fsdecode(mounted.stderr).strip())
    try:
        database = disk / "newsarchive.db"
        left = disks_left(disk / "warc", f"sqlite:///{database}", datetime.now(UTC))
        assert not any(one.no_inode for one in left)
        for name in "ab":
            (disk / name).touch()
        with pytest.raises(OSError, match="No space left"):
            (disk / "c").touch()
        why = str(barred("unable to open database file", database))
        assert why.startswith("cannot be made: its file system")
        (said,) = disks_left(disk / "warc", f"sqlite:///{database}", datetime.now(UTC))
        assert "room for no more files" in str(said)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_what_bars_a_file_though_sqlite_does_not_say_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    unopened = "unable to open database file"
    circle = tmp_path / "a.db"
    circle.symlink_to(circle)
    assert barred(unopened, circle) == "is a link that leads in a circle"
    deep = tmp_path.joinpath(*["d" * 200] * 3)
    deep.mkdir(parents=True)
    length = len(str(deep / "a.db"))
    assert barred(unopened, deep / "a.db") == f"has a path of {length} bytes, and SQLite takes 504 at most"
    with pytest.raises(DatabaseRefused, match=f"has a path of {length} bytes"):
        open_database(f"sqlite:///{deep / 'a.db'}")
    assert barred(unopened, tmp_path / "b.db") is None
    assert barred("database is locked", tmp_path / "b.db") is None

    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "lockf", no_locks)
    for said in ("database is locked", "disk i/o error"):
        why = barred(said, tmp_path / "b.db")
        assert why is not None
        assert why.startswith("lies on a file system that gives no locks (No locks available)")
    said = system_sentence(OSError(errno.ENOLCK, "No locks available"))
    assert said.startswith("The file system of the archive folder gives no locks (No locks available)")
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_RDONLY))
    assert barred(unopened, tmp_path / "b.db") == "may not be written: its file system is mounted read-only"


def test_a_read_only_file(sqlite_url: str) -> None:
    """What SQLite says when the file may be read but not written, whoever asks."""
    path = sqlite_url.removeprefix("sqlite:///")
    reader = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    with closing(reader), pytest.raises(sqlite3.OperationalError) as said:
        reader.execute("DELETE FROM article")
    from sqlalchemy import make_url
    from sqlalchemy.exc import OperationalError

    with pytest.raises(DatabaseRefused, match="may not be written"), refusals(make_url(sqlite_url)):
        raise OperationalError("", {}, said.value)


def fill(engine: Engine) -> None:
    """Write more than the file may grow by."""
    with refusals(engine.url), engine.begin() as connection:
        (pages,) = connection.exec_driver_sql("PRAGMA page_count").one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        for number in range(100):
            values = {"id": number, "digest": str(number).encode(), "body": "x" * 9000}
            connection.execute(text("INSERT INTO text VALUES (:id, :digest, :body)"), values)


def test_a_full_disk(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    with pytest.raises(DatabaseRefused, match="is full"):
        fill(engine)
    engine.dispose()


def test_a_full_disk_outside_the_database() -> None:
    with pytest.raises(DatabaseRefused, match=r"disk that holds .* is full"), refusals():
        Path("/dev/full").write_bytes(b"x")
    with pytest.raises(DatabaseRefused, match=r"file x\.db is full"), refusals(make_url("sqlite:///x.db")):
        raise sqlite3.OperationalError("database or disk is full")  # of a VACUUM, which is SQLite's own
    no_room = make_url("sqlite:////proc/x.db")  # /proc has no free block
    with pytest.raises(DatabaseRefused, match=r"/proc/x\.db is full"), refusals(no_room):
        raise sqlite3.OperationalError("disk I/O error")
    copied = OSError(errno.ENOSPC, "No space left on device", "from", None, "to")
    with pytest.raises(DatabaseRefused, match=r"disk that holds to is full"), refusals():
        raise copied


@pytest.mark.parametrize("timeout", ["soon", "-1", "nan", "inf"])
def test_a_timeout_is_a_number_of_seconds(tmp_path: Path, timeout: str) -> None:
    with pytest.raises(DatabaseRefused, match="must be a number of seconds"):
        open_database(f"sqlite:///{tmp_path / 'archive.db'}?timeout={timeout}")


@pytest.mark.parametrize("option", ["mode=ro", "odd=1", "timeout=1&cache=shared"])
def test_an_option_of_the_url_that_is_none_is_refused(tmp_path: Path, option: str) -> None:
    with pytest.raises(WrongUrl, match=r"takes \?timeout= alone"):
        open_database(f"sqlite:///{tmp_path / 'archive.db'}?{option}")


def test_the_timeout_of_the_url_is_how_long_a_lock_is_waited_for(sqlite_url: str) -> None:
    holder, waiting = open_database(sqlite_url), open_database(f"{sqlite_url}?timeout=0.1")
    told = pytest.raises(DatabaseRefused, match=r"for longer than 0\.1 seconds")
    with holder.begin(), told, refusals(waiting.url), waiting.begin():
        pass
    holder.dispose()
    waiting.dispose()


def test_a_locked_database(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA busy_timeout = 100")
    locked = pytest.raises(DatabaseRefused, match="locked by another process")
    with locked, refusals(engine.url), writing(engine):
        pass
    assert list_runs(engine, 1) == [], "who reads waits for no writer"
    other.close()
    engine.dispose()


def test_who_reads_keeps_nobody_from_writing(sqlite_url: str) -> None:
    """`verify` had the lock for as long as it read a WARC file, and a crawl waited for 30 s in vain."""
    engine = open_database(sqlite_url)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None, timeout=0)
    question = text("SELECT count(*) FROM article")
    for read in (lambda: Session(engine), engine.connect, lambda: reading(engine)):
        with read() as asked:
            asked.execute(question)
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
    for write in (engine.begin, lambda: writing(engine), lambda: writing_rows(engine)):
        with write(), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.close()
    engine.dispose()


def test_an_encoding_that_has_no_korean_is_refused(postgresql_server: URL) -> None:
    """Before a table is made: the first search, or the first page, would break."""
    with postgres.database(postgresql_server) as url, psycopg.connect(plain(url), autocommit=True) as server:
        for encoding in ("LATIN1", "EUC_KR", "SQL_ASCII"):
            name = f"{url.database}_{encoding.lower()}"
            server.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
            with pytest.raises(DatabaseRefused, match=rf"has the encoding {encoding}.*ENCODING 'UTF8'"):
                upgrade(url.set(database=name).render_as_string(hide_password=False))
            server.execute(f"DROP DATABASE {name}")


def plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def test_tables_that_are_missing(fresh_url: str) -> None:
    engine = open_database(fresh_url)
    with pytest.raises(DatabaseRefused, match="newsarchive db upgrade"), refusals(engine.url):
        list_runs(engine, 1)
    engine.dispose()


def test_a_bug_is_not_called_a_refusal(engine: Engine) -> None:
    orphan = text("INSERT INTO byline (appearance_id, position, raw) VALUES (9, 1, 'x')")
    with pytest.raises(IntegrityError), refusals(engine.url), engine.begin() as connection:
        connection.execute(orphan)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://u:secret@h/x", "x at h:5432"),
        ("postgresql:///x?host=/run/pg&port=5433", "x at /run/pg:5433"),
        ("postgresql:///x?host=a,b", "x at a:5432 or b:5432"),
        ("postgresql:///x?host=a,b&port=1,2", "x at a:1 or b:2"),
        ("postgresql:///x?host=a:1&host=b:2", "x at a:1 or b:2"),
        ("postgresql:///x?service=news", "x of the service news"),
        ("postgresql:///x", "x at db.example.com:6543"),
        ("postgresql://", "(none is named) at db.example.com:6543"),
    ],
)
def test_a_server_is_named_as_it_is_reached(monkeypatch: pytest.MonkeyPatch, url: str, told: str) -> None:
    """Never with the password."""
    monkeypatch.setenv("PGHOST", "db.example.com")
    monkeypatch.setenv("PGPORT", "6543" if "example" in told else "5432")
    assert describe(make_url(url)) == f"The PostgreSQL database {told}"


def test_a_reader_is_given_the_server_that_writes(postgresql_url: str) -> None:
    """As the URL of a primary and its standby asks for it; that lets nothing be written there."""
    url = make_url(postgresql_url).update_query_dict({"target_session_attrs": "read-write"})
    engine = open_readonly(plain(url))
    with engine.begin() as reader:
        assert reader.exec_driver_sql("SHOW default_transaction_read_only").scalar() == "on"
    with engine.connect() as reader, pytest.raises(DBAPIError, match="read-only transaction"):
        reader.exec_driver_sql("DELETE FROM article")
    engine.dispose()


def test_two_processes_may_upgrade_at_once(fresh_url: str) -> None:
    script = "import sys; from storage.database.upgrading import upgrade; upgrade(sys.argv[1])"
    command = [sys.executable, "-c", script, fresh_url]
    both = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for process in both:
        assert process.communicate(timeout=60)[1] == ""
        assert process.returncode == 0
    upgrade(fresh_url)
