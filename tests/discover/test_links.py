"""Links as sites misprint them: what a reader would click is found, what another site is stays out."""

from __future__ import annotations

import pytest

from crawler.discover.links import ArticleAddress, Links, tidied
from crawler.sources import fnnews

ARTICLE = "https://www.fnnews.com/news/202611200900000001"


def found(href: str) -> str | None:
    return Links(fnnews.address, "https://www.fnnews.com/rss/r20/fn_realnews_all.xml").canonical(href)


@pytest.mark.parametrize(
    "href",
    [
        "https://www.fnnews.com//news/202611200900000001",
        "//www.fnnews.com//news/202611200900000001",
        "/news//202611200900000001",
        "https://www.fnnews.com/news/202611200900000001;jsessionid=A1B2",
        "https://www.fnnews.com/news/202611200900000001\u200b",
        "\ufeffhttps://www.fnnews.com/news/202611200900000001",
        "https://www.fnnews.com/news/202611200900000001%E2%80%8B",
        "https://www.fnnews.com/news/\xa0202611200900000001",
        "https://www.fnnews.com/news/202611200900000001.",
        "https://www.fnnews.com/news/202611200900000001).",
        "http:/www.fnnews.com/news/202611200900000001",
        "http:///www.fnnews.com/news/202611200900000001",
        "https//www.fnnews.com/news/202611200900000001",
        "www.fnnews.com/news/202611200900000001",
        "www.fnnews.com/news/202611200900000001?from=https://m.fnnews.com",
        "https://www.fnnews.com/\n      news/202611200900000001",
        f"<![CDATA[ {ARTICLE} ]]>",
        f"<a class='x' href='{ARTICLE}'>물길을 잇다</a>",
        "https%3A%2F%2Fwww.fnnews.com%2Fnews%2F202611200900000001",
    ],
)
def test_a_misprinted_link_is_found(href: str) -> None:
    assert found(href) == ARTICLE


@pytest.mark.parametrize(
    "href",
    [
        "https://evil.example//www.fnnews.com/news/202611200900000001",
        "evil.example.kr/www.fnnews.com/news/202611200900000001",
        "https://www.fnnews.com.evil.example/news/202611200900000001",
        "https://u:p@www.fnnews.com/news/202611200900000001",
        "javascript:go('/news/202611200900000001')",
        "/photo/;/news/202611200900000001",
        "<a href='https://evil.example/'>www.fnnews.com/news/202611200900000001</a>",
        "https%3A%2F%2Fevil.example%2Fhttps://www.fnnews.com/news/202611200900000001",
        "https:////",
        ";",
        "?",
        "\u200b",
    ],
)
def test_what_leads_elsewhere_stays_out(href: str) -> None:
    assert found(href) is None


@pytest.mark.parametrize("href", [ARTICLE, "/news/1?u=https://b//c;d", "../a", "#top", "mailto:a@b.kr"])
def test_a_good_link_is_as_it_was(href: str) -> None:
    assert tidied(href) == href


def test_a_rule_that_breaks_at_a_sound_link_is_no_broken_link() -> None:
    """It would lose the article without a word; a link that cannot be taken apart is passed over."""

    def odd(url: str) -> ArticleAddress | None:
        if url.endswith("/7"):
            raise ValueError("no number seven")
        return fnnews.address(url)

    links = Links(odd, "https://www.fnnews.com/")
    assert [links.canonical(href) for href in ("http://[::1/7", "http://www.fnnews.com:a/7")] == [None, None]
    with pytest.raises(ValueError, match="no number seven"):
        links.canonical("/news/7")
