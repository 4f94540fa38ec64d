"""The quick comparison of a block tells apart exactly what the page by page one does; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.archive.rereader import Page, Read, Rereader, _told
from storage.archive.rereading import read_again
from storage.archive.same_reading import SameReading, Shown
from storage.models import AppearanceRow
from storage.records import Article, Dateline, Image, Instant, PageKind, Person, Removal, Rights
from tests.storage.samples import FNNEWS, NOON, fnnews_article, minutes
from tests.storage.test_rereading import Newsroom

ONE = fnnews_article(
    declared=("https://paper.example/1",),
    dateline=Dateline(place="서울", agency="뉴스1", raw="(서울=뉴스1)"),
    modified=Instant(at=NOON, precision="minute", raw="12:00"),
    bylines=(
        Person(name="홍길동", role="기자", email="Hong@example.com", raw="홍길동 기자"),
        Person(name="백로운", raw="백로운"),
        Person(name=None, organisation="사진부", raw="사진부"),
    ),
)
PERSON, OTHER, HOUSE = ONE.bylines
DIFFERENT: dict[str, Article] = {
    "title": replace(ONE, title="다른 제목"),
    "a space in the title": replace(ONE, title=f"{ONE.title} "),
    "no subtitle": replace(ONE, subtitle="부제"),
    "body": replace(ONE, body=f"{ONE.body}\n한 줄 더."),
    "white space in the body": replace(ONE, body=str(ONE.body).replace("\n", "\n\n", 1)),
    "no body": replace(ONE, body=None),
    "section": replace(ONE, section=None),
    "tags": replace(ONE, tags=("개관", "도서관")),
    "language": replace(ONE, language="en"),
    "publisher": replace(ONE, publisher="가람일보"),
    "no publisher": replace(ONE, publisher=None),
    "published": replace(ONE, published=replace(ONE.published, at=NOON + timedelta(1))),  # type: ignore[type-var]
    "its raw words": replace(ONE, published=replace(ONE.published, raw="어제")),  # type: ignore[type-var]
    "modified": replace(ONE, modified=None),
    "dateline": replace(ONE, dateline=None),
    "byline line": replace(ONE, byline_line=None),
    "no people": replace(ONE, bylines=()),
    "people in another order": replace(ONE, bylines=(OTHER, PERSON, HOUSE)),
    "an e-mail": replace(ONE, bylines=(replace(PERSON, email="kim@example.com"), OTHER, HOUSE)),
    "a name": replace(ONE, bylines=(PERSON, replace(OTHER, name="백로훈"), HOUSE)),
    "a role": replace(ONE, bylines=(replace(PERSON, role=None), OTHER, HOUSE)),
    "notice": replace(ONE, rights=Rights()),
    "a flag": replace(ONE, rights=replace(ONE.rights, no_collection=None)),
    "robots meta": replace(ONE, rights=replace(ONE.rights, robots_meta="noarchive")),
    "images": replace(ONE, images=()),
    "a caption": replace(ONE, images=(Image(url=ONE.images[0].url),)),
    "declared": replace(ONE, declared=()),
    "original": replace(ONE, original_url="https://paper.example/2"),
    "summary": replace(ONE, summary="요약"),
    "syndicated": replace(ONE, syndicated=True),
    "page class": replace(ONE, extractor="fnnews/2030"),
    "rules": replace(ONE, rules={}),
    "its own address": replace(ONE, url=f"{FNNEWS}9"),
}
SAME: dict[str, Article] = {
    "the same": ONE,
    "what is not stored": replace(ONE, removed=(Removal(rule="ad", text="x"),), reason="why"),
    "no number of its own": replace(ONE, site_id=None),
    "upper case in the e-mail": replace(
        ONE, bylines=(replace(PERSON, email="Hong@example.com"), OTHER, HOUSE)
    ),
}


@pytest.fixture
def room(engine: Engine) -> Newsroom:
    room = Newsroom(engine)
    room.look(ONE, minutes(0))
    room.becomes(2)
    return room


def page_of(room: Newsroom) -> tuple[int, int]:
    ((appearance, address),) = room.rows("SELECT id, address_id FROM appearance")
    return appearance, address


def test_it_finds_what_the_page_by_page_comparison_finds(room: Newsroom) -> None:
    appearance, address = page_of(room)
    for name, article in (DIFFERENT | SAME).items():
        readings = {room.captured[0]: article}
        with Session(room.engine) as session:
            shown = Shown(appearance_id=appearance, address_id=address, url=FNNEWS, readings=readings)
            quick = SameReading(session, [shown], 2).same(shown)
            slow = read_again(session, session.get_one(AppearanceRow, appearance), readings, 2, NOON)
            session.rollback()
        assert slow.read
        assert (quick is None) == bool(slow.fields), (name, slow.fields)
        assert (quick is not None) == (name in SAME), name


def apply(room: Newsroom, article: Article, *, dry: bool = False) -> int:
    appearance, address = page_of(room)
    page = Page(id=appearance, address_id=address, url=FNNEWS, source="fnnews", captures=(room.captured[0],))
    read = Read(page=page, readings={room.captured[0]: article})
    (told,) = Rereader(room.engine, decide, LIKENESSES, 2).apply([read], "b", minutes(9), dry=dry)
    assert told.article_id is not None
    return len(told.differences)


def noted(room: Newsroom) -> list[tuple[object, ...]]:
    return room.rows(
        "SELECT revision_id IS NULL, capture_id, reader_before, reader_after, changed, batch FROM rereading "
        "ORDER BY id"
    )


def test_a_page_that_reads_as_before_is_noted_as_such(room: Newsroom) -> None:
    assert apply(room, ONE, dry=True) == 0
    assert noted(room) == []
    assert apply(room, ONE) == 0
    capture = room.captured[0]
    assert [tuple(row) for row in noted(room)] == [
        (0, capture, 1, 2, "{}", "b"),
        (1, capture, 1, 2, "{}", "b"),
    ]
    assert room.rows("SELECT reader FROM appearance UNION ALL SELECT reader FROM revision") == [(2,), (2,)]
    assert apply(room, ONE) == 0
    assert len(noted(room)) == 2, "what today's reader has read is not noted twice"


def test_a_page_with_a_history_or_that_was_put_back_is_looked_at_alone(room: Newsroom) -> None:
    appearance, address = page_of(room)
    shown = Shown(appearance_id=appearance, address_id=address, url=FNNEWS, readings={room.captured[0]: ONE})
    gone = replace(shown, readings={room.captured[0]: replace(ONE, kind=PageKind.NOT_ARTICLE)})
    unread = replace(shown, readings={})

    def same(one: Shown) -> bool:
        with Session(room.engine) as session:
            return SameReading(session, [one], 2).same(one) is not None

    assert [same(one) for one in (shown, gone, unread)] == [True, False, False]
    with room.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE appearance SET pinned_at = '2026-11-26 00:00:00+00'")
    assert not same(shown)
    with room.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE appearance SET pinned_at = NULL")
    room.becomes(1)
    room.look(replace(ONE, title="바뀐 제목"), minutes(30))
    assert not same(shown)


@pytest.mark.parametrize(
    ("part", "one", "other", "told"),
    [
        (
            "images",
            {"position": 1, "url": "https://img.example/1.jpg", "caption": "다리", "credit": "시청(KCC"},
            {"position": 1, "url": "https://img.example/1.jpg", "caption": "다리", "credit": "시청(KCC)"},
            ("image details", "시청(KCC", "시청(KCC)"),
        ),
        (
            "bylines",
            {"position": 1, "name": "김하늘", "organisation": None, "role": "기자", "raw": "김하늘 기자"},
            {"position": 1, "name": "김하늘", "organisation": None, "role": "특파원", "raw": "김하늘 기자"},
            ("byline details", "기자", "특파원"),
        ),
    ],
)
def test_a_difference_that_no_name_shows_is_told_by_what_differs(
    engine: Engine, part: str, one: dict[str, Any], other: dict[str, Any], told: tuple[str, str, str]
) -> None:
    with Session(engine) as session:
        (found,) = _told(session, part, [one], [other])
    assert found.field == told[0]
    assert found.before != found.after
    assert (told[1] in str(found.before), told[2] in str(found.after)) == (True, True)
