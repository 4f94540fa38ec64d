"""One answer from both databases: values, their types, their order, in every format."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pandas
import polars
import pytest

from crawler.commands.asking import Asking, answer
from crawler.configuration.environment import WrongSetting
from storage.query.columns import apart

QUESTIONS = (
    "SELECT publisher, count(*) AS n, sum(appearances) AS shown, avg(appearances) AS mean FROM articles "
    "GROUP BY publisher ORDER BY publisher",
    "SELECT title FROM articles ORDER BY title, article_id",
    "SELECT sum(listed) AS listed, sum(stored) AS stored, max(requests) AS most FROM runs",
    "SELECT 7 / 2.0 AS half, round(10 / 4.0, 1) AS rounded, 1.0 AS one",
    "SELECT min(published_at) AS a, max(published_at) AS b, count(DISTINCT rights_holder) AS c FROM articles",
    "SELECT a.url, b.url, a.article_id FROM articles a JOIN articles b ON b.article_id = a.article_id "
    "ORDER BY a.article_id LIMIT 3",
    "SELECT score, kind FROM near_duplicates ORDER BY article_id, other_article_id",
    "SELECT sum(no_ai_training) AS forbidden, count(*) AS all_of_them FROM rights",
)


def printed(url: str, statement: str, form: str, capsys: pytest.CaptureFixture[str]) -> str:
    answer(Asking(url=url, statement=statement, form=form, values={}))
    return capsys.readouterr().out


@pytest.mark.parametrize("statement", QUESTIONS)
def test_both_databases_print_the_same(
    sqlite_week: Path, postgresql_week: str, statement: str, capsys: pytest.CaptureFixture[str]
) -> None:
    urls = (f"sqlite:///{sqlite_week}", postgresql_week)
    one, other = (json.loads(printed(url, statement, "json", capsys)) for url in urls)
    assert one == other
    assert one
    for mine, theirs in zip(one, other, strict=True):
        assert [type(value) for value in mine.values()] == [type(value) for value in theirs.values()]


def test_every_format_gives_every_row(
    week_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    statement = "SELECT article_id, title, NULL AS none, 0.5 AS half FROM articles ORDER BY article_id"
    rows = json.loads(printed(week_url, statement, "json", capsys))
    lines = printed(week_url, statement, "jsonl", capsys).splitlines()
    assert [json.loads(line) for line in lines] == rows
    assert len(printed(week_url, statement, "csv", capsys).splitlines()) == len(rows) + 1
    assert printed(week_url, statement, "tsv", capsys).splitlines()[0] == "article_id\ttitle\tnone\thalf"
    place = tmp_path / "rows.parquet"
    answer(Asking(url=week_url, statement=statement, form="parquet", output=place, values={}))
    frame = polars.read_parquet(place)
    assert [str(kind) for kind in frame.dtypes] == ["Int64", "String", "String", "Float64"]
    assert frame.to_dicts() == rows
    for form in ("csv", "tsv", "json", "jsonl"):
        place = tmp_path / f"rows.{form}"
        answer(Asking(url=week_url, statement=statement, form=form, output=place, values={}))
        assert place.read_text("utf-8") == printed(week_url, statement, form, capsys).split("newsarchive:")[0]


@pytest.mark.parametrize("value", ["'='", "'a' || char(9) || 'b'", "'\"'", "'a' || char(10) || 'b'", "''"])
def test_a_cell_stays_one_cell(sqlite_week: Path, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{sqlite_week}"
    statement = f"SELECT {value} AS a, 2 AS b"
    (row,) = json.loads(printed(url, statement, "json", capsys))
    for form, separator in (("csv", ","), ("tsv", "\t")):
        text = printed(url, statement, form, capsys)
        frame = pandas.read_csv(StringIO(text), sep=separator, keep_default_na=False)
        assert frame.to_dict("records") == [row]


def test_an_empty_answer_is_still_one(week_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    nothing = "SELECT title FROM articles WHERE title = 'x'"
    assert printed(week_url, nothing, "json", capsys) == "[]\n"
    assert printed(week_url, nothing, "jsonl", capsys) == ""
    assert printed(week_url, nothing, "csv", capsys) == "title\n"


def test_what_json_has_no_form_for(sqlite_week: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{sqlite_week}"
    (row,) = json.loads(printed(url, "SELECT 9e999, -9e999, x'00ff', 1 AS a, 2 AS a", "json", capsys))
    assert list(row.values()) == ["Infinity", "-Infinity", "00ff", 1, 2]
    assert list(row)[-2:] == ["a", "a_2"]


BEYOND = {
    "'infinity'::timestamptz": "infinity",
    "'12345-01-01'::date": "12345-01-01",
    "'0044-03-15 BC'::date": "0044-03-15 BC",
    "'24:00'::time": "24:00:00",
    "interval '1 month 3 days'": "1 mon 3 days",
    "ARRAY['-infinity'::date]": ["-infinity"],
    "ARRAY['NaN'::float8, 1]": ["NaN", 1],
    "1e30::numeric": 10**30,
    "'2026-11-27'::date": "2026-11-27",
}
"""What PostgreSQL holds and Python, JSON or Parquet has no form for."""


def test_what_python_has_no_form_for(
    postgresql_week: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    statement = "SELECT " + ", ".join(f"{one} AS c{place}" for place, one in enumerate(BEYOND))
    (row,) = json.loads(printed(postgresql_week, statement, "json", capsys))
    assert list(row.values()) == list(BEYOND.values())
    place = tmp_path / "rows.parquet"
    answer(Asking(url=postgresql_week, statement=statement, form="parquet", output=place, values={}))
    assert polars.read_parquet(place).row(0)[-2:] == (str(10**30), "2026-11-27")


def test_a_line_of_json_is_one_line(week_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = "가\u2028나\u2029다\x85라\n마"
    lines = printed(week_url, f"SELECT '{text}' AS a; ;", "jsonl", capsys).splitlines()
    assert [json.loads(line)["a"] for line in lines] == [text]


def test_a_parquet_column_has_one_type(sqlite_week: Path, tmp_path: Path) -> None:
    mixed = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) "
        "SELECT CASE WHEN i = 1400 THEN 'text' ELSE i END AS c FROM n"
    )
    url, place = f"sqlite:///{sqlite_week}", tmp_path / "mixed.parquet"
    with pytest.raises(WrongSetting, match="CAST"):
        answer(Asking(url=url, statement=mixed, form="parquet", output=place, values={}))
    assert list(tmp_path.iterdir()) == [], "half a file was left"


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        (["a", "a"], ["a", "a_2"]),
        (["a", "a", "a_2", "a"], ["a", "a_3", "a_2", "a_4"]),
        (["", ""], ["column_1", "column_2"]),
        (["?column?", "?column?"], ["?column?", "?column?_2"]),
        ([], []),
    ],
)
def test_names_are_kept_apart(columns: list[str], names: list[str]) -> None:
    assert apart(columns) == names


def test_a_place_that_cannot_be_written_is_told(week_url: str) -> None:

    with pytest.raises(WrongSetting, match="cannot be written"):
        answer(
            Asking(
                url=week_url,
                statement="SELECT 1",
                form="csv",
                output=Path("/proc/nothing/rows.csv"),
                values={},
            )
        )
