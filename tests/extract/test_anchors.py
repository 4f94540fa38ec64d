"""Links that nobody closed, with paragraphs of the article behind them."""

from __future__ import annotations

import pytest

from crawler.extract.anchors import close_links
from crawler.extract.markup import counted
from crawler.stages import article_of
from storage.records import CapturedPage

SAYS = "다리를 새로 놓는다. 공사는 봄에 시작된다."


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        (f'<a href="/x"><p>{SAYS}</p>', f'<a href="/x"></a><p>{SAYS}</p>'),
        (f'<A HREF="/x">자료<br>{SAYS}', f'<A HREF="/x">자료</a><br>{SAYS}'),
        (f'<article><a href="/x"><p>{SAYS}</article>', f'<article><a href="/x"></a><p>{SAYS}</article>'),
        (
            f'<p><a name="1"></p><p>{SAYS}<a href="/2">2</a>',
            f'<p><a name="1"></a></p><p>{SAYS}<a href="/2">2</a>',
        ),
        # As they are: closed ones, a card of a headline, what stands in a script or a comment.
        (f'<a href="/x"><p>{SAYS}</p></a>', None),
        (f'<a href="/x"><p>다리를 새로 놓는다</p><a href="/2">{SAYS}</a>', None),
        (f"<script>'<a >' + '<p>{SAYS}'</script>", None),
        (f"<!-- <a ><p>{SAYS} -->", None),
        (f"<abbr>{SAYS}<p>{SAYS}", None),
    ],
)
def test_they_are_closed_where_sentences_stand_in_them(text: str, closed: str | None) -> None:
    assert close_links(text, counted(text)) == (text if closed is None else closed)


@pytest.mark.parametrize(
    "hostile",
    ["<a ><p>" * 20_000, "<script " * 20_000 + "<a >", "<a ><!--" * 20_000, "<a ><p>" + "<" * 60_000],
)
def test_what_is_made_to_be_slow_ends_and_nothing_is_lost(hostile: str) -> None:
    """Of patterns that look for an end from every beginning, minutes."""
    assert close_links(hostile, counted(hostile)) == hostile


@pytest.mark.parametrize(
    "opened", ['<a href="/x">', '<p><a href="/x"><img src="/i.jpg"><br>', '<a href="/x">자료<br>']
)
@pytest.mark.parametrize(
    "body", ["<div>{}</div>", "<article>{}</article>", '<div id="article-body">{}</div>']
)
def test_no_paragraph_is_lost_behind_one(opened: str, body: str) -> None:
    said = [
        f"{what} {SAYS} 시장이 10일 그렇게 밝혔다."
        for what in ("가람시가", "시의회가", "주민들이", "이웃한 군이")
    ]
    text = opened + "".join(f"<p>{one}</p>" for one in said)
    page = (
        "<html><head><title>가람시 다리 새로 놓는다</title><meta property='og:type' content='article'>"
        f"</head><body><h1>가람시 다리 새로 놓는다</h1>{body.format(text)}</body></html>"
    )
    url = "https://www.hanbit.example/news/1"
    article = article_of(
        CapturedPage(url=url, body=page.encode(), content_type="text/html; charset=utf-8"), None
    )
    assert [one for one in said if one not in (article.body or "")] == []
