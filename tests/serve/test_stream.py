"""CSV of all rows: whole, of one statement, and never a part that looks whole."""

from __future__ import annotations

import csv
import http.client
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.serve.room import Open, opened

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n {}) SELECT i, {} AS x FROM n"


@pytest.fixture(scope="module")
def here(sqlite_week: Path) -> Iterator[Open]:
    with opened(f"sqlite:///{sqlite_week}") as room:
        yield room


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines()))


def asked(sql: str) -> str:
    return f"/archive.csv?sql={quote(sql)}"


@pytest.mark.parametrize("how", ["", "&_stream=on"])
def test_a_statement_gives_every_row(here: Open, how: str) -> None:
    """It ended at 1,000 rows with 200, and nothing said so."""
    page = here.get(asked(NUMBERS.format("WHERE i < 2500", "NULL")) + how)
    assert (page.status, rows(page.text)) == (200, [["i", "x"], *([str(i), ""] for i in range(1, 2501))])


@pytest.mark.parametrize("view", ["articles", "bylines", "coverage", "rule_set"])
def test_a_view_and_a_table_are_streamed_whole(here: Open, sqlite_week: Path, view: str) -> None:
    page = here.get(f"/archive/{view}.csv?_stream=on&_header=off")
    with closing(sqlite3.connect(sqlite_week)) as connection, connection:
        found = connection.execute(f"SELECT * FROM {view}").fetchall()
    said = [["" if v is None else v.hex() if isinstance(v, bytes) else str(v) for v in row] for row in found]
    read = list(csv.reader(page.body.decode().splitlines(keepends=True)))
    assert len(said) > 1
    assert sorted(read) == sorted(said)


def test_filters_order_and_columns_hold(here: Open, sqlite_week: Path) -> None:
    with closing(sqlite3.connect(sqlite_week)) as connection, connection:
        name, count = connection.execute(
            "SELECT publisher, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
        ).fetchone()
    page = here.get(
        f"/archive/articles.csv?_stream=on&_dl=1&_sort_desc=url&_col=url&publisher={quote(str(name))}"
    )
    first, *found = rows(page.text)
    assert page.headers["Content-Disposition"] == 'attachment; filename="articles.csv"'
    assert (first, len(found)) == (["url"], count)
    assert found == sorted(found, reverse=True)


def test_a_question_that_stands_ready_is_streamed_with_its_words(here: Open) -> None:
    page = here.get(f"/archive/words.csv?words={quote('은행')}")
    assert len(rows(page.text)) > 1
    assert rows(here.get("/archive/words.csv?words=zzzzqq").text) == rows(page.text)[:1]


@pytest.mark.parametrize(
    "path",
    [
        "/archive/nothing.csv?_stream=on",
        asked("SELEC"),
        asked("DELETE FROM article"),
        asked("SELECT 1; SELECT 2"),
        asked("SELECT x FROM articles"),
    ],
)
def test_what_cannot_be_asked_is_no_csv(here: Open, path: str) -> None:
    page = here.get(path)
    assert page.status in (400, 404)
    assert "html" in page.headers["Content-Type"]


def test_what_breaks_off_has_no_end(sqlite_week: Path) -> None:
    """Datasette wrote the reason as the last row, and ended as of a whole answer."""
    endless = "CASE WHEN i > 3000 THEN (WITH RECURSIVE e(j) AS (SELECT 1 UNION ALL SELECT j FROM e) "
    slow = NUMBERS.format("", endless + "SELECT max(j) FROM e) ELSE printf('%.*c', 900, 'x') END")
    with opened(f"sqlite:///{sqlite_week}", seconds=0.3) as room, pytest.raises(http.client.IncompleteRead):
        room.get(asked(slow))


def test_what_breaks_off_at_once_says_so(sqlite_week: Path) -> None:
    late = NUMBERS.format("WHERE i < 200000000", "1") + " LIMIT -1 OFFSET 100000000"
    with opened(f"sqlite:///{sqlite_week}", seconds=0.1) as room:
        assert room.get(asked(late)).status == 400
