from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources import all_sources, source_of
from crawler.sources.base import Window
from crawler.sources.fnnews import SOURCE, address

SEEN = datetime(2026, 10, 9, tzinfo=UTC)
CANONICAL = "https://www.fnnews.com/news/202610090610286257"


@pytest.mark.parametrize(
    "printed",
    [
        CANONICAL,
        "http://www.fnnews.com/news/202610090610286257",
        "https://www.fnnews.com/news/202610090610286257/",
        "https://www.fnnews.com/news/202610090610286257?utm_source=x#top",
        "https://www.fnnews.com/ampNews/202610090610286257",
        "https://m.fnnews.com/news/202610090610286257",
        "https://fnnews.com/news/202610090610286257?pg=2",
    ],
)
def test_every_form_of_one_article(printed: str) -> None:
    found = address(printed)
    assert found is not None
    assert (found.url, found.site_id) == (CANONICAL, "202610090610286257")


@pytest.mark.parametrize("edition", ["busan", "en"])
def test_an_edition_is_an_address_of_its_own(edition: str) -> None:
    found = address(f"http://{edition}.fnnews.com/news/202610060900000001?x=1")
    assert found is not None
    assert found.url == f"https://{edition}.fnnews.com/news/202610060900000001"
    assert found.site_id == f"{edition}/202610060900000001"


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "https://www.fnnews.com/",
        "https://www.fnnews.com/newsflash",
        "https://www.fnnews.com/section/002003000",
        "https://www.fnnews.com/section/202610090610286257",
        "https://www.fnnews.com/news/20261009061028625",
        "https://www.fnnews.com/news/2026100906102862570",
        "https://www.fnnews.com/news/202610090610286257/print",
        "https://image.fnnews.com/resource/media/image/2026/10/09/202610090610286257_l.jpg",
        "https://www.fnnews.com.evil.example/news/202610090610286257",
        "https://evil.example/news/202610090610286257",
        "https://www.fnnews.com:8443/news/202610090610286257",
        "http://localhost/news/202610090610286257",
        "javascript:void(0)",
    ],
)
def test_what_is_no_article(printed: str) -> None:
    assert address(printed) is None


@given(st.text() | st.builds("https://www.fnnews.com/{}".format, st.text()))
def test_the_canonical_form_is_its_own(printed: str) -> None:
    found = address(printed)
    assert found is None or address(found.url) == found


def test_the_source_is_found_by_its_file_and_by_its_addresses() -> None:
    assert all_sources()["fnnews"] is SOURCE
    assert source_of("https://m.fnnews.com/news/202610090610286257") is SOURCE


def test_seeds() -> None:
    seeds = list(SOURCE.seeds(None))
    assert len({seed.url for seed in seeds}) == len(seeds) == 21
    assert {urlsplit(seed.url).netloc for seed in seeds} <= SOURCE.fetch_hosts
    assert seeds[0].url == "https://www.fnnews.com/rss/r20/fn_realnews_all.xml"
    past = list(SOURCE.seeds(Window(since=date(2026, 1, 1), until=date(2026, 1, 2))))
    assert [seed.url for seed in past[4:]] == [seed.url for seed in seeds]
    searches = [seed.url for seed in past[:4]]
    assert [url.count("searchDateS=2026-01-02&searchDateE=2026-01-02&") for url in searches] == [1, 1, 0, 0]
    assert {seed.grade for seed in past[:4]} == {"B 2025-12-08, its dates C"}


def test_each_seed_reads_its_own_kind_of_list() -> None:
    bodies = {
        "feed": f"<rss><item><title><![CDATA[가]]></title><link><![CDATA[{CANONICAL}]]></link></item></rss>",
        "listing": '<ul><li><div class="wrap_txt"><strong class="tit_thumb">'
        '<a href="/news/202610090610286257">가</a></strong>'
        '<span class="caption">2026.10.09 06:10</span></div></li></ul>',
    }
    for seed in SOURCE.seeds(None):
        listing = seed.parse(bodies[seed.kind].encode(), seed.url, SEEN)
        assert listing.recognised, seed.url
        (found,) = listing.discoveries
        assert (found.url, found.title_hint) == (CANONICAL, "가")
        assert found.time_raw == ("2026.10.09 06:10" if seed.kind == "listing" else None)
        home = seed.parse(b"<html><body><a href='/'>home</a></body></html>", "https://www.fnnews.com/", SEEN)
        assert not home.recognised
