"""Rows that do not agree with each other are named, mended where that can be, and not found again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from crawler.deduplicate.match import decide
from crawler.run.end import RunFacts, conclude
from crawler.run.plan import RunPlan
from crawler.sources import all_sources, spellings
from crawler.verdict.run_verdict import Tally
from storage.archive.texts import text_digest
from storage.database.opening import open_database
from storage.ledger.run_ends import Unended
from storage.ledger.unshown import count_unshown, unshown_of_run
from storage.operations import rows
from storage.operations.problems import Problem
from storage.records import Outcome, RunMode, Verdict
from storage.search.index import unindexed
from storage.tombstones import Tombstones
from tests.storage.samples import DAUM, NOON, Desk, daum_article, fnnews_article, minutes


@pytest.fixture
def desk(engine: Engine) -> Desk:
    desk = Desk(engine)
    desk.store(fnnews_article())
    desk.store(daum_article(), minutes(5))
    other = "https://v.daum.net/v/20260927120100777"
    story = "항만 공사가 새 부두를 짓는다고 27일 밝혔다."
    desk.store(daum_article(url=other, site_id="20260927120100777", title="다른 소식", body=story))
    return desk


def look(engine: Engine, *, repair: bool = False) -> list[Problem]:
    return [
        *rows.orphans(engine, repair=repair),
        *rows.parts(engine),
        *rows.outcomes(engine),
        *rows.preferred(engine, decide, repair=repair),
        *rows.index(engine, repair=repair),
    ]


def test_a_sound_archive_has_nothing(desk: Desk) -> None:
    assert look(desk.engine) == []
    assert list(rows.texts(desk.engine)) == []


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("UPDATE article SET title = '바뀐 제목' WHERE id = 1", "preferred appearances"),
        (
            "UPDATE article SET preferred_appearance_id = "
            "(SELECT max(id) FROM appearance WHERE article_id = 1) WHERE id = 1",
            "preferred appearances",
        ),
        ("UPDATE article SET preferred_appearance_id = NULL", "preferred appearances"),
        ("UPDATE article SET published_at = NULL WHERE id = 1", "preferred appearances"),
        ("DELETE FROM search_entry WHERE article_id = 1", "search index"),
        ("UPDATE search_entry SET title = '없는 제목' WHERE article_id = 1", "search index"),
        ("UPDATE search_entry SET id = id + 7 WHERE article_id = 1", "search index"),
    ],
)
def test_what_follows_from_other_rows_is_made_anew(desk: Desk, damage: str, check: str) -> None:
    with desk.engine.begin() as connection:
        connection.execute(text(damage))
    assert {one.check for one in look(desk.engine)} >= {check}
    assert all(one.mended for one in look(desk.engine, repair=True))
    assert look(desk.engine) == []
    assert unindexed(desk.engine) == 0


def test_a_text_that_was_changed_is_found(desk: Desk) -> None:
    digest, body = desk.rows(
        "SELECT digest, body FROM text WHERE id = (SELECT text_id FROM article WHERE id = 1)"
    )[0]
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE text SET body = body || '.' WHERE digest = :d"), {"d": digest})
    assert [found for found, _ in rows.texts(desk.engine)] == [bytes(digest).hex()] == [text_digest(body)]


def test_a_healthy_run_without_an_outcome_is_found(desk: Desk) -> None:
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE run SET verdict = 'healthy'"))
        connection.execute(text("DELETE FROM outcome WHERE address_id = 1"))
    (one,) = look(desk.engine)
    assert (one.check, "1 addresses that it listed" in one.what) == ("outcomes", True)


@pytest.mark.parametrize(
    ("damage", "told", "mends"),
    [
        ("INSERT INTO byline (appearance_id, position, raw) VALUES (999, 1, 'x')", "of byline", True),
        ("INSERT INTO image (appearance_id, position, url) VALUES (999, 1, 'x')", "of image", True),
        ("INSERT INTO fingerprint_key (key, fingerprint_id) VALUES (1, 999)", "of fingerprint_key", True),
        ("INSERT INTO group_member (article_id, group_id) VALUES (999, 999)", "of group_member", True),
        ("DELETE FROM capture WHERE id = 1", "capture_id names no capture", False),
        (
            "DELETE FROM text WHERE id = (SELECT text_id FROM article WHERE id = 1)",
            "names no text",
            False,
        ),
        ("DELETE FROM revision WHERE appearance_id = 1", "appearances without a revision", False),
        ("DELETE FROM appearance WHERE article_id = 2", "articles that no appearance shows", False),
    ],
)
def test_rows_that_refer_to_nothing(sqlite_url: str, damage: str, told: str, mends: bool) -> None:
    """On SQLite alone: PostgreSQL refuses them whoever writes."""
    engine = open_database(sqlite_url)
    desk = Desk(engine)
    desk.store(fnnews_article())
    desk.store(daum_article(title="다른 소식", body="항만 공사가 새 부두를 짓는다고 27일 밝혔다."))
    with closing(sqlite3.connect(str(engine.url.database))) as other, other:
        other.execute(damage)
    found = [one for one in look(engine) if told in one.what]
    assert found, look(engine)
    again = [one.mended for one in look(engine, repair=True) if told in one.what]
    assert again == [mends] * len(found)
    if mends:
        assert look(engine) == []
    engine.dispose()


GONE = (
    "UPDATE article SET preferred_appearance_id = NULL, byline_appearance_id = NULL",
    *(f"DELETE FROM {name}" for name in ("byline", "image", "appearance_rights", "declared_address")),
    *(f"DELETE FROM {name}" for name in ("rereading", "revision", "appearance", "search_entry")),
    *(f"DELETE FROM {name}" for name in ("article_link", "group_member", "article")),
)
"""As TRUNCATE article CASCADE does: captures and outcomes stay."""


def emptied(desk: Desk) -> None:
    with desk.engine.begin() as connection:
        for statement in GONE:
            connection.execute(text(statement))


def test_articles_that_were_deleted_by_hand_are_asked_for_again(desk: Desk, tmp_path: Path) -> None:
    """verify found nothing, the pages were known, and nobody ever asked for them again."""
    stones = Tombstones(tmp_path)
    run = desk.runs["daum"]
    assert list(rows.vanished(desk.engine, stones, spellings, repair=False)) == []
    assert (count_unshown(desk.engine, spellings), unshown_of_run(desk.engine, run, spellings)) == (0, 0)
    emptied(desk)
    assert (count_unshown(desk.engine, spellings), unshown_of_run(desk.engine, run, spellings)) == (3, 2)
    found = list(rows.vanished(desk.engine, stones, spellings, repair=True))
    assert [one.check for one in found] == ["vanished articles"] * 3
    assert all(one.mended for one in found)
    assert list(rows.vanished(desk.engine, stones, spellings, repair=False)) == []
    left = desk.rows("SELECT DISTINCT state, last_outcome, etag FROM address")
    assert left == [("pending", None, None)]
    desk.store(fnnews_article(), minutes(9))
    assert desk.count("article") == 1


def test_other_names_of_a_stored_page_have_not_vanished(desk: Desk) -> None:
    alias = "https://v.daum.net/v/jvTmrluST6"
    desk.store(daum_article(), minutes(6), fetched=alias)  # by what its page says
    assert count_unshown(desk.engine, spellings) == 0


@pytest.mark.parametrize("led_to", ["", "?from=app", "#top"])
def test_a_number_that_leads_to_another_has_not_vanished(desk: Desk, led_to: str) -> None:
    """A redirect names the stored page in any form; runs were degraded, and verify asked in vain for ever."""
    article, number = fnnews_article(), "202609270000000001"
    moved = desk.address(f"https://www.fnnews.com/news/{number}", "fnnews", number)
    run, at = desk.runs["fnnews"], minutes(6)
    capture = desk.capture(article.url + led_to, at, moved, "fnnews")
    ended = desk.writer.store(article, run_id=run, address_id=moved, capture_id=capture, seen_at=at)
    assert ended.outcome is Outcome.DUPLICATE
    assert (count_unshown(desk.engine, spellings), unshown_of_run(desk.engine, run, spellings)) == (0, 0)
    emptied(desk)
    assert unshown_of_run(desk.engine, run, spellings) == 2


def test_a_run_asks_its_own_rows_alone(desk: Desk) -> None:
    with desk.engine.begin() as connection:
        connection.execute(text("DELETE FROM outcome"))
    emptied(desk)
    assert unshown_of_run(desk.engine, desk.runs["daum"], spellings) == 0


def test_a_run_whose_articles_are_deleted_before_it_ends_is_not_healthy(desk: Desk) -> None:
    plan = RunPlan(source=all_sources()["daum"], mode=RunMode.FETCH, urls=(DAUM,))
    facts = RunFacts(
        run_id=desk.runs["daum"],
        started_at=NOON,
        counts={"stored": 2},
        listed=2,
        unended=Unended(),
        finished=True,
        limited=False,
    )
    before = conclude(desk.engine, plan, Tally(), facts).ending
    emptied(desk)
    after = conclude(desk.engine, plan, Tally(), facts).ending
    lost = "2 articles of this run are not in the archive any more"
    assert (before.verdict, after.verdict) == (Verdict.HEALTHY, Verdict.DEGRADED)
    assert (lost in before.reason, lost in after.reason) == (False, True)
