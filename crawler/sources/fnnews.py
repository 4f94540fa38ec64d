"""fnnews.com, the site of 파이낸셜뉴스. All facts are in docs/sites/fnnews.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from urllib.parse import urlsplit

from crawler.discover.feed import parse_feed
from crawler.discover.listing import ListMarkup, parse_listing
from crawler.normalise.url import canonical_url
from crawler.sources.base import Address, Expectation, Seed, Source, Window
from crawler.sources.fnnews_pages import PAGES

MAIN_HOSTS = frozenset({"www.fnnews.com", "m.fnnews.com", "fnnews.com"})
"""Hosts that show the same article under the same id."""
EDITIONS = {"busan.fnnews.com": "busan", "en.fnnews.com": "en"}
"""Hosts of editions: en has ids of its own (docs section 1), and busan is no alias there either.
So an edition's address stays what it is; where it shows a www article, text and title join the two."""

# 18 digits: the moment of creation and four more.
_ARTICLE_PATH = re.compile(r"/(?:news|ampNews)/([0-9]{18})/?")

FEEDS: dict[str, str | None] = {
    "all": None,  # 372 items, A 2026-08-20
    "economy": "경제",  # B 2026, as the two that follow
    "stock": "증권",
    "realestate": "부동산",
}
"""Slug of ``/rss/r20/fn_realnews_<slug>.xml`` -> section. The rest of 2019's list (finance, industry, it,
international, politics, society, culture, sports, edu, people) is not proven in this folder; all of it is
in ``all``."""

SECTION_LISTS = {
    "001001000": "정치",
    "002001002002": "금융·증권",
    "002003000": "부동산",
    "002004002005": "산업·IT",
    "005000000": "라이프",
}
"""Code of ``/section/<code>`` -> section, those that the probe of 2026-02 names (section 1)."""

LISTS = ListMarkup(
    proof=frozenset({"secNo1", "art_flash_wrap"}), titles=("tit_thumb",), infos=("caption", "date")
)
"""Two generations of parsers disagree about the lists' markup (section 2), so any article proves one too."""


def address(url: str) -> Address | None:
    """The one address of an fnnews article: www, mobile, AMP and http give the same.

    >>> address("http://m.fnnews.com/ampNews/202301061750448978").url
    'https://www.fnnews.com/news/202301061750448978'
    >>> address("https://en.fnnews.com/news/202610060900000001").site_id
    'en/202610060900000001'
    >>> address("https://www.fnnews.com/section/002003000") is None
    True
    """
    canonical = canonical_url(url)
    parts = urlsplit(canonical or "")
    match = _ARTICLE_PATH.fullmatch(parts.path)
    if match is None:
        return None
    if parts.netloc in MAIN_HOSTS:
        return Address(url=f"https://www.fnnews.com/news/{match[1]}", site_id=match[1])
    if parts.netloc in EDITIONS:
        return Address(
            url=f"https://{parts.netloc}/news/{match[1]}", site_id=f"{EDITIONS[parts.netloc]}/{match[1]}"
        )
    return None


def seeds(window: Window | None) -> Iterable[Seed]:
    """Feeds, the newsflash, section lists: the newest only.

    No list of fnnews.com by date is proven (2), so a backfill gets the same seeds: what still stands in
    them is found, older days come in as Daum's copies.
    """
    return (*_feeds(), *_lists())


def _feeds() -> Iterator[Seed]:
    for slug, section in FEEDS.items():
        url = f"https://www.fnnews.com/rss/r20/fn_realnews_{slug}.xml"
        yield Seed(url=url, kind="feed", parse=partial(parse_feed, address=address), section=section)


def _lists() -> Iterator[Seed]:
    yield _list("https://www.fnnews.com/newsflash", None)
    for code, section in SECTION_LISTS.items():
        yield _list(f"https://www.fnnews.com/section/{code}", section)


def _list(url: str, section: str | None) -> Seed:
    parse = partial(parse_listing, address=address, markup=LISTS, seed_url=url)
    return Seed(url=url, kind="listing", parse=parse, section=section)


SOURCE = Source(
    name="fnnews",
    title="파이낸셜뉴스",
    homepage="https://www.fnnews.com/",
    hosts=MAIN_HOSTS | EDITIONS.keys(),
    fetch_hosts=MAIN_HOSTS | EDITIONS.keys(),
    address=address,
    seeds=seeds,
    pages=PAGES,
    expectation=Expectation(
        # The feed of all sections held 372 items on 2026-08-20 (section 2); a tenth of that is our choice.
        min_listed=37,
        # Our choice: hardly anything here is not an article; photo stories are.
        min_articles_share=0.9,
        # Our choice: a redesign shows in the first run, a single odd page does not.
        max_quarantined_share=0.05,
        min_fill={
            "title": 0.99,
            "published": 0.99,
            # A photo story has none; 9 in 10 is our choice, a redesign leaves 0 in 10.
            "body": 0.9,
            # Of four rendered pages (section 3) three have a byline; half is what a broken rule cannot reach.
            "bylines": 0.5,
        },
    ),
    publisher="파이낸셜뉴스",
)
