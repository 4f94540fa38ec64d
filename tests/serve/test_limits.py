"""The time of a page is over: the database is stopped, and what was found is shown."""

from __future__ import annotations

import time
from urllib.parse import quote

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from crawler.serve.request import Request
from crawler.serve.searching import find
from storage.database.opening import open_readonly
from storage.query.limits import TooLong, limit, was_stopped
from storage.query.reader import WrongStatement, run_select
from storage.search.question import parse
from tests.serve.room import opened

ENDLESS = {
    "sqlite": "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a) SELECT count(*) FROM a",
    "postgresql": "SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b",
}


def test_a_statement_without_end_is_stopped(week_url: str) -> None:
    engine = open_readonly(week_url)
    limit(engine, 0.2)
    began = time.monotonic()
    with engine.connect() as connection, pytest.raises(DBAPIError) as stopped:
        connection.exec_driver_sql(ENDLESS[engine.dialect.name])
    assert was_stopped(stopped.value)
    assert 0.1 < time.monotonic() - began < 10
    with engine.connect() as connection, pytest.raises(TooLong):
        connection.exec_driver_sql("SELECT 1")
    engine.dispose()


def test_a_statement_in_time_is_answered(week_url: str) -> None:
    engine = open_readonly(week_url)
    limit(engine, 60)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM articles").scalar_one() > 20
        with pytest.raises(DBAPIError) as wrong:
            connection.exec_driver_sql("SELECT nothing FROM articles")
    assert not was_stopped(wrong.value)
    engine.dispose()


@pytest.mark.parametrize("seconds", [0.0, 0.000_4])
def test_no_time_at_all_is_not_all_the_time(week_url: str, seconds: float) -> None:
    asked = ENDLESS["sqlite" if week_url.startswith("sqlite") else "postgresql"]
    with (
        pytest.raises(WrongStatement, match="took longer"),
        run_select(week_url, asked, seconds) as (_, rows),
    ):
        list(rows)


def test_hits_that_were_found_in_time_are_whole(week_url: str) -> None:
    """Though the time is over while it is looked what else could be asked."""
    engine = open_readonly(week_url)
    asked: list[str] = []

    def count(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)
        if len(asked) == over_at:
            raise TooLong

    event.listen(engine, "before_cursor_execute", count)
    request = Request(path="/", host="", scheme="http", language="ko", values={}, vars={})
    question, over_at = parse("한빛은행"), 0
    whole = find(engine, request, question, 1)
    over_at, last = len(asked), len(asked)
    asked.clear()
    late = find(engine, request, question, 1)
    assert (len(asked), late.hits, late.stopped) == (last, whole.hits, False)
    over_at = 1
    asked.clear()
    assert find(engine, request, question, 1).stopped
    engine.dispose()


def test_a_page_whose_time_is_over_says_so(week_url: str) -> None:
    with opened(week_url, seconds=0.000_001) as room:
        found = room.get(f"/?q={quote('은')}")
        assert (found.status, "시간이 다 되어" in found.text) == (200, True)
        for path in ("/article/1", "/changes", "/runs", "/coverage", "/feed/changes.atom"):
            page = room.get(path)
            assert (page.status, "시간이 다 되어" in page.text) == (503, True), path
