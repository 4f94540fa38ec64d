"""The writer: idempotent, and the same whatever the order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from storage.archive.storing import NotStorable
from storage.database.opening import open_database
from storage.records import Article, Outcome, PageKind, Person, Rights
from storage.records.discovery import Discovery
from tests.storage.samples import (
    BODY,
    COUNTED,
    DAUM,
    DAUM_ALIAS,
    FNNEWS,
    NOON,
    Desk,
    daum_article,
    fnnews_article,
    instant,
    minutes,
    state,
)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


@pytest.fixture
def new_desk(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> Callable[[], Desk]:
    """Archives of their own, one after the other, in SQLite."""
    made = []

    def make() -> Desk:
        path = tmp_path / f"{len(made)}.db"
        path.write_bytes(sqlite_template.read_bytes())
        engine = open_database(f"sqlite:///{path}")
        made.append(engine)
        request.addfinalizer(engine.dispose)
        return Desk(engine)

    return make


def test_a_new_article_is_stored_whole(desk: Desk) -> None:
    stored = desk.store(fnnews_article())
    assert stored.outcome is Outcome.STORED
    found = state(desk)
    notice = "저작권자 ⓒ 파이낸셜뉴스, 무단전재-재배포 금지"
    (article,) = found["articles"]
    assert article[:7] == (
        FNNEWS,
        "파이낸셜뉴스",
        "시립 도서관, 이달부터 야간 개관",
        None,
        BODY,
        "사회",
        "ko",
    )
    assert article[7:] == ("2026-09-27T11:58:00+09:00", None, 1, "fnnews", notice, "파이낸셜뉴스")
    (byline,) = found["bylines"]
    assert byline[:4] == (FNNEWS, "파이낸셜뉴스", 1, "홍길동")
    assert byline[4:] == ("기자", "Hong@example.com", "홍길동 기자", "홍길동", "hong@example.com")
    assert found["rights"] == [(FNNEWS, notice, "파이낸셜뉴스", None, 1, 0, 1, "allowed")]
    assert desk.rows("SELECT url, caption, credit FROM image") == [
        ("https://image.example.com/1.jpg", "야간 개관", "도서관 제공")
    ]


def test_the_address_is_settled_in_the_same_transaction(desk: Desk) -> None:
    desk.store(fnnews_article())
    assert desk.rows(
        "SELECT state, last_outcome, attempts, lease_owner, etag FROM address WHERE url = :url", url=FNNEWS
    ) == [("settled", "stored", 0, None, '"1"')]
    assert desk.frontier.outcomes(desk.runs["fnnews"]) == {"stored": 1}
    assert desk.count("capture WHERE processed_at IS NULL") == 0


def test_the_same_call_twice_changes_nothing(desk: Desk) -> None:
    address = desk.address(FNNEWS, "fnnews")
    capture = desk.capture(FNNEWS, NOON, address, "fnnews")
    call = {"run_id": desk.runs["fnnews"], "address_id": address, "capture_id": capture, "seen_at": NOON}
    first = desk.writer.store(fnnews_article(), **call)
    before = state(desk), [desk.rows(f"SELECT * FROM {table}") for table in (*COUNTED, "outcome", "capture")]
    second = desk.writer.store(fnnews_article(), **call)
    after = state(desk), [desk.rows(f"SELECT * FROM {table}") for table in (*COUNTED, "outcome", "capture")]
    assert second == first
    assert after == before


def test_the_same_content_later_is_unchanged(desk: Desk) -> None:
    desk.store(fnnews_article())
    before = {table: desk.count(table) for table in COUNTED}
    assert desk.store(fnnews_article(), minutes(60)).outcome is Outcome.UNCHANGED
    assert {table: desk.count(table) for table in COUNTED} == before


def test_an_edit_is_a_revision_and_the_first_content_stays(desk: Desk) -> None:
    desk.store(fnnews_article())
    edited = BODY.replace("320석", "350석")
    assert desk.store(fnnews_article(body=edited), minutes(30)).outcome is Outcome.REVISED
    assert [(row[2], row[4], row[5]) for row in state(desk)["revisions"]] == [
        (BODY, "2026-09-27T12:00:00+09:00", "2026-09-27T12:30:00+09:00"),
        (edited, "2026-09-27T12:30:00+09:00", None),
    ]
    assert state(desk)["articles"][0][4] == edited


def test_an_edit_taken_back_is_a_third_revision_and_no_third_text(desk: Desk) -> None:
    for step, body in enumerate((BODY, BODY + "\n끝.", BODY)):
        desk.store(fnnews_article(body=body), minutes(step))
    assert desk.count("revision") == 3
    assert desk.count("text") == 2


def test_what_changes_beside_the_content_is_no_revision(desk: Desk) -> None:
    desk.store(fnnews_article())
    stored = desk.store(fnnews_article(section="전국", tags=()), minutes(5))
    assert stored.outcome is Outcome.UNCHANGED
    assert "section" in stored.reason
    assert desk.count("revision") == 1
    assert state(desk)["articles"][0][5] == "전국"


PORTAL = "https://news.nate.com/view/20260927n00001"


def daum_two(**changes: Any) -> Article:
    """The portal's second page of the story."""
    return daum_article(
        **{
            "url": DAUM[:-1] + "2",
            "site_id": "20260927120100002",
            "published": instant(minutes(6)),
            **changes,
        }
    )


