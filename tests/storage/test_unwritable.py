"""A reader without write permission: another user's archive, closed, living, or left by a dead process."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from storage.database.opening import DatabaseRefused, open_database
from storage.database.unwritable import TRIES, asked, mark_of, remember
from storage.query.reader import run_select
from tests.places import ROOT

AS_ANOTHER_USER = """
import os, sys
from crawler import cli

_, warm, folder, *questions = sys.argv

def run(place):
    asked = [["runs"], ["sql", "SELECT count(*) FROM run", "--format", "csv"], ["coverage"]]
    for words in [one.format(os.path.basename(place)).split() for one in questions] or asked:
        sys.argv = ["newsarchive", *words, "--dir", place]
        try:
            sys.exit(cli.main())
        except SystemExit as end:
            print("code", end.code or 0, flush=True)

run(warm)  # loads what the other user may not be allowed to read
print("as another user", flush=True)
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
run(folder)
"""


@pytest.fixture
def folder(sqlite_template: Path) -> Iterator[Path]:
    """An archive's folder that everybody may read and only its owner may write."""
    place = Path(tempfile.mkdtemp(prefix="unwritable-", dir="/tmp"))
    shutil.copy(sqlite_template, place / "newsarchive.db")
    with closing(sqlite3.connect(place / "newsarchive.db")) as connection, connection:
        assert connection.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)
    connection.close()
    place.chmod(0o755)
    yield place
    place.chmod(0o755)
    shutil.rmtree(place)


def run_as_another_user(folder: Path, warm: Path, *questions: str, mode: int = 0o555) -> list[str]:
    """What the commands print and how they end, asked by somebody who may only read."""
    shutil.copytree(folder, warm / "warm")
    folder.chmod(mode)
    command = [sys.executable, "-c", AS_ANOTHER_USER, str(warm / "warm"), str(folder), *questions]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert "Traceback" not in done.stderr, done.stderr
    return (done.stdout.partition("as another user\n")[2] + done.stderr).splitlines()


def test_a_backup_and_a_copy(folder: Path, tmp_path: Path) -> None:
    """A disk that is read-only since it had a fault is what one wants a copy of at once."""
    copies = Path(tempfile.mkdtemp(prefix="copies-", dir="/tmp"))
    copies.chmod(0o777)
    try:
        words = (f"backup {copies}/{{0}}", f"db copy --to sqlite:///{copies}/{{0}}.db")
        lines = run_as_another_user(folder, tmp_path, *words)
        assert [one for one in lines if one.startswith("code")] == ["code 1", "code 0"], lines
        told = f"{folder} may not be written (Permission denied): a takedown will not name"
        assert any(told in one for one in lines), lines
        assert mark_of(copies / folder.name / "newsarchive.db").size > 0
    finally:
        shutil.rmtree(copies)


@pytest.mark.parametrize("mode", [0o555, 0o777])
def test_a_closed_archive(folder: Path, tmp_path: Path, mode: int) -> None:
    """Nor is anything left in a folder that a group shares: -shm and -wal of another user bar the owner."""
    if mode == 0o777 and os.geteuid() != 0:
        pytest.skip("another user can be played only by root")
    said = run_as_another_user(folder, tmp_path, mode=mode)
    assert said.count("code 0") == 3, said
    assert [one.name for one in folder.iterdir()] == ["newsarchive.db"]
    assert {"0", "no gap"} <= set(said)
    assert [path.name for path in folder.iterdir()] == ["newsarchive.db"]


@pytest.mark.parametrize("log", [b"", b"the newest transactions"])
def test_a_closed_archive_on_a_full_disk(folder: Path, tmp_path: Path, log: bytes) -> None:
    """What happened is asked where nothing more happens for want of room."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("such a disk can be mounted only by root")
    try:
        database = shutil.copy(folder / "newsarchive.db", disk)
        (disk / "newsarchive.db-wal").write_bytes(log)
        with suppress(OSError), (disk / "all").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(1024))
        question = partial(run_select, f"sqlite:///{database}", "SELECT count(*) FROM run")
        if log:
            with pytest.raises(DatabaseRefused, match=r"The disk that holds .* is full"), question():
                pass
        else:
            with question() as (_, rows):
                assert list(rows) == [(0,)]
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_an_archive_that_is_being_written(folder: Path, tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{folder / 'newsarchive.db'}")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO source (name) VALUES ('daum')"))
        connection.execute(
            text(
                "INSERT INTO run (source, mode, owner, started_at, settings) "
                "VALUES ('daum', 'latest', 'x/1/-', '2026-11-25 00:00:00.000000', '{}')"
            )
        )
    try:
        said = run_as_another_user(folder, tmp_path)
    finally:
        engine.dispose()
    assert said.count("code 0") == 3, said
    assert "1" in said, said  # the newest transaction is seen


def test_transactions_that_cannot_be_read_are_not_passed_over(folder: Path, tmp_path: Path) -> None:
    """A dead writer's WAL file without its -shm: reading the database file alone would give old rows."""
    (folder / "newsarchive.db-wal").write_bytes(b"x" * 5000)
    said = run_as_another_user(folder, tmp_path)
    assert sum("which cannot be read without write permission" in line for line in said) == 3, said


@pytest.fixture
def lockless(sqlite_url: str) -> tuple[str, Path]:
    return sqlite_url, Path(sqlite_url.removeprefix("sqlite:///"))


def opened(url: str, path: Path) -> Engine:
    """As for a reader without permission: root has it everywhere."""
    connect = partial(sqlite3.connect, f"file:{path}?immutable=1", uri=True, check_same_thread=False)
    engine = create_engine(url, creator=connect)
    remember(engine, path, mark_of(path))
    return engine


def grow(url: str, path: Path) -> None:
    """A writer comes, writes, and is gone."""
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO source (name) VALUES (hex(randomblob(8)))"))
    engine.dispose()
    assert path.with_name(path.name + "-wal").exists() is False


def test_what_moved_is_asked_again(lockless: tuple[str, Path]) -> None:
    url, path = lockless
    answers: list[int] = []

    def work(engine: Engine) -> int:
        with engine.connect() as connection:
            answers.append(connection.execute(text("SELECT count(*) FROM source")).scalar_one())
        if len(answers) < 3:
            grow(url, path)
        return answers[-1]

    assert asked(partial(opened, url, path), work) == 2
    assert answers == [0, 1, 2]


def test_what_always_moves_is_refused(lockless: tuple[str, Path]) -> None:
    url, path = lockless
    calls: list[None] = []

    def work(_engine: Engine) -> None:
        calls.append(None)
        grow(url, path)

    with pytest.raises(DatabaseRefused, match="ask again"):
        asked(partial(opened, url, path), work)
    assert len(calls) == TRIES


def test_whoever_may_write_reads_as_before(sqlite_url: str) -> None:
    with run_select(sqlite_url, "SELECT count(*) FROM run") as (_, rows):
        assert list(rows) == [(0,)]
