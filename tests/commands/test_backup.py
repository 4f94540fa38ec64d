"""The commands of a second copy, and their exit codes."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.cli import main
from crawler.configuration.environment import configuration
from storage.database.opening import open_database
from tests.storage.backup.test_backup import Room, flip

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``run(*words, url=...)``: exit code, stdout, stderr."""

    def run(*words: str, url: str | None = None) -> tuple[int, str, str]:
        monkeypatch.delenv("NEWSARCHIVE_DATABASE_URL", raising=False)
        if url:
            monkeypatch.setenv("NEWSARCHIVE_DATABASE_URL", url)
        configuration.cache_clear()
        monkeypatch.setattr(sys, "argv", ["newsarchive", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


@pytest.fixture
def archive(sqlite_url: str, tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    Path(sqlite_url.removeprefix("sqlite:///")).rename(folder / "newsarchive.db")
    room = Room(open_database(f"sqlite:///{folder / 'newsarchive.db'}"), folder)
    room.story(1)
    room.warc.close()
    room.engine.dispose()
    return folder


def test_backup_check_restore(run: Run, archive: Path, tmp_path: Path) -> None:
    copy, again = tmp_path / "copy", tmp_path / "again"
    assert run("backup", str(copy), "--check")[0] == 2
    made = run("backup", str(copy), "--dir", str(archive))
    assert made[0] == 0, made
    assert "1 articles, 1 captures" in made[1]
    assert (
        run("sql", "SELECT count(*) AS n FROM articles", "--format", "csv", "--dir", str(copy))[1] == "n\n1\n"
    )
    code, out, _ = run("backup", str(copy), "--check")
    assert (code, out.endswith("0 found\n")) == (0, True)
    assert run("restore", str(copy), "--dir", str(again))[0] == 0
    assert run("restore", str(copy), "--dir", str(again))[0] == 0, "all of it is put back"
    assert run("backup", str(tmp_path), "--dir", str(archive))[0] == 2
    flip(next(iter((copy / "warc").glob("*.gz"))))
    assert run("backup", str(copy), "--check")[0] == 1
    assert run("restore", str(copy), "--dir", str(tmp_path / "third"))[0] == 1
    (tmp_path / "file").write_text("")
    assert run("backup", str(tmp_path / "file" / "below"), "--dir", str(archive))[0] == 4


def test_db_copy(run: Run, archive: Path, tmp_path: Path, postgresql_url: str) -> None:
    code, out, _ = run("db", "copy", "--to", postgresql_url, "--dir", str(archive))
    assert (code, "the same numbers and digests in both" in out) == (0, True)
    asked = run("search", "소식이다", "--format", "csv", "--dir", str(archive), url=postgresql_url)
    assert (asked[0], "소식 1" in asked[1]) == (0, True)
    assert run("db", "copy", "--to", postgresql_url, "--dir", str(archive))[0] == 0, "it is there already"
    url = run("sql", "SELECT url FROM appearances", "--format", "csv", "--dir", str(archive))[1].split()[1]
    assert run("takedown", url, "--reason", "판결", "--dir", str(archive))[0] == 1, "the copy holds it"
    assert run("db", "copy", "--to", postgresql_url, "--dir", str(archive))[0] == 4, "it holds another"
    own = f"sqlite:///{archive / 'newsarchive.db'}"
    assert run("db", "copy", "--to", own, "--dir", str(archive))[0] == 2
    assert run("db", "copy", "--to", "mysql://x", "--dir", str(archive))[0] in (2, 4)
    back = f"sqlite:///{tmp_path / 'back.db'}"
    assert run("db", "copy", "--to", back, "--dir", str(archive), url=postgresql_url)[0] == 0


@pytest.mark.parametrize("words", ["backup {0}/copy", "db copy --to sqlite:///{0}/copy/news.db"])
def test_a_copy_that_its_disk_does_not_hold_leaves_the_disk_its_room(
    run: Run, archive: Path, tmp_path: Path, words: str
) -> None:
    """Its half would keep the disk full, for the crawls of the archive beside it too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        code, _, err = run(*(word.format(tmp_path) for word in words.split()), "--dir", str(archive))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert code == 4, err
    assert [one for one in (tmp_path / "copy").rglob("*") if one.is_file()] == []


def test_what_was_taken_down_since_where_the_backup_came_from_is_told(
    run: Run, archive: Path, tmp_path: Path
) -> None:
    """Put back into another folder, as after an upgrade that went wrong."""
    copy, again = tmp_path / "copy", tmp_path / "again"
    assert run("backup", str(copy), "--dir", str(archive))[0] == 0
    asked = run("sql", "SELECT url FROM appearances", "--format", "csv", "--dir", str(archive))
    url = asked[1].split()[1]
    run("takedown", url, "--reason", "판결", "--dir", str(archive))
    code, out, _ = run("restore", str(copy), "--dir", str(again))
    assert code == 1
    assert f"{url} was taken down" in out
    assert f"copy tombstones.jsonl and tombstones.key from {archive}" in out
    (archive / "tombstones.key").write_text("?")
    assert run("restore", str(copy), "--dir", str(tmp_path / "third"))[0] == 1
