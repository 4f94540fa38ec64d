"""What ``newsarchive verify`` says of what it did not look at."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from storage.database.opening import open_database
from tests.commands.inside import inside
from tests.storage.samples import Desk, daum_article, fnnews_article, minutes


def test_pages_of_another_reader_are_not_silently_left_out(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_database(sqlite_url)
    desk = Desk(engine)
    desk.store(fnnews_article())
    desk.store(daum_article(), minutes(5))
    with engine.begin() as connection:
        for table in ("appearance", "revision"):
            connection.execute(text(f"UPDATE {table} SET reader = 1"))
    engine.dispose()
    done = inside(tmp_path, sqlite_url, monkeypatch, capsys)("verify", "--all")
    assert "2 pages were read by another reader than today's and are not compared" in done.out
    assert "0 pages compared" in done.out


def test_a_damaged_page_of_the_database_is_found(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a table that no command reads: the damage would go into every backup."""
    engine = open_database(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE mine (a text)"))
        connection.execute(text("INSERT INTO mine VALUES (:words)"), {"words": "x" * 5000})
        page = connection.scalar(text("SELECT rootpage FROM sqlite_master WHERE name = 'mine'"))
        size = connection.scalar(text("PRAGMA page_size"))
    engine.dispose()
    with Path(sqlite_url.removeprefix("sqlite:///")).open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x55" * size)
    run = inside(tmp_path, sqlite_url, monkeypatch, capsys)
    for words in (("verify",), ("verify", "--all")):
        done = run(*words)
        assert (done.code, "database: the database is damaged: " in done.out) == (1, True), done


def test_what_was_found_is_said_where_it_cannot_be_kept(
    tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At a standby, or by a role that may only read; ``doctor`` calls that a failure."""
    url = make_url(postgresql_url).update_query_dict({"options": "-c default_transaction_read_only=on"})
    run = inside(tmp_path, url.render_as_string(hide_password=False), monkeypatch, capsys)
    done = run("verify")
    assert (done.code, ": 0 found" in done.out, "may not be written" in done.err) == (4, True, True)
    assert "may not be written: cannot execute" in " ".join(run("doctor").out.split())
