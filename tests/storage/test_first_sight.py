"""A first sight is written as rows; the general writer, by objects, finds nothing to change in them."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Engine, select

from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.archive.appearances import assign, columns_of, write_parts
from storage.archive.articles import recompute
from storage.archive.groups import link_article
from storage.archive.revisions import revisions_of, write_revisions
from storage.archive.writer import Writer
from storage.database.opening import writing
from storage.models import AddressRow, AppearanceRow, ArticleRow, Base
from storage.records import Article, FetchSignals, Image, Instant, Person, Rights
from storage.search.index import index_article
from tests.storage.samples import BODY, NOON, Desk, daum_article, minutes, unlike

SEOUL = timezone(timedelta(hours=9))
PEOPLE = (
    Person(name="홍길동", role="기자", email="HONG@example.com", raw="홍길동 기자"),
    Person(name="김철수", email="hong@example.com", raw="김철수"),
    Person(name=None, organisation="시청", raw="시청"),
    Person(name="홍길동", raw="홍길동"),
)
ODD: dict[str, dict[str, Any]] = {
    "as usual": {},
    "no title": {"title": None},
    "a title of nothing but signs": {"title": "[단독] …"},
    "a title without end": {"title": "가나다 " * 2000},
    "what no database keeps": {"title": "가\x00나\ud83d다", "body": "라\x00마\ud83d\ude00바" + BODY},
    "no body": {"body": None},
    "an empty body": {"body": ""},
    "letters taken apart": {"body": "각 시립" + BODY},
    "nobody's": {"publisher": None, "bylines": PEOPLE},
    "one e-mail, two names": {"bylines": PEOPLE},
    "no time": {"published": None},
    "a time to the microsecond, in Seoul": {
        "published": Instant(
            at=NOON.astimezone(SEOUL) + timedelta(microseconds=7), precision="second", raw="x"
        ),
        "modified": Instant(at=NOON.astimezone(SEOUL), precision="day", raw="\ud83d"),
    },
    "pictures twice": {"images": (Image(url="https://a.example/1.jpg"),) * 2},
    "no rights, no pictures, no tags": {"rights": Rights(), "images": (), "tags": ()},
    "an original and two more addresses": {
        "original_url": "https://elsewhere.example/1",
        "declared": ("https://elsewhere.example/2", "https://elsewhere.example/2"),
        "aliases": ("https://m.fnnews.com/news/7", "https://m.fnnews.com/news/8"),
    },
}


@pytest.fixture
def desk(engine: Engine) -> Desk:
    desk = Desk(engine)
    desk.writer = Writer(engine, decide, LIKENESSES, reader=7)
    return desk


def _stored(desk: Desk, article: Article, at: float) -> tuple[Article, int]:
    source = article.source or ""
    address = desk.address(article.url, source, article.site_id)
    capture = desk.capture(article.url, minutes(at), address, source)
    desk.writer.store(
        article, run_id=desk.runs[source], address_id=address, capture_id=capture, seen_at=minutes(at)
    )
    return article, capture


def rows(desk: Desk) -> dict[str, list[Any]]:
    tables = (table for name, table in Base.metadata.tables.items() if name != "search_index")
    with desk.engine.connect() as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in tables}


def test_the_general_writer_would_have_written_the_same(desk: Desk) -> None:
    told = [_stored(desk, unlike(number, **odd), number) for number, odd in enumerate(ODD.values(), start=1)]
    told.append(_stored(desk, daum_article(body=unlike(1).body, title=unlike(1).title), 40))
    before = rows(desk)
    with writing(desk.engine) as session:
        for article, capture in told:
            shown = select(AppearanceRow).join(AddressRow, AddressRow.id == AppearanceRow.address_id)
            row = session.scalars(shown.where(AddressRow.url == article.url)).one()
            signals = FetchSignals(robots_allowed=True, robots_rule="allowed")
            assert assign(row, columns_of(session, article)) == []
            assert write_parts(session, row, article, signals) == []
            old = revisions_of(session, row.id)
            assert not write_revisions(session, row.id, old, article, row.first_seen_at, capture, 7)
            recompute(session, row.article_id, decide)
            assert not index_article(session, session.get_one(ArticleRow, row.article_id))
            assert link_article(session, row.article_id, NOON, LIKENESSES) == 0
    assert rows(desk) == before
    assert len(before["appearance"]) == len(told) == len(before["article"]) + 1


def test_a_first_sight_twice_is_a_first_sight_once(desk: Desk) -> None:
    article, _ = _stored(desk, unlike(1), 1)
    articles = rows(desk)["article"]
    _stored(desk, article, 2)
    assert rows(desk)["article"] == articles
