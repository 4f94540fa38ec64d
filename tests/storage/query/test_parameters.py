"""``:name`` in a statement: found where it is one, and nowhere else."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from storage.query.parameters import WrongParameter, names_in, numbered, told
from storage.query.reader import WrongStatement, run_select


@pytest.mark.parametrize(
    ("statement", "names", "there"),
    [
        ("SELECT :a", ["a"], "SELECT $1"),
        ("SELECT :a, :b, :a", ["a", "b"], "SELECT $1, $2, $1"),
        ("SELECT ':a', \":a\" -- :a\n/* :a */", [], None),
        ("SELECT 'it''s :a', :b", ["b"], "SELECT 'it''s :a', $1"),
        ("SELECT x::text, y :: int", [], None),
        ("SELECT :a::text", ["a"], "SELECT $1::text"),
        ("SELECT $$:a$$, $q$ :a $q$", [], None),
        ("SELECT '12:30:00', x[1:n]", [], None),
        ("SELECT :이름 WHERE a=:b_2", ["이름", "b_2"], "SELECT $1 WHERE a=$2"),
        ("SELECT E'it\\'s :a', e'\\\\', :b", ["b"], "SELECT E'it\\'s :a', e'\\\\', $1"),
        ("SELECT 'C:\\', :a, 'x'", ["a"], "SELECT 'C:\\', $1, 'x'"),
        ("SELECT ':", [], None),
        (":", [], None),
    ],
)
def test_names_are_told_from_everything_else(statement: str, names: list[str], there: str | None) -> None:
    assert names_in(statement) == names
    assert numbered(statement) == (there or statement)


def ask(url: str, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with run_select(url, statement, values=values) as (_, rows):
        return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("statement", "values", "rows"),
    [
        ("SELECT count(*) FROM articles WHERE publisher = :p", {"p": "'; DROP TABLE article --"}, [(0,)]),
        ("SELECT count(*) FROM articles WHERE publisher = :p", {"p": "가람일보"}, [(8,)]),
        ("SELECT count(*) FROM articles WHERE article_id < :n", {"n": 3}, [(2,)]),
        ("SELECT article_id FROM articles ORDER BY 1 LIMIT :n", {"n": 1}, [(1,)]),
        (
            "SELECT count(*) FROM (SELECT publisher FROM articles GROUP BY 1 HAVING count(*) > :n) AS big",
            {"n": 7},
            [(2,)],
        ),
        ("SELECT count(*) FROM articles WHERE published_at >= :since", {"since": date(2026, 9, 27)}, [(4,)]),
        (
            "SELECT count(*) FROM articles WHERE published_at < :until",
            {"until": datetime(2026, 9, 20, 23, 30, tzinfo=UTC)},
            [(1,)],
        ),
        ("SELECT count(*) FROM articles WHERE title = :none", {"none": None}, [(0,)]),
        (
            "SELECT count(*) FROM articles WHERE article_id IN (SELECT korean_match(:words))",
            {"words": "한빛은행 -감자"},
            [(5,)],
        ),
    ],
)
def test_values_mean_the_same_on_both(
    week_url: str, statement: str, values: dict[str, Any], rows: list[tuple[Any, ...]]
) -> None:
    assert ask(week_url, statement, **values) == rows


@pytest.mark.parametrize("values", [{}, {"a": 1, "b": 2}, {"A": 1}])
def test_what_is_missing_or_too_much_is_told(week_url: str, values: dict[str, Any]) -> None:
    with pytest.raises(WrongStatement, match=r":(a|b)\b"):
        ask(week_url, "SELECT article_id FROM articles WHERE article_id = :a", **values)


def test_a_time_needs_a_zone(week_url: str) -> None:
    with pytest.raises(WrongStatement, match="no zone"):
        ask(week_url, "SELECT 1 FROM articles WHERE published_at > :t", t=datetime(2026, 9, 27))  # noqa: DTZ001
    with pytest.raises(WrongParameter):
        told(datetime(2026, 9, 27))  # noqa: DTZ001
