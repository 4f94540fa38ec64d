"""What the end of a run reads of its articles: all of them, a batch at a time."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from storage.ledger import field_statistics
from storage.ledger.field_statistics import seen_articles
from storage.records import Image, Person
from tests.storage.samples import FNNEWS, Desk, fnnews_article, minutes


def test_every_article_of_a_run_is_seen_once_whatever_the_batch(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(engine)
    two = (Person(name="가", raw="가 기자"), Person(name="나", raw="나 기자"))
    for number in range(5):
        url = f"{FNNEWS[:-1]}{number}"
        images = tuple(Image(url=f"https://image.example.com/{number}-{one}.jpg") for one in range(number))
        article = fnnews_article(
            url=url, site_id=url[-18:], title=f"제목 {number}", bylines=two, images=images
        )
        desk.store(article, minutes(number))
    monkeypatch.setattr(field_statistics, "BATCH", 2)
    seen = list(seen_articles(engine, desk.runs["fnnews"]))
    assert [one.values["title"] for one in seen] == [f"제목 {number}" for number in range(5)]
    assert {one.values["bylines"] for one in seen} == {"가 기자, 나 기자"}
    assert [len((one.values["images"] or "").split()) for one in seen] == [0, 1, 2, 3, 4]
    assert all(one.values["body"] for one in seen)
