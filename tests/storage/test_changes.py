"""Changes, presence, reporters, and the archive as it was known: views and WITH queries on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Engine

from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.archive.writer import Writer
from storage.frontier.runs import open_run
from storage.query.as_of import as_of, of_today
from storage.query.reader import run_select
from storage.records import Outcome, Person, Rights
from storage.records.runs import RunSettings, Settled
from storage.seoul import day_end
from tests.storage.samples import (
    BODY,
    DAUM,
    FNNEWS,
    NOON,
    Desk,
    daum_article,
    fnnews_article,
    instant,
    minutes,
)

QUIET_CORRECTIONS = "SELECT url, changed_at FROM changes WHERE quiet = 1"
"""As documented in docs/identity.md."""


@pytest.fixture
def desk(engine: Engine) -> Desk:
    opened = Desk(engine)
    opened.writer = Writer(engine, decide, LIKENESSES)
    return opened


def changes(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.rows("SELECT headline, body, notice, byline, quiet FROM changes ORDER BY changed_at")


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ({"title": "시립 도서관, 야간 개관 미뤄"}, (1, 0, 0, 0, 0)),
        ({"subtitle": "다음 달부터"}, (1, 0, 0, 0, 0)),
        ({"body": BODY + "\n덧붙인 문장이다."}, (0, 1, 0, 0, 1)),
        ({"body": BODY + "\n덧붙인 문장이다.", "modified": instant(minutes(50))}, (0, 1, 0, 0, 0)),
        ({"rights": Rights(notice="ⓒ 파이낸셜뉴스. AI 학습 금지", no_ai_training=True)}, (0, 0, 1, 0, 0)),
        ({"byline_line": "김철수 기자"}, (0, 0, 0, 1, 0)),
    ],
)
def test_kinds_of_change_are_told_apart(desk: Desk, edit: dict[str, Any], told: tuple[int, ...]) -> None:
    desk.store(fnnews_article())
    assert desk.store(fnnews_article(**edit), minutes(60)).outcome is Outcome.REVISED
    assert changes(desk) == [told]


@pytest.mark.parametrize(
    "edit",
    [
        {"body": BODY + " "},
        {"body": BODY.replace("\n", " \n")},
        {"body": BODY.replace("다고 ", "다고  ")},
        {"title": "시립 도서관,  이달부터 야간 개관 "},
    ],
)
def test_white_space_alone_is_no_revision(desk: Desk, edit: dict[str, Any]) -> None:
    desk.store(fnnews_article())
    assert desk.store(fnnews_article(**edit), minutes(60)).outcome is Outcome.UNCHANGED
    assert changes(desk) == []
    assert desk.count("revision") == 1


def test_quiet_corrections_are_found_by_one_query(desk: Desk) -> None:
    stamped = instant(minutes(5))
    desk.store(fnnews_article(modified=stamped))
    desk.store(fnnews_article(modified=stamped, body=BODY.replace("1,240", "1,420")), minutes(60))
    desk.store(daum_article(modified=stamped))
    desk.store(daum_article(modified=instant(minutes(70)), body=BODY.replace("320", "230")), minutes(90))
    assert desk.rows(QUIET_CORRECTIONS) == [(FNNEWS, "2026-09-27T13:00:00+09:00")]


def settle(desk: Desk, url: str, outcome: Outcome, at: datetime) -> None:
    """The end of an address in a run of its own."""
    run = open_run(desk.engine, "fnnews", "latest", desk.owner, at, RunSettings())
    address = desk.rows("SELECT id FROM address WHERE url = :url", url=url)[0][0]
    desk.frontier.settle(
        Settled(address_id=address, run_id=run, outcome=outcome, reason=f"it was {outcome.value}", at=at)
    )


def test_gone_and_returned_are_recorded_with_their_times(desk: Desk) -> None:
    desk.store(fnnews_article())
    settle(desk, FNNEWS, Outcome.UNCHANGED, minutes(10))
    settle(desk, FNNEWS, Outcome.GONE, minutes(20))
    settle(desk, FNNEWS, Outcome.GONE, minutes(30))
    settle(desk, FNNEWS, Outcome.FAILED, minutes(40))
    settle(desk, FNNEWS, Outcome.UNCHANGED, minutes(50))
    settle(desk, FNNEWS, Outcome.GONE, minutes(60))
    assert desk.rows("SELECT url, state, at FROM presence ORDER BY at") == [
        (FNNEWS, "gone", "2026-09-27T12:20:00+09:00"),
        (FNNEWS, "returned", "2026-09-27T12:50:00+09:00"),
        (FNNEWS, "gone", "2026-09-27T13:00:00+09:00"),
    ]
    assert desk.rows("SELECT body FROM articles") == [(BODY,)], "the last text stays"


def asked(desk: Desk, statement: str, at: datetime) -> list[tuple[Any, ...]]:
    url = desk.engine.url.render_as_string(hide_password=False)
    with run_select(url, as_of(statement, at, desk.engine.dialect.name)) as (_, rows):
        return [tuple(row) for row in rows]


def test_the_archive_as_it_was_known(desk: Desk) -> None:
    desk.store(daum_article(title="처음 제목"), minutes(10))
    desk.store(daum_article(title="고친 제목"), minutes(30))
    desk.store(fnnews_article(title="고친 제목"), minutes(60))
    question = "SELECT title, url, appearances, sources FROM articles"
    assert asked(desk, question, minutes(5)) == []
    assert asked(desk, question, minutes(20)) == [("처음 제목", DAUM, 1, "daum")]
    assert asked(desk, question, minutes(45)) == [("고친 제목", DAUM, 1, "daum")]
    assert asked(desk, question, minutes(90)) == [("고친 제목", FNNEWS, 2, "daum,fnnews")]
    assert asked(desk, "SELECT count(*) FROM revisions WHERE valid_to IS NULL", minutes(20)) == [(1,)]
    assert asked(desk, "SELECT preferred FROM appearances ORDER BY url", minutes(90)) == [(0,), (1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "WITH long AS (SELECT * FROM articles) SELECT count(*) FROM long",
        "-- a comment\nwith recursive n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3)\n"
        "SELECT count(*) FROM articles, n WHERE i = 1",
        "SELECT count(*) FROM appearances AS a JOIN articles USING (article_id)",
    ],
)
def test_statements_with_queries_of_their_own(desk: Desk, statement: str) -> None:
    desk.store(daum_article(), minutes(10))
    assert asked(desk, statement, minutes(5)) == [(0,)]
    assert asked(desk, statement, minutes(15)) == [(1,)]


@pytest.mark.parametrize("view", ["articles", "appearances", "revisions"])
def test_now_is_what_the_views_say(desk: Desk, view: str) -> None:
    """The queries have the views' columns, in their order, and today's answer."""
    desk.store(daum_article(), minutes(10))
    desk.store(daum_article(title="고친 제목"), minutes(30))
    desk.store(fnnews_article(modified=instant(minutes(20))), minutes(60))
    statement = f"SELECT * FROM {view} ORDER BY 1"
    assert asked(desk, statement, minutes(600)) == desk.rows(statement)
    with run_select(desk.engine.url.render_as_string(hide_password=False), statement) as (now, _):
        pass
    url = desk.engine.url.render_as_string(hide_password=False)
    with run_select(url, as_of(statement, NOON, desk.engine.dialect.name)) as (then, _):
        assert then == now


def test_a_day_ends_at_midnight_in_korea() -> None:
    assert day_end(date(2026, 9, 27)).astimezone(UTC) == datetime(2026, 9, 27, 14, 59, 59, 999999, tzinfo=UTC)
    with pytest.raises(ValueError, match="no zone"):
        as_of("SELECT 1", datetime(2026, 9, 27), "sqlite")  # noqa: DTZ001 (that is what is refused)
    shifted = datetime(2026, 9, 27, 21, tzinfo=timezone(timedelta(hours=9)))
    assert "'2026-09-27 12:00:00.000000'" in as_of("SELECT 1", shifted, "sqlite")


# --- reporters ----------------------------------------------------------------------------------

HONG = Person(name="홍길동", role="기자", raw="홍길동")
HONG_MAIL = Person(name="홍길동", role="기자", email="hong@example.com", raw="홍길동")
OTHER_MAIL = Person(name="홍길동", role="기자", email="gildong@example.com", raw="홍길동")


def credited(number: int, person: Person, publisher: str = "파이낸셜뉴스") -> Any:
    return daum_article(
        url=f"https://v.daum.net/v/2026092712{number:07d}",
        site_id=f"2026092712{number:07d}",
        publisher=publisher,
        title=f"{number}번째 소식",
        body=f"{number}번째 소식이다. " + "가나다라마바사"[number % 7] * 40,
        bylines=(person,),
    )


def reporters(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.rows("SELECT name, coalesce(email, ''), publishers, articles FROM reporters ORDER BY 1, 2, 3")


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 1, 3)])
def test_one_reporter_with_and_without_an_email(desk: Desk, order: tuple[int, ...]) -> None:
    pages = {1: credited(1, HONG), 2: credited(2, HONG_MAIL), 3: credited(3, HONG)}
    for number in order:
        desk.store(pages[number])
    assert reporters(desk) == [("홍길동", "hong@example.com", "파이낸셜뉴스", 3)]
    assert len(desk.rows("SELECT url FROM reporter_articles WHERE email = 'hong@example.com'")) == 3


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_two_emails_under_one_name_leave_the_third_alone(desk: Desk, order: tuple[int, ...]) -> None:
    pages = {1: credited(1, HONG), 2: credited(2, HONG_MAIL), 3: credited(3, OTHER_MAIL)}
    for number in order:
        desk.store(pages[number])
    assert [row[3] for row in reporters(desk)] == [1, 1, 1]


def test_nobody_is_joined_across_publishers_by_name(desk: Desk) -> None:
    desk.store(credited(1, HONG))
    desk.store(credited(2, HONG_MAIL, publisher="가람신문"))
    assert [row[3] for row in reporters(desk)] == [1, 1]


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1)])
def test_an_email_that_two_share_joins_nobody(desk: Desk, order: tuple[int, ...]) -> None:
    desk_mail = Person(name="김철수", role="기자", email="hong@example.com", raw="김철수")
    pages = {1: credited(1, HONG), 2: credited(2, HONG_MAIL), 3: credited(3, desk_mail)}
    for number in order:
        desk.store(pages[number])
    assert sorted(row[3] for row in reporters(desk)) == [1, 2]


def test_what_a_past_day_does_not_hold_for_is_named() -> None:
    assert of_today("SELECT publisher, count(*) FROM articles GROUP BY publisher -- FROM runs") == []
    assert of_today(
        "SELECT * FROM articles a JOIN bylines b ON b.article_id = a.article_id, 'from runs'"
    ) == ["bylines"]
    assert of_today('WITH x AS (SELECT * FROM "runs") SELECT * FROM x') == ["runs"]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("SELECT * FROM articles a, bylines b", ["bylines"]),
        ("SELECT 1 FROM main.articles JOIN revisions USING (url)", ["main.articles"]),
        ("SELECT 1 FROM ( (SELECT url FROM articles) x, [main] . `runs`)", ["main.runs"]),
        ('SELECT 1 FROM ONLY news.public."appearances"', ["news.public.appearances"]),
        ("SELECT a.appearances, publisher, a.articles FROM articles a WHERE f(x, appearances)", []),
    ],
)
def test_what_a_schema_or_a_comma_names_is_of_today_too(statement: str, named: list[str]) -> None:
    """``main.articles`` gave today's rows for a past day, without a word."""
    assert of_today(statement) == named
