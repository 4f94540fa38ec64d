"""The weekly report: its sums, what it says is missing, what drifts, and the command."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import Engine, update

from crawler.verdict.drift import TemplateCount
from crawler.watch.week_fields import FieldRate, week_of_fields
from crawler.watch.week_json import as_json
from crawler.watch.week_report import WeeklyReport, timeless, weekly_report
from crawler.watch.week_text import MOST, as_text
from crawler.watch.weeks import Week
from storage.database.opening import open_database, writing
from storage.frontier.rests import begin
from storage.ledger.field_statistics import keep_statistic
from storage.ledger.unread import refusals_of, unread_addresses, unread_lists
from storage.ledger.week import publishers_of, sources_of
from storage.models import (
    AddressRow,
    AppearanceRow,
    ArticleRow,
    HostRow,
    OutcomeRow,
    PublisherRow,
    RunRow,
    SlotState,
)
from storage.operations.slots import PlannedSlot, write_plan
from tests.commands.inside import Ended, inside
from tests.storage.test_plans import plans
from tests.watch.archive import add_articles, add_capture, add_list, add_run
from tests.watch.listener import Listener

WEEK = Week.of(date(2026, 11, 18))
MONDAY = WEEK.span.since
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOW = MONDAY + 9 * DAY


def made(engine: Engine, folder: Path, week: Week = WEEK, now: datetime = NOW) -> WeeklyReport:
    url = engine.url.render_as_string(hide_password=False)
    return weekly_report(engine, week, now, warc_folder=folder / "warc", database_url=url)


def publish(engine: Engine, urls: list[str], name: str) -> None:
    """The articles at these addresses are the publisher's."""
    with writing(engine) as session:
        publisher = session.query(PublisherRow).filter_by(name=name).one_or_none() or PublisherRow(name=name)
        session.add(publisher)
        session.flush()
        ids = [row.id for row in session.query(AddressRow).filter(AddressRow.url.in_(urls))]
        session.execute(
            update(AppearanceRow)
            .where(AppearanceRow.address_id.in_(ids))
            .values(publisher_id=publisher.id)
            .execution_options(synchronize_session=False)
        )


def look(engine: Engine, url: str, at: datetime, outcome: str, reason: str = "seeded") -> None:
    """One more look at an address, in a run of its own."""
    run = add_run(engine, at)
    with writing(engine) as session:
        address = session.query(AddressRow).filter_by(url=url).one()
        address.last_outcome = outcome
        session.add(
            OutcomeRow(run_id=run, address_id=address.id, outcome=outcome, reason=reason, at=at + HOUR / 60)
        )


def of(rows: list[dict[str, object]], **which: object) -> dict[str, object]:
    (row,) = [row for row in rows if all(row[name] == value for name, value in which.items())]
    return row


# --- weeks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "name", "monday"),
    [
        (date(2027, 1, 3), "2026-W53", date(2026, 12, 28)),
        (date(2025, 12, 29), "2026-W01", date(2025, 12, 29)),
        (date(2024, 2, 29), "2024-W09", date(2024, 2, 26)),
    ],
)
def test_a_week_has_its_iso_name(day: date, name: str, monday: date) -> None:
    assert (str(Week.of(day)), Week.of(day).monday) == (name, monday)


def test_a_week_begins_at_midnight_in_korea() -> None:
    assert datetime(2026, 11, 15, 15, tzinfo=UTC) == MONDAY


# --- what came ------------------------------------------------------------------------------------


