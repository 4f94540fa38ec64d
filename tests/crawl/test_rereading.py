"""A reader with a bug, then a mended one, on a twin whose pages never look the same twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.reader import READER
from tests.crawl.seeding import fetch, seeded_stage
from tests.crawl.stage import Stage
from tests.crawl.test_revisions import stories
from twin import Twin


@pytest.fixture
def twin() -> Iterator[Twin]:
    with Twin(articles=160, scenario="restless") as server:
        yield server


@pytest.fixture
def stage(tmp_path: Path, twin: Twin, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return seeded_stage(tmp_path / "archive", twin, monkeypatch)


def test_a_mended_reader_forges_no_edit(stage: Stage, twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = stories(twin)[:6]
    monkeypatch.setenv("SEEDED_READER", "wrong")
    fetch(stage, twin, chosen)
    fetch(stage, twin, chosen)
    pages = sum(len(story.appearances) for story in chosen)
    assert len(stage.rows("SELECT * FROM changes WHERE body = 1")) == pages, "the bug was not there"
    monkeypatch.setenv("SEEDED_READER", "mended")
    edited = chosen[0]
    twin.edit(edited.story_id, "body")
    fetch(stage, twin, chosen)
    told = {
        row["url"]: (row["headline"], row["body"], row["notice"], row["byline"])
        for row in stage.rows("SELECT url, headline, body, notice, byline FROM changes")
    }
    assert told == {page.url: (0, 1, 0, 0) for page in edited.appearances}
    assert stage.rows("SELECT * FROM unclear_changes") == []
    assert {row["reader_before"] for row in stage.rows("SELECT reader_before FROM rereadings")} == {READER}
    assert len(stage.rows("SELECT DISTINCT url FROM rereadings")) == pages
    assert stage.outcomes(run=None)["revised"] >= len(edited.appearances)
    before = stage.kept()
    fetch(stage, twin, chosen)
    assert stage.kept() == before


@pytest.mark.proof
def test_a_capture_that_is_gone_makes_reader_or_site(
    stage: Stage, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = stories(twin)[:2]
    monkeypatch.setenv("SEEDED_READER", "wrong")
    fetch(stage, twin, chosen)
    for file in (stage.folder / "warc").glob("*.warc.gz"):
        file.unlink()
    monkeypatch.setenv("SEEDED_READER", "mended")
    fetch(stage, twin, chosen)
    assert stage.rows("SELECT * FROM changes") == []
    pages = {page.url for story in chosen for page in story.appearances}
    assert {row["url"] for row in stage.rows("SELECT url FROM unclear_changes")} == pages
