"""The library: light to import, typed, and the page about it true."""

from __future__ import annotations

import doctest
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import newsarchive
from tests.places import ROOT

HEAVY = (
    "sqlalchemy",
    "scrapy",
    "twisted",
    "lxml",
    "trafilatura",
    "pydantic",
    "rich",
    "typer",
    "pandas",
    "polars",
)


@pytest.fixture
def archive(week_url: str) -> Iterator[newsarchive.Archive]:
    with newsarchive.open(week_url) as opened:
        yield opened


def test_the_import_is_light() -> None:
    asks = f"import sys, newsarchive; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asks], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_says_its_types() -> None:
    assert (ROOT / "newsarchive" / "py.typed").exists()
    for name in newsarchive.__all__:
        thing = getattr(newsarchive, name)
        assert thing.__doc__, name
    for method in ("articles", "search", "revisions", "sql"):
        assert "return" in getattr(newsarchive.Archive, method).__annotations__
    assert get_type_hints(newsarchive.extract)["url"] == str | None


def test_the_page_is_true(
    sqlite_week: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "archive").mkdir()
    shutil.copy(sqlite_week, tmp_path / "archive" / "newsarchive.db")
    shutil.copy(ROOT / "tests/pages/daum/2018-05-16-wire-notice-inside/page.html", tmp_path)
    monkeypatch.chdir(tmp_path)
    told = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    text = (ROOT / "docs" / "library.md").read_text("utf-8")
    page = doctest.DocTestParser().get_doctest(
        text.replace("```python", "").replace("```", ""), {}, "page", None, 0
    )
    result = doctest.DocTestRunner(optionflags=told).run(page)
    assert result.attempted > 15
    assert result.failed == 0, capsys.readouterr().out


def test_both_databases_give_the_same(sqlite_week: Path, postgresql_week: str) -> None:
    with newsarchive.open(sqlite_week) as one, newsarchive.open(postgresql_week) as other:
        assert list(one.articles()) == list(other.articles())
        assert list(one.articles(limit=7)) == list(other.articles(limit=7))
        assert one.search("은행 OR 감자", limit=None) == other.search("은행 OR 감자", limit=None)
        url = "https://www.fnnews.com/news/202609210904000004"
        assert one.revisions(url) == other.revisions(url)
        assert len(one.revisions(url)) == 2


def test_the_newest_are_given_first(archive: newsarchive.Archive) -> None:
    times = [article.published_at for article in archive.articles(limit=5)]
    assert times == sorted((at for at in times if at), reverse=True)
    every = [article.published_at for article in archive.articles() if article.published_at]
    assert times[0] == max(every)


def test_values_are_types(archive: newsarchive.Archive) -> None:
    (article,) = archive.articles(publisher="연합뉴스")
    assert article.sources == ("daum", "fnnews")
    assert article.no_ai_training is False
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2026-09-23T12:00:00+09:00"
    assert archive.revisions("https://nowhere.example/") == []
    assert list(archive.articles(since=date(2030, 1, 1))) == []


def test_the_ends_of_the_calendar_bound_no_search(archive: newsarchive.Archive) -> None:
    every = archive.search("은행", limit=None)
    assert every
    assert archive.search("은행", since=date.min, until=date.max, limit=None) == every


def test_an_answer_is_shown_harmlessly(archive: newsarchive.Archive) -> None:
    answer = archive.sql("SELECT '<script>' AS a, '<b>' AS a, NULL AS b")
    assert answer.dicts() == [{"a": "<script>", "a_2": "<b>", "b": None}]
    assert "<script>" not in answer._repr_html_()
    assert answer.pandas().columns.tolist() == answer.polars().columns == ["a", "a_2", "b"]
    assert len(archive.sql("SELECT 1 AS a WHERE 1 = 0").polars()) == 0


@pytest.mark.parametrize("words", ['"열린', "(", "", "금리 OR"])
def test_wrong_words_are_one_sentence(archive: newsarchive.Archive, words: str) -> None:
    with pytest.raises(newsarchive.WrongQuestion) as told:
        archive.search(words)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "place", ["", "nowhere", "mysql://x/y", "postgresql://127.0.0.1:1/x", "sqlite:///nowhere.db"]
)
def test_no_archive_is_one_sentence(place: str) -> None:
    with pytest.raises(newsarchive.ArchiveRefused) as told:
        newsarchive.open(place)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("page", [b"", "", b"\xff\xfe\x00", "<html>", "\ud800"])
def test_any_page_gives_an_object(page: bytes | str) -> None:
    found = newsarchive.extract(page, "https://news.example.com/1")
    assert found["outcome"] != "article"
    with pytest.raises(newsarchive.NewsarchiveError):
        newsarchive.extract(page)


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("search", {"words": "은행", "limit": -1}, "limit takes a whole number"),
    ("search", {"words": "은행", "limit": "5"}, "limit takes a whole number"),
    ("search", {"words": None}, "words are a text"),
    ("search", {"words": "가" * 1_001}, "more than 1,000"),
    ("search", {"words": "은행", "since": "2026-11-01"}, "since takes a day"),
    ("search", {"words": "은행", "until": datetime.fromisoformat("2026-11-01T15:00")}, "until takes a day"),
    ("search", {"words": "은행", "since": date(2026, 12, 1), "until": date(2026, 1, 1)}, "lies after"),
    ("search", {"words": "은행", "byline": ""}, "holds no letter"),
    ("articles", {"limit": -1}, "limit takes a whole number"),
    ("articles", {"since": "2026-11-01"}, "since takes a day"),
    ("articles", {"since": date(2026, 12, 1), "until": date(2026, 1, 1)}, "lies after"),
    ("sql", {"statement": "SELECT 1", "seconds": 0}, "above 0"),
    ("sql", {"statement": "SELECT 1", "seconds": "x"}, "above 0"),
    ("sql", {"statement": "SELECT 1", "seconds": float("nan")}, "above 0"),
    ("sql", {"statement": "SELECT :x", "x": 2**63}, "more than 64 bits"),
    ("sql", {"statement": "SELECT :x", "x": datetime.fromisoformat("2026-11-01")}, "has no zone"),
    ("sql", {"statement": ""}, "no statement"),
]


@pytest.mark.parametrize(("asked", "given", "said"), WRONG)
def test_what_cannot_be_asked_is_a_sentence(
    archive: newsarchive.Archive, asked: str, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(newsarchive.WrongQuestion, match=said):
        list(getattr(archive, asked)(**given))