def test_what_came_is_counted_by_source_and_publisher(engine: Engine, tmp_path: Path) -> None:
    run = add_run(engine, MONDAY + DAY)
    urls = add_articles(engine, run, MONDAY + DAY, 6)
    publish(engine, urls[:4], "가람일보")
    publish(engine, urls[4:5], "누리신문")
    with writing(engine) as session:  # one page shows an article that was known long before
        page = session.query(AppearanceRow).join(AddressRow).filter(AddressRow.url == urls[0]).one()
        session.get_one(ArticleRow, page.article_id).created_at = MONDAY - 30 * DAY
    look(engine, urls[1], MONDAY + 2 * DAY, "revised")
    look(engine, urls[1], MONDAY + 3 * DAY, "revised")
    for day in (3, 4, 5):  # gone once, however often it is asked
        look(engine, urls[2], MONDAY + day * DAY, "gone")
    add_list(
        engine, add_run(engine, MONDAY + DAY), ["https://v.daum.net/v/never"], MONDAY + DAY, outcome="gone"
    )
    report = as_json(made(engine, tmp_path))
    assert of(report["publishers"], publisher="가람일보") == {
        "source": "daum", "publisher": "가람일보", "articles": 3, "pages": 4, "revisions": 2, "gone": 1,
    }  # fmt: skip
    assert of(report["publishers"], publisher=None)["articles"] == 1
    (source,) = report["sources"]
    assert source["outcomes"] == {"stored": 6, "revised": 2, "gone": 4}
    assert source["runs"] == {"healthy": 7}


def test_what_went_before_the_week_is_not_gone_in_it(engine: Engine, tmp_path: Path) -> None:
    (url,) = add_articles(engine, add_run(engine, MONDAY - 9 * DAY), MONDAY - 9 * DAY, 1)
    look(engine, url, MONDAY - DAY, "gone")
    look(engine, url, MONDAY + DAY, "failed")  # says nothing of the page
    look(engine, url, MONDAY + 2 * DAY, "gone")
    assert [one.gone for one in made(engine, tmp_path).publishers] == []


def test_the_publisher_of_another_name_of_a_page_is_the_pages(engine: Engine, tmp_path: Path) -> None:
    urls = add_articles(engine, add_run(engine, MONDAY - 9 * DAY), MONDAY - 9 * DAY, 1)
    publish(engine, urls, "가람일보")
    add_list(engine, add_run(engine, MONDAY), ["https://v.daum.net/v/alias"], MONDAY, outcome="revised")
    with writing(engine) as session:
        page = session.query(AddressRow).filter_by(url=urls[0]).one()
        session.query(AddressRow).filter_by(url="https://v.daum.net/v/alias").one().alias_of_id = page.id
    (one,) = made(engine, tmp_path).publishers
    assert (one.publisher, one.revisions) == ("가람일보", 1)


def test_a_run_over_the_weeks_edge_is_told_in_both(engine: Engine, tmp_path: Path) -> None:
    """Each outcome in the week in which it was; the run in that in which it began; the sums are whole."""
    run = add_run(engine, MONDAY - HOUR, verdict=None, mode="backfill")
    add_articles(engine, run, MONDAY - HOUR / 2, 3)
    add_articles(engine, run, MONDAY + HOUR, 4)
    add_capture(engine, run, MONDAY + HOUR, url="https://v.daum.net/v/1")
    with writing(engine) as session:
        session.get_one(RunRow, run).requests = None  # it goes on
    before, now = made(engine, tmp_path, Week.of(WEEK.monday - DAY)), made(engine, tmp_path)
    assert [one.outcomes["stored"] for one in (*before.sources, *now.sources)] == [3, 4]
    assert [dict(one.runs) for one in (*before.sources, *now.sources)] == [{"running": 1}, {}]
    assert [one.requests for one in (*before.sources, *now.sources)] == [1, 0]
    with writing(engine) as session:
        session.get_one(RunRow, run).finished_at = MONDAY + 20 * DAY
    assert [one.outcomes["stored"] for one in made(engine, tmp_path).sources] == [4]


# --- what is missing ------------------------------------------------------------------------------


