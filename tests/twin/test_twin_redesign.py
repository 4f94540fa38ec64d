"""Redesigns of a part of a site: article pages alone, lists alone, the byline's markup alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from crawler.extract import extract_page
from crawler.sources import all_sources
from storage.records import CapturedPage
from storage.records.extraction import Extraction
from tests.twin.conftest import ask, stories
from twin import Appearance, Story, Twin

Make = Callable[..., Twin]
FEED = "https://www.fnnews.com/rss/r20/fn_realnews_all.xml"
HOME = "https://news.daum.net/home"


def calm_stories(twin: Twin) -> list[Story]:
    return [story for story in stories(twin) if not story.faults]


def read_page(twin: Twin, page: Appearance) -> Extraction:
    """The page as our extractor reads it, whatever validators the reader holds."""
    answer = ask(twin, page.url)
    assert answer.status == 200
    captured = CapturedPage(
        url=page.url,
        body=answer.body,
        content_type=answer.headers["content-type"],
        captured_at=twin.now,
    )
    return extract_page(captured, all_sources()[page.site])


def test_a_part_of_a_site_can_be_redesigned(make_twin: Make) -> None:
    twin = make_twin()
    story = next(story for story in calm_stories(twin) if len(story.appearances) == 2)
    daum, own = story.on("daum"), story.on("fnnews")
    assert daum is not None
    assert own is not None
    home, page = ask(twin, HOME).text, ask(twin, own.url)
    twin.redesign("daum", "pages")
    assert ask(twin, HOME).text == home
    assert "article_view" not in ask(twin, daum.url).text
    assert b"<item>" in ask(twin, FEED).body
    twin.redesign("fnnews", "lists")
    assert b"<item>" not in ask(twin, FEED).body
    assert ask(twin, own.url).body == page.body
    assert ask(twin, own.url, {"If-None-Match": page.headers["etag"]}).status == 304
    twin.redesign("daum", "lists")
    assert not re.search(r'href="[^"]*/v/', ask(twin, HOME).text)
    with pytest.raises(ValueError, match="There is no part"):
        twin.redesign("daum", "logo")


def test_the_byline_alone_can_be_redesigned(make_twin: Make) -> None:
    twin = make_twin()
    pages = [page for story in calm_stories(twin) for page in story.appearances if page.byline_line]
    before = {page.url: read_page(twin, page) for page in pages}
    tag = ask(twin, pages[0].url).headers["etag"]
    twin.redesign("daum", "byline")
    twin.redesign("fnnews", "byline")
    assert ask(twin, pages[0].url, {"If-None-Match": tag}).status == 200
    for page in pages:
        assert before[page.url].byline_line is not None
        after = read_page(twin, page)
        # A signature without its class is an ordinary paragraph: the same text by another way. The box of
        # the 2021 template goes with the writer's address in it.
        assert after == replace(
            before[page.url], byline_line=None, body_rule=after.body_rule, author_hints=after.author_hints
        )
    assert {page.template for page in pages} >= {"daum/2026", "fnnews/2026", "fnnews/2022"}


def test_a_part_can_be_redesigned_over_http(make_twin: Make) -> None:
    twin = make_twin(articles=60)
    control = f"{twin.url}/__twin__/redesign"
    before = ask(twin, HOME).body
    assert ask(twin, f"{control}?site=daum&part=byline", method="POST").status == 200
    assert ask(twin, HOME).body == before
    assert ask(twin, f"{control}?site=daum&part=logo", method="POST").status == 400
    assert ask(twin, f"{control}?site=daum", method="POST").status == 200
    assert ask(twin, HOME).body != before
