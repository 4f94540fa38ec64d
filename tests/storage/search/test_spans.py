"""Stretches of time in PostgreSQL's index: they cover a window, and the index is asked for them."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import Engine, text

from storage.search import spans
from storage.search.candidates import candidates
from storage.search.question import parse
from tests.storage.samples import Desk, fnnews_article, instant, minutes


def test_stretches_cover_a_window_and_are_few() -> None:
    chance = random.Random(5)
    for _ in range(300):
        first = chance.randrange(2**31)
        end = first + chance.randint(1, 2 ** chance.randint(1, 27))
        found = spans.between(first, end)
        assert found is not None
        assert 0 < len(found) <= spans.MOST
        for number in (first, end - 1, chance.randrange(first, end)):
            assert {spans.stretch(number, shift) for shift in spans.SHIFTS} & {*found}
    assert spans.between(-1, 2**62) is None
    assert spans.between(-1, 1) == [spans.stretch(0, spans.SHIFTS[0])]


def test_no_two_stretches_are_called_the_same() -> None:
    called = {spans.stretch(number << shift, shift) for shift in spans.SHIFTS for number in range(100)}
    assert len(called) == 100 * len(spans.SHIFTS)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_window_is_asked_from_one_index(engine: Engine) -> None:
    desk = Desk(engine)
    for number in range(8):
        article = fnnews_article(
            url=f"https://www.fnnews.com/news/20260927{number:010}", site_id=None, title=f"반도체 {number}",
            body=f"공장을 {number}번째로 짓는다.", published=instant(minutes(-60 * 24 * number)),
        )  # fmt: skip
        desk.store(article)
    with engine.connect() as connection:
        found = [
            number for piece in candidates(connection, parse("반도체 공장"), None, None) for number in piece
        ]
        assert len(found) == 8
        connection.execute(text("SET enable_seqscan = off"))
        connection.execute(text("SET enable_indexscan = off"))
        asked = f"words @> ARRAY[1] AND {spans.of_entry('id')} && CAST(ARRAY[1, 2] AS bigint[])"
        plan = "\n".join(
            connection.execute(text(f"EXPLAIN SELECT id FROM search_index WHERE {asked}")).scalars()
        )
        assert "ix_search_index_words_stretches" in plan
        assert "Filter:" not in plan
        there = "SELECT indexname FROM pg_indexes WHERE tablename = 'search_index' ORDER BY 1"
        assert list(connection.execute(text(there)).scalars()) == [
            "ix_search_index_words_stretches",
            "pk_search_index",
        ]
