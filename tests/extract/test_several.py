"""An article on several pages is noticed; what only looks like one is not."""

from __future__ import annotations

import pytest

from crawler.extract.several import goes_on
from tests.extract.pages import document

OWN = "https://www.a.kr/news/view.html?idxno=20417"
SLUG = "https://www.a.kr/2026/11/27/bridge/"


@pytest.mark.parametrize(
    ("url", "html"),
    [
        (OWN, "<a href='?idxno=20417&page=2'>2</a>"),
        (OWN, "<a href='/news/view.html?page=3&idxno=20417#top'>3</a>"),
        (OWN, f"<link rel='next' href='{OWN}&page=2'>"),
        (f"{OWN}&page=2", "<a href='?idxno=20417&page=3'>다음</a>"),
        (SLUG, f"<a href='{SLUG}2/'>2</a>"),
        (SLUG, f"<a class='post-page-numbers' href='{SLUG}page/2/'>2</a>"),
    ],
)
def test_an_article_that_goes_on_is_noticed(url: str, html: str) -> None:
    assert goes_on(document(f"<html><body><h1>다리</h1><div>글 {html}</div></body></html>", url))


@pytest.mark.parametrize(
    ("url", "html"),
    [
        (OWN, "<link rel='next' href='/news/view.html?idxno=20418'>"),
        (OWN, "<a href='?idxno=20418&page=2'>다음 기사</a>"),
        (OWN, "<a href='?idxno=20417&page=1'>처음</a><a href='?idxno=20417#comment'>댓글</a>"),
        (OWN, "<div class='comment_paging'><a href='?idxno=20417&page=2'>2</a></div>"),
        (OWN, "<nav><a href='?idxno=20417&page=2'>2</a></nav>"),
        (f"{OWN}&page=3", "<a href='?idxno=20417&page=2'>이전</a>"),
        ("https://www.a.kr/news/4", "<a href='/news/5'>다음</a><a href='/news/42'>다른 글</a>"),
        (SLUG, f"<a href='{SLUG}feed/'>RSS</a><a href='{SLUG}2026/'>해</a><a href='http://[2'>x</a>"),
        ("https://www.a.kr/", "<a href='/2'>2</a>"),
    ],
)
def test_what_has_pages_of_its_own_is_another(url: str, html: str) -> None:
    assert not goes_on(document(f"<html><body><h1>다리</h1><div>글 {html}</div></body></html>", url))
