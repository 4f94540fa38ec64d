"""fnnews.com, the site of 파이낸셜뉴스. All facts are in docs/sites/fnnews.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from urllib.parse import quote

from crawler.discover.feed import parse_feed
from crawler.discover.listing import ListMarkup, parse_listing
from crawler.discover.search import parse_search
from crawler.normalise.url import canonical_url, parts_of
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
"""Slug of ``/rss/r20/fn_realnews_<slug>.xml`` -> section."""
MORE_FEEDS = {
    "finance": "금융",  # in a list of 2026 (C), as in that of 2019
    "industry": "산업",
    "it": "IT",
    "international": "국제",
    "politics": "정치",
    "society": "사회",
    "culture": "문화",
    "circulation": "생활경제",
    "sports": "스포츠",
    "edu": "교육",
    "people": "피플",
}
"""The rest of 2019's list; the site offers 19 feeds of the family (2026-08), not all of them seen by name."""
QUERIES = ("기자", "파이낸셜뉴스")
"""What the search of a day is asked for: words of nearly every signature and lead-in (our choice). A double
costs a place in a list, never an article."""
SEARCH_PAGES = 60
"""Pages followed of one query of one day: some 500 articles a day; how many a page holds is not known (our
choice). A list that goes on says so."""

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
    host, path, _ = parts_of(canonical_url(url) or "")
    match = _ARTICLE_PATH.fullmatch(path)
    if match is None:
        return None
    if host in MAIN_HOSTS:
        return Address(url=f"https://www.fnnews.com/news/{match[1]}", site_id=match[1])
    if host in EDITIONS:
        return Address(url=f"https://{host}/news/{match[1]}", site_id=f"{EDITIONS[host]}/{match[1]}")
    return None


def seeds(window: Window | None) -> Iterable[Seed]:
    """The newest: feeds, the newsflash, section lists. A backfill: the search of each day, the newest first.

    That the search goes by its days is not proven (2), so a backfill reads the newest lists as well, for
    what still stands in them.
    """
    newest = (*_feeds(), *_lists())
    return newest if window is None else (*_searches(window), *newest)


def _searches(window: Window) -> Iterator[Seed]:
    for day in window.days:
        for query in QUERIES:
            yield Seed(
                url=f"https://www.fnnews.com/search?page=1&searchDateS={day}&searchDateE={day}"
                f"&search_txt={quote(query)}",
                kind="search",
                parse=partial(parse_search, address=address, day=day),
                max_pages=SEARCH_PAGES,
                way="search by day",
                grade="B 2025-12-08, its dates C",
            )


def _feeds() -> Iterator[Seed]:
    for slug, section in FEEDS.items():
        yield _feed(slug, section)
    for slug, section in MORE_FEEDS.items():
        yield _feed(slug, section, way=f"feed {slug}", grade="C 2019")


def _feed(slug: str, section: str | None, *, way: str | None = None, grade: str | None = None) -> Seed:
    url = f"https://www.fnnews.com/rss/r20/fn_realnews_{slug}.xml"
    parse = partial(parse_feed, address=address)
    return Seed(url=url, kind="feed", parse=parse, section=section, way=way, grade=grade)


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
