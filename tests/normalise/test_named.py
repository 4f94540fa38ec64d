"""What pages name as their own address: another spelling of it, or anything."""

from __future__ import annotations

import pytest

from crawler.normalise.named import told_apart
from crawler.sources import all_sources

PAGE = "https://news.example.kr/view/1"
DAUM = "https://v.daum.net/v/20261120120100123"
FNNEWS = "https://www.fnnews.com/news/202611201156301234"


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        (PAGE, None),
        ("https://news.example.kr/view/1?utm_source=x", None),
        ("HTTPS://NEWS.example.kr:443/view/1#top", None),
        ("http://news.example.kr/view/1", "own"),
        ("https://m.news.example.kr/view/1/", "own"),
        ("https://news.example.kr/", "declared"),
        ("https://news.example.kr", "declared"),
        ("https://m.news.example.kr/", "declared"),
        ("https://news.example.kr/politics", "declared"),
        ("https://news.example.kr/view/2", "declared"),
        ("https://news.example.kr/view/1?page=2", "declared"),
        ("https://news.example.kr/amp/view/1", "declared"),
        ("https://news.example.kr/print/1", "declared"),
        ("https://other.example/view/1", "declared"),
        ("https://news.example.kr/login?next=/view/1", "declared"),
        ("", None),
        (" ", None),
        ("null", None),
        ("/", None),
        ("view/1", None),
        ("javascript:void(0)", None),
        ("https://user:secret@news.example.kr/view/1", None),
        ("https://[::1", None),
    ],
)
def test_of_an_unknown_site_only_another_spelling_is_the_page(named: str, kind: str | None) -> None:
    found = told_apart(PAGE, None, [named], None)
    assert ("own" if found.own else "declared" if found.declared else None) == kind


@pytest.mark.parametrize(
    ("source", "url", "site_id", "named", "kind"),
    [
        ("daum", DAUM, "20261120120100123", "https://v.daum.net/v/jvTmrluST6", "own"),
        ("daum", DAUM, "20261120120100123", "https://v.daum.net/v/20261120120100999", "declared"),
        ("daum", DAUM, "20261120120100123", "https://news.daum.net/home", "declared"),
        (
            "fnnews",
            FNNEWS,
            "202611201156301234",
            "https://www.fnnews.com/news/202611201156309999",
            "declared",
        ),
        ("fnnews", FNNEWS, "202611201156301234", "http://m.fnnews.com/ampNews/202611201156301234", "own"),
        ("fnnews", FNNEWS, "202611201156301234", "https://www.fnnews.com/", "declared"),
    ],
)
def test_of_a_known_site_its_number_counts(
    source: str, url: str, site_id: str, named: str, kind: str
) -> None:
    found = told_apart(url, site_id, [named], all_sources()[source])
    assert ("own" if found.own else "declared") == kind
