"""What is no statement is told in the same words by both databases."""

from __future__ import annotations

import time

import pytest

from storage.query.reader import WrongStatement, run_select
from tests.storage.query.recipes import asked


@pytest.mark.parametrize(
    "said", ["", "  ", ";", "-- only this", "/* a ; b */ -- c\n;;", "\ufeff", "/**/" * 50_000]
)
def test_nothing_is_asked(week_url: str, said: str) -> None:
    with pytest.raises(WrongStatement, match="there is no statement"), run_select(week_url, said):
        pass


@pytest.mark.parametrize(
    ("statement", "said"),
    [("SELECT '\x00'", "null character"), ("SELECT '\udcff'", "not UTF-8")],
)
def test_what_no_database_takes(week_url: str, statement: str, said: str) -> None:
    with pytest.raises(WrongStatement, match=said), run_select(week_url, statement):
        pass


def test_a_byte_order_mark_and_comments_are_no_hindrance(week_url: str) -> None:
    assert asked(week_url, "\ufeff/* a */ -- b\n SELECT ';' AS x; -- c")[1] == [(";",)]


def test_many_comments_before_a_statement_cost_little(week_url: str) -> None:
    began = time.process_time()
    # PostgreSQL itself reads each comment from the beginning: 20,000 take it 4 s of the processor.
    assert asked(week_url, "/**/" * 10_000 + "SELECT 1 AS x")[1] == [(1,)]
    assert time.process_time() - began < 2