def test_what_is_missing_is_told_with_its_reasons(engine: Engine, tmp_path: Path) -> None:
    run, urls = add_run(engine, MONDAY), [f"https://v.daum.net/v/{name}" for name in "abcd"]
    add_list(engine, run, urls, MONDAY, outcome="not_article")
    for place, url in enumerate(urls[:3]):
        said = f"host rests until 1{place}:05 (Retry-After of 3600 s, with 429)"
        look(engine, url, MONDAY + place * HOUR, "blocked", said)
    look(engine, urls[0], MONDAY + DAY, "stored")
    look(engine, urls[3], MONDAY + DAY, "quarantined", "no page class knows it")
    report = as_json(made(engine, tmp_path))
    assert report["addresses"] == [
        {
            "source": "daum",
            "outcome": "blocked",
            "reason": "host rests until ... (Retry-After of 3600 s, with 429)",
            "addresses": 3,
            "still": 2,
        },
        {
            "source": "daum",
            "outcome": "quarantined",
            "reason": "no page class knows it",
            "addresses": 1,
            "still": 1,
        },
    ]
    assert [gap["day"] for gap in report["gaps"]] == [f"2026-11-{day}" for day in range(16, 23)]
    assert report["gaps"][2]["why"] == ["nothing listed: no run on that day"]


def test_reasons_that_differ_in_an_address_are_one_and_one_alone_keeps_its_own(
    engine: Engine, tmp_path: Path
) -> None:
    run, urls = add_run(engine, MONDAY), [f"https://v.daum.net/v/{name}" for name in "abc"]
    add_list(engine, run, urls, MONDAY, outcome="not_article")
    for url in urls[:2]:
        look(engine, url, MONDAY + HOUR, "failed", f"redirected in a circle, to {url} for the third time")
    look(engine, urls[2], MONDAY + HOUR, "blocked", f"redirected to {urls[0]}")
    said = {row["reason"]: row["addresses"] for row in as_json(made(engine, tmp_path))["addresses"]}
    assert said == {
        "redirected in a circle, to ... for the third time": 2,
        f"redirected to {urls[0]}": 1,
    }


def test_a_thin_day_is_held_against_the_weeks_before(engine: Engine, tmp_path: Path) -> None:
    for week in range(1, 6):
        at = MONDAY - 7 * week * DAY + HOUR
        add_articles(engine, add_run(engine, at), at, 12)
    add_articles(engine, add_run(engine, MONDAY + HOUR), MONDAY + HOUR, 2)
    (gap,) = made(engine, tmp_path, now=MONDAY + DAY).gaps
    assert gap.reasons == ("2 listed, usually 12 on a Monday",)


def test_lists_and_slots_that_failed(engine: Engine, tmp_path: Path) -> None:
    for hour, visit in enumerate(["stored", "failed", "quarantined", "stored"]):
        run = add_run(engine, MONDAY + hour * HOUR)
        add_list(engine, run, [], MONDAY + hour * HOUR, visit=visit)
        add_list(engine, run, [], MONDAY + hour * HOUR, seed="https://news.daum.net/good")
    (one,) = made(engine, tmp_path).lists
    assert (one.seed, one.visits, one.unread, one.last, one.read_since) == (
        "https://news.daum.net/", 4, 2, "quarantined: seeded", True
    )  # fmt: skip
    planned = [
        PlannedSlot(due_at=MONDAY + hour * HOUR, origin="cron x", state=state, reason=reason)
        for hour, state, reason in (
            (-1, SlotState.MISSED, "last week"),
            (1, SlotState.MISSED, "the crawl could not begin at 10:01"),
            (2, SlotState.MISSED, "the crawl could not begin at 11:02"),
            (3, SlotState.DUE, None),
        )
    ]
    write_plan(engine, "daum", "latest", planned, NOW)
    (slots,) = made(engine, tmp_path).slots
    assert (slots.state, slots.slots, slots.reason) == ("missed", 2, "the crawl could not begin at ...")


