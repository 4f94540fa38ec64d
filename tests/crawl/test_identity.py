"""Every story of the twin is one article, whichever site is crawled first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crawl.conftest import stage_on
from tests.crawl.stage import Stage
from twin import Twin


def in_the_archive(stage: Stage) -> set[frozenset[str]]:
    """The addresses that show each article."""
    shown: dict[int, set[str]] = {}
    for row in stage.rows("SELECT article_id, url FROM appearances"):
        shown.setdefault(row["article_id"], set()).add(row["url"])
    return {frozenset(urls) for urls in shown.values()}


def in_truth(twin: Twin, stored: set[str]) -> set[frozenset[str]]:
    """The same as the newsroom knows it, of what is stored."""
    stories = (frozenset(page.url for page in story.appearances) & stored for story in twin.truth())
    return {urls for urls in stories if urls}


@pytest.mark.parametrize(
    "order", [("daum", "fnnews"), pytest.param(("fnnews", "daum"), marks=pytest.mark.proof)]
)
def test_a_story_on_two_sites_is_one_article(tmp_path: Path, order: tuple[str, ...]) -> None:
    """On a sixth of the edition; the whole of it is crawled in test_crawl.py."""
    with Twin(articles=60) as twin:
        stage = stage_on(tmp_path / "archive", twin.url)
        for source in order:
            done = stage.crawl(source, timeout=300)
            assert done.code in (0, 1), done.err[-2000:]
        check(stage, twin)


def check(stage: Stage, twin: Twin) -> None:
    stored = in_the_archive(stage)
    truth = in_truth(twin, {url for urls in stored for url in urls})
    assert stored == truth
    assert sum(len(urls) == 2 for urls in stored) >= 10
    both = [story for story in twin.truth() if frozenset(page.url for page in story.appearances) in stored]
    printed = {row["url"]: row["notice"] for row in stage.rows("SELECT url, notice FROM rights")}
    for story in both:
        for page in story.appearances:
            assert (printed[page.url] is None) == (page.notice is None), page.url
