"""What a draft takes for the addresses of a site's articles: of many systems, from one address each."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from crawler.normalise.url import canonical_url
from crawler.quality.address_form import pattern_of

SITES = [
    # the page of the draft, another article, what is none
    ("/the-new-library/", "/another-story-here/", "/about/"),
    ("/2026/11/27/하늘시-도서관/", "/2025/01/02/다른-글/", "/2026/11/27/"),
    ("/?p=12", "/?p=4711", "/?page_id=3"),
    ("/archives/3", "/archives/41234", "/archives/"),
    ("/view3.html", "/view12.html", "/index.html"),
    ("/2026/11/27/12345/", "/2025/01/02/999/", "/2025/01/"),
    ("/court/2026/11/27/ABQ7XKDJFH3LMN2OPQ/", "/court/2026/12/01/ZZQ7XKDJFH3LMN2OP1/", "/court/2026/12/01/"),
    ("/court/2026/11/27/ABQXKDJFHLMNOPQ/", "/court/2026/12/01/ZZQXKDJFHLMNOP/", "/court/list/"),
    ("/news/2026-11-27/news-001", "/news/2025-01-02/news-999", "/news/2025-01-02/"),
    (
        "/news/articleView.html?idxno=10312",
        "/news/articleView.html?idxno=99",
        "/news/articleList.html?page=2",
    ),
    ("/story/mayor-opens-library-12345", "/story/other-words-99912", "/story/other-words"),
    ("/story/plan-2026-opens", "/story/other-words", "/story/"),
    ("/view/?id=20261127-001", "/view/?id=20251127-002", "/view/"),
    ("/news/newsview.php?ncode=1065569123456789", "/news/newsview.php?ncode=1065569123456700", "/news/"),
    ("/article/AKR20261127001", "/article/AKR20250102999", "/article/"),
]


@pytest.mark.parametrize(("drafted", "other", "none"), SITES, ids=[site[0] for site in SITES])
def test_articles_of_the_site_are_known(drafted: str, other: str, none: str) -> None:
    forms = [form(path) for path in (drafted, other, none)]
    parts = urlsplit(forms[0])
    pattern = pattern_of(parts.path, parts.query) or ""
    assert [re.fullmatch(pattern, one) is not None for one in forms] == [True, True, False], pattern


def form(path: str) -> str:
    """Path and query as the draft compares them."""
    parts = urlsplit(canonical_url(f"https://www.hanbit.example{path}") or "")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@pytest.mark.parametrize("path", ["/", "/about/", "/welcome", "/news/society", ""])
def test_a_page_that_no_address_tells_apart_is_refused(path: str) -> None:
    assert pattern_of(path, "") is None