def test_a_time_in_a_reason_makes_no_reason_of_its_own() -> None:
    assert timeless("the slot of 2026-11-18 06:00 was crawled") == "the slot of ... was crawled"
    assert timeless("answered 503") == "answered 503"


# --- fields ---------------------------------------------------------------------------------------


def keep(engine: Engine, at: datetime, page_class: str, articles: int, **filled: int) -> None:
    run = add_run(engine, at)
    count = TemplateCount()
    for place in range(articles):
        values = {name: "열두 글자 남짓인 제목이다" if place < n else None for name, n in filled.items()}
        count.add(f"https://v.daum.net/v/{place}", values, {})
    keep_statistic(engine, run, page_class, articles, count.as_json())


def test_fields_that_moved_are_told_and_steady_ones_are_not(engine: Engine, tmp_path: Path) -> None:
    for week in (1, 2, 3, 4):
        keep(engine, MONDAY - 7 * week * DAY, "daum/2022", 100, title=100, notice=90, subtitle=20)
        keep(engine, MONDAY - 7 * week * DAY, "list/feed", 50, list=50)
    keep(engine, MONDAY - 30 * DAY, "daum/2022", 500, title=0)  # too long ago
    keep(engine, MONDAY, "daum/2022", 60, title=60, notice=30, subtitle=12)
    keep(engine, MONDAY + DAY, "daum/2022", 40, title=40, notice=15, subtitle=9)
    keep(engine, MONDAY, "list/feed", 50, list=10)
    keep(engine, MONDAY, "daum/2026", 10, title=1)  # new: nothing to compare with
    keep(engine, MONDAY, "quarantine", 10, title=0)
    found = week_of_fields(engine, ["daum"], WEEK)
    assert [(one.page_class, one.field) for one in found.moved] == [
        ("daum/2022", "notice"),
        ("list/feed", "list"),
    ]
    text = as_text(made(engine, tmp_path))
    assert "daum: notice of daum/2022: in 45% (45 of 100), before 90% (360 of 400 in 4 weeks)" in text
    assert {one.page_class for one in found.rates} == {"daum/2022", "daum/2026", "list/feed"}


@pytest.mark.parametrize(
    ("articles", "filled", "articles_before", "filled_before", "moved"),
    [
        (100, 100, 400, 200, True),  # a rise is a change of the page as well
        (100, 96, 400, 400, False),  # four points
        (1, 0, 400, 400, False),  # one page is chance enough at 1 in 800, but no sign of a week
        (10, 0, 40, 40, False),  # too few before
        (0, 0, 400, 400, False),
        (10_000, 9_300, 40_000, 40_000, True),
    ],
)
def test_when_a_field_has_moved(
    articles: int, filled: int, articles_before: int, filled_before: int, moved: bool
) -> None:
    rate = FieldRate(
        source="daum",
        page_class="daum/2022",
        field="title",
        articles=articles,
        filled=filled,
        articles_before=articles_before,
        filled_before=filled_before,
    )
    assert rate.moved is moved


# --- hosts and text -------------------------------------------------------------------------------


def test_refusals_of_the_week_and_rests_of_now(engine: Engine, tmp_path: Path) -> None:
    run = add_run(engine, MONDAY)
    for second, status in enumerate([403, 429, 429, 200, 503, 404]):
        add_capture(engine, run, MONDAY + second * HOUR / 3600, url="https://V.daum.net/v/1", status=status)
    add_capture(engine, add_run(engine, MONDAY - DAY), MONDAY - DAY, url="https://v.daum.net/", status=403)
    with writing(engine) as session:
        for host in ("v.daum.net", "www.fnnews.com"):
            session.add(HostRow(name=host, next_turn_at=NOW))
        session.flush()
        begin(session.connection(), "v.daum.net", NOW - HOUR, 7200, "Retry-After of 7200 s, with 429")
        begin(session.connection(), "www.fnnews.com", NOW - HOUR, 60, "over by now")
    text = as_text(made(engine, tmp_path))
    assert "  v.daum.net: 4 refusals (1 x 403, 2 x 429, 1 x 503)\n" in text
    assert "v.daum.net rests now, until 2026-11-25 01:00: Retry-After of 7200 s, with 429" in text
    assert "fnnews" not in text


