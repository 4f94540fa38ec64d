"""The dictionary's words as the program gives them, and names that were nearly right."""

from __future__ import annotations

import pytest

from storage.query.dictionary import entries, meant
from storage.query.reader import WrongStatement, run_select
from storage.query.views import views


def test_every_view_and_column_has_words() -> None:
    known = entries()
    assert {name for name, entry in known.items() if entry.is_view} == set(views("sqlite"))
    for entry in known.values():
        assert entry.columns, entry.name
        assert all(entry.columns.values()), entry.name
        assert not entry.is_view or entry.meaning, entry.name
    assert known["articles"].columns["body"].startswith("text as printed")


@pytest.mark.parametrize(
    ("statement", "near"),
    [
        ("SELECT titel FROM articles", "title (articles"),
        ("SELECT a.titel FROM articles AS a", "title (articles"),
        ("SELECT id FROM articles", "near it: article_id (articles, "),
        ("SELECT hint FROM discoveries", "title_hint (discoveries), "),
        ("SELECT ulr FROM articles", "url ("),
        ("SELECT email FROM articles", "email (bylines"),
        ("SELECT * FROM artcles", "articles"),
        ("SELECT * FROM byline_s", "bylines"),
        ("SELECT zzzz FROM articles", "newsarchive schema tells the names"),
        ('SELECT articles."titel" FROM articles', "title (articles"),
        ("SELECT content FROM articles", "near it: body (articles"),
        ("SELECT 제목 FROM articles", "near it: title (articles"),
        ("SELECT a.Author FROM articles a", "near it: name (bylines"),
        ("SELECT 1 WHERE 1 IN korean_match('은행')", "IN (SELECT korean_match("),
        ("SHOW TABLES", "newsarchive schema lists the views"),
        ("DESCRIBE articles", "newsarchive schema lists the views"),
        (".tables", "newsarchive schema lists the views"),
        (
            "SELECT title FROM\u3000articles",
            "; letter 18 is an IDEOGRAPHIC SPACE (U+3000), which SQL does not know",
        ),
        ("SELECT\xa01 AS a", "; letter 7 is a NO-BREAK SPACE (U+00A0)"),
        ("SELECT '（' AS ‘a’, 1 -- ，\nFROM nowhere", '(U+2018), which SQL does not know: write "\'"'),
        ("SELECT count（*） FROM articles", "; letter 13 is a FULLWIDTH LEFT PARENTHESIS"),
        ("SELECT '　' AS \"，\" FROM artcles -- ；", "near it: articles"),
        ("SELECT $1", "a parameter is :name"),
    ],
)
def test_an_unknown_name_is_answered_with_the_near_ones(week_url: str, statement: str, near: str) -> None:
    with pytest.raises(WrongStatement) as told, run_select(week_url, statement) as (_, rows):
        list(rows)
    assert near in str(told.value)
    assert "\n" not in str(told.value)


def test_other_failures_are_told_as_they_are() -> None:
    for written in (
        "not authorized",
        "attempt to write a readonly database",
        'syntax error at or near "DELETE"',
        "cannot VACUUM from within a transaction",
    ):
        assert meant(written) == "; only what reads is taken: begin it with SELECT"
    assert "one text in quotes" in meant("no such function: korean_match")
    assert meant("not authorized to use function: load_extension") == ""
    assert meant("division by zero") == meant('syntax error at or near "SELEC"') == ""
