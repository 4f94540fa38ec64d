"""Writers of one file in one process: their own connections, and what was compiled for any of them."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.sql.compiler import SQLCompiler

from storage.database.opening import open_database, reading, writing_rows
from storage.database.upgrading import prepare_database
from storage.models import AddressRow


def test_what_one_has_compiled_the_other_need_not(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare_database(sqlite_url)
    compiled: list[str] = []
    made = SQLCompiler.__init__

    def count(self: SQLCompiler, *args: object, **options: object) -> None:
        made(self, *args, **options)  # type: ignore[arg-type]
        compiled.append(str(self))

    engines = [open_database(sqlite_url) for _ in range(3)]
    monkeypatch.setattr(SQLCompiler, "__init__", count)
    for engine in engines:
        with reading(engine) as connection:
            assert connection.scalar(select(func.count()).select_from(AddressRow)) == 0
        engine.dispose()
    assert len([one for one in compiled if "count(*)" in one]) == 1


def test_each_has_its_own_connections_and_what_a_writer_needs(sqlite_url: str) -> None:
    prepare_database(sqlite_url)
    first, second = open_database(sqlite_url), open_database(sqlite_url)
    assert first.pool is not second.pool
    for engine in (first, second):
        with engine.connect() as connection:
            asked = [connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys")]
            assert asked == ["wal", 1]
    first.dispose()
    with writing_rows(second) as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    second.dispose()


def test_what_listens_to_one_hears_nothing_of_another(sqlite_url: str) -> None:
    prepare_database(sqlite_url)
    first, second = open_database(sqlite_url), open_database(sqlite_url)
    heard: list[str] = []
    event.listen(first, "before_cursor_execute", lambda *words: heard.append(words[2]))
    with second.begin() as connection:
        connection.execute(text("SELECT 2"))
    assert heard == []
    with first.begin() as connection:
        connection.execute(text("SELECT 3"))
    assert heard == ["SELECT 3"]
    for engine in (first, second):
        engine.dispose()


def test_a_file_that_was_replaced_is_opened_anew(tmp_path: Path) -> None:
    """By whoever opens the archive then; one that is open keeps the file that it has."""
    url, other = f"sqlite:///{tmp_path / 'a.db'}", f"sqlite:///{tmp_path / 'b.db'}"
    for one, number in ((url, 1), (other, 2)):
        prepare_database(one)
        engine = open_database(one)
        with engine.begin() as connection:
            connection.execute(text(f"CREATE TABLE of_the_file AS SELECT {number} AS n"))
        engine.dispose()
    before = open_database(url)
    with before.connect() as connection:
        assert connection.scalar(text("SELECT n FROM of_the_file")) == 1
    (tmp_path / "b.db").replace(tmp_path / "a.db")
    after = open_database(url)
    with after.connect() as connection:
        assert connection.scalar(text("SELECT n FROM of_the_file")) == 2
    for engine in (before, after):
        engine.dispose()


def test_those_of_many_threads_open_at_once(sqlite_url: str) -> None:
    prepare_database(sqlite_url)
    seen: list[object] = []

    def work() -> None:
        engine = open_database(sqlite_url)
        with writing_rows(engine) as connection:
            seen.append(connection.scalar(select(func.count()).select_from(AddressRow)))
        engine.dispose()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [0] * 8
