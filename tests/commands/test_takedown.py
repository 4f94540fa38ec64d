"""The command ``takedown``: what it says, and its exit codes."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.cli import main
from crawler.configuration.environment import configuration
from storage.clock import utc_now
from storage.copies import note
from storage.database.opening import open_database
from storage.forget.takedown import unfinished
from tests.storage.forget.newsroom import Newsroom, spread
from tests.storage.samples import DAUM, FNNEWS


@pytest.fixture
def archive(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    engine = open_database(sqlite_url)
    room = Newsroom(engine, tmp_path / "archive")
    spread(room)
    room.warc.close()
    engine.dispose()
    monkeypatch.setenv("NEWSARCHIVE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("NEWSARCHIVE_CONTACT", "desk@example.com")
    return tmp_path / "archive"


def run(archive: Path, monkeypatch: pytest.MonkeyPatch, *words: str, command: str = "takedown") -> int:
    configuration.cache_clear()
    monkeypatch.setattr(sys, "argv", ["newsarchive", command, *words, "--dir", str(archive)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_from_a_dry_run_to_nothing_left(
    archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(archive, monkeypatch, FNNEWS, "--reason", "판결", "--dry-run") == 1
    said = capsys.readouterr().out
    assert "would take down:" in said
    assert f"stays: {DAUM} shows the article too" in said
    assert run(archive, monkeypatch, DAUM, "--reason", "판결", "--all-appearances", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "list or feed that carries its lead or headline: 13" in said
    assert "nothing was changed" in said
    assert run(archive, monkeypatch, DAUM, "--reason", "판결", "--all-appearances") == 0
    said = capsys.readouterr().out
    assert "3 captured answers and 13 lists overwritten" in said
    assert run(archive, monkeypatch, DAUM, "--reason", "판결") == 1
    assert "was taken down on" in capsys.readouterr().out
    assert run(archive, monkeypatch, "https://www.fnnews.com/news/1", "--reason", "판결") == 1
    assert "knows no page" in capsys.readouterr().out


def test_pages_together_have_the_files_written_anew_once(
    archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    urls = (FNNEWS, DAUM, FNNEWS, "https://www.fnnews.com/news/1")
    assert run(archive, monkeypatch, *urls, "--reason", "판결", "--all-appearances") == 1
    told = capsys.readouterr()
    assert told.err.count("written anew") == 1
    assert told.out.count("taken down (tombstone") == 1
    assert f"{DAUM} shows the same article, and is taken down with it" in told.out
    assert "knows no page at https://www.fnnews.com/news/1" in told.out
    for url in (FNNEWS, DAUM):
        assert run(archive, monkeypatch, url, "--reason", "판결") == 1
        assert "nothing is left" in capsys.readouterr().out


def test_each_page_of_several_has_a_tombstone_of_its_own(
    archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And is finished: `doctor` would ask for the same command again."""
    run(archive, monkeypatch, FNNEWS, DAUM, "--reason", "판결")
    assert capsys.readouterr().out.count("taken down (tombstone") == 2
    assert unfinished(open_database(configuration().url)) == []


def test_a_copy_made_before_is_something_left(
    archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    note(archive, "export", archive / "all.jsonl", archive / "manifest.json", utc_now())
    for _ in ("done", "asked again, by whoever saw it killed before it said so"):
        assert run(archive, monkeypatch, DAUM, "--reason", "판결", "--all-appearances") == 1
        said = capsys.readouterr().out
        assert f"a copy may hold it: export {archive / 'all.jsonl'}" in said
    assert "was taken down on" in said
    assert "nothing is left" not in said
    note(archive, "export", archive / "all.jsonl", None, utc_now() + timedelta(seconds=2))  # made anew
    assert run(archive, monkeypatch, DAUM, "--reason", "판결") == 1
    assert capsys.readouterr().out.endswith("nothing is left of it\n")


def test_the_other_database_of_a_copy_is_something_left_until_it_is_deleted(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a move the former database keeps all that is taken down in the new one."""
    former = configuration().url.removeprefix("sqlite:///")
    moved = tmp_path / "다른 곳" / "news.db"
    assert run(archive, monkeypatch, "copy", "--to", f"sqlite:///{moved}", command="db") == 0
    words = (DAUM, "--reason", "판결", "--all-appearances", "--dry-run")
    assert run(archive, monkeypatch, *words) == 1
    assert f"a copy may hold it: database {moved}" in capsys.readouterr().out
    monkeypatch.setenv("NEWSARCHIVE_DATABASE_URL", f"sqlite:///{moved}")
    assert run(archive, monkeypatch, *words) == 1
    assert f"a copy may hold it: database {former}" in capsys.readouterr().out
    Path(former).unlink()
    assert run(archive, monkeypatch, *words) == 0


def test_why_and_diff_tell_a_page_that_was_taken_down(
    archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """They said that it was stored, and is not in the archive."""
    run(archive, monkeypatch, DAUM, "--reason", "판결", "--all-appearances")
    for url in (DAUM, FNNEWS):
        capsys.readouterr()
        assert run(archive, monkeypatch, url, command="why") == 0
        first, *_, last = capsys.readouterr().out.splitlines()
        assert first.endswith("not in the archive; not asked again: taken down")
        assert last.endswith("taken down (판결)")
        assert run(archive, monkeypatch, url, command="diff") == 2
        assert "taken down at" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["--reason", " "], ["--reason"], ["--reason", "x", "--all"]])
def test_wrong_use(archive: Path, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(archive, monkeypatch, FNNEWS, *words) == 2
    assert run(archive, monkeypatch, "no address", "--reason", "x") == 2
