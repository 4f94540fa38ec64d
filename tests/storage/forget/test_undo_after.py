"""A sweep of re-readings is taken back after one of its pages was taken down."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.forget.planning import Place, plan
from storage.records import Rights
from tests.storage.forget.newsroom import take_down
from tests.storage.samples import BODY, FNNEWS, fnnews_article, minutes
from tests.storage.test_rereading import WITHOUT_NOTICE, Newsroom
from tests.storage.test_undo import everything, sweep, take_back

OTHER = FNNEWS.replace("1158", "1301")
TEXT = "\n".join(
    f"{number}층 열람실은 {number * 37}석이며 밤 {number + 6}시에 닫는다." for number in range(1, 9)
)


@pytest.mark.parametrize("gone", [FNNEWS, OTHER])
def test_the_other_page_comes_back_alone(engine: Engine, tmp_path: Path, gone: str) -> None:
    room = Newsroom(engine)
    bare = fnnews_article(url=OTHER, site_id="o", title="열람실 안내", body=TEXT, rights=Rights())
    room.look(WITHOUT_NOTICE, minutes(0))
    room.look(bare, minutes(5))
    kept = OTHER if gone == FNNEWS else FNNEWS
    before = of(everything(room), kept)
    room.becomes(2)
    mended = {
        room.captured[0]: fnnews_article(),
        room.captured[1]: fnnews_article(url=OTHER, site_id="o", title="열람실 안내", body=TEXT + "\n끝."),
    }
    sweep(room, mended)
    assert of(everything(room), kept) != before
    place = Place(engine=engine, folder=tmp_path, decide=decide, likenesses=LIKENESSES)
    found = plan(place, (gone,), all_appearances=True)
    assert found is not None
    take_down(place, found, gone, "판결", "desk", lambda _said: None)
    assert [one.left for one in take_back(room)] == [()]
    assert of(everything(room), kept) == before
    body = BODY if gone == FNNEWS else TEXT
    assert room.rows("SELECT 1 FROM text WHERE body LIKE :said", said=f"%{body[:30]}%") == []
    assert room.rows("SELECT url FROM appearances") == [(kept,)]


def of(said: tuple[object, ...], url: str) -> list[str]:
    """What is said of one page."""
    return sorted(repr(row) for rows in said[0].values() for row in rows if url in repr(row))  # type: ignore[attr-defined]
