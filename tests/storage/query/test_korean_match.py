"""``korean_match`` in SQL: the whole language of a search, the same on both databases."""

from __future__ import annotations

import pytest

from storage.query.reader import WrongStatement, run_select
from storage.search.key import Printed, key_of
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
    "한빛은행\xa0센터",
    "고객\u2028센터\x85은행\x1f평일",
    '"고객\xa0센터"',
    "(주)한빛은행",
    "(평균)4분",
    "12(곳)의",
    "-(주)한빛은행",
    "NOT(감자) 은행",
    "(감자)OR(반도체)",
    "title:감자(값) OR 은행",
    "title:(주)감자 OR 은행",
    "((은행)감자)",
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
    "title:(은행)OR(금리)",
    "  (은행 ( 금",
    "가" * 1_001,
]


FORMS = [
    ("SELECT korean_match('은행')", "korean_match"),
    ("SELECT korean_match('은행') AS article_id", "article_id"),
    ("SELECT korean_match('은행') number", "number"),
    ("SELECT DISTINCT korean_match('은행')", "korean_match"),
    ("select\nkorean_match ( '은행' ) as \"Nummer\" LIMIT 100", "Nummer"),
    ("SELECT korean_match('은행') UNION SELECT korean_match('한빛은행')", "korean_match"),
    ("WITH hit AS (SELECT korean_match('은행') AS id) SELECT id FROM hit", "id"),
    ("SELECT * FROM korean_match('은행')", "korean_match"),
    ("SELECT hit FROM korean_match('은행') AS hit WHERE hit > 0", "hit"),
    ("SELECT hit.hit FROM korean_match('은행') hit ORDER BY hit", "hit"),
    ("SELECT article_id FROM articles JOIN korean_match('은행') ON korean_match = article_id", "article_id"),
]
"""Every way to write a function that gives rows, and what its column is called."""


@pytest.mark.parametrize(("statement", "column"), FORMS)
def test_it_stands_wherever_rows_may_stand(week_url: str, statement: str, column: str) -> None:
    wanted = "SELECT article_id FROM articles WHERE body LIKE '%은행%' OR title LIKE '%은행%'"
    with run_select(week_url, statement) as (columns, rows):
        assert columns == [column]
        assert sorted(rows) == sorted(asked(week_url, wanted)[1])


@pytest.mark.parametrize("words", QUESTIONS)
def test_what_is_found_is_what_was_asked(week_url: str, words: str) -> None:
    question = parse(words)
    _, rows = asked(week_url, "SELECT article_id, title, subtitle, body FROM articles ORDER BY article_id")
    want = [
        row[0]
        for row in rows
        if question.holds(
            Document(
                title=Printed(key_of(row[1] or "")),
                texts=(Printed(key_of(row[2] or "")), Printed(key_of(row[3] or ""))),
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


FOLDED = (
    "ß ẞ STRASSE Straße İstanbul ıI ΣΊΣΥΦΟΣ ς Ǆ ﬁ ㈜ ６ “a” ‘b’ 한\u00ad글 金 "
    "한ㆍ미 한・미 한･미 코로나–19 3∼5%⋯ \x1c\x85\xa0\u1680\u2028\u202f\u3000끝"
)


def test_a_key_is_the_same_in_the_database(postgresql_week: str) -> None:
    with run_select(postgresql_week, "SELECT korean_key(:said)", values={"said": FOLDED}) as (_, rows):
        assert next(iter(rows))[0] == key_of(FOLDED)
