"""``newsarchive export``: what other programs read from the files, on both databases."""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars
import pytest
from sqlalchemy import insert, text, update

import newsarchive
from crawler.cli import main
from storage.database.opening import open_database
from storage.frontier.runs import close_run, open_run
from storage.models import ArticleRow, GroupMemberRow, RereadingRow
from storage.query.exports import COLUMNS
from storage.records import Article, Instant, Person, Rights, Verdict
from storage.records.runs import RunSettings, Settled
from storage.search.outdated import OUTDATED
from tests.commands.inside import inside
from tests.commands.program import Command, program
from tests.storage.samples import FNNEWS, Desk, daum_article, fnnews_article, instant, minutes, unlike

TITLES = ("시립 도서관, 이달부터 야간 개관", "=1+1 '쪽글'", "때 없는 글")


def fill(url: str) -> None:
    engine = open_database(url)
    desk = Desk(engine)
    desk.store(fnnews_article())
    desk.store(daum_article(), minutes(5))
    free = Rights(notice="ⓒ 나래", holder="나래", tdm_reservation="0")
    short = fnnews_article(
        url=f"{FNNEWS[:-1]}2",
        site_id=None,
        title=TITLES[1],
        body='줄 하나\n줄 "둘", 셋\x1b[0m',
        publisher="나래",
        published=instant(minutes(-60 * 24 * 40)),
        bylines=(Person(name="나은", role="기자", raw=""), Person(name="허균", raw="")),
        rights=free,
    )
    desk.store(short, minutes(6))
    desk.store(
        fnnews_article(url=f"{FNNEWS[:-1]}3", site_id=None, title=TITLES[2], body="글", published=None),
        minutes(7),
    )
    engine.dispose()


@pytest.fixture
def export(tmp_path: Path, database_url: str) -> Command:
    fill(database_url)
    return program(tmp_path, database_url, "export")


@pytest.fixture
def run(tmp_path: Path, database_url: str) -> Command:
    return program(tmp_path, database_url)