def test_the_text_says_how_much_it_leaves_out_and_breaks_no_line(engine: Engine, tmp_path: Path) -> None:
    run = add_run(engine, MONDAY)
    for place, url in enumerate(add_articles(engine, run, MONDAY, MOST + 3)):
        publish(engine, [url], f"신문\n  {place:02}\x1b[31m" if place == 0 else f"신문 {place:02}")
    lines = as_text(made(engine, tmp_path)).splitlines()
    assert "    and 3 publishers more (--format json names them)" in lines
    assert sum("신문" in line for line in lines) == MOST
    assert not any(line.startswith("  00") for line in lines)


def test_an_empty_archive_and_a_week_before_it_began(engine: Engine, tmp_path: Path) -> None:
    assert "The archive is empty: no run has ever begun.\n" in as_text(made(engine, tmp_path))
    add_articles(engine, add_run(engine, MONDAY + 8 * DAY), MONDAY + 8 * DAY, 1)
    text = as_text(made(engine, tmp_path))
    assert "The archive began later, on 2026-11-24: no crawl was made in this week.\n" in text
    assert "no run, no article" in text
    assert "nothing that is known of" in text


def test_a_week_that_is_not_over_says_so(engine: Engine, tmp_path: Path) -> None:
    text = as_text(made(engine, tmp_path, now=MONDAY + 2 * DAY))
    assert "The week is not over: this is what had come by 2026-11-18 00:00.\n" in text


# --- plans ----------------------------------------------------------------------------------------


ROWS = (
    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 5999) "
    "INSERT INTO address (source, url, state, first_seen_at, attempts, last_outcome) "
    "SELECT 'daum', 'https://v.daum.net/v/' || i, 'settled', (SELECT min(started_at) FROM run), 0, 'failed' "
    "FROM n",
    "INSERT INTO outcome (run_id, address_id, outcome, reason, at) "
    "SELECT run.id, address.id, 'failed', 'answered 503', run.started_at "
    "FROM address JOIN run ON run.id % 200 = address.id % 200 ORDER BY run.id",
    "INSERT INTO capture (address_id, run_id, url, fetched_at, http_status, payload_digest, payload_length, "
    "warc_file, warc_offset, warc_length) "
    "SELECT address.id, run.id, url, run.started_at, 503, 'sha1-A', 1, 'a.warc.gz', "
    "address.id + 10000 * run.id, 1 "
    "FROM address JOIN run ON run.id % 200 = address.id % 200 ORDER BY run.id",
)


