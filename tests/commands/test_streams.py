"""Standard streams that are closed, full, or of few letters: one sentence, and what can be done is done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.program import environment


def shell(
    folder: Path, url: str, words: str, before: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    line = f'{before}"{sys.executable}" -m crawler.cli {words}'
    return subprocess.run(
        ["/bin/sh", "-c", line],
        env=environment(folder, url) | more,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "words",
    ["extract /proc/self/mem --url https://www.fnnews.com/news/202611200900010001", "import /proc/self/mem"],
)
def test_a_file_that_its_disk_does_not_give_is_no_wrong_use(
    tmp_path: Path, sqlite_url: str, words: str
) -> None:
    """At its beginning the memory of a process is not mapped: to read it there is EIO, as of a bad disk."""
    done = shell(tmp_path, sqlite_url, words)
    assert (done.returncode, done.stderr.count("\n")) == (4, 1), done.stderr
    assert "/proc/self/mem: Input/output error" in done.stderr


def test_a_working_directory_that_was_deleted_is_named(tmp_path: Path) -> None:
    """A relative --dir lies in none; "No such file or directory" said not which."""
    away = "mkdir away && cd away && rmdir ../away && "
    done = shell(tmp_path, "", "doctor --dir archive", away)
    assert (done.returncode, done.stderr.count("\n")) == (4, 1), done.stderr
    assert "the folder that this command was begun in was deleted" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("schema articles >&-", 4, "standard output cannot be written"),
        ("runs >/dev/full", 4, "standard output cannot be written: No space left on device"),
        ("schema articles >/dev/full 2>/dev/full", 4, ""),
        ("nonsense 2>/dev/full", 2, ""),
        ("extract - --url https://www.fnnews.com/news/202611200900010001 <&-", 0, ""),
        ("sql - <&-", 2, ""),
    ],
)
def test_a_stream_that_is_closed_or_full(
    tmp_path: Path, sqlite_url: str, words: str, code: int, said: str
) -> None:
    done = shell(tmp_path, sqlite_url, words)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 1


@pytest.mark.parametrize(("words", "code"), [("source list", 0), ("doctor", 1)])
def test_a_reader_that_went_away_changes_no_exit_code(
    tmp_path: Path, sqlite_url: str, words: str, code: int
) -> None:
    """Both ended otherwise: with 1, which is typer's, and with 0 though something was found."""
    reader, pipe = os.pipe()
    os.close(reader)
    place = environment(tmp_path, sqlite_url) | {"NEWSARCHIVE_CONTACT": ""}
    program = [sys.executable, "-m", "crawler.cli", *words.split()]
    with os.fdopen(pipe, "wb") as to_nobody:
        done = subprocess.run(program, env=place, cwd=tmp_path, stdout=to_nobody, timeout=120, check=False)
    assert done.returncode == code


def test_a_full_output_is_not_the_archives_disk(tmp_path: Path, sqlite_url: str) -> None:
    """Written at once, and so in the middle of what is asked of the archive."""
    done = shell(tmp_path, sqlite_url, "verify >/dev/full", PYTHONUNBUFFERED="1")
    assert done.returncode == 4, done.stderr
    assert "standard output" in done.stderr.splitlines()[-1]


def test_letters_that_the_output_does_not_take(tmp_path: Path, sqlite_url: str) -> None:
    done = shell(tmp_path, sqlite_url, """sql "SELECT '경제'" --format csv""", PYTHONIOENCODING="ascii")
    assert (done.returncode, "takes only ascii" in done.stderr) == (4, True), done.stderr
    assert "Traceback" not in done.stderr


def test_a_crawl_without_standard_error_crawls(tmp_path: Path, sqlite_url: str) -> None:
    """Its lists refuse the connection: the run is there, and says so."""
    nobody = "http://127.0.0.1:9"
    done = shell(tmp_path, sqlite_url, f"crawl fnnews --origin fnnews={nobody} --delay 0 2>&- <&- >&-")
    assert done.returncode == 1
    runs = shell(tmp_path, sqlite_url, "sql 'SELECT verdict FROM runs' --format csv")
    assert runs.stdout.splitlines() == ["verdict", "blocked"], runs.stderr


def test_a_place_that_the_system_refuses(tmp_path: Path) -> None:
    done = shell(tmp_path, "sqlite:////proc/x/newsarchive.db", "demo --dir /proc/x")
    assert (done.returncode, "/proc/x" in done.stderr) == (4, True), done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_for_which_there_is_no_room_is_not_the_commands_fault(tmp_path: Path, sqlite_url: str) -> None:
    rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90000) SELECT i FROM n"
    done = shell(tmp_path, sqlite_url, f'sql "{rows}" --output out.csv', before="ulimit -f 100; ")
    assert (done.returncode, "out.csv" in done.stderr) == (4, True), done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.glob("*.csv*")) == []