def stored(url: str) -> list[dict[str, Any]]:
    engine = open_database(url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM articles ORDER BY article_id")).mappings().all()
    engine.dispose()
    return [dict(row) for row in rows]


def test_parquet_is_read_back_whole(export: Command, tmp_path: Path, database_url: str) -> None:
    done = export("out/all.parquet")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "3 rows in 1 file in out\n"
    frame = polars.read_parquet(tmp_path / "out" / "all.parquet")
    assert frame.columns == list(COLUMNS)
    assert frame["published_at"].dtype == polars.Datetime("us", "Asia/Seoul")
    for row, kept in zip(frame.iter_rows(named=True), stored(database_url), strict=True):
        times = {name: row[name] and row[name].isoformat() for name in ("published_at", "modified_at")}
        assert {name: (row | times)[name] for name in kept if name in row} == {
            name: value for name, value in kept.items() if name in row
        }
    assert frame["bylines"][1][0] == {
        "name": "나은",
        "role": "기자",
        "email": None,
        "organisation": None,
        "place": None,
    }
    place = str(tmp_path / "out" / "all.parquet")
    counted = duckdb.sql(f"SELECT publisher, count(*) FROM '{place}' GROUP BY 1 ORDER BY 1").fetchall()
    assert counted == [("나래", 1), ("파이낸셜뉴스", 2)]


def test_the_same_in_every_format(export: Command, tmp_path: Path) -> None:
    for form in ("parquet", "jsonl", "csv"):
        assert export(f"all.{form}").returncode == 0
    lines = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()]
    times = [polars.col(name).dt.strftime("%Y-%m-%dT%H:%M:%S%:z") for name in ("published_at", "modified_at")]
    assert lines == polars.read_parquet(tmp_path / "all.parquet").with_columns(times).to_dicts()
    assert [person["name"] for person in lines[1]["bylines"]] == ["나은", "허균"]
    raw = (tmp_path / "all.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines(keepends=True)))
    assert [row["title"] for row in rows] == [TITLES[0], f"'{TITLES[1]}", TITLES[2]]
    assert rows[1]["body"] == lines[1]["body"]
    assert rows[1]["bylines"] == json.dumps(lines[1]["bylines"], ensure_ascii=False), "spaced alike"


def test_a_manifest_names_what_was_made(export: Command, tmp_path: Path) -> None:
    export("all.jsonl")
    export("some.csv", "--publisher", "나래")
    files = json.loads((tmp_path / "manifest.json").read_text())["files"]
    assert {name: file["rows"] for name, file in files.items()} == {"all.jsonl": 3, "some.csv": 1}
    for name, file in files.items():
        assert file["sha256"] == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
    wanted = files["some.csv"]["wanted"]
    assert (wanted["publisher"], wanted["since"], wanted["undated"]) == ("나래", None, False)
    assert not list(tmp_path.glob("*.unfinished"))


def test_silence_is_not_permission(export: Command, tmp_path: Path) -> None:
    done = export("train.jsonl", "--for", "training")
    rows = [json.loads(line) for line in (tmp_path / "train.jsonl").read_text().splitlines()]
    assert [row["title"] for row in rows if row["body"]] == [TITLES[1]]
    assert "2 bodies left out: ai_training unknown" in done.stdout
    assert "2 bodies left out: redistribution forbidden" in export("share.jsonl", "--for", "share").stdout


def test_what_another_page_of_the_article_forbids_is_forbidden(
    run: Command, tmp_path: Path, database_url: str
) -> None:
    """As docs/rights.md has it: of all appearances the strictest."""
    engine = open_database(database_url)
    desk = Desk(engine)
    granted = Rights(notice="ⓒ 나래", holder="나래", tdm_reservation="0")
    desk.store(fnnews_article(rights=granted))
    desk.store(daum_article(rights=Rights(notice="AI 학습 금지", no_ai_training=True)), minutes(5))
    desk.store(
        fnnews_article(
            url=f"{FNNEWS[:-1]}2", site_id=None, title=TITLES[1], body="다른 글 " * 30, rights=granted
        ),
        minutes(6),
    )
    assert desk.rows("SELECT count(*) FROM articles") == [(2,)]
    engine.dispose()
    done = run("export", "train.jsonl", "--for", "training")
    rows = [json.loads(line) for line in (tmp_path / "train.jsonl").read_text().splitlines()]
    assert [(row["body"] is None, row["left_out"]) for row in rows] == [
        (True, "ai_training forbidden"),
        (False, None),
    ]
    assert "1 body left out: ai_training forbidden" in done.stdout


def test_months(export: Command, tmp_path: Path) -> None:
    assert export("months", "--by-month").returncode == 0
    rows = {path.name: polars.read_parquet(path).height for path in (tmp_path / "months").glob("*.parquet")}
    assert rows == {
        "articles-2026-08.parquet": 1,
        "articles-2026-09.parquet": 1,
        "articles-undated.parquet": 1,
    }
    (tmp_path / "months" / "articles-2026-09.parquet").unlink()
    (tmp_path / "months" / "articles-2026-08.parquet").write_bytes(b"old")
    assert export("months", "--by-month", "--search", "도서관").returncode == 0
    made = {path.name: polars.read_parquet(path).height for path in (tmp_path / "months").glob("*.parquet")}
    assert made == rows | {"articles-2026-08.parquet": 0, "articles-undated.parquet": 0}, (
        "a file of before does not stay as it was"
    )
    assert export("months", "--by-month", "--since", "2026-09-01").returncode == 0
    assert len(json.loads((tmp_path / "months" / "manifest.json").read_text())["files"]) == 3


def test_each_file_of_a_manifest_says_what_was_left_out_of_it(export: Command, tmp_path: Path) -> None:
    export("months", "--by-month", "--for", "training", "--format", "jsonl", "--search", "글 OR 도서관 OR 줄")
    files = json.loads((tmp_path / "months" / "manifest.json").read_text())["files"]
    assert {name: file["left_out"] for name, file in files.items()} == {
        "articles-2026-08.jsonl": {},
        "articles-2026-09.jsonl": {"ai_training unknown": 1},
        "articles-undated.jsonl": {"ai_training unknown": 1},
    }


def crawled(desk: Desk, page: Article, captured: datetime, settled: datetime) -> None:
    """A run of its own that stores a page; an import's capture is older than its run."""
    run = open_run(desk.engine, "fnnews", "latest", desk.owner, settled, RunSettings())
    desk.runs = dict.fromkeys(("daum", "fnnews"), run)
    outcome = desk.store(page, captured).outcome
    address = desk.rows("SELECT max(address_id), max(id) FROM capture")[0]
    end = Settled(
        address_id=address[0], run_id=run, outcome=outcome, reason="", at=settled, capture_id=address[1]
    )
    desk.frontier.settle(end)
    close_run(desk.engine, run, settled + timedelta(seconds=1), Verdict.HEALTHY, "", {outcome.value: 1}, {})


def test_what_came_since(run: Command, tmp_path: Path, database_url: str) -> None:
    """By when the archive took it: an edit, an old page of an import, a re-reading; and who has another
    ``duplicate_group`` by it."""
    engine = open_database(database_url)
    desk = Desk(engine)
    pages = [unlike(number) for number in range(4)]
    for page in pages:
        crawled(desk, page, minutes(0), minutes(1))
    crawled(desk, replace(pages[1], title="고친 제목"), minutes(60), minutes(60))
    crawled(desk, replace(unlike(9), title="옛 글"), minutes(-100_000), minutes(60))
    with engine.begin() as connection:
        connection.execute(
            insert(RereadingRow).values(
                appearance_id=4, capture_id=4, reader_after=9, at=minutes(60), changed="{}"
            )
        )
        group = [{"article_id": number, "group_id": 1} for number in (1, 2)]
        connection.execute(insert(GroupMemberRow), group)
    engine.dispose()
    since = minutes(30).isoformat()
    assert run("export", "since.jsonl", "--changed-since", since).returncode == 0
    rows = [json.loads(line) for line in (tmp_path / "since.jsonl").read_text().splitlines()]
    found = {row["title"]: row["duplicate_group"] for row in rows}
    assert found == {"고친 제목": 1, pages[0].title: 1, "옛 글": None, pages[3].title: None}


def test_since_the_last_of_the_same(export: Command, tmp_path: Path) -> None:
    def rows(name: str, *words: str) -> int:
        done = export(name, *words)
        assert done.returncode == 0, done.stderr
        return len((tmp_path / name).read_text().splitlines())

    assert rows("part.jsonl", "--changed-since", "2026-09-28") == 0
    assert rows("1.jsonl", "--changed-since", "last") == 3, "no whole export was here: everything"
    assert rows("2.jsonl", "--changed-since", "last") == 0
    assert rows("3.jsonl", "--changed-since", "last", "--publisher", "나래") == 1, "another wish"
    files = json.loads((tmp_path / "manifest.json").read_text())["files"]
    assert [file["whole"] for _, file in sorted(files.items())] == [True, True, True, False]
    asked_from = datetime.fromisoformat(files["2.jsonl"]["wanted"]["changed_since"])
    assert asked_from < datetime.fromisoformat(files["1.jsonl"]["begun_at"])


def test_an_export_that_began_under_a_clock_ahead_hides_nothing(export: Command, tmp_path: Path) -> None:
    export("1.jsonl", "--changed-since", "last")
    manifest = tmp_path / "manifest.json"
    told = json.loads(manifest.read_text())
    told["files"]["1.jsonl"]["begun_at"] = "2199-01-01T00:00:00+00:00"
    manifest.write_text(json.dumps(told))
    export("2.jsonl", "--changed-since", "last")
    assert len((tmp_path / "2.jsonl").read_text().splitlines()) == 3


def test_words_days_and_own_sql(export: Command, tmp_path: Path) -> None:
    export("found.jsonl", "--search", "도서관 -요금")
    assert (tmp_path / "found.jsonl").read_text() == ""
    export("found.jsonl", "--search", "도서관", "--source", "daum", "--until", "2026-09-27")
    assert len((tmp_path / "found.jsonl").read_text().splitlines()) == 1
    export("own.parquet", "--sql", "SELECT publisher, count(*) AS n FROM articles GROUP BY publisher")
    assert sorted(polars.read_parquet(tmp_path / "own.parquet").rows()) == [
        ("나래", 1),
        ("파이낸셜뉴스", 2),
    ]


def test_what_may_be_missing_is_told(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(sqlite_url)
    run = inside(tmp_path, sqlite_url, monkeypatch, capsys)
    assert "2 articles; more with --limit 10" in run("search", "--limit", "2", "--format", "csv").err
    assert "more" not in run("search", "--limit", "3", "--format", "csv").err
    assert run("search", "--limit", "3").err == "3 articles\n"
    assert "OR in capitals" in run("export", "a.jsonl", "--search", "도서관 or 글").err
    engine = open_database(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE search_entry SET version = 1 WHERE article_id = 1"))
    engine.dispose()
    for words in (("--search", "도서관"), ("--sql", "SELECT korean_match('도서관')")):
        assert OUTDATED in run("export", "a.jsonl", *words).err


def test_no_cell_is_a_formula(export: Command, tmp_path: Path) -> None:
    cells = ["=1+1", "-2", "@x", "+82", "＝1", "＠x", "1-2", " =1"]
    columns = ", ".join(f"'{cell}' AS c{place}" for place, cell in enumerate(cells))
    export("cells.csv", "--sql", f"SELECT {columns}, -1 AS number")
    row = (tmp_path / "cells.csv").read_text("utf-8-sig").splitlines()[1]
    assert row == "'=1+1,'-2,'@x,'+82,'＝1,'＠x,1-2, =1,-1"
    export("NAMES.CSV", "--sql", 'SELECT 1 AS "=1+1"')
    assert (tmp_path / "NAMES.CSV").read_text("utf-8-sig").splitlines() == ["'=1+1", "1"]


def test_months_without_an_article_have_no_file(export: Command, tmp_path: Path, database_url: str) -> None:
    engine = open_database(database_url)
    a_year_ago = minutes(-60 * 24 * 365)
    with engine.begin() as connection:
        mine = ArticleRow.title == TITLES[1]
        connection.execute(update(ArticleRow).where(mine).values(published_at=a_year_ago))
    engine.dispose()
    done = export("months", "--by-month", "--format", "csv")
    assert done.stdout == "3 rows in 3 files in months\n"
    names = sorted(path.name for path in (tmp_path / "months").glob("*.csv"))
    assert names == [f"articles-{name}.csv" for name in ("2025-09", "2026-09", "undated")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["out"], "a file without an ending"),
        (["out\udcff.csv"], "its bytes are not UTF-8"),
        (["out.xlsx"], "got 'xlsx'"),
        (["out.csv", "--for", "profit"], "share or training"),
        (["out.csv", "--sql", "SELECT 1", "--publisher", "나래"], "give it alone"),
        (["out.csv", "--sql", "SELECT 1", "--changed-since", "last"], "give it alone"),
        (["out.csv", "--changed-since", "gestern"], "a day as 2026-11-22, or last"),
        (["out", "--by-month", "--changed-since", "last"], "parts of months"),
        (["out.csv", "--changed-since", "2199-01-01"], "is still to come"),
        (["new/manifest.json", "--format", "jsonl"], "would be the export's own manifest"),
        (["broken/out.csv"], "is no manifest of an export"),
        (["out.csv", "--search", "(도서관"], "bracket that begins at letter 1 does not end"),
        (["out.csv", "--sql", "DROP TABLE article"], "did not take the statement"),
        (["/proc/none/out.csv"], "cannot be written"),
        (["out.csv", "--publisher", "파이낸셜"], "has no publisher '파이낸셜'; it has: 파이낸셜뉴스"),
        (["-", "--format", "csv"], "- is no file: name one"),
    ],
)
def test_wrong_use_is_one_sentence(
    database_url: str,
    tmp_path: Path,
    words: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fill(database_url)
    monkeypatch.setenv("NEWSARCHIVE_DATABASE_URL", database_url)
    monkeypatch.setattr(sys, "argv", ["newsarchive", "export", *words])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.json").write_text("[]")
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert (ended.value.code, "Traceback" in told) == (2, False), told
    assert said in told
    assert not list(tmp_path.rglob("out*"))


def test_a_day_alone_is_told_beside_its_midnight(run: Command, tmp_path: Path, database_url: str) -> None:
    """In every form in which a time goes out: nobody takes the midnight for the hour of publication."""
    engine = open_database(database_url)
    day = Instant(at=minutes(-720), precision="day", raw="2026-09-27")
    desk = Desk(engine)
    desk.store(fnnews_article(published=day, modified=replace(day, at=minutes(5), precision="minute")))
    desk.store(unlike(1, published=None, modified=day), minutes(6))
    engine.dispose()
    for form in ("parquet", "jsonl", "csv"):
        assert run("export", f"all.{form}").returncode == 0
    said = [("day", "minute"), (None, "day")]
    frame = polars.read_parquet(tmp_path / "all.parquet")
    assert frame.select("published_precision", "modified_precision").rows() == said
    for rows in (
        [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()],
        [
            {name: value or None for name, value in row.items()}
            for row in csv.DictReader((tmp_path / "all.csv").read_text("utf-8-sig").splitlines())
        ],
        stored(database_url),
    ):
        assert [(row["published_precision"], row["modified_precision"]) for row in rows] == said
    shown = "SELECT published_at, published_precision FROM reporter_articles WHERE article_id = 1"
    assert run("sql", "--format", "csv", shown).stdout.split()[1] == "2026-09-27T00:00:00+09:00,day"
    (hit,) = map(json.loads, run("search", "title:야간", "--format", "jsonl").stdout.splitlines())
    assert hit["published_precision"] == "day"
    assert run("search", "title:야간").stdout.startswith("2026-09-27  파이낸셜뉴스")
    with newsarchive.open(database_url) as archive:
        assert [one.published_precision for one in archive.articles()] == ["day", None]
        assert archive.search("title:야간")[0].published_precision == "day"


def test_how_exact_a_time_of_then_was_is_not_known(run: Command, database_url: str) -> None:
    """A revision keeps the time, and not how exact it is: that is known of the time that stands today."""
    engine = open_database(database_url)
    desk, at = Desk(engine), instant(minutes(1440))
    desk.store(fnnews_article(modified=replace(at, at=minutes(-720), precision="day")))
    desk.store(fnnews_article(title="고침", modified=at), minutes(1441))
    engine.dispose()
    for view in ("articles", "appearances"):
        asked = f"SELECT published_precision, coalesce(modified_precision, '?') FROM {view}"
        for when, said in (("2026-09-27", "minute,?"), ("2026-09-28", "minute,minute")):
            past = run("sql", "--as-of", when, "--format", "csv", asked)
            assert past.stdout.split()[-1:] == [said], past.stderr
