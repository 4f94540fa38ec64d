"""``newsarchive search``: what a person and a program are shown, and wrong use."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database.opening import open_database
from tests.commands.program import Command, program
from tests.storage.samples import FNNEWS, Desk, fnnews_article, minutes


@pytest.fixture
def newsarchive(tmp_path: Path, sqlite_url: str) -> Command:
    engine = open_database(sqlite_url)
    desk = Desk(engine)
    desk.store(fnnews_article())
    other = fnnews_article(
        url=f"{FNNEWS[:-1]}9",
        site_id=None,
        title="\x1b[31m시장\u202e 소식",
        body="<b>도서관</b> 옆 시장",
        publisher="나래",
    )
    desk.store(other, minutes(5))
    engine.dispose()

    return program(tmp_path, sqlite_url)


def test_search_shows_articles_and_hides_control_codes(newsarchive: Command) -> None:
    done = newsarchive("search", "도서관")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("https://") == 2
    assert "<b>도서관</b> 옆 시장" in done.stdout
    assert "\x1b" not in done.stdout
    assert "2 articles" in done.stderr


def test_search_for_programs(newsarchive: Command) -> None:
    lines = newsarchive("search", "야간", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["title"] for line in lines] == ["시립 도서관, 이달부터 야간 개관"]
    rows = list(csv.DictReader(io.StringIO(newsarchive("search", "--format", "csv").stdout)))
    assert {row["publisher"] for row in rows} == {"파이낸셜뉴스", "나래"}
    assert newsarchive("search", "없는말").returncode == 0


def test_what_the_index_cannot_answer_is_said(newsarchive: Command) -> None:
    done = newsarchive("search", "관")
    assert "reading every text" in done.stderr
    assert done.stdout.count("https://") == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["시장", "(도서관"], "bracket that begins at letter 4 does not end"),
        (["도서관", "--limitt", "3"], "No such option"),
        (["도서관", "-x"], "No such option"),
        (["도서관", "--publisher", ""], "holds no letter"),
        (["도서관", "--byline", " "], "holds no letter"),
        (["\udcff\udcfe"], "UTF-8"),
        ([""], "nothing to look for"),
        ([" ", "--limit", "3"], "nothing to look for"),
        (["도서관", "--since", "2026-11-02", "--until", "2026-11-01"], "lies after"),
        (["--relevance"], "needs words"),
        (["관", "--print-match"], "two letters"),
        (["도서관", "--print-match", "--since", "2026-11-01"], "columns in SQL"),
    ],
)
def test_wrong_use_is_one_sentence(newsarchive: Command, words: list[str], said: str) -> None:
    done = newsarchive("search", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "found", "said"),
    [
        (["도서관", "-야간"], 1, ""),
        (["-야간"], 1, "reading every text"),
        (["(도서관", "OR", "시장)", "-(야간", "OR", "없는말)"], 1, ""),
        (["--", "도서관", "-야간"], 1, ""),
        (["도서관 -야간", "--limit", "5"], 1, ""),
        (["도서관", "-chip", "-AI"], 2, ""),
        (["도서관", "or", "없는말"], 0, "OR in capitals is the sign"),
    ],
)
def test_what_may_not_stand_there(newsarchive: Command, words: list[str], found: int, said: str) -> None:
    """As typed into a shell, where each word comes by itself."""
    done = newsarchive("search", *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("https://") == found
    assert said in done.stderr


def test_the_index_is_made_anew(newsarchive: Command) -> None:
    assert "2 articles can be searched" in newsarchive("db", "reindex").stdout
    printed = newsarchive("search", "도서관", "--print-match")
    assert printed.stderr == ""
    found = newsarchive("sql", printed.stdout.strip(), "--format", "csv").stdout.splitlines()
    assert (found[0], len(found)) == ("article_id", 3)
    assert "may find more than" in newsarchive("search", "도서관", "-야간", "--print-match").stderr
    counted = "SELECT count(*) AS n FROM articles WHERE article_id IN (SELECT korean_match('도서관 -야간'))"
    assert newsarchive("sql", counted, "--format", "csv").stdout == "n\n1\n"


def test_an_upgrade_tells_that_older_rules_made_the_index(newsarchive: Command, sqlite_url: str) -> None:
    assert "reindex" not in newsarchive("db", "upgrade").stderr
    engine = open_database(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE search_entry SET version = 2"))
    engine.dispose()
    assert "run: newsarchive db reindex" in newsarchive("db", "upgrade").stderr
