"""Article pages of real size: the same articles, with what a portal has around them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from lxml import html

from crawler.sources import source_of
from crawler.stages import article_of
from storage.records import Article, CapturedPage
from twin.model import Appearance, Story
from twin.pages import article_reply
from twin.playing import LARGEST_KB, Playing
from twin.reply import Reply

KILOBYTES = 70
STORIES = 120


@cache
def _playing(scenario: str = "calm") -> Playing:
    return Playing(scenario, articles=STORIES, page_kb=KILOBYTES)


def _pages() -> Iterator[tuple[Story, Appearance]]:
    """One page of each template and character set, photos and videos among them."""
    seen = set()
    for story in _playing().world.edition.stories:
        for page in story.appearances:
            key = (page.template, page.charset, story.kind)
            if page.gone is None and key not in seen:
                seen.add(key)
                yield story, page


def _reply(story: Story, page: Appearance, kilobytes: float | None, *, amp: bool = False) -> Reply:
    return article_reply(story, page, {}, amp=amp, kilobytes=kilobytes)


def _read(page: Appearance, reply: Reply, url: str) -> Article:
    kind = reply.headers["Content-Type"]
    return article_of(CapturedPage(url=url, body=reply.body, content_type=kind), source_of(page.url))


def test_a_story_reads_the_same_on_a_small_page_and_on_a_large_one() -> None:
    pages = list(_pages())
    assert {page.charset for _, page in pages} == {"utf-8", "euc-kr", "utf-8 as euc-kr"}
    assert {story.kind for story, _ in pages} > {"article", "photo"}
    for story, page in pages:
        amp = page.site == "fnnews"
        for url, is_amp in [(page.url, False), *([(page.aliases[0], True)] if amp else [])]:
            small, large = (_reply(story, page, size, amp=is_amp) for size in (None, KILOBYTES))
            assert len(large.body) > 4 * len(small.body)
            assert _read(page, large, url) == _read(page, small, url), (url, page.template, page.charset)


def test_large_pages_have_the_shape_of_real_ones() -> None:
    """What saved pages of Korean outlets have for each 70 kB: see twin/surroundings.py."""
    for story, page in _pages():
        large = _reply(story, replace(page, charset="utf-8"), KILOBYTES)
        tree = html.fromstring(large.body)
        times = len(large.body) / 70_000
        scripts = sum(len((one.text or "").encode()) for one in tree.iter("script"))
        assert 0.8 <= times <= 1.2
        assert 50 <= len(tree.findall(".//a")) / times <= 260
        assert 460 <= sum(1 for _ in tree.iter()) / times <= 955
        assert 4_000 <= scripts / times <= 32_000


def test_a_large_page_changes_only_with_its_article() -> None:
    story, page = next(_pages())
    assert _reply(story, page, KILOBYTES).body == _reply(story, page, KILOBYTES).body
    touched = replace(page, title=f"{page.title} 2")
    before, after = (_reply(story, one, KILOBYTES).body for one in (page, touched))
    assert before != after


def test_a_page_that_is_as_large_already_stays_as_it_is() -> None:
    story, page = next(_pages())
    small = _reply(story, page, None).body
    assert _reply(story, page, 1).body == small


def test_the_twin_serves_large_pages_in_every_scenario() -> None:
    for scenario in ("calm", "restless"):
        playing = _playing(scenario)
        for story, page in _pages():
            path = f"/v/{page.site_id}" if page.site == "daum" else f"/news/{page.site_id}"
            host = "v.daum.net" if page.site == "daum" else "www.fnnews.com"
            reply = playing.world.answer(host, path, {}, {})
            if reply.status == 200 and not story.faults:
                assert len(reply.body) > 45_000, (scenario, page.url)


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.nan, math.inf, LARGEST_KB + 1.0])
def test_a_size_that_cannot_be_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="kB cannot be made"):
        Playing(articles=1, page_kb=wrong)