def test_a_week_reads_the_rows_of_its_runs_alone(engine: Engine) -> None:
    """Four hundred runs of 400 days: no outcome or capture is found by reading all."""
    add_run(engine, MONDAY + 6 * DAY)
    with writing(engine) as session:
        said = {"source": "daum", "mode": "latest", "owner": "other/1/2", "settings": "{}", "requests": 1}
        for day in range(1, 400):
            at = MONDAY + (6 - day) * DAY
            session.add(RunRow(started_at=at, finished_at=at + HOUR, verdict="healthy", **said))
    with engine.begin() as connection:
        for statement in ROWS:
            connection.exec_driver_sql(
                statement.replace("%", "%%") if engine.driver == "psycopg" else statement
            )
        connection.exec_driver_sql("ANALYZE")
    with plans(engine) as told:
        (one,) = unread_addresses(engine, WEEK.span)
        (host,) = refusals_of(engine, WEEK.span)
        sources_of(engine, WEEK.span)
        publishers_of(engine, WEEK.span)
        unread_lists(engine, WEEK.span)
    assert (one.addresses, host.statuses[503]) == (7 * 30, 7 * 30)
    whole = [
        f"{kind} {table}" for kind in ("SCAN", "Seq Scan on") for table in ("outcome", "address", "capture")
    ]
    assert [plan for _, plan in told if any(word in plan for word in whole)] == []


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def newsarchive(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    return inside(tmp_path, database_url, monkeypatch, capsys)


def test_the_last_full_week_is_the_one_that_is_meant(
    newsarchive: Callable[..., Ended], database_url: str
) -> None:
    engine = open_database(database_url)
    add_articles(engine, add_run(engine, MONDAY + HOUR), MONDAY + HOUR, 2)
    engine.dispose()
    told = newsarchive("report", "--week", str(WEEK), "--format", "json")
    assert told.code == 0
    assert json.loads(told.out)["publishers"][0]["articles"] == 2
    begins = f"Week {WEEK}: Monday {WEEK.monday} to Sunday {WEEK.sunday} (Asia/Seoul)\n"
    assert newsarchive("report", "--week", str(WEEK.sunday)).out.startswith(begins)
    for now in (MONDAY + 7 * DAY, MONDAY + 14 * DAY - HOUR):  # its last hour is Sunday's, in Korea
        with time_machine.travel(now, tick=False):
            assert newsarchive("report", "--week").out.startswith(begins)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "say which report"),
        (("--week", "--politeness"), "say which report"),
        (("--week", "2025-W53"), "--week takes a week as 2026-W47, or a day in it"),
        (("--week", "2026-W00"), "--week takes"),
        (("--week", "W47"), "--week takes"),
        (("--week", "２０２６-W47"), "--week takes"),
        (("--week", "0001-W01"), "--week takes"),
        (("--week=",), "--week takes"),
        (("--week", "2199-W01"), "nothing of it has happened yet"),
        (("--week", "2026-W47", "--format", "csv"), "--format of --week is one of text, json"),
        (("--politeness", "--format", "text"), "--format of --politeness is one of table"),
        (("--politeness", "--send"), "--send goes with --week"),
        (("--week", "2026-W47", "--host", "v.daum.net"), "go with --politeness"),
        (("--week", "2026-W47", "--send"), "newsarchive.toml is not there"),
    ],
)
def test_wrong_words_are_one_sentence(
    tmp_path: Path,
    sqlite_url: str,
    words: tuple[str, ...],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = inside(tmp_path, sqlite_url, monkeypatch, capsys)("report", *words)
    assert (told.code, told.err.count("\n"), told.out) == (2, 1, "")
    assert said in told.err


def test_the_report_is_sent_to_every_target(
    tmp_path: Path,
    sqlite_url: str,
    listener: Listener,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = inside(tmp_path, sqlite_url, monkeypatch, capsys)
    (tmp_path / "newsarchive.toml").write_text("[alarms]\n")
    assert "names no alarms.targets" in run("report", "--week", "--send").err
    (tmp_path / "newsarchive.toml").write_text(f'[alarms]\ntargets = ["{listener.target}"]\n')
    told = run("report", "--week", "2026-W40", "--send")
    assert (told.code, told.out, told.err) == (0, "", "")
    assert listener.heard[0].startswith(
        "Week 2026-W40: Monday 2026-09-28 to Sunday 2026-10-04 (Asia/Seoul)\n"
    )
    listener.answer = 500
    told = run("report", "--week", "2026-W40", "--send")
    assert told.code == 1
    assert "could not be told" in told.err
    assert str(listener.server_port) not in told.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_reader_who_may_not_write_gets_the_report(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "archive.db").chmod(0o444)
    tmp_path.chmod(0o555)
    told = inside(tmp_path, sqlite_url, monkeypatch, capsys)("report", "--week")
    tmp_path.chmod(0o755)
    assert (told.code, told.out[:5]) == (0, "Week ")
