"""What a command refuses, it refuses whole: nothing is made, nothing half written, and it says what to do."""

from __future__ import annotations

import re
import resource
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from crawler.cli import exit_of
from crawler.commands.coverage import draw_to
from crawler.configuration.environment import WrongSetting, read_configuration
from crawler.configuration.file import parse_file
from tests.commands.inside import Ended, inside

Run = Callable[..., Ended]


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The program where there is no archive."""
    return inside(tmp_path, f"sqlite:///{tmp_path / 'typo' / 'newsarchive.db'}", monkeypatch, capsys)


@pytest.fixture
def run(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    return inside(tmp_path, sqlite_url, monkeypatch, capsys)


@pytest.fixture
def full(run: Run) -> Iterator[None]:
    """No file of this process may grow: what a full disk says, by another number."""
    run("init", "--config", "/proc/none")  # what is loaded is loaded
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_nobody_has_told_of_a_database_is_told_at_the_end(engine: Engine) -> None:
    """A server that goes while a slot's end is written: the crawl ended with a traceback."""
    with pytest.raises(DBAPIError) as orphan, engine.begin() as connection:
        connection.execute(text("INSERT INTO byline (appearance_id, position, raw) VALUES (9, 1, 'x')"))
    assert exit_of(orphan.value) is None  # a fault of ours
    gone = "SELECT pg_terminate_backend(pg_backend_pid())"
    if engine.dialect.name == "sqlite":
        engine.dispose()
        Path(str(engine.url.database)).write_bytes(b"no database" * 999)
        gone = "SELECT * FROM article"
    with pytest.raises(DBAPIError) as refused, engine.connect() as connection:
        connection.execute(text(gone))
    code, sentence = exit_of(refused.value) or (None, "")
    assert code == 4
    assert sentence.startswith("The database ")


@pytest.mark.parametrize(
    "words",
    [
        ["runs"],
        ["sql", "SELECT 1"],
        ["search", "가나"],
        ["export", "a.jsonl"],
        ["coverage"],
        ["verify"],
        ["reextract"],
        ["relink"],
        ["db", "reindex"],
        ["backup", "there"],
        ["takedown", "https://v.daum.net/v/1", "--reason", "x"],
        ["why", "https://v.daum.net/v/1", "https://v.daum.net/v/2"],
    ],
)
def test_where_no_archive_is_none_is_made(nowhere: Run, tmp_path: Path, words: list[str]) -> None:
    """A mistyped folder came to be an empty archive, and the next command found it."""
    done = nowhere(*words)
    assert done.code == 4
    assert "There is no archive in" in done.err
    assert "newsarchive db upgrade" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_the_database_is_called_one(nowhere: Run, tmp_path: Path) -> None:
    (tmp_path / "typo" / "newsarchive.db").mkdir(parents=True)
    assert "is a folder" in nowhere("runs").err


@pytest.mark.parametrize("option", ["--dir", "--config"])
def test_an_empty_path_is_none(run: Run, option: str) -> None:
    """``--dir "$UNSET"`` would be the working directory."""
    done = run("doctor", option, "")
    assert (done.code, f"{option} takes a path, got ''" in done.err) == (2, True), done.err


def test_a_picture_of_another_kind_is_refused_before_anything_is_said(run: Run) -> None:
    done = run("coverage", "--output", "a.gif")
    assert (done.code, done.out) == (2, "")
    assert "--output ends in .svg or .png; got 'a.gif'" in done.err


@pytest.mark.usefixtures("full")
def test_no_half_file_stays_where_the_disk_is_full(run: Run, tmp_path: Path) -> None:
    """An empty newsarchive.toml would be taken for the operator's own, and plan nothing."""
    before = {one.name for one in tmp_path.iterdir()}
    done = run("init")
    assert (done.code, "newsarchive.toml" in done.err) == (4, True), done.err
    with pytest.raises(OSError, match=r"a\.svg"):
        draw_to(tmp_path / "a.svg", [], [], date(2026, 11, 1), date(2026, 11, 2))
    assert {one.name for one in tmp_path.iterdir()} == before


def test_the_home_that_no_shell_expanded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a crontab or a unit: the database went there, and the WARC files into a folder called ``~``."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    settings = read_configuration({"dir": Path("~/news")}, options=frozenset())
    assert settings.warc_folder == tmp_path / "home" / "news" / "warc"
    assert settings.url == f"sqlite:///{tmp_path / 'home' / 'news' / 'newsarchive.db'}"
    table = parse_file('[metrics]\nfile = "~/m.prom"', ["daum"]).metrics
    assert table.file == tmp_path / "home" / "m.prom"
    run = inside(tmp_path, "sqlite:///~nobody-here/x.db", monkeypatch, capsys)
    done = run("runs")
    assert (done.code, "names no user's home" in done.err) == (2, True), done.err
    monkeypatch.delenv("NEWSARCHIVE_DATABASE_URL")
    done = run("runs", "--dir", "~nobody-here")
    assert (done.code, "--dir: begins with ~ and names no user's home" in done.err) == (2, True), done.err


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("$HOME/news", "$HOME"),
        ("/srv/${USER}/news", "${USER}"),
        ("$(pwd)/news", "$(pwd)"),
        ("/srv/news # the archive", " # the archive"),
        ("/srv/news ", " "),
        ("\u3000/srv/news", "\u3000"),
        ('"/srv/news"', '"/srv/news"'),
        ("/srv/$news/it's #1/C#", None),
        ("/srv/cash$/U$A/'news'", None),
    ],
)
def test_what_only_a_shell_takes_away_names_no_folder(
    given: str, told: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a crontab, a unit or Docker's file of variables: an archive began in a folder called ``$HOME``."""
    monkeypatch.setenv("NEWSARCHIVE_DIR", given)
    if told is None:
        assert read_configuration({}).dir == Path(given)
        return
    with pytest.raises(WrongSetting, match=f"NEWSARCHIVE_DIR: holds {re.escape(repr(told))} as it stands"):
        read_configuration({})
