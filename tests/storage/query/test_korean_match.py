"""``korean_match`` in SQL: the whole language of a search, the same on both databases."""

from __future__ import annotations

import pytest

from storage.query.reader import WrongStatement, run_select
from storage.search.key import key_of
from storage.search.question import Document, WrongQuestion, parse
from tests.storage.query.recipes import asked

QUESTIONS = [
    "은행",
    "한빛은행 센터",
    "은행 -감자",
    "은행 NOT 감자",
    "감자 OR 반도체",
    "감자 | 반도체 | 없는말",
    "(감자 OR 반도체) -수출",
    "감자 OR 반도체 AND 수출",
    "title:감자",
    "제목:반도체 수출",
    'title:"석 달째"',
    '"석 달째 늘어"',
    "“고객 센터”",
    '"그 이정"',
    '"다 은행"',
    '"월 3일"',
    "-은행",
    "--은행",
    "-- 은행",
    "은행 OR ---",
    "-(-- OR 은행)",
    "이",
    "가",
    "%",
    "12%",
    "'한빛",
    "TITLE:감자",
    "감자 || 반도체 && 수출",
    "감자 or 반도체",
    "a:b",
    "９시",
    "한\u200b빛은행",
    "((은행))",
    "-(감자 OR 반도체) 수출",
    "2백 OR -은행",
    "\\",
    "은행\\",
    "{은행}",
    '"OR" OR 은행',
]
WRONG = [
    '"은행',
    "(은행",
    "은행)",
    "",
    "   ",
    "OR",
    "은행 OR",
    "AND 은행",
    "byline:김",
    '""',
    "title:은행 publisher:가",
    "title:",
    "은행 제목: 금리",
    "title:(은행)",
    "  (은행 ( 금",
    "가" * 1_001,
]


def test_its_column_is_called_the_same_on_both(week_url: str) -> None:
    with run_select(week_url, "SELECT korean_match('은행')") as (columns, _):
        assert columns == ["korean_match"]


@pytest.mark.parametrize("words", QUESTIONS)
def test_what_is_found_is_what_was_asked(week_url: str, words: str) -> None:
    question = parse(words)
    _, rows = asked(week_url, "SELECT article_id, title, subtitle, body FROM articles ORDER BY article_id")
    want = [
        row[0]
        for row in rows
        if question.holds(
            Document(
                title=key_of(row[1] or ""),
                texts=(key_of(row[2] or ""), key_of(row[3] or "")),
                people=(),
                publisher="",
            )
        )
    ]
    quoted = words.replace("'", "''")
    statement = (
        f"SELECT article_id FROM articles WHERE article_id IN (SELECT korean_match('{quoted}')) ORDER BY 1"
    )
    assert [row[0] for row in asked(week_url, statement)[1]] == want


@pytest.mark.parametrize("words", WRONG)
def test_what_cannot_be_asked_is_told(week_url: str, words: str) -> None:
    statement = f"SELECT title FROM articles WHERE article_id IN (SELECT korean_match('{words}'))"
    with pytest.raises(WrongStatement) as told, run_select(week_url, statement) as (_, rows):
        list(rows)
    said = str(told.value)
    assert "\n" not in said
    if "byline" not in said:
        with pytest.raises(WrongQuestion) as same:
            parse(words)
        assert str(same.value).replace(",", "") in said.replace(",", ""), "the same sentence from both"