CASES: dict[str, list[tuple[Article, datetime, str | None]]] = {
    "both sites, no link": [
        (fnnews_article(), minutes(0), None),
        (daum_article(), minutes(1), None),
    ],
    "linked, with other titles": [
        (fnnews_article(), minutes(0), None),
        (
            daum_article(original_url=FNNEWS, title="도서관 밤에도 연다", body="짧게 줄인 글."),
            minutes(1),
            None,
        ),
    ],
    "an edit on one of them": [
        (fnnews_article(), minutes(0), None),
        (fnnews_article(body=BODY.replace("320석", "350석")), minutes(20), None),
        (daum_article(), minutes(10), None),
        (daum_article(section="전국"), minutes(30), None),
    ],
    "an edit that the other copy never had": [
        (fnnews_article(), minutes(0), None),
        (fnnews_article(body="전혀 다른 글로 바뀌었다.", title="제목도 바뀌었다"), minutes(20), None),
        (daum_article(), minutes(10), None),
    ],
    "an alias and its address": [
        (daum_article(), minutes(0), DAUM_ALIAS),
        (daum_article(), minutes(0), None),
        (fnnews_article(), minutes(1), None),
    ],
    "an alias that the page itself names": [
        (daum_article(aliases=(DAUM_ALIAS,)), minutes(0), None),
        (daum_article(aliases=(DAUM_ALIAS,)), minutes(0), DAUM_ALIAS),
    ],
    "a copy that joins two others": [
        (fnnews_article(body="짧게 줄인 글."), minutes(0), None),
        (daum_article(original_url=FNNEWS), minutes(1), None),
        (daum_article(url=PORTAL, site_id="20260927n00001", title="도서관 밤에도 연다"), minutes(2), None),
    ],
    "one text under two numbers of the portal": [
        (daum_article(), minutes(0), None),
        (daum_two(), minutes(1), None),
        (fnnews_article(), minutes(2), None),
    ],
    "one text under two numbers of both": [
        (daum_article(), minutes(0), None),
        (daum_two(), minutes(1), None),
        (fnnews_article(), minutes(2), None),
        (
            fnnews_article(
                url=FNNEWS[:-1] + "2", site_id="202609271158000002", published=instant(minutes(4))
            ),
            minutes(3),
            None,
        ),
    ],
    "a declared address that nothing bears out": [
        (fnnews_article(), minutes(0), None),
        (daum_article(original_url=FNNEWS, title="다른 기사", body="전혀 다른 본문이다."), minutes(1), None),
        (daum_two(declared=(DAUM,), title="또 다른 기사", body="또 전혀 다른 본문이다."), minutes(2), None),
    ],
    "names only on the copy": [
        (fnnews_article(bylines=(), byline_line=None), minutes(0), None),
        (daum_article(), minutes(1), None),
    ],
    "one e-mail under two names": [
        (fnnews_article(), minutes(0), None),
        (
            fnnews_article(
                url=FNNEWS[:-1] + "2", title="다른 기사", body="다른 본문이다.",
                bylines=(Person(name="홍 길동", email="hong@example.com", raw="홍 길동"),),
            ),
            minutes(1),
            None,
        ),
        (
            fnnews_article(
                url=FNNEWS[:-1] + "3", title="또 다른 기사", body="또 다른 본문이다.",
                bylines=(Person(name="홍 길동", email="hong@example.com", raw="홍 길동"),),
            ),
            minutes(1),
            None,
        ),
    ],
    "two stories of one minute": [
        (fnnews_article(), minutes(0), None),
        (
            fnnews_article(url=FNNEWS[:-1] + "2", title="다른 기사", body="전혀 다른 본문이다."),
            minutes(0),
            None,
        ),
        (daum_article(), minutes(1), None),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_order_of_arrival_does_not_matter(name: str, new_desk: Callable[[], Desk]) -> None:
    states = []
    for order in permutations(CASES[name]):
        desk = new_desk()
        for article, at, fetched in order:
            desk.store(article, at, fetched)
        found = state(desk)
        del found["aliases"]  # which addresses were asked at all depends on the order; see below
        states.append((order, found))
    for order, found in states[1:]:
        assert found == states[0][1], [(article.url, at, fetched) for article, at, fetched in order]


@pytest.mark.parametrize("order", [0, 1])
def test_both_sites_give_one_article(desk: Desk, order: int) -> None:
    articles = [fnnews_article(), daum_article()]
    outcomes = [desk.store(article) for article in (articles[order], articles[1 - order])]
    assert [stored.outcome for stored in outcomes] == [Outcome.STORED, Outcome.STORED]
    assert "joined" in outcomes[1].reason
    assert outcomes[0].article_id == outcomes[1].article_id
    (article,) = state(desk)["articles"]
    assert article[0] == FNNEWS  # the publisher's own page speaks for the story
    assert article[9:11] == (2, "daum,fnnews")
    kept = desk.rows("SELECT url, match_rule, preferred FROM appearances ORDER BY url")
    assert kept == [(DAUM, "text", 0), (FNNEWS, None, 1)]


def test_a_declared_original_joins_what_text_would_not(desk: Desk) -> None:
    desk.store(daum_article(original_url=FNNEWS, body="짧게 줄인 글."))
    desk.store(fnnews_article())
    assert desk.count("article") == 1
    assert desk.rows("SELECT match_rule FROM appearances WHERE url = :url", url=DAUM) == [("original_url",)]


def test_a_copy_that_shows_two_articles_to_be_one_joins_them(desk: Desk) -> None:
    one, two, three = (case[0] for case in CASES["a copy that joins two others"])
    desk.store(one)
    desk.store(three)
    assert desk.count("article") == 2
    desk.store(two)
    assert desk.count("article") == 1
    assert state(desk)["articles"][0][9] == 3


@pytest.mark.parametrize("alias_first", [True, False])
def test_an_alias_is_the_same_appearance(desk: Desk, alias_first: bool) -> None:
    order = [DAUM_ALIAS, None] if alias_first else [None, DAUM_ALIAS]
    outcomes = [desk.store(daum_article(), fetched=url).outcome for url in order]
    assert outcomes == [Outcome.STORED, Outcome.UNCHANGED if alias_first else Outcome.DUPLICATE]
    assert state(desk)["aliases"] == [(DAUM_ALIAS, DAUM)]
    assert desk.count("appearance") == 1
    run = desk.runs["daum"]
    assert desk.frontier.listed(run) == sum(desk.frontier.outcomes(run).values()) == 2


def test_an_alias_once_known_is_listed_as_its_address(desk: Desk) -> None:
    desk.store(daum_article(aliases=(DAUM_ALIAS,)))
    second = Desk(desk.engine)
    named = [(Discovery(url=DAUM_ALIAS), None)]
    second.frontier.discover(second.runs["daum"], "daum", "somebody", named, NOON, ask=True)
    leased = second.frontier.lease(second.runs["daum"], "daum", second.owner, NOON, 60, 10)
    assert [address.url for address in leased] == [DAUM]


def test_an_alias_that_shows_newer_content_is_a_revision(desk: Desk) -> None:
    desk.store(daum_article())
    stored = desk.store(daum_article(title="바뀐 제목"), minutes(5), fetched=DAUM_ALIAS)
    assert stored.outcome is Outcome.REVISED


def test_a_page_cannot_make_another_article_its_alias(desk: Desk) -> None:
    desk.store(daum_article())
    desk.store(fnnews_article(aliases=(DAUM,)), minutes(1))
    assert state(desk)["aliases"] == []
    assert desk.count("appearance") == 2


def test_reporters_are_never_merged_on_a_name_alone(desk: Desk) -> None:
    people = (Person(name="홍길동", raw="홍길동"),)
    for number, publisher in enumerate(("가일보", "나일보", None)):
        desk.store(
            fnnews_article(
                url=f"{FNNEWS[:-1]}{number}", publisher=publisher, title=f"기사 {number}",
                body=f"본문 {number}", bylines=people,
            )
        )  # fmt: skip
    assert desk.rows("SELECT r.name, p.name FROM reporter r JOIN publisher p ON p.id = r.publisher_id") == [
        ("홍길동", "가일보"),
        ("홍길동", "나일보"),
    ]
    assert desk.rows("SELECT count(*) FROM byline WHERE reporter_id IS NULL") == [(1,)]


def test_a_late_capture_becomes_an_earlier_revision(desk: Desk) -> None:
    desk.store(fnnews_article(title="나중 제목"), minutes(10))
    assert desk.store(fnnews_article(title="처음 제목"), minutes(0)).outcome is Outcome.REVISED
    assert [(row[1], row[5]) for row in state(desk)["revisions"]] == [
        ("처음 제목", "2026-09-27T12:10:00+09:00"),
        ("나중 제목", None),
    ]
    assert state(desk)["articles"][0][2] == "나중 제목"


def test_a_late_capture_within_a_revision_leaves_both_halves_their_capture(desk: Desk) -> None:
    address = desk.address(FNNEWS, "fnnews")
    first, second, late = (desk.capture(FNNEWS, minutes(minute), address, "fnnews") for minute in (0, 20, 10))
    seen = [(first, 0, "제목"), (second, 20, "제목"), (late, 10, "사이의 제목")]
    for capture, minute, title in seen:
        call = {"run_id": desk.runs["fnnews"], "address_id": address, "capture_id": capture}
        desk.writer.store(fnnews_article(title=title), seen_at=minutes(minute), **call)
    assert desk.rows("SELECT title, capture_id FROM revision ORDER BY valid_from") == [
        ("제목", first),
        ("사이의 제목", late),
        ("제목", first),
    ]


FIRST_SHOWN = """
SELECT p.first_seen_at, p.capture_id, r.valid_from, r.last_seen_at, r.capture_id
FROM appearance p JOIN revision r ON r.appearance_id = p.id"""


@pytest.mark.parametrize("other", [None, DAUM_ALIAS], ids=["address", "alias"])
def test_two_looks_of_a_moment_are_stored_in_either_order(
    new_desk: Callable[[], Desk], other: str | None
) -> None:
    """The first look shows the page, whichever was read sooner: a rebuild takes them by their time."""
    told = []
    for order in ((0, 1), (1, 0)):
        desk = new_desk()
        urls = (other or DAUM, DAUM)
        ids = [desk.address(url, "daum") for url in urls]
        looks = [desk.capture(urls[n], minutes(n), ids[n], "daum") for n in (0, 1)]
        for n in order:
            call = {"run_id": desk.runs["daum"], "address_id": ids[n], "capture_id": looks[n]}
            outcome = desk.writer.store(daum_article(), seen_at=minutes(n), **call).outcome
        told.append(desk.rows(FIRST_SHOWN))
        late_alias = order == (1, 0) and other is not None
        assert outcome is (Outcome.DUPLICATE if late_alias else Outcome.UNCHANGED)
    assert told[0] == told[1]
    assert len(told[0]) == 1


def test_a_capture_read_anew_replaces_what_it_gave(desk: Desk) -> None:
    address = desk.address(FNNEWS, "fnnews")
    capture = desk.capture(FNNEWS, NOON, address, "fnnews")
    call = {"run_id": desk.runs["fnnews"], "address_id": address, "capture_id": capture}
    desk.writer.store(fnnews_article(title="잘못 읽은 제목"), seen_at=NOON, **call)
    stored = desk.writer.store(fnnews_article(), seen_at=minutes(99), **call)
    assert stored.outcome is Outcome.REVISED
    assert [row[1] for row in state(desk)["revisions"]] == ["시립 도서관, 이달부터 야간 개관"]


def test_everything_is_kept_whole_and_as_printed(desk: Desk) -> None:
    body = "각" * 70_000 + "\n" + "힣" * 70_000
    decomposed = "도서관"
    desk.store(
        fnnews_article(
            body=decomposed + body, title="제목 " * 2000, original_url="https://example.com/" + "x" * 9000,
            section="a\x00b", summary="가\ud800나",
        )
    )  # fmt: skip
    row = desk.rows("SELECT title, original_url, section, summary FROM appearance")[0]
    assert row == ("제목 " * 2000, "https://example.com/" + "x" * 9000, "a\ufffdb", "가\ufffd나")
    assert state(desk)["articles"][0][4] == "도서관" + body


def test_a_record_that_is_no_article_is_refused_and_nothing_is_written(desk: Desk) -> None:
    bad = (
        fnnews_article(kind=PageKind.GONE),
        fnnews_article(publisher="가" * 400),
        fnnews_article(url="https://www.fnnews.com/" + "9" * 3000),
    )
    address = desk.address(FNNEWS, "fnnews")
    for article in bad:
        with pytest.raises(NotStorable):
            desk.writer.store(article, run_id=desk.runs["fnnews"], address_id=address, seen_at=NOON)
    assert desk.count("appearance") == desk.count("outcome") == 0


def test_a_failure_in_the_middle_leaves_nothing(desk: Desk) -> None:
    address = desk.address(FNNEWS, "fnnews")

    def broken(*_: object) -> None:
        raise RuntimeError("the power is gone")

    desk.store(daum_article())
    desk.writer._placing._decide = broken  # type: ignore[assignment]
    before = state(desk)
    with pytest.raises(RuntimeError, match="power"):
        desk.writer.store(fnnews_article(), run_id=desk.runs["fnnews"], address_id=address, seen_at=NOON)
    assert state(desk) == before
    assert desk.frontier.pending(desk.runs["fnnews"]) == 1


def test_rights_come_from_page_and_fetch(desk: Desk) -> None:
    desk.store(fnnews_article(rights=Rights(robots_meta="noai", year=2026, no_ai_training=True)))
    assert state(desk)["rights"] == [(FNNEWS, None, None, 2026, None, 1, 1, "allowed")]


def test_an_article_with_almost_nothing_is_stored(desk: Desk) -> None:
    bare = replace(
        fnnews_article(), title=None, body=None, publisher=None, published=None, bylines=(), images=(),
        section=None, language=None, byline_line=None, rights=Rights(), tags=(), rules={},
    )  # fmt: skip
    assert desk.store(bare).outcome is Outcome.STORED
    assert state(desk)["articles"] == [
        (FNNEWS, None, None, None, None, None, None, None, None, 1, "fnnews", None, None)
    ]
    assert desk.store(replace(bare, url=FNNEWS + "9")).article_id != 1


def test_times_are_given_back_aware(desk: Desk) -> None:
    from sqlalchemy.orm import Session

    from storage.models import AppearanceRow

    seoul = datetime.fromisoformat("2026-01-01T00:30:00+09:00")
    desk.store(fnnews_article(published=instant(seoul)))
    with Session(desk.engine) as session:
        at = session.query(AppearanceRow.published_at).scalar()
    assert at == seoul
    assert at.utcoffset().total_seconds() == 0
