"""Near-duplicates in the archive: found, linked, grouped, in whatever order they come."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Engine, text

from crawler.deduplicate.fingerprint import fingerprint, resembles
from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.archive.fingerprints import COMMON, ensure, look_up, without_fingerprint
from storage.archive.groups import link_article, rebuild
from storage.archive.writer import Writer
from storage.database.opening import writing
from storage.likeness import Fingerprint
from storage.models import TextRow
from storage.records import Article, Dateline
from storage.search.index import unindex
from tests.quality.pairs.grammar import Story, facts, tell
from tests.storage.samples import NOON, Desk, daum_article, fnnews_article, instant, minutes

STORY = tell(random.Random(5), facts(random.Random(5)), 0, 8)
OTHER = tell(random.Random(6), facts(random.Random(6)), 1, 8)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    opened = Desk(engine)
    opened.writer = Writer(engine, decide, LIKENESSES)
    return opened


def printed(number: int, publisher: str, story: Story = STORY, **changes: Any) -> Article:
    """A page of one paper on the portal."""
    values: dict[str, Any] = {
        "url": f"https://v.daum.net/v/2026092712{number:07d}",
        "site_id": f"2026092712{number:07d}",
        "publisher": publisher,
        "title": story.title,
        "body": story.body,
        "published": instant(minutes(number)),
        "bylines": (),
    }
    return daum_article(**(values | changes))


def wire(number: int, publisher: str = "연합뉴스", **changes: Any) -> Article:
    body = f"(서울={publisher}) 홍길동 기자 = {STORY.body}"
    dateline = Dateline(place="서울", agency=publisher, raw=f"(서울={publisher})")
    return printed(number, publisher, body=body, dateline=dateline, **changes)


def cut(sentences: int) -> str:
    return "\n".join(STORY.sentences[:-sentences])


def links(desk: Desk) -> set[tuple[str, str, str, str | None]]:
    """Links as (publisher and title of either side in order, kind, wire)."""
    rows = desk.rows("SELECT publisher, title, other_publisher, other_title, kind, wire FROM near_duplicates")
    named = [(sorted([f"{row[0]}: {row[1]}", f"{row[2]}: {row[3]}"]), row[4], row[5]) for row in rows]
    return {(pair[0], pair[1], kind, wire) for pair, kind, wire in named}


def groups(desk: Desk) -> list[int]:
    """Sizes of the groups."""
    rows = desk.rows("SELECT duplicate_group, count(*) FROM duplicate_groups GROUP BY duplicate_group")
    return sorted(row[1] for row in rows)


def kinds(desk: Desk) -> list[str]:
    return [row[0] for row in desk.rows("SELECT DISTINCT kind FROM near_duplicates ORDER BY kind")]


def test_a_wire_story_and_its_reprint_are_linked_with_the_wire_named(desk: Desk) -> None:
    desk.store(wire(1))
    desk.store(printed(2, "가람신문", body=cut(3), title="다른 제목"))
    assert desk.rows("SELECT count(*) FROM article") == [(2,)]
    rows = desk.rows("SELECT kind, wire, score, duplicate_group FROM near_duplicates")
    assert [(row[0], row[1]) for row in rows] == [("syndication", "연합뉴스")]
    assert rows[0][2] >= 0.95
    assert desk.rows("SELECT DISTINCT duplicate_group FROM articles") == [(rows[0][3],)]


def test_a_second_edition_is_another_article_linked(desk: Desk) -> None:
    desk.store(printed(1, "가람신문", body=cut(4)))
    desk.store(printed(2, "가람신문", title=STORY.title + "(종합)"))
    assert desk.rows("SELECT count(*) FROM article") == [(2,)]
    assert kinds(desk) == ["second_edition"]


def test_three_papers_make_a_press_release(desk: Desk) -> None:
    desk.store(printed(1, "가람신문"))
    desk.store(printed(2, "미르경제", body=cut(1)))
    assert kinds(desk) == ["near_duplicate"]
    desk.store(printed(3, "누리타임스", body=cut(2)))
    assert kinds(desk) == ["press_release"]
    assert groups(desk) == [3]


def test_other_stories_are_not_linked(desk: Desk) -> None:
    desk.store(printed(1, "가람신문"))
    desk.store(printed(2, "미르경제", OTHER))
    desk.store(fnnews_article())
    assert links(desk) == set()
    assert groups(desk) == []


MAKERS: tuple[Callable[[], Article], ...] = (
    lambda: wire(1),
    lambda: printed(2, "가람신문", body=cut(2)),
    lambda: printed(3, "가람신문", title=STORY.title + "(종합)"),
    lambda: printed(4, "미르경제", body=cut(1), title="새 제목"),
    lambda: printed(5, "누리타임스", OTHER),
)


def test_the_order_of_arrival_does_not_matter(engine: Engine) -> None:
    """On one archive, emptied between the orders: every permutation of five pages."""
    desk = Desk(engine)
    desk.writer = Writer(engine, decide, LIKENESSES)
    seen = set()
    for order in list(permutations(range(len(MAKERS))))[::7]:
        for index in order:
            desk.store(MAKERS[index]())
        told = tuple(desk.rows("SELECT score, evidence FROM near_duplicates ORDER BY 1, 2"))
        seen.add((frozenset(links(desk)), tuple(groups(desk)), told))
        _empty(engine)
    assert len(seen) == 1
    found, sizes, _ = next(iter(seen))
    assert sizes == (4,)
    assert {kind for _, _, kind, _ in found} == {"syndication", "second_edition"}


def _empty(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(
            text("UPDATE article SET preferred_appearance_id = NULL, byline_appearance_id = NULL")
        )
        unindex(session, [row[0] for row in session.execute(text("SELECT id FROM article"))])
        for table in (
            "fingerprint_key", "article_link", "group_member", "fingerprint", "revision", "image", "byline",
            "appearance_rights", "declared_address", "appearance", "article", "text",
        ):  # fmt: skip
            if (engine.dialect.name, table) == ("postgresql", "fingerprint_key"):
                continue  # a view: they go with the fingerprints
            session.execute(text(f"DELETE FROM {table}"))


def test_storing_and_indexing_again_changes_nothing(desk: Desk) -> None:
    desk.store(wire(1))
    stored = desk.store(printed(2, "가람신문", body=cut(3)))
    before = _everything(desk)
    desk.store(printed(2, "가람신문", body=cut(3)))
    assert stored.article_id is not None
    with writing(desk.engine) as session:
        assert link_article(session, stored.article_id, NOON, LIKENESSES) == 0
    assert rebuild(desk.engine, NOON, LIKENESSES) == {"articles": 2, "links": 0}
    assert _everything(desk) == before


def _everything(desk: Desk) -> list[Any]:
    return [
        desk.rows(f"SELECT * FROM {table} ORDER BY 1, 2")
        for table in ("fingerprint", "fingerprint_key", "article_link", "group_member")
    ]


def test_an_archive_from_before_is_linked_by_rebuild(desk: Desk) -> None:
    desk.writer = Writer(desk.engine, decide)
    desk.store(wire(1))
    desk.store(printed(2, "가람신문", body=cut(3)))
    assert links(desk) == set()
    with writing(desk.engine) as session:
        assert len(without_fingerprint(session, 1, 10)) == 2
    told: list[tuple[int, int]] = []
    found = rebuild(desk.engine, NOON, LIKENESSES, lambda done, total: told.append((done, total)))
    assert found == {"articles": 2, "links": 1}
    assert told[-1] == (2, 2)
    assert kinds(desk) == ["syndication"]


def test_a_rebuild_goes_on_behind_each_piece(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.archive.groups.BATCH", 1)
    desk.store(wire(1))
    desk.store(printed(2, "가람신문", body=cut(3)))
    desk.store(printed(3, "나래신문", body=cut(4)))
    assert rebuild(desk.engine, NOON, LIKENESSES) == {"articles": 3, "links": 0}


def test_a_copy_with_another_headline_is_found_an_hour_later(desk: Desk) -> None:
    own = fnnews_article(body=STORY.body, title=STORY.title, publisher="파이낸셜뉴스")
    copy = daum_article(body=STORY.body, title="주민 기대 속 첫 삽", published=instant(minutes(70)))
    desk.store(own)
    desk.store(copy)
    assert desk.rows("SELECT count(*) FROM article") == [(1,)]
    assert desk.rows("SELECT appearances FROM articles") == [(2,)]


def test_articles_that_become_one_take_their_links_along(desk: Desk) -> None:
    desk.store(wire(1))
    desk.store(printed(2, "파이낸셜뉴스", body=cut(3)))
    own = fnnews_article(body="짧게 줄인 글.", title="고친 제목")
    desk.store(own)
    assert len(links(desk)) == 1
    # The portal's page now names the publisher's page, which has its headline, as its original: they are one.
    desk.store(printed(2, "파이낸셜뉴스", body=cut(3), original_url=own.url, title="고친 제목"), minutes(30))
    assert desk.rows("SELECT count(*) FROM article") == [(2,)]
    rows = desk.rows("SELECT kind, wire FROM near_duplicates")
    assert [tuple(row) for row in rows] == [("syndication", "연합뉴스")]
    assert groups(desk) == [2]


def test_an_edit_that_makes_it_a_reprint_links_it(desk: Desk) -> None:
    desk.store(wire(1))
    desk.store(printed(2, "가람신문", OTHER))
    assert links(desk) == set()
    desk.store(printed(2, "가람신문", body=cut(3)), minutes(60))
    assert kinds(desk) == ["syndication"]


def test_keys_with_three_hundred_postings_are_dropped(engine: Engine) -> None:
    common = fingerprint(STORY.body)
    with writing(engine) as session:
        for number in range(COMMON + 5):
            digest = f"{number:064d}"
            row = TextRow(digest=digest, body="")
            session.add(row)
            session.flush()
            # one key of its own, and one that everybody has
            made = Fingerprint(
                version=1,
                letters=common.letters,
                shingles=common.shingles,
                signature=common.signature,
                keys=(common.keys[0], 10_000 + number),
            )
            ensure(session, row.id, made, resembles)
        count = session.scalar(
            text("SELECT count(*) FROM fingerprint_key WHERE key = :key"), {"key": common.keys[0]}
        )
        assert count == COMMON
        assert look_up(session, common, resembles) == []
