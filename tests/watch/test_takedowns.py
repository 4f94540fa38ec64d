"""The doctor on takedowns."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from crawler.watch.findings import Level
from crawler.watch.takedowns import takedowns
from storage.clock import utc_now
from storage.database.opening import writing
from storage.models import TakedownRow
from storage.tombstones import FILE, Tombstone, Tombstones
from tests.watch.archive import add_articles, add_run


def test_what_it_says(engine: Engine, tmp_path: Path) -> None:
    assert list(takedowns(engine, tmp_path)) == []
    Tombstones(tmp_path).bury(Tombstone(id="1", at="2026-11-26", reason="r", by="b", addresses=("x",)))
    assert [one.level for one in takedowns(engine, tmp_path)] == [Level.OK]
    row = TakedownRow(
        tombstone="1", url="https://example.com/1", reason="r", by="b", begun_at=utc_now(), done="{}"
    )
    with writing(engine) as session:
        session.add(row)
    (begun,) = takedowns(engine, tmp_path)
    assert (begun.level, "https://example.com/1" in begun.said) == (Level.FAIL, True)
    (elsewhere, _) = takedowns(engine, tmp_path / "other")
    assert (elsewhere.level, FILE in (elsewhere.to_do or "")) == (Level.FAIL, True)
    (tmp_path / FILE).write_text("?")
    (unreadable,) = takedowns(engine, tmp_path)
    assert (unreadable.level, FILE in unreadable.said) == (Level.FAIL, True)


def test_an_article_that_a_backup_brought_back_is_a_failure(engine: Engine, tmp_path: Path) -> None:
    now = utc_now()
    came, never = add_articles(engine, add_run(engine, now), now, 1), "https://v.daum.net/v/99"
    stones = Tombstones(tmp_path)
    for number, urls in (("1", came), ("2", [never])):
        hashes = tuple(map(stones.address, urls))
        stones.bury(Tombstone(id=number, at="2026-11-26", reason="r", by="b", addresses=hashes))
    (back,) = takedowns(engine, tmp_path)
    assert (back.level, came[0] in back.said, never in back.said) == (Level.FAIL, True, False)
