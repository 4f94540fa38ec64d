"""Other stories in an ``article`` each: beside an article they are left out, a page of them is a list."""

from __future__ import annotations

import pytest

from crawler.extract.placeholders import is_placeholder
from crawler.extract.teasers import teasers
from storage.records import PageKind

from .pages import document, extraction

URL = "https://gasang.example/news/7"
STORY = (
    "<main><article><h1>물길을 다시 잇다</h1><div class='txt'>"
    + "".join(f"<p>{i}번째 구간의 물길은 주민들이 손으로 다시 이었다고 시가 밝혔다.</p>" for i in range(6))
    + "</div></article></main>"
)


def card(heading: str) -> str:
    lead = "책 10만 권이 새로 들어왔고 어린이 방이 두 배로 넓어졌다고 시가 밝혔다."
    return f"<article>{heading}<p>{lead}</p><b>나가람 기자</b></article>"


LINKED = '<h2><a href="/news/8">강변 도서관이 문을 열었다</a></h2>'


@pytest.mark.parametrize(
    ("heading", "count"),
    [
        (LINKED, 1),
        ('<a href="/news/8"><h3>강변 도서관이 문을 열었다</h3></a>', 1),
        ("<h2>강변 도서관이 문을 열었다</h2>", 0),
        ('<h2><a href="#top">강변 도서관이 문을 열었다</a></h2>', 0),
        ('<h2><a href="/news/8">물길을 다시 잇다</a></h2>', 0),
        ('<h1><a href="/news/8">강변 도서관이 문을 열었다</a></h1>', 0),
    ],
    ids=["link within", "link around", "no link", "its own place", "the page's title", "the page's heading"],
)
def test_a_teaser_has_a_headline_that_leads_elsewhere(heading: str, count: int) -> None:
    page = f"<html><body>{STORY}{card(heading)}</body></html>"
    assert len(teasers(document(page, URL))) == count


@pytest.mark.parametrize(
    ("link", "count"),
    [
        (
            "<a href='/news/8'><div><h4>강변 도서관이 문을 열었다</h4><p>{lead}</p></div></a>",
            1,
        ),
        ("<a href='https://shop.example/8'><h4>강변 도서관이 문을 열었다</h4><p>{lead}</p></a>", 0),
        ("<a href='/news/8'><h4>강변 도서관이 문을 열었다</h4></a><p>{lead}</p>", 0),
        ("<a href='/news/8'><p>{lead}</p></a>", 0),
    ],
    ids=["a card", "to another site", "a head over its text", "a linked paragraph"],
)
def test_a_link_with_a_headline_and_a_text_is_a_teaser(link: str, count: int) -> None:
    lead = "책 10만 권이 새로 들어왔고 어린이 방이 두 배로 넓어졌다고 시가 밝혔다."
    within = STORY.replace("</p>", f"</p>{link.format(lead=lead)}", 1)
    assert len(teasers(document(f"<html><body>{within}</body></html>", URL))) == count


def test_a_page_of_teasers_keeps_them() -> None:
    cards = "".join(card(LINKED.replace("8", str(i))) for i in range(20, 40))
    page = f"<html><head><title>가상신문</title></head><body><h1>가상신문</h1>{cards}</body></html>"
    assert teasers(document(page, URL)) == []
    assert extraction(page, None, URL).kind is PageKind.NOT_ARTICLE


def test_a_teaser_gives_no_reporter_and_no_text() -> None:
    page = f"<html><body>{card(LINKED)}{STORY}{card(LINKED)}</body></html>"
    found = extraction(page, None, URL)
    assert len(found.paragraphs) == 6
    assert found.byline_line is None
    assert "강변" not in "".join(found.paragraphs)


@pytest.mark.parametrize(("said", "is_one"), [("null", True), (" NaN ", True), ("none", False), ("", False)])
def test_a_placeholder_is_the_whole_value(said: str, *, is_one: bool) -> None:
    assert is_placeholder(said) is is_one


def test_a_placeholder_in_linked_data_is_no_value() -> None:
    data = '{"@type": "NewsArticle", "headline": "undefined", "author": {"name": "null"}}'
    page = f'<html><head><script type="application/ld+json">{data}</script></head><body>{STORY}</body></html>'
    found = extraction(page, None, URL)
    assert found.title is not None
    assert found.title.value == "물길을 다시 잇다"
    assert found.author_hints == ()


@pytest.mark.parametrize(
    ("mode", "kind"), [(' shadowrootmode="open"', PageKind.ARTICLE), ("", PageKind.QUARANTINED)]
)
def test_a_template_is_read_where_it_is_a_shadow_root(mode: str, kind: PageKind) -> None:
    """Browsers show that one; any other is there for scripts to copy."""
    head = '<meta property="og:type" content="article"><title>물길을 다시 잇다</title>'
    inside = STORY.replace("<div class='txt'>", f"<news-text><template{mode}><div class='txt'>")
    inside = inside.replace("</div>", "</div></template></news-text>")
    found = extraction(f"<html><head>{head}</head><body>{inside}</body></html>", None, URL)
    assert found.kind is kind
